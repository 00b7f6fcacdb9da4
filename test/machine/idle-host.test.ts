/** What an idle host with twenty running containers holds in memory, above the empty host. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createMachine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** When collecting frees no more: what tests before this one left goes late, where a thread runs many. */
async function heldMegabytes(): Promise<number> {
  let held = Number.POSITIVE_INFINITY;
  for (let calm = 0; calm < 5; ) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const now = (heapUsed + arrayBuffers) / 1e6;
    calm = held - now < 0.1 ? calm + 1 : 0;
    held = Math.min(held, now);
  }
  return held;
}

it('twenty running containers take at most 60 MB above the empty host', async () => {
  const machine = await createMachine({ ...nodeWorld, pace: 'real' });
  const empty = await heldMegabytes();
  const out: string[] = [];
  const line =
    'for image in nginx busybox; do docker pull -q $image; for i in 0 1 2 3 4 5 6 7 8 9; do docker run -d -t $image; done; done; docker ps -q | wc -l';
  const stdout = (bytes: Uint8Array) => void out.push(new TextDecoder().decode(bytes));
  await machine.run(['/bin/bash', '-c', line], { stdout, stderr: stdout });
  expect(out.join('').trimEnd().split('\n').at(-1)).toBe('20');
  const above = (await heldMegabytes()) - empty;
  expect(above).toBeLessThan(60);
  expect(above).toBeGreaterThan(1);
  await machine.shutdown();
});
