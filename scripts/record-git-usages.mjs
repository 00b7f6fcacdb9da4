// Writes what the real git (Debian 12's 2.39) prints as usage of the subcommands that are simulated, and its own:
// src/sim/userland/git/git-usage.json. node scripts/record-git-usages.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const room = new URL('../src/sim/userland/git/', import.meta.url).pathname;
const table = readFileSync(`${room}command/table.ts`, 'utf8').split('Record<string, GitCommand>> = {')[1];
const names = [...table.matchAll(/^ {2}(?:'([a-z-]+)'|([a-z]+))[:,]/gm)].map((match) => match[1] ?? match[2]);
const cwd = mkdtempSync(join(tmpdir(), 'usages-'));
const run = (...args) =>
  spawnSync('git', args, { cwd, encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C' } });
run('init', '-q', '-b', 'main');
const texts = { git: run().stdout };
for (const name of names.sort()) {
  const { stdout, stderr } = run(name, '-h');
  texts[name] = stdout || stderr;
}
rmSync(cwd, { recursive: true });
writeFileSync(`${room}git-usage.json`, `${JSON.stringify(texts, null, 1)}\n`);
console.log(`${Object.keys(texts).length} usages`);
