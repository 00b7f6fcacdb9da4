/**
 * A snapshot as chunks and a head that names them. Inodes go by pages of 256 numbers, so that what a command changed is a
 * few pages; a page, a list of records or a content that is the same as before is the same chunk and not written again.
 */
import type { BlobSnapshot, InodeState, MemInode, RecordSnapshot, TreeSnapshot } from '../../sim/index.ts';
import { base64, type Content, type Timespec, utf8 } from '../../spec/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Code, ContentWriter, keyOf } from './content-code.ts';

export const formatName = 'drydock-workspace';
export const formatVersion = 1;

/** JSON. */
export interface Head {
  format: typeof formatName;
  version: number;
  seed: number;
  clock: Snapshot['clock'];
  entropy: Snapshot['entropy'];
  totals: TreeSnapshot['totals'];
  /** Keys of the pages, in any order. */
  pages: string[];
  engine?: {
    entropy: Snapshot['entropy'];
    blobs: string;
    records: string;
    hub: { blobs: string; records: string };
  };
  /** Every chunk that is needed, contents' too. */
  chunks: string[];
}

export interface Saved {
  head: Head;
  /** Chunks that the store does not have yet. */
  fresh: Map<string, Uint8Array>;
}

const pageSize = 256;
/** Inodes told before somebody else may run. */
const slice = 400;

interface Page {
  nodes: Map<number, string>;
  /** Chunks that its contents need. */
  needs: Map<number, readonly string[]>;
  key: string | undefined;
}

export class SnapshotWriter {
  private readonly pages = new Map<number, Page>();
  private disk: TreeSnapshot | undefined;
  /** Chunks that the store has. */
  private stored: ReadonlySet<string> = new Set();
  /** Every chunk made so far: what undo brings back must be written again. */
  private readonly made = new Map<string, Uint8Array>();
  private readonly contents = new ContentWriter((key, bytes) => this.made.set(key, bytes));
  private readonly lists = new WeakMap<object, { key: string; needs: readonly string[] }>();

  constructor(
    private readonly seed: number,
    /** Resolves when others have had their turn. */
    private readonly breathe: () => Promise<void>,
  ) {}

  /** What the store has now: what was loaded from it, or the head last written. */
  nowStored(head: Head): void {
    this.stored = new Set(head.chunks);
  }

  /** One at a time. The snapshot may be any, of any machine; what follows from the last one costs what differs. */
  async write({ clock, entropy, disk, engine }: Snapshot): Promise<Saved> {
    await this.writeDisk(disk);
    const needed = new Set<string>();
    const head: Head = {
      format: formatName,
      version: formatVersion,
      seed: this.seed,
      clock,
      entropy,
      totals: disk.totals,
      pages: this.pageKeys(needed),
      ...(engine && {
        engine: {
          entropy: engine.entropy,
          blobs: this.blobs(engine.blobs, needed),
          records: this.records(engine.records, needed),
          hub: { blobs: this.blobs(engine.hub.blobs, needed), records: this.records(engine.hub.records, needed) },
        },
      }),
      chunks: [],
    };
    head.chunks = [...needed];
    const fresh = head.chunks.filter((key) => !this.stored.has(key));
    return { head, fresh: new Map(fresh.map((key) => [key, this.made.get(key)!])) };
  }

  /** Every chunk of a head that this writer has made. */
  chunksOf(head: Head): Map<string, Uint8Array> {
    return new Map(head.chunks.map((key) => [key, this.made.get(key)!]));
  }

  private async writeDisk(disk: TreeSnapshot): Promise<void> {
    const changed = this.disk?.changedUntil(disk);
    if (!changed) this.pages.clear();
    const pending: MemInode[] = changed ? [...changed] : [disk.tree.root];
    const seen = new Set(pending);
    for (let told = 1; pending.length > 0; told++) {
      if (told % slice === 0) await this.breathe();
      const inode = pending.pop()!;
      const state = disk.stateOf(inode);
      this.writeInode(inode, state);
      if (state.nlink === 0) continue;
      for (const child of state.entries?.values() ?? []) {
        if (seen.has(child) || (changed && this.has(child.ino))) continue;
        seen.add(child);
        pending.push(child);
      }
    }
    this.disk = disk;
  }

  private has(ino: number): boolean {
    return this.pages.get(Math.floor(ino / pageSize))?.nodes.has(ino) ?? false;
  }

  private writeInode(inode: MemInode, state: InodeState): void {
    const number = Math.floor(inode.ino / pageSize);
    const page = this.pages.get(number) ?? { nodes: new Map(), needs: new Map(), key: undefined };
    this.pages.set(number, page);
    page.key = undefined;
    page.nodes.delete(inode.ino);
    page.needs.delete(inode.ino);
    if (state.nlink === 0) return;
    const told = state.data.size > 0 ? this.contents.tell(state.data as Content) : undefined;
    page.nodes.set(inode.ino, JSON.stringify(node(inode, state, told?.code ?? 0)));
    if (told?.needs.length) page.needs.set(inode.ino, told.needs);
  }

  private pageKeys(needed: Set<string>): string[] {
    const keys: string[] = [];
    for (const page of this.pages.values()) {
      if (page.nodes.size === 0) continue;
      page.key ??= this.keep(`[${[...page.nodes.values()].join(',')}]`);
      keys.push(page.key);
      needed.add(page.key);
      for (const needs of page.needs.values()) for (const key of needs) needed.add(key);
    }
    return keys;
  }

  private blobs(blobs: BlobSnapshot, needed: Set<string>): string {
    return this.list(blobs, needed, () => {
      const told = [...blobs].map(([digest, content]) => ({ digest, ...this.contents.tell(content) }));
      return { value: told.map(({ digest, code }) => [digest, code]), needs: told.flatMap(({ needs }) => needs) };
    });
  }

  private records(records: RecordSnapshot, needed: Set<string>): string {
    const value = () => [...records].map(([bucket, entries]) => [bucket, [...entries]]);
    return this.list(records, needed, () => ({ value: value(), needs: [] }));
  }

  private list(of: object, needed: Set<string>, make: () => { value: unknown; needs: readonly string[] }): string {
    const known = this.lists.get(of) ?? this.makeList(make());
    this.lists.set(of, known);
    for (const key of [known.key, ...known.needs]) needed.add(key);
    return known.key;
  }

  private makeList({ value, needs }: { value: unknown; needs: readonly string[] }) {
    return { key: this.keep(JSON.stringify(value)), needs };
  }

  private keep(json: string): string {
    const bytes = utf8(json);
    const key = keyOf(bytes);
    this.made.set(key, bytes);
    return key;
  }
}

const node = (inode: MemInode, state: InodeState, code: Code | 0): unknown[] => {
  const { mode, nlink, uid, gid, nameBytes, entries, xattrs } = state;
  const fields = [inode.ino, mode, nlink, uid, gid, inode.rdev, nameBytes, ...times(state)];
  const body = entries ? [...entries].flatMap(([name, child]) => [name, child.ino]) : inode.target || code;
  return xattrs?.size
    ? [...fields, body, [...xattrs].map(([name, value]) => [name, base64(value)])]
    : [...fields, body];
};

const times = ({ atime, mtime, ctime }: Record<'atime' | 'mtime' | 'ctime', Timespec>): number[] =>
  [atime, mtime, ctime].flatMap(({ sec, nsec }) => [sec, nsec]);
