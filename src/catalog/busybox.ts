import { programFile, SyntheticContent, type Timespec } from '../spec/index.ts';
import type { AppletPaths } from './alpine.ts';
import { seedOf } from './file-content.ts';
import { RootfsTree } from './tree.ts';

/** busybox:latest (glibc): every applet a hard link of /bin/busybox's neighbours, as the real image has them. */
export function busyboxRootfs(mtime: Timespec, applets: AppletPaths): RootfsTree {
  const tree = new RootfsTree(mtime);
  for (const path of [
    'bin',
    'dev',
    'etc',
    'etc/network',
    'home',
    'lib',
    'usr',
    'usr/bin',
    'usr/sbin',
    'var',
    'var/spool',
    'var/spool/mail',
    'var/www',
  ])
    tree.directory(path);
  tree.directory('root', 0o700).directory('tmp', 0o1777).directory('usr/lib');
  tree.file('bin/busybox', programFile('busybox', 1_139_656, seedOf('busybox:glibc')), 0o755);
  const names = new Set(applets.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  for (const name of names) if (name !== 'busybox') tree.hardlink(`bin/${name}`, 'bin/busybox');
  tree.symlink('usr/bin/env', '../../bin/env').symlink('lib64', 'lib');
  const libraries: [string, number][] = [
    ['lib/ld-linux-x86-64.so.2', 210_968],
    ['lib/libc.so.6', 1_926_256],
    ['lib/libm.so.6', 907_784],
    ['lib/libnss_compat.so.2', 39_824],
    ['lib/libnss_dns.so.2', 14_352],
    ['lib/libnss_files.so.2', 14_352],
    ['lib/libpthread.so.0', 14_480],
    ['lib/libresolv.so.2', 60_328],
  ];
  for (const [path, size] of libraries) tree.file(path, new SyntheticContent(size, seedOf(path)), 0o755);
  tree.file(
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  tree.file(
    'etc/group',
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmail:x:8:\nkmem:x:9:\nwheel:x:10:root\ncdrom:x:11:\ndialout:x:18:\nfloppy:x:19:\nvideo:x:28:\naudio:x:29:\ntape:x:32:\nwww-data:x:33:\noperator:x:37:\nutmp:x:43:\nplugdev:x:46:\nstaff:x:50:\nlock:x:54:\nnetdev:x:82:\nusers:x:100:\nnobody:x:65534:\n',
  );
  tree.file('etc/shadow', 'root:::0:99999:7:::\ndaemon:*:::::::\nnobody:*:::::::\n', 0o640);
  tree.file('etc/nsswitch.conf', '# /etc/nsswitch.conf\nhosts: files dns\n').file('etc/localtime', 'TZif2\nUTC0\n');
  return tree;
}
