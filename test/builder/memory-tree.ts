import { resolveInside } from '../../src/builder/copy/context.ts';
import type { FileType, Tree, TreeStat } from '../../src/port/index.ts';
import { type Content, Errno, emptyContent, epoch, type Timespec } from '../../src/spec/index.ts';

interface Item {
  type: FileType;
  mode: number;
  uid: number;
  gid: number;
  mtime: Timespec;
  content: Content;
  target: string;
  ino: number;
}

let inodes = 1;

/** A tree that is a map of paths: enough of a filesystem for the builder's tests. */
export class MemoryTree implements Tree {
  constructor(readonly items: Map<string, Item> = new Map()) {}

  clone(): MemoryTree {
    return new MemoryTree(new Map([...this.items].map(([path, item]) => [path, { ...item }])));
  }

  private get(path: string): Item {
    const item = this.items.get(path);
    if (!item) throw new Errno('ENOENT', path);
    return item;
  }

  private put(path: string, type: FileType, mode: number, rest: Partial<Item> = {}): void {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (above && this.items.get(above)?.type !== 'directory')
      throw new Errno(this.items.has(above) ? 'ENOTDIR' : 'ENOENT', path);
    const item = {
      type,
      mode,
      uid: 0,
      gid: 0,
      mtime: { sec: 99, nsec: 0 },
      content: emptyContent,
      target: '',
      ino: inodes++,
      ...rest,
    };
    this.items.set(path, item);
  }

  lstat(path: string): TreeStat | undefined {
    if (path === '')
      return this.stat({
        type: 'directory',
        mode: 0o755,
        uid: 0,
        gid: 0,
        mtime: epoch,
        content: emptyContent,
        target: '',
        ino: 0,
      });
    const item = this.items.get(path);
    return item && this.stat(item);
  }

  private stat({ type, mode, uid, gid, mtime, content, ino }: Item): TreeStat {
    return { type, mode, uid, gid, size: content.size, mtime, dev: 1, ino, nlink: 1, rdev: { major: 0, minor: 0 } };
  }

  readdir(path: string): string[] {
    const prefix = path === '' ? '' : `${path}/`;
    return [...this.items.keys()]
      .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('/'))
      .map((name) => name.slice(prefix.length))
      .sort();
  }
  readlink = (path: string) => this.get(path).target;
  content = (path: string) => this.get(path).content;
  xattrs = () => new Map<string, Uint8Array>();
  writeFile(path: string, content: Content): void {
    if (this.items.has(path)) this.get(path).content = content;
    else this.put(path, 'file', 0o644, { content });
  }
  mkdir = (path: string, mode: number) => this.put(path, 'directory', mode);
  symlink = (path: string, target: string) => this.put(path, 'symlink', 0o777, { target });
  link = (path: string, existing: string) => void this.items.set(path, this.get(existing));
  mknod = (path: string, type: 'char' | 'block' | 'fifo' | 'socket') => this.put(path, type, 0o644);
  remove(path: string): void {
    for (const name of [...this.items.keys()])
      if (name === path || name.startsWith(`${path}/`)) this.items.delete(name);
  }
  rename(from: string, to: string): void {
    this.items.set(to, this.get(from));
    this.items.delete(from);
  }
  chmod = (path: string, mode: number) => void (this.get(path).mode = mode);
  chown = (path: string, uid: number, gid: number) => void Object.assign(this.get(path), { uid, gid });
  utimes = (path: string, mtime: Timespec) => void (this.get(path).mtime = mtime);
  setxattr = () => {};
  resolve = (path: string, followLast: boolean) => resolveInside(this, path, followLast);

  /** One line per path: "drwxr-xr-x 0:0 etc/", for comparing whole trees. */
  listing(): string[] {
    return [...this.items]
      .map(
        ([path, { type, mode, uid, gid }]) =>
          `${path}${type === 'directory' ? '/' : ''} ${mode.toString(8)} ${uid}:${gid}`,
      )
      .sort();
  }
}
