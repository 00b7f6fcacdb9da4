/**
 * `docker compose config` against recordings of a real one (2.26.1) made by scripts/record-compose-config.mjs. What
 * differs because we are 2.36.2 is in {@link newer}, with what the later release does, as its source tells.
 */
import { readFileSync } from 'node:fs';
import { normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index.ts';
import { textContent } from '../../src/spec/index.ts';
import { fakeHost } from '../cli/fake-host.ts';
import cases, { type Case } from './cases.mjs';

interface Outcome {
  stdout: string;
  /** Warnings come in the order of Go's maps: sorted. */
  stderr: string[];
  ok: boolean;
}

/** Cases where 2.36.2 differs from what was recorded, and how. */
const newer: Record<string, string> = {
  'two names': 'the files are looked for once: setEnvWithDotEnv takes none of the usual names',
  '.env with a variable not set': 'the file is read four times, not three',
  '--env-file not there': 'the text begins small',
  env_file: 'a variable of the file is looked for in the service first (loadEnvFile)',
  'a duplicate key': 'duplicates are told by compose-go itself (resolveReset)',
  'a key that is a number': 'the text begins small',
  'ports a wrong address': 'addresses are checked (checkIPAddress)',
  'healthcheck days': 'durations have days and weeks (str2duration)',
  'schema: a volume of no type': 'types of mounts are an enum',
  'schema: pull_policy unknown': 'policies are a pattern, there are more of them',
  'listed: a variable in json': 'the format is heeded',
  'consistency: scale below zero': 'scales are checked',
  'consistency: a trailing space in a variable': 'names with a trailing space are refused',
  'profiles: by name': 'resources that the services named do not use are left out',
  'container names twice': 'names of containers are checked by config (CheckContainerNameUnicity)',
};

const { recorded } = JSON.parse(readFileSync(new URL('./recorded/config.json', import.meta.url), 'utf8')) as {
  recorded: Record<string, { stdout: string; stderr: string; status: number }>;
};

const linesOf = (text: string): string[] =>
  text
    .replaceAll(/^time="[^"]*" /gm, '')
    .split('\n')
    .filter(Boolean)
    .sort();

async function play({ files, args, env = {}, stdin = '', cwd = '' }: Case): Promise<Outcome> {
  const home = normalize(`/srv/shop/${cwd}`).replace(/\/$/, '');
  const all = Object.fromEntries(Object.entries(files).map(([path, text]) => [normalize(`/srv/shop/${path}`), text]));
  const fake = fakeHost(
    ['compose', ...args],
    {},
    { env: { PATH: '/usr/bin:/bin', HOME: '/root', ...env }, stdin, files: all },
  );
  const isDirectory = (path: string) => path === home || Object.keys(all).some((file) => file.startsWith(`${path}/`));
  const stat = (path: string) => {
    const file = fake.files.stat(path);
    return (
      file ??
      (isDirectory(path) ? { ...fake.files.stat(Object.keys(all)[0]!)!, type: 'directory' as const } : undefined)
    );
  };
  const content = (path: string) => {
    if (path in all) return textContent(all[path]!);
    throw Object.assign(new Error(path), { code: isDirectory(path) ? 'EISDIR' : 'ENOENT' });
  };
  const host = {
    ...fake,
    cwd: home,
    pluginPath: (name: string) => `/plugins/docker-${name}`,
    files: { ...fake.files, stat, content },
  };
  const status = await main(host);
  return { stdout: fake.out.stdout, stderr: linesOf(fake.out.stderr), ok: status === 0 };
}

describe('docker compose config', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const real = recorded[name]!;
    const ours = await play(one);
    const same = { stdout: real.stdout, stderr: linesOf(real.stderr), ok: real.status === 0 };
    if (name in newer) expect(ours).not.toEqual(same);
    else expect(ours).toEqual(same);
  });

  it('is what the real one prints but for a few cases', () => {
    expect(cases.length).toBeGreaterThan(290);
    expect(Object.keys(newer).length / cases.length).toBeLessThan(0.05);
  });
});
