import type { BlobBacking } from '../port/index.ts';
import type { Content, Digest } from '../spec/index.ts';

/** Blobs in memory, by reference: what was put costs nothing that it did not cost before. */
export class MemoryBacking implements BlobBacking {
  constructor(private readonly blobs = new Map<Digest, Content>()) {}
  get(digest: Digest): Content | undefined {
    return this.blobs.get(digest);
  }
  put(digest: Digest, content: Content): void {
    this.blobs.set(digest, content);
  }
  delete(digest: Digest): void {
    this.blobs.delete(digest);
  }
  list(): Digest[] {
    return [...this.blobs.keys()];
  }
}
