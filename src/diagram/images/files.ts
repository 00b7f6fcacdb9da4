import { PathMap } from '../../spec/index.ts';
import type { LayerChange } from '../../trace/index.ts';

/** What one layer does to one path, as far as files and their cost go: a part of `LayerChange`. */
export type FileChange = Pick<LayerChange, 'path' | 'kind' | 'size' | 'opaque'> & { type: string };

/** A file as an image shows it, and the layer (counted from the base) that it comes from. */
export interface SeenFile {
  size: number;
  directory: boolean;
  layer: number;
}

/** The merged tree of a stack of layers, from the base up: what a container of the image sees. */
export class MergedFiles {
  readonly files = new PathMap<SeenFile>();

  /** Lays one layer on top. */
  add(changes: readonly FileChange[], layer: number): void {
    for (const { path, kind, opaque } of changes) {
      if (kind === 'deleted') this.files.remove(path);
      else if (opaque) this.files.removeBelow(path);
    }
    for (const { path, kind, type, size } of changes) {
      if (kind === 'deleted') continue;
      const directory = type === 'directory';
      if (!directory && this.files.get(path)?.directory) this.files.removeBelow(path);
      this.files.set(path, { size, directory, layer });
    }
  }

  /** Bytes below a directory. */
  below(path: string): number {
    if (!this.files.get(path)?.directory) return 0;
    let sum = 0;
    for (const [, { size }] of this.files.below(path)) sum += size;
    return sum;
  }
}

export function mergedFiles(layers: readonly (readonly FileChange[])[]): PathMap<SeenFile> {
  const merged = new MergedFiles();
  for (const [index, changes] of layers.entries()) merged.add(changes, index);
  return merged.files;
}
