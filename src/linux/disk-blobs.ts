/** Port BlobBacking on disk, laid out as image-spec image-layout.md says: blobs/sha256/<hex>. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { BlobBacking } from '../port/index.ts';
import type { Content, Digest } from '../spec/index.ts';
import { DiskContent } from './disk-content.ts';
import { replaceFile } from './disk-file.ts';

export class DiskBlobBacking implements BlobBacking {
  private readonly directory: string;

  /** `root` holds `blobs`; both are made if they are not there. */
  constructor(root: string) {
    this.directory = `${root}/blobs/sha256`;
    mkdirSync(this.directory, { recursive: true });
  }

  get(digest: Digest): Content | undefined {
    const path = this.pathOf(digest);
    return existsSync(path) ? new DiskContent(path) : undefined;
  }

  put(digest: Digest, content: Content): void {
    const path = this.pathOf(digest);
    if (!existsSync(path)) replaceFile(path, content);
  }

  delete(digest: Digest): void {
    rmSync(this.pathOf(digest), { force: true });
  }

  list(): Digest[] {
    return readdirSync(this.directory)
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .sort()
      .map((hex) => `sha256:${hex}` as Digest);
  }

  private pathOf(digest: Digest): string {
    return `${this.directory}/${digest.slice('sha256:'.length)}`;
  }
}
