/**
 * Snapshots of a memory tree: Baker's rerooting. Every snapshot but the newest says how it differs from the next one
 * on the way to the live tree; the newest collects what live inodes were before they changed.
 *
 *   S1 --diff--> S2 --diff--> (live)          restore(S1):   S2 --diff'--> S1 ----> (live)
 *
 * Restoring turns the arrows round, so that every snapshot stays reachable from whoever holds it, and is garbage
 * when nobody does.
 */
import { Errno } from '../../spec/index.ts';
import type { MemTree } from './memtree.ts';
import type { InodeState, MemInode } from './memtree-inode.ts';

export interface TreeSnapshot {
  readonly tree: MemTree;
  readonly totals: Totals;
  /** What an inode of the tree was at this moment; safe from later changes. */
  stateOf(inode: MemInode): InodeState;
  /** Inodes that may differ between this moment and a later one; undefined when that does not follow from this one. */
  changedUntil(later: TreeSnapshot): Set<MemInode> | undefined;
}

export interface Totals {
  blocks: number;
  inodes: number;
  held: number;
  nextIno: number;
}

class Moment implements TreeSnapshot {
  /** Towards the live tree; undefined on the newest. */
  next: Moment | undefined;
  /** What inodes were at this moment, where they differ from `next` (or from the live tree). */
  saved = new Map<MemInode, InodeState>();
  constructor(
    readonly tree: MemTree,
    readonly totals: Totals,
  ) {}

  stateOf(inode: MemInode): InodeState {
    for (let at: Moment | undefined = this; at; at = at.next) {
      const state = at.saved.get(inode);
      if (state) return state;
    }
    return inode.capture();
  }

  changedUntil(later: TreeSnapshot): Set<MemInode> | undefined {
    const changed = new Set<MemInode>();
    for (let at: Moment | undefined = this; at; at = at.next) {
      if (at === later) return changed;
      for (const inode of at.saved.keys()) changed.add(inode);
    }
    return undefined;
  }
}

export class Timeline {
  /** Inodes of this age need not be saved again. */
  age = 0;
  private newest: Moment | undefined;

  constructor(private readonly tree: MemTree) {}

  /** Called by an inode before its first change at this age. */
  save(inode: MemInode): void {
    this.newest?.saved.set(inode, inode.capture());
  }

  take(): TreeSnapshot {
    if (this.newest?.saved.size === 0 && this.newest.totals.nextIno === this.tree.nextIno) return this.newest;
    const moment = new Moment(this.tree, this.totals());
    if (this.newest) this.newest.next = moment;
    return this.begin(moment);
  }

  restore(snapshot: TreeSnapshot): void {
    if (!(snapshot instanceof Moment) || snapshot.tree !== this.tree) throw new Errno('EINVAL');
    this.take();
    const path: Moment[] = [];
    for (let at: Moment | undefined = snapshot; at; at = at.next) path.push(at);
    for (let i = path.length - 2; i >= 0; i--) stepBack(path[i]!, path[i + 1]!);
    this.tree.usedBlocks = snapshot.totals.blocks;
    this.tree.usedInodes = snapshot.totals.inodes;
    this.tree.held = snapshot.totals.held;
    this.tree.nextIno = snapshot.totals.nextIno;
    this.begin(snapshot);
  }

  private begin(moment: Moment): Moment {
    this.newest = moment;
    this.age++;
    return moment;
  }

  private totals(): Totals {
    return {
      blocks: this.tree.usedBlocks,
      inodes: this.tree.usedInodes,
      held: this.tree.held,
      nextIno: this.tree.nextIno,
    };
  }
}

/** The live tree is at `from`; brings it to `to` (whose next is `from`) and turns the arrow round. */
function stepBack(to: Moment, from: Moment): void {
  for (const [inode, state] of to.saved) {
    from.saved.set(inode, inode.release());
    inode.assign(state);
  }
  from.next = to;
  to.next = undefined;
  to.saved = new Map();
}
