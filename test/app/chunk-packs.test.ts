import { expect, it } from 'vitest';
import { PackIndex, packsOf, unpacked } from '../../src/app/chunk-packs.ts';
import { utf8 } from '../../src/spec/index.ts';

const chunk = (key: string, size: number) => [key, new Uint8Array(size).fill(key.charCodeAt(0))] as const;

it('gives back what was packed, in records that are not large', () => {
  const chunks = new Map([chunk('a', 10), chunk('b', 0), chunk('c', 40_000), chunk('d', 40_000), chunk('e', 900_000)]);
  const packs = packsOf(chunks);
  expect(packs.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
  const back = new Map(packs.flatMap((pack) => [...unpacked(pack)]));
  expect([...back.keys()]).toEqual([...chunks.keys()]);
  for (const [key, bytes] of back) expect(Buffer.compare(bytes, chunks.get(key)!)).toBe(0);
  expect(packsOf(new Map())).toEqual([]);
});

it('lets go of packs that are not needed, and of those of which little is', () => {
  const index = new PackIndex();
  const add = (...chunks: (readonly [string, Uint8Array])[]) => index.add(index.nextName, packsOf(chunks)[0]!);
  add(chunk('a', 10), chunk('b', 10));
  add(chunk('c', 10), chunk('d', 30));
  add(chunk('e', 10), ['empty', utf8('')]);
  index.add('alone', packsOf([chunk('f', 10)])[0]!);
  const spent = (...live: string[]) => index.spent((key) => live.includes(key));
  expect(spent('a', 'b', 'c', 'd', 'e', 'f')).toEqual([]);
  expect(spent('a', 'c', 'e', 'f')).toEqual([{ name: 2, needed: ['c'] }]);
  expect(spent('a', 'd', 'empty')).toEqual([
    { name: 3, needed: ['empty'] },
    { name: 'alone', needed: [] },
  ]);
  expect(index.isOf([1, 2, 3, 'alone'])).toBe(true);
  expect(index.isOf([1, 2, 4, 'alone'])).toBe(false);
  index.remove(2);
  expect(index.isOf([1, 2, 3, 'alone'])).toBe(false);
  expect(index.nextName).toBe(4);
});
