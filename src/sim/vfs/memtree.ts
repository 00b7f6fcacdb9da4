/**
 * A filesystem in memory, with the face of ext4 or tmpfs. One plain object per inode, one Map per directory; file data
 * is shared by reference (file-data.ts). Full: ENOSPC, with nothing written.
 */
import type { Clock } from '../../port/index.ts';
import { Errno } from '../../spec/index.ts';
import { BLOCK, CHUNK } from './file-data.ts';
import { type Filesystem, S_IFDIR, type StatFs } from './inode.ts';
import { MemInode } from './memtree-inode.ts';
import { Timeline, type Totals, type TreeSnapshot } from './memtree-snapshot.ts';

export type { Totals, TreeSnapshot } from './memtree-snapshot.ts';

export interface MemTreeOptions {
  /** ext4 (default) or tmpfs: what statfs and /proc/mounts say. */
  type?: 'ext4' | 'tmpfs' | 'devtmpfs' | 'mqueue' | 'fuse';
  dev: number;
  clock: Pick<Clock, 'now'>;
  /** Quota in bytes; default 64 GiB. */
  bytes?: number;
  /**
   * How much memory what is written here may take, default 1 GiB. Differs from Linux: past it the disk is full, whatever
   * df says; the bytes of images and zeros take none.
   */
  memory?: number;
  /** Quota in inodes; default 4 Mi. */
  inodes?: number;
  /** Permission bits of the root; 0755. */
  mode?: number;
  /** As /proc/mounts prints them. */
  options?: string;
  /** Told of each change in bytes used before it happens; may refuse it by throwing. */
  charged?: (bytes: number) => void;
}

const magic = { ext4: 0xef53, tmpfs: 0x01021994, devtmpfs: 0x01021994, mqueue: 0x19800202, fuse: 0x65735546 };

export class MemTree implements Filesystem {
  readonly type: 'ext4' | 'tmpfs' | 'devtmpfs' | 'mqueue' | 'fuse';
  readonly dev: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly root: MemInode;
  /** Snapshots; also says which inodes must be saved before they change. */
  readonly timeline: Timeline;
  /** Quotas, in blocks of 4 KiB and in inodes. */
  maxBlocks: number;
  /** Of the whole filesystem, on whatever mount it is seen. */
  readonly = false;
  readonly maxInodes: number;
  usedBlocks = 0;
  /** Chunks of memory behind what was written here: bytes of their own, unlike those of images. */
  held = 0;
  private readonly maxHeld: number;
  usedInodes = 0;
  nextIno: number;
  private versions = 0;
  private shownOptions: string;
  private readonly charged: ((bytes: number) => void) | undefined;

  constructor(options: MemTreeOptions) {
    this.type = options.type ?? 'ext4';
    this.dev = options.dev;
    this.clock = options.clock;
    this.maxHeld = Math.floor((options.memory ?? 2 ** 30) / CHUNK);
    this.maxBlocks = Math.floor((options.bytes ?? 64 * 2 ** 30) / BLOCK);
    this.maxInodes = options.inodes ?? 4 * 2 ** 20;
    this.shownOptions = options.options ?? '';
    this.charged = options.charged;
    this.nextIno = this.type === 'ext4' ? 2 : 1;
    this.timeline = new Timeline(this);
    this.root = this.allocate(S_IFDIR | (options.mode ?? 0o755), { uid: 0, gid: 0 });
    // ext4 keeps inodes 3..10 for itself; the first file of a new filesystem is 11 (lost+found), then 12.
    if (this.type === 'ext4') this.nextIno = 12;
  }

  allocate(mode: number, owner: { uid: number; gid: number }): MemInode {
    if (this.usedInodes >= this.maxInodes) throw new Errno('ENOSPC');
    this.usedInodes++;
    return new MemInode(this, this.nextIno++, mode, owner.uid, owner.gid, this.clock.now());
  }

  /** ENOSPC, with nothing charged, when `blocks` more do not fit. */
  charge(blocks: number): void {
    if (blocks > 0 && this.usedBlocks + blocks > this.maxBlocks) throw new Errno('ENOSPC');
    this.charged?.(blocks * BLOCK);
    this.usedBlocks += blocks;
  }

  /** ENOSPC when the memory of this machine, not the disk it plays, is what would be used up. */
  checkHeld(chunks: number): void {
    if (this.held + chunks > this.maxHeld) throw new Errno('ENOSPC');
  }

  /** Another quota; EINVAL below what is used. */
  resize(bytes: number): void {
    const blocks = Math.floor(bytes / BLOCK);
    if (blocks < this.usedBlocks) throw new Errno('EINVAL');
    this.maxBlocks = blocks;
    this.shownOptions = this.shownOptions.replace(/size=\d+k/, `size=${blocks * 4}k`);
  }

  /** A number that no directory of this tree has had as its version. */
  newVersion(): number {
    return ++this.versions;
  }

  /** O(1). Later changes save what they change, once per inode. */
  snapshot(): TreeSnapshot {
    return this.timeline.take();
  }

  /** Takes the place of the totals of a fresh tree: of one that was made from a snapshot or from data. */
  adopt(totals: Totals): void {
    this.usedBlocks = totals.blocks;
    this.usedInodes = totals.inodes;
    this.nextIno = totals.nextIno;
  }

  /** Any snapshot of this tree, in any order (undo and redo alike). Costs what differs. Open files may go stale. */
  restore(snapshot: TreeSnapshot): void {
    this.timeline.restore(snapshot);
  }

  statfs(): StatFs {
    return {
      type: magic[this.type],
      blockSize: BLOCK,
      blocks: this.maxBlocks,
      free: this.maxBlocks - this.usedBlocks,
      files: this.maxInodes,
      filesFree: this.maxInodes - this.usedInodes,
    };
  }

  options(): string {
    return this.shownOptions;
  }
}
