import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateStream } from '../../src/archive/index.ts';
import { inflateByLibrary } from '../../src/archive/inflate-stream.ts';

/** The same on every run. */
function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) / 2 ** 24;
  };
}

/** Words, runs and noise: all a block can hold, with matches near and far. */
function sample(size: number, seed = 1): Uint8Array {
  const next = random(seed);
  const out = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const length = Math.min(size - at, 1 + Math.floor(next() * 300));
    const kind = next();
    if (kind < 0.3 && at > 0) {
      const away = 1 + Math.floor(next() * Math.min(at, kind < 0.1 ? 12 : 32768));
      for (let i = 0; i < length; i++) out[at + i] = out[at + i - away]!;
    } else for (let i = 0; i < length; i++) out[at + i] = kind < 0.6 ? 97 + Math.floor(next() ** 3 * 26) : next() * 256;
    at += length;
  }
  return out;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  const memory = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
    memory.fill(0xaa);
  }
}

/** What came out, and how it ended. */
async function inflated(bytes: Uint8Array, size = 65536, by = inflateStream): Promise<{ out: Buffer; error?: string }> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of by(pieces(bytes, size))) parts.push(Buffer.from(chunk));
  } catch (error) {
    return { out: Buffer.concat(parts), error: (error as Error).message };
  }
  return { out: Buffer.concat(parts) };
}

const same = async (packed: Uint8Array, plain: Uint8Array, size?: number, by = inflateStream) => {
  const { out, error } = await inflated(packed, size, by);
  expect(error).toBeUndefined();
  expect(out.equals(plain)).toBe(true);
};

describe('inflateStream', () => {
  const plain = sample(700_000);

  it.each([
    ['stored', { level: 0 }],
    ['fast', { level: 1 }],
    ['usual', { level: 6 }],
    ['best', { level: 9, memLevel: 9 }],
    ['fixed codes', { strategy: constants.Z_FIXED }],
    ['no matches', { strategy: constants.Z_HUFFMAN_ONLY }],
    ['runs', { strategy: constants.Z_RLE }],
    ['small blocks', { memLevel: 1 }],
  ])('gives back what zlib packed: %s', async (_, options) => {
    await same(gzipSync(plain, options), plain);
  });

  it('takes its input in any pieces', async () => {
    const short = plain.subarray(0, 30_000);
    for (const size of [1, 2, 7, 1000]) await same(gzipSync(short), short, size);
    await same(gzipSync(plain), plain, 2 ** 20);
  });

  it('inflates what is empty, one byte, all the same, or as long as its memory', async () => {
    for (const size of [0, 1, 2, 32767, 32768, 131071, 131072, 131073]) {
      await same(gzipSync(sample(size, size)), sample(size, size));
      await same(gzipSync(new Uint8Array(size)), new Uint8Array(size));
    }
  });

  it('reads on through members, whatever their headers hold', async () => {
    const body = deflateRawSync(plain.subarray(0, 1000));
    const end = gzipSync(plain.subarray(0, 1000)).subarray(-8);
    const full = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3]),
      Buffer.from('name\0comment\0\x12\x34', 'latin1'),
      body,
      end,
    ]);
    const all = Buffer.concat([gzipSync(plain.subarray(0, 5)), full, gzipSync(''), gzipSync(plain)]);
    const expected = Buffer.concat([plain.subarray(0, 5), plain.subarray(0, 1000), plain]);
    for (const size of [3, 65536]) await same(all, expected, size);
  });

  it('tells what is cut short, at every byte', async () => {
    const short = plain.subarray(0, 3000);
    const packed = gzipSync(short);
    for (let size = 0; size < packed.length; size += size < 40 || size > packed.length - 40 ? 1 : 37) {
      const { out, error } = await inflated(packed.subarray(0, size));
      expect(error, `${size} bytes`).toBe('unexpected EOF');
      expect(out.equals(short.subarray(0, out.length)), `${size} bytes`).toBe(true);
    }
  });

  it('ends with Go’s words on what is broken, and never with other bytes', async () => {
    const short = sample(4000, 5);
    const next = random(7);
    for (const options of [{}, { strategy: constants.Z_FIXED }]) {
      const packed = gzipSync(short, options);
      for (let round = 0; round < 300; round++) {
        const broken = Buffer.from(packed);
        // Of the header only the magic: its time and system are nobody's business.
        const at = next() < 0.05 ? Math.floor(next() * 3) : 10 + Math.floor(next() * (packed.length - 10));
        broken[at]! ^= 1 << Math.floor(next() * 8);
        const { error } = await inflated(broken);
        expect(error, `round ${round}, byte ${at}`).toMatch(
          /^(unexpected EOF|flate: corrupt input|gzip: invalid (checksum|header))$/,
        );
      }
    }
    expect((await inflated(Buffer.concat([gzipSync('a'), Buffer.from('rubbish')]))).error).toBe('unexpected EOF');
    expect((await inflated(Buffer.concat([gzipSync('a'), Buffer.alloc(512)]))).error).toBe('gzip: invalid header');
  });

  it('refuses codes that are none, and matches from before the beginning', async () => {
    const member = (bits: string) => {
      const bytes = (bits.replaceAll(' ', '').match(/.{1,8}/g) ?? []).map((byte) =>
        Number.parseInt(byte.padEnd(8, '0').split('').reverse().join(''), 2),
      );
      return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, ...bytes]), Buffer.alloc(2000)]);
    };
    const refused = [
      '1 11', // a kind of block that there is not
      '1 10 0000001 00000', // fixed codes: a length with nothing behind it
      '1 10 11000110', // length 286
      '1 01 11111 00000 0000', // 288 codes
      '1 01 00000 00000 0000 100 100 100 100', // four codes of one bit
      '1 01 00000 00000 0000 000 000 000 000', // no code at all
      '1 00 00000 1010101010101010 1010101010101010', // a length that is not its own complement
    ];
    for (const bits of refused) expect((await inflated(member(bits))).error, bits).toBe('flate: corrupt input');
  });

  it('is ended early without harm to the next', async () => {
    const packed = gzipSync(plain);
    for await (const chunk of inflateStream(pieces(packed, 1000))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const [one, two] = [sample(300_000, 3), sample(300_000, 4)];
    await Promise.all([same(gzipSync(one), one, 999), same(gzipSync(two), two, 777)]);
  });

  it('goes by the library too', async () => {
    await same(
      Buffer.concat([gzipSync('ab'), gzipSync(plain)]),
      Buffer.concat([Buffer.from('ab'), plain]),
      999,
      inflateByLibrary,
    );
    expect((await inflated(gzipSync(plain).subarray(0, 5000), 100, inflateByLibrary)).error).toBe('unexpected EOF');
  });
});
