import { Gunzip } from 'fflate';
import { TarError } from './entry.ts';

/**
 * What is inside a gzip stream, as it arrives, by the world's own DecompressionStream. That one knows a single member
 * only; where more follow (as eStargz layers have), the library goes on from what was given so far, which takes
 * `open` to begin once more. A stream that cannot be opened twice goes through the library from the start.
 *
 * Throws TarError with compress/gzip's text.
 */
export async function* inflateStream(
  open: () => AsyncIterable<Uint8Array>,
  { twice }: { twice: boolean },
): AsyncGenerator<Uint8Array, void> {
  let given = 0;
  if (twice) {
    try {
      for await (const chunk of native(open())) {
        given += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (error instanceof SourceError) throw error.cause;
    }
  }
  for await (const chunk of members(open())) {
    if (given < chunk.length) yield chunk.subarray(given);
    given = Math.max(0, given - chunk.length);
  }
}

/** Of reading what is compressed, not of inflating it. */
class SourceError extends Error {}

async function* native(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { done, value } = await iterator.next().catch((cause) => {
        throw new SourceError('', { cause });
      });
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const output = input.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await output.read();
      if (done) return;
      yield value;
    }
  } finally {
    await output.cancel().catch(() => {});
  }
}

async function* members(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
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
  if (!ended) throw new TarError('unexpected EOF');
}
