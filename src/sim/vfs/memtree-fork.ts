/**
 * A tree of its own that begins as a snapshot of another. Nothing is copied until it is looked at: a directory's entries
 * are made when something first asks for them, file data is shared by reference. Neither tree sees what is done in the
 * other, so a machine may go on from any moment while an older one, or its snapshots, are still held.
 */
import type { Clock } from '../../port/index.ts';
import { MemTree, type TreeSnapshot } from './memtree.ts';
import { MemInode } from './memtree-inode.ts';

export function forkTree(snapshot: TreeSnapshot, clock: Pick<Clock, 'now'>): MemTree {
  const { type, dev, maxBlocks, maxInodes } = snapshot.tree;
  const tree = new MemTree({ type, dev, clock });
  tree.maxBlocks = maxBlocks;
  if (maxInodes !== tree.maxInodes) throw new RangeError('only a tree with the default number of inodes is forked');
  const made = new Map<MemInode, MemInode>();
  const copy = (from: MemInode, parent: MemInode | undefined, into: MemInode): MemInode => {
    const { entries: _entries, ...state } = snapshot.stateOf(from);
    made.set(from, into);
    into.assign({ ...state, entries: undefined, parent });
    into.rdev = from.rdev;
    into.target = from.target;
    if (into.isDirectory) into.pendingEntries = () => entriesOf(from, into);
    into.markOld();
    return into;
  };
  const entriesOf = (from: MemInode, into: MemInode): Map<string, MemInode> =>
    new Map(
      [...(snapshot.stateOf(from).entries ?? [])].map(([name, child]) => [
        name,
        made.get(child) ??
          copy(
            child,
            child.isDirectory ? into : undefined,
            new MemInode(tree, child.ino, child.mode, child.uid, child.gid, child.mtime),
          ),
      ]),
    );
  copy(snapshot.tree.root, undefined, tree.root);
  tree.adopt(snapshot.totals);
  return tree;
}
