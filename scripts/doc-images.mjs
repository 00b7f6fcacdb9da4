#!/usr/bin/env node
// Pictures of the docs: those that the browser tests took of the page, chosen here, into docs/images.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
/** Name in the docs, name in artifacts/. */
const shown = [
  ['layers', 'page-stack-dark'],
  ...['build', 'network', 'union', 'registry'].map((view) => [view, `views-${view}-en-dark-wide`]),
  ['error-help', 'error-help-dark'],
  ['phone', 'phone-input-light-zh'],
  ['lesson-imported', 'lesson-imported'],
];

mkdirSync(`${root}docs/images`, { recursive: true });
for (const [name, taken] of shown) {
  const picture = `${root}artifacts/${taken}.png`;
  if (!existsSync(picture))
    throw new Error(`${picture} is missing: npx vitest run -c vitest.real.config.ts test/browser`);
  const to = `${root}docs/images/${name}.png`;
  // A page has few colours: ImageMagick, where it is there, makes a third of it.
  if (spawnSync('convert', [picture, '-strip', '-colors', '96', `png8:${to}`]).status !== 0) copyFileSync(picture, to);
}
