/** While one container is set up, those that were started before it go on: their servers listen by then. */
import { expect, it } from 'vitest';
import { createMachine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

const text = new TextDecoder();

it.each(['skip', 'real'] as const)(
  'the next container finds the server of the one before it (%s pace)',
  async (pace) => {
    const machine = await createMachine({ ...nodeWorld, pace });
    let said = '';
    const run = (line: string) =>
      machine.run(['/bin/bash', '-c', line], {
        stdout: (bytes) => void (said += text.decode(bytes)),
        stderr: (bytes) => void (said += text.decode(bytes)),
      });
    await run('docker pull -q redis >/dev/null');
    await run('docker run -d --name db redis >/dev/null; docker exec db redis-cli ping');
    await run('docker run -d --name db2 redis >/dev/null; docker run --rm --link db2:db redis redis-cli -h db ping');
    expect(said).toBe('PONG\nPONG\n');
  },
);
