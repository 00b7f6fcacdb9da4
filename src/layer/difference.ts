/** What makes two files of two trees the same, by Docker's reckoning: metadata, and for data its size and time. */
import type { Tree, TreeStat } from '../port/index.ts';
import { compareTime } from '../spec/index.ts';

export function sameFile(lower: Tree, upper: Tree, path: string, a: TreeStat, b: TreeStat): boolean {
  if (a.type !== b.type || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.rdev.major !== b.rdev.major || a.rdev.minor !== b.rdev.minor) return false;
  // A directory's time and size change with what is in it; that is told by its entries.
  if (a.type !== 'directory' && (a.size !== b.size || compareTime(a.mtime, b.mtime) !== 0)) return false;
  if (a.type === 'symlink') return lower.readlink(path) === upper.readlink(path);
  return sameBytes(lower.xattrs(path).get('security.capability'), upper.xattrs(path).get('security.capability'));
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Names of a directory; none when it is something else or not there. */
export const namesIn = (tree: Tree, path: string, stat: TreeStat | undefined): string[] =>
  stat?.type === 'directory' ? tree.readdir(path) : [];

export const join = (directory: string, name: string): string => (directory ? `${directory}/${name}` : name);
