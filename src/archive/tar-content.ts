import { BytesContent, ConcatContent, type Content, emptyContent } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';
import { blockSize, padding } from './tar-format.ts';
import { encodeHeader, headerSize } from './tar-header.ts';

/**
 * A tar archive made of entries: header, data, padding, ..., two zero blocks. Nothing is serialised until read, and
 * data is read from the entries' own contents, so an archive of any size costs a few objects per entry.
 *
 * Its bytes are those that Go's archive/tar writes (see tar-header.ts); readTar gives the entries back by reference.
 */
export class TarContent implements Content {
  readonly size: number;
  readonly entries: readonly TarEntry[];
  private readonly joined: ConcatContent;

  constructor(entries: Iterable<TarEntry>) {
    this.entries = [...entries];
    this.joined = new ConcatContent([...this.entries.flatMap(entryParts), trailer]);
    this.size = this.joined.size;
  }

  get parts(): readonly Content[] {
    return this.joined.parts;
  }

  read(offset: number, length: number): Uint8Array {
    return this.joined.read(offset, length);
  }
}

const zeros = new Uint8Array(2 * blockSize);
const trailer = new BytesContent(zeros);

function entryParts(entry: TarEntry): Content[] {
  const header = new HeaderContent(entry);
  const data = entryData(entry);
  if (data.size === 0) return [header];
  const pad = padding(data.size);
  return pad ? [header, data, new BytesContent(zeros.subarray(0, pad))] : [header, data];
}

/** Only files have data, and exactly as much as their header says. */
function entryData(entry: TarEntry): Content {
  if (entry.type !== 'file') return emptyContent;
  if (entry.content.size !== entry.size) {
    throw new RangeError(`${entry.name}: size ${entry.size}, content of ${entry.content.size} bytes`);
  }
  return entry.content;
}

/** The header of an entry, encoded when read. */
class HeaderContent implements Content {
  readonly size: number;
  constructor(private readonly entry: TarEntry) {
    this.size = headerSize(entry);
  }
  read(offset: number, length: number): Uint8Array {
    return encodeHeader(this.entry).subarray(offset, offset + length);
  }
}
