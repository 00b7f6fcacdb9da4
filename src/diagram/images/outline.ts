import type { ImageInfo, Inspection } from '../../trace/index.ts';
import type { OutlineItem } from '../outline.ts';
import { humanSize } from '../text.ts';
import { type Comparison, sharedLayers } from './compare.ts';
import { nameOf, saidOf } from './scene.ts';
import type { ImagesWords } from './words.ts';

/** The text twin: what both stand on, then what is each one's own. */
export function imagesOutline(
  pair: { left: ImageInfo; right: ImageInfo },
  inspection: Inspection,
  comparison: Comparison | undefined,
  words: ImagesWords,
): OutlineItem {
  const layers = new Map(inspection.layers.map((layer) => [layer.chainId, layer]));
  const items = (side: string, ids: string[]): OutlineItem[] =>
    ids.flatMap((id) => {
      const layer = layers.get(id);
      return layer
        ? [
            {
              id: `${side}:${id}`,
              text: words.layer(saidOf(layer, inspection), layer.size),
              children: [],
            },
          ]
        : [];
    });
  const shared = sharedLayers(pair.left, pair.right);
  const bytes = (ids: string[]) => humanSize(ids.reduce((sum, id) => sum + (layers.get(id)?.size ?? 0), 0));
  const side = (name: 'left' | 'right'): OutlineItem => {
    const own = pair[name].layers.slice(shared);
    const told = comparison?.[name];
    const efficiency = told ? `; ${words.efficiency(told.efficiency, told.wastedBytes)}` : '';
    const text =
      own.length > 0 ? words.own(nameOf(pair[name]), own.length, bytes(own)) : words.nothingOwn(nameOf(pair[name]));
    return { id: name, text: text + efficiency, children: items(name, own) };
  };
  const both = pair.left.layers.slice(0, shared);
  return {
    id: 'pair',
    text: words.picture,
    children: [
      { id: 'both', text: words.shared(shared, bytes(both)), children: items('both', both) },
      side('left'),
      side('right'),
    ],
  };
}
