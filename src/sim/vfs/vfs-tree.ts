import type { FileType, Tree, TreeStat } from '../../port/index.ts';
import { type Content, Errno, type Timespec } from '../../spec/index.ts';
import { compareNames } from './byte-order.ts';
import {
  type Inode,
  type Owner,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
} from './inode.ts';
import { lookupOrUndefined, remember } from './lineage.ts';

const root: Owner = { uid: 0, gid: 0 };
const types: Record<number, FileType> = {
  [S_IFREG]: 'file',
  [S_IFDIR]: 'directory',
  [S_IFLNK]: 'symlink',
  [S_IFCHR]: 'char',
  [S_IFBLK]: 'block',
  [S_IFIFO]: 'fifo',
  [S_IFSOCK]: 'socket',
};
const typeBits = { char: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO, socket: S_IFSOCK };

/** Port `Tree` over a directory of the simulated VFS: literal paths, no mounts crossed, nobody's permission asked. */
export class VfsTree implements Tree {
  constructor(private readonly top: Inode) {}

  lstat(path: string): TreeStat | undefined {
    const inode = this.find(path);
    if (!inode) return undefined;
    const stat = inode.getattr();
    const { uid, gid, size, mtime, dev, ino, nlink, rdev } = stat;
    const type = types[stat.mode & S_IFMT]!;
    return {
      type,
      mode: stat.mode & 0o7777,
      uid,
      gid,
      size,
      mtime,
      dev,
      ino,
      nlink,
      rdev: { major: rdev >> 8, minor: rdev & 255 },
    };
  }

  readdir(path: string): string[] {
    return this.at(path)
      .readdir()
      .map(({ name }) => name)
      .sort(compareNames);
  }

  readlink(path: string): string {
    return this.at(path).readlink();
  }

  content(path: string): Content {
    return this.at(path).content();
  }

  xattrs(path: string): ReadonlyMap<string, Uint8Array> {
    const inode = this.at(path);
    return new Map(inode.listxattr().map((name) => [name, inode.getxattr(name)!]));
  }

  writeFile(path: string, content: Content): void {
    const { directory, name } = this.entry(path);
    const existing = lookupOrUndefined(directory, name);
    if (existing && (existing.getattr().mode & S_IFMT) !== S_IFREG) {
      throw new Errno(isDirectory(existing) ? 'EISDIR' : 'EEXIST', path);
    }
    const made = (existing ?? directory.create(name, 0o644, root)).open(true);
    try {
      made.setContent(content);
    } catch (error) {
      if (!existing) directory.unlink(name);
      throw error;
    }
  }

  mkdir(path: string, mode: number): void {
    const { directory, name } = this.entry(path);
    remember(directory.mkdir(name, mode, root), directory, name);
  }

  symlink(path: string, target: string): void {
    const { directory, name } = this.entry(path);
    directory.symlink(name, target, root);
  }

  link(path: string, existing: string): void {
    const { directory, name } = this.entry(path);
    directory.link(name, this.at(existing));
  }

  mknod(path: string, type: 'char' | 'block' | 'fifo' | 'socket', rdev: { major: number; minor: number }): void {
    const { directory, name } = this.entry(path);
    directory.mknod(name, typeBits[type] | 0o644, rdev.major * 256 + rdev.minor, root);
  }

  remove(path: string): void {
    const { directory, name } = this.entry(path);
    removeAll(directory, name);
  }

  rename(from: string, to: string): void {
    const source = this.entry(from);
    const target = this.entry(to);
    source.directory.rename(source.name, target.directory, target.name);
  }

  chmod(path: string, mode: number): void {
    this.at(path).setattr({ mode });
  }

  chown(path: string, uid: number, gid: number): void {
    this.at(path).setattr({ uid, gid });
  }

  utimes(path: string, mtime: Timespec): void {
    this.at(path).setattr({ atime: mtime, mtime });
  }

  setxattr(path: string, name: string, value: Uint8Array): void {
    this.at(path).setxattr(name, value);
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
      const inode = this.find([...done, part].join('/'));
      const follow = todo.length > 0 || followLast || path.endsWith('/');
      if (!inode || !follow || (inode.getattr().mode & S_IFMT) !== S_IFLNK) {
        done.push(part);
        continue;
      }
      if (++links > 40) throw new Errno('ELOOP', path);
      const target = inode.readlink();
      if (target.startsWith('/')) done.length = 0;
      todo.unshift(...split(target));
    }
    return done.join('/');
  }

  private find(path: string): Inode | undefined {
    let at: Inode | undefined = this.top;
    for (let from = 0; from < path.length && at; ) {
      const slash = path.indexOf('/', from);
      const end = slash < 0 ? path.length : slash;
      if (end > from) at = isDirectory(at) ? lookupOrUndefined(at, path.slice(from, end)) : undefined;
      from = end + 1;
    }
    return at;
  }

  private at(path: string): Inode {
    const found = this.find(path);
    if (found) return found;
    // Told apart only when it is missed.
    let at = this.top;
    for (const name of split(path)) {
      if (!isDirectory(at)) break;
      const next = lookupOrUndefined(at, name);
      if (!next) throw new Errno('ENOENT', path);
      at = next;
    }
    throw new Errno('ENOTDIR', path);
  }

  private entry(path: string): { directory: Inode; name: string } {
    const end = path.endsWith('/') ? path.replace(/\/+$/, '') : path;
    const slash = end.lastIndexOf('/');
    const name = end.slice(slash + 1);
    if (name === '' || name === '.' || name === '..') throw new Errno('EINVAL', path);
    const directory = this.at(slash < 0 ? '' : end.slice(0, slash));
    if (!isDirectory(directory)) throw new Errno('ENOTDIR', path);
    return { directory, name };
  }
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

const isDirectory = (inode: Inode): boolean => inode.isDirectory ?? (inode.getattr().mode & S_IFMT) === S_IFDIR;

/** rm -rf of one name. */
export function removeAll(directory: Inode, name: string): void {
  const inode = directory.lookup(name);
  if (!isDirectory(inode)) {
    directory.unlink(name);
    return;
  }
  for (const entry of inode.readdir()) removeAll(inode, entry.name);
  directory.rmdir(name);
}
