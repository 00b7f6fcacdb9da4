import { bench, describe } from 'vitest';
import { run, testMachine } from '../kernel/boot-kernel.ts';

describe('kernel', () => {
  bench('1,000 forks, waited for', async () => {
    const { kernel } = testMachine();
    await run(kernel, async (sys) => {
      for (let i = 0; i < 1000; i++) await sys.wait(sys.fork(() => 0));
      return 0;
    });
  });

  bench('16 MiB through a pipe', async () => {
    const { kernel } = testMachine();
    await run(kernel, async (sys) => {
      const [r, w] = sys.pipe();
      sys.fork(async (child) => {
        const block = new Uint8Array(65536);
        for (let i = 0; i < 256; i++) await child.write(w, block);
        return 0;
      });
      sys.close(w);
      while ((await sys.read(r)).length > 0);
      return 0;
    });
  });
});
