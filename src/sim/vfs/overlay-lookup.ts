/** How a name of a merged directory is found in its layers. */
import type { Inode } from './inode.ts';
import { lookupOrUndefined } from './lineage.ts';
import type { OverlayFs } from './overlay.ts';
import type { OverlayInode } from './overlay-inode.ts';
import { isOpaque, isWhiteout } from './overlay-marks.ts';

export interface Found {
  upper: Inode | undefined;
  /** Of a directory: all that are merged, topmost first. Of anything else: one or none. */
  lowers: Inode[];
  opaque: boolean;
}

type Outcome = 'hit' | 'miss' | 'whiteout' | 'opaque';

const isDirectory = (inode: Inode): boolean => inode.isDirectory ?? (inode.getattr().mode & 0o170000) === 0o040000;

/** Undefined when the name is not there, or is hidden by a whiteout. */
export function findInLayers(directory: OverlayInode, name: string): Found | undefined {
  const upper = directory.upper && lookupOrUndefined(directory.upper, name);
  if (upper) {
    if (isWhiteout(upper)) return undefined;
    if (!isDirectory(upper)) return { upper, lowers: [], opaque: false };
    if (isOpaque(upper)) return { upper, lowers: [], opaque: true };
  }
  const lowers = findInLowers(directory, name, upper !== undefined);
  return upper || lowers.length ? { upper, lowers, opaque: false } : undefined;
}

/** `directoriesOnly`: a directory above is being merged; a file below ends it. */
function findInLowers(directory: OverlayInode, name: string, directoriesOnly: boolean): Inode[] {
  const found: Inode[] = [];
  for (const inode of directory.candidates(name)) {
    if (isWhiteout(inode)) break;
    if (!isDirectory(inode)) {
      if (!directoriesOnly && found.length === 0) found.push(inode);
      break;
    }
    found.push(inode);
    if (isOpaque(inode)) break;
  }
  return found;
}

/** Whether removing the name from the upper directory would show one from below. */
export function isPositiveBelow(directory: OverlayInode, name: string): boolean {
  for (const inode of directory.candidates(name)) return !isWhiteout(inode);
  return false;
}

/**
 * Which lower directories hold a name: made once per directory that many layers make up, so that a lookup costs the
 * same at a depth of 100 as at 1. Lower layers do not change while they are mounted.
 */
export function indexLayers(lowers: readonly Inode[]): Map<string, Inode[]> {
  const index = new Map<string, Inode[]>();
  for (const lower of lowers) {
    for (const { name } of lower.readdir()) {
      const inode = lookupOrUndefined(lower, name);
      if (!inode) continue;
      const known = index.get(name);
      if (known) known.push(inode);
      else index.set(name, [inode]);
    }
  }
  return index;
}

/** The overlay.lookup event: what each layer said, top to bottom, as far as it was asked. */
export function traceLookup(fs: OverlayFs, directory: OverlayInode, name: string): void {
  const layers: { dir: string; found: Outcome }[] = [];
  const sources = [...(directory.upper ? [directory.upper] : []), ...directory.lowers];
  for (const source of sources) {
    const inode = lookupOrUndefined(source, name);
    const found = outcome(inode);
    layers.push({ dir: fs.layerPath(source), found });
    if (found === 'whiteout' || found === 'opaque' || (inode && !isDirectory(inode))) break;
  }
  fs.tracer.emit({ type: 'overlay.lookup', upper: fs.upperPath, path: directory.pathTo(name), layers });
}

function outcome(inode: Inode | undefined): Outcome {
  if (!inode) return 'miss';
  if (isWhiteout(inode)) return 'whiteout';
  return isDirectory(inode) && isOpaque(inode) ? 'opaque' : 'hit';
}
