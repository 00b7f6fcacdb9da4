/** What every Runtime must do, in whatever world: the OCI life cycle as Docker relies on it. */
import { describe, expect, it } from 'vitest';
import { type Bundle, type Runtime, RuntimeError, type Stdio, type Task } from '../../src/port/index.ts';
import type { RuntimeSpec } from '../../src/spec/index.ts';
import { fromUtf8, utf8 } from '../../src/spec/index.ts';

export interface RuntimeWorld {
  runtime: Runtime;
  /** A bundle of a busybox root filesystem, writable, PATH=/bin, hostname "box", Docker's namespaces; `adapt` changes it. */
  bundle(args: string[], adapt?: (spec: RuntimeSpec) => void): Promise<Bundle> | Bundle;
}

export type RuntimeFeature = 'pause' | 'terminal' | 'pids limit' | 'memory limit' | 'stats';

/** `cannot`: features this world lacks, each with the reason. */
export function runtimeSuite(
  name: string,
  make: () => RuntimeWorld | Promise<RuntimeWorld>,
  cannot: Partial<Record<RuntimeFeature, string>> = {},
): void {
  const needs = (feature: RuntimeFeature) => {
    const reason = cannot[feature];
    return reason === undefined ? it : (title: string, _run: unknown) => it.skip(`${title} (skipped: ${reason})`);
  };
  let lastId = 0;

  interface Started {
    task: Task;
    out(): string;
    err(): string;
    /** Until the output contains it. */
    said(text: string): Promise<void>;
  }

  function collector(stdin?: Stdio['stdin']) {
    const [out, err]: [string[], string[]] = [[], []];
    const stdio: Stdio = {
      stdin,
      stdout: (bytes) => void out.push(fromUtf8(bytes)),
      stderr: (bytes) => void err.push(fromUtf8(bytes)),
    };
    const said = async (text: string): Promise<void> => {
      while (!out.join('').includes(text)) await new Promise<void>((resolve) => void setImmediate(resolve));
    };
    return { stdio, out: () => out.join(''), err: () => err.join(''), said };
  }

  async function create(
    world: RuntimeWorld,
    args: string[],
    options: { adapt?: (spec: RuntimeSpec) => void; stdin?: Stdio['stdin']; id?: string } = {},
  ): Promise<Started> {
    const { stdio, ...rest } = collector(options.stdin);
    const id = options.id ?? `suite${++lastId}`;
    return { task: await world.runtime.create(id, await world.bundle(args, options.adapt), stdio), ...rest };
  }

  async function run(world: RuntimeWorld, script: string, options: Parameters<typeof create>[2] = {}) {
    const started = await create(world, ['sh', '-c', script], options);
    await started.task.start();
    const status = await started.task.wait();
    await started.task.delete();
    return { ...status, out: started.out(), err: started.err() };
  }

  const code = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'ok',
      (error) => error.code ?? error.name,
    );

  describe(`runtime: ${name}`, () => {
    it('creates without running, runs at start, and gives output and status', async () => {
      const world = await make();
      const { task, out, err } = await create(world, ['sh', '-c', 'echo out; echo err >&2; exit 7']);
      expect(task.pid).toBeGreaterThan(0);
      expect(await world.runtime.list()).toContain(task.id);
      expect(out()).toBe('');
      const early = task.wait();
      await task.start();
      expect(await early).toMatchObject({ code: 7 });
      expect(await task.wait()).toMatchObject({ code: 7 });
      expect([out(), err()]).toEqual(['out\n', 'err\n']);
      await task.delete();
      expect(await world.runtime.list()).not.toContain(task.id);
    });

    it('delivers all output before the end is told', async () => {
      const { out } = await run(await make(), 'i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done');
      expect(out.split('\n').length).toBe(2001);
      expect(out.endsWith('line 1999\n')).toBe(true);
    });

    it('feeds standard input and its end', async () => {
      const parts = [utf8('one\n'), utf8('two\n'), null];
      const { out } = await run(await make(), 'cat; echo end', { stdin: { read: async () => parts.shift() ?? null } });
      expect(out).toBe('one\ntwo\nend\n');
    });

    it('gives no input where there is none', async () => {
      expect((await run(await make(), 'cat; echo $?')).out).toBe('0\n');
    });

    it('is PID 1 with the given user, directory, environment and host name', async () => {
      const { out } = await run(await make(), 'echo $$; id -u; id -g; pwd; echo $X; hostname', {
        adapt: ({ process }) => {
          process.user = { uid: 1000, gid: 1001 };
          process.cwd = '/made/on/the/way';
          process.env.push('X=a b');
        },
      });
      expect(out).toBe('1\n1000\n1001\n/made/on/the/way\na b\nbox\n');
    });

    it('keeps what it writes to itself', async () => {
      const world = await make();
      await run(world, 'echo mine >/file');
      expect((await run(world, 'cat /file 2>/dev/null || echo none')).out).toBe('none\n');
    });

    it("says in runc's words that a command is missing or cannot be executed", async () => {
      const world = await make();
      const missing = await create(world, ['nosuch']).catch((error) => error);
      expect(missing).toBeInstanceOf(RuntimeError);
      expect(missing).toMatchObject({ exitCode: 127 });
      expect(missing.message).toContain('exec: "nosuch": executable file not found in $PATH');
      const absent = await create(world, ['/no/such']).catch((error) => error);
      expect(absent).toMatchObject({ exitCode: 127 });
      expect(absent.message).toContain('/no/such: no such file or directory');
      const plain = await create(world, ['/etc/passwd']).catch((error) => error);
      expect(plain).toMatchObject({ exitCode: 126 });
      expect(plain.message).toContain('permission denied');
    });

    it('leaves nothing of a create that failed', async () => {
      const world = await make();
      await create(world, ['nosuch'], { id: 'again' }).catch(() => {});
      expect(await world.runtime.list()).not.toContain('again');
      const { task } = await create(world, ['true'], { id: 'again' });
      await task.delete();
    });

    it('refuses an id that is taken, and gives it back after delete', async () => {
      const world = await make();
      const { task } = await create(world, ['true'], { id: 'taken' });
      expect(await code(create(world, ['true'], { id: 'taken' }))).not.toBe('ok');
      await task.delete();
      const { task: second } = await create(world, ['true'], { id: 'taken' });
      await second.delete();
      await second.delete();
    });

    it('lets PID 1 ignore what it does not handle, and kills it with KILL', async () => {
      const { task, said } = await create(await make(), ['sh', '-c', 'echo up; sleep 1000; echo woken; sleep 1000']);
      await task.start();
      await said('up');
      await task.kill(15);
      await task.kill(9);
      expect(await task.wait()).toMatchObject({ code: 137, signal: 9 });
      expect(await code(task.kill(9))).toBe('ESRCH');
      await task.delete();
    });

    it('runs the handler of a signal', async () => {
      const script = 'trap "echo caught; exit 3" TERM; echo up; while :; do sleep 0.05; done';
      const { task, out, said } = await create(await make(), ['sh', '-c', script]);
      await task.start();
      await said('up');
      await task.kill(15);
      expect(await task.wait()).toMatchObject({ code: 3 });
      expect(out()).toBe('up\ncaught\n');
      await task.delete();
    });

    it('takes all processes along when PID 1 ends', async () => {
      const { out, code: status } = await run(await make(), '(sleep 1000; echo never) & echo gone');
      expect([out, status]).toEqual(['gone\n', 0]);
    });

    it('executes more in the same namespaces', async () => {
      const world = await make();
      const { task, said } = await create(world, ['sh', '-c', 'echo x >/seen; echo up; sleep 1000']);
      await task.start();
      await said('up');
      const args = ['sh', '-c', 'cat /seen; hostname; test $$ -gt 1 && exit 4'];
      const process = { user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin'], cwd: '/' };
      const { stdio, out } = collector();
      const exec = await task.exec(process, stdio);
      expect(exec.pid).toBeGreaterThan(0);
      expect(await exec.wait()).toMatchObject({ code: 4 });
      expect(out()).toBe('x\nbox\n');
      const missing = await task.exec({ ...process, args: ['nosuch'] }, stdio).catch((error) => error);
      expect(missing).toMatchObject({ exitCode: 127 });
      const long = await task.exec({ ...process, args: ['sleep', '1000'] }, stdio);
      expect((await task.processes()).length).toBeGreaterThanOrEqual(2);
      await task.kill(9);
      expect(await long.wait()).toMatchObject({ code: 137 });
      await task.wait();
      expect(await code(task.exec(process, stdio))).not.toBe('ok');
      await task.delete();
    });

    it('lists processes as the host sees them', async () => {
      const { task, said } = await create(await make(), ['sh', '-c', 'sleep 1000 & echo up; wait']);
      await task.start();
      await said('up');
      const processes = await task.processes();
      expect(processes.map(({ pid }) => pid)).toContain(task.pid);
      const init = processes.find(({ pid }) => pid === task.pid);
      expect(init?.args.slice(0, 2)).toEqual(['sh', '-c']);
      await task.delete();
    });

    needs('pause')('pauses and resumes', async () => {
      const script = 'echo up; while :; do echo tick; sleep 0.02; done';
      const { task, out, said } = await create(await make(), ['sh', '-c', script]);
      await task.start();
      await said('tick');
      await task.pause();
      const turns = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) await new Promise<void>((resolve) => void setTimeout(resolve, 2));
      };
      await turns(20);
      const before = out();
      await turns(40);
      expect(out()).toBe(before);
      await task.resume();
      while (out() === before) await turns(1);
      await task.delete();
      expect(await task.wait()).toMatchObject({ code: 137 });
    });

    needs('terminal')('gives a terminal of the asked size, whose lines end in CR LF', async () => {
      const { task, out } = await create(await make(), ['sh', '-c', 'test -t 0 && echo tty; stty size'], {
        adapt: ({ process }) => {
          process.terminal = true;
          process.consoleSize = { width: 100, height: 30 };
        },
      });
      await task.start();
      await task.wait();
      expect(out()).toBe('tty\r\n30 100\r\n');
      await task.delete();
    });

    needs('pids limit')('refuses forks past the limit, also one set later', async () => {
      const world = await make();
      const script = 'echo up; read x; sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9 & echo all';
      let answer: (bytes: Uint8Array) => void = () => {};
      const line = new Promise<Uint8Array>((resolve) => void (answer = resolve));
      const stdin = { read: () => line };
      const { task, out, said } = await create(world, ['sh', '-c', script], { stdin });
      await task.start();
      await said('up');
      await task.update({ pids: { limit: 3 } });
      answer(utf8('go\n'));
      await task.wait();
      expect(out()).toBe('up\n');
      await task.delete();
    });

    needs('memory limit')('kills what takes more memory than it may', async () => {
      const script = 'exec dd if=/dev/zero of=/dev/shm/big bs=1048576 count=60';
      const result = await run(await make(), script, {
        adapt: ({ linux }) => {
          linux.resources = { ...linux.resources, memory: { limit: 16 << 20, swap: 16 << 20 } };
        },
      });
      expect(result).toMatchObject({ code: 137, oomKilled: true });
    });

    needs('stats')('counts what is used', async () => {
      const { task, said } = await create(await make(), ['sh', '-c', 'echo up; sleep 1000'], {
        adapt: ({ linux }) => {
          linux.resources = { ...linux.resources, memory: { limit: 64 << 20 } };
        },
      });
      await task.start();
      await said('up');
      const stats = await task.stats();
      expect(stats.pids.current).toBeGreaterThanOrEqual(1);
      expect(stats.cpuNs).toBeGreaterThan(0);
      expect(stats.memory.usage).toBeGreaterThan(0);
      expect(stats.memory.limit).toBe(64 << 20);
      await task.delete();
    });
  });
}
