#!/usr/bin/env node
// npm run parity [-- DIR [NAME...]]: plays every scenario of DIR (default: test/parity, else ../shared/parity) on our
// engine and prints how many commands are answered exactly as the recordings of the real Docker say.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const known = ['test/parity', '../shared/parity'].map((place) => join(root, place));
const [dir = known.find((place) => existsSync(join(place, 'compare.mjs'))), ...names] = process.argv.slice(2);
if (!dir) {
  console.error('parity: no recordings found; give their folder');
  process.exit(2);
}
const out = process.env.PARITY_OUT ? resolve(process.env.PARITY_OUT) : mkdtempSync(join(tmpdir(), 'drydock-parity-'));
let crashed = 0;
for (const file of readdirSync(join(dir, 'scenarios'))
  .filter((f) => /^\d+-.*\.txt$/.test(f))
  .sort()) {
  const name = file.slice(0, -4);
  if (names.length > 0 && !names.some((n) => name.startsWith(n))) continue;
  const started = process.hrtime.bigint();
  const run = spawnSync(
    process.execPath,
    [process.env.DRYDOCK ?? join(root, 'bin/drydock.js'), 'transcript', join(dir, 'scenarios', file)],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 600_000,
    },
  );
  writeFileSync(join(out, `${name}.jsonl`), run.stdout ?? '');
  const ended = run.status === 0 ? 'ended' : `STOPPED (${run.status ?? run.signal})`;
  if (run.status !== 0) crashed++;
  console.log(`${name.padEnd(32)} ${ended} ${Math.round(Number(process.hrtime.bigint() - started) / 1e6)} ms`);
  if (run.stderr) console.log(run.stderr.split('\n').slice(0, 4).join('\n'));
}
const compared = spawnSync(
  process.execPath,
  [join(dir, 'compare.mjs'), join(dir, 'transcripts'), out, '--show', process.env.PARITY_SHOW ?? '0'],
  {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  },
);
console.log(compared.stdout, compared.stderr);
if (!process.env.PARITY_OUT) rmSync(out, { recursive: true });
process.exit(crashed === 0 ? 0 : 1);
