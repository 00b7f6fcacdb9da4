import type { DirectoryEntry, Inode } from './inode.ts';
import { lookupOrUndefined } from './lineage.ts';
import type { OverlayInode } from './overlay-inode.ts';
import { isWhiteout, originOf } from './overlay-marks.ts';

/**
 * The merged listing: each name once, by its topmost layer, whiteouts left out. As the kernel lists it, the lowest
 * layer's names come first, then the others' from the top down.
 */
export function mergedEntries(directory: OverlayInode): DirectoryEntry[] {
  const seen = new Map<string, DirectoryEntry | undefined>();
  const sources = [...(directory.upper ? [directory.upper] : []), ...directory.lowers];
  for (const source of sources) {
    for (const entry of source.readdir()) {
      if (!seen.has(entry.name)) seen.set(entry.name, visible(directory, source, entry));
    }
  }
  const lowest = sources[sources.length - 1]!;
  const first: DirectoryEntry[] = [];
  for (const { name } of sources.length > 1 ? lowest.readdir() : []) {
    const entry = seen.get(name);
    if (entry) first.push(entry);
    seen.delete(name);
  }
  return [...first, ...[...seen.values()].filter((entry) => entry !== undefined)];
}

function visible(directory: OverlayInode, source: Inode, entry: DirectoryEntry): DirectoryEntry | undefined {
  const inode = lookupOrUndefined(source, entry.name);
  if (!inode || isWhiteout(inode)) return undefined;
  const ino = source === directory.upper ? (originOf(inode) ?? entry.ino) : entry.ino;
  return { ...entry, ino };
}
