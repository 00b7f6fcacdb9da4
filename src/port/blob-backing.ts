import type { Content, Digest } from '../spec/index.ts';

/**
 * Where blobs rest: memory, or a directory in OCI layout (`blobs/sha256/<hex>`). Knows digests only as names; the
 * `content` room above it computes and verifies them, leases them and collects garbage.
 */
export interface BlobBacking {
  /** Undefined when absent. */
  get(digest: Digest): Content | undefined;
  /** Atomic: after a crash the blob is whole or absent. Idempotent. Throws Errno ENOSPC with nothing stored. */
  put(digest: Digest, content: Content): void;
  /** Idempotent. */
  delete(digest: Digest): void;
  list(): Digest[];
}
