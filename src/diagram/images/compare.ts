import type { ImageInfo, LayerChange } from '../../trace/index.ts';
import { type Efficiency, efficiencyOf } from './efficiency.ts';
import { mergedFiles, type SeenFile } from './files.ts';

/** An image and what each of its layers changes, from the base up. */
export interface ImageLayers {
  image: ImageInfo;
  changes: readonly (readonly LayerChange[])[];
}

/** A path that two images show differently; sizes in bytes, undefined where it is absent. */
export interface FileDifference {
  path: string;
  kind: 'added' | 'changed' | 'removed';
  left?: number;
  right?: number;
  /** chainIDs of the layers that serve it. */
  leftLayer?: string;
  rightLayer?: string;
}

export interface Comparison {
  /** Layers from the base up that both stand on. */
  shared: number;
  differences: FileDifference[];
  left: Efficiency;
  right: Efficiency;
}

export function compareImages(left: ImageLayers, right: ImageLayers): Comparison {
  return {
    shared: sharedLayers(left.image, right.image),
    differences: fileDifferences(left, right),
    left: efficiencyOf(left.changes),
    right: efficiencyOf(right.changes),
  };
}

/** Layers are shared from the base up: the same chainID is the same stack. */
export function sharedLayers(left: ImageInfo, right: ImageInfo): number {
  let count = 0;
  while (count < left.layers.length && left.layers[count] === right.layers[count]) count++;
  return count;
}

/** Served by the same layer it is the same file; written by different layers it was written anew. Directories aside. */
function fileDifferences(left: ImageLayers, right: ImageLayers): FileDifference[] {
  const [a, b] = [mergedFiles(left.changes), mergedFiles(right.changes)];
  const layerOf = ({ image }: ImageLayers, file: SeenFile) => image.layers[file.layer]!;
  const differences: FileDifference[] = [];
  for (const [path, file] of a) {
    if (file.directory) continue;
    const other = b.get(path);
    const from = { path, left: file.size, leftLayer: layerOf(left, file) };
    if (!other || other.directory) differences.push({ ...from, kind: 'removed' });
    else if (layerOf(right, other) !== from.leftLayer) {
      differences.push({ ...from, kind: 'changed', right: other.size, rightLayer: layerOf(right, other) });
    }
  }
  for (const [path, file] of b) {
    if (file.directory || (a.has(path) && !a.get(path)!.directory)) continue;
    differences.push({ path, kind: 'added', right: file.size, rightLayer: layerOf(right, file) });
  }
  return differences.sort((x, y) => (x.path < y.path ? -1 : 1));
}
