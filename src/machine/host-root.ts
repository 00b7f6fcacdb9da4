/** The root filesystem of the simulated host: a small Debian with the GNU programs, bash, docker and an editor. */
import { hostFiles, type PathContext } from '../sim/index.ts';
import { Errno, programFile, textContent } from '../spec/index.ts';
import { packageTools } from './host-packages.ts';

export interface HostRootOptions {
  hostname: string;
  /** The address in /etc/resolv.conf. */
  nameserver: string;
  /** Program name -> path of what `machine` itself adds. */
  extra: Readonly<Record<string, string>>;
}

const directories =
  '/boot /dev /etc /etc/docker /home /media /mnt /opt /proc /run /srv /sys /usr /usr/bin /usr/sbin /usr/lib /usr/libexec /usr/local /usr/local/bin /usr/local/etc /usr/local/include /usr/local/lib /usr/local/sbin /usr/local/share /usr/share /var /var/cache /var/lib /var/lib/docker /var/log /var/run';

const texts = ({ hostname, nameserver }: HostRootOptions): Record<string, string> => ({
  '/etc/hostname': `${hostname}\n`,
  '/etc/hosts': `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n`,
  '/etc/resolv.conf': `nameserver ${nameserver}\n`,
  '/etc/os-release':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
  '/etc/debian_version': '12.11\n',
  '/etc/issue': 'Debian GNU/Linux 12 \\n \\l\n\n',
  '/etc/issue.net': 'Debian GNU/Linux 12\n',
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nsys:x:3:3:sys:/dev:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/group':
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\nmail:x:8:\nsudo:x:27:\nwww-data:x:33:\nshadow:x:42:\nusers:x:100:\ndocker:x:998:\nnogroup:x:65534:\n',
  '/etc/shadow': 'root:*:19683:0:99999:7:::\n',
  '/etc/shells': '/bin/sh\n/bin/bash\n/bin/dash\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
  '/etc/profile':
    'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PATH\n[ -n "$BASH" ] && [ -f ~/.bashrc ] && . ~/.bashrc\n',
  '/root/.bashrc':
    "[ -z \"$PS1\" ] && return\nHISTCONTROL=ignoreboth\nPS1='\\[\\e[1;32m\\]\\u@\\h\\[\\e[0m\\]:\\[\\e[1;34m\\]\\w\\[\\e[0m\\]\\$ '\nalias ll='ls -l'\nalias ls='ls --color=auto'\n",
  '/root/.profile': '[ -n "$BASH" ] && [ -f ~/.bashrc ] && . ~/.bashrc\n',
});

/** Fills a fresh tree, as root sees it. */
export function fillHostRoot(paths: PathContext, options: HostRootOptions): void {
  for (const directory of directories.split(' ')) if (!exists(paths, directory)) paths.mkdir(directory, 0o755);
  paths.mkdir('/root', 0o700);
  paths.mkdir('/tmp', 0o777);
  paths.chmod('/tmp', 0o1777);
  for (const name of ['bin', 'sbin', 'lib']) paths.symlink(`usr/${name}`, `/${name}`);
  for (const [path, text] of Object.entries(texts(options)))
    write(paths, path, text, path === '/etc/shadow' ? 0o640 : 0o644);
  for (const file of hostFiles()) addProgram(paths, file);
  // The client carries what the plugins do; the files say that they are installed.
  for (const directory of ['/usr/libexec/docker', '/usr/libexec/docker/cli-plugins']) paths.mkdir(directory, 0o755);
  for (const plugin of ['buildx', 'compose', 'scout'])
    paths.symlink('/usr/bin/docker', `/usr/libexec/docker/cli-plugins/docker-${plugin}`);
  // Compose alone, as it is installed for texts that call it by its old name.
  paths.symlink('/usr/libexec/docker/cli-plugins/docker-compose', '/usr/local/bin/docker-compose');
  for (const [path, program] of packageTools) addProgram(paths, { path, program });
  for (const [program, path] of Object.entries(options.extra)) addProgram(paths, { path, program, size: 40_000 });
}

/** What is there already stays: asked by making it, since looking for hundreds of absent names costs a boot more. */
function addProgram(paths: PathContext, file: ReturnType<typeof hostFiles>[number]): void {
  try {
    if (file.link?.kind === 'symbolic') paths.symlink(file.link.target, file.path);
    else if (file.link) paths.link(file.link.target, file.path);
    else {
      const { inode } = paths.open(file.path, { read: false, write: true, create: true, exclusive: true, mode: 0o755 });
      inode.setContent(programFile(file.program!, file.size ?? 40_000));
    }
  } catch (error) {
    if (!(error instanceof Errno && error.code === 'EEXIST')) throw error;
  }
}

function write(paths: PathContext, path: string, text: string, mode: number): void {
  create(paths, path, mode).setContent(textContent(text));
}

const create = (paths: PathContext, path: string, mode: number) =>
  paths.open(path, { read: false, write: true, create: true, mode }).inode;

function exists(paths: PathContext, path: string): boolean {
  try {
    paths.lstat(path);
    return true;
  } catch {
    return false;
  }
}
