/** Commands one after the other as the real client (28.2.2) and daemon (20.10.24) answered them. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

interface Recorded {
  cmd: string;
  stdout: string;
  stderr: string;
  exit: number;
}
const read = (name: string): Recorded[] =>
  readFileSync(new URL(`../recorded/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

let machine: Machine;
async function answer(cmd: string): Promise<Omit<Recorded, 'cmd'>> {
  const out = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    out[name] += new TextDecoder().decode(bytes);
  };
  const end = await machine.execute(['/bin/bash', '-c', cmd], { stdout: into('stdout'), stderr: into('stderr') });
  return { ...out, exit: end.code ?? -1 };
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await answer('docker pull -q busybox; mkdir app');
}, 60_000);

/** `docker context` from create to rm; what mounts, formats, networks, builds and flags are refused. */
describe.each(['context', 'mounts', 'refusals', 'refusals-2', 'formats', 'lifecycle', 'networks'])('%s', (name) => {
  for (const { cmd, ...recorded } of read(name)) it(cmd, async () => expect(await answer(cmd)).toEqual(recorded));
});
