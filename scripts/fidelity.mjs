#!/usr/bin/env node
// Collects the `Differs from Docker:` and `Differs from Linux:` (Debian, Go ...) tags of src/ into docs/fidelity.md.
// `--check` only says whether the page is up to date (exit 1 when not).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const page = join(root, 'docs/fidelity.md');
const found = new Map();
const end = /(?:\*\/|""")\s*$/;

for (const file of readdirSync(join(root, 'src'), { recursive: true })
  .filter((f) => /\.(ts|svelte|js|py)$/.test(f))
  .sort()) {
  const lines = readFileSync(join(root, 'src', file), 'utf8').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const tag = /(?:\/\/|\*|#|""").*?Differs from (\w+(?: Hub)?): *(.*)$/.exec(lines[i]);
    if (!tag) continue;
    let text = tag[2].replace(end, '');
    while (/^\s*(\/\/|\*(?!\/)) ?\S/.test(lines[i + 1] ?? '') && !/Differs from|\* @/.test(lines[i + 1])) {
      text += ` ${lines[++i].replace(/^\s*(\/\/|\*) ?/, '').replace(end, '')}`;
    }
    const of = tag[1];
    found.set(of, [...(found.get(of) ?? []), `- ${text.trim().replaceAll('\\`', '`')} (\`src/${file}\`)`]);
  }
}

const text = [
  '# What differs from the real thing',
  '',
  'Collected from the code by `node scripts/fidelity.mjs`. What is not simulated at all says so by name when it is used.',
  ...[...found].sort().flatMap(([of, lines]) => ['', `## From ${of}`, '', ...lines]),
  '',
].join('\n');

if (process.argv.includes('--check')) {
  const same = readFileSync(page, 'utf8') === text;
  if (!same) console.error('docs/fidelity.md is out of date: run node scripts/fidelity.mjs');
  process.exit(same ? 0 : 1);
}
writeFileSync(page, text);
