/** A memory tree made from data, a directory at a time as it is looked at; inode numbers stay. */
import type { Clock } from '../../port/index.ts';
import { S_IFDIR, S_IFMT } from './inode.ts';
import { MemTree, type Totals } from './memtree.ts';
import { type InodeState, MemInode } from './memtree-inode.ts';

export interface InodeData extends Omit<InodeState, 'entries' | 'parent'> {
  rdev: number;
  target: string;
  /** Of a directory: name and inode number. */
  children: readonly (readonly [string, number])[];
}

export const ROOT_INO = 2;

/** `inodes` must hold every number that a directory names, and the root (2); a directory must be named once. */
export function treeFromData(
  inodes: ReadonlyMap<number, InodeData>,
  totals: Totals,
  options: { dev: number; clock: Pick<Clock, 'now'> },
): MemTree {
  const tree = new MemTree({ type: 'ext4', ...options });
  const made = new Map<number, MemInode>();
  const fill = (ino: number, into: MemInode, parent: MemInode | undefined): MemInode => {
    const { children, rdev, target, ...state } = inodes.get(ino)!;
    made.set(ino, into);
    into.assign({ ...state, entries: undefined, parent });
    into.rdev = rdev;
    into.target = target;
    if (into.isDirectory)
      into.pendingEntries = () => new Map(children.map(([name, child]) => [name, get(child, into)]));
    into.markOld();
    return into;
  };
  const get = (ino: number, directory: MemInode): MemInode => {
    const known = made.get(ino);
    if (known) return known;
    const { mode, uid, gid, mtime } = inodes.get(ino)!;
    const isDirectory = (mode & S_IFMT) === S_IFDIR;
    return fill(ino, new MemInode(tree, ino, mode, uid, gid, mtime), isDirectory ? directory : undefined);
  };
  fill(ROOT_INO, tree.root, undefined);
  tree.adopt(totals);
  return tree;
}
