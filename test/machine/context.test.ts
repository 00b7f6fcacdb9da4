/** `docker context` from create to rm, one command after the other, as the real client (28.2.2) answered. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

interface Recorded {
  cmd: string;
  stdout: string;
  stderr: string;
  exit: number;
}
const recorded = readFileSync(new URL('../recorded/context.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

let machine: Machine;
beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
}, 60_000);

for (const { cmd, ...answer } of recorded) {
  it(cmd, async () => {
    const out = { stdout: '', stderr: '' };
    const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
      out[name] += new TextDecoder().decode(bytes);
    };
    const end = await machine.execute(['/bin/bash', '-c', cmd], { stdout: into('stdout'), stderr: into('stderr') });
    expect({ ...out, exit: end.code }).toEqual(answer);
  });
}
