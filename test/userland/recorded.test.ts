/**
 * The commands against recordings of the real GNU tools and the real busybox (scripts/record-commands.mjs).
 *
 * What differs (`SHOW=file` writes it all):
 * - GNU usage texts of hostname, netstat, cal and ps after a wrong option, and sed's without arguments: the texts that
 *   are kept are those of --help.
 * - `tar --compare`, `basenc --z85`, `file -`, `sed --posix`, the kernel log: not simulated.
 * - mawk's run-time error for a printf with too few arguments, and its `\/`; sed's `2,~2`; find's warning for %q.
 * - BusyBox's accidents: sed that takes \b for a match after each match, counts `s/e/x/2g` from the next line's start or
 *   takes `,2d`; cut that takes a delimiter of two bytes or field 0; tr -d with two sets; cmp that goes on after -n; od
 *   whose integers lose a column; install and ln onto a file; mv -v that reports what failed; diff -r that passes over
 *   the directory it compares with; a NUL that ends a line for grep; timeout whose parent is what is killed.
 * - BusyBox's regcomp is glibc's: its texts for a few patterns that GNU grep takes differently.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import { busyboxApplets, gnuFiles, programs } from '../../src/sim/userland/index.ts';
import { dash } from '../../src/sim/userland/shell/index.ts';
import { type Content, contentBytes } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';
import '../../src/sim/userland/commands.ts';
import '../../src/sim/userland/gnu-help.json';
import { epochSec, fixture, parseCases } from './case-file.mjs';

interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

type Case = ReturnType<typeof parseCases>[number];

interface Recorded {
  line: string;
  gnu?: Outcome;
  busybox?: Outcome;
}

type Machine = ReturnType<typeof testMachine>;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function put(machine: Machine, path: string, content: string | Content, mode = 0o644): void {
  const { sys } = machine.kernel;
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
  sys.pwrite(fd, 0, typeof content === 'string' ? Buffer.from(content) : contentBytes(content));
  sys.close(fd);
}

function machineOf(family: 'gnu' | 'busybox'): Machine {
  const machine = testMachine(new Map([...programs(), ['dash', dash]]));
  const { sys } = machine.kernel;
  put(machine, '/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
  put(machine, '/etc/group', 'root:x:0:\n');
  sys.mkdir('/usr');
  sys.mkdir('/usr/bin');
  sys.mkdir('/usr/sbin');
  if (family === 'gnu')
    for (const file of gnuFiles(true)) put(machine, file.path, executableContent(file.program!, 0), 0o755);
  if (family === 'gnu') put(machine, '/bin/sh', executableContent('dash', 0), 0o755);
  else {
    put(machine, '/bin/busybox', executableContent('busybox', 0), 0o755);
    for (const name of busyboxApplets) if (name !== 'busybox') sys.link('/bin/busybox', `/bin/${name}`);
  }
  return machine;
}

function populate(machine: Machine, base: string): void {
  const { sys } = machine.kernel;
  const time = { sec: epochSec, nsec: 0 };
  sys.mkdir(base);
  for (const [path, content] of fixture as [string, string | [string] | null][]) {
    if (content === null) sys.mkdir(`${base}/${path}`);
    else if (Array.isArray(content)) sys.symlink(content[0], `${base}/${path}`);
    else put(machine, `${base}/${path}`, content);
  }
  for (const [path] of [...fixture, ['']]) sys.utimens(`${base}/${path}`.replace(/\/$/, ''), time, time, false);
}

const find = (machine: Machine, name: string): string =>
  ['/usr/bin', '/bin', '/usr/sbin'].map((place) => `${place}/${name}`).find((path) => exists(machine, path)) ?? name;

function exists(machine: Machine, path: string): boolean {
  try {
    return !!machine.kernel.sys.stat(path);
  } catch {
    return false;
  }
}

async function runStep(machine: Machine, family: string, cwd: string, argv: string[], stdin: string, total: Outcome) {
  let input: Uint8Array | null = Buffer.from(stdin, 'latin1');
  const full = family === 'gnu' ? argv : ['/bin/busybox', ...argv];
  const process = await machine.kernel.start(family === 'gnu' ? find(machine, argv[0]!) : full[0]!, {
    argv: full,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC', HOME: '/root' },
    cwd,
    stdio: {
      stdin: {
        async read() {
          const next = input;
          input = null;
          return next?.length ? next : null;
        },
      },
      stdout: (bytes) => void (total.stdout += latin1(bytes)),
      stderr: (bytes) => void (total.stderr += latin1(bytes)),
    },
  });
  // A command that does not end is a difference, not a hang.
  const late = setTimeout(() => process.kill(9), 5000);
  total.code = (await process.wait()).code ?? null;
  clearTimeout(late);
}

async function runCase(machine: Machine, family: string, index: number, { steps, stdin }: Case): Promise<Outcome> {
  const cwd = `/w${index}`;
  populate(machine, cwd);
  const total: Outcome = { stdout: '', stderr: '', code: null };
  for (const step of steps) await runStep(machine, family, cwd, step, stdin, total);
  const clean = (text: string) => text.replaceAll(cwd, '/work');
  return { stdout: clean(total.stdout), stderr: clean(total.stderr), code: total.code };
}

const same = (a: Outcome, b: Outcome): boolean => a.stdout === b.stdout && a.stderr === b.stderr && a.code === b.code;
const base = new URL('.', import.meta.url);
/** Measured; only ever raised. */
const floor = 0.976;

test('commands print what the real ones print', async () => {
  let total = 0;
  let good = 0;
  const different: string[] = [];
  for (const family of ['gnu', 'busybox'] as const) {
    const machine = machineOf(family);
    let index = 0;
    for (const file of readdirSync(new URL('recorded/', base)).sort()) {
      const recorded: Recorded[] = JSON.parse(readFileSync(new URL(`recorded/${file}`, base), 'utf8'));
      for (const { line, ...outcomes } of recorded) {
        const wanted = outcomes[family];
        if (!wanted) continue;
        total++;
        const got = await runCase(machine, family, index++, parseCases(line)[0]!).catch((error) => ({
          stdout: '',
          stderr: `thrown: ${error}`,
          code: -1,
        }));
        if (same(got, wanted)) good++;
        else different.push(`${family}: ${line}\n  want ${JSON.stringify(wanted)}\n  got  ${JSON.stringify(got)}`);
      }
    }
  }
  console.log(`${good} of ${total} identical (${((100 * good) / total).toFixed(1)}%)`);
  if (process.env.SHOW) writeFileSync(process.env.SHOW, different.join('\n'));
  expect(good / total, different.slice(0, 20).join('\n')).toBeGreaterThanOrEqual(floor);
}, 120_000);
