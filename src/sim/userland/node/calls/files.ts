/** Files, as fs asks for them. */
import { BytesContent, contentBytes, Errno, fromUtf8 } from '../../../../spec/index.ts';
import type { OpenFlags, Sys } from '../../../kernel/sys.ts';
import type { Stat } from '../../../vfs/inode.ts';
import type { Value } from '../engine.ts';
import type { Calls } from '../event-loop.ts';

const ms = ({ sec, nsec }: { sec: number; nsec: number }): number => sec * 1000 + nsec / 1e6;

const stat = (found: Stat): Value => ({
  dev: found.dev,
  mode: found.mode,
  nlink: found.nlink,
  uid: found.uid,
  gid: found.gid,
  rdev: found.rdev,
  blksize: 4096,
  ino: found.ino,
  size: found.size,
  blocks: Math.ceil(found.size / 512),
  atimeMs: ms(found.atime),
  mtimeMs: ms(found.mtime),
  ctimeMs: ms(found.ctime),
  birthtimeMs: ms(found.ctime),
});

/** open(2)'s numbers on x86-64, as fs.constants has them. */
function openFlags(flags: number): OpenFlags {
  return {
    access: (['read', 'write', 'readwrite'] as const)[flags & 3],
    create: (flags & 0o100) !== 0,
    exclusive: (flags & 0o200) !== 0,
    truncate: (flags & 0o1000) !== 0,
    append: (flags & 0o2000) !== 0,
    directory: (flags & 0o200000) !== 0,
    nofollow: (flags & 0o400000) !== 0,
    cloexec: true,
  };
}

function wholeFile(sys: Sys, path: string): Uint8Array {
  const fd = sys.openSync(path, { cloexec: true });
  try {
    const { mode, size } = sys.fstat(fd);
    if ((mode & 0o170000) === 0o040000) throw new Errno('EISDIR');
    const content = sys.fileContent(fd);
    if (content) return contentBytes(content);
    return sys.pread(fd, 0, size || 1 << 20); // what /proc makes up has no size
  } finally {
    sys.close(fd);
  }
}

function put(sys: Sys, path: string, bytes: Uint8Array, flags: number, mode: number): void {
  const fd = sys.openSync(path, openFlags(flags), mode);
  try {
    if (flags & 0o1000 && (sys.fstat(fd).mode & 0o170000) === 0o100000) sys.setFileContent(fd, new BytesContent(bytes));
    else sys.pwrite(fd, flags & 0o2000 ? sys.fstat(fd).size : 0, bytes);
  } finally {
    sys.close(fd);
  }
}

function copy(sys: Sys, from: string, to: string, exclusive: boolean): void {
  const source = sys.openSync(from);
  try {
    const target = sys.openSync(
      to,
      { access: 'write', create: true, truncate: true, exclusive },
      sys.fstat(source).mode,
    );
    try {
      const content = sys.fileContent(source);
      if (content) sys.setFileContent(target, content);
    } finally {
      sys.close(target);
    }
  } finally {
    sys.close(source);
  }
}

const time = (value: number): { sec: number; nsec: number } => ({
  sec: Math.floor(value),
  nsec: Math.round((value - Math.floor(value)) * 1e9),
});

/** A position of -1 is the file's own. */
function readAt(sys: Sys, fd: number, length: number, position: number): Uint8Array {
  const at = position >= 0 ? position : sys.lseek(fd, 0, 'cur');
  const bytes = sys.pread(fd, at, length);
  if (position < 0) sys.lseek(fd, at + bytes.length, 'set');
  return bytes;
}

function writeAt(sys: Sys, fd: number, bytes: Uint8Array, position: number, append: boolean): number {
  const at = append ? sys.fstat(fd).size : position >= 0 ? position : sys.lseek(fd, 0, 'cur');
  const written = sys.pwrite(fd, at, bytes);
  if (position < 0) sys.lseek(fd, at + written, 'set');
  return written;
}

const kinds: Record<number, number> = { 16807: 1, 9604: 2, 21609: 3, 2401: 4, 26411: 5, 4802: 6 };

export function fileCalls(sys: Sys): Calls {
  const s = (value: Value): string => value as string;
  const n = (value: Value): number => value as number;
  return {
    now: {
      'fs.open': (path, flags, mode) => sys.openSync(s(path), openFlags(n(flags)), n(mode)),
      'fs.close': (fd) => void sys.close(n(fd)),
      'fs.read': (fd, length, position) => readAt(sys, n(fd), n(length), n(position)),
      'fs.write': (fd, bytes, position, append) =>
        writeAt(sys, n(fd), bytes as Uint8Array, n(position), append === true),
      'fs.readFile': (path) => wholeFile(sys, s(path)),
      'fs.writeFile': (path, bytes, flags, mode) => put(sys, s(path), bytes as Uint8Array, n(flags), n(mode)),
      'fs.text': (path) => fromUtf8(wholeFile(sys, s(path))),
      'fs.stat': (path) => stat(sys.stat(s(path))),
      'fs.lstat': (path) => stat(sys.lstat(s(path))),
      'fs.fstat': (fd) => stat(sys.fstat(n(fd))),
      /** 0: a file, 1: a directory, -1: nothing. What require asks again and again. */
      'fs.kind': (path) => {
        try {
          return (sys.stat(s(path)).mode & 0o170000) === 0o040000 ? 1 : 0;
        } catch (error) {
          if (error instanceof Errno) return -1;
          throw error;
        }
      },
      'fs.readdir': (path) =>
        sys
          .readdir(s(path))
          .map(({ name, type }) => [name, kinds[type] ?? 0] as Value)
          .sort((a, b) => ((a as string[])[0]! < (b as string[])[0]! ? -1 : 1)),
      'fs.mkdir': (path, mode) => void sys.mkdir(s(path), n(mode)),
      'fs.rmdir': (path) => void sys.rmdir(s(path)),
      'fs.unlink': (path) => void sys.unlink(s(path)),
      'fs.rename': (from, to) => void sys.rename(s(from), s(to)),
      'fs.link': (existing, path) => void sys.link(s(existing), s(path)),
      'fs.symlink': (target, path) => void sys.symlink(s(target), s(path)),
      'fs.readlink': (path) => sys.readlink(s(path)),
      'fs.realpath': (path) => sys.realpath(s(path)),
      'fs.chmod': (path, mode) => void sys.chmod(s(path), n(mode)),
      'fs.chown': (path, uid, gid) => void sys.chown(s(path), n(uid), n(gid)),
      'fs.lchown': (path, uid, gid) => void sys.lchown(s(path), n(uid), n(gid)),
      'fs.utimes': (path, atime, mtime) => void sys.utimens(s(path), time(n(atime)), time(n(mtime))),
      'fs.truncate': (path, size) => void sys.truncate(s(path), n(size)),
      'fs.ftruncate': (fd, size) => void sys.ftruncate(n(fd), n(size)),
      'fs.access': (path, mode) => void sys.access(s(path), n(mode)),
      'fs.copyFile': (from, to, mode) => void copy(sys, s(from), s(to), (n(mode) & 1) !== 0),
    },
    later: {},
  };
}
