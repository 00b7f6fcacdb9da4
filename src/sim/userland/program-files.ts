import { busyboxApplets, commandNames, idleApplets } from './command-names.ts';

/** A file that a system of a family has because it has the program. */
export interface ProgramFile {
  /** Absolute; on a merged-usr system /bin is a link to usr/bin. */
  path: string;
  /** Name in the program table; absent for a link. */
  program?: string;
  /** Bytes that the real file has (Debian 12, amd64), near enough. */
  size?: number;
  /** Hard or symbolic link to another path. */
  link?: { kind: 'hard' | 'symbolic'; target: string };
}

const sbin = new Set(
  'chroot adduser addgroup useradd groupadd usermod userdel groupdel deluser delgroup groupmod chpasswd ifconfig route switch_root pivot_root fdisk mkfs swapon swapoff sysctl arp runuser brctl iptables nologin losetup service'.split(
    ' ',
  ),
);

/** Sizes of Debian 12's files, in bytes, where one is far from the usual 40-odd KB. */
const sizes: Record<string, number> = {
  ls: 151344,
  cp: 151152,
  mv: 142968,
  rm: 72752,
  cat: 44016,
  date: 121904,
  dd: 85072,
  df: 105360,
  grep: 203152,
  sed: 126424,
  sort: 118664,
  tar: 531984,
  gzip: 98136,
  find: 224848,
  xargs: 68736,
  awk: 162800,
  mawk: 162800,
  ps: 140056,
  top: 132680,
  ip: 735528,
  ss: 170240,
  curl: 260336,
  wget: 500376,
  ping: 90568,
  mount: 59712,
  less: 203984,
  more: 59728,
  diff: 150920,
  du: 158776,
  stat: 89272,
  chown: 72752,
  chmod: 64368,
  echo: 43856,
  true: 35664,
  false: 35664,
  mkdir: 80968,
  ln: 72752,
  su: 71912,
  passwd: 68248,
  useradd: 146920,
  nsenter: 43320,
  unshare: 60088,
  ifconfig: 83512,
  netstat: 155104,
  vi: 3780320,
};

const sizeOf = (name: string): number => sizes[name] ?? 43900;

const suitesWithout =
  (...suites: string[]) =>
  (suite: string) =>
    !suites.includes(suite);

/**
 * The files of a GNU system: what a minimal Debian image has, or with `full` what a host has too (network tools and so
 * on).
 */
export function gnuFiles(full = false): ProgramFile[] {
  const wanted = full
    ? () => true
    : suitesWithout(
        'extra',
        'iproute2',
        'net-tools',
        'iputils',
        'curl',
        'wget',
        'netcat',
        'bridge-utils',
        'openssl',
        'procps',
        'less',
        'tree',
        'file',
        'xxd',
        'dnsutils',
        'bsdextrautils',
        'time',
        'psmisc',
        'binutils',
        'patch',
        'bc',
        'jq',
        'lsb-release',
        'ncal',
        'e2fsprogs',
        'cron',
        'gettext',
        'systemd',
      );
  return commandNames
    .filter((spec) => spec.suite && wanted(spec.suite))
    .map((spec) => ({
      path: `/usr/${sbin.has(spec.name) ? 'sbin' : 'bin'}/${spec.name}`,
      program: `${spec.suite}/${spec.name}`,
      size: sizeOf(spec.name),
    }));
}

/** What the simulated host has. */
export const hostFiles = (): ProgramFile[] => gnuFiles(true);

/** What `busybox --list` says: what is simulated, and what is there and says that it is not. */
export const appletNames = (alpine: boolean): readonly string[] =>
  [...busyboxApplets, ...idleApplets].filter((name) => !alpine || !notOnAlpine.has(name)).sort();

/** Applets of Debian's and the busybox image's builds that Alpine leaves out. */
const notOnAlpine = new Set(
  'ascii bootchartd chat chpst chrt chvt crc32 devmem dhcprelay dnsd dpkg dpkg-deb dumpleases envdir envuidgid fakeidentd fatattr fdformat fgconsole fsck.minix freeramdisk fsfreeze ftpd ftpget ftpput getfattr hd hexedit hostid hush i2cdetect i2cdump i2cget i2cset i2ctransfer ifplugd inetd ipaddr iplink ipneigh iproute iprule iptunnel linux32 linux64 linuxrc lpd lpq lpr lspci lsscsi man mim mke2fs mkfs.ext2 mkfs.minix mkfs.vfat mt nbd-client nmeter popmaildir powertop pscan rpm rpm2cpio rtcwake run-init runlevel runsv runsvdir rx script scriptreplay seedrng setarch setfattr setuidgid smemcap softlimit start-stop-daemon sulogin sv svc svlogd svok taskset tcpsvd telnetd tftp tftpd ts ttysize ubiattach ubidetach ubimkvol ubirename ubirmvol ubirsvol ubiupdatevol udhcpd udpsvd uevent w wall whois xz'.split(
    ' ',
  ),
);

/** A BusyBox system: one binary in /bin and hard links (the busybox image) or symbolic links (Alpine) to it. */
export function busyboxFiles(flavour: 'busybox' | 'alpine'): ProgramFile[] {
  const alpine = flavour === 'alpine';
  const binary = {
    path: '/bin/busybox',
    program: alpine ? 'busybox-musl' : 'busybox',
    size: alpine ? 841288 : 1982256,
  };
  const links = appletNames(alpine)
    .filter((name) => name !== 'busybox')
    .map(
      (name): ProgramFile => ({
        path: `${alpine ? alpineDirectory(name) : '/bin'}/${name}`,
        link: alpine ? { kind: 'symbolic', target: '/bin/busybox' } : { kind: 'hard', target: '/bin/busybox' },
      }),
    );
  return [binary, ...links];
}

const alpineBin = new Set(
  'arch ash base64 bbconfig cat chattr chgrp chmod chown cp date dd df dmesg dnsdomainname dumpkmap echo egrep false fatattr fdflush fgrep fsync getopt grep gunzip gzip hostname ionice iostat ipcalc kbd_mode kill link linux32 linux64 ln login ls lsattr lzop makemime mkdir mknod mktemp more mount mountpoint mpstat mv netstat nice pidof ping ping6 pipe_progress printenv ps pwd reformime rev rm rmdir run-parts sed setpriv setserial sh sleep stat stty su sync tar touch true umount uname usleep watch zcat'.split(
    ' ',
  ),
);

function alpineDirectory(name: string): string {
  if (alpineBin.has(name)) return '/bin';
  if (
    /^(ifconfig|route|ip|arp|fdisk|pivot_root|switch_root|sysctl|swapon|swapoff|mkswap|nologin|reboot|halt|poweroff|init|syslogd)$/.test(
      name,
    )
  )
    return '/sbin';
  if (sbin.has(name)) return '/usr/sbin';
  return '/usr/bin';
}
