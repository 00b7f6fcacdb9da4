import { digestOf } from '../content/index.ts';
import type { Content, Digest, HistoryEntry, ImageConfig } from '../spec/index.ts';
import { ImageError, parseImageConfig } from './config.ts';

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

/** An image from its config's bytes and its layers, which the config must name in number. Digests are not checked. */
export function makeImage(rawConfig: Content, contents: readonly Content[]): Image {
  const config = parseImageConfig(rawConfig);
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== contents.length) {
    throw new ImageError(
      'invalid',
      `invalid manifest, layers length mismatch: expected ${contents.length}, got ${diffIds.length}`,
    );
  }
  const layers = contents.map((content, at) => ({ diffId: diffIds[at]!, content }));
  return { id: digestOf(rawConfig), rawConfig, config, layers };
}

/** One line of `docker history`, from the base up: the entry, and the layer it made, if any. */
export interface HistoryLine {
  entry: HistoryEntry;
  layer?: Digest;
}

/** Pairs history entries with layers. Throws ImageError when more entries claim a layer than there are. */
export function historyLines(config: ImageConfig): HistoryLine[] {
  let used = 0;
  return (config.history ?? []).map((entry) => {
    if (entry.empty_layer) return { entry };
    const layer = config.rootfs.diff_ids[used++];
    if (!layer) throw new ImageError('invalid', 'too many non-empty layers in History section');
    return { entry, layer };
  });
}
