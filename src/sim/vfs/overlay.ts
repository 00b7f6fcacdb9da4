/**
 * overlayfs, as the kernel documents it (Documentation/filesystems/overlayfs.rst) with index, metacopy, redirect_dir and
 * xino off, which is how Docker mounts it:
 *
 *   merged      = upper over lower1 over lower2 ...
 *   whiteout    = character device 0:0 in an upper layer: hides the name below
 *   opaque      = directory with trusted.overlay.opaque=y: hides all below it
 *   copy-up     = a lower file is copied to upper before its first change
 */
import { Errno } from '../../spec/index.ts';
import type { Tracer } from '../../trace/index.ts';
import { type Filesystem, type Inode, S_IFCHR, type StatFs } from './inode.ts';
import { lookupOrUndefined } from './lineage.ts';
import { OverlayInode } from './overlay-inode.ts';
import { originOf } from './overlay-marks.ts';

/** FILESYSTEM_MAX_STACK_DEPTH of the kernel. */
const MAX_STACK_DEPTH = 2;
const OVERLAYFS_SUPER_MAGIC = 0x794c7630;

export interface OverlayDirectory {
  inode: Inode;
  /** As it was mounted, for events. */
  path: string;
}

export interface OverlayOptions {
  /** Topmost first. */
  lower: readonly OverlayDirectory[];
  upper?: OverlayDirectory;
  work?: OverlayDirectory;
  dev: number;
  tracer: Tracer;
  /** As /proc/mounts prints them. */
  options: string;
}

export class OverlayFs implements Filesystem {
  readonly type = 'overlay';
  readonly dev: number;
  readonly root: OverlayInode;
  readonly readonly: boolean;
  readonly tracer: Tracer;
  readonly upperRoot: Inode | undefined;
  /** Path of the upper directory; of the topmost lower one when there is none. */
  readonly upperPath: string;
  /** All layers on one filesystem: st_ino is theirs, st_dev the overlay's. */
  readonly sameFilesystem: boolean;
  /** How many overlays lie on top of each other here. */
  readonly depth: number;
  /** Names of one upper file are one file. */
  readonly byUpper = new WeakMap<Inode, OverlayInode>();
  /** What was found before the cache was dropped: the same file stays the same object. */
  readonly reusable = new WeakMap<Inode, OverlayInode>();
  private readonly layers: readonly OverlayDirectory[];
  private readonly workspace: Inode | undefined;
  private whiteout: Inode | undefined;
  private whiteouts = 0;
  private ownInodes = 0;

  constructor(private readonly given: OverlayOptions) {
    checkLayers(given);
    const { lower, upper } = given;
    this.dev = given.dev;
    this.tracer = given.tracer;
    this.layers = upper ? [upper, ...lower] : lower;
    this.upperRoot = upper?.inode;
    this.upperPath = this.layers[0]!.path;
    this.readonly = !upper;
    this.depth = stackDepth(this.layers);
    this.sameFilesystem = this.layers.every(({ inode }) => inode.fs === this.layers[0]!.inode.fs);
    this.workspace = given.work && emptyWorkspace(given.work.inode);
    const lowers = lower.map(({ inode }) => inode);
    this.root = new OverlayInode(this, this.inodeNumber(upper?.inode, lowers, true), upper?.inode, lowers, false);
  }

  /** The object for a file of the merged view that was just found or made. */
  inodeFor(
    directory: OverlayInode,
    name: string,
    upper: Inode | undefined,
    lowers: readonly Inode[],
    opaque: boolean,
  ): OverlayInode {
    const known = (upper && this.byUpper.get(upper)) ?? this.reusable.get((upper ?? lowers[0])!);
    if (known && known.upper === upper && sameInodes(known.lowers, lowers) && (upper || known.home?.name === name)) {
      known.home ??= { directory, name };
      return known;
    }
    const isDirectory = (upper ?? lowers[0])!.isDirectory ?? false;
    const made = new OverlayInode(this, this.inodeNumber(upper, lowers, isDirectory), upper, lowers, opaque);
    made.home = { directory, name };
    if (upper && !made.isDirectory) this.byUpper.set(upper, made);
    return made;
  }

  /** Hard links to one whiteout inode, as the kernel makes them since 5.8. */
  putWhiteout(upper: Inode, name: string): void {
    if (!this.workspace) throw new Errno('EROFS');
    if (this.whiteout) {
      try {
        upper.link(name, this.whiteout);
        return;
      } catch (error) {
        if (!(error instanceof Errno && (error.code === 'EMLINK' || error.code === 'ENOENT'))) throw error;
      }
    }
    this.whiteout = this.workspace.mknod(`#${(this.whiteouts++).toString(16)}`, S_IFCHR, 0, { uid: 0, gid: 0 });
    upper.link(name, this.whiteout);
  }

  /** Path of the layer that holds this directory of it; '' when unknown. */
  layerPath(inode: Inode): string {
    return this.layers.find((layer) => layer.inode === inode)?.path ?? this.layerHolding(inode);
  }

  statfs(): StatFs {
    return { ...(this.upperRoot ?? this.layers[0]!.inode).fs.statfs(), type: OVERLAYFS_SUPER_MAGIC };
  }

  options(): string {
    return this.given.options;
  }

  private layerHolding(inode: Inode): string {
    for (const layer of this.layers) if (isUnder(inode, layer.inode)) return layer.path;
    return '';
  }

  private inodeNumber(upper: Inode | undefined, lowers: readonly Inode[], isDirectory: boolean): number {
    if (!this.sameFilesystem && isDirectory) return ++this.ownInodes;
    if (upper) return originOf(upper) ?? upper.ino;
    return lowers[0]!.ino;
  }
}

const sameInodes = (a: readonly Inode[], b: readonly Inode[]): boolean =>
  a.length === b.length && a.every((inode, index) => inode === b[index]);

function isUnder(inode: Inode, ancestor: Inode): boolean {
  for (let at: { parent?: Inode } & Inode = inode; at; at = at.parent!) if (at === ancestor) return true;
  return false;
}

function stackDepth(layers: readonly OverlayDirectory[]): number {
  return 1 + Math.max(...layers.map(({ inode }) => (inode.fs instanceof OverlayFs ? inode.fs.depth : 0)));
}

/** mount(2)'s checks. */
function checkLayers({ lower, upper, work }: OverlayOptions): void {
  if (lower.length === 0 || (!upper && lower.length < 2)) throw new Errno('EINVAL');
  if (upper && !work) throw new Errno('EINVAL');
  for (const { inode } of [...lower, ...(upper ? [upper] : []), ...(work ? [work] : [])]) {
    if (!(inode.isDirectory ?? (inode.getattr().mode & 0o170000) === 0o040000)) throw new Errno('ENOTDIR');
  }
  if (upper && work) {
    const separate = !isUnder(upper.inode, work.inode) && !isUnder(work.inode, upper.inode);
    if (upper.inode.fs !== work.inode.fs || !separate) throw new Errno('EINVAL');
    if (upper.inode.fs.type === 'overlay' || upper.inode.fs.readonly) throw new Errno('EINVAL');
  }
  if (stackDepth(upper ? [upper, ...lower] : lower) > MAX_STACK_DEPTH) throw new Errno('EINVAL');
}

/** workdir/work, emptied of what an earlier mount left. */
function emptyWorkspace(work: Inode): Inode {
  const old = lookupOrUndefined(work, 'work');
  if (!old) return work.mkdir('work', 0, { uid: 0, gid: 0 });
  for (const { name } of old.readdir()) old.unlink(name);
  return old;
}
