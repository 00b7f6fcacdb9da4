/**
 * Where snapshots are kept: a head that names chunks, replaced at once. IndexedDB in the page, a directory on Node, a map
 * in tests.
 */
import { utf8 } from '../../spec/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { parseHead, readSnapshot } from './snapshot-reader.ts';
import { type Head, SnapshotWriter } from './snapshot-writer.ts';

export interface SnapshotStore {
  /** The head last committed; undefined when there is none. */
  head(): Promise<Uint8Array | undefined>;
  /** Those of `keys` that are there. */
  chunks(keys: readonly string[]): Promise<Map<string, Uint8Array>>;
  /**
   * All or nothing, also when the process dies in the middle: the chunks are there, then the head is this one, then
   * chunks that are not in `live` may go. Rejects with {@link StoreFull} when there is no room.
   */
  commit(fresh: ReadonlyMap<string, Uint8Array>, head: Uint8Array, live: ReadonlySet<string>): Promise<void>;
  clear(): Promise<void>;
}

export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

/** Undefined when nothing is kept. Rejects with DataError when what is there cannot be read. */
export async function loadSnapshot(store: SnapshotStore): Promise<{ snapshot: Snapshot; head: Head } | undefined> {
  const bytes = await store.head();
  if (!bytes) return undefined;
  const head = parseHead(bytes);
  return { head, snapshot: readSnapshot(head, await store.chunks(head.chunks)) };
}

/** Keeps the newest of the snapshots it is given; while one is written, those that come meanwhile are one. */
export class Keeper {
  private readonly writer: SnapshotWriter;
  private next: (() => Snapshot) | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly store: SnapshotStore,
    options: { seed: number; breathe(): Promise<void>; loaded?: Head },
  ) {
    this.writer = new SnapshotWriter(options.seed, options.breathe);
    if (options.loaded) this.writer.nowStored(options.loaded);
  }

  /** Resolves when a state at least as new is in the store. */
  save(snapshot: () => Snapshot): Promise<void> {
    this.next = snapshot;
    this.writing ??= this.run().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async run(): Promise<void> {
    while (this.next) {
      const take = this.next;
      this.next = undefined;
      const { head, fresh } = await this.writer.write(take());
      await this.store.commit(fresh, utf8(JSON.stringify(head)), new Set(head.chunks));
      this.writer.nowStored(head);
    }
  }
}

/** For tests, and where nothing outlives the process. */
export class MemoryStore implements SnapshotStore {
  private kept = new Map<string, Uint8Array>();
  private top: Uint8Array | undefined;

  async head(): Promise<Uint8Array | undefined> {
    return this.top;
  }
  async chunks(keys: readonly string[]): Promise<Map<string, Uint8Array>> {
    return new Map(keys.flatMap((key) => (this.kept.has(key) ? [[key, this.kept.get(key)!]] : [])));
  }
  async commit(fresh: ReadonlyMap<string, Uint8Array>, head: Uint8Array, live: ReadonlySet<string>): Promise<void> {
    this.kept = new Map([...this.kept, ...fresh].filter(([key]) => live.has(key)));
    this.top = head;
  }
  async clear(): Promise<void> {
    this.kept.clear();
    this.top = undefined;
  }
  /** Bytes held. */
  get size(): number {
    return [...this.kept.values()].reduce((sum, { length }) => sum + length, this.top?.length ?? 0);
  }
}
