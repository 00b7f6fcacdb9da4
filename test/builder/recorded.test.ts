import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BuildOptions } from '../../src/builder/index.ts';
import { FakeBackend, type FakeRun } from './fake-backend.ts';
import { type Files, runBuild } from './run-build.ts';

interface Line {
  cmd?: string;
  write?: string;
  content?: string;
  stdout: string;
  stderr: string;
  exit: number;
}
const lines = (name: string): Line[] =>
  readFileSync(new URL(`../recorded/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Ids, temporary names and addresses are numbered by first appearance. */
function normal(text: string): string {
  const seen = new Map<string, string>();
  return text
    .replace(/Sending build context.*?\r\r\n/s, '')
    .replace(/\.dockerfile\.[0-9a-f]+/g, 'Dockerfile')
    .replace(/overlay2\/[0-9a-f]+\//g, 'overlay2/fake/')
    .replace(/"https:\/\/registry-1\.docker\.io\/v2\/": .*/g, '"https://registry-1.docker.io/v2/": no network')
    .replace(/\u001b\[0m\u001b\[91m/g, '')
    .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, (id) => {
      if (!seen.has(id)) seen.set(id, `ID${seen.size}`);
      return seen.get(id)!;
    });
}

/** printf(1)'s escapes, as the recording's commands use them. */
const unprintf = (text: string): string =>
  text.replace(
    /\\(xef\\xbb\\xbf|.)/g,
    (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? (char.length > 1 ? '\ufeff' : char),
  );

/** What /bin/sh of the image would do with the few commands of these recordings. */
const shell: FakeRun = ({ args, out, err, user }) => {
  if (user === 'nosuch') throw new Error('unable to find user nosuch: no matching entries in passwd file');
  const line = args.slice(2).join(' ');
  if (args[0] === 'nosuchcmd') {
    const start =
      'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ';
    throw new Error(`${start}"nosuchcmd": executable file not found in $PATH: unknown`);
  }
  const end = (status: number, stdout: string, stderr = ''): number => {
    if (stdout) out(stdout);
    if (stderr) err(stderr);
    return status;
  };
  if (args.length === 2) return end(2, '', '/bin/sh: -c requires an argument\n');
  if (line === 'echo err >&2; echo out; exit 1') return end(1, 'out\n', 'err\n');
  if (line === 'false') return 1;
  if (line.startsWith('exit ')) return Number(line.slice(5));
  if (line.startsWith('[')) return end(127, '', '/bin/sh: [echo,: not found\n');
  if (line === 'nosuchcmd') return end(127, '', '/bin/sh: nosuchcmd: not found\n');
  if (line.startsWith('ls -l /l3')) return end(0, '-rw-r--r--\n');
  if (line === 'ls /newdir') return end(0, 'file\n');
  const echo = /^echo *(.*)$/.exec(line);
  if (echo) out(`${echo[1]!.replace(/\s+/g, ' ')}\n`);
  return 0;
};

const context: Files = {
  file: 'x\n',
  dir: null,
  abslink: { link: '/etc/passwd' },
  rellink: { link: '../outside' },
  link: { link: 'file' },
};

describe('24-build-errors: what the daemon answered', () => {
  for (const line of lines('24-build-errors')) {
    const match = /^printf (['"])(.*)\1 \| docker build -f - c$/s.exec(line.cmd ?? '');
    // FROM scratch RUN: the fake has no filesystem to look /bin/sh up in.
    if (!match || match[2]!.includes('FROM scratch\\nRUN')) continue;
    test(match[2]!, async () => {
      const outcome = await runBuild(new FakeBackend(shell), { ...context, Dockerfile: unprintf(match[2]!) });
      const error = outcome.early === undefined ? (outcome.late ?? '') : `Error response from daemon: ${outcome.early}`;
      const stderr = line.stderr.replace(/^DEPRECATED[\s\S]*?\n\n/, '').trim();
      expect(normal(outcome.text)).toBe(normal(line.stdout));
      expect(normal(error)).toBe(normal(stderr));
      expect(outcome.code ?? (error ? 1 : 0)).toBe(line.exit);
    });
  }
});

describe('23-build-multistage: --from that cannot be', () => {
  const recorded = lines('23-build-multistage');
  for (const line of recorded) {
    const name = /^docker build (bad\d)$/.exec(line.cmd ?? '')?.[1];
    const written = recorded.find(({ write }) => name && write === `${name}/Dockerfile`)?.content;
    if (!name || written === undefined) continue;
    test(written, async () => {
      const outcome = await runBuild(new FakeBackend(shell), { Dockerfile: written });
      const error = outcome.early === undefined ? (outcome.late ?? '') : `Error response from daemon: ${outcome.early}`;
      expect(normal(outcome.text)).toBe(normal(line.stdout));
      expect(normal(error)).toBe(normal(line.stderr.replace(/^DEPRECATED[\s\S]*?\n\n/, '').trim()));
    });
  }
});

/** Builds that follow each other on one engine: the command as recorded, and the context and options it stands for. */
async function replay(name: string, builds: [command: string, files: Files, options?: BuildOptions][]): Promise<void> {
  const recorded = lines(name).filter(({ cmd }) => cmd?.startsWith('docker build'));
  const backend = new FakeBackend(shell);
  let at = 0;
  for (const [command, files, options] of builds) {
    while (recorded[at]!.cmd !== command) at++;
    const { text } = await runBuild(backend, files, options);
    expect(normal(text), command).toBe(normal(recorded[at++]!.stdout));
  }
}

test('21-build-cache: what hits and what misses', async () => {
  const Dockerfile = lines('21-build-cache').find(({ write }) => write === 'a/Dockerfile')!.content!;
  const files = { Dockerfile, f1: '1\n', f2: '2\n' };
  const command = 'docker build -t a a';
  const options = { t: ['a'] };
  await replay('21-build-cache', [
    [command, files, options],
    [command, files, options],
    [command, { ...files, f2: '3\n' }, options],
    [command, { ...files, f2: '3\n' }, options],
    [command, { ...files, f1: { data: '1\n', mode: 0o600 }, f2: '3\n' }, options],
    [command, { ...files, f2: '3\n' }, options],
  ]);
});

test('20-build-basic: --no-cache, --rm=false, several tags, --label', async () => {
  const written = lines('20-build-basic');
  const file = (path: string) => written.find(({ write }) => write === path)!.content!;
  const files = { Dockerfile: file('app/Dockerfile'), 'app.sh': file('app/app.sh') };
  await replay('20-build-basic', [
    ['docker build app', files],
    ['docker build -t app app', files, { t: ['app'] }],
    ['docker build --no-cache -t app app', files, { t: ['app'], nocache: true }],
    ['docker build --rm=false --no-cache -t keep app', files, { t: ['keep'], nocache: true, rm: false }],
    ['docker build -t app:1 -t app:2 -t other/app:3 app', files, { t: ['app:1', 'app:2', 'other/app:3'] }],
    ['docker build --label x=y --label z -t lab app', files, { t: ['lab'], labels: { x: 'y', z: '' } }],
  ]);
});
