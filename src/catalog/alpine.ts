import { foreignProgramFile, programFile, SyntheticContent, type Timespec } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

/** Where a BusyBox system has its applets: path without a leading slash. Told by whoever knows the userland. */
export type AppletPaths = readonly string[];

/** Packages of the image, with version and installed bytes: facts of the real image. */
const packages = (version: string): [name: string, version: string, size: number, description: string][] => [
  ['alpine-baselayout', '3.6.5-r0', 331776, 'Alpine base dir structure and init scripts'],
  ['alpine-baselayout-data', '3.6.5-r0', 77824, 'Alpine base dir structure and init scripts'],
  ['alpine-keys', '2.4-r1', 159744, 'Public keys for Alpine Linux packages'],
  ['alpine-release', `${version}-r0`, 24576, 'Alpine release data'],
  ['apk-tools', '2.14.4-r1', 299008, 'Alpine Package Keeper - package manager for alpine'],
  ['busybox', '1.36.1-r29', 946176, 'Size optimized toolbox of many common UNIX utilities'],
  ['busybox-binsh', '1.36.1-r29', 8192, 'busybox ash /bin/sh'],
  ['ca-certificates-bundle', '20241121-r1', 233472, 'Pre generated bundle of Mozilla certificates'],
  ['libcrypto3', '3.3.3-r0', 4579328, 'Crypto library from openssl'],
  ['libssl3', '3.3.3-r0', 913408, 'SSL shared libraries'],
  ['musl', '1.2.5-r1', 667648, 'the musl c library (libc) implementation'],
  ['musl-utils', '1.2.5-r1', 135168, 'the musl c library (libc) implementation'],
  ['scanelf', '1.3.7-r2', 94208, 'Scan ELF binaries for stuff'],
  ['ssl_client', '1.36.1-r29', 28672, 'External ssl_client for busybox wget'],
  ['zlib', '1.3.1-r1', 110592, 'A compression/decompression Library'],
];

const files: [path: string, size: number, mode: number][] = [
  ['lib/ld-musl-x86_64.so.1', 662_016, 0o755],
  ['lib/libapk.so.2.14.0', 222_272, 0o755],
  ['lib/libcrypto.so.3', 4_574_016, 0o755],
  ['lib/libssl.so.3', 903_936, 0o755],
  ['lib/libz.so.1.3.1', 100_096, 0o755],
  ['usr/bin/getconf', 34_056, 0o755],
  ['usr/bin/iconv', 22_272, 0o755],
  ['usr/bin/scanelf', 80_152, 0o755],
  ['usr/bin/ssl_client', 14_224, 0o755],
  ['etc/ssl/certs/ca-certificates.crt', 225_076, 0o644],
];

/** musl looks for its libraries without a cache. */
const ldconfig = '#!/bin/sh\n# Nothing to do: the loader of musl has no cache.\nexit 0\n';
const syntheticContent = (size: number, seed: number) => new SyntheticContent(size, seed);

const repositories = (branch: string): string =>
  `https://dl-cdn.alpinelinux.org/alpine/${branch}/main\nhttps://dl-cdn.alpinelinux.org/alpine/${branch}/community\n`;

/** `size` is what the real image weighs. */
export function alpineRootfs(version: string, mtime: Timespec, applets: AppletPaths, size = 0): RootfsTree {
  const tree = new RootfsTree(mtime);
  const branch = `v${version.split('.').slice(0, 2).join('.')}`;
  const directories =
    'bin dev etc etc/apk etc/apk/keys etc/periodic etc/profile.d home lib lib/apk/db media media/cdrom media/floppy media/usb mnt opt run run/lock sbin srv usr usr/bin usr/lib usr/local usr/local/bin usr/local/lib usr/local/share usr/sbin usr/share var var/cache var/cache/apk var/empty var/lib var/lib/apk var/local var/log var/mail var/opt var/spool/cron';
  for (const path of directories.split(' ')) tree.directory(path);
  for (const path of ['proc', 'sys']) tree.directory(path, 0o555);
  tree.directory('root', 0o700).directory('tmp', 0o1777).directory('var/tmp', 0o1777);
  tree.file('bin/busybox', programFile('busybox-musl', 808_712, seedOf('busybox')), 0o755);
  for (const applet of applets) tree.symlink(applet, '/bin/busybox');
  for (const [path, size, mode] of files) {
    const content = /^usr\/bin\/|ld-musl/.test(path) ? foreignProgramFile : syntheticContent;
    tree.file(path, content(size, seedOf(`alpine/${path}`)), mode);
  }
  tree.file('usr/bin/getent', programFile('libc-bin/getent', 48_776, seedOf('alpine/usr/bin/getent')), 0o755);
  tree.file('usr/bin/ldd', '#!/bin/sh\nexec /lib/ld-musl-x86_64.so.1 --list "$@"\n', 0o755);
  tree.file('sbin/ldconfig', ldconfig, 0o755);
  tree.file('sbin/apk', programFile('apk', 75_304, seedOf('apk')), 0o755);
  tree.symlink('lib/libc.musl-x86_64.so.1', 'ld-musl-x86_64.so.1').symlink('lib/libz.so.1', 'libz.so.1.3.1');
  for (const [path, text] of texts(version, branch)) tree.file(path, text);
  tree.file('etc/shadow', 'root:*::0:::::\ndaemon:!::0:::::\nnobody:!::0:::::\n', 0o640, 0, 42);
  tree
    .symlink('etc/mtab', '../proc/mounts')
    .symlink('etc/os-release', '../usr/lib/os-release')
    .symlink('var/run', '/run')
    .symlink('var/lock', '/run/lock');
  const surplus = size > 0 ? tree.size - size : 0;
  if (surplus > 0) {
    const library = 'lib/libcrypto.so.3';
    tree.file(library, new SyntheticContent(tree.get(library)!.size - surplus, seedOf(`alpine/${library}`)), 0o755);
  }
  return weigh(tree, size, 'usr/lib/engines-3/padlock.so');
}

const texts = (version: string, branch: string): [path: string, text: string][] => [
  [
    'usr/lib/os-release',
    `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux ${branch}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`,
  ],
  ['etc/alpine-release', `${version}\n`],
  ['etc/apk/arch', 'x86_64\n'],
  ['etc/apk/repositories', repositories(branch)],
  [
    'etc/apk/world',
    'alpine-baselayout\nalpine-baselayout-data\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\nmusl-utils\n',
  ],
  [
    'lib/apk/db/installed',
    packages(version)
      .map(
        ([name, v, size, text]) => `P:${name}\nV:${v}\nA:x86_64\nS:${Math.round(size / 2)}\nI:${size}\nT:${text}\n\n`,
      )
      .join(''),
  ],
  ['lib/apk/db/scripts.tar', ''],
  ['lib/apk/db/triggers', ''],
  ['etc/hostname', 'localhost\n'],
  ['etc/hosts', '127.0.0.1\tlocalhost localhost.localdomain\n::1\t\tlocalhost localhost.localdomain\n'],
  ['etc/issue', `Welcome to Alpine Linux ${branch.slice(1)}\nKernel \\r on an \\m (\\l)\n\n`],
  ['etc/motd', 'Welcome to Alpine!\n'],
  ['etc/nsswitch.conf', 'hosts: files dns\n'],
  ['etc/shells', '/bin/sh\n/bin/ash\n'],
  [
    'etc/profile',
    'export PATH=\'/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\'\nexport PAGER=less\numask 022\nif [ -n "$PS1" ]; then PS1=\'\\h:\\w\\$ \'; fi\nfor script in /etc/profile.d/*.sh; do\n\tif [ -r "$script" ]; then . "$script"; fi\ndone\nunset script\n',
  ],
  [
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nlp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\nmail:x:8:12:mail:/var/mail:/sbin/nologin\nnews:x:9:13:news:/usr/lib/news:/sbin/nologin\nuucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin\ncron:x:16:16:cron:/var/spool/cron:/sbin/nologin\nftp:x:21:21::/var/lib/ftp:/sbin/nologin\nsshd:x:22:22:sshd:/dev/null:/sbin/nologin\ngames:x:35:35:games:/usr/games:/sbin/nologin\nntp:x:123:123:NTP:/var/empty:/sbin/nologin\nguest:x:405:100:guest:/dev/null:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  ],
  [
    'etc/group',
    'root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nsys:x:3:root,bin\nadm:x:4:root,daemon\ntty:x:5:\ndisk:x:6:root\nlp:x:7:lp\nkmem:x:9:\nwheel:x:10:root\nfloppy:x:11:root\nmail:x:12:mail\nnews:x:13:news\nuucp:x:14:uucp\ncron:x:16:cron\naudio:x:18:\ncdrom:x:19:\ndialout:x:20:root\nftp:x:21:\nsshd:x:22:\ninput:x:23:\ntape:x:26:root\nvideo:x:27:root\nnetdev:x:28:\nkvm:x:34:kvm\ngames:x:35:\nshadow:x:42:\nwww-data:x:82:\nusers:x:100:games\nntp:x:123:\nabuild:x:300:\nutmp:x:406:\nping:x:999:\nnogroup:x:65533:\nnobody:x:65534:\n',
  ],
];
