import { describe, expect, it } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import type { Program } from '../../src/sim/kernel/program.ts';
import { exchange } from '../../src/sim/net/http-client.ts';
import { resolveHost } from '../../src/sim/net/resolve.ts';
import { SimNetwork } from '../../src/sim/network.ts';
import { SimRuntime } from '../../src/sim/runtime.ts';
import type { RuntimeSpec } from '../../src/spec/index.ts';
import { fromUtf8, textContent } from '../../src/spec/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

type Machine = ReturnType<typeof testMachine>;
const binding = (port: number, containerIp: string) => ({
  protocol: 'tcp' as const,
  hostIp: '0.0.0.0',
  hostPort: port,
  sandboxId: 'a',
  containerIp,
  containerPort: 80,
});

const spec = (args: string[], root: string, netns?: string): RuntimeSpec => ({
  ociVersion: '1.0.2',
  process: { user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin'], cwd: '/work' },
  root: { path: root },
  hostname: 'box',
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['ro'] },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['ro'] },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    { destination: '/dev/pts', type: 'devpts', source: 'devpts', options: ['newinstance', 'ptmxmode=0666'] },
  ],
  linux: {
    sysctl: { 'net.ipv4.ip_unprivileged_port_start': '0' },
    namespaces: [
      { type: 'mount' },
      { type: 'pid' },
      { type: 'uts' },
      { type: 'ipc' },
      { type: 'network', path: netns },
    ],
  },
});

function rootfs({ kernel }: Machine, path: string, program: string): void {
  const { sys } = kernel;
  for (const dir of [path, `${path}/bin`]) sys.mkdir(dir);
  sys.close(sys.openSync(`${path}/bin/app`, { access: 'write', create: true }, 0o755));
  kernel.kernelTask.paths.resolve(`${path}/bin/app`).inode.setContent(executableContent(program, 300));
}

let count = 0;

async function collect(machine: Machine, args: string[], program: Program, netns?: string, terminal = false) {
  const path = `/c${++count}`;
  rootfs(machine, path, 't/app');
  const out: string[] = [];
  const runtime = new SimRuntime(machine.kernel);
  void program;
  const given = spec(args, path, netns);
  given.process.terminal = terminal;
  const task = await runtime.create(
    path,
    { spec: given, rootfs: [] },
    {
      stdout: (b) => void out.push(fromUtf8(b)),
      stderr: (b) => void out.push(fromUtf8(b)),
    },
  );
  return { task, out };
}

describe('containers', () => {
  it('runs one in its own namespaces, with a missing cwd made', async () => {
    const app: Program = async (sys) => {
      await sys.write(1, `${sys.pid} ${sys.uname().nodename} ${sys.getcwd()} ${sys.readdir('/').map((e) => e.name)}\n`);
      return 5;
    };
    const machine = testMachine(new Map([['t/app', app]]));
    for (const terminal of [false, true]) {
      const { task, out } = await collect(machine, ['app'], app, undefined, terminal);
      await task.start();
      expect(await task.wait()).toMatchObject({ code: 5 });
      expect(out.join('')).toBe(`1 box /work bin,proc,sys,dev,work${terminal ? '\r' : ''}\n`);
      await task.delete();
    }
    expect([...machine.kernel.processes.keys()]).toEqual([1, 2]);
  });

  it('says what runc says when the command cannot run', async () => {
    const machine = testMachine(new Map());
    await expect(collect(machine, ['nosuch'], () => 0)).rejects.toMatchObject({
      message:
        'runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH',
      exitCode: 127,
    });
  });

  it('execs, pauses, kills', async () => {
    const app: Program = async (sys) => {
      if (sys.argv[1] === 'x') {
        await sys.write(1, `exec ${sys.pid}`);
        return 4;
      }
      for (;;) await sys.sleep(1000);
    };
    const machine = testMachine(new Map([['t/app', app]]));
    const { task } = await collect(machine, ['app'], app);
    await task.start();
    const out: string[] = [];
    const stdio = { stdout: (b: Uint8Array) => void out.push(fromUtf8(b)), stderr: () => {} };
    const exec = await task.exec({ user: { uid: 0, gid: 0 }, args: ['app', 'x'], env: ['PATH=/bin'], cwd: '/' }, stdio);
    expect(await exec.wait()).toMatchObject({ code: 4 });
    expect(out.join('')).toBe('exec 2');
    expect((await task.processes()).map((p) => p.comm)).toEqual(['app']);
    await task.pause();
    await task.kill(15);
    await task.resume();
    await task.kill(9);
    expect(await task.wait()).toMatchObject({ code: 137, signal: 9 });
    await task.delete();
  });

  it('connects containers by name, publishes ports, and resets what a published port cannot reach', async () => {
    const server: Program = async (sys) => {
      const fd = sys.socket('inet', 'stream');
      sys.bind(fd, { family: 'inet', address: sys.argv[1]!, port: 80 });
      sys.listen(fd);
      for (;;) {
        const connection = await sys.accept(fd);
        await sys.read(connection.fd);
        await sys.write(connection.fd, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
        sys.close(connection.fd);
      }
    };
    const client: Program = async (sys) => {
      const [address] = await resolveHost(sys, 'web');
      const fd = sys.socket('inet', 'stream');
      await sys.connect(fd, { family: 'inet', address: address!, port: 80 });
      await sys.write(fd, 'GET / HTTP/1.1\r\n\r\n');
      await sys.write(1, `${address} ${fromUtf8(await sys.read(fd)).slice(-2)}`);
      return 0;
    };
    const app: Program = (sys) => (sys.argv[1] === 'client' ? client(sys) : server(sys));
    const machine = testMachine(new Map([['t/app', app]]));
    const { kernel } = machine;
    const network = new SimNetwork(kernel);
    await network.createBridge({
      networkId: 'n',
      name: 'br-n',
      subnet: '172.18.0.0/16',
      gateway: '172.18.0.1',
      internal: false,
    });
    const join = async (id: string, ip: string, names: string[]) => {
      const { path } = await network.createSandbox(id);
      await network.connect(id, {
        networkId: 'n',
        endpointId: id,
        interfaceName: 'eth0',
        macAddress: `02:42:ac:12:00:0${ip.at(-1)}`,
        address: `${ip}/16`,
        gateway: '172.18.0.1',
        names,
        resolver: true,
      });
      return path;
    };
    const web = await collect(machine, ['app', '0.0.0.0'], app, await join('a', '172.18.0.2', ['web']));
    await web.task.start();
    const path = await join('b', '172.18.0.3', ['cli']);
    const cli = await collect(machine, ['app', 'client'], app, path);
    kernel.kernelTask.paths.mkdir(`/${cli.task.id.slice(1)}/etc`, 0o755);
    const conf = `/${cli.task.id.slice(1)}/etc/resolv.conf`;
    kernel.sys.close(kernel.sys.openSync(conf, { access: 'write', create: true }));
    kernel.kernelTask.paths.resolve(conf).inode.setContent(textContent('nameserver 127.0.0.11\n'));
    await cli.task.start();
    await cli.task.wait();
    expect(cli.out.join('')).toBe('172.18.0.2 hi');

    await network.publish(binding(8080, '172.18.0.2'));
    await expect(network.publish(binding(8080, '172.18.0.3'))).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const response = await exchange(
      await kernel.dial({ host: '127.0.0.1', port: 8080 }),
      { method: 'GET', target: '/', headers: [] },
      false,
    );
    expect(response.status).toBe(200);
    await network.publish(binding(8081, '172.18.0.3'));
    const dead = await kernel.dial({ host: '127.0.0.1', port: 8081 });
    await expect(dead.read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(kernel.dial({ host: '127.0.0.1', port: 9 })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('serves HTTP on a unix socket to a program', async () => {
    const { kernel } = testMachine();
    kernel.serveHttp({ unix: '/run/docker.sock' }, async (request) => ({
      status: 200,
      headers: [],
      body: textContent(`${request.method} ${request.target}`),
    }));
    const { httpRequest } = await import('../../src/sim/net/http-client.ts');
    const { bodyText } = await import('../../src/spec/index.ts');
    const result = await run(kernel, async (sys) => {
      const response = await httpRequest(
        sys,
        { family: 'unix', path: '/run/docker.sock' },
        { method: 'POST', target: '/_ping', headers: [['Host', 'docker']], body: textContent('x') },
      );
      await sys.write(1, await bodyText(response.body));
      return 0;
    });
    expect(result.stdout).toBe('POST /_ping');
  });
});
