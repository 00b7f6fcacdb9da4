import { hierarchy, partition } from 'd3-hierarchy';
import type { Inspection, LayerChange } from '../trace/index.ts';
import { type StackNode, stackTree } from './layer-tree.ts';
import { fit, humanSize, instruction, shortDigest, textWidth } from './text.ts';
import type { Words } from './words.ts';

/** A picture as plain data: positions in CSS pixels, texts already cut to fit. Drawn by `app`, or by `svg.ts`. */
export interface LayersScene {
  width: number;
  height: number;
  slabs: Slab[];
  empty: boolean;
}

export interface Slab {
  id: string;
  kind: 'kernel' | 'base' | 'layer' | 'writable';
  /** Of a writable layer: whether its container runs. */
  running: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  detail: string;
  /** Right-aligned, monospace: size and short digest. */
  figure: string;
  tags: { text: string; x: number; width: number }[];
  chips: Chip[];
  /** What a screen reader says, and the tooltip: nothing cut. */
  label: string;
  /** How many containers and images use it: more than one is sharing. */
  shared: number;
}

export interface Chip {
  kind: LayerChange['kind'];
  text: string;
  path: string;
  x: number;
  width: number;
}

export interface LayersOptions {
  width: number;
  words: Words;
}

const gap = 8;
const pad = 12;
const slabHeight = 56;
const chipRow = 28;
const minSlab = 168;

/** The layer stack as an icicle: a slab is as wide as what stands on it, the kernel at the bottom. */
export function layersScene(inspection: Inspection, options: LayersOptions): LayersScene {
  const tree = hierarchy<StackNode>(stackTree(inspection), (node) => node.children);
  tree.sum((node) => (node.children.length === 0 ? 1 : 0));
  const leaves = tree.value ?? 1;
  const width = Math.max(options.width, leaves * (minSlab + gap) - gap);
  const laid = partition<StackNode>().size([width + gap, 1])(tree);
  const slabs: Slab[] = [];
  const tops = new Map<StackNode, number>();
  laid.each((node) => {
    const box = { x: node.x0, width: node.x1 - node.x0 - gap };
    const slab = describe(node.data, box, inspection, options.words, node.descendants().length - 1);
    const floor = node.parent ? tops.get(node.parent.data)! - gap : 0;
    slab.y = floor - slab.height;
    tops.set(node.data, slab.y);
    slabs.push(slab);
  });
  const top = Math.min(...slabs.map((slab) => slab.y));
  for (const slab of slabs) slab.y -= top;
  return { width, height: -top, slabs, empty: tree.children === undefined };
}

type Box = { x: number; width: number };

function describe(node: StackNode, box: Box, inspection: Inspection, words: Words, above: number): Slab {
  if (node.kind === 'kernel') {
    return slab(node, box, {
      title: words.kernelTitle,
      detail: words.kernelDetail,
      figure: `Linux ${inspection.kernel.release}`,
      shared: above,
    });
  }
  if (node.kind === 'writable') {
    const { container } = node;
    return slab(node, box, {
      running: container.status === 'running' || container.status === 'paused',
      title: words.writableTitle(container.name),
      detail: words.containerState(container),
      figure: humanSize(container.size),
      notable: container.notable,
      shared: 1,
    });
  }
  const { layer } = node;
  const name = node.kind === 'base' && node.from ? words.baseTitle(node.from) : instruction(layer.createdBy);
  return slab(node, box, {
    title: name,
    detail: words.layerDetail(layer, node.children.length),
    figure: `${humanSize(layer.size)}  ${shortDigest(layer.diffId)}`,
    tags: node.images.flatMap((image) => image.references),
    notable: node.kind === 'layer' ? layer.notable.filter((change) => change.kind === 'deleted') : [],
    shared: node.children.length,
  });
}

interface Told {
  title: string;
  detail: string;
  figure: string;
  running?: boolean;
  tags?: string[];
  notable?: LayerChange[];
  shared: number;
}

function slab(node: StackNode, box: Box, told: Told): Slab {
  const room = box.width - 2 * pad;
  const tags = placeTags(told.tags ?? [], box);
  const tagRoom = tags.length > 0 ? box.x + box.width - tags[0]!.x : 0;
  const figureWidth = textWidth(told.figure, 11, 'mono');
  const showFigure = figureWidth < room * 0.7;
  const chips = placeChips(told.notable ?? [], box);
  return {
    id: node.id,
    kind: node.kind,
    running: told.running ?? false,
    x: box.x,
    y: 0,
    width: box.width,
    height: slabHeight + (chips.length > 0 ? chipRow : 0),
    title: fit(told.title, room - (tagRoom ? tagRoom - pad + 6 : 0), 13.5),
    detail: fit(told.detail, room - (showFigure ? figureWidth + 10 : 0), 12),
    figure: showFigure ? told.figure : '',
    tags,
    chips,
    label: [told.title, told.detail, told.figure, ...(told.tags ?? [])].filter(Boolean).join(' · '),
    shared: told.shared,
  };
}

/** Tags are pills at the right of the title; what does not fit in 60% of the slab is counted. */
function placeTags(tags: string[], box: Box): Slab['tags'] {
  const placed: Slab['tags'] = [];
  let right = box.x + box.width - 8;
  const limit = box.x + box.width * 0.4;
  for (const [index, tag] of tags.entries()) {
    const rest = tags.length - index;
    const text = fit(tag, right - limit - 16, 11, 'mono');
    if (!text || (placed.length > 0 && text !== tag)) {
      if (placed.length > 0)
        placed[0] = {
          ...placed[0]!,
          text: `${placed[0]!.text} +${rest}`,
          width: placed[0]!.width + 24,
          x: placed[0]!.x - 24,
        };
      break;
    }
    const width = textWidth(text, 11, 'mono') + 16;
    right -= width;
    placed.unshift({ text, x: right, width });
    right -= 6;
  }
  return placed;
}

const chipMark = { added: '+', changed: '~', deleted: '−' } as const;

function placeChips(changes: LayerChange[], box: Box): Chip[] {
  const chips: Chip[] = [];
  let x = box.x + pad;
  const end = box.x + box.width - pad;
  for (const change of changes) {
    const name = change.kind === 'deleted' ? whiteoutName(change.path) : baseOf(change.path);
    const text = `${chipMark[change.kind]} ${name}`;
    const shown = fit(text, end - x - 16, 11, 'mono');
    if (!shown || (shown !== text && chips.length > 0)) break;
    const width = textWidth(shown, 11, 'mono') + 16;
    chips.push({ kind: change.kind, text: shown, path: change.path, x, width });
    x += width + 6;
  }
  return chips;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const whiteoutName = (path: string): string => `.wh.${baseOf(path)}`;
