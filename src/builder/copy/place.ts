import { decompress, detectCompression, readTar, type TarEntry, TarError } from '../../archive/index.ts';
import type { Tree, TreeStat } from '../../port/index.ts';
import type { Content, Steps, Timespec } from '../../spec/index.ts';
import { BuildError } from '../backend.ts';
import { base, clean, parent, relative } from '../paths.ts';
import type { Owner } from './chown.ts';
import { type SourceTree, walk } from './source-tree.ts';

export interface PlaceOptions {
  /** Absent: owners stay as they are in the source. */
  owner?: Owner;
  /** Absent: modes stay. */
  chmod?: number;
  /** ADD: archives are unpacked. */
  unpack: boolean;
  /** The tree's root on the host, for the paths in error texts. */
  hostPath: string;
  /** BuildKit gives created parents the owner too, and nested directories the time of the copy. */
  buildkit: boolean;
  now: Timespec;
  excluded?(path: string): boolean;
}

/**
 * Copies one source to `destination` (absolute, a trailing slash means a directory) as the classic builder does: a
 * directory's content goes into the destination, a file goes to it, or into it when it is a directory.
 *
 * An entry a step. Throws {@link BuildError} without "failed to copy files: ".
 */
export function* place(
  source: { tree: SourceTree; path: string; plain?: boolean },
  target: Tree,
  destination: string,
  options: PlaceOptions,
): Steps<void> {
  const from = source.tree.resolve(source.path, true);
  const stat = source.tree.lstat(from)!;
  const to = target.resolve(relative(destination), true);
  if (stat.type === 'directory') {
    yield* placeDirectory(source.tree, from, target, to, options);
    return;
  }
  const content = stat.type === 'file' ? source.tree.content(from) : undefined;
  const archive = options.unpack && !source.plain && content ? archiveEntries(content) : undefined;
  if (archive) {
    yield* unpackInto(archive, target, to, options);
    return;
  }
  const into = destination.endsWith('/') || isDirectory(target, to, options);
  const path = into ? target.resolve(`${to}/${base(source.path)}`, true) : to;
  makeParents(target, path, options);
  placeFile(source.tree, from, stat, target, path, options);
}

/** Throws when a file stands in the way of the path itself, as lstat(2) would. */
function isDirectory(target: Tree, path: string, options: PlaceOptions): boolean {
  for (let above = parent(path); above; above = parent(above)) {
    const stat = target.lstat(above);
    if (stat && stat.type !== 'directory') throw new BuildError(`lstat ${options.hostPath}/${path}: not a directory`);
  }
  return target.lstat(path)?.type === 'directory';
}

/** mkdir -p of what is above `path`; new directories are 0755. */
function makeParents(target: Tree, path: string, options: PlaceOptions): void {
  const missing: string[] = [];
  for (let above = parent(path); above && !target.lstat(above); above = parent(above)) missing.unshift(above);
  for (const directory of missing) {
    target.mkdir(directory, 0o755);
    if (options.owner) target.chown(directory, options.owner.uid, options.owner.gid);
  }
}

function* placeDirectory(tree: SourceTree, from: string, target: Tree, to: string, options: PlaceOptions): Steps<void> {
  const existing = to === '' ? 'directory' : target.lstat(to)?.type;
  if (existing !== undefined && existing !== 'directory') {
    throw new BuildError(`failed to copy directory: mkdir ${options.hostPath}/${to}: not a directory`);
  }
  if (existing === undefined) {
    makeParents(target, to, options);
    target.mkdir(to, 0o755);
    if (options.buildkit) target.chmod(to, tree.lstat(from)!.mode);
    if (options.owner) target.chown(to, options.owner.uid, options.owner.gid);
  }
  const directories: [string, TreeStat][] = [];
  for (const path of walk(tree, from)) {
    yield;
    const inside = from === '' ? path : path.slice(from.length + 1);
    if (options.excluded?.(inside)) continue;
    const stat = tree.lstat(path)!;
    const goal = to === '' ? inside : `${to}/${inside}`;
    placeFile(tree, path, stat, target, goal, options);
    if (stat.type === 'directory') directories.push([goal, stat]);
  }
  // Times last: making children touches their directory.
  if (!options.buildkit)
    for (const [path, stat] of directories.reverse()) target.utimes(path, wholeSeconds(stat.mtime));
}

const wholeSeconds = (time: Timespec): Timespec => ({ sec: time.sec, nsec: 0 });

/** One entry, replacing what is there unless both are directories. */
function placeFile(
  tree: SourceTree,
  from: string,
  stat: TreeStat,
  target: Tree,
  to: string,
  options: PlaceOptions,
): void {
  const existing = target.lstat(to);
  const merge = existing?.type === 'directory' && stat.type === 'directory';
  if (existing && !merge) {
    if (options.buildkit && existing.type === 'directory')
      throw new BuildError(`cannot overwrite directory with file ${options.hostPath}/${to}`);
    target.remove(to);
  }
  if (options.buildkit) makeParents(target, to, options);
  if (!merge) create(tree, from, stat, target, to);
  const owner = options.owner ?? stat;
  target.chown(to, owner.uid, owner.gid);
  if (stat.type !== 'symlink') target.chmod(to, options.chmod ?? modeAfterChown(stat, options));
  if (stat.type !== 'directory') target.utimes(to, wholeSeconds(stat.mtime));
}

/** The classic builder gives an owner after the mode: what chown(2) takes from a file is gone. */
function modeAfterChown({ type, mode }: TreeStat, { buildkit, owner }: PlaceOptions): number {
  if (buildkit || !owner || type === 'directory') return mode;
  return mode & ~(mode & 0o010 ? 0o6000 : 0o4000);
}

function create(tree: SourceTree, from: string, stat: TreeStat, target: Tree, to: string): void {
  switch (stat.type) {
    case 'file':
      target.writeFile(to, tree.content(from));
      return;
    case 'directory':
      target.mkdir(to, stat.mode);
      return;
    case 'symlink':
      target.symlink(to, tree.readlink(from));
      return;
    default:
      target.mknod(to, stat.type, stat.rdev);
      return;
  }
}

/** The entries when the content is a tar (plain or compressed), else undefined. */
export function archiveEntries(content: Content): readonly TarEntry[] | undefined {
  const compression = detectCompression(content);
  const magic = content.read(257, 5);
  if (compression === 'none' && String.fromCharCode(...magic) !== 'ustar') return undefined;
  try {
    const entries = readTar(decompress(content));
    return entries.length > 0 ? entries : undefined;
  } catch (error) {
    if (error instanceof TarError) return undefined;
    throw error;
  }
}

/** Unpacks into the directory `to`. Owners are the archive's; BuildKit gives all of it `owner`. */
function* unpackInto(entries: readonly TarEntry[], target: Tree, to: string, options: PlaceOptions): Steps<void> {
  const existing = to === '' ? 'directory' : target.lstat(to)?.type;
  if (existing !== undefined && existing !== 'directory') {
    throw new BuildError(`mkdir ${options.hostPath}/${to}: not a directory`);
  }
  if (existing === undefined) {
    makeParents(target, `${to}/x`, options);
    if (options.owner) target.chown(to, options.owner.uid, options.owner.gid);
  }
  const directories: [string, Timespec][] = [];
  for (const entry of entries) {
    yield;
    const inside = clean(`/${entry.name}`).slice(1);
    const path = target.resolve(to === '' ? inside : `${to}/${inside}`, false);
    if (inside === '') continue;
    unpackEntry(entry, target, to, path, options);
    if (entry.type === 'directory') directories.push([path, entry.mtime]);
  }
  for (const [path, mtime] of directories.reverse()) target.utimes(path, wholeSeconds(mtime));
}

function unpackEntry(entry: TarEntry, target: Tree, to: string, path: string, options: PlaceOptions): void {
  makeParents(target, path, options);
  const merge = entry.type === 'directory' && target.lstat(path)?.type === 'directory';
  if (!merge && target.lstat(path)) target.remove(path);
  if (entry.type === 'link') {
    const linked = clean(`/${entry.linkname}`).slice(1);
    target.link(path, to === '' ? linked : `${to}/${linked}`);
    return;
  }
  if (!merge) unpackNew(entry, target, path);
  const owner = (options.buildkit && options.owner) || entry;
  target.chown(path, owner.uid, owner.gid);
  if (entry.type !== 'symlink') target.chmod(path, options.chmod ?? entry.mode & 0o7777);
  for (const [name, value] of entry.xattrs) target.setxattr(path, name, value);
  if (entry.type !== 'directory') target.utimes(path, wholeSeconds(entry.mtime));
}

function unpackNew(entry: TarEntry, target: Tree, path: string): void {
  switch (entry.type) {
    case 'file':
    case 'link':
      target.writeFile(path, entry.content);
      return;
    case 'directory':
      target.mkdir(path, entry.mode & 0o7777);
      return;
    case 'symlink':
      target.symlink(path, entry.linkname);
      return;
    default:
      target.mknod(path, entry.type, { major: entry.devmajor, minor: entry.devminor });
      return;
  }
}
