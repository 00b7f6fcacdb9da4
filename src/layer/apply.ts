/**
 * Applying a layer to a tree (image-spec layer.md#applying-changesets), in the order of its entries.
 *
 * Hostile archives: names and link targets are taken as seen from the tree's root, as dockerd does it in a chroot: `..`
 * stops at the root, a symlink on the way is followed inside it, and a whiteout names one entry of its directory.
 */
import { readTar, type TarEntry } from '../archive/index.ts';
import type { Tree } from '../port/index.ts';
import { type Content, Errno, finish, type Steps } from '../spec/index.ts';
import { isWhiteoutName, META_PREFIX, OPAQUE_NAME, WHITEOUT_PREFIX } from './whiteout.ts';

/** A layer that cannot be applied, in dockerd's words where it has some. */
export class LayerError extends Error {
  override readonly name = 'LayerError';
}

/** Bytes of file data unpacked. Not atomic: after an error the tree holds part of the layer. */
export function applyLayer(tree: Tree, layer: Content | readonly TarEntry[]): number {
  return finish(applyingLayer(tree, layer));
}

/** {@link applyLayer}, an entry a step. */
export function* applyingLayer(tree: Tree, layer: Content | readonly TarEntry[]): Steps<number> {
  const application = new Application(tree);
  const entries = 'read' in layer ? readTar(layer) : layer;
  for (const entry of entries) {
    yield;
    application.add(entry);
  }
  return application.finish();
}

class Application {
  private size = 0;
  /** Paths this layer has put there: an opaque mark spares them. */
  private readonly unpacked = new Set<string>();
  /** Directories get their times when everything is in them. */
  private readonly directories = new Map<string, TarEntry>();

  /** Literal paths of directories found before; void when anything was removed. */
  private readonly parents = new Map<string, string>();

  constructor(private readonly tree: Tree) {}

  add(entry: TarEntry): void {
    const name = clean(entry.name);
    if (name === '') {
      if (entry.type === 'directory') this.directories.set('', entry);
      return;
    }
    // AUFS's own bookkeeping at the root is no content.
    if (name.startsWith(META_PREFIX) && name !== OPAQUE_NAME) return;
    const slash = name.lastIndexOf('/');
    const base = name.slice(slash + 1);
    const directory = this.parent(slash < 0 ? '' : name.slice(0, slash));
    if (base === OPAQUE_NAME) this.hideAll(directory);
    else if (isWhiteoutName(base)) this.hide(directory, base.slice(WHITEOUT_PREFIX.length), entry.name);
    else this.put(under(directory, base), entry);
  }

  finish(): number {
    for (const [path, entry] of this.directories) {
      if (this.tree.lstat(path)?.type !== 'directory') continue;
      if (path === '') this.setOwnerAndMode('', entry);
      this.tree.utimes(path, entry.mtime);
    }
    return this.size;
  }

  /** The literal path of a directory, made (as 0755, root's) where the archive has left it out. */
  private parent(path: string): string {
    const known = this.parents.get(path);
    if (known !== undefined) return known;
    const found = this.findParent(path);
    this.parents.set(path, found);
    return found;
  }

  private findParent(path: string): string {
    let at = '';
    for (const part of path ? path.split('/') : []) {
      at = this.tree.resolve(under(at, part), true);
      const stat = this.tree.lstat(at);
      if (stat?.type === 'directory') continue;
      if (stat) throw new Errno('ENOTDIR', at);
      this.makeAll(at);
    }
    return at;
  }

  /** A dangling symlink may lead to a path of which nothing exists yet. */
  private makeAll(path: string): void {
    let at = '';
    for (const part of path.split('/')) {
      at = under(at, part);
      if (!this.tree.lstat(at)) this.tree.mkdir(at, 0o755);
    }
  }

  private hide(directory: string, name: string, given: string): void {
    if (name === '' || name === '.' || name === '..') throw new LayerError(`invalid whiteout name: ${given}`);
    const path = under(directory, name);
    if (!this.tree.lstat(path)) return;
    this.tree.remove(path);
    this.forget(path);
  }

  /** Everything that lower layers have in the directory goes. */
  private hideAll(directory: string): void {
    const names = this.tree.readdir(directory);
    if (names.length === 0) return;
    if (directory !== '' && !this.holdsUnpacked(directory)) {
      this.remake(directory);
      return;
    }
    for (const name of names) {
      const path = under(directory, name);
      if (!this.unpacked.has(path)) this.tree.remove(path);
      else if (this.tree.lstat(path)?.type === 'directory') this.hideAll(path);
    }
  }

  private holdsUnpacked(directory: string): boolean {
    for (const path of this.unpacked) if (path.startsWith(`${directory}/`)) return true;
    return false;
  }

  /** Removed and made again: in an overlay that leaves one opaque directory instead of a whiteout for each name. */
  private remake(path: string): void {
    const { tree } = this;
    const stat = tree.lstat(path)!;
    const xattrs = [...tree.xattrs(path)].filter(([key]) => !key.startsWith('trusted.overlay.'));
    tree.remove(path);
    this.parents.clear();
    tree.mkdir(path, stat.mode);
    tree.chown(path, stat.uid, stat.gid);
    tree.chmod(path, stat.mode);
    for (const [key, value] of xattrs) tree.setxattr(path, key, value);
    tree.utimes(path, stat.mtime);
  }

  private put(path: string, entry: TarEntry): void {
    const { tree } = this;
    const existing = tree.lstat(path);
    const keeps = existing?.type === 'directory' && entry.type === 'directory';
    if (existing && !keeps) {
      tree.remove(path);
      this.forget(path);
    }
    if (!keeps) this.make(path, entry);
    this.unpacked.add(path);
    this.size += entry.size;
    // A hard link shares what its first name was given.
    if (entry.type === 'link') return;
    this.setOwnerAndMode(path, entry);
    if (entry.type === 'directory') this.directories.set(path, entry);
    else tree.utimes(path, entry.mtime);
  }

  private make(path: string, entry: TarEntry): void {
    const { tree } = this;
    if (entry.type === 'file') tree.writeFile(path, entry.content);
    else if (entry.type === 'directory') tree.mkdir(path, entry.mode & 0o7777);
    else if (entry.type === 'symlink') tree.symlink(path, entry.linkname);
    else if (entry.type === 'link') tree.link(path, this.linkTarget(entry));
    else tree.mknod(path, entry.type, { major: entry.devmajor, minor: entry.devminor });
  }

  /** link(2) does not follow a symlink in the last place, only on the way. */
  private linkTarget(entry: TarEntry): string {
    const name = clean(entry.linkname);
    if (name === '') throw new LayerError(`invalid hardlink "${entry.name}" -> "${entry.linkname}"`);
    return this.tree.resolve(name, false);
  }

  private setOwnerAndMode(path: string, entry: TarEntry): void {
    const { tree } = this;
    tree.chown(path, entry.uid, entry.gid);
    // After chown, which takes setuid away.
    if (entry.type !== 'symlink') tree.chmod(path, entry.mode & 0o7777);
    for (const [key, value] of entry.xattrs) tree.setxattr(path, key, value);
  }

  private forget(path: string): void {
    this.parents.clear();
    this.directories.delete(path);
    for (const known of this.directories.keys()) if (known.startsWith(`${path}/`)) this.directories.delete(known);
  }
}

const under = (directory: string, name: string): string => (directory ? `${directory}/${name}` : name);

/** Relative to the root: no leading or doubled slashes, no '.', and '..' that stops at the root. */
function clean(name: string): string {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
