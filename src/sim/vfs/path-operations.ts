/**
 * What the kernel's system calls ask of the VFS: the shapes. `PathContext` (path-context.ts) carries them out.
 */
import type { Timespec } from '../../spec/index.ts';
import type { DirectoryEntry, Inode, RenameFlags, SetAttr, Stat, StatFs } from './inode.ts';
import type { Location } from './mount-table.ts';

/** The part of a process's credentials that file access is decided on (euid stands for fsuid). */
export interface FileCredentials {
  euid: number;
  egid: number;
  groups: readonly number[];
  /** CAP_* names. */
  effective: ReadonlySet<string>;
  /** In a user namespace of its own: whether that maps a file's owner and group, so that capabilities count for it. */
  covers?: (uid: number, gid: number) => boolean;
}

/** Of utimensat(2): undefined is UTIME_OMIT, 'now' UTIME_NOW. */
export type GivenTime = Timespec | 'now' | undefined;

export interface ResolveOptions {
  /** Follow a symlink in the last component (default true). A trailing slash always follows. */
  follow?: boolean;
  /** Where a relative path starts (dirfd); default the working directory. */
  from?: Location;
}

/** A name in a directory that may or may not exist: what create, unlink and rename work on. */
export interface Entry {
  /** The directory. */
  directory: Location;
  /** Last component; '' when the path is '/' (or only slashes). May be '.' or '..'. */
  name: string;
  /** The path ended in a slash. */
  mustBeDirectory: boolean;
}

export interface OpenRequest {
  /** Default: unless `write` is set. */
  read?: boolean;
  write?: boolean;
  create?: boolean;
  exclusive?: boolean;
  truncate?: boolean;
  nofollow?: boolean;
  directory?: boolean;
  /** O_PATH: no permission on the file itself is needed and nothing is opened. */
  path?: boolean;
  noatime?: boolean;
  /** Permission bits of a file that is created, before umask. */
  mode?: number;
}

export interface OpenResult {
  location: Location;
  /** What the open file reads and writes (an overlay's own inode after copy-up). */
  inode: Inode;
  created: boolean;
}

/** All throw Errno with the path. Follow symlinks unless said otherwise. */
export interface PathOperations {
  resolve(path: string, options?: ResolveOptions): Location;
  resolveEntry(path: string, options?: ResolveOptions): Entry;
  /** Path as seen from this process's root; "(unreachable)/..." and " (deleted)" as d_path gives them. */
  pathOf(location: Location): string;

  stat(path: string): Stat;
  lstat(path: string): Stat;
  /** R_OK 4, W_OK 2, X_OK 1. `cred`: pass the real ids for access(2). */
  access(path: string, mode: number, cred?: FileCredentials): void;
  readdir(path: string): DirectoryEntry[];
  readlink(path: string): string;
  realpath(path: string): string;
  statfs(path: string): StatFs;

  open(path: string, request: OpenRequest): OpenResult;
  mkdir(path: string, mode?: number): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string, flags?: RenameFlags): void;
  /** link(2): a symlink as `existing` is linked itself. */
  link(existing: string, path: string): void;
  symlink(target: string, path: string): void;
  /** `mode` with type bits (none: regular file). Device nodes want CAP_MKNOD. */
  mknod(path: string, mode: number, rdev?: number): void;

  chmod(path: string, mode: number, follow?: boolean): void;
  /** -1 leaves an id as it is. */
  chown(path: string, uid: number, gid: number, follow?: boolean): void;
  utimens(
    path: string,
    atime: Timespec | undefined,
    mtime: Timespec | undefined,
    follow?: boolean,
    now?: boolean,
  ): void;
  truncate(path: string, size: number): void;
  getxattr(path: string, name: string, follow?: boolean): Uint8Array;
  setxattr(path: string, name: string, value: Uint8Array, follow?: boolean): void;
  removexattr(path: string, name: string, follow?: boolean): void;
  listxattr(path: string, follow?: boolean): string[];

  // The same on what is already open or resolved (fchmod, fchown, futimens, ftruncate, fexecve's access).
  permission(location: Location, mode: number, cred?: FileCredentials): void;
  chmodAt(location: Location, mode: number): void;
  chownAt(location: Location, uid: number, gid: number): void;
  utimensAt(location: Location, atime: Timespec | undefined, mtime: Timespec | undefined, now?: boolean): void;
  /** Any attributes, no permission asked; EROFS on a read-only mount. */
  setattrAt(location: Location, attr: SetAttr): void;
}
