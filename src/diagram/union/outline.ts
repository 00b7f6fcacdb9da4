import type { LookThrough } from '../../trace/index.ts';
import type { OutlineItem } from '../outline.ts';
import type { UnionWords } from './words.ts';

/** The text twin: what each layer says, from the top down. */
export function unionOutline(look: LookThrough, words: UnionWords): OutlineItem {
  const name = (index: number): string => {
    const layer = look.layers[index]!;
    if (layer.role === 'upper') return words.upper;
    return layer.role === 'init' ? words.init : words.lower(layer);
  };
  return {
    id: 'merged',
    text: `${words.merged}; ${look.path}: ${words.result(look)}`,
    children: [
      ...look.layers.map((layer, index) => ({
        id: `layer${index}`,
        text: `${name(index)}: ${words.answer(layer, look.path)} (${layer.dir})`,
        children: look.entries
          .filter((entry) => entry.layer === index)
          .map((entry) => ({
            id: `entry:${entry.name}`,
            text: words.entry(entry.name, name(index), entry.hidden),
            children: [],
          })),
      })),
      { id: 'workdir', text: `${words.workdir}: ${words.workdirNote} (${look.workdir})`, children: [] },
    ],
  };
}
