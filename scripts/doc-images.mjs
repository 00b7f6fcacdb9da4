#!/usr/bin/env node
// Pictures of the docs: those that test/browser/views.test.ts took of the page, chosen here, into docs/images.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const look = 'en-dark-wide';
const shown = ['layers', 'build', 'network', 'union', 'registry', 'processes'];

mkdirSync(`${root}docs/images`, { recursive: true });
for (const view of shown) {
  const picture = `${root}artifacts/views-${view}-${look}.png`;
  if (!existsSync(picture))
    throw new Error(`${picture} is missing: npx vitest run -c vitest.real.config.ts test/browser/views.test.ts`);
  copyFileSync(picture, `${root}docs/images/${view}.png`);
}
