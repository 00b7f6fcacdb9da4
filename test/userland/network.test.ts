/** The network, account and namespace programs on a simulated machine. */
import { describe, expect, it } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { gnuFiles, programs } from '../../src/sim/userland/index.ts';
import { contentBytes, textContent } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';

function machineWithPrograms() {
  const machine = testMachine(programs());
  const { sys } = machine.kernel;
  const put = (path: string, bytes: Uint8Array, mode: number) => {
    const fd = sys.openSync(path, { access: 'write', create: true }, mode);
    sys.pwrite(fd, 0, bytes);
    sys.close(fd);
  };
  for (const directory of ['/usr', '/usr/bin', '/usr/sbin', '/var', '/proc']) {
    if (!sys.readdir('/').some((entry) => `/${entry.name}` === directory)) sys.mkdir(directory);
  }
  sys.mount('proc', '/proc', 'proc', []);
  for (const file of gnuFiles(true)) put(file.path, contentBytes(executableContent(file.program!, 0)), 0o755);
  put('/etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\n'), 0o644);
  put('/etc/group', Buffer.from('root:x:0:\nusers:x:100:\n'), 0o644);
  put('/etc/shadow', Buffer.from('root:*:19000:0:99999:7:::\n'), 0o640);
  sys.netlink.setLink('lo', { up: true });
  const command = async (line: string): Promise<{ out: string; err: string; code: number | undefined }> => {
    const argv = line.split(' ');
    const out: string[] = [];
    const err: string[] = [];
    const path = gnuFiles(true).find((file) => file.path.endsWith(`/${argv[0]}`))!.path;
    const process = await machine.kernel.start(path, {
      argv,
      env: { PATH: '/usr/bin:/usr/sbin' },
      cwd: '/tmp',
      stdio: {
        stdin: { read: async () => null },
        stdout: (bytes) => void out.push(Buffer.from(bytes).toString()),
        stderr: (bytes) => void err.push(Buffer.from(bytes).toString()),
      },
    });
    const { code } = await process.wait();
    return { out: out.join(''), err: err.join(''), code };
  };
  return { ...machine, command };
}

describe('network programs', () => {
  it('ss shows the backlog a listener asked for, and by which descriptors its process has it', async () => {
    const { kernel, command } = machineWithPrograms();
    const held: number[] = [];
    const server = async (sys: Sys) => {
      sys.openSync('/dev/null', { access: 'read' });
      const fd = sys.socket('inet', 'stream');
      sys.bind(fd, { family: 'inet', address: '127.0.0.1', port: 8080 });
      sys.listen(fd, 5);
      held.push(fd, sys.dup(fd));
      await sys.sleep(1000);
      return 0;
    };
    const process = await kernel.start(server, {
      argv: ['server'],
      env: {},
      cwd: '/',
      stdio: { stdin: null, stdout: () => {}, stderr: () => {} },
    });
    const { out } = await command('ss -tlnp');
    const [one, other] = held;
    expect(out.split('\n')[1]).toMatch(
      new RegExp(
        `^LISTEN 0      5          127\\.0\\.0\\.1:8080      0\\.0\\.0\\.0:\\*    users:\\(\\("server",pid=\\d+,fd=${one}\\),\\("server",pid=\\d+,fd=${other}\\)\\)$`,
      ),
    );
    await process.wait();
  });

  it('curl and wget fetch, follow, and say what went wrong with their own exit codes', async () => {
    const { kernel, command } = machineWithPrograms();
    kernel.serveHttp({ host: '0.0.0.0', port: 80 }, async (request) => {
      if (request.target === '/moved') return { status: 302, headers: [['Location', '/']] };
      if (request.target === '/') return { status: 200, headers: [], body: textContent('hello\n') };
      return { status: 404, headers: [], body: textContent('no\n') };
    });
    expect(await command('curl -s localhost')).toEqual({ out: 'hello\n', err: '', code: 0 });
    expect((await command('curl -sL -w %{http_code}:%{num_redirects} localhost/moved')).out).toBe('hello\n200:1');
    expect(await command('curl -fsS localhost/x')).toMatchObject({
      err: 'curl: (22) The requested URL returned error: 404\n',
      code: 22,
    });
    expect(await command('curl -sS localhost:81')).toMatchObject({ code: 7 });
    expect(await command('curl -sS nosuch')).toMatchObject({
      err: 'curl: (6) Could not resolve host: nosuch\n',
      code: 6,
    });
    expect(await command('wget -qO- localhost/moved')).toEqual({ out: 'hello\n', err: '', code: 0 });
    expect(await command('wget -q localhost/x')).toMatchObject({ code: 8 });
  });

  it('ip builds two namespaces with a cable, and ping crosses it', async () => {
    const { command } = machineWithPrograms();
    for (const line of [
      'ip netns add blue',
      'ip link add v0 type veth peer name v1',
      'ip link set v1 netns blue',
      'ip addr add 10.1.0.1/24 dev v0',
      'ip link set v0 up',
      'ip netns exec blue ip addr add 10.1.0.2/24 dev v1',
      'ip netns exec blue ip link set v1 up',
    ])
      expect(await command(line), line).toMatchObject({ err: '', code: 0 });
    expect((await command('ip route')).out).toContain('10.1.0.0/24 dev v0 proto kernel scope link src 10.1.0.1 \n');
    const { out, code } = await command('ping -c 1 10.1.0.2');
    expect(out).toContain('64 bytes from 10.1.0.2: icmp_seq=1 ttl=64');
    expect(code).toBe(0);
    expect(await command('ip link show nosuch')).toMatchObject({ err: 'Device "nosuch" does not exist.\n', code: 1 });
  });
});

describe('account and namespace programs', () => {
  it('makes users and groups, and becomes one', async () => {
    const { command } = machineWithPrograms();
    expect(await command('groupadd -g 1500 dev')).toMatchObject({ code: 0 });
    expect(await command('useradd -m -G dev,users bob')).toMatchObject({ err: '', code: 0 });
    expect((await command('id bob')).out).toBe('uid=1000(bob) gid=1000(bob) groups=1000(bob),100(users),1500(dev)\n');
    expect(await command('useradd bob')).toMatchObject({ err: "useradd: user 'bob' already exists\n", code: 9 });
    expect((await command('sudo -u bob id -un')).out).toBe('bob\n');
    expect((await command('getent passwd bob')).out).toBe('bob:x:1000:1000::/home/bob:/bin/sh\n');
    await command('userdel -r bob');
    expect(await command('getent passwd bob')).toMatchObject({ code: 2 });
  });

  it('unshares a hostname', async () => {
    const { command, kernel } = machineWithPrograms();
    expect(await command('unshare -u hostname other')).toMatchObject({ code: 0 });
    expect(kernel.sys.uname().nodename).toBe('host');
  });
});
