/**
 * content: digests and the content-addressed store over a backing port: verified puts, leases, garbage collection; and
 * the plainest backings, in memory.
 *
 * Does not know what a blob means: what refers to what is told by the caller of the collector.
 */
export * from './content-store.ts';
export * from './digest.ts';
export * from './memory-backing.ts';
export * from './memory-records.ts';
