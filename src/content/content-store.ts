import type { BlobBacking } from '../port/index.ts';
import type { Body, Content, Digest } from '../spec/index.ts';
import { attest, digestOf } from './digest.ts';

export class ContentError extends Error {
  override readonly name = 'ContentError';
  constructor(
    readonly code: 'not-found' | 'digest-mismatch' | 'size-mismatch' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}

/** What a put is expected to be; either may be absent. */
export interface Expected {
  digest?: Digest;
  size?: number;
}

/** Keeps blobs from the collector until released. */
export interface Lease {
  add(digest: Digest): void;
  /** Idempotent. */
  release(): void;
}

export class ContentStore {
  constructor(private readonly backing: BlobBacking) {}
  get(digest: Digest): Content | undefined {
    return this.backing.get(digest);
  }
  has(digest: Digest): boolean {
    return this.backing.get(digest) !== undefined;
  }
  put(content: Content, _expected?: Expected): Digest {
    const digest = digestOf(content);
    this.backing.put(digest, attest(content, digest));
    return digest;
  }
  async ingest(_source: Body, _expected?: Expected & { limit?: number }): Promise<Digest> {
    throw new Error('not written yet');
  }
  delete(digest: Digest): void {
    this.backing.delete(digest);
  }
  list(): Digest[] {
    return this.backing.list();
  }
  lease(): Lease {
    throw new Error('not written yet');
  }
  collect(_roots: Iterable<Digest>, _references: (digest: Digest, content: Content) => Iterable<Digest>): Digest[] {
    throw new Error('not written yet');
  }
}
