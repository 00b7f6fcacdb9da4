#!/usr/bin/env node
// Pictures of the docs: those that test/browser/views.test.ts took of the page, chosen here, into docs/images.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const look = 'en-dark-wide';
const shown = ['layers', 'build', 'network'];

mkdirSync(`${root}docs/images`, { recursive: true });
for (const view of shown) {
  const picture = `${root}artifacts/views-${view}-${look}.png`;
  if (!existsSync(picture))
    throw new Error(`${picture} is missing: npx vitest run -c vitest.real.config.ts test/browser/views.test.ts`);
  const to = `${root}docs/images/${view}.png`;
  // A page has few colours: ImageMagick, where it is there, makes a third of it.
  if (spawnSync('convert', [picture, '-strip', '-colors', '96', `png8:${to}`]).status !== 0) copyFileSync(picture, to);
}
