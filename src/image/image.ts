import type { Content, Digest, ImageConfig } from '../spec/index.ts';

/** A layer of an image: an uncompressed tar changeset. */
export interface ImageLayer {
  /** sha256 of `content`. */
  readonly diffId: Digest;
  readonly content: Content;
}

/** An image as a value. Nothing of it ever changes; mutate.ts makes others from it. */
export interface Image {
  /** sha256 of `rawConfig`. */
  readonly id: Digest;
  /** The config's JSON as it is in the store. */
  readonly rawConfig: Content;
  readonly config: ImageConfig;
  /** From the base up. */
  readonly layers: readonly ImageLayer[];
}
