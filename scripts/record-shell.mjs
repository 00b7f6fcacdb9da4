/**
 * Runs the cases of test/shell/cases/*.txt through the real bash, dash and busybox sh, each in an empty directory, and
 * writes what they printed to test/shell/recorded/<file>.json. Needs Debian's bash, dash and busybox-static.
 *
 * A case is a block of lines between lines that hold only `---`: a script for `sh -c`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cases = 'test/shell/cases';
const recorded = 'test/shell/recorded';
const shells = { bash: ['bash', 'bash'], dash: ['dash', 'dash'], ash: ['busybox', 'sh'] };
const commands = ['cat', 'touch', 'mkdir', 'rm', 'chmod', 'sleep', 'yes', 'head', 'tr', 'env'];

const bin = mkdtempSync(join(tmpdir(), 'bin'));
for (const name of [...commands, 'bash', 'dash']) symlinkSync(`/bin/${name}`, join(bin, name));

const run = (shell, script) => {
  const cwd = mkdtempSync(join(tmpdir(), 'case'));
  const [program, argv0] = shells[shell];
  const result = spawnSync(`/bin/${program}`, ['-c', script], {
    cwd,
    argv0,
    env: { PATH: bin, HOME: '/root', LC_ALL: 'C' },
    encoding: 'latin1',
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  rmSync(cwd, { recursive: true, force: true });
  const tidy = (text) => text.replaceAll(cwd, '/work').replaceAll(bin, '/bin');
  return { stdout: tidy(result.stdout), stderr: tidy(result.stderr), status: result.status ?? -1 };
};

mkdirSync(recorded, { recursive: true });
for (const file of readdirSync(cases).sort()) {
  const scripts = readFileSync(join(cases, file), 'utf8')
    .split(/^---\n/m)
    .map((s) => s.replace(/\n$/, ''));
  const out = scripts.map((script) => ({
    script,
    ...Object.fromEntries(Object.keys(shells).map((shell) => [shell, run(shell, script)])),
  }));
  writeFileSync(join(recorded, file.replace(/\.txt$/, '.json')), `${JSON.stringify(out, null, 1)}\n`);
  console.log(`${file}: ${out.length} cases`);
}
rmSync(bin, { recursive: true });
