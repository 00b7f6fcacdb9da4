import type { BlobBacking } from '../port/index.ts';
import { type Body, type Content, contentOf, type Digest, isContent, joinContents } from '../spec/index.ts';
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

/** What a blob is expected to be; either may be absent. */
export interface Expected {
  digest?: Digest;
  /** Bytes. */
  size?: number;
}

/** Keeps blobs from the collector until released. */
export interface Lease {
  add(digest: Digest): void;
  /** Idempotent. */
  release(): void;
}

/** The digests that a blob's content names (a manifest its config and layers; a layer none). */
export type References = (digest: Digest, content: Content) => Iterable<Digest>;

/**
 * Blobs by digest. What is put is verified; what is got was verified when it was put. Life of a blob:
 *
 *   lease = store.lease()             so that a collection in between does not take what is not referred to yet
 *   store.put(layer) ...              each put is atomic and idempotent
 *   lease.add(digest)
 *   ... a root (an image record, a tag) now refers to it ...
 *   lease.release()
 *   store.collect(roots, references)  removes what neither a root nor a lease reaches
 */
export class ContentStore {
  private readonly leases = new Set<Set<Digest>>();

  constructor(private readonly backing: BlobBacking) {}

  /** Undefined when absent. */
  get(digest: Digest): Content | undefined {
    const content = this.backing.get(digest);
    return content && attest(content, digest);
  }

  /** Throws ContentError 'not-found'. */
  require(digest: Digest): Content {
    const content = this.get(digest);
    if (!content) throw new ContentError('not-found', `content ${digest}: not found`);
    return content;
  }

  has(digest: Digest): boolean {
    return this.backing.get(digest) !== undefined;
  }

  /**
   * Stores a content, by reference where the backing can. Idempotent, atomic. Throws ContentError 'size-mismatch' or
   * 'digest-mismatch' with nothing stored, and Errno ENOSPC.
   */
  put(content: Content, expected: Expected = {}): Digest {
    if (expected.size !== undefined && expected.size !== content.size) {
      throw new ContentError('size-mismatch', `unexpected commit size ${content.size}, expected ${expected.size}`);
    }
    const digest = digestOf(content);
    if (expected.digest && expected.digest !== digest) {
      throw new ContentError('digest-mismatch', `unexpected commit digest ${digest}, expected ${expected.digest}`);
    }
    if (!this.has(digest)) this.backing.put(digest, content);
    return digest;
  }

  /** Stores what a stream brings: {@link put} at its end. More than `limit` (or the expected size) is 'too-large'. */
  async ingest(source: Body, expected: Expected & { limit?: number } = {}): Promise<Digest> {
    return this.put(await collectBody(source, expected.size ?? expected.limit), expected);
  }

  /** Idempotent; whoever refers to it is not asked: see {@link collect}. */
  delete(digest: Digest): void {
    this.backing.delete(digest);
  }

  list(): Digest[] {
    return this.backing.list();
  }

  lease(): Lease {
    const held = new Set<Digest>();
    this.leases.add(held);
    return { add: (digest) => void held.add(digest), release: () => void this.leases.delete(held) };
  }

  /**
   * Marks from the roots and the leases, sweeps the rest; returns what was removed (or would be, of a dry run).
   * References to absent blobs are fine.
   */
  collect(roots: Iterable<Digest>, references: References, { dryRun = false } = {}): Digest[] {
    const marked = new Set<Digest>();
    const pending = [...roots, ...[...this.leases].flatMap((held) => [...held])];
    for (let digest = pending.pop(); digest; digest = pending.pop()) {
      const content = marked.has(digest) ? undefined : this.get(digest);
      marked.add(digest);
      if (content) pending.push(...references(digest, content));
    }
    const garbage = this.list().filter((digest) => !marked.has(digest));
    if (!dryRun) for (const digest of garbage) this.backing.delete(digest);
    return garbage;
  }
}

/** A body as a content: itself, or what the stream brought, held by reference to its chunks. */
export async function collectBody(source: Body, limit = Number.POSITIVE_INFINITY): Promise<Content> {
  if (isContent(source)) {
    if (source.size > limit) throw tooLarge(limit);
    return source;
  }
  const parts: Content[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    parts.push(contentOf(chunk));
  }
  return joinContents(parts);
}

const tooLarge = (limit: number): ContentError => new ContentError('too-large', `content is over ${limit} bytes`);
