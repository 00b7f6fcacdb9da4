/** A `SnapshotStore` in IndexedDB. One transaction per commit: after a crash the last whole one is there. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { SnapshotStore } from '../machine/index.ts';

interface Schema extends DBSchema {
  /** By workspace. */
  heads: { key: string; value: Uint8Array };
  /** By workspace and key. */
  chunks: { key: [string, string]; value: Uint8Array };
}

/** Rejects where the browser has no store (private mode of some). */
export async function openStore(workspace: string): Promise<SnapshotStore> {
  const db = await openDB<Schema>('drydock', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('heads');
      fresh.createObjectStore('chunks');
    },
  });
  return new IndexedStore(db, workspace);
}

class IndexedStore implements SnapshotStore {
  constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly workspace: string,
  ) {}

  head(): Promise<Uint8Array | undefined> {
    return this.db.get('heads', this.workspace);
  }

  async chunks(keys: readonly string[]): Promise<Map<string, Uint8Array>> {
    const wanted = new Set(keys);
    const store = this.db.transaction('chunks').store;
    const [names, values] = await Promise.all([store.getAllKeys(this.all), store.getAll(this.all)]);
    return new Map(names.flatMap(([, key], index) => (wanted.has(key) ? [[key, values[index]!] as const] : [])));
  }

  async commit(fresh: ReadonlyMap<string, Uint8Array>, head: Uint8Array, live: ReadonlySet<string>): Promise<void> {
    const change = this.db.transaction(['heads', 'chunks'], 'readwrite');
    const chunks = change.objectStore('chunks');
    for (const [key, bytes] of fresh) void chunks.put(bytes, [this.workspace, key]);
    void change.objectStore('heads').put(head, this.workspace);
    for (const name of await chunks.getAllKeys(this.all)) if (!live.has(name[1])) void chunks.delete(name);
    await change.done;
  }

  async clear(): Promise<void> {
    const change = this.db.transaction(['heads', 'chunks'], 'readwrite');
    await Promise.all([
      change.objectStore('heads').delete(this.workspace),
      change.objectStore('chunks').delete(this.all),
      change.done,
    ]);
  }

  private get all(): IDBKeyRange {
    return IDBKeyRange.bound([this.workspace], [this.workspace, []]);
  }
}
