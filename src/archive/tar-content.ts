import { type Content, madeFrom, SliceContent } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';
import { blockSize, padding } from './tar-format.ts';
import { encodeHeader, headerSize } from './tar-header.ts';

/** Data as large as this is read from its own content, not through the archive. */
const large = 65536;

/**
 * A tar archive made of entries: header, data, padding, ..., two zero blocks. Nothing is serialised until read, and
 * data is read from the entries' own contents, so an archive of any size costs one number per entry.
 *
 * Its bytes are those that Go's archive/tar writes (see tar-header.ts); readTar gives the entries back by reference.
 */
export class TarContent implements Content {
  readonly size: number;
  readonly entries: readonly TarEntry[];
  /** Where each entry's header begins. */
  private readonly starts: Float64Array;

  constructor(entries: Iterable<TarEntry>) {
    this.entries = [...entries];
    this.starts = new Float64Array(this.entries.length);
    let at = 0;
    for (let i = 0; i < this.starts.length; i++) {
      const entry = this.entries[i]!;
      const size = dataSize(entry);
      this.starts[i] = at;
      at += headerSize(entry) + size + padding(size);
    }
    this.size = at + 2 * blockSize;
  }

  /** Each large file's data by itself, and what lies between them. */
  get parts(): readonly Content[] {
    const parts: Content[] = [];
    let from = 0;
    for (let i = 0; i < this.starts.length; i++) {
      const entry = this.entries[i]!;
      if (dataSize(entry) < large) continue;
      const data = this.starts[i]! + headerSize(entry);
      parts.push(new SliceContent(this, from, data - from), entry.content);
      from = data + entry.size;
    }
    parts.push(new SliceContent(this, from, this.size - from));
    return parts;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const out = new Uint8Array(end - offset);
    for (let i = this.entryAt(offset); i < this.starts.length && this.starts[i]! < end; i++) {
      this.copy(this.entries[i]!, this.starts[i]! - offset, out);
    }
    return madeFrom(out, this, offset);
  }

  /** Puts what of an entry falls into `out`, at whose `at` (maybe outside of it) the entry begins. */
  private copy(entry: TarEntry, at: number, out: Uint8Array): void {
    const size = headerSize(entry);
    if (at + size > 0) put(encodeHeader(entry), at, out);
    const data = at + size;
    if (dataSize(entry) === 0 || data >= out.length || data + entry.size <= 0) return;
    const from = Math.max(0, -data);
    out.set(entry.content.read(from, Math.min(entry.size, out.length - data) - from), data + from);
  }

  /** Index of the entry that the byte at `offset` belongs to. */
  private entryAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

function put(bytes: Uint8Array, at: number, out: Uint8Array): void {
  if (at >= 0 && at + bytes.length <= out.length) out.set(bytes, at);
  else out.set(bytes.subarray(Math.max(0, -at), out.length - at), Math.max(0, at));
}

/** Only files have data, and exactly as much as their header says. */
function dataSize(entry: TarEntry): number {
  if (entry.type !== 'file') return 0;
  if (entry.content.size !== entry.size) {
    throw new RangeError(`${entry.name}: size ${entry.size}, content of ${entry.content.size} bytes`);
  }
  return entry.size;
}
