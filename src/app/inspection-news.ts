/**
 * An inspection as it is told to a page that has the one before. Layers and images can be thousands, and a command
 * changes few of them: only those that are new are sent, the others by their id. What stays is the same object then, on
 * both sides, so that what was made of it need not be made again.
 */
import type { ImageInfo, Inspection, LayerInfo } from '../trace/index.ts';

interface ListNews<T> {
  /** Ids in order; undefined: as before. */
  order: string[] | undefined;
  fresh: T[];
}

export interface InspectionNews {
  rest: Omit<Inspection, 'layers' | 'images'>;
  layers: ListNews<LayerInfo>;
  images: ListNews<ImageInfo>;
}

const layerId = ({ chainId }: LayerInfo) => chainId;
const imageId = ({ id }: ImageInfo) => id;

/** The side that tells. The engine hands out the same object for what is the same. */
export class InspectionTeller {
  private layers: readonly LayerInfo[] = [];
  private images: readonly ImageInfo[] = [];

  tell({ layers, images, ...rest }: Inspection): InspectionNews {
    const news = { rest, layers: newsOf(this.layers, layers, layerId), images: newsOf(this.images, images, imageId) };
    this.layers = layers;
    this.images = images;
    return news;
  }
}

function newsOf<T>(before: readonly T[], now: readonly T[], id: (one: T) => string): ListNews<T> {
  if (before.length === now.length && now.every((one, at) => one === before[at]))
    return { order: undefined, fresh: [] };
  const known = new Set(before);
  return { order: now.map(id), fresh: now.filter((one) => !known.has(one)) };
}

/** The side that hears. */
export class InspectionHearer {
  private layers: LayerInfo[] = [];
  private images: ImageInfo[] = [];

  hear({ rest, layers, images }: InspectionNews): Inspection {
    this.layers = listAfter(this.layers, layers, layerId);
    this.images = listAfter(this.images, images, imageId);
    return { ...rest, layers: this.layers, images: this.images };
  }
}

function listAfter<T>(before: T[], { order, fresh }: ListNews<T>, id: (one: T) => string): T[] {
  if (!order) return before;
  const known = new Map([...before, ...fresh].map((one) => [id(one), one]));
  return order.flatMap((one) => known.get(one) ?? []);
}
