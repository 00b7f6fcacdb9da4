// Runs test/userland/cases/*.txt through the real GNU tools of Debian 12 (coreutils 9.1, grep 3.8, sed 4.9, mawk 1.3.4,
// findutils 4.9.0, tar 1.34 ...) and a real BusyBox, each case in a scratch directory of its own, and writes what they
// printed to test/userland/recorded/*.json. Run as root; BUSYBOX names the binary, a 1.37.0 `make defconfig` against
// glibc, which is what the busybox image holds: BUSYBOX=path node scripts/record-commands.mjs [NAME.txt...]
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochSec, fixture, parseCases } from '../test/userland/case-file.mjs';

const base = new URL('../test/userland/', import.meta.url).pathname;
const busybox = process.env.BUSYBOX ?? 'busybox';
const applets = new Set(spawnSync(busybox, ['--list'], { encoding: 'utf8' }).stdout.split('\n'));

function populate(cwd) {
  for (const [path, content] of fixture) {
    const full = join(cwd, path);
    if (path.endsWith('/')) mkdirSync(full);
    else if (Array.isArray(content)) symlinkSync(content[0], full);
    else writeFileSync(full, content);
  }
  for (const [path] of [...fixture, ['']]) lutimesSync(join(cwd, path.replace(/\/$/, '')), epochSec, epochSec);
}

function run(steps, input, prefix = []) {
  const cwd = mkdtempSync(join(tmpdir(), 'cases-'));
  chmodSync(cwd, 0o755);
  populate(cwd);
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC', HOME: '/root' };
  const total = { stdout: '', stderr: '', code: null };
  for (const step of steps) {
    const [program, ...args] = [...prefix, ...step];
    const options = { cwd, input, env, encoding: 'latin1', timeout: 5000 };
    const { stdout, stderr, status } = spawnSync(program, args, options);
    total.stdout += stdout ?? '';
    total.stderr += stderr ?? '';
    total.code = status;
  }
  rmSync(cwd, { recursive: true });
  const clean = (text) => text.replaceAll(cwd, '/work');
  return { stdout: clean(total.stdout), stderr: clean(total.stderr), code: total.code };
}

mkdirSync(`${base}recorded`, { recursive: true });
const wanted = process.argv.slice(2);
for (const file of wanted.length ? wanted : readdirSync(`${base}cases`)) {
  const cases = parseCases(readFileSync(`${base}cases/${file}`, 'utf8'));
  const has = (command) => spawnSync('which', [command]).status === 0;
  const recorded = cases.map(({ line, steps, stdin }) => ({
    line,
    ...(steps.every(([command]) => has(command)) ? { gnu: run(steps, stdin) } : {}),
    ...(steps.every(([command]) => applets.has(command)) ? { busybox: run(steps, stdin, [busybox]) } : {}),
  }));
  writeFileSync(`${base}recorded/${file.replace(/\.txt$/, '.json')}`, `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`${file}: ${recorded.length} cases`);
}
