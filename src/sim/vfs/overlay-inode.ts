import { type Content, Errno } from '../../spec/index.ts';
import {
  type DirectoryEntry,
  type Inode,
  type Owner,
  type RenameFlags,
  S_IFMT,
  S_IFREG,
  type SetAttr,
  type Stat,
} from './inode.ts';
import type { OverlayFs } from './overlay.ts';
import { createIn, linkIn, removeFrom, renameIn } from './overlay-change.ts';
import { copyUp } from './overlay-copyup.ts';
import { findInLayers, indexLayers, traceLookup } from './overlay-lookup.ts';
import { isPrivateXattr, nameInLayer, nameInMount } from './overlay-marks.ts';
import { mergedEntries } from './overlay-readdir.ts';

/** From this many lower directories on, an index finds names; below, asking each is cheaper. */
const INDEX_FROM = 5;

/** One file of the merged view: an upper file, a lower one, or a directory of any number of layers. */
export class OverlayInode implements Inode {
  readonly isDirectory: boolean;
  /** Of a directory. */
  version = 0;
  /** Where it hangs in the merged view; what is not yet copied up has exactly one name. */
  home: { directory: OverlayInode; name: string } | undefined;
  /** Names looked up before; undefined: known to be absent. */
  private readonly children = new Map<string, OverlayInode | undefined>();
  /** Version of the upper directory that `children` is about. */
  private upperVersion: number | undefined;
  private index: Map<string, Inode[]> | undefined;
  private listing: { key: string; entries: DirectoryEntry[] } | undefined;

  constructor(
    readonly fs: OverlayFs,
    public ino: number,
    public upper: Inode | undefined,
    /** Of a directory: the merged lower ones, topmost first. Else one or none. */
    public lowers: readonly Inode[],
    /** A directory that hides what is below it, by its mark. */
    public opaque: boolean,
  ) {
    this.isDirectory = (this.real.getattr().mode & S_IFMT) === 0o040000;
    this.upperVersion = upper?.version;
  }

  /** The file whose attributes and data count. */
  get real(): Inode {
    return this.upper ?? this.lowers[0]!;
  }

  /** A directory of several layers. */
  get isMerged(): boolean {
    return this.isDirectory && this.lowers.length > (this.upper ? 0 : 1);
  }

  /** Everything that is in it is in the upper directory. */
  get isPureUpper(): boolean {
    return this.upper !== undefined && !this.isMerged;
  }

  // ---- finding

  lookup(name: string): OverlayInode {
    if (!this.isDirectory) throw new Errno('ENOTDIR');
    const found = this.peek(name);
    if (!found) throw new Errno('ENOENT');
    return found;
  }

  peek(name: string): OverlayInode | undefined {
    if (!this.isDirectory) return undefined;
    if (this.upper?.version !== this.upperVersion) this.forgetChildren();
    if (this.fs.tracer.wants('overlay.lookup')) traceLookup(this.fs, this, name);
    const known = this.children.get(name);
    if (known || this.children.has(name)) return known;
    const found = findInLayers(this, name);
    const child = found && this.fs.inodeFor(this, name, found.upper, found.lowers, found.opaque);
    this.children.set(name, child);
    return child;
  }

  /** The lower inodes of that name, topmost first, whiteouts included. */
  candidates(name: string): readonly Inode[] {
    if (this.lowers.length < INDEX_FROM) {
      const found: Inode[] = [];
      for (const lower of this.lowers) {
        const inode = lower.peek ? lower.peek(name) : peekSlowly(lower, name);
        if (inode) found.push(inode);
      }
      return found;
    }
    this.index ??= indexLayers(this.lowers);
    return this.index.get(name) ?? [];
  }

  readdir(): DirectoryEntry[] {
    if (!this.isDirectory) throw new Errno('ENOTDIR');
    const key = `${this.upper?.version ?? ''},${this.lowers.map((lower) => lower.version).join()}`;
    if (this.listing?.key !== key) this.listing = { key, entries: mergedEntries(this) };
    return this.listing.entries.slice();
  }

  /** Someone else changed the upper directory, or the tree under it was restored. */
  private forgetChildren(): void {
    for (const child of this.children.values()) child?.stale();
    this.children.clear();
    this.upperVersion = this.upper?.version;
  }

  private stale(): void {
    if (this.home) this.fs.reusable.set(this.real, this);
  }

  /** After a change of the upper directory that the cache already knows of. */
  upperChanged(): void {
    this.upperVersion = this.upper?.version;
    this.version++;
  }

  entered(name: string, child: OverlayInode | undefined): void {
    this.children.set(name, child);
    if (child) child.home = { directory: this, name };
    this.upperChanged();
  }

  becameUpper(upper: Inode): void {
    this.upper = upper;
    this.upperVersion = upper.version;
    if (!this.isDirectory) this.fs.byUpper.set(upper, this);
    if (!this.isDirectory) this.lowers = [];
  }

  path(): string {
    return this.home ? this.home.directory.pathTo(this.home.name) : '/';
  }

  pathTo(name: string): string {
    const own = this.path();
    return own === '/' ? `/${name}` : `${own}/${name}`;
  }

  // ---- changing names

  create(name: string, mode: number, owner: Owner): Inode {
    return createIn(this, name, false, (upper) => upper.create(name, mode, owner));
  }

  mkdir(name: string, mode: number, owner: Owner): Inode {
    return createIn(this, name, true, (upper) => upper.mkdir(name, mode, owner));
  }

  symlink(name: string, target: string, owner: Owner): Inode {
    return createIn(this, name, false, (upper) => upper.symlink(name, target, owner));
  }

  mknod(name: string, mode: number, rdev: number, owner: Owner): Inode {
    // A whiteout cannot be made through the mount.
    if ((mode & S_IFMT) === 0o020000 && rdev === 0) throw new Errno('EPERM');
    return createIn(this, name, false, (upper) => upper.mknod(name, mode, rdev, owner));
  }

  link(name: string, target: Inode): void {
    if (!(target instanceof OverlayInode) || target.fs !== this.fs) throw new Errno('EXDEV');
    linkIn(this, name, target);
  }

  unlink(name: string): void {
    removeFrom(this, name, false);
  }

  rmdir(name: string): void {
    removeFrom(this, name, true);
  }

  rename(name: string, to: Inode, toName: string, flags: RenameFlags = {}): void {
    if (!(to instanceof OverlayInode) || to.fs !== this.fs) throw new Errno('EXDEV');
    renameIn(this, name, to, toName, flags);
  }

  // ---- attributes and data

  getattr(): Stat {
    const stat = this.real.getattr();
    stat.ino = this.ino;
    if (this.fs.sameFilesystem || this.isDirectory) stat.dev = this.fs.dev;
    // Counting subdirectories over all layers is not worth it; 1 tells find not to rely on it.
    if (this.isMerged) stat.nlink = 1;
    return stat;
  }

  setattr(attr: SetAttr): void {
    copyUp(this).setattr(attr);
  }

  readlink(): string {
    return this.real.readlink();
  }

  read(offset: number, length: number): Uint8Array {
    return this.real.read(offset, length);
  }

  write(offset: number, bytes: Uint8Array): number {
    return copyUp(this).write(offset, bytes);
  }

  content(): Content {
    return this.real.content();
  }

  setContent(content: Content): void {
    copyUp(this).setContent(content);
  }

  getxattr(name: string): Uint8Array | undefined {
    return this.real.getxattr(nameInLayer(name));
  }

  setxattr(name: string, value: Uint8Array): void {
    copyUp(this).setxattr(nameInLayer(name), value);
  }

  removexattr(name: string): void {
    if (this.getxattr(name) === undefined) throw new Errno('ENODATA');
    copyUp(this).removexattr(nameInLayer(name));
  }

  listxattr(): string[] {
    const names = this.real.listxattr().filter((name) => !isPrivateXattr(name));
    return names.map(nameInMount);
  }

  /** Opening a regular file for writing copies it up, whether or not anything is written. */
  open(write: boolean): Inode {
    if (write && (this.real.getattr().mode & S_IFMT) === S_IFREG) copyUp(this);
    return this;
  }
}

function peekSlowly(directory: Inode, name: string): Inode | undefined {
  try {
    return directory.lookup(name);
  } catch {
    return undefined;
  }
}
