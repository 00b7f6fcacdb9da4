import { isErrno, type Timespec } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import { Accounts } from '../core/accounts.ts';
import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { expandEscapes } from '../core/escapes.ts';
import { isDevice, isSymlink, modeText, typeName } from '../core/modes.ts';
import { type Conversion, formatInteger, formatString } from '../core/printf.ts';
import { quoteIfNeeded, quoteShell } from '../core/quote.ts';

interface Subject {
  path: string;
  stat: Stat;
  /** Where a symbolic link points. */
  link: string | undefined;
  accounts: Accounts;
}

type Field = (c: Command, one: Subject) => string | bigint;

const major = (rdev: number): number => Math.floor(rdev / 256);
const minor = (rdev: number): number => rdev % 256;
const time = (c: Command, at: { sec: number; nsec: number }): string =>
  strftime('%Y-%m-%d %H:%M:%S.%N %z', at.sec, at.nsec, zoneOf(c.sys));

function mountPoint(c: Command, path: string): string {
  let at = c.sys.realpath(path);
  const { dev } = c.sys.stat(at);
  while (at !== '/') {
    const parent = at.slice(0, at.lastIndexOf('/')) || '/';
    if (c.sys.stat(parent).dev !== dev) break;
    at = parent;
  }
  return at;
}

const fields: Record<string, Field> = {
  a: (_c, { stat }) => (stat.mode & 0o7777).toString(8),
  A: (_c, { stat }) => modeText(stat.mode),
  b: (_c, { stat }) => BigInt(stat.blocks),
  B: () => 512n,
  C: () => '?',
  d: (_c, { stat }) => BigInt(stat.dev),
  D: (_c, { stat }) => stat.dev.toString(16),
  f: (_c, { stat }) => stat.mode.toString(16),
  F: (_c, { stat }) => typeName(stat.mode, stat.size),
  g: (_c, { stat }) => BigInt(stat.gid),
  G: (_c, { stat, accounts }) => accounts.groupName(stat.gid) ?? 'UNKNOWN',
  h: (_c, { stat }) => BigInt(stat.nlink),
  i: (_c, { stat }) => BigInt(stat.ino),
  m: (c, { path }) => mountPoint(c, path),
  n: (_c, { path }) => path,
  N: (c, { path, link }) =>
    link === undefined ? quoteName(c, path) : `${quoteName(c, path)} -> ${quoteName(c, link)}`,
  o: (_c, { stat }) => BigInt(stat.blksize),
  s: (_c, { stat }) => BigInt(stat.size),
  r: (_c, { stat }) => BigInt(stat.rdev),
  R: (_c, { stat }) => stat.rdev.toString(16),
  t: (_c, { stat }) => (isDevice(stat.mode) ? major(stat.rdev).toString(16) : '0'),
  T: (_c, { stat }) => (isDevice(stat.mode) ? minor(stat.rdev).toString(16) : '0'),
  u: (_c, { stat }) => BigInt(stat.uid),
  U: (_c, { stat, accounts }) => accounts.userName(stat.uid) ?? 'UNKNOWN',
  // The filesystems keep no birth times.
  w: () => '-',
  W: () => '0',
  x: (c, { stat }) => time(c, stat.atime),
  X: (_c, { stat }) => BigInt(stat.atime.sec),
  y: (c, { stat }) => time(c, stat.mtime),
  Y: (_c, { stat }) => BigInt(stat.mtime.sec),
  z: (c, { stat }) => time(c, stat.ctime),
  Z: (_c, { stat }) => BigInt(stat.ctime.sec),
  '%': () => '%',
};

const quoteName = (c: Command, name: string): string => (c.bb ? `'${name}'` : quoteShell(name));

function cell(
  value: string | bigint,
  flags: string,
  width: string,
  precision: string | undefined,
  letter: string,
): string {
  const spec: Conversion = {
    flags,
    width: width === '' ? undefined : Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    letter: typeof value === 'bigint' ? 'd' : 's',
  };
  if (letter === 'a' && flags.includes('#')) spec.flags = flags.replace('#', '');
  if (typeof value === 'bigint') return formatInteger(value, spec);
  const zeroed = flags.includes('0') && /^[\da-f]+$/.test(value) && 'aDfRtT'.includes(letter);
  return encodeText(zeroed ? value.padStart(spec.width ?? 0, '0') : formatString(value, spec));
}

/** The time of which %X, %Y or %Z are the seconds. */
function secondsOf(one: unknown, letter: string): Timespec {
  const { stat } = one as { stat: Stat };
  return { X: stat.atime, Y: stat.mtime, Z: stat.ctime }[letter]!;
}

function render<T>(
  c: Command,
  format: string,
  one: T,
  table: Record<string, (c: Command, one: T) => string | bigint>,
): string {
  return format.replace(
    /%([-+ #0']*)(\d*)(?:\.(\d+))?([HL]?)([\s\S])|%/g,
    (all, flags, width, precision, half, letter) => {
      if (letter === undefined) return all;
      if (half && letter === 'd') return cell(half === 'H' ? '0' : table.d!(c, one), flags, width, precision, letter);
      if (half && letter === 'r') {
        const rdev = Number(table.r!(c, one));
        return String(half === 'H' ? major(rdev) : minor(rdev));
      }
      if (precision !== undefined && 'XYZ'.includes(letter) && !c.bb) {
        const { nsec } = secondsOf(one, letter);
        const fraction = String(nsec).padStart(9, '0').padEnd(Number(precision), '0').slice(0, Number(precision));
        return cell(`${table[letter]!(c, one)}${fraction && `.${fraction}`}`, flags, width, undefined, letter);
      }
      const field = table[letter];
      return field ? cell(field(c, one), flags, width, precision, letter) : c.bb ? letter : '?';
    },
  );
}

/** Quoted only where a shell would need it, unlike %N. */
const plainName = ({ path, link }: Subject): string =>
  encodeText(quoteIfNeeded(path) + (link === undefined ? '' : ` -> ${quoteIfNeeded(link)}`));

const gnuLong = (stat: Stat, shown: string): string =>
  `  File: ${shown.replaceAll('%', '%%')}
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Hd,%Ld\tInode: %-11i Links: ${isDevice(stat.mode) ? '%-5h Device type: %Hr,%Lr' : '%h'}
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: %w
`;

const busyboxLong = (stat: Stat): string =>
  `  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Dh/%dd\tInode: %-10i  Links: ${isDevice(stat.mode) ? '%-5h Device type: %t,%T' : '%-5h'}
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
`;

const terse = '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n';
const busyboxTerse = '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o\n';

type FileSystem = { path: string; fs: ReturnType<Command['sys']['statfs']> };

/** statfs(2)'s magic numbers, in coreutils' words. */
const magicNames = new Map([
  [0x794c7630, 'overlayfs'],
  [0x01021994, 'tmpfs'],
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x1cd1, 'devpts'],
  [0x63677270, 'cgroup2fs'],
  [0xef53, 'ext2/ext3'],
]);

const unknownMagic = (type: number): string => `UNKNOWN (0x${type.toString(16)})`;

const fsFields: Record<string, (c: Command, one: FileSystem) => string | bigint> = {
  a: (_c, { fs }) => BigInt(fs.free),
  b: (_c, { fs }) => BigInt(fs.blocks),
  c: (_c, { fs }) => BigInt(fs.files),
  d: (_c, { fs }) => BigInt(fs.filesFree),
  f: (_c, { fs }) => BigInt(fs.free),
  i: () => '0',
  l: () => 255n,
  n: (_c, { path }) => path,
  s: (_c, { fs }) => BigInt(fs.blockSize),
  S: (_c, { fs }) => BigInt(fs.blockSize),
  t: (_c, { fs }) => fs.type.toString(16),
  T: (_c, { fs }) => magicNames.get(fs.type) ?? unknownMagic(fs.type),
  '%': () => '%',
};

const fsLong = `  File: "%n"
    ID: %-8i Namelen: %-7l Type: %T
Block size: %-10s Fundamental block size: %S
Blocks: Total: %-10b Free: %-10f Available: %a
Inodes: Total: %-10c Free: %d
`;

function subject(c: Command, path: string, follow: boolean, accounts: Accounts): Subject {
  const stat = path === '-' && !c.bb ? c.sys.fstat(0) : follow ? c.sys.stat(path) : c.sys.lstat(path);
  return { path, stat, link: isSymlink(stat.mode) ? c.sys.readlink(path) : undefined, accounts };
}

export const stat: CommandSpec = {
  name: 'stat',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'L,dereference f,file-system cached= c,format= printf= t,terse',
      busybox: 'L/dereference f/file-system c/format: t/terse',
    });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const accounts = new Accounts(c.sys);
    const given = o.last('format', 'printf');
    const format =
      given === undefined
        ? undefined
        : given === 'printf'
          ? expandEscapes(encodeText(o.value('printf')!), false).text
          : `${encodeText(o.value('format')!)}\n`;
    for (const path of o.operands) {
      try {
        if (o.has('file-system')) {
          const short = '%n %i %l %t %s %S %b %f %a %c %d\n';
          c.raw(render(c, format ?? (o.has('terse') ? short : fsLong), { path, fs: c.sys.statfs(path) }, fsFields));
          continue;
        }
        const one = subject(c, path, o.has('dereference'), accounts);
        const long = o.has('terse')
          ? c.bb
            ? busyboxTerse
            : terse
          : c.bb
            ? busyboxLong(one.stat)
            : gnuLong(one.stat, plainName(one));
        c.raw(render(c, format ?? long, one, fields));
      } catch (error) {
        if (!isErrno(error)) throw error;
        const what = o.has('file-system')
          ? `${c.bb ? "can't" : 'cannot'} read file system information for`
          : c.bb
            ? "can't stat"
            : 'cannot statx';
        c.error(`${what} ${quoteName(c, path)}: ${error.message}`);
      }
    }
    return c.status;
  },
};
