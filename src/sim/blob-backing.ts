/**
 * Port BlobBacking in memory. The blobs are an immutable map: a snapshot of the machine is a reference, restoring it is
 * O(1). Contents are held by reference, so a blob that is a layer's tar costs what its entries cost.
 */
import type { BlobBacking } from '../port/index.ts';
import { type Content, type Digest, Errno } from '../spec/index.ts';

export type BlobSnapshot = ReadonlyMap<Digest, Content>;

export class MemoryBlobBacking implements BlobBacking {
  private blobs: Map<Digest, Content>;
  /** Somebody holds the present map as a snapshot. */
  private shared = false;
  private used = 0;

  constructor(
    snapshot: BlobSnapshot = new Map(),
    /** Bytes that may be kept. */
    private readonly quota = Number.POSITIVE_INFINITY,
  ) {
    this.blobs = new Map(snapshot);
    this.used = total(this.blobs);
  }

  get(digest: Digest): Content | undefined {
    return this.blobs.get(digest);
  }

  put(digest: Digest, content: Content): void {
    if (this.blobs.has(digest)) return;
    if (this.used + content.size > this.quota) throw new Errno('ENOSPC');
    this.writable().set(digest, content);
    this.used += content.size;
  }

  delete(digest: Digest): void {
    const content = this.blobs.get(digest);
    if (!content) return;
    this.writable().delete(digest);
    this.used -= content.size;
  }

  list(): Digest[] {
    return [...this.blobs.keys()];
  }

  snapshot(): BlobSnapshot {
    this.shared = true;
    return this.blobs;
  }

  restore(snapshot: BlobSnapshot): void {
    this.blobs = snapshot as Map<Digest, Content>;
    this.shared = true;
    this.used = total(this.blobs);
  }

  private writable(): Map<Digest, Content> {
    if (this.shared) this.blobs = new Map(this.blobs);
    this.shared = false;
    return this.blobs;
  }
}

function total(blobs: BlobSnapshot): number {
  let bytes = 0;
  for (const content of blobs.values()) bytes += content.size;
  return bytes;
}
