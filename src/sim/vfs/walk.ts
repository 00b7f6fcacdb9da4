/** Path walk, path_resolution(7): components, symlinks, `..`, mounts, search permission, and the way back (d_path). */
import { Errno, utf8 } from '../../spec/index.ts';
import { type Inode, S_IFDIR, S_IFLNK, S_IFMT } from './inode.ts';
import { homeOf, isHome, lookupOrUndefined, remember } from './lineage.ts';
import { crossMounts, type Location } from './mount-table.ts';
import type { Entry, FileCredentials, ResolveOptions } from './path-operations.ts';
import { requireSearch } from './permission.ts';

const PATH_MAX = 4096;
const NAME_MAX = 255;
const MAX_SYMLINKS = 40;

/** What a walk depends on. */
export interface WalkView {
  root: Location;
  cwd: Location;
  cred: FileCredentials;
}

export const typeOf = (inode: Inode): number => inode.getattr().mode & S_IFMT;

/** A walk in progress: where it is, and how many symlinks it has followed. */
interface Walk {
  view: WalkView;
  at: Location;
  links: number;
}

export function walk(view: WalkView, path: string, options: ResolveOptions = {}): Location {
  const state = start(view, path, options);
  const parts = split(path);
  const last = parts.length - 1;
  const slash = path.endsWith('/');
  parts.forEach((part, index) => {
    step(state, part, index < last || slash || options.follow !== false);
  });
  if (slash) requireDirectory(state.at.inode);
  return state.at;
}

/** All but the last component; the last may be anything. */
export function walkToEntry(view: WalkView, path: string, options: ResolveOptions = {}): Entry {
  const state = start(view, path, options);
  const parts = split(path);
  const name = parts.pop() ?? '';
  for (const part of parts) step(state, part, true);
  requireDirectory(state.at.inode);
  requireSearch(state.at.inode, view.cred);
  checkName(name);
  return { directory: state.at, name, mustBeDirectory: path.endsWith('/') };
}

/** The child, with mounts crossed and symlinks not followed; undefined when absent. */
export function child(directory: Location, name: string): Location | undefined {
  const inode = lookupOrThrow(directory.inode, name);
  return inode && arrive(directory, name, inode);
}

function lookupOrThrow(directory: Inode, name: string): Inode | undefined {
  if (directory.peek) return directory.peek(name);
  try {
    return directory.lookup(name);
  } catch (error) {
    if (error instanceof Errno && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function arrive(directory: Location, name: string, inode: Inode): Location {
  remember(inode, directory.inode, name);
  return crossMounts({ mount: directory.mount, inode, parent: directory.inode, name });
}

function start(view: WalkView, path: string, options: ResolveOptions): Walk {
  if (path === '') throw new Errno('ENOENT');
  if (path.length >= PATH_MAX || (path.length * 3 >= PATH_MAX && utf8(path).length >= PATH_MAX)) {
    throw new Errno('ENAMETOOLONG');
  }
  return { view, at: path.startsWith('/') ? view.root : (options.from ?? view.cwd), links: 0 };
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

function step(state: Walk, name: string, follow: boolean): void {
  const { inode } = state.at;
  requireSearchable(inode, state.view.cred);
  if (name === '.') return;
  if (name === '..') {
    state.at = above(state.at, state.view.root);
    return;
  }
  checkName(name);
  const found = inode.peek ? inode.peek(name) : inode.lookup(name);
  if (!found) throw new Errno('ENOENT');
  const next = arrive(state.at, name, found);
  if (follow && isSymlink(next.inode)) followLink(state, next.inode);
  else state.at = next;
}

function requireSearchable(inode: Inode, cred: FileCredentials): void {
  if (!(inode.isDirectory ?? typeOf(inode) === S_IFDIR)) throw new Errno('ENOTDIR');
  requireSearch(inode, cred);
}

function isSymlink(inode: Inode): boolean {
  if (inode.isDirectory) return false;
  return inode.followLink !== undefined || typeOf(inode) === S_IFLNK;
}

function followLink(state: Walk, link: Inode): void {
  if (++state.links > MAX_SYMLINKS) throw new Errno('ELOOP');
  if (link.followLink) {
    state.at = link.followLink();
    return;
  }
  const target = link.readlink();
  if (target === '') throw new Errno('ENOENT');
  if (target.startsWith('/')) state.at = state.view.root;
  for (const part of split(target)) step(state, part, true);
  if (target.endsWith('/')) requireDirectory(state.at.inode);
}

function requireDirectory(inode: Inode): void {
  if (typeOf(inode) !== S_IFDIR) throw new Errno('ENOTDIR');
}

function checkName(name: string): void {
  if (name.length > NAME_MAX || (name.length * 3 > NAME_MAX && utf8(name).length > NAME_MAX)) {
    throw new Errno('ENAMETOOLONG');
  }
}

const same = (a: Location, b: Location): boolean => a.mount === b.mount && a.inode === b.inode;

/** `..`: stops at the process's root, leaves mounts by where they are mounted. */
function above(from: Location, root: Location): Location {
  let at = from;
  while (!same(at, root) && at.inode === at.mount.root && at.mount.mountpoint && at.mount.parent) {
    at = at.mount.mountpoint;
  }
  if (same(at, root) || at.inode === at.mount.root) return crossMounts(at);
  const home = homeOf(at.inode);
  return home ? crossMounts({ mount: at.mount, inode: home.directory }) : at;
}

/** d_path: the path of a location as seen from `root`. */
export function pathOf(location: Location, root: Location): string {
  const names: string[] = [];
  let deleted = false;
  let at = location;
  while (!same(at, root)) {
    if (at.inode === at.mount.root) {
      if (!at.mount.mountpoint || !at.mount.parent) break;
      at = at.mount.mountpoint;
      continue;
    }
    const home = nameOf(at);
    if (!home) return '(unreachable)/';
    deleted ||= !isHome(at.inode, home);
    names.push(home.name);
    at = { mount: at.mount, inode: home.directory };
  }
  const path = `/${names.reverse().join('/')}`;
  if (deleted) return `${path} (deleted)`;
  return same(at, root) || isNamespaceRoot(at) ? path : `(unreachable)${path}`;
}

/** A location outside a chroot is shown by its path from the namespace's root only when there is no other. */
const isNamespaceRoot = (at: Location): boolean => at.mount.namespace?.root === at.mount && at.mount.root === at.inode;

function nameOf(at: Location): { directory: Inode; name: string } | undefined {
  if (at.parent && at.name !== undefined && lookupOrUndefined(at.parent, at.name) === at.inode) {
    return { directory: at.parent, name: at.name };
  }
  const home = homeOf(at.inode);
  if (home) return home;
  return at.parent && at.name !== undefined ? { directory: at.parent, name: at.name } : undefined;
}
