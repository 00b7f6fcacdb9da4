/** Port Tree over a directory of this machine, as root. */
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import type { FileType, Tree, TreeStat } from '../port/index.ts';
import { type Content, Errno, fromUtf8, type Timespec } from '../spec/index.ts';
import { writeContent } from './disk-file.ts';
import { calling } from './errno.ts';
import { detachContents, keepContent } from './kept-content.ts';
import { syscall } from './syscalls.ts';

const nodeTypes = { char: 0o020000, block: 0o060000, fifo: 0o010000, socket: 0o140000 };

/** Literal paths: every directory on the way is looked at, and a symlink there is ENOTDIR. */
export class DiskTree implements Tree {
  private readonly top: string;

  constructor(directory: string) {
    this.top = directory.replace(/\/+$/, '');
  }

  lstat(path: string): TreeStat | undefined {
    const stats = this.find(path);
    return stats && toStat(stats);
  }

  readdir(path: string): string[] {
    const at = this.at(path);
    return calling(path, () => readdirSync(at)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  readlink(path: string): string {
    const at = this.at(path);
    return calling(path, () => readlinkSync(at));
  }

  content(path: string): Content {
    const at = this.at(path);
    const stats = calling(path, () => lstatSync(at));
    if (!stats.isFile()) throw new Errno(stats.isDirectory() ? 'EISDIR' : 'EINVAL', path);
    return calling(path, () => keepContent(at));
  }

  xattrs(path: string): ReadonlyMap<string, Uint8Array> {
    const at = this.at(path) || '/';
    const names = fromUtf8(syscall('listxattr', at)).split('\0').filter(Boolean);
    return new Map(names.map((name) => [name, syscall('getxattr', at, name)]));
  }

  writeFile(path: string, content: Content): void {
    const at = this.entry(path);
    const existing = calling(path, () => lstatSync(at, { throwIfNoEntry: false }));
    if (existing && !existing.isFile()) throw new Errno(existing.isDirectory() ? 'EISDIR' : 'EEXIST', path);
    calling(path, () => (existing ? overwrite(at, existing, content) : create(at, content)));
  }

  mkdir(path: string, mode: number): void {
    const at = this.entry(path);
    calling(path, () => {
      mkdirSync(at, mode);
      chmodSync(at, mode);
    });
  }

  symlink(path: string, target: string): void {
    const at = this.entry(path);
    calling(path, () => symlinkSync(target, at));
  }

  link(path: string, existing: string): void {
    const [from, to] = [this.at(existing), this.entry(path)];
    calling(path, () => linkSync(from, to));
  }

  mknod(path: string, type: 'char' | 'block' | 'fifo' | 'socket', rdev: { major: number; minor: number }): void {
    const at = this.entry(path);
    syscall('mknod', at, nodeTypes[type] | 0o644, deviceNumber(rdev));
    calling(path, () => chmodSync(at, 0o644));
  }

  remove(path: string): void {
    const at = this.entry(path);
    const stats = calling(path, () => lstatSync(at, { throwIfNoEntry: false }));
    if (!stats) throw new Errno('ENOENT', path);
    calling(path, () => (stats.isDirectory() ? removeDirectory(at) : unlinkSync(at)));
  }

  rename(from: string, to: string): void {
    const [source, target] = [this.entry(from), this.entry(to)];
    calling(from, () => renameSync(source, target));
  }

  chmod(path: string, mode: number): void {
    const at = this.at(path);
    if (calling(path, () => lstatSync(at)).isSymbolicLink()) throw new Errno('EOPNOTSUPP', path);
    calling(path, () => chmodSync(at, mode));
  }

  chown(path: string, uid: number, gid: number): void {
    const at = this.at(path);
    calling(path, () => lchownSync(at, uid, gid));
  }

  utimes(path: string, mtime: Timespec): void {
    syscall('utimens', this.at(path), mtime.sec, mtime.nsec);
  }

  setxattr(path: string, name: string, value: Uint8Array): void {
    syscall('setxattr', this.at(path), name, value);
  }

  resolve(path: string, followLast: boolean): string {
    const done: string[] = [];
    const todo = split(path);
    for (let links = 0; todo.length; ) {
      const part = todo.shift()!;
      if (part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const at = [...done, part].join('/');
      const follow = todo.length > 0 || followLast || path.endsWith('/');
      if (!follow || !this.find(at)?.isSymbolicLink()) {
        done.push(part);
        continue;
      }
      if (++links > 40) throw new Errno('ELOOP', path);
      const target = readlinkSync(`${this.top}/${at}`);
      if (target.startsWith('/')) done.length = 0;
      todo.unshift(...split(target));
    }
    return done.join('/');
  }

  private find(path: string): BigIntStats | undefined {
    const parts = split(path);
    let at = this.top;
    let stats = calling(path, () => lstatSync(this.top || '/', { bigint: true, throwIfNoEntry: false }));
    for (const part of parts) {
      if (!stats?.isDirectory()) return undefined;
      at += `/${part}`;
      stats = calling(path, () => lstatSync(at, { bigint: true, throwIfNoEntry: false }));
    }
    return stats;
  }

  /** The machine's path of something that is there. */
  private at(path: string): string {
    const parts = split(path);
    if (parts.length === 0) return this.top || '/';
    const at = `${this.directory(parts.slice(0, -1), path)}/${parts.at(-1)}`;
    if (!calling(path, () => lstatSync(at, { throwIfNoEntry: false }))) throw new Errno('ENOENT', path);
    return at;
  }

  /** The machine's path of a name whose directory is there. */
  private entry(path: string): string {
    const parts = split(path);
    const name = parts.pop();
    if (name === undefined || name === '.' || name === '..') throw new Errno('EINVAL', path);
    return `${this.directory(parts, path)}/${name}`;
  }

  private directory(parts: readonly string[], path: string): string {
    let at = this.top;
    for (const part of parts) {
      if (part === '..') throw new Errno('EINVAL', path);
      at += `/${part}`;
      const stats = calling(path, () => lstatSync(at, { throwIfNoEntry: false }));
      if (!stats) throw new Errno('ENOENT', path);
      if (!stats.isDirectory()) throw new Errno('ENOTDIR', path);
    }
    return at;
  }
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

function overwrite(path: string, existing: { dev: number; ino: number }, content: Content): void {
  detachContents(path, existing);
  const fd = openSync(path, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
  try {
    writeContent(fd, content);
  } finally {
    closeSync(fd);
  }
}

function create(path: string, content: Content): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
  try {
    fchmodSync(fd, 0o644);
    writeContent(fd, content);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function removeDirectory(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const at = `${path}/${entry.name}`;
    if (entry.isDirectory()) removeDirectory(at);
    else unlinkSync(at);
  }
  rmdirSync(path);
}

function typeOf(stats: BigIntStats): FileType {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'char';
  if (stats.isBlockDevice()) return 'block';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'file';
}

function toStat(stats: BigIntStats): TreeStat {
  const rdev = Number(stats.rdev);
  return {
    type: typeOf(stats),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: Number(stats.size),
    mtime: toTimespec(stats.mtimeNs),
    dev: Number(stats.dev),
    // Overlayfs puts the layer's number into the uppermost bits; what a double cannot hold is folded in.
    ino: Number(BigInt.asUintN(53, stats.ino ^ (stats.ino >> 53n))),
    nlink: Number(stats.nlink),
    rdev: { major: (rdev >> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >> 12) & 0xfff00) },
  };
}

function toTimespec(ns: bigint): Timespec {
  const nsec = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return { sec: Number((ns - nsec) / 1_000_000_000n), nsec: Number(nsec) };
}

/** glibc's makedev() */
const deviceNumber = ({ major, minor }: { major: number; minor: number }): number =>
  ((major & 0xfff) << 8) | (minor & 0xff) | ((minor & 0xfff00) << 12);
