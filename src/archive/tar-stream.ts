import type { TarEntry } from './entry.ts';

/** Entries as they arrive. */
export async function* readTarStream(_source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  throw new Error('not written yet');
}
