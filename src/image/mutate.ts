import { digestOf } from '../content/index.ts';
import type { Content, HistoryEntry, ImageConfig } from '../spec/index.ts';
import { serialiseImageConfig } from './config.ts';
import { type Image, makeImage } from './image.ts';

/** An image from a config and its layers; the config's `rootfs` is set from them. */
export function createImage(config: Omit<ImageConfig, 'rootfs'>, layers: readonly Content[]): Image {
  const rootfs = { type: 'layers' as const, diff_ids: layers.map(digestOf) };
  return makeImage(serialiseImageConfig({ ...config, rootfs }), layers);
}

/** The image with one more history entry and, unless it is an `empty_layer`, the layer it made. */
export function appendLayer(image: Image, history: HistoryEntry, layer?: Content): Image {
  const layers = image.layers.map(({ content }) => content);
  const entry = layer ? history : { ...history, empty_layer: true };
  return createImage(
    { ...image.config, history: [...(image.config.history ?? []), entry] },
    layer ? [...layers, layer] : layers,
  );
}

/** The image with other fields in its config; layers and history stay unless given. */
export function withConfig(image: Image, changes: Partial<Omit<ImageConfig, 'rootfs'>>): Image {
  return createImage(
    { ...image.config, ...changes },
    image.layers.map(({ content }) => content),
  );
}
