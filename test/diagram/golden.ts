import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Compares with `test/diagram/<name>.svg`; UPDATE_GOLDENS=1 writes it anew. */
export function expectGolden(name: string, svg: string): void {
  const path = new URL(`./${name}.svg`, import.meta.url).pathname;
  if (process.env.UPDATE_GOLDENS) writeFileSync(path, svg);
  expect(svg).toBe(readFileSync(path, 'utf8'));
}
