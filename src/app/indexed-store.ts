/** A `SnapshotStore` in IndexedDB. One transaction per commit: after a crash the last whole one is there. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { SnapshotStore } from '../machine/index.ts';
import { type Pack, PackIndex, type PackName, packsOf, unpacked } from './chunk-packs.ts';

interface Schema extends DBSchema {
  /** By workspace. */
  heads: { key: string; value: Uint8Array };
  /** By workspace and name. */
  chunks: { key: [string, PackName]; value: Pack | Uint8Array };
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

/** A record of before there were packs is a chunk by itself. */
const packAt = (name: PackName, value: Pack | Uint8Array): Pack =>
  value instanceof Uint8Array ? { keys: [String(name)], ends: [value.length], bytes: value } : value;

function indexOf(names: readonly PackName[], values: readonly (Pack | Uint8Array)[]): PackIndex {
  const index = new PackIndex();
  for (const [at, name] of names.entries()) index.add(name, packAt(name, values[at]!));
  return index;
}

class IndexedStore implements SnapshotStore {
  /** Known once somebody read or wrote. */
  private index: PackIndex | undefined;

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
    const [found, values] = await Promise.all([store.getAllKeys(this.all), store.getAll(this.all)]);
    const names = found.map(([, name]) => name);
    this.index = indexOf(names, values);
    const packs = values.map((value, at) => packAt(names[at]!, value));
    return new Map(packs.flatMap((pack) => [...unpacked(pack)].filter(([key]) => wanted.has(key))));
  }

  async commit(fresh: ReadonlyMap<string, Uint8Array>, head: Uint8Array, live: ReadonlySet<string>): Promise<void> {
    const change = this.db.transaction(['heads', 'chunks'], 'readwrite');
    const chunks = change.objectStore('chunks');
    const names = (await chunks.getAllKeys(this.all)).map(([, name]) => name);
    const index = this.index?.isOf(names) ? this.index : indexOf(names, await chunks.getAll(this.all));
    this.index = index;
    const spent = index.spent((key) => live.has(key) && !fresh.has(key));
    const kept = new Map(fresh);
    for (const { name, needed } of spent.filter(({ needed }) => needed.length > 0)) {
      const pack = await chunks.get([this.workspace, name]);
      const wanted = new Set(needed);
      for (const [key, bytes] of pack ? unpacked(packAt(name, pack)) : []) if (wanted.has(key)) kept.set(key, bytes);
    }
    const first = index.nextName;
    const named = packsOf(kept).map((pack, at) => [first + at, pack] as const);
    for (const [name, pack] of named) void chunks.put(pack, [this.workspace, name]);
    void change.objectStore('heads').put(head, this.workspace);
    for (const { name } of spent) void chunks.delete([this.workspace, name]);
    await change.done;
    for (const { name } of spent) index.remove(name);
    for (const [name, pack] of named) index.add(name, pack);
  }

  async clear(): Promise<void> {
    const change = this.db.transaction(['heads', 'chunks'], 'readwrite');
    await Promise.all([
      change.objectStore('heads').delete(this.workspace),
      change.objectStore('chunks').delete(this.all),
      change.done,
    ]);
    this.index = undefined;
  }

  private get all(): IDBKeyRange {
    return IDBKeyRange.bound([this.workspace], [this.workspace, []]);
  }
}
