import { BytesContent, ConcatContent, type Content } from '../spec/index.ts';
import { type TarEntry, TarError } from './entry.ts';
import { HeaderParser, isSpecial } from './header-parser.ts';
import { blockSize, fieldTooLong, invalidHeader, maxSpecialSize, padding, unexpectedEnd } from './tar-format.ts';

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
  const input = new ByteQueue(source);
  const parser = new HeaderParser();
  try {
    for (let taken = 0; ; ) {
      const block = await input.block();
      if (!block) return;
      const header = parser.parse(block);
      if (!header) {
        if ((await input.block())?.some((byte) => byte !== 0)) throw invalidHeader();
        return;
      }
      if (isSpecial(header.flag) && header.size > maxSpecialSize) throw fieldTooLong();
      if ((taken += header.size) > limit) throw new TarError(`archive is over the limit of ${limit} bytes`);
      const data = await input.take(header.size);
      if (isSpecial(header.flag)) parser.special(header, data.read(0, data.size));
      else yield parser.entry(header, data);
      // The last entry's padding may be missing.
      await input.skip(padding(header.size));
    }
  } finally {
    await input.close();
  }
}

/** Pulls chunks and gives them out again in the sizes asked for. */
class ByteQueue {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private chunk = new Uint8Array(0) as Uint8Array;
  private ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.iterator = source[Symbol.asyncIterator]();
  }

  /** Undefined at a clean end. */
  async block(): Promise<Uint8Array | undefined> {
    const parts = await this.upTo(blockSize);
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    if (size === 0) return undefined;
    if (size < blockSize) throw unexpectedEnd();
    return new ConcatContent(parts.map((part) => new BytesContent(part))).read(0, blockSize);
  }

  async take(size: number): Promise<Content> {
    const content = new ConcatContent((await this.upTo(size)).map((part) => new BytesContent(part)));
    if (content.size < size) throw unexpectedEnd();
    return content;
  }

  async skip(size: number): Promise<void> {
    await this.upTo(size);
  }

  async close(): Promise<void> {
    if (!this.ended) await this.iterator.return?.();
  }

  private async upTo(size: number): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    while (size > 0) {
      while (this.chunk.length === 0) {
        const next = this.ended ? undefined : await this.iterator.next();
        if (!next || next.done) {
          this.ended = true;
          return parts;
        }
        this.chunk = next.value;
      }
      parts.push(this.chunk.subarray(0, size));
      size -= parts[parts.length - 1]!.length;
      this.chunk = this.chunk.subarray(parts[parts.length - 1]!.length);
    }
    return parts;
  }
}
