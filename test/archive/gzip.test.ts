import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress, detectCompression, goGzip, gunzip, gzip, TarError } from '../../src/archive/index.ts';
import { BytesContent, type Content, contentBytes, SyntheticContent, textContent } from '../../src/spec/index.ts';
import { seed } from './arbitrary.ts';

const held = (content: Content): Content => new BytesContent(contentBytes(content).slice());
const repeated = (size: number): Content => textContent('drydock '.repeat(size / 8));

describe('gzip', () => {
  it('gunzip(gzip(x)) == x, for ours and for zlib', () => {
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((data) => new BytesContent(data)),
      fc.integer({ min: 0, max: 200_000 }).map((size) => new SyntheticContent(size, size)),
      fc.integer({ min: 0, max: 30_000 }).map((size) => repeated(size * 8)),
    );
    fc.assert(
      fc.property(inputs, (input) => {
        const packed = held(gzip(input));
        expect(gunzipSync(contentBytes(packed)).equals(contentBytes(input))).toBe(true);
        expect(Buffer.compare(contentBytes(gunzip(packed)), contentBytes(input))).toBe(0);
      }),
      { seed, numRuns: 25 },
    );
  });
  it('any range is that range of the whole', () => {
    const packed = gzip(new SyntheticContent(300_000, 1));
    const whole = contentBytes(packed);
    fc.assert(
      fc.property(fc.nat(310_000), fc.nat(100_000), (offset, length) => {
        expect(Buffer.compare(packed.read(offset, length), whole.slice(offset, offset + length))).toBe(0);
      }),
      { seed, numRuns: 30 },
    );
  });
  it('compresses what can be compressed', () => {
    expect(gzip(repeated(1 << 20)).size).toBeLessThan(10_000);
    expect(gzip(new SyntheticContent(1 << 20, 1)).size).toBeLessThan((1 << 20) + 1000);
  });
  it('of its own making is free to undo', () => {
    const inner = new SyntheticContent(2 ** 40, 1);
    expect(gunzip(gzip(inner))).toBe(inner);
  });
});

describe('gunzip', () => {
  const packed = new Uint8Array(gzipSync('hello hello hello hello'));
  const damaged = (at: number): Content => new BytesContent(packed.map((byte, i) => (i === at ? byte ^ 0xff : byte)));
  it('refuses what is damaged or cut short', () => {
    expect(() => gunzip(damaged(packed.length - 1))).toThrow(new TarError('gzip: invalid checksum'));
    expect(() => gunzip(damaged(packed.length - 6))).toThrow(new TarError('gzip: invalid checksum'));
    expect(() => gunzip(new BytesContent(packed.subarray(0, 15)))).toThrow(new TarError('unexpected EOF'));
    expect(() => gunzip(new BytesContent(packed.subarray(0, packed.length - 3)))).toThrow(TarError);
    expect(() => gunzip(textContent('no gzip at all'))).toThrow(new TarError('gzip: invalid header'));
  });
  it('stops at its limit', () => {
    expect(() => gunzip(held(gzip(repeated(1 << 20))), 100_000)).toThrow('over the limit of 100000 bytes');
  });
  it('reads several members, and names in headers', () => {
    const two = new Uint8Array([...gzipSync('one '), ...gzipSync('two')]);
    expect(contentBytes(gunzip(new BytesContent(two)))).toEqual(contentBytes(textContent('one two')));
  });
});

describe('compression by magic', () => {
  const bytes = (...values: number[]) => new BytesContent(new Uint8Array(values));
  it('is detected', () => {
    expect(detectCompression(gzip(textContent('x')))).toBe('gzip');
    expect(detectCompression(bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0))).toBe('xz');
    expect(detectCompression(bytes(0x28, 0xb5, 0x2f, 0xfd))).toBe('zstd');
    expect(detectCompression(textContent('BZh9'))).toBe('bzip2');
    expect(detectCompression(textContent('B'))).toBe('none');
  });
  it('is undone, or said to be unsupported', () => {
    expect(contentBytes(decompress(held(gzip(textContent('x')))))).toEqual(contentBytes(textContent('x')));
    expect(() => decompress(textContent('BZh9'))).toThrow('Unsupported compression format tar.bz2');
  });
});

describe('goGzip', () => {
  // Digests of Go 1.19's gzip.NewWriter over the same input, as dockerd 20.10.24 is built with it.
  const lines = (count: number): Content =>
    textContent(Array.from({ length: count }, (_unused, i) => `line ${(i * 7919) % 1000} of ${i}\n`).join(''));
  const mixed = (size: number): Content =>
    new BytesContent(Uint8Array.from({ length: size }, (_unused, i) => (Math.imul(i, 2654435761) >>> 13) & 255));
  const cases: [string, Content, string][] = [
    ['nothing', textContent(''), '30e6fa98fb48c2b132824d1ac5e2243c0be9e9082ff32598d34d7687ca7f6c7f'],
    ['a word', textContent('hello'), '3429ae8bc6346f1e4fb67b7d788f85f4637e726a725cf4b66c521903d0ab3b07'],
    ['one repeated', repeated(160), 'd4a82c73cc780884620a8ab14bfc5dff660930c67528f98bc8a5da9d6e1ff4b2'],
    ['many blocks', lines(20000), '7c203075a9f8623952d2b169da853702819486806636ea3a7afa92e7907268d1'],
    ['little to gain', mixed(70000), 'd0272f6d0f0ed26f73a3c5070211b7e348090f03a7cd646b6054a230fd32ea29'],
    [
      'zeros',
      new BytesContent(new Uint8Array(200_000)),
      '854ec954cacb0257c5b791d95df5b1151cee7ddb267eb69e00450562f9553bfe',
    ],
  ];
  it.each(cases)('%s', (_name, input, digest) => {
    expect(
      createHash('sha256')
        .update(contentBytes(goGzip(input)))
        .digest('hex'),
    ).toBe(digest);
  });
});
