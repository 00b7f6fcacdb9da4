import type { Content } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';

/** Entries of a tar (not compressed: see decompress). Throws TarError. */
export function readTar(_content: Content): readonly TarEntry[] {
  throw new Error('not written yet');
}
