/**
 * Bytes read once from front to back, asynchronously: what a walk over an archive needs of a file of any size, or of a
 * stream. Whoever can seek skips without reading.
 */

/** A file, a blob: any range of it, as a promise. */
export interface ByteSource {
  readonly size: number;
  /** The bytes `[offset, offset + length)`, cut at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * All from there on, where reading straight on costs less by a stream. A chunk holds until the next one is asked for:
   * its memory is then used again (which makes a browser's blob ten times as fast to read).
   */
  stream?(offset: number): AsyncIterable<Uint8Array>;
}

export interface ByteReader {
  /** The next bytes, in the pieces they came in; fewer than `size` only at the end. */
  take(size: number): Promise<Uint8Array[]>;
  /** The next bytes without going on; fewer than `size` only at the end. */
  peek(size: number): Promise<Uint8Array>;
  /** The next bytes as they are at hand, `most` or fewer, none only at the end. They hold until the next call. */
  some(most: number): Promise<Uint8Array>;
  /** Goes on; resolves with how many bytes there were. */
  skip(size: number): Promise<number>;
  /** Tells the source that no more is wanted. */
  close(): Promise<void>;
}

const smallestWindow = 16 << 10;
const largestWindow = 1 << 20;
/** A leap as short as this is no leap: reading over it costs less than beginning anew, time after time. */
const shortLeap = 8 << 20;

/** Reads in windows that grow while reading goes on, then by a stream; after a long leap it begins small again. */
export class SeekingReader implements ByteReader {
  private held = new Uint8Array(0) as Uint8Array;
  private heldAt: number;
  private nextSize = smallestWindow;
  private stream: AsyncIterator<Uint8Array> | undefined;

  constructor(
    private readonly source: ByteSource,
    public at = 0,
    private readonly end = source.size,
  ) {
    this.heldAt = at;
  }

  async take(size: number): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    for (let left = Math.min(size, this.end - this.at); left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(this.stream ? part.slice() : part);
      left -= part.length;
    }
    return parts;
  }

  async peek(size: number): Promise<Uint8Array> {
    return (await this.fill(size)).subarray(0, size);
  }

  async some(most: number): Promise<Uint8Array> {
    const part = (await this.fill(Math.min(1, most))).subarray(0, most);
    this.at += part.length;
    return part;
  }

  async skip(size: number): Promise<number> {
    const skipped = Math.max(0, Math.min(size, this.end - this.at));
    this.at += skipped;
    return skipped;
  }

  async close(): Promise<void> {
    await this.stream?.return?.();
    this.stream = undefined;
  }

  /** What is held from here on: at least `size` bytes, or all there are. */
  private async fill(size: number): Promise<Uint8Array> {
    const wanted = Math.min(size, this.end - this.at);
    if (this.at + wanted > this.heldEnd) {
      const goesOn = this.at - this.heldEnd <= shortLeap;
      const streams = this.stream ?? (this.source.stream && this.nextSize === largestWindow);
      if (goesOn && streams) await this.flow(wanted);
      else await this.leap(wanted, goesOn);
    }
    return this.held.subarray(this.at - this.heldAt, this.end - this.heldAt);
  }

  private get heldEnd(): number {
    return this.heldAt + this.held.length;
  }

  private async leap(wanted: number, goesOn: boolean): Promise<void> {
    await this.close();
    this.nextSize = goesOn ? Math.min(largestWindow, this.nextSize * 4) : smallestWindow;
    this.held = await this.source.read(this.at, Math.min(Math.max(wanted, this.nextSize), this.end - this.at));
    this.heldAt = this.at;
  }

  private async flow(wanted: number): Promise<void> {
    this.stream ??= this.source.stream!(this.heldEnd)[Symbol.asyncIterator]();
    while (this.at + wanted > this.heldEnd) {
      const rest = this.held.slice(Math.max(0, this.at - this.heldAt));
      this.heldAt = this.heldEnd - rest.length;
      this.held = rest;
      const { done, value } = await this.stream.next();
      if (done) return;
      this.held = rest.length === 0 ? value : joinBytes([rest, value]);
    }
  }
}

const nothing = new Uint8Array(0) as Uint8Array;

/** Pulls chunks and gives them out again in the sizes asked for. */
export class StreamReader implements ByteReader {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private held = nothing;
  private ended = false;

  /** `fleeting`: a chunk of the source holds until the next one is asked for. */
  constructor(
    source: AsyncIterable<Uint8Array>,
    private readonly fleeting = false,
  ) {
    this.iterator = source[Symbol.asyncIterator]();
  }

  async take(size: number): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    for (let left = size; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(this.fleeting ? part.slice() : part);
      left -= part.length;
    }
    return parts;
  }

  async some(most: number): Promise<Uint8Array> {
    if (most === 0 || !(await this.fill())) return nothing;
    const part = this.held.subarray(0, most);
    this.held = this.held.subarray(part.length);
    return part;
  }

  async peek(size: number): Promise<Uint8Array> {
    while (this.held.length < size) {
      const rest = this.fleeting ? this.held.slice() : this.held;
      this.held = nothing;
      const more = await this.fill();
      if (rest.length > 0) this.held = joinBytes([rest, this.held]);
      if (!more) break;
    }
    return this.held.subarray(0, size);
  }

  async skip(size: number): Promise<number> {
    let left = size;
    while (left > 0 && (this.held.length > 0 || (await this.fill()))) {
      const part = Math.min(this.held.length, left);
      this.held = part < this.held.length ? this.held.subarray(part) : nothing;
      left -= part;
    }
    return size - left;
  }

  async close(): Promise<void> {
    if (!this.ended) await this.iterator.return?.();
  }

  /** Whether there is more to give out. */
  private async fill(): Promise<boolean> {
    while (this.held.length === 0 && !this.ended) {
      const { done, value } = await this.iterator.next();
      if (done) this.ended = true;
      else this.held = value;
    }
    return this.held.length > 0;
  }
}

/** The next `size` bytes of another reader, as one that ends there. */
export class PartReader implements ByteReader {
  constructor(
    private readonly inner: ByteReader,
    /** Bytes not yet taken. */
    public left: number,
  ) {}

  async take(size: number): Promise<Uint8Array[]> {
    const parts = await this.inner.take(Math.min(size, this.left));
    for (const part of parts) this.left -= part.length;
    return parts;
  }
  peek(size: number): Promise<Uint8Array> {
    return this.inner.peek(Math.min(size, this.left));
  }
  async some(most: number): Promise<Uint8Array> {
    const part = await this.inner.some(Math.min(most, this.left));
    this.left -= part.length;
    return part;
  }
  async skip(size: number): Promise<number> {
    const skipped = await this.inner.skip(Math.min(size, this.left));
    this.left -= skipped;
    return skipped;
  }
  async close(): Promise<void> {}
}

/** All that is left of a reader, piece by piece; a piece holds until the next one is asked for. The reader is closed then. */
export async function* remaining(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  try {
    for (;;) {
      const part = await reader.some(Number.POSITIVE_INFINITY);
      if (part.length === 0) return;
      yield part;
    }
  } finally {
    await reader.close();
  }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
