import { describe, expect, it } from 'vitest';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { fromUtf8 } from '../../src/spec/index.ts';
import { run, testMachine } from './boot-kernel.ts';

async function cat(sys: Sys, path: string): Promise<string> {
  const fd = await sys.open(path);
  const bytes = await sys.read(fd);
  sys.close(fd);
  return fromUtf8(bytes);
}

describe('/proc, /sys, /dev and cgroups', () => {
  it('shows the reading process as self, with its names and descriptors', async () => {
    const { kernel } = testMachine();
    const result = await run(
      kernel,
      async (sys) => {
        const own = sys.readlink('/proc/self') === String(sys.pid);
        const cmdline = await cat(sys, '/proc/self/cmdline');
        const ns = sys.readlink('/proc/self/ns/pid');
        const out = await sys.open('/dev/stdout', { access: 'write' });
        await sys.write(out, JSON.stringify([own, cmdline, /^pid:\[\d+\]$/.test(ns), sys.readlink('/proc/self/cwd')]));
        return 0;
      },
      { argv: ['a', 'b'] },
    );
    expect(JSON.parse(result.stdout)).toEqual([true, 'a\0b\0', true, '/']);
  });

  it('enforces pids.max of a cgroup made by hand', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      sys.mkdir('/sys/fs/cgroup/g');
      const put = async (file: string, text: string) => {
        const fd = await sys.open(`/sys/fs/cgroup/g/${file}`, { access: 'write' });
        await sys.write(fd, text);
        sys.close(fd);
      };
      await put('pids.max', '2');
      await put('cgroup.procs', String(sys.pid));
      sys.fork((child) => child.sleep(1000).then(() => 0));
      try {
        sys.fork(() => 0);
      } catch (error) {
        await sys.write(1, (error as { code: string }).code);
      }
      await sys.write(1, ` ${await cat(sys, '/proc/self/cgroup')}${await cat(sys, '/sys/fs/cgroup/g/pids.current')}`);
      return 0;
    });
    expect(result.stdout).toBe('EAGAIN 0::/g\n2\n');
  });

  it('kills the largest of a cgroup that is over memory.max', async () => {
    const { kernel } = testMachine();
    const result = await run(kernel, async (sys) => {
      kernel.kernelTask.paths.mkdir('/sys/fs/cgroup/m');
      const group = kernel.core.cgroupRoot.find('m');
      group.memoryMax = 1000;
      const pid = sys.fork(async (child) => {
        const fd = await child.open('/sys/fs/cgroup/m/cgroup.procs', { access: 'write' });
        await child.write(fd, '0');
        child.setMemory(5000);
        return 0;
      });
      await sys.write(1, JSON.stringify([(await sys.wait(pid))!.signal, group.oomKills]));
      return 0;
    });
    expect(JSON.parse(result.stdout)).toEqual([9, 1]);
  });

  it('edits lines, echoes, sends ^C to the foreground group and hangs up', async () => {
    const { kernel } = testMachine();
    const pty = kernel.openPty({ columns: 80, rows: 24 });
    const process = await kernel.start(
      async (sys) => {
        await sys.write(1, `got ${fromUtf8(await sys.read(0))}`);
        await sys.sleep(1e12);
        return 0;
      },
      { argv: ['t'], env: {}, cwd: '/', stdio: { pty } },
    );
    await pty.write(new TextEncoder().encode('abx\x7fc\r'));
    let seen = '';
    while (!seen.includes('got')) seen += fromUtf8((await pty.read())!);
    await pty.write(Uint8Array.of(3));
    expect(await process.wait()).toMatchObject({ signal: 2 });
    for (let bytes = await pty.read(); bytes; bytes = await pty.read()) seen += fromUtf8(bytes);
    expect(seen).toBe('abx\b \bc\r\ngot abc\r\n^C');
  });
});
