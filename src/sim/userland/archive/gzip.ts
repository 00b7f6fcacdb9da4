/** gzip, gunzip, zcat: GNU gzip 1.12 and BusyBox. */
import { decompress, detectCompression, gzip as gzipContent, TarError } from '../../../archive/index.ts';
import { BytesContent, ConcatContent, type Content, isErrno, SliceContent } from '../../../spec/index.ts';
import { encodeText, fromBinary, toBinary } from '../core/bytes.ts';
import { baseName, type Command, type CommandSpec } from '../core/command.ts';
import { isDirectory, isSymlink } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { writeContent } from './tar-extract.ts';

interface Job {
  unpack: boolean;
  toStdout: boolean;
  keep: boolean;
  force: boolean;
  test: boolean;
  list: boolean;
  verbose: boolean;
  recursive: boolean;
  quiet: boolean;
  suffix: string;
  level: number;
  noName: boolean;
}

const gnu =
  '1,fast 2 3 4 5 6 7 8 9,best c,stdout,to-stdout d,uncompress,decompress f,force k,keep l,list n,no-name N,name q,quiet ' +
  'r,recursive S,suffix= t,test v,verbose a,ascii rsyncable synchronous';
const busybox = 'c/to-stdout f/force k/keep d/decompress t/test v/verbose q/quiet n 1 2 3 4 5 6 7 8 9';

function jobOf(o: Options, unpack: boolean, toStdout: boolean): Job {
  return {
    unpack: unpack || o.has('decompress', 'test', 'list'),
    toStdout: toStdout || o.has('to-stdout'),
    keep: o.has('keep'),
    force: o.has('force'),
    test: o.has('test'),
    list: o.has('list'),
    verbose: o.has('verbose'),
    recursive: o.has('recursive'),
    quiet: o.has('quiet'),
    suffix: o.value('suffix') ?? '.gz',
    level: Number(
      /\d/.exec(o.last('fast', '2', '3', '4', '5', '6', '7', '8', 'best', '1', '9') ?? '')?.[0] ??
        (o.has('best') ? 9 : o.has('fast') ? 1 : 6),
    ),
    noName: o.has('no-name'),
  };
}

async function run(c: Command, unpack: boolean, toStdout: boolean): Promise<number> {
  const o = c.options({ gnu, busybox });
  const job = jobOf(o, unpack, toStdout);
  if (job.list) c.out('         compressed        uncompressed  ratio uncompressed_name\n');
  for (const name of o.operands.length ? o.operands : ['-']) {
    if (name === '-') await standardInput(c, job);
    else await oneFile(c, name, job);
  }
  return c.status;
}

async function standardInput(c: Command, job: Job): Promise<void> {
  if (!job.unpack && c.sys.isatty(1) && !job.force) {
    c.bb
      ? c.fail('compressed data not written to terminal')
      : c.fail('compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h');
  }
  const input = c.sys.fileContent(0) ?? new BytesContent(await c.readAll(0));
  const output = convert(c, input, '-', 'stdin', job);
  if (output && !job.test && !job.list) await writeContent(c, 1, output);
}

/** What GNU gzip says in its header of the file that it packs. */
interface Stamp {
  name: string;
  sec: number;
  level: number;
}

/** RFC 1952: the ten bytes with the time, then the name. BusyBox writes neither. */
function withHeader(c: Command, packed: Content, stamp: Stamp | undefined): Content {
  if (c.bb || !stamp) return packed;
  const header = new Uint8Array(10 + (stamp.name ? stamp.name.length + 1 : 0));
  header.set([0x1f, 0x8b, 8, stamp.name ? 8 : 0]);
  new DataView(header.buffer).setUint32(4, stamp.sec >>> 0, true);
  header.set([stamp.level === 9 ? 2 : stamp.level === 1 ? 4 : 0, 3], 8);
  header.set(fromBinary(stamp.name), 10);
  return new ConcatContent([new BytesContent(header), new SliceContent(packed, 10, packed.size - 10)]);
}

/** The other form of the content; undefined after a message. */
function convert(
  c: Command,
  input: Content,
  name: string,
  shown: string,
  job: Job,
  stamp?: Stamp,
): Content | undefined {
  if (!job.unpack) return withHeader(c, gzipContent(input), stamp);
  if (detectCompression(input) !== 'gzip') {
    if (job.force && job.toStdout) return input;
    if (!c.bb)
      c.errorText(`\n${c.name}: ${shown}: ${input.size === 0 ? 'unexpected end of file' : 'not in gzip format'}\n`);
    else c.error(c.spec.name === 'zcat' ? 'no gzip/bzip2/xz magic' : 'invalid magic');
    c.status = 1;
    return undefined;
  }
  try {
    const output = decompress(input);
    if (job.list) listing(c, input.size, output.size, name.replace(/\.gz$/, ''), storedName(input));
    else if (job.test && job.verbose) c.errorText(`${name}:\t OK\n`);
    return output;
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    const cut = error.message === 'unexpected EOF';
    if (c.bb) c.error(cut ? 'unexpected end of file' : 'corrupted data');
    else
      c.errorText(
        `\n${c.name}: ${shown}: ${cut ? 'unexpected end of file' : 'invalid compressed data--format violated'}\n`,
      );
    c.status = 1;
    return undefined;
  }
}

const ratio = (packed: number, plain: number): string =>
  `${(plain === 0 ? 0 : (100 * (plain - packed)) / plain).toFixed(1)}%`;

/** gzip's ratio leaves the header's bytes out, with the name's. */
const packedSize = (packed: number, name: string): number => packed - 10 - 8 - (name ? name.length + 1 : 0);

/** The name in the header, if there is one. */
function storedName(packed: Content): string {
  const head = packed.read(0, 512);
  const end = head.indexOf(0, 10);
  return head[3] === 8 && end > 0 ? toBinary(head.subarray(10, end)) : '';
}

function listing(c: Command, packed: number, plain: number, name: string, stored: string): void {
  const share = ratio(packedSize(packed, stored), plain).padStart(6);
  c.out(`${String(packed).padStart(19)} ${String(plain).padStart(19)} ${share} ${name === '-' ? 'stdout' : name}\n`);
}

async function oneFile(c: Command, name: string, job: Job): Promise<void> {
  try {
    const { path, stat } = find(c, name, job);
    if (!c.bb && !job.force && !job.toStdout && !job.test && !job.list && isSymlink(c.sys.lstat(path).mode)) {
      c.error(`${path}: Too many levels of symbolic links`);
      return;
    }
    if (isDirectory(stat.mode)) {
      if (job.recursive) {
        for (const entry of c.sys.readdir(path)) await oneFile(c, `${path}/${entry.name}`, job);
        return;
      }
      if (c.bb) c.error(`can't remove file '${path}': Is a directory`);
      else c.error(`${path} is a directory -- ignored`, 2);
      return;
    }
    const target = targetName(c, path, job);
    if (target === undefined) return;
    await pack(c, path, target, job);
  } catch (error) {
    if (!isErrno(error)) throw error;
    c.error(`${error.path ?? name}: ${error.message}`);
  }
}

/** GNU looks for NAME.gz when there is no NAME to unpack. */
function find(c: Command, name: string, job: Job): { path: string; stat: ReturnType<Command['sys']['stat']> } {
  try {
    return { path: name, stat: c.sys.stat(name) };
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || c.bb || !job.unpack || name.endsWith(job.suffix)) throw error;
    return { path: `${name}${job.suffix}`, stat: c.sys.stat(`${name}${job.suffix}`) };
  }
}

/** '' when nothing is written beside; undefined when the file is passed over. */
function targetName(c: Command, path: string, job: Job): string | undefined {
  if (job.toStdout || job.test || job.list) return '';
  if (!job.unpack) {
    if (!path.endsWith(job.suffix) || c.bb) return `${path}${job.suffix}`;
    if (!job.quiet) c.error(`${path} already has ${job.suffix} suffix -- unchanged`, 2);
    return undefined;
  }
  if (/\.(tgz|taz)$/.test(path)) return path.replace(/\.t[ga]z$/, '.tar');
  if (path.endsWith(job.suffix)) return path.slice(0, -job.suffix.length);
  c.bb ? c.error(`${path}: unknown suffix - ignored`) : c.error(`${path}: unknown suffix -- ignored`, 2);
  return undefined;
}

async function pack(c: Command, path: string, target: string, job: Job): Promise<void> {
  const { sys } = c;
  const fd = await sys.open(path);
  try {
    const input = sys.fileContent(fd) ?? new BytesContent(await c.readAll(fd));
    if (target !== '' && !job.force && exists(c, target)) {
      if (c.bb) c.error(`can't open '${target}': File exists`);
      else c.error(`${target} already exists;\tnot overwritten`, 2);
      return;
    }
    const stat = sys.fstat(fd);
    const stamp = { name: encodeText(baseName(path)), sec: stat.mtime.sec, level: job.level };
    const output = convert(c, input, path, path, job, job.noName ? { ...stamp, name: '', sec: 0 } : stamp);
    if (!output || job.test || job.list) return;
    if (target === '') {
      await writeContent(c, 1, output);
      return;
    }
    await replace(c, fd, target, output);
    if (!job.keep) sys.unlink(path);
    if (job.verbose) report(c, path, target, job, input.size, output.size);
  } finally {
    sys.close(fd);
  }
}

/** The new file takes over mode, owner and times of the old. */
async function replace(c: Command, from: number, target: string, output: Content): Promise<void> {
  const { sys } = c;
  const { mode, uid, gid, atime, mtime } = sys.fstat(from);
  const to = await sys.open(target, { access: 'write', create: true, truncate: true }, mode & 0o777);
  try {
    await writeContent(c, to, output);
    sys.fchmod(to, mode & 0o7777);
    if (sys.cred.euid === 0) sys.fchown(to, uid, gid);
  } finally {
    sys.close(to);
  }
  sys.utimens(target, atime, mtime);
}

function report(c: Command, path: string, target: string, job: Job, input: number, output: number): void {
  const [packed, plain] = job.unpack ? [input, output] : [output, input];
  if (c.bb) {
    c.errorText(`${path}: ${Math.floor((packed * 100) / Math.max(1, plain)) % 101}% - replaced with ${target}\n`);
    return;
  }
  const verb = job.keep ? 'created' : 'replaced with';
  c.errorText(
    `${path}:\t${ratio(packedSize(packed, job.unpack || job.noName ? '' : baseName(path)), plain).padStart(6)} -- ${verb} ${target}\n`,
  );
}

function exists(c: Command, path: string): boolean {
  try {
    c.sys.lstat(path);
    return true;
  } catch {
    return false;
  }
}

// gunzip and zcat are scripts that run gzip.
const common = {
  suite: 'gzip',
  applet: true,
  messageName: 'gzip',
  usageHint: "Try `gzip --help' for more information.\n",
};

export const gzip: CommandSpec = { ...common, name: 'gzip', run: (c) => run(c, false, false) };
export const gunzip: CommandSpec = { ...common, name: 'gunzip', run: (c) => run(c, true, false) };
export const zcat: CommandSpec = { ...common, name: 'zcat', run: (c) => run(c, true, true) };
