import { Errno } from '../../spec/index.ts';
import type { Filesystem, Inode } from './inode.ts';

export type Propagation = 'private' | 'shared' | 'slave' | 'unbindable';

/** Per-mount flags, as mount(8) names them. */
export interface MountFlags {
  readonly: boolean;
  nosuid: boolean;
  nodev: boolean;
  noexec: boolean;
  noatime: boolean;
  relatime: boolean;
}

/** A file as a process reaches it (Linux: struct path): the same inode on two mounts is two locations. */
export interface Location {
  mount: MountedFilesystem;
  inode: Inode;
  /** The name it was reached by, for anything but a directory (a directory has one parent; see lineage.ts). */
  parent?: Inode;
  name?: string;
}

/** One mount of a tree of mounts. */
export interface MountedFilesystem {
  readonly id: number;
  readonly fs: Filesystem;
  /** What of `fs` is visible: its root, or the file or directory that was bound. */
  readonly root: Inode;
  readonly flags: MountFlags;
  /** As in /proc/mounts; the fs type stands in `fs.type`. */
  readonly source: string;
  readonly parent: MountedFilesystem | undefined;
  /** Where in the parent mount. */
  readonly mountpoint: Location | undefined;
  readonly propagation: Propagation;
}

export const defaultFlags: MountFlags = {
  readonly: false,
  nosuid: false,
  nodev: false,
  noexec: false,
  noatime: false,
  relatime: true,
};

/** A mount namespace. */
export interface MountNamespace {
  /** In the order of /proc/self/mountinfo. */
  readonly mounts: readonly MountedFilesystem[];
  readonly root: MountedFilesystem;
}

void Errno;
