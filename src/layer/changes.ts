import type { Tree, TreeStat } from '../port/index.ts';
import type { FilesystemChange } from '../spec/index.ts';
import { join, namesIn, sameFile } from './difference.ts';

const MODIFIED = 0;
const ADDED = 1;
const DELETED = 2;

/**
 * What `docker diff` lists: the container's merged view against that of the layers below it. A directory comes before
 * what is in it, deletions of a directory's names after all else in it; a directory in which something changed is
 * itself changed.
 *
 * Differs from Docker: names of one directory are sorted; dockerd's order is that of a Go map.
 */
export function changes(lower: Tree, upper: Tree): FilesystemChange[] {
  return visit(lower, upper, '', lower.lstat(''), upper.lstat('')!);
}

function visit(
  lower: Tree,
  upper: Tree,
  path: string,
  before: TreeStat | undefined,
  after: TreeStat,
): FilesystemChange[] {
  const inside: FilesystemChange[] = [];
  const names = namesIn(upper, path, after);
  const present = new Set(names);
  for (const name of names) {
    const child = join(path, name);
    inside.push(...visit(lower, upper, child, lower.lstat(child), upper.lstat(child)!));
  }
  for (const name of namesIn(lower, path, before)) {
    if (!present.has(name)) inside.push({ Path: `/${join(path, name)}`, Kind: DELETED });
  }
  const own = kindOf(lower, upper, path, before, after, inside.length > 0);
  return own === undefined ? inside : [{ Path: `/${path}`, Kind: own }, ...inside];
}

function kindOf(
  lower: Tree,
  upper: Tree,
  path: string,
  before: TreeStat | undefined,
  after: TreeStat,
  changedInside: boolean,
): 0 | 1 | undefined {
  if (path === '') return undefined;
  if (!before) return ADDED;
  if (!sameFile(lower, upper, path, before, after)) return MODIFIED;
  return after.type === 'directory' && changedInside ? MODIFIED : undefined;
}
