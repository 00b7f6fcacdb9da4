import { BytesContent, ConcatContent } from '../spec/index.ts';
import { StreamReader } from './byte-reader.ts';
import type { TarEntry } from './entry.ts';
import { unexpectedEnd } from './tar-format.ts';
import { walkTar } from './tar-walk.ts';

/**
 * Entries of a tar archive as its bytes arrive (a socket, a pipe). Each entry is given when its data is complete, held
 * in memory by reference to the chunks it came in. `limit` bounds the data of all entries (bytes; 4 GiB by default).
 *
 * Errors as {@link readTar}'s. The source is read up to the end mark only.
 */
export async function* readTarStream(
  source: AsyncIterable<Uint8Array>,
  limit = 2 ** 32,
): AsyncGenerator<TarEntry, void> {
  const reader = new StreamReader(source);
  try {
    for await (const { entry, size, body } of walkTar(reader, limit)) {
      const content = new ConcatContent((await body.take(size)).map((part) => new BytesContent(part)));
      if (content.size < size) throw unexpectedEnd();
      yield entry.type === 'file' ? { ...entry, content } : entry;
    }
  } finally {
    await reader.close();
  }
}
