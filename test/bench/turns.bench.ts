/**
 * How long the event loop (in the browser: keys, Ctrl-C, drawing) waits while a process works: each figure is the time
 * from one turn to the next, and is to stay below some ten milliseconds. What is asserted of the longest: turns.test.ts.
 */
import { bench, describe } from 'vitest';
import type { Machine } from '../../src/machine/index.ts';
import { busyScripts } from './busy-scripts.ts';
import { boot } from './host.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('from turn to turn', () => {
  for (const [name, script] of Object.entries(busyScripts)) {
    let machine: Machine;
    const setup = async (): Promise<void> => {
      machine = await boot();
      void machine.run(['/bin/bash', '-c', script], { stdout() {}, stderr() {} });
      // Not how fast it starts.
      const start = performance.now();
      while (performance.now() - start < 300) await turn();
    };
    bench(name, turn, { setup, teardown: () => machine.shutdown(), time: 500, warmupTime: 0, warmupIterations: 0 });
  }
});
