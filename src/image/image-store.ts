import type { ContentStore } from '../content/index.ts';
import type { RecordStore } from '../port/index.ts';
import type { Content, Digest } from '../spec/index.ts';
import type { Image } from './image.ts';

/**
 * The images of an engine: configs and layer tars in a content store (layers by diffID), names and parents as records.
 * Names are full references: `docker.io/library/busybox:latest`, `docker.io/library/busybox@sha256:…`.
 */
export class ImageStore {
  constructor(
    readonly content: ContentStore,
    private readonly records: RecordStore,
  ) {}
  /** Stores an image (config bytes and layers, bottom first); the layers must match the config's diffIDs. Idempotent. */
  create(_rawConfig: Content, _layers: readonly Content[], _options?: { parent?: Digest }): Image {
    throw new Error('not written yet');
  }
  get(_id: Digest): Image | undefined {
    throw new Error('not written yet');
  }
  /** In order of creation in this store. */
  list(): Digest[] {
    throw new Error('not written yet');
  }
  /** By name, by full ID, by unique prefix of an ID. Throws ImageError `No such image: …`. */
  resolve(_nameOrId: string): Image {
    throw new Error('not written yet');
  }
  /** Forgets the image; its names must be gone. Blobs stay until collectGarbage. */
  delete(_id: Digest): void {
    throw new Error('not written yet');
  }
  /** Names (moves) `reference`, a tagged or digested full reference, to the image. Returns what it named before. */
  tag(_reference: string, _id: Digest): Digest | undefined {
    throw new Error('not written yet');
  }
  /** Returns what it named. */
  untag(_reference: string): Digest | undefined {
    throw new Error('not written yet');
  }
  lookup(_reference: string): Digest | undefined {
    throw new Error('not written yet');
  }
  /** All full references of an image, tags and digests, sorted. */
  references(_id: Digest): string[] {
    throw new Error('not written yet');
  }
  parent(_id: Digest): Digest | undefined {
    throw new Error('not written yet');
  }
  setParent(_id: Digest, _parent: Digest): void {
    throw new Error('not written yet');
  }
  children(_id: Digest): Digest[] {
    throw new Error('not written yet');
  }
  /** Removes blobs that no image names. */
  collectGarbage(): Digest[] {
    throw new Error('not written yet');
  }
}
