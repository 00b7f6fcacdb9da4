import type { CliFiles, FileStat } from '../cli/index.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK, type Stat, type Sys } from '../sim/index.ts';
import { BytesContent, bodyBytes, type Content, isErrno } from '../spec/index.ts';

const types = new Map<number, FileStat['type']>([
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'symlink'],
  [S_IFCHR, 'char'],
  [S_IFBLK, 'block'],
  [S_IFIFO, 'fifo'],
  [S_IFSOCK, 'socket'],
]);

const toFileStat = (stat: Stat): FileStat => ({
  type: types.get(stat.mode & S_IFMT) ?? 'file',
  mode: stat.mode & 0o7777,
  uid: stat.uid,
  gid: stat.gid,
  size: stat.size,
  mtime: stat.mtime,
  dev: stat.dev,
  ino: stat.ino,
  nlink: stat.nlink,
  rdev: { major: stat.rdev >> 8, minor: stat.rdev & 255 },
});

const ifThere = (get: () => Stat): FileStat | undefined => {
  try {
    return toFileStat(get());
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
};

/** A process's files as the CLI wants them. */
export function sysFiles(sys: Sys): CliFiles {
  return {
    lstat: (path) => ifThere(() => sys.lstat(path)),
    stat: (path) => ifThere(() => sys.stat(path)),
    readdir: (path) =>
      sys
        .readdir(path)
        .map((entry) => entry.name)
        .sort(),
    readlink: (path) => sys.readlink(path),
    content: (path) => readAll(sys, path),
    drain: (path) => drain(sys, path),
    writeFile: (path, content, mode) => writeAll(sys, path, content, mode),
    create(path, mode = 0o644) {
      const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
      return { write: (bytes) => sys.write(fd, bytes), close: async () => sys.close(fd) };
    },
    mkdir: (path, mode) => sys.mkdir(path, mode),
    symlink: (path, target) => sys.symlink(target, path),
    link: (path, existing) => sys.link(existing, path),
    remove: (path) => removeTree(sys, path),
    rename: (from, to) => sys.rename(from, to),
    chmod: (path, mode) => sys.chmod(path, mode),
    chown: (path, uid, gid) => sys.lchown(path, uid, gid),
    utimes: (path, mtime) => sys.utimens(path, undefined, mtime, false),
  };
}

function readAll(sys: Sys, path: string): Content {
  const fd = sys.openSync(path);
  try {
    return sys.fileContent(fd) ?? new BytesContent(sys.pread(fd, 0, sys.fstat(fd).size));
  } finally {
    sys.close(fd);
  }
}

async function drain(sys: Sys, path: string): Promise<Uint8Array> {
  const fd = await sys.open(path);
  try {
    const body = (async function* () {
      for (let part = await sys.read(fd); part.length > 0; part = await sys.read(fd)) yield part;
    })();
    return await bodyBytes(body);
  } finally {
    sys.close(fd);
  }
}

function writeAll(sys: Sys, path: string, content: Content, mode = 0o644): void {
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
  try {
    sys.setFileContent(fd, content);
  } finally {
    sys.close(fd);
  }
}

function removeTree(sys: Sys, path: string): void {
  if ((sys.lstat(path).mode & S_IFMT) !== S_IFDIR) {
    sys.unlink(path);
    return;
  }
  for (const { name } of sys.readdir(path)) removeTree(sys, `${path}/${name}`);
  sys.rmdir(path);
}
