import type { Inspection } from '../trace/index.ts';
import { type StackNode, stackTree } from './layer-tree.ts';
import { humanSize, shortDigest } from './text.ts';
import type { Words } from './words.ts';

/** The text twin of the layer stack: the same tree, in words, for a screen reader and the keyboard. */
export interface OutlineItem {
  id: string;
  text: string;
  children: OutlineItem[];
}

export function layersOutline(inspection: Inspection, words: Words): OutlineItem {
  const item = (node: StackNode): OutlineItem => ({
    id: node.id,
    text: say(node, inspection, words),
    children: node.children.map(item),
  });
  return item(stackTree(inspection));
}

function say(node: StackNode, inspection: Inspection, words: Words): string {
  if (node.kind === 'kernel') return `${words.kernelTitle} (Linux ${inspection.kernel.release})`;
  if (node.kind === 'writable')
    return `${words.writableTitle(node.container.name)}: ${words.containerDetails(node.container)[0]}, ${humanSize(node.container.size)}`;
  const [title] = words.layerTitles(node.layer, node.kind === 'base' ? node.from : '');
  const tags = node.images.flatMap((image) => image.references).join(', ');
  return [
    title,
    tags && `[${tags}]`,
    words.layerDetails(node.layer, node.children.length)[0],
    humanSize(node.layer.size),
    shortDigest(node.layer.diffId),
  ]
    .filter(Boolean)
    .join(', ');
}
