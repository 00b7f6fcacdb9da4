import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Compares with `test/diagram/<name>.svg`; UPDATE_GOLDENS=1 writes it anew. */
export function expectGolden(name: string, svg: string): void {
  const path = new URL(`./${name}.svg`, import.meta.url).pathname;
  if (process.env.UPDATE_GOLDENS) writeFileSync(path, svg);
  expect(svg).toBe(readFileSync(path, 'utf8'));
}

/** Plain data with its ids and digests numbered as they come: those of a catalogue's images change with its content. */
export function stableIds<T>(data: T): T {
  const known = new Map<string, string>();
  const stable = (id: string): string => {
    const short = id.slice(0, 12);
    if (!known.has(short)) known.set(short, String(known.size + 1).padStart(12, '0'));
    return known.get(short)!.padEnd(id.length, '0');
  };
  return JSON.parse(JSON.stringify(data).replace(/\b[0-9a-f]{12,64}\b/g, stable)) as T;
}
