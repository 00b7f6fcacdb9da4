import { describe, expect, it } from 'vitest';
import { MemoryBlobBacking } from '../../src/sim/blob-backing.ts';
import { MemoryRecordStore } from '../../src/sim/record-store.ts';
import { SyntheticContent, textContent } from '../../src/spec/index.ts';

describe('MemoryBlobBacking', () => {
  it('keeps, refuses when full, restores', () => {
    const store = new MemoryBlobBacking(new Map(), 10);
    const one = textContent('one');
    store.put('sha256:1', one);
    store.put('sha256:1', one);
    const before = store.snapshot();
    expect(() => store.put('sha256:2', new SyntheticContent(8, 1))).toThrow('No space left on device');
    store.delete('sha256:1');
    store.put('sha256:3', textContent('three'));
    expect(store.list()).toEqual(['sha256:3']);
    store.restore(before);
    expect(store.list()).toEqual(['sha256:1']);
    expect(store.get('sha256:1')).toBe(one);
    store.put('sha256:4', textContent('4444444'));
    expect([...before.keys()]).toEqual(['sha256:1']);
  });
});

describe('MemoryRecordStore', () => {
  it('keeps order, shares with snapshots without changing them', () => {
    const store = new MemoryRecordStore();
    store.put('b', 'x', 1);
    store.put('b', 'a', 2);
    const before = store.snapshot();
    store.put('b', 'x', 3);
    store.delete('b', 'a');
    store.delete('none', 'a');
    expect([store.keys('b'), store.get('b', 'x')]).toEqual([['x'], 3]);
    store.restore(before);
    expect([store.keys('b'), store.get('b', 'x')]).toEqual([['x', 'a'], 1]);
    store.put('b', 'y', 1);
    expect([...before.get('b')!.keys()]).toEqual(['x', 'a']);
  });
});
