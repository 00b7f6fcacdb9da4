/** Names made, removed and moved in the merged view: what that leaves in the upper directory. */
import { Errno } from '../../spec/index.ts';
import type { Inode, RenameFlags } from './inode.ts';
import { lookupOrUndefined } from './lineage.ts';
import { copyUp } from './overlay-copyup.ts';
import type { OverlayInode } from './overlay-inode.ts';
import { isPositiveBelow } from './overlay-lookup.ts';
import { isWhiteout, markOpaque } from './overlay-marks.ts';

/** Over a whiteout: the whiteout goes, and a directory is opaque, lest what was deleted shows through it. */
export function createIn(
  directory: OverlayInode,
  name: string,
  isDirectory: boolean,
  make: (upper: Inode) => Inode,
): OverlayInode {
  if (directory.peek(name)) throw new Errno('EEXIST');
  const { fs } = directory;
  const upper = copyUp(directory);
  const overWhiteout = lookupOrUndefined(upper, name) !== undefined;
  if (overWhiteout) upper.unlink(name);
  const made = makeOrPutBack(directory, name, overWhiteout, () => make(upper));
  const opaque = overWhiteout && isDirectory;
  if (opaque) markOpaque(made);
  const child = fs.inodeFor(directory, name, made, [], opaque);
  directory.entered(name, child);
  const path = child.path();
  fs.tracer.emit({ type: 'overlay.create', upper: fs.upperPath, path });
  if (opaque) fs.tracer.emit({ type: 'overlay.opaque', upper: fs.upperPath, path });
  return child;
}

/** ENOSPC must not bring a deleted file back. */
function makeOrPutBack(directory: OverlayInode, name: string, overWhiteout: boolean, make: () => Inode): Inode {
  try {
    return make();
  } catch (error) {
    if (overWhiteout) directory.fs.putWhiteout(directory.upper!, name);
    directory.upperChanged();
    throw error;
  }
}

export function linkIn(directory: OverlayInode, name: string, target: OverlayInode): void {
  if (directory.peek(name)) throw new Errno('EEXIST');
  if (target.isDirectory) throw new Errno('EPERM');
  const source = copyUp(target);
  const upper = copyUp(directory);
  if (lookupOrUndefined(upper, name)) upper.unlink(name);
  upper.link(name, source);
  directory.entered(name, target);
}

export function removeFrom(directory: OverlayInode, name: string, asDirectory: boolean): void {
  const victim = directory.lookup(name);
  if (victim.isDirectory !== asDirectory) throw new Errno(asDirectory ? 'ENOTDIR' : 'EISDIR');
  if (asDirectory && victim.readdir().length) throw new Errno('ENOTEMPTY');
  const { fs } = directory;
  const upper = copyUp(directory);
  const hides = isPositiveBelow(directory, name);
  if (victim.upper) removeUpper(upper, name, victim.upper);
  if (hides) fs.putWhiteout(upper, name);
  directory.entered(name, undefined);
  if (!victim.upper) victim.home = undefined;
  if (hides) fs.tracer.emit({ type: 'overlay.whiteout', upper: fs.upperPath, path: directory.pathTo(name) });
}

/** The upper file or directory of a name; an empty merged directory may still hold whiteouts. */
function removeUpper(parent: Inode, name: string, upper: Inode): void {
  if (!upper.isDirectory) {
    parent.unlink(name);
    return;
  }
  clearWhiteouts(upper);
  parent.rmdir(name);
}

function clearWhiteouts(upper: Inode): void {
  for (const entry of upper.readdir()) upper.unlink(entry.name);
}

export function renameIn(from: OverlayInode, name: string, to: OverlayInode, toName: string, flags: RenameFlags): void {
  if (flags.whiteout) throw new Errno('EINVAL');
  const moved = from.lookup(name);
  const target = to.isDirectory ? to.peek(toName) : to.lookup(toName);
  if (flags.noreplace && target) throw new Errno('EEXIST');
  if (flags.exchange && !target) throw new Errno('ENOENT');
  if (target === moved) return;
  for (let at: OverlayInode | undefined = to; at; at = at.home?.directory) if (at === moved) throw new Errno('EINVAL');
  if (target && !flags.exchange) requireReplaceable(moved, target);
  // redirect_dir=off: a directory that (also) lies below cannot move; mv copies it instead.
  if (!movable(moved) || (flags.exchange && !movable(target!))) throw new Errno('EXDEV');
  copyUp(moved);
  if (flags.exchange) copyUp(target!);
  const fromUpper = copyUp(from);
  const toUpper = copyUp(to);
  const hidden = [to.isMerged && hideBelow(moved), flags.exchange && from.isMerged && hideBelow(target!)];
  if (flags.exchange) {
    fromUpper.rename(name, toUpper, toName, { exchange: true });
    from.entered(name, target);
    to.entered(toName, moved);
    tellHidden(hidden);
    return;
  }
  if (target?.upper?.isDirectory) clearWhiteouts(target.upper);
  const leaves = isPositiveBelow(from, name);
  moveUpper(fromUpper, name, toUpper, toName, leaves);
  from.entered(name, undefined);
  to.entered(toName, moved);
  if (target && !target.upper) target.home = undefined;
  tellHidden(hidden);
  if (leaves) {
    const { fs } = from;
    fs.tracer.emit({ type: 'overlay.whiteout', upper: fs.upperPath, path: from.pathTo(name) });
  }
}

const movable = (inode: OverlayInode): boolean => !inode.isDirectory || inode.isPureUpper;

function requireReplaceable(moved: OverlayInode, target: OverlayInode): void {
  if (moved.isDirectory && !target.isDirectory) throw new Errno('ENOTDIR');
  if (!moved.isDirectory && target.isDirectory) throw new Errno('EISDIR');
  if (target.isDirectory && target.readdir().length) throw new Errno('ENOTEMPTY');
}

/** A directory that comes into a merged one must not merge with a namesake below. Gives it when it was marked. */
function hideBelow(moved: OverlayInode): OverlayInode | false {
  if (!moved.isDirectory || moved.opaque) return false;
  markOpaque(moved.upper!);
  moved.opaque = true;
  return moved;
}

function tellHidden(hidden: readonly (OverlayInode | false | undefined)[]): void {
  for (const directory of hidden) {
    if (!directory) continue;
    const { fs } = directory;
    fs.tracer.emit({ type: 'overlay.opaque', upper: fs.upperPath, path: directory.path() });
  }
}

/** `leaves`: the old name must stay hidden. A whiteout at the new name is used for it, else a new one is made. */
function moveUpper(from: Inode, name: string, to: Inode, toName: string, leaves: boolean): void {
  const there = lookupOrUndefined(to, toName);
  const whiteoutThere = there !== undefined && isWhiteout(there);
  if (leaves && !whiteoutThere) from.rename(name, to, toName, { whiteout: true });
  else if (leaves) from.rename(name, to, toName, { exchange: true });
  else {
    if (whiteoutThere) to.unlink(toName);
    from.rename(name, to, toName);
  }
}
