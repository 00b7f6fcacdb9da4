import { type TarEntry, tarEntry } from '../archive/index.ts';
import type { Tree, TreeStat } from '../port/index.ts';
import { join, namesIn, sameFile } from './difference.ts';
import { type CompareOptions, entryOf, LinkNames } from './entry-of.ts';
import { whiteoutName } from './whiteout.ts';

/**
 * The layer that turns `lower` into `upper`, whatever they are: what BuildKit does, and the only way where there is no
 * overlay. A changed file is entered with the directories that lead to it; a deleted name as a whiteout.
 */
export function compareTrees(lower: Tree, upper: Tree, options: CompareOptions = {}): TarEntry[] {
  const changed = changedLinks(lower, upper);
  const links = new LinkNames();
  /** Entries of a directory's children, in order; empty when nothing in it changed. */
  const visit = (directory: string, a: TreeStat | undefined, b: TreeStat): TarEntry[] => {
    const above = namesIn(upper, directory, b);
    const present = new Set(above);
    const gone = namesIn(lower, directory, a).filter((name) => !present.has(name));
    return merge(above, gone).flatMap((name) => {
      const path = join(directory, name);
      return present.has(name) ? entriesFor(path) : [tarEntry({ name: whiteoutName(path), mode: 0o600 })];
    });
  };
  const entriesFor = (path: string): TarEntry[] => {
    const before = lower.lstat(path);
    const after = upper.lstat(path)!;
    const same = before !== undefined && sameFile(lower, upper, path, before, after) && !changed(after);
    if (after.type !== 'directory') {
      const entry = same ? undefined : entryOf(upper, path, after, links.earlier(path, after), options);
      return entry ? [entry] : [];
    }
    const inside = visit(path, before, after);
    return same && inside.length === 0 ? [] : [entryOf(upper, path, after, undefined, options)!, ...inside];
  };
  return visit('', lower.lstat(''), upper.lstat('')!);
}

/** Two sorted lists of different names as one; the order of `Tree.readdir` (bytes) is kept for each. */
function merge(a: readonly string[], b: readonly string[]): string[] {
  if (b.length === 0) return [...a];
  return [...a, ...b].sort(byBytes);
}

function byBytes(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const step = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (step) return step;
  }
  return x.length - y.length;
}

/**
 * Hard links: when one name of a file is new or changed, or the file has gained or lost a name, all of its names must
 * be in the layer, else applying it would split them.
 */
function changedLinks(lower: Tree, upper: Tree): (stat: TreeStat) => boolean {
  const touched = new Set<string>();
  const partners = new Map<string, string>();
  const key = (stat: TreeStat): string => `${stat.dev}:${stat.ino}`;
  const visit = (directory: string): void => {
    for (const name of upper.readdir(directory)) {
      const path = join(directory, name);
      const stat = upper.lstat(path)!;
      if (stat.type === 'directory') visit(path);
      else if (stat.nlink > 1) check(path, stat);
    }
  };
  const check = (path: string, stat: TreeStat): void => {
    const before = lower.lstat(path);
    const same = before && before.nlink === stat.nlink && sameFile(lower, upper, path, before, stat);
    const partner = before && key(before);
    if (!same || (partners.get(key(stat)) ?? partner) !== partner) touched.add(key(stat));
    if (partner) partners.set(key(stat), partner);
  };
  visit('');
  return (stat) => stat.type !== 'directory' && touched.has(key(stat));
}
