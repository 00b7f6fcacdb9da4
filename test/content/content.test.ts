import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  attest,
  ContentError,
  ContentStore,
  computeDigest,
  createDigester,
  digestOf,
  digestOfBytes,
  MemoryBacking,
} from '../../src/content/index.ts';
import { contentBytes, contentText, type Digest, SyntheticContent, textContent, utf8 } from '../../src/spec/index.ts';
import { blobBackingSuite } from '../suites/blob-backing.suite.ts';

const sha = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const zero = `sha256:${'0'.repeat(64)}` as Digest;

describe('memory backing', () => blobBackingSuite(() => new MemoryBacking()));

describe('digests', () => {
  it('are sha256, at every length around a block and a chunk', () => {
    for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 65535, 65536, 65537, 200_001]) {
      const content = new SyntheticContent(size, size);
      expect(digestOf(content)).toBe(sha(contentBytes(content)));
    }
    expect(digestOfBytes(utf8('abc'))).toBe(sha(utf8('abc')));
  });
  it('are the same however the bytes arrive', () => {
    const bytes = contentBytes(new SyntheticContent(10_000, 4));
    for (const step of [1, 3, 63, 64, 65, 1000]) {
      const digester = createDigester();
      for (let at = 0; at < bytes.length; at += step) digester.update(bytes.subarray(at, at + step));
      expect(digester.digest()).toBe(sha(bytes));
    }
  });
  it('are computed once per object, or attested', () => {
    let reads = 0;
    const content = { size: 3, read: () => utf8('abc'.repeat(Math.min(1, ++reads))) };
    expect(digestOf(content)).toBe(digestOf(content));
    expect(reads).toBe(1);
    const known = attest(textContent('catalogue'), zero);
    expect(digestOf(known)).toBe(zero);
    expect(computeDigest(known)).toBe(sha(utf8('catalogue')));
  });
});

describe('content store', () => {
  const store = (): ContentStore => new ContentStore(new MemoryBacking());
  async function* stream(...texts: string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield utf8(text);
  }

  it('keeps by reference', () => {
    const content = textContent('a');
    const blobs = store();
    expect(blobs.get(blobs.put(content))).toBe(content);
    expect(() => blobs.require(zero)).toThrow(new ContentError('not-found', `content ${zero}: not found`));
  });
  it('refuses what is not what it should be, and stores nothing', () => {
    const blobs = store();
    const digest = digestOf(textContent('a'));
    expect(() => blobs.put(textContent('a'), { digest: zero })).toThrow(
      `unexpected commit digest ${digest}, expected ${zero}`,
    );
    expect(() => blobs.put(textContent('a'), { size: 2 })).toThrow('unexpected commit size 1, expected 2');
    expect(blobs.list()).toEqual([]);
  });
  it('takes in streams up to a bound', async () => {
    const blobs = store();
    const digest = await blobs.ingest(stream('ab', 'c'), { size: 3, digest: digestOf(textContent('abc')) });
    expect(contentText(blobs.get(digest)!)).toBe('abc');
    await expect(blobs.ingest(stream('ab', 'c'), { limit: 2 })).rejects.toMatchObject({ code: 'too-large' });
    await expect(blobs.ingest(stream('ab'), { size: 3 })).rejects.toMatchObject({ code: 'size-mismatch' });
    await expect(blobs.ingest(stream('ab', 'cd'), { size: 3 })).rejects.toMatchObject({ code: 'too-large' });
  });
  it('collects what neither a root nor a lease reaches', () => {
    const blobs = store();
    const leaf = blobs.put(textContent('leaf'));
    const node = blobs.put(textContent(leaf));
    const leased = blobs.put(textContent('leased'));
    const garbage = blobs.put(textContent('garbage'));
    const lease = blobs.lease();
    lease.add(leased);
    const references = (_: Digest, content: { size: number; read(at: number, length: number): Uint8Array }) =>
      contentText(content).startsWith('sha256:') ? [contentText(content) as Digest, zero] : [];
    expect(blobs.collect([node], references)).toEqual([garbage]);
    expect(blobs.list()).toEqual([leaf, node, leased]);
    lease.release();
    expect(blobs.collect([node], references)).toEqual([leased]);
  });
});
