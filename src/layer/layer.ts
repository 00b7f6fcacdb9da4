import { TarContent, type TarEntry } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import type { Digest } from '../spec/index.ts';

/** A layer that was made here: its tar, serialised only as it is read, and what names it. */
export interface Layer {
  readonly content: TarContent;
  /** Digest of the (uncompressed) tar; computed on first use by streaming it. */
  readonly diffId: Digest;
  /** Bytes of file data: what `docker history` and `docker images` count. */
  readonly size: number;
  /** Nothing changed: not a layer at all in Docker's history ("empty_layer"). */
  readonly empty: boolean;
}

export function layerOf(entries: Iterable<TarEntry>): Layer {
  const content = new TarContent(entries);
  return {
    content,
    get diffId() {
      return digestOf(content);
    },
    size: layerSize(content.entries),
    empty: content.entries.length === 0,
  };
}

export const layerSize = (entries: readonly TarEntry[]): number => entries.reduce((sum, { size }) => sum + size, 0);
