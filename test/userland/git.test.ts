/**
 * git against recordings of the real one (scripts/record-git.mjs): sessions of commands, each with its ids, which are
 * the same only when every byte of every object is.
 *
 * What differs (`SHOW=file` writes it all): the note on a host that the simulated internet does not have; in clone's usage
 * after a mistake, one option.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import { gnuFiles, programs } from '../../src/sim/userland/index.ts';
import { dash } from '../../src/sim/userland/shell/index.ts';
import { contentBytes } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';
import '../../src/sim/userland/git/main.ts';
import { environment, home, parseSessions } from './git/session-file.mjs';

interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const place = new URL('git/', import.meta.url);

function gitMachine() {
  const machine = testMachine(new Map([...programs(), ['dash', dash]]));
  const { sys } = machine.kernel;
  const put = (path: string, bytes: Uint8Array, mode = 0o644) => {
    const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
    sys.pwrite(fd, 0, bytes);
    sys.close(fd);
  };
  for (const path of ['/usr', '/usr/bin', '/usr/sbin', '/srv', '/srv/git', '/srv/git/home'])
    if (!sys.readdir('/').some(({ name }) => `/${name}` === path)) sys.mkdir(path);
  for (const file of gnuFiles(true)) put(file.path, contentBytes(executableContent(file.program!, 0)), 0o755);
  put('/bin/sh', contentBytes(executableContent('dash', 0)), 0o755);
  put('/usr/bin/git', contentBytes(executableContent('git/2.39.5', 0)), 0o755);
  put('/etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/bash\n'));
  return { ...machine, put };
}

async function runLine(
  { kernel }: ReturnType<typeof gitMachine>,
  line: string,
  cwd: string,
  index: number,
): Promise<Outcome> {
  const out: Outcome = { stdout: '', stderr: '', code: null };
  const process = await kernel.start('/bin/sh', {
    argv: ['sh', '-c', line],
    env: environment('/srv/git', index),
    cwd,
    stdio: {
      stdin: { read: async () => null },
      stdout: (bytes) => void (out.stdout += latin1(bytes)),
      stderr: (bytes) => void (out.stderr += latin1(bytes)),
    },
  });
  const late = setTimeout(() => process.kill(9), 20_000);
  out.code = (await process.wait()).code ?? null;
  clearTimeout(late);
  return out;
}

const same = (a: Outcome, b: Outcome): boolean => a.stdout === b.stdout && a.stderr === b.stderr && a.code === b.code;

/** Measured; only ever raised. */
const floor = 0.98;

test('git prints what the real one prints', async () => {
  const machine = gitMachine();
  let [total, good] = [0, 0];
  const different: string[] = [];
  for (const file of readdirSync(place).filter((one) => one.endsWith('.txt'))) {
    const recorded: { outcomes: Outcome[] }[] = JSON.parse(
      readFileSync(new URL(`recorded/${file.replace('.txt', '.json')}`, place), 'utf8'),
    );
    for (const [i, { name, steps }] of parseSessions(readFileSync(new URL(file, place), 'utf8')).entries()) {
      await runLine(machine, 'rm -rf /srv/git; mkdir -p /srv/git/home', '/', 0);
      if (!name.endsWith('(nobody)')) machine.put('/srv/git/home/.gitconfig', Buffer.from(home));
      for (const [j, { at, line }] of steps.entries()) {
        total++;
        const wanted = recorded[i]!.outcomes[j]!;
        const cwd = at ? `/srv/git/${at}` : '/srv/git';
        const got = await runLine(machine, line, cwd, j).catch((error) => ({
          stdout: '',
          stderr: `thrown: ${error.stack}`,
          code: -1,
        }));
        if (same(got, wanted)) good++;
        else
          different.push(
            `${name}: ${at}$ ${line}\n--- want ${wanted.code}\n${wanted.stdout}${wanted.stderr ? `[2]${wanted.stderr}` : ''}--- got ${got.code}\n${got.stdout}${got.stderr ? `[2]${got.stderr}` : ''}`,
          );
      }
    }
  }
  console.log(`${good} of ${total} identical (${((100 * good) / total).toFixed(1)}%)`);
  if (process.env.SHOW) writeFileSync(process.env.SHOW, different.join('\n'));
  expect(good / total, different.slice(0, 10).join('\n')).toBeGreaterThanOrEqual(floor);
}, 60_000);
