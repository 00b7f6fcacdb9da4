import { describe, expect, it } from 'vitest';
import {
  BytesContent,
  ConcatContent,
  type Content,
  chunks,
  contentBytes,
  contentOf,
  joinContents,
  SliceContent,
  SyntheticContent,
  sliceOf,
  textContent,
  utf8,
} from '../../src/spec/index.ts';

const large = new SyntheticContent(300_001, 7);
const mixed = new ConcatContent([textContent('head'), large, textContent('tail')]);

const gathered = (content: Content, size?: number) =>
  joinContents([...chunks(content, size)].map((bytes) => contentOf(bytes)));

describe('content that travels as bytes', () => {
  it('is what it was, to the byte', () => {
    for (const size of [undefined, 1000, 4099, 1 << 20]) {
      expect(Buffer.compare(contentBytes(gathered(mixed, size)), contentBytes(mixed))).toBe(0);
    }
  });

  it('comes out as the very content it was read from, where that was large', () => {
    expect(gathered(large)).toBe(large);
    expect(sliceOf(gathered(mixed), 4, large.size)).toBe(large);
  });

  it('keeps its place when it is cut on the way', () => {
    const piece = large.read(65_537, 5000).subarray(11, 4000);
    const content = contentOf(piece);
    expect(content).toBeInstanceOf(SliceContent);
    expect(Buffer.compare(contentBytes(content), piece)).toBe(0);
  });

  it('is held by its bytes where nothing else is known', () => {
    expect(contentOf(utf8('plain'))).toBeInstanceOf(BytesContent);
  });
});

describe('slices', () => {
  it('are the same bytes, whatever they are of', () => {
    const bytes = contentBytes(mixed);
    const again = new SliceContent(mixed, 2, mixed.size - 3);
    for (const [offset, size] of [
      [0, 3],
      [0, 5],
      [3, 2],
      [4, 10],
      [300_000, 8],
      [300_004, 5],
      [9, 0],
    ] as const) {
      expect(contentBytes(sliceOf(mixed, offset, size))).toEqual(bytes.subarray(offset, offset + size));
      expect(contentBytes(sliceOf(again, offset, size))).toEqual(
        bytes.subarray(2 + offset, 2 + offset + size).slice(0, size),
      );
    }
  });
});
