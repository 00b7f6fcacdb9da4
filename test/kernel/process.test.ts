import { describe, expect, it } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import type { Program } from '../../src/sim/kernel/program.ts';
import { fromUtf8, textContent } from '../../src/spec/index.ts';
import { run, testMachine } from './boot-kernel.ts';

const install = (
  kernel: ReturnType<typeof testMachine>['kernel'],
  path: string,
  text: string | undefined,
  program?: string,
) => {
  const fd = kernel.sys.openSync(path, { access: 'write', create: true }, 0o755);
  const { inode } = kernel.kernelTask.paths.resolve(path);
  inode.setContent(text === undefined ? executableContent(program!, 5000) : textContent(text));
  kernel.sys.close(fd);
};

const echo: Program = async (sys) => {
  await sys.write(1, `${sys.argv.join(' ')}\n`);
  return 0;
};

describe('processes', () => {
  it('runs a program with stdio', async () => {
    const { kernel } = testMachine();
    const result = await run(
      kernel,
      async (sys) => {
        await sys.write(1, await sys.read(0));
        await sys.write(2, 'err');
        return 3;
      },
      { stdin: 'hello' },
    );
    expect(result).toEqual({ stdout: 'hello', stderr: 'err', code: 3, signal: undefined });
  });

  it('executes files, scripts with one argument, and says what is not simulated', async () => {
    const { kernel } = testMachine(new Map([['t/echo', echo]]));
    install(kernel, '/bin/echo', undefined, 't/echo');
    install(kernel, '/bin/script', '#!/bin/echo -a  b\n');
    install(kernel, '/bin/text', 'nothing');
    install(kernel, '/bin/alien', undefined, 't/none');
    expect((await run(kernel, '/bin/echo', { argv: ['echo', 'x'] })).stdout).toBe('echo x\n');
    expect((await run(kernel, '/bin/script', { argv: ['script', 'x'] })).stdout).toBe(
      '/bin/echo -a  b /bin/script x\n',
    );
    await expect(run(kernel, '/bin/text')).rejects.toMatchObject({ code: 'ENOEXEC' });
    await expect(run(kernel, '/bin/none')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(run(kernel, '/bin')).rejects.toMatchObject({ code: 'EACCES' });
    expect(await run(kernel, '/bin/alien')).toMatchObject({
      code: 126,
      stderr: 'drydock: /bin/alien: this program is not simulated\n',
    });
  });

  it('pipes with backpressure, SIGPIPE and wait', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      const [r, w] = sys.pipe();
      const writer = sys.fork(async (child) => {
        child.close(r);
        for (;;) await child.write(w, 'x'.repeat(10_000));
      });
      sys.close(w);
      let total = 0;
      while (total < 200_000) total += (await sys.read(r)).length;
      sys.close(r);
      const ended = await sys.wait();
      await sys.write(1, JSON.stringify({ same: ended!.pid === writer, signal: ended!.signal }));
      return 0;
    });
    expect(JSON.parse(result.stdout)).toEqual({ same: true, signal: 13 });
  });

  it('handles, ignores and defaults signals', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      let seen = 0;
      sys.signal(15, () => void seen++);
      sys.kill(sys.pid, 15);
      await sys.preempt();
      const child = sys.fork(async (c) => {
        await c.sleep(1_000_000);
        return 0;
      });
      sys.kill(child, 15);
      const first = await sys.wait();
      const stopped = sys.fork(async (c) => {
        await c.sleep(50);
        return 7;
      });
      await sys.preempt();
      sys.kill(stopped, 19);
      const second = await sys.wait(stopped, { untraced: true });
      sys.kill(stopped, 18);
      const third = await sys.wait(stopped);
      await sys.write(1, JSON.stringify([seen, first!.signal, second!.stopped, third!.code]));
      return 0;
    });
    expect(JSON.parse(result.stdout)).toEqual([1, 15, 19, 7]);
  });

  it('interrupts a blocked call with EINTR after the handler ran', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      sys.signal(14, () => {});
      sys.alarm(1);
      await sys.sleep(10_000).catch((error) => sys.write(1, error.code));
      return 0;
    });
    expect(result.stdout).toBe('EINTR');
  });

  it('shares offsets over dup, copies descriptors at fork', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      const fd = await sys.open('/tmp/f', { access: 'readwrite', create: true });
      const twin = sys.dup(fd);
      await sys.write(fd, 'abc');
      await sys.write(twin, 'def');
      sys.lseek(fd, 0, 'set');
      await sys.write(1, fromUtf8(await sys.read(twin)));
      return 0;
    });
    expect(result.stdout).toBe('abcdef');
  });

  it('makes PID namespaces whose init is protected and takes the others along', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      const pid = sys.fork(
        async (init) => {
          init.fork((c) => c.sleep(1e9).then(() => 0));
          init.kill(1, 15);
          await init.write(1, `${init.pid} ${init.ppid}`);
          return 0;
        },
        { unshare: ['pid'] },
      );
      await sys.wait(pid);
      return 0;
    });
    expect(result.stdout).toBe('1 0');
    expect([...kernel.processes.keys()]).toEqual([1, 2]);
  });

  it('a flood gives way to the event loop, so that it can be killed', async () => {
    const { kernel } = testMachine();
    let turns = 0;
    const flood = await kernel.start(
      async (sys) => {
        for (;;) await sys.write(1, 'y\n');
      },
      { argv: ['yes'], env: {}, cwd: '/', stdio: { stdout: () => {}, stderr: () => {} } },
    );
    while (turns < 5) await new Promise<void>((resolve) => void setImmediate(() => resolve(void turns++)));
    flood.kill(2);
    expect(await flood.wait()).toMatchObject({ signal: 2 });
  });
});
