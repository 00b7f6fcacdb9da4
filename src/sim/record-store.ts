/** Port RecordStore in memory: immutable maps, so that a snapshot of the machine shares what did not change. */
import type { RecordStore } from '../port/index.ts';

type Bucket = ReadonlyMap<string, unknown>;
export type RecordSnapshot = ReadonlyMap<string, Bucket>;

export class MemoryRecordStore implements RecordStore {
  private buckets: Map<string, Bucket>;
  /** Buckets that were copied since the last snapshot, and so may be written. */
  private own = new Map<string, Map<string, unknown>>();

  constructor(snapshot: RecordSnapshot = new Map()) {
    this.buckets = new Map(snapshot);
  }

  get(bucket: string, key: string): unknown | undefined {
    return this.buckets.get(bucket)?.get(key);
  }

  put(bucket: string, key: string, value: unknown): void {
    this.writable(bucket).set(key, value);
  }

  delete(bucket: string, key: string): void {
    if (this.buckets.get(bucket)?.has(key)) this.writable(bucket).delete(key);
  }

  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])];
  }

  snapshot(): RecordSnapshot {
    this.own.clear();
    return new Map(this.buckets);
  }

  restore(snapshot: RecordSnapshot): void {
    this.own.clear();
    this.buckets = new Map(snapshot);
  }

  private writable(bucket: string): Map<string, unknown> {
    const known = this.own.get(bucket);
    if (known) return known;
    const copy = new Map(this.buckets.get(bucket));
    this.own.set(bucket, copy);
    this.buckets.set(bucket, copy);
    return copy;
  }
}
