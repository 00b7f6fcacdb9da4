import type { RecordStore } from '../port/index.ts';

/** Records in memory, each put a new value: a snapshot may share them. */
export class MemoryRecords implements RecordStore {
  private readonly buckets = new Map<string, Map<string, unknown>>();
  get(bucket: string, key: string): unknown | undefined {
    return this.buckets.get(bucket)?.get(key);
  }
  put(bucket: string, key: string, value: unknown): void {
    const records = this.buckets.get(bucket) ?? new Map<string, unknown>();
    this.buckets.set(bucket, records.set(key, value));
  }
  delete(bucket: string, key: string): void {
    this.buckets.get(bucket)?.delete(key);
  }
  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])];
  }
}
