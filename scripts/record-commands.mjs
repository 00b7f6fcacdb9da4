// Runs test/userland/cases/*.txt through the real GNU tools and the real busybox (1.35) of this machine, each case in
// a scratch directory of its own, and writes what they printed to test/userland/recorded/*.json. Run as root on
// Debian 12 with busybox-static installed: node scripts/record-commands.mjs [NAME.txt...]
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochSec, fixture, parseCases } from '../test/userland/case-file.mjs';

const base = new URL('../test/userland/', import.meta.url).pathname;
const applets = new Set(spawnSync('busybox', ['--list'], { encoding: 'utf8' }).stdout.split('\n'));

function run(argv, stdin) {
  const cwd = mkdtempSync(join(tmpdir(), 'cases-'));
  for (const [path, content] of fixture) {
    const full = join(cwd, path);
    if (path.endsWith('/')) mkdirSync(full);
    else if (Array.isArray(content)) symlinkSync(content[0], full);
    else writeFileSync(full, content);
    if (!Array.isArray(content)) utimesSync(full, epochSec, epochSec);
  }
  for (const [path] of fixture) if (path.endsWith('/')) utimesSync(join(cwd, path), epochSec, epochSec);
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', HOME: '/root' };
  const { stdout, stderr, status, signal } = spawnSync(argv[0], argv.slice(1), {
    cwd,
    input: stdin,
    env,
    encoding: 'latin1',
    timeout: 5000,
  });
  rmSync(cwd, { recursive: true });
  const clean = (text) => text.replaceAll(cwd, '/work');
  return { stdout: clean(stdout ?? ''), stderr: clean(stderr ?? ''), code: status, ...(signal ? { signal } : {}) };
}

mkdirSync(`${base}recorded`, { recursive: true });
const wanted = process.argv.slice(2);
for (const file of wanted.length ? wanted : readdirSync(`${base}cases`)) {
  const cases = parseCases(readFileSync(`${base}cases/${file}`, 'utf8'));
  const recorded = cases.map(({ line, argv, stdin }) => ({
    line,
    gnu: run(argv, stdin),
    ...(applets.has(argv[0]) ? { busybox: run(['busybox', ...argv], stdin) } : {}),
  }));
  writeFileSync(`${base}recorded/${file.replace(/\.txt$/, '.json')}`, `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`${file}: ${recorded.length} cases`);
}
