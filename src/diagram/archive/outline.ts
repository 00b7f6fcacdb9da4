import type { OutlineItem } from '../outline.ts';
import { humanSize, shortDigest } from '../text.ts';
import { archivedName, layerTitle, type PicturedImage, type PicturedLayer } from './scene.ts';
import type { ArchiveWords } from './words.ts';

/** The text twin: the stack from the top down, in words. */
export function archiveOutline(image: PicturedImage, words: ArchiveWords): OutlineItem {
  const layers = image.layers.map((layer, index) => ({
    id: `layer:${index}`,
    text: say(layer, words),
    children: [],
  }));
  const summary = words.summary(image.layers.length, humanSize(image.size));
  return {
    id: 'image',
    text: `${archivedName(image)}: ${summary}; ${words.efficiency(image.efficiency, image.wastedBytes)}`,
    children: layers.reverse(),
  };
}

const say = (layer: PicturedLayer, words: ArchiveWords): string =>
  [
    layerTitle(layer, words),
    humanSize(layer.size),
    layer.problem ? words.problem(layer.problem) : words.counts(layer.added, layer.changed, layer.deleted),
    words.stored(humanSize(layer.stored), layer.compression === 'none' ? 'tar' : layer.compression),
    shortDigest(layer.diffId),
  ].join(', ');
