import type { Clock } from '../../port/index.ts';
import type { Filesystem } from './inode.ts';

export interface MemTreeOptions {
  /** ext4 (default) or tmpfs: what statfs and /proc/mounts say. */
  type?: 'ext4' | 'tmpfs' | 'devtmpfs';
  dev: number;
  clock: Pick<Clock, 'now'>;
  /** Quota in bytes; default 64 GiB. */
  bytes?: number;
  /** Quota in inodes; default 4 Mi. */
  inodes?: number;
  /** Permission bits of the root; 0755. */
  mode?: number;
  /** As /proc/mounts prints them. */
  options?: string;
}

/** A moment of a MemTree; opaque, cheap, valid for as long as it is held. */
export interface TreeSnapshot {
  readonly tree: Filesystem;
}
