import type { ImageInfo, Inspection, LayerInfo } from '../../trace/index.ts';
import { baseName } from '../layer-tree.ts';
import { type Mark, type Role, type Scene, textMark, toneOn } from '../scene.ts';
import { humanSize, instruction, type Measure, shortDigest, textWidth } from '../text.ts';
import { type Comparison, sharedLayers } from './compare.ts';
import type { ImagesWords } from './words.ts';

export interface ImagesOptions {
  width: number;
  words: ImagesWords;
  measure?: Measure;
  /** Heights by size; otherwise all layers are as high. */
  toScale: boolean;
  /** Height there is: large layers are drawn smaller so that all of it is seen, as far as that goes. */
  height?: number;
}

const gap = 6;
const least = 36;
const foot = 26;
/** Of the largest layer, from what looks best to what still tells it from the others. */
const largest = [150, 110, 76, 50, 30];
const head = 52;

/**
 * Two stacks on what they share:
 *
 *     [team/app       ] [team/web       ]
 *     [COPY . /app    ] [RUN apt-get …  ]
 *     [ FROM ubuntu: in both            ]
 */
export function imagesScene(
  pair: { left: ImageInfo; right: ImageInfo },
  inspection: Inspection,
  comparison: Comparison | undefined,
  options: ImagesOptions,
): Scene {
  const { words } = options;
  const layers = new Map(inspection.layers.map((layer) => [layer.chainId, layer]));
  const infos = (image: ImageInfo) => image.layers.flatMap((id) => layers.get(id) ?? []);
  const shared = sharedLayers(pair.left, pair.right);
  const alone = pair.left.id === pair.right.id;
  const [left, right] = [infos(pair.left), infos(pair.right)];
  const column = (options.width - gap) / 2;
  const all = [...left, ...right];
  const tall = (list: LayerInfo[], heights: Map<string, number>) =>
    list.reduce((sum, layer) => sum + heights.get(layer.chainId)! + gap, 0);
  const own = (heights: Map<string, number>) =>
    Math.max(tall(left.slice(shared), heights), tall(right.slice(shared), heights));
  const whole = (heights: Map<string, number>) => head + own(heights) + tall(left.slice(0, shared), heights) + foot;
  const heights = largest
    .map((most) => heightsOf(all, options.toScale, most))
    .find((some, at) => at === largest.length - 1 || whole(some) <= (options.height ?? Number.POSITIVE_INFINITY))!;
  const height = (list: LayerInfo[]) => tall(list, heights);
  const ownHeight = own(heights);
  const floor = head + ownHeight;
  const marks: Mark[] = [
    ...stack(left.slice(shared), 'left', { x: 0, floor, width: column }, heights, { ...options, inspection }),
    ...stack(right.slice(shared), 'right', { x: column + gap, floor, width: column }, heights, {
      ...options,
      inspection,
    }),
    ...stack(
      left.slice(0, shared),
      'both',
      { x: 0, floor: floor + height(left.slice(0, shared)), width: options.width },
      heights,
      { ...options, inspection },
    ),
    ...(alone
      ? header(pair.left, left, comparison?.left, 'left', 0, options.width, { ...options, alone })
      : [
          ...header(pair.left, left.slice(shared), comparison?.left, 'left', 0, column, options),
          ...header(pair.right, right.slice(shared), comparison?.right, 'right', column + gap, column, options),
        ]),
  ];
  const end = floor + height(left.slice(0, shared));
  const bytes = left.slice(0, shared).reduce((sum, { size }) => sum + size, 0);
  const told = words.shared(shared, humanSize(bytes));
  if (!alone)
    marks.push(textMark('shared', 0, end + 4, told, { tone: 'dim', width: options.width, ...measured(options) }));
  return { width: options.width, height: end + foot, marks, label: words.picture };
}

const measured = ({ measure = textWidth }: ImagesOptions) => ({ measure });

function header(
  image: ImageInfo,
  own: LayerInfo[],
  efficiency: Comparison['left'] | undefined,
  side: string,
  x: number,
  width: number,
  options: ImagesOptions & { alone?: boolean },
): Mark[] {
  const { words } = options;
  const name = nameOf(image);
  const size = humanSize(own.reduce((sum, layer) => sum + layer.size, 0));
  const told = options.alone ? words.alone : words.own;
  const first = own.length > 0 ? told(name, own.length, size) : words.nothingOwn(name);
  const second = efficiency ? words.efficiency(efficiency.efficiency, efficiency.wastedBytes) : '';
  return [
    textMark(`${side}:name`, x, 2, first, { size: 13, face: 'bold', width, ...measured(options) }),
    textMark(`${side}:efficiency`, x, 22, second, { size: 12, tone: 'dim', width, ...measured(options) }),
  ];
}

/** What made a layer; a base layer goes by the name of the image that people know it by. */
export function saidOf(layer: LayerInfo, inspection: Inspection): string {
  const base = layer.parent === '' ? baseName(layer, inspection) : '';
  return base ? `FROM ${base}` : (instruction(layer.createdBy) ?? (layer.createdBy || shortDigest(layer.diffId)));
}

export const nameOf = (image: ImageInfo): string =>
  image.references[0]?.replace(/:latest$/, '') ?? shortDigest(image.id);

/** From the floor up. */
function stack(
  layers: LayerInfo[],
  side: 'left' | 'right' | 'both',
  at: { x: number; floor: number; width: number },
  heights: Map<string, number>,
  options: ImagesOptions & { inspection: Inspection },
): Mark[] {
  let y = at.floor;
  return layers.flatMap((layer): Mark[] => {
    const height = heights.get(layer.chainId)!;
    y -= height + gap;
    const role: Role = layer.parent === '' ? 'base' : 'layer';
    const said = saidOf(layer, options.inspection);
    const id = `${side}:${layer.chainId}`;
    const size = humanSize(layer.size);
    const { measure } = measured(options);
    const sizeWidth = measure(size, 11, 'mono');
    const tone = toneOn(role);
    const room = at.width - sizeWidth - 34;
    return [
      {
        kind: 'box',
        id,
        role,
        x: at.x,
        y,
        width: at.width,
        height,
        label: options.words.layer(said, layer.size),
        stop: true,
      },
      textMark(`${id}:said`, at.x + 10, y + height / 2 - 8, said, {
        size: 12.5,
        face: 'bold',
        tone,
        width: room,
        measure,
      }),
      textMark(`${id}:size`, at.x + at.width - 10, y + height / 2 - 7, size, {
        size: 11,
        face: 'mono',
        tone,
        anchor: 'end',
        measure,
      }),
    ];
  });
}

/** Heights by the root of the size, so that a kilobyte beside a hundred megabytes can still be read. */
function heightsOf(layers: LayerInfo[], toScale: boolean, most: number): Map<string, number> {
  const biggest = Math.max(1, ...layers.map(({ size }) => size));
  const low = Math.min(least, most - 4);
  const high = (size: number) => (toScale ? low + (most - low) * Math.sqrt(size / biggest) : low + 4);
  return new Map(layers.map(({ chainId, size }) => [chainId, Math.round(high(size))]));
}
