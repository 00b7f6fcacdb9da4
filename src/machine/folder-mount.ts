/**
 * A folder of the real world, seen in the host: a filesystem of its own, filled with what is there by reference, that
 * tells what was written in it. Whoever mounts it reads and writes the real files; here nothing waits for them.
 *
 * It is no part of a snapshot: undo does not reach into somebody's folder, as it does not on a real host.
 */
import { MemTree, MountedFilesystem, type TreeSnapshot, VfsTree } from '../sim/index.ts';
import { type Content, isErrno, timespecFromMs } from '../spec/index.ts';
import type { Host } from './host.ts';

/** A file or (without content) a directory of the folder, by its path in it. */
export interface FolderEntry {
  path: string;
  content?: Content;
  mtimeMs?: number;
}

/** What was done in the host since it was last asked, in an order that can be followed. */
export type FolderChange =
  | { kind: 'remove'; path: string }
  | { kind: 'directory'; path: string }
  | { kind: 'write'; path: string; content: Content }
  /** A link or a device: the real folder cannot hold one, so it is here alone. */
  | { kind: 'unsupported'; path: string };

export interface FolderMount {
  readonly path: string;
  changes(): FolderChange[];
  /** What is in the folder now: what is new or newer there appears here, what is gone goes. */
  refresh(entries: readonly FolderEntry[]): void;
  /** The real file's time after it was written from here: it is not news then. */
  written(path: string, mtimeMs: number): void;
}

/** What a path holds: a directory, a file's content, or what cannot be carried out. */
type Known = 'directory' | 'other' | Content;

export class MountedFolder implements FolderMount {
  private readonly tree: MemTree;
  private readonly files: VfsTree;
  private known = new Map<string, Known>();
  private readonly times = new Map<string, number | undefined>();
  private seen: TreeSnapshot;

  constructor(
    readonly path: string,
    private readonly name: string,
    host: Host,
    entries: readonly FolderEntry[],
  ) {
    this.tree = new MemTree({ type: 'fuse', dev: host.kernel.core.newDev(), clock: host.clock });
    this.files = new VfsTree(this.tree.root);
    this.refresh(entries);
    this.seen = this.tree.snapshot();
  }

  /** Again after each restore: the host is another one then. */
  mountOn({ kernel }: Host): void {
    const { paths, ns } = kernel.kernelTask;
    for (let at = 1; at > 0; ) {
      at = this.path.indexOf('/', at + 1);
      makeDirectory(() => paths.mkdir(at < 0 ? this.path : this.path.slice(0, at), 0o755));
    }
    ns.mnt.table.attach(new MountedFilesystem(this.tree.root, this.name), paths.resolve(this.path));
  }

  changes(): FolderChange[] {
    const now = this.tree.snapshot();
    if (now === this.seen) return [];
    this.seen = now;
    const present = new Map<string, Known>();
    this.collect('', present);
    const changes: FolderChange[] = [];
    // The deepest first: a directory is removed when it is empty, or, for what nobody here has seen in it, not at all.
    for (const [path, was] of [...this.known].reverse()) {
      const is = present.get(path);
      if ((is === undefined || kindOf(is) !== kindOf(was)) && was !== 'other') changes.push({ kind: 'remove', path });
    }
    for (const [path, is] of present) {
      const was = this.known.get(path);
      if (is === was) continue;
      if (is === 'directory') changes.push({ kind: 'directory', path });
      else if (is === 'other') changes.push({ kind: 'unsupported', path });
      else changes.push({ kind: 'write', path, content: is });
    }
    this.known = present;
    return changes;
  }

  refresh(entries: readonly FolderEntry[]): void {
    const there = new Set<string>();
    for (const { path, content, mtimeMs } of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      for (let at = path; at !== ''; at = parentOf(at)) there.add(at);
      if (!content) this.directory(path);
      else if (mtimeMs === undefined || this.times.get(path) !== mtimeMs) this.file(path, content, mtimeMs);
    }
    for (const [path, what] of this.known) {
      if (there.has(path) || what === 'other') continue;
      if (this.files.lstat(path)) this.files.remove(path);
      this.known.delete(path);
      this.times.delete(path);
    }
  }

  written(path: string, mtimeMs: number): void {
    this.times.set(path, mtimeMs);
  }

  private file(path: string, content: Content, mtimeMs: number | undefined): void {
    this.directory(parentOf(path));
    this.clear(path, 'file');
    this.files.writeFile(path, content);
    if (mtimeMs !== undefined) this.files.utimes(path, timespecFromMs(mtimeMs));
    this.times.set(path, mtimeMs);
    this.known.set(path, this.files.content(path));
  }

  private directory(path: string): void {
    if (path === '') return;
    this.known.set(path, 'directory');
    if (this.files.lstat(path)?.type === 'directory') return;
    this.directory(parentOf(path));
    this.clear(path, 'directory');
    this.files.mkdir(path, 0o755);
  }

  private clear(path: string, type: 'file' | 'directory'): void {
    const stat = this.files.lstat(path);
    if (stat && stat.type !== type) this.files.remove(path);
  }

  private collect(path: string, into: Map<string, Known>): void {
    for (const name of this.files.readdir(path)) {
      const below = path ? `${path}/${name}` : name;
      const { type } = this.files.lstat(below)!;
      if (type === 'directory') {
        into.set(below, 'directory');
        this.collect(below, into);
      } else into.set(below, type === 'file' ? this.files.content(below) : 'other');
    }
  }
}

const kindOf = (known: Known): string => (typeof known === 'string' ? known : 'file');
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function makeDirectory(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
