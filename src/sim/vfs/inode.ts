/**
 * The inode layer: what every filesystem type of the simulated kernel implements (memtree/tmpfs, overlay, proc, sysfs,
 * devtmpfs, devpts, cgroup2, folders). As Linux's inode_operations and file_operations, synchronous: whatever may block
 * (pipes, ttys, sockets) is above, at the level of open files.
 *
 * Names here are single components. Path walk, mount crossing, permissions, umask and symlinks belong to `walk.ts` and
 * the kernel; a filesystem never checks credentials.
 */
import type { Content, Timespec } from '../../spec/index.ts';

export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;

/** As stat(2). `mode` includes the type bits; `rdev` is major * 256 + minor (minor < 256). */
export interface Stat {
  dev: number;
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  blksize: number;
  /** 512-byte blocks. */
  blocks: number;
  atime: Timespec;
  mtime: Timespec;
  ctime: Timespec;
}

export interface SetAttr {
  /** Permission bits only, 0..07777. */
  mode?: number;
  uid?: number;
  gid?: number;
  size?: number;
  atime?: Timespec;
  mtime?: Timespec;
}

export interface Owner {
  uid: number;
  gid: number;
}

export interface DirectoryEntry {
  name: string;
  ino: number;
  /** Type bits, as in mode. */
  type: number;
}

/** One file of one filesystem. The same file is always the same object. All operations throw Errno. */
export interface Inode {
  readonly fs: Filesystem;
  readonly ino: number;
  getattr(): Stat;
  setattr(attr: SetAttr): void;

  // Directories; ENOTDIR on anything else.
  /** ENOENT when absent. */
  lookup(name: string): Inode;
  create(name: string, mode: number, owner: Owner): Inode;
  mkdir(name: string, mode: number, owner: Owner): Inode;
  symlink(name: string, target: string, owner: Owner): Inode;
  mknod(name: string, mode: number, rdev: number, owner: Owner): Inode;
  link(name: string, target: Inode): void;
  unlink(name: string): void;
  rmdir(name: string): void;
  /** renameat2 within one filesystem; EXDEV otherwise. */
  rename(name: string, toDirectory: Inode, toName: string, flags?: RenameFlags): void;
  /** Without . and .., in the filesystem's own order. */
  readdir(): DirectoryEntry[];

  readlink(): string;

  // Regular files.
  read(offset: number, length: number): Uint8Array;
  /** Bytes written: all of them, or throws (ENOSPC, EROFS) with nothing written. */
  write(offset: number, bytes: Uint8Array): number;
  /** The data as an immutable value, O(1). */
  content(): Content;
  /** Replaces the data by reference, O(1). Sets mtime and ctime. */
  setContent(content: Content): void;

  getxattr(name: string): Uint8Array | undefined;
  setxattr(name: string, value: Uint8Array): void;
  removexattr(name: string): void;
  listxattr(): string[];

  /**
   * Called by the kernel when a file is opened, before any read or write; an overlay copies up here when `write` is
   * set. Returns the inode that the open file will use (itself, usually).
   */
  open(write: boolean): Inode;

  // Optional faces.
  /** A magic link of /proc (fd/N, exe, cwd, root): where following it leads, whatever its text says. */
  followLink?(): import('./mount-table.ts').Location;
  /** Of a directory: another number whenever its entries changed, for whoever caches what it found there. */
  readonly version?: number;
  /** What getattr().mode says of the type, without making a Stat. */
  readonly isDirectory?: boolean;
  /** lookup without the exception: undefined when absent or when this is no directory. */
  peek?(name: string): Inode | undefined;
}

export interface RenameFlags {
  noreplace?: boolean;
  exchange?: boolean;
  /** RENAME_WHITEOUT: leaves a whiteout at the old name. */
  whiteout?: boolean;
}

export interface StatFs {
  /** Magic as in statfs(2): 0xEF53 ext4, 0x794c7630 overlay, 0x01021994 tmpfs, 0x9fa0 proc. */
  type: number;
  blockSize: number;
  blocks: number;
  free: number;
  files: number;
  filesFree: number;
}

export interface Filesystem {
  /** As in /proc/mounts and /proc/filesystems: ext4, overlay, tmpfs, proc ... */
  readonly type: string;
  readonly dev: number;
  readonly root: Inode;
  /** Nothing can be written, whatever the mount says: an overlay without upperdir. */
  readonly readonly?: boolean;
  statfs(): StatFs;
  /** Options as /proc/mounts prints them after rw/ro, e.g. lowerdir=...,upperdir=...,workdir=... */
  options(): string;
}
