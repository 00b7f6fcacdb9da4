/**
 * Durable records of the engine (images, containers, networks, volumes, tags): JSON values in named buckets. In memory
 * it is an immutable map that a snapshot of the machine shares; on Linux one file per record, replaced atomically.
 */
export interface RecordStore {
  get(bucket: string, key: string): unknown | undefined;
  /** Atomic. The value must be JSON and is not to be changed afterwards by the caller. */
  put(bucket: string, key: string, value: unknown): void;
  /** Idempotent. */
  delete(bucket: string, key: string): void;
  /** Keys in insertion order. */
  keys(bucket: string): string[];
}
