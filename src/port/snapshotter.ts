import type { Mount, Timespec } from '../spec/index.ts';

export type SnapshotKind = 'view' | 'active' | 'committed';

export interface SnapshotInfo {
  kind: SnapshotKind;
  /** Key of an active snapshot or view, name (chainID) of a committed one. */
  name: string;
  parent: string;
  labels: Record<string, string>;
  created: Timespec;
}

export interface Usage {
  inodes: number;
  /** Bytes. */
  size: number;
}

/**
 * Snapshots of filesystem trees, by containerd's life cycle. It contains no union logic: it creates directories and
 * says how to mount them.
 *
 *   prepare(key, parent) -> Mount[]      active: writable, named by a key of the caller's
 *   ... something writes through the mounts ...
 *   commit(name, key)                    the key is gone; `name` is a committed snapshot, usable as a parent
 *   view(key, parent) -> Mount[]         like prepare, read-only
 *   remove(name or key)                  only when nothing has it as its parent
 *
 * Extracting an image layer: key = prepare('extract-1', parentChainID); apply the layer to the mounts;
 * commit(chainID, key). Running a container: prepare(containerID, topChainID), mount, run; on delete remove(containerID).
 *
 * Errors: {@link SnapshotError}. Every method is atomic: it happens wholly or not at all.
 */
export interface Snapshotter {
  /** An existing key or name: 'already-exists'. `parent` '' starts from nothing, else a committed name: 'not-found'. */
  prepare(key: string, parent: string, labels?: Record<string, string>): Promise<Mount[]>;
  view(key: string, parent: string, labels?: Record<string, string>): Promise<Mount[]>;
  /** `key` must be active ('failed-precondition' for a view), `name` unused. */
  commit(name: string, key: string, labels?: Record<string, string>): Promise<void>;
  /** Mounts of an active snapshot or view, the same values each time. */
  mounts(key: string): Promise<Mount[]>;
  /** 'failed-precondition' while another snapshot has it as its parent. */
  remove(key: string): Promise<void>;
  stat(key: string): Promise<SnapshotInfo>;
  /** What the snapshot itself holds (its upper directory), parents not counted. */
  usage(key: string): Promise<Usage>;
  list(): Promise<SnapshotInfo[]>;
  /** The directory that holds this snapshot's own changes (`.../overlay2/<id>/diff`), for compare and for inspect. */
  upperDir(key: string): Promise<string>;
}

export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  constructor(
    readonly code: 'not-found' | 'already-exists' | 'failed-precondition',
    message: string,
  ) {
    super(message);
  }
}
