import { type Content, sliceOf } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';
import { HeaderParser, isSpecial } from './header-parser.ts';
import { TarContent } from './tar-content.ts';
import { blockSize, fieldTooLong, invalidHeader, maxSpecialSize, padding, unexpectedEnd } from './tar-format.ts';

/**
 * The entries of a tar archive that is at hand (not compressed: see `decompress`). Data is not read: the entries'
 * contents are slices of the archive. A {@link TarContent} gives its own entries.
 *
 * Own reader because libraries decode xattr values as text and cut times to milliseconds. Throws TarError, with Go's
 * text, on anything malformed or cut short; what follows the end mark is not looked at.
 */
export function readTar(content: Content): readonly TarEntry[] {
  if (content instanceof TarContent) return content.entries;
  const entries: TarEntry[] = [];
  const parser = new HeaderParser();
  for (let at = 0; ; ) {
    const block = headerBlock(content, at);
    if (!block) return entries;
    const header = parser.parse(block);
    if (!header) {
      endOfArchive(content, at + blockSize);
      return entries;
    }
    at += blockSize;
    if (at + header.size > content.size) throw unexpectedEnd();
    if (isSpecial(header.flag)) {
      if (header.size > maxSpecialSize) throw fieldTooLong();
      parser.special(header, content.read(at, header.size));
    } else entries.push(parser.entry(header, sliceOf(content, at, header.size)));
    at += header.size + padding(header.size);
  }
}

/** Undefined at a clean end: archives without end mark are accepted, as Go does. */
function headerBlock(content: Content, at: number): Uint8Array | undefined {
  if (at >= content.size) return undefined;
  const block = content.read(at, blockSize);
  if (block.length < blockSize) throw unexpectedEnd();
  return block;
}

/** After one block of zeros: another, or nothing. */
function endOfArchive(content: Content, at: number): void {
  if (headerBlock(content, at)?.some((byte) => byte !== 0)) throw invalidHeader();
}
