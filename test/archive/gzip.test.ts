import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress, detectCompression, gunzip, gzip, TarError } from '../../src/archive/index.ts';
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
