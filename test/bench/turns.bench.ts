/**
 * How long the event loop (in the browser: keys, Ctrl-C, drawing) waits while a process works: each figure is the time
 * from one turn to the next, and is to stay below some ten milliseconds.
 */
import { bench, describe } from 'vitest';
import { nodeWorld } from '../../src/companion/node-world.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';

const scripts: Record<string, string> = {
  'an empty loop': 'while :; do :; done',
  arithmetic: 'while :; do i=$((i+1)); done',
  'a child each turn': 'while :; do /bin/true; done',
  'a thousand words': 'while :; do echo {1..1000}; done',
  patterns: 'while :; do echo /usr/bin/*; done',
  find: 'while :; do find /; done',
  sort: 'seq 1 100000 > /tmp/lines; while :; do sort -r /tmp/lines; done',
  grep: 'yes | grep -c n',
  sed: 'yes | sed s/y/n/',
  awk: 'awk "BEGIN { while (1) i++ }"',
  sha256sum: 'sha256sum /dev/zero',
};

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('from turn to turn', () => {
  for (const [name, script] of Object.entries(scripts)) {
    let machine: Machine;
    const setup = async (): Promise<void> => {
      machine = await createMachine({ ...nodeWorld, pace: 'skip' });
      void machine.run(['/bin/bash', '-c', script], { stdout() {}, stderr() {} });
      // Not how fast it starts.
      const start = performance.now();
      while (performance.now() - start < 300) await turn();
    };
    bench(name, turn, { setup, teardown: () => machine.shutdown(), time: 500, warmupTime: 0, warmupIterations: 0 });
  }
});
