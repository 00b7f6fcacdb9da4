import { type HierarchyRectangularNode, hierarchy, partition } from 'd3-hierarchy';
import type { Inspection } from '../trace/index.ts';
import { type StackNode, stackTree } from './layer-tree.ts';
import { layOut, type Slab, type Told } from './slab.ts';
import { humanSize, type Measure, shortDigest, textWidth } from './text.ts';
import type { Words } from './words.ts';

/** A picture as plain data: positions in CSS pixels, texts already cut to fit. Drawn by `app`, or by `svg.ts`. */
export interface LayersScene {
  width: number;
  height: number;
  slabs: Slab[];
  /** Where the stacks stand that nothing stands on. */
  columns: { x: number; width: number }[];
  empty: boolean;
}

export interface LayersOptions {
  width: number;
  words: Words;
  /** How wide a text is where it is drawn. Default: an estimate that holds for common faces. */
  measure?: Measure;
  /** Image layers leave out what they can do without: for a stack that is higher than there is room for. */
  terse?: boolean;
}

const gap = 8;
/** What a slab needs to say all it has to say in rows, and what it can do with. */
const minSlab = 116;

/** The layer stack as an icicle: a slab is as wide as what stands on it, the kernel at the bottom. */
export function layersScene(inspection: Inspection, options: LayersOptions): LayersScene {
  const tree = hierarchy<StackNode>(stackTree(inspection), (node) => node.children);
  tree.sum((node) => (node.children.length === 0 ? 1 : 0));
  const leaves = tree.value ?? 1;
  const width = Math.max(options.width, leaves * (minSlab + gap) - gap);
  const laid = partition<StackNode>().size([width + gap, 1])(tree);
  return stackScene(laid, inspection, options);
}

function stackScene(
  laid: HierarchyRectangularNode<StackNode>,
  inspection: Inspection,
  options: LayersOptions,
): LayersScene {
  const slabs: Slab[] = [];
  const tops = new Map<StackNode, number>();
  laid.each((node) => {
    const above = node.data.kind === 'kernel' ? node.descendants().length - 1 : 0;
    const body = bodyOf(node.data, { inspection, options, above, width: node.x1 - node.x0 - gap });
    const floor = node.parent ? tops.get(node.parent.data)! - gap : 0;
    const slab = { id: node.data.id, kind: node.data.kind, x: node.x0, y: floor - body.height, ...body };
    tops.set(node.data, slab.y);
    slabs.push(slab);
  });
  const top = Math.min(...slabs.map((slab) => slab.y));
  for (const slab of slabs) slab.y -= top;
  const columns = laid.leaves().map(({ x0, x1 }) => ({ x: x0, width: x1 - x0 - gap }));
  return { width: laid.x1 - laid.x0 - gap, height: -top, slabs, columns, empty: laid.children === undefined };
}

type Body = ReturnType<typeof layOut>;
interface Room {
  inspection: Inspection;
  options: LayersOptions;
  above: number;
  width: number;
}

/** Of thousands of layers most are as before: their texts are cut to their room once. */
const known = new WeakMap<object, { key: string; words: Words; measure: Measure; body: Body }>();

function bodyOf(node: StackNode, { inspection, options, above, width }: Room): Body {
  const { words, measure = textWidth, terse = false } = options;
  const make = () => {
    const told = tell(node, inspection, words, above);
    if (terse) leaveOut(told, node);
    return layOut(told, width, measure);
  };
  if (node.kind === 'kernel' || node.kind === 'writable') return make();
  const tags = node.images.map(({ references }) => references.join()).join();
  const key = `${width.toFixed(2)} ${terse} ${node.from} ${node.children.length} ${tags}`;
  const before = known.get(node.layer);
  if (before?.key === key && before.words === words && before.measure === measure) return before.body;
  const body = make();
  known.set(node.layer, { key, words, measure, body });
  return body;
}

/** Files that image layers add or change can be read by choosing them; what they hide, and what containers do, stays. */
function leaveOut(told: Told, node: StackNode): void {
  if (node.kind === 'layer') told.notable = told.notable?.filter(({ kind }) => kind === 'deleted') ?? [];
}

function tell(node: StackNode, inspection: Inspection, words: Words, above: number): Told {
  if (node.kind === 'kernel') {
    return {
      titles: [words.kernelTitle],
      details: [words.kernelDetail],
      figures: [`Linux ${inspection.kernel.release}`.trim()],
      shared: above,
    };
  }
  if (node.kind === 'writable') {
    const { container } = node;
    return {
      running: container.status === 'running' || container.status === 'paused',
      titles: [words.writableTitle(container.name), container.name],
      details: words.containerDetails(container),
      figures: [humanSize(container.size)],
      notable: container.notable,
      shared: 1,
    };
  }
  const { layer } = node;
  return {
    titles: words.layerTitles(layer, node.kind === 'base' ? node.from : ''),
    details: words.layerDetails(layer, node.children.length),
    figures: [`${humanSize(layer.size)}  ${shortDigest(layer.diffId)}`, humanSize(layer.size)],
    tags: node.images.flatMap((image) => image.references),
    notable: node.kind === 'layer' ? layer.notable : [],
    shared: node.children.length,
  };
}
