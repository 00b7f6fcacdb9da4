import { type Mark, type Role, type Scene, textMark, toneOn } from '../scene.ts';
import { humanSize, instruction, type Measure, shortDigest, textWidth } from '../text.ts';
import type { ArchiveWords } from './words.ts';

/** A layer of an archive, as far as it is drawn. */
export interface PicturedLayer {
  diffId: string;
  createdBy: string;
  /** Bytes of its files, and what it takes in the archive. */
  size: number;
  stored: number;
  compression: string;
  added: number;
  changed: number;
  deleted: number;
  problem?: string;
}

export interface PicturedImage {
  id: string;
  references: readonly string[];
  size: number;
  efficiency: number;
  wastedBytes: number;
  layers: readonly PicturedLayer[];
}

export interface ArchiveOptions {
  width: number;
  words: ArchiveWords;
  measure?: Measure;
  toScale: boolean;
}

const gap = 6;
const least = 44;
const most = 96;
const head = 50;
const inset = 12;

export const archivedName = ({ references, id }: PicturedImage): string =>
  references[0]?.replace(/^docker\.io\/(library\/)?/, '') ?? shortDigest(id);

/** What a layer is called: the instruction that made it. */
export const layerTitle = ({ createdBy }: PicturedLayer, words: ArchiveWords): string =>
  (instruction(createdBy) ?? createdBy) || words.noCommand;

/** One image's stack, the newest layer on top. A layer is chosen by its place from the base: `layer:0`. */
export function archiveScene(image: PicturedImage, options: ArchiveOptions): Scene {
  const { words, width, measure = textWidth } = options;
  const name = archivedName(image);
  const summary = words.summary(image.layers.length, humanSize(image.size));
  const efficiency = words.efficiency(image.efficiency, image.wastedBytes);
  const marks: Mark[] = [
    textMark('name', 0, 2, `${name}: ${summary}`, { size: 13, face: 'bold', width, measure }),
    textMark('efficiency', 0, 22, efficiency, { tone: 'dim', width, measure }),
  ];
  let y = head;
  for (let index = image.layers.length - 1; index >= 0; index--) {
    const layer = image.layers[index]!;
    const height = heightOf(layer, image, options.toScale);
    marks.push(...slab(layer, index, y, height, { ...options, measure }));
    y += height + gap;
  }
  return { width, height: y + 4, marks, label: words.picture(name) };
}

function slab(
  layer: PicturedLayer,
  index: number,
  y: number,
  height: number,
  { words, width, measure }: ArchiveOptions & { measure: Measure },
): Mark[] {
  const id = `layer:${index}`;
  const role: Role = layer.problem ? 'bad' : index === 0 ? 'base' : 'layer';
  const tone = toneOn(role);
  const size = humanSize(layer.size);
  const sizeWidth = measure(size, 12, 'mono') + 10;
  const digest = shortDigest(layer.diffId);
  const digestWidth = width > 420 ? measure(digest, 11, 'mono') + 14 : 0;
  const room = width - 2 * inset;
  const title = layerTitle(layer, words);
  const second = layer.problem ? words.problem(layer.problem) : words.counts(layer.added, layer.changed, layer.deleted);
  const right = width - inset;
  return [
    { kind: 'box', id, role, x: 0, y, width, height, stop: true, label: `${title}, ${size}. ${second}` },
    textMark(`${id}:title`, inset, y + 6, title, { size: 13, face: 'mono', tone, width: room - sizeWidth, measure }),
    textMark(`${id}:size`, right, y + 6, size, { size: 12, face: 'mono', tone, anchor: 'end' }),
    textMark(`${id}:counts`, inset, y + 25, second, { size: 11.5, tone, width: room - digestWidth, measure }),
    ...(digestWidth > 0
      ? [textMark(`${id}:digest`, right, y + 25, digest, { size: 11, face: 'mono' as const, tone, anchor: 'end' })]
      : []),
  ];
}

/** By the square root: next to a base image a layer of one file is still seen. */
function heightOf({ size }: PicturedLayer, { layers }: PicturedImage, toScale: boolean): number {
  if (!toScale) return least;
  const largest = Math.max(1, ...layers.map((layer) => layer.size));
  return Math.round(least + (most - least) * Math.sqrt(size / largest));
}
