import { bench, describe } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
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

  bench('1,000 processes at once, asleep and killed', async () => {
    const { kernel } = testMachine();
    await run(kernel, async (sys) => {
      const children = Array.from({ length: 1000 }, () => sys.fork((child) => child.sleep(1e9).then(() => 0)));
      for (const pid of children) sys.kill(pid, 9);
      for (const pid of children) await sys.wait(pid);
      return 0;
    });
  });

  bench('1,000 fork + exec, waited for', async () => {
    const { kernel } = testMachine(new Map([['t/true', () => 0]]));
    kernel.sys.close(kernel.sys.openSync('/bin/true', { access: 'write', create: true }, 0o755));
    kernel.kernelTask.paths.resolve('/bin/true').inode.setContent(executableContent('t/true', 5000));
    const { code, stderr } = await run(kernel, async (sys) => {
      for (let i = 0; i < 1000; i++) await sys.wait(await sys.spawn('/bin/true', ['true']));
      return 0;
    });
    if (code !== 0) throw new Error(stderr);
  });

  bench('10,000 files made, written and looked at by path', async () => {
    const { kernel } = testMachine();
    const bytes = new Uint8Array(100);
    await run(kernel, (sys) => {
      for (let d = 0; d < 100; d++) {
        sys.mkdir(`/tmp/${d}`);
        for (let f = 0; f < 100; f++) {
          const fd = sys.openSync(`/tmp/${d}/${f}`, { access: 'write', create: true });
          sys.pwrite(fd, 0, bytes);
          sys.close(fd);
          sys.stat(`/tmp/${d}/${f}`);
        }
      }
      return 0;
    });
  });
});
