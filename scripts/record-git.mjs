// Runs test/userland/git/*.txt with the real git (Debian 12's 2.39.5) and writes what it printed to recorded/.
// In /srv/git, which must not be there. node scripts/record-git.mjs [NAME.txt...]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { environment, home, parseSessions } from '../test/userland/git/session-file.mjs';

const place = new URL('../test/userland/git/', import.meta.url).pathname;

function runSession({ name, steps }) {
  const base = '/srv/git';
  mkdirSync(`${base}/home`, { recursive: true });
  if (!name.endsWith('(nobody)')) writeFileSync(`${base}/home/.gitconfig`, home);
  const clean = (text) => text.replaceAll(`@${hostname()}.`, '@host.');
  const outcomes = steps.map(({ at, line }, index) => {
    const cwd = join(base, at);
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', line], {
      cwd,
      env: environment(base, index),
      input: '',
      encoding: 'latin1',
      timeout: 10_000,
    });
    return { line: at ? `${at}$ ${line}` : line, stdout: clean(stdout), stderr: clean(stderr), code: status };
  });
  rmSync(base, { recursive: true, force: true });
  return { name, outcomes };
}

const wanted = process.argv.slice(2);
for (const file of wanted.length ? wanted : readdirSync(place).filter((one) => one.endsWith('.txt'))) {
  const recorded = parseSessions(readFileSync(`${place}${file}`, 'utf8')).map(runSession);
  writeFileSync(`${place}recorded/${file.replace(/\.txt$/, '.json')}`, `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`${file}: ${recorded.reduce((sum, { outcomes }) => sum + outcomes.length, 0)} commands`);
}
