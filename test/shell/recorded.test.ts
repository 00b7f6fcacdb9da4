/** Our shells against recordings of the real ones (made by scripts/record-shell.mjs). */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Outcome, runShell, type ShellName } from './machine.ts';

interface Recorded extends Record<ShellName, Outcome> {
  script: string;
}

const folder = new URL('./recorded/', import.meta.url);
const cases = readdirSync(folder)
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded[]);

/**
 * Measured; raise it when it rises. What differs, and why:
 * - `{a..C}`: the backquote and the backslash inside a range of characters are read as words again.
 * - `continue 1 2` leaves `bash -c` altogether; here the next line still runs.
 * - commands that a case names and this machine lacks, or the other way round (`od`, `ls`, `time` in busybox).
 * - bash: `test -v 'a[$k]'` expands the key; an error of `set -o posix` under -c; where bash stops at a bad token of `a[`.
 * - busybox: `set -E` reaches some subshells; `wait -n` gives a status made of the pid; `umask a-t`; a word quoted in its trace of a failed PS4.
 */
const floors: Record<ShellName, number> = { bash: 0.99, dash: 0.99, ash: 0.99 };

const same = (a: Outcome, b: Outcome): boolean =>
  a.stdout === b.stdout && a.stderr === b.stderr && a.status === b.status;

for (const shell of ['bash', 'dash', 'ash'] as const) {
  test(`${shell} does what the real one did`, async () => {
    let identical = 0;
    for (const recorded of cases) {
      const ours = await runShell(shell, recorded.script);
      if (same(ours, recorded[shell])) identical++;
      else if (process.env.SHELL_DIFF) {
        console.log(
          `${shell}: ${recorded.script}\n real ${JSON.stringify(recorded[shell])}\n ours ${JSON.stringify(ours)}`,
        );
      }
    }
    console.log(
      `${shell}: ${identical} of ${cases.length} identical (${((100 * identical) / cases.length).toFixed(1)}%)`,
    );
    expect(identical / cases.length).toBeGreaterThanOrEqual(floors[shell]);
  });
}
