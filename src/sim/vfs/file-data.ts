/**
 * What a regular file of a memory tree holds: an immutable `Content`, or, once something was written in the middle of
 * it, a table of 64 KiB chunks over that content.
 *
 *   base       |----------------|            the content it began as, cut at baseSize
 *   chunks     [ - | c1 | - | - | c4 ]       what was written since; '-' past the base is a hole
 *   size       |---------------------|
 *
 * Freezing a table costs nothing: the chunks become immutable and are copied one by one when they are written again.
 */
import { BytesContent, type Content, emptyContent } from '../../spec/index.ts';

export const CHUNK = 65536;
const BLOCK = 4096;
const BLOCKS_PER_CHUNK = CHUNK / BLOCK;

/** What a chunk of zeros is, however many of them there are: `dd if=/dev/zero` costs no memory. */
const zeroChunk = new Uint8Array(CHUNK);

/** Of a whole chunk. */
function isZero(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0 || bytes[CHUNK - 1] !== 0) return false;
  const words = bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, CHUNK / 4) : bytes;
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}

interface Layout {
  readonly size: number;
  readonly base: Content;
  readonly baseSize: number;
  readonly chunks: readonly (Uint8Array | undefined)[];
}

/** A frozen chunk table. */
export class ChunkedContent implements Content, Layout {
  constructor(
    readonly size: number,
    readonly base: Content,
    readonly baseSize: number,
    readonly chunks: readonly (Uint8Array | undefined)[],
    /** Blocks of 4 KiB that are not holes. */
    readonly blocks: number,
  ) {}

  read(offset: number, length: number): Uint8Array {
    return readLayout(this, offset, length, false);
  }
}

/** The bytes; never a view of a chunk when `copy` is set. */
function readLayout(layout: Layout, offset: number, length: number, copy: boolean): Uint8Array {
  const end = Math.min(layout.size, offset + length);
  if (offset >= end) return new Uint8Array(0);
  const index = Math.floor(offset / CHUNK);
  if (!copy && end <= (index + 1) * CHUNK) {
    const chunk = layout.chunks[index];
    const from = offset - index * CHUNK;
    if (chunk && chunk.length >= from + end - offset) return chunk.subarray(from, from + end - offset);
    if (!chunk && end <= layout.baseSize) return layout.base.read(offset, end - offset);
  }
  const out = new Uint8Array(end - offset);
  for (let at = offset; at < end; ) {
    const stop = Math.min(end, (Math.floor(at / CHUNK) + 1) * CHUNK);
    copyChunk(layout, at, stop, out.subarray(at - offset, stop - offset));
    at = stop;
  }
  return out;
}

/** `[at, stop)` lies in one chunk; `into` is zeroed. */
function copyChunk(layout: Layout, at: number, stop: number, into: Uint8Array): void {
  const index = Math.floor(at / CHUNK);
  const chunk = layout.chunks[index];
  const from = at - index * CHUNK;
  if (chunk) into.set(chunk.subarray(from, from + stop - at));
  else if (at < layout.baseSize) into.set(layout.base.read(at, Math.min(stop, layout.baseSize) - at));
}

export class ChunkTable implements Layout {
  size: number;
  base: Content;
  baseSize: number;
  chunks: (Uint8Array | undefined)[];
  private readonly owned = new Set<number>();
  /** Chunks that are not holes. */
  private present: number;

  constructor(content: Content) {
    const from = content instanceof ChunkedContent ? content : undefined;
    this.size = content.size;
    this.base = from ? from.base : content;
    this.baseSize = from ? from.baseSize : content.size;
    this.chunks = from ? from.chunks.slice() : [];
    this.present = this.countPresent();
  }

  read(offset: number, length: number): Uint8Array {
    return readLayout(this, offset, length, true);
  }

  /** Blocks of 4 KiB. Differs from Linux: holes are found in units of 64 KiB. */
  get blocks(): number {
    return this.blocksOf(this.size, this.present);
  }

  /** What {@link blocks} will be after such a write. */
  blocksAfterWrite(offset: number, length: number): number {
    let added = 0;
    for (let i = Math.floor(offset / CHUNK); i * CHUNK < offset + length; i++) if (!this.has(i)) added++;
    const size = Math.max(this.size, offset + length);
    return this.blocksOf(size, this.present + added, this.lastPresentAfter(size, offset + length));
  }

  /** How many chunks of memory it took. */
  write(offset: number, bytes: Uint8Array): number {
    const before = this.owned.size;
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const index = Math.floor(at / CHUNK);
      const from = at - index * CHUNK;
      const length = Math.min(bytes.length - done, CHUNK - from);
      if (length === CHUNK && isZero(bytes.subarray(done, done + length))) this.putZeros(index);
      else this.writable(index, from + length).set(bytes.subarray(done, done + length), from);
      done += length;
    }
    this.size = Math.max(this.size, offset + bytes.length);
    return this.owned.size - before;
  }

  truncate(size: number): void {
    if (size < this.size) {
      const last = Math.floor(size / CHUNK);
      this.baseSize = Math.min(this.baseSize, size);
      this.chunks.length = Math.min(this.chunks.length, Math.ceil(size / CHUNK));
      for (const index of this.owned) if (index >= this.chunks.length) this.owned.delete(index);
      const chunk = this.chunks[last];
      if (chunk && chunk.length > size - last * CHUNK) this.writable(last, 0).fill(0, size - last * CHUNK);
      if (this.baseSize === 0) this.base = emptyContent;
      this.present = this.countPresent();
    }
    this.size = size;
  }

  freeze(): Content {
    this.owned.clear();
    const only = this.chunks[0];
    if (this.size <= CHUNK && only && only.length >= this.size) return new BytesContent(only.subarray(0, this.size));
    return new ChunkedContent(this.size, this.base, this.baseSize, this.chunks, this.blocks);
  }

  /** How many chunks of memory such a write takes at most. */
  heldByWrite(offset: number, length: number): number {
    let made = 0;
    for (let i = Math.floor(offset / CHUNK); i * CHUNK < offset + length; i++) if (!this.owned.has(i)) made++;
    return made;
  }

  private putZeros(index: number): void {
    if (!this.has(index)) this.present++;
    this.owned.delete(index);
    while (this.chunks.length < index) this.chunks.push(undefined);
    this.chunks[index] = zeroChunk;
  }

  /** The chunk, writable and at least `length` long; what was there is in it. */
  private writable(index: number, length: number): Uint8Array {
    const old = this.chunks[index];
    if (old && this.owned.has(index) && old.length >= length) return old;
    const kept = old ? old.length : Math.min(CHUNK, Math.max(0, this.baseSize - index * CHUNK));
    const roomy = old && this.owned.has(index) ? Math.min(CHUNK, old.length * 2) : 0;
    const chunk = new Uint8Array(Math.max(length, kept, roomy));
    if (old) chunk.set(old);
    else if (kept) chunk.set(this.base.read(index * CHUNK, kept));
    if (!this.has(index)) this.present++;
    this.owned.add(index);
    while (this.chunks.length < index) this.chunks.push(undefined);
    this.chunks[index] = chunk;
    return chunk;
  }

  private has(index: number): boolean {
    return this.chunks[index] !== undefined || index * CHUNK < this.baseSize;
  }

  private countPresent(): number {
    const fromBase = Math.ceil(this.baseSize / CHUNK);
    let count = fromBase;
    for (let i = fromBase; i < this.chunks.length; i++) if (this.chunks[i]) count++;
    return count;
  }

  private lastPresentAfter(size: number, written: number): boolean {
    const last = Math.floor((size - 1) / CHUNK);
    return this.has(last) || last * CHUNK < written;
  }

  private blocksOf(size: number, present: number, lastPresent = this.has(Math.floor((size - 1) / CHUNK))): number {
    if (size === 0 || !lastPresent) return present * BLOCKS_PER_CHUNK;
    const rest = size - Math.floor((size - 1) / CHUNK) * CHUNK;
    return (present - 1) * BLOCKS_PER_CHUNK + Math.ceil(rest / BLOCK);
  }
}

export type FileData = Content | ChunkTable;

export const blocksOfData = (data: FileData): number =>
  data instanceof ChunkTable || data instanceof ChunkedContent ? data.blocks : Math.ceil(data.size / BLOCK);

export { BLOCK };
