import { type FileChange, MergedFiles } from './files.ts';

export interface Efficiency {
  /** 0..1: what the files need, each at its smallest, by what all layers together hold of them. */
  efficiency: number;
  wastedBytes: number;
  /** Paths that more than one layer writes or deletes, the most costly first. */
  inefficient: { path: string; count: number; bytes: number }[];
}

/** dive's measure (filetree/efficiency.go): leaves of each layer's own tree, by path over all layers. */
export function efficiencyOf(layers: readonly (readonly FileChange[])[]): Efficiency {
  const found = new Map<string, { count: number; bytes: number; smallest: number }>();
  const merged = new MergedFiles();
  // What lies below is asked for where something is deleted only.
  const last = layers.findLastIndex((changes) => changes.some(({ kind }) => kind === 'deleted'));
  for (const [index, changes] of layers.entries()) {
    for (const [path, bytes] of leaves(changes, merged)) {
      const known = found.get(path);
      if (known) {
        known.count++;
        known.bytes += bytes;
        known.smallest = Math.min(known.smallest, bytes);
      } else found.set(path, { count: 1, bytes, smallest: bytes });
    }
    if (index < last) merged.add(changes, index);
  }
  const all = [...found.values()];
  const needed = all.reduce((sum, { smallest }) => sum + smallest, 0);
  const held = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const inefficient = [...found]
    .filter(([, { count }]) => count > 1)
    .map(([path, { count, bytes }]) => ({ path, count, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  const wastedBytes = inefficient.reduce((sum, { bytes }) => sum + bytes, 0);
  return { efficiency: held === 0 ? 1 : needed / held, wastedBytes, inefficient };
}

/** Path and cost of what a layer names that has nothing below it; a whiteout of a directory costs what it hides. */
function leaves(changes: readonly FileChange[], below: MergedFiles): Map<string, number> {
  const sizes = new Map<string, number>();
  const parents = new Set<string>();
  for (const { path, kind, size } of changes) {
    sizes.set(path, kind === 'deleted' ? below.below(path) : size);
    for (let at = parentOf(path); at !== '' && !parents.has(at); at = parentOf(at)) parents.add(at);
  }
  for (const path of parents) sizes.delete(path);
  return sizes;
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
