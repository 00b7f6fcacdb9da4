import type { Content, Timespec } from '../spec/index.ts';

export type FileType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** lstat(2) as layers need it. */
export interface TreeStat {
  type: FileType;
  /** Permission bits with setuid, setgid and sticky: 0..07777. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: Timespec;
  /** Device and inode name the file: two names with the same pair are hard links. */
  dev: number;
  ino: number;
  nlink: number;
  /** Of a char or block device. */
  rdev: { major: number; minor: number };
}

/**
 * A directory tree as root sees it, addressed by paths relative to its root ('' is the root itself, 'etc/passwd').
 * What layers are applied to, compared on and copied out of: a mounted overlay, its upper directory alone, or a plain
 * directory, in the simulated VFS or on disk.
 *
 * Paths are taken literally: no operation follows a symlink, neither in the last component nor on the way (a symlink
 * met on the way is ENOTDIR), so an archive cannot escape. {@link resolve} follows symlinks inside the root, for `cp`.
 * All throw Errno.
 */
export interface Tree {
  /** Undefined when there is no such name (ENOENT or ENOTDIR on the way). */
  lstat(path: string): TreeStat | undefined;
  /** Base names, sorted bytewise. */
  readdir(path: string): string[];
  readlink(path: string): string;
  /** The content as it is now; later writes to the file do not change what was returned. */
  content(path: string): Content;
  /** All xattrs, `trusted.overlay.*` included where visible. */
  xattrs(path: string): ReadonlyMap<string, Uint8Array>;

  /** Creates or replaces a regular file's data; an existing file keeps its inode. New: mode 0644, root, now. */
  writeFile(path: string, content: Content): void;
  mkdir(path: string, mode: number): void;
  symlink(path: string, target: string): void;
  link(path: string, existing: string): void;
  mknod(path: string, type: 'char' | 'block' | 'fifo' | 'socket', rdev: { major: number; minor: number }): void;
  /** Removes a file, or a directory with all it holds. ENOENT when absent. */
  remove(path: string): void;
  rename(from: string, to: string): void;

  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  utimes(path: string, mtime: Timespec): void;
  setxattr(path: string, name: string, value: Uint8Array): void;

  /** The literal path that `path` (may contain symlinks, '..', leading '/') names inside this root. */
  resolve(path: string, followLast: boolean): string;
}

/** Gives access to what `Mount[]` means in this world. */
export interface Mounter {
  /**
   * Mounts (if need be), runs `use` on the merged view and unmounts. Writes go to upperdir by copy-up.
   * Not reentrant for the same writable mounts.
   */
  withTree<T>(mounts: Mounts, use: (tree: Tree) => T | Promise<T>): Promise<T>;
  /** Mounts them at a directory of the host, where processes see them until {@link unmount}. Throws Errno. */
  mount(mounts: Mounts, path: string): Promise<void>;
  /** Takes away the topmost mount at `path`, lazily. Throws Errno (EINVAL when nothing is mounted there). */
  unmount(path: string): Promise<void>;
  /** A plain directory of this world (an overlay's upperdir, a volume, the host's '/') as a tree. */
  directory(path: string): Tree;
}

type Mounts = import('../spec/index.ts').Mount[];
