import {
  chmodSync,
  closeSync,
  createWriteStream,
  fstatSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CliFiles, FileStat } from '../cli/index.ts';
import { BytesContent, type Content, chunks } from '../spec/index.ts';

/** A file on disk as content: opened at each read, so that a thousand of them hold no descriptor. */
export class DiskContent implements Content {
  readonly size: number;
  constructor(readonly path: string) {
    this.size = statSync(path).size;
  }
  read(offset: number, length: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    const fd = openSync(this.path, 'r');
    try {
      let at = 0;
      while (at < out.length) {
        const got = readSync(fd, out, at, out.length - at, offset + at);
        if (got === 0) break;
        at += got;
      }
      return out.subarray(0, at);
    } finally {
      closeSync(fd);
    }
  }
}

function fileType(stats: Stats): FileStat['type'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'char';
  if (stats.isBlockDevice()) return 'block';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'file';
}

const toStat = (stats: Stats): FileStat => ({
  type: fileType(stats),
  mode: stats.mode & 0o7777,
  uid: stats.uid,
  gid: stats.gid,
  size: stats.size,
  mtime: { sec: Math.floor(stats.mtimeMs / 1000), nsec: Math.round((stats.mtimeMs % 1000) * 1e6) },
  dev: stats.dev,
  ino: stats.ino,
  nlink: stats.nlink,
  // glibc's major() and minor() of a 64-bit dev_t
  rdev: { major: (stats.rdev >> 8) & 0xfff, minor: (stats.rdev & 0xff) | ((stats.rdev >> 12) & 0xfff00) },
});

function whole(path: string): Content {
  const fd = openSync(path, 'r');
  const regular = fstatSync(fd).isFile();
  closeSync(fd);
  return regular ? new DiskContent(path) : new BytesContent(readFileSync(path));
}

function writeContent(path: string, content: Content, mode: number): void {
  const fd = openSync(path, 'w', mode);
  try {
    for (const part of chunks(content, 1 << 20)) writeSync(fd, part);
  } finally {
    closeSync(fd);
  }
}

/** Node's files as the CLI sees them, relative paths from `cwd`. */
export function nodeFiles(cwd: string): CliFiles {
  const at = (path: string) => resolve(cwd, path);
  return {
    lstat: (path) => {
      const stats = lstatSync(at(path), { throwIfNoEntry: false });
      return stats && toStat(stats);
    },
    stat: (path) => {
      const stats = statSync(at(path), { throwIfNoEntry: false });
      return stats && toStat(stats);
    },
    readdir: (path) => readdirSync(at(path)).sort(),
    readlink: (path) => readlinkSync(at(path)),
    content: (path) => whole(at(path)),
    drain: (path) => readFile(at(path)),
    writeFile: (path, content, mode = 0o644) => writeContent(at(path), content, mode),
    create(path, mode = 0o644) {
      const stream = createWriteStream(at(path), { fd: openSync(at(path), 'w', mode) });
      return {
        write: (bytes) => new Promise((done, fail) => stream.write(bytes, (error) => (error ? fail(error) : done()))),
        close: () => new Promise((done) => stream.end(done)),
      };
    },
    mkdir: (path, mode) => void mkdirSync(at(path), { mode }),
    symlink: (path, target) => symlinkSync(target, at(path)),
    link: (path, existing) => linkSync(at(existing), at(path)),
    remove: (path) => rmSync(at(path), { recursive: true }),
    rename: (from, to) => renameSync(at(from), at(to)),
    chmod: (path, mode) => chmodSync(at(path), mode),
    chown: (path, uid, gid) => lchownSync(at(path), uid, gid),
    utimes: (path, mtime) => lutimesSync(at(path), mtime.sec + mtime.nsec / 1e9, mtime.sec + mtime.nsec / 1e9),
  };
}
