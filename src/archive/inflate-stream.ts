import { Gunzip } from 'fflate';
import { TarError } from './entry.ts';
import { borrowInflater, type Inflater, inflateState, returnInflater } from './inflater.ts';
import { unexpectedEnd } from './tar-format.ts';

/**
 * What is inside a gzip stream of one or more members, as it arrives. A chunk holds until the next one is asked for;
 * those given in need hold no longer.
 *
 * By compiled code, as DecompressionStream knows one member only (eStargz layers have many) and takes three times as
 * long; by the library where WebAssembly is not allowed.
 *
 * Throws TarError with compress/gzip's text.
 */
export async function* inflateStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  if (typeof WebAssembly === 'undefined') return yield* inflateByLibrary(source);
  const inflater = await borrowInflater();
  const input = source[Symbol.asyncIterator]();
  try {
    yield* members(inflater, new Input(inflater, input));
  } finally {
    returnInflater(inflater);
    await input.return?.();
  }
}

/** A header may be as long as this: what waits has to hold it. */
const longestHeader = 128 << 10;

/** Compressed bytes on their way into the memory of the compiled part. */
class Input {
  ended = false;
  private chunk = new Uint8Array(0) as Uint8Array;

  constructor(
    private readonly inflater: Inflater,
    private readonly source: AsyncIterator<Uint8Array>,
  ) {}

  /** Puts more there, or sets `ended`. */
  async more(): Promise<void> {
    while (this.chunk.length === 0) {
      const { done, value } = await this.source.next();
      if (done) {
        this.ended = true;
        return;
      }
      this.chunk = value;
    }
    const { inflater } = this;
    const at = inflater.room();
    const part = this.chunk.subarray(0, inflater.roomSize());
    new Uint8Array(inflater.memory.buffer).set(part, at);
    inflater.added(part.length);
    this.chunk = this.chunk.subarray(part.length);
  }

  /** What is there, at least `size` bytes; undefined when less follow. */
  async peek(size: number): Promise<Uint8Array | undefined> {
    const { inflater } = this;
    while (inflater.unusedSize() < size && !this.ended) await this.more();
    if (inflater.unusedSize() < size) return undefined;
    return new Uint8Array(inflater.memory.buffer, inflater.unusedAt(), inflater.unusedSize());
  }
}

async function* members(inflater: Inflater, input: Input): AsyncGenerator<Uint8Array, void> {
  for (let first = true; first || (await input.peek(1)); first = false) {
    await skipHeader(inflater, input);
    inflater.begin();
    let size = 0;
    for (let state: number = inflateState.wantsInput; state !== inflateState.ended; ) {
      state = inflater.run(input.ended);
      const given = inflater.outputTo() - inflater.outputFrom();
      if (state === inflateState.wantsInput) await input.more();
      else {
        size += given;
        if (given > 0) yield new Uint8Array(inflater.memory.buffer, inflater.outputFrom(), given);
        if (state === inflateState.corrupt) throw new TarError('flate: corrupt input');
        if (state === inflateState.cutShort) throw unexpectedEnd();
      }
    }
    await checkTrailer(inflater, input, size);
  }
}

const invalidHeader = (): TarError => new TarError('gzip: invalid header');

// RFC 1952 2.3.
const headerCrc = 2;
const extra = 4;
const name = 8;
const comment = 16;

async function skipHeader(inflater: Inflater, input: Input): Promise<void> {
  const bytes = async (size: number): Promise<Uint8Array> => {
    if (size > longestHeader) throw invalidHeader();
    const found = await input.peek(size);
    if (!found) throw unexpectedEnd();
    return found;
  };
  const head = await bytes(10);
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) throw invalidHeader();
  const flags = head[3]!;
  let size = 10;
  if (flags & extra) {
    const found = await bytes(size + 2);
    size += 2 + found[size]! + (found[size + 1]! << 8);
  }
  for (const text of [name, comment]) {
    if (!(flags & text)) continue;
    while ((await bytes(size + 1))[size] !== 0) size++;
    size++;
  }
  if (flags & headerCrc) size += 2;
  await bytes(size);
  inflater.use(size);
}

async function checkTrailer(inflater: Inflater, input: Input, size: number): Promise<void> {
  const crc = inflater.checksum() >>> 0;
  const trailer = await input.peek(8);
  if (!trailer) throw unexpectedEnd();
  const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
  if (view.getUint32(0, true) !== crc || view.getUint32(4, true) !== size % 2 ** 32)
    throw new TarError('gzip: invalid checksum');
  inflater.use(8);
}

/** Slower, and without a look at checksums. */
export async function* inflateByLibrary(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let out: Uint8Array[] = [];
  let ended = false;
  const inflate = new Gunzip((data, final) => {
    ended = final;
    if (data.length > 0) out.push(data);
  });
  const push = (chunk: Uint8Array, final: boolean) => {
    try {
      inflate.push(chunk, final);
    } catch (error) {
      const { code } = error as { code?: number };
      throw new TarError(code === 0 ? 'unexpected EOF' : code === 6 ? 'gzip: invalid header' : 'flate: corrupt input');
    }
  };
  for await (const chunk of source) {
    // It may keep what it is given until the next.
    push(chunk.slice(), false);
    yield* out;
    out = [];
  }
  push(new Uint8Array(0), true);
  yield* out;
  if (!ended) throw unexpectedEnd();
}
