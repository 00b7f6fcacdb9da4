import { emptyContent } from '../spec/index.ts';
import { type ByteReader, joinBytes, PartReader } from './byte-reader.ts';
import { type TarEntry, TarError } from './entry.ts';
import { HeaderParser, isSpecial } from './header-parser.ts';
import { blockSize, fieldTooLong, invalidHeader, maxSpecialSize, padding, unexpectedEnd } from './tar-format.ts';

export interface WalkedEntry {
  /** Without content: it is still to be read, from `body`. */
  entry: TarEntry;
  size: number;
  /** Where its data begins, from where the walk began. */
  at: number;
  /** What is not taken from it is skipped when the walk goes on. */
  body: PartReader;
}

/**
 * A tar archive header by header: nothing is held, and data that nobody takes is skipped. `limit` bounds the data of all
 * entries. Errors as {@link readTar}'s; what follows the end mark is not looked at.
 */
export async function* walkTar(
  reader: ByteReader,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<WalkedEntry, void> {
  const parser = new HeaderParser();
  for (let taken = 0, at = 0; ; ) {
    const block = await nextBlock(reader);
    if (!block) return;
    const header = parser.parse(block);
    if (!header) {
      await reader.skip(blockSize);
      if ((await nextBlock(reader))?.some((byte) => byte !== 0)) throw invalidHeader();
      return;
    }
    if (isSpecial(header.flag) && header.size > maxSpecialSize) throw fieldTooLong();
    if ((taken += header.size) > limit) throw new TarError(`archive is over the limit of ${limit} bytes`);
    const entry = isSpecial(header.flag) ? undefined : parser.entry(header, emptyContent);
    // The block is gone from here on.
    await reader.skip(blockSize);
    at += blockSize;
    const body = new PartReader(reader, header.size);
    if (entry) yield { entry, size: header.size, at, body };
    else parser.special(header, joinBytes(await body.take(header.size)));
    await body.skip(body.left);
    if (body.left > 0) throw unexpectedEnd();
    // The last entry's padding may be missing.
    await reader.skip(padding(header.size));
    at += header.size + padding(header.size);
  }
}

/** Not gone over yet. Undefined at a clean end: archives without end mark are accepted, as Go does. */
async function nextBlock(reader: ByteReader): Promise<Uint8Array | undefined> {
  const block = await reader.peek(blockSize);
  if (block.length === 0) return undefined;
  if (block.length < blockSize) throw unexpectedEnd();
  return block;
}

/** Whether these first bytes can begin a tar archive: a header that holds, or the zeros of an empty one. */
export function beginsTar(head: Uint8Array): boolean {
  if (head.length < blockSize) return false;
  try {
    new HeaderParser().parse(head.subarray(0, blockSize));
    return true;
  } catch {
    return false;
  }
}
