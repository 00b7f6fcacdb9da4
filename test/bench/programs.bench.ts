/** What programs of the simulated host cost: from file to process, and from one to the next through pipes. */
import { bench, describe } from 'vitest';
import { boot, sh } from './host.ts';

const host = boot();
const few = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 };

describe('programs', () => {
  bench('bash: 1,000 times /bin/true', async () => sh(await host, 'for i in {1..1000}; do /bin/true; done'), few);
  bench('64 MiB from program to program', async () => sh(await host, 'head -c 64M /dev/zero | cat | wc -c'), few);
  bench(
    '1,000 processes at once, counted by ps',
    async () => {
      const many = 'for i in {1..1000}; do sleep 1000 & done; test $(ps -e | grep -c sleep) = 1000 && kill $(jobs -p)';
      await sh(await host, `${many}; wait; true`);
    },
    few,
  );
});
