/** BuildKit's progress on a terminal, as a terminal shows it; and as lines. */
import { Terminal } from '@xterm/headless';
import { expect, it } from 'vitest';
import { BuildProgress, bytes } from '../../src/cli/command/builder/progress.ts';
import { PlainDisplay } from '../../src/cli/command/builder/progress-plain.ts';
import { TtyDisplay } from '../../src/cli/command/builder/progress-tty.ts';
import type { CliHost } from '../../src/cli/index.ts';
import type { SolveStatus, Vertex } from '../../src/spec/index.ts';

const at = (seconds: number): string => new Date(1_700_000_000_000 + seconds * 1000).toISOString();

/** A display of `rows` by `columns`, its clock, and what the screen shows. */
function console_(rows: number, columns = 60) {
  const terminal = new Terminal({ rows, cols: columns, allowProposedApi: true, convertEol: true });
  let time = 0;
  const host = {
    env: {},
    now: () => ({ sec: 1_700_000_000 + Math.floor(time), nsec: Math.round((time % 1) * 1e9) }),
    windowSize: () => ({ rows, columns }),
  } as unknown as CliHost;
  const write = (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve));
  return {
    write,
    display: new TtyDisplay(host, write),
    clock: (seconds: number) => {
      time = seconds;
    },
    screen: (): string[] => {
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, row) =>
        active.getLine(row)!.translateToString().trimEnd(),
      );
      while (lines.at(-1) === '') lines.pop();
      // Below the first row of a screen: as real, it begins by going up and down.
      expect(lines.shift()).toBe('');
      return lines;
    },
  };
}

const row = (left: string, right: string): string => left.padEnd(59 - right.length) + right;

const step = (n: number, more: Partial<Vertex> = {}): Vertex => ({
  digest: `sha256:${n}`,
  inputs: [],
  name: `[${n}/3] RUN step ${n}`,
  started: at(n),
  ...more,
});
const output = (n: number, seconds: number, msg: string): SolveStatus => ({
  logs: [{ vertex: `sha256:${n}`, stream: 1, msg, timestamp: at(seconds) }],
});

it('draws the steps again in place, with the last lines of what runs', async () => {
  const { display, screen, clock } = console_(20);
  clock(1.5);
  await display.update({ vertexes: [step(1), step(2, { started: undefined })] });
  expect(screen()).toEqual([row('[+] Building 0.5s (0/2)', 'docker:default'), row(' => [1/3] RUN step 1', '0.5s')]);
  await display.update(output(1, 1.2, 'one\ntwo\n\x1b[31mthree\x1b[0m\n10%\r20%\r\nfour\nfive\nsix\n'));
  clock(2);
  await display.refresh();
  expect(screen().slice(1)).toEqual([
    row(' => [1/3] RUN step 1', '1.0s'),
    ...['two', 'three', '20%', 'four', 'five', 'six'].map((line) => ` => => # ${line}`),
  ]);
  clock(3);
  await display.update({ vertexes: [step(1, { completed: at(2.5) }), step(2, { cached: true, completed: at(2) })] });
  await display.done();
  expect(screen()).toEqual([
    row('[+] Building 2.0s (2/2) FINISHED', 'docker:default'),
    row(' => [1/3] RUN step 1', '1.5s'),
    row(' => CACHED [2/3] RUN step 2', '0.0s'),
  ]);
});

it('keeps to the height: ended steps give way to those at work, all are there at the end', async () => {
  const { display, screen, clock } = console_(6);
  clock(10);
  const steps = [1, 2, 3, 4, 5, 6, 7].map((n) => step(n, n === 1 ? {} : { completed: at(n + 1) }));
  await display.update({ vertexes: steps });
  const names = screen().map((line) => line.slice(0, 19).trim());
  expect(names).toEqual(['[+] Building 9.0s (', ...[1, 5, 6, 7].map((n) => `=> [${n}/3] RUN step`)]);
  await display.done();
  expect(screen().filter((line) => /^ => \[\d/.test(line))).toHaveLength(7);
});

it('a task shows how far it is; a name gives way to it, and to the screen', async () => {
  const { display, screen, clock } = console_(8, 44);
  clock(1);
  const task = { id: `transferring ${'x'.repeat(40)}`, vertex: 'sha256:1' as const, name: '', timestamp: at(1) };
  await display.update({
    vertexes: [step(1)],
    statuses: [{ ...task, current: 1_500_000, total: 25_371_000, started: at(1) }],
  });
  expect(screen()[2]).toBe(' => => transferring  1.50MB / 25.37MB  0.0s');
  expect([bytes(0), bytes(999), bytes(1056), bytes(999_999)]).toEqual(['0B', '999B', '1.06kB', '1000.00kB']);
});

async function* failing() {
  yield { id: 'moby.buildkit.trace', aux: { vertexes: [step(1)] } };
  yield { id: 'moby.buildkit.trace', aux: output(1, 1.25, 'before\n') };
  const warning = { vertex: 'sha256:1', level: 1, short: 'Odd: it is odd', detail: [], url: '' };
  yield { id: 'moby.buildkit.trace', aux: { warnings: [warning] } };
  yield { id: 'moby.buildkit.trace', aux: { vertexes: [step(1, { completed: at(2), error: 'exit code: 3' })] } };
  yield {
    id: 'moby.buildkit.source',
    aux: { filename: 'Dockerfile', data: 'FROM a\nRUN step 1', range: { start: 2, end: 2 } },
  };
  yield { error: 'exit code: 3' };
}
const never = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
const told = [
  '',
  ' 1 warning found (use docker --debug to expand):',
  ' - Odd: it is odd',
  'Dockerfile:2',
  '--------------------',
  '   1 |     FROM a',
  '   2 | >>> RUN step 1',
  '--------------------',
];

it('a failure shows the output of its step once more on a terminal, findings, and the place', async () => {
  const { display, write, screen, clock } = console_(30);
  clock(2);
  const failure = new BuildProgress(display, write, never).show(failing());
  await expect(failure).rejects.toThrow('ERROR: failed to build: failed to solve: exit code: 3');
  expect(screen()).toEqual([
    row('[+] Building 1.0s (1/1) FINISHED', 'docker:default'),
    row(' => ERROR [1/3] RUN step 1', '1.0s'),
    row(' => WARN: Odd: it is odd', '1.0s'),
    '------',
    ' > [1/3] RUN step 1:',
    '0.250 before',
    '------',
    ...told,
  ]);
});

it('as lines the output is there already', async () => {
  let text = '';
  const write = async (more: string) => void (text += more);
  await expect(new BuildProgress(new PlainDisplay(write), write, never).show(failing())).rejects.toThrow();
  expect(text.trimEnd().split('\n')).toEqual([
    '#1 [1/3] RUN step 1',
    '#1 0.250 before',
    '#1 ERROR: exit code: 3',
    '------',
    ' > [1/3] RUN step 1:',
    '------',
    ...told,
  ]);
});
