import { type TarEntry, tarEntry } from '../archive/index.ts';
import type { Tree, TreeStat } from '../port/index.ts';
import { epoch, finish, type Steps } from '../spec/index.ts';
import { type CompareOptions, entryOf, LinkNames, layerTime, ownersOf } from './entry-of.ts';
import { isOpaqueMark, OPAQUE_NAME, whiteoutName } from './whiteout.ts';

/**
 * The layer that an overlay's upper directory is, exactly as dockerd's overlay2 driver writes it: a walk of that
 * directory alone, never a comparison. Whiteouts are found as char devices 0:0, opaque directories by their xattr.
 *
 *   d/  d/f  d-x/        a directory's children follow it at once; names sorted bytewise
 *   A  .wh.B  C          a whiteout stands where the deleted name would
 */
export function compareUpper(upper: Tree, options: CompareOptions = {}): TarEntry[] {
  return finish(comparingUpper(upper, options));
}

/** {@link compareUpper}, a name a step. */
export function* comparingUpper(upper: Tree, options: CompareOptions = {}): Steps<TarEntry[]> {
  const entries: TarEntry[] = [];
  const links = new LinkNames();
  function* visit(directory: string): Steps<void> {
    for (const name of upper.readdir(directory)) {
      yield;
      const path = directory ? `${directory}/${name}` : name;
      const stat = upper.lstat(path)!;
      const entry = upperEntry(upper, path, stat, links.earlier(path, stat), options);
      if (entry) entries.push(entry);
      if (stat.type !== 'directory') continue;
      if (isOpaqueMark(upper.xattrs(path).get('trusted.overlay.opaque')))
        entries.push(opaqueEntry(path, stat, options));
      yield* visit(path);
    }
  }
  yield* visit('');
  return entries;
}

function upperEntry(
  upper: Tree,
  path: string,
  stat: TreeStat,
  earlier: string | undefined,
  options: CompareOptions,
): TarEntry | undefined {
  if (stat.type !== 'char' || stat.rdev.major !== 0 || stat.rdev.minor !== 0) {
    return entryOf(upper, path, stat, earlier, options);
  }
  // Overlayfs hard-links one whiteout inode, so Docker's archiver takes all but the first for hard links and, turning
  // them into files named .wh.*, leaves the first one's (raw) path as their link name.
  return tarEntry({
    name: whiteoutName(path),
    mode: 0o600,
    mtime: layerTime(stat.mtime, options),
    linkname: earlier ?? '',
    uid: stat.uid,
    gid: stat.gid,
    ...ownersOf(stat, options),
  });
}

const opaqueEntry = (path: string, stat: TreeStat, options: CompareOptions): TarEntry =>
  tarEntry({
    name: `${path}/${OPAQUE_NAME}`,
    mode: stat.mode & 0o777,
    uid: stat.uid,
    gid: stat.gid,
    ...ownersOf(stat, options),
    mtime: epoch,
  });
