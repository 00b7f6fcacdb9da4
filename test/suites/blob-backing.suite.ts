/** What every BlobBacking does; run against memory and disk. */
import { expect, it } from 'vitest';
import { digestOf } from '../../src/content/index.ts';
import type { BlobBacking } from '../../src/port/index.ts';
import { contentBytes, contentText, SyntheticContent, textContent } from '../../src/spec/index.ts';

export function blobBackingSuite(make: () => BlobBacking): void {
  const hello = textContent('hello');
  const digest = digestOf(hello);

  it('gives back what was put, by digest', () => {
    const backing = make();
    expect(backing.get(digest)).toBeUndefined();
    backing.put(digest, hello);
    expect(contentText(backing.get(digest)!)).toBe('hello');
    expect(backing.get(digest)!.size).toBe(5);
    expect(backing.list()).toEqual([digest]);
  });
  it('puts twice as once', () => {
    const backing = make();
    backing.put(digest, hello);
    backing.put(digest, hello);
    expect(backing.list()).toEqual([digest]);
  });
  it('reads any range of a large blob', () => {
    const backing = make();
    const large = new SyntheticContent(1_000_003, 9);
    backing.put(digestOf(large), large);
    const back = backing.get(digestOf(large))!;
    expect(back.read(999_990, 100)).toEqual(large.read(999_990, 100));
    expect(back.read(65_530, 20)).toEqual(large.read(65_530, 20));
    expect(contentBytes(back).length).toBe(1_000_003);
  });
  it('deletes, and deletes again', () => {
    const backing = make();
    backing.put(digest, hello);
    backing.delete(digest);
    backing.delete(digest);
    expect(backing.get(digest)).toBeUndefined();
    expect(backing.list()).toEqual([]);
  });
  it('keeps content readable that was got before its blob was deleted', () => {
    const backing = make();
    backing.put(digest, hello);
    const content = backing.get(digest)!;
    contentText(content);
    backing.delete(digest);
    expect(content.size).toBe(5);
  });
}
