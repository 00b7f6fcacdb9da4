import type { ImageInfo, Inspection, LayerInfo } from '../../trace/index.ts';
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
}

const gap = 6;
const least = 36;
const most = 150;
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
  const [left, right] = [infos(pair.left), infos(pair.right)];
  const column = (options.width - gap) / 2;
  const heights = heightsOf([...left, ...right], options.toScale);
  const height = (list: LayerInfo[]) => list.reduce((sum, layer) => sum + heights.get(layer.chainId)! + gap, 0);
  const ownHeight = Math.max(height(left.slice(shared)), height(right.slice(shared)));
  const floor = head + ownHeight;
  const marks: Mark[] = [
    ...stack(left.slice(shared), 'left', { x: 0, floor, width: column }, heights, options),
    ...stack(right.slice(shared), 'right', { x: column + gap, floor, width: column }, heights, options),
    ...stack(
      left.slice(0, shared),
      'both',
      { x: 0, floor: floor + height(left.slice(0, shared)), width: options.width },
      heights,
      options,
    ),
    ...header(pair.left, left.slice(shared), comparison?.left, 'left', 0, column, options),
    ...header(pair.right, right.slice(shared), comparison?.right, 'right', column + gap, column, options),
  ];
  const foot = floor + height(left.slice(0, shared));
  const bytes = left.slice(0, shared).reduce((sum, { size }) => sum + size, 0);
  const told = words.shared(shared, humanSize(bytes));
  marks.push(textMark('shared', 0, foot + 4, told, { tone: 'dim', width: options.width, ...measured(options) }));
  return { width: options.width, height: foot + 26, marks, label: words.picture };
}

const measured = ({ measure = textWidth }: ImagesOptions) => ({ measure });

function header(
  image: ImageInfo,
  own: LayerInfo[],
  efficiency: Comparison['left'] | undefined,
  side: string,
  x: number,
  width: number,
  options: ImagesOptions,
): Mark[] {
  const { words } = options;
  const name = nameOf(image);
  const size = humanSize(own.reduce((sum, layer) => sum + layer.size, 0));
  const first = own.length > 0 ? words.own(name, own.length, size) : words.nothingOwn(name);
  const second = efficiency ? words.efficiency(efficiency.efficiency, efficiency.wastedBytes) : '';
  return [
    textMark(`${side}:name`, x, 2, first, { size: 13, face: 'bold', width, ...measured(options) }),
    textMark(`${side}:efficiency`, x, 22, second, { size: 12, tone: 'dim', width, ...measured(options) }),
  ];
}

export const nameOf = (image: ImageInfo): string =>
  image.references[0]?.replace(/:latest$/, '') ?? shortDigest(image.id);

/** From the floor up. */
function stack(
  layers: LayerInfo[],
  side: 'left' | 'right' | 'both',
  at: { x: number; floor: number; width: number },
  heights: Map<string, number>,
  options: ImagesOptions,
): Mark[] {
  let y = at.floor;
  return layers.flatMap((layer): Mark[] => {
    const height = heights.get(layer.chainId)!;
    y -= height + gap;
    const role: Role = layer.parent === '' ? 'base' : 'layer';
    const said = instruction(layer.createdBy) ?? (layer.createdBy || shortDigest(layer.diffId));
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
function heightsOf(layers: LayerInfo[], toScale: boolean): Map<string, number> {
  const largest = Math.max(1, ...layers.map(({ size }) => size));
  const high = (size: number) => (toScale ? least + (most - least) * Math.sqrt(size / largest) : least + 4);
  return new Map(layers.map(({ chainId, size }) => [chainId, Math.round(high(size))]));
}
