/** What a process in a container must not reach. Where real Linux lets it, it is let: the comment says so. */
import { describe, expect, it } from 'vitest';
import { S_IFBLK } from '../../src/sim/vfs/inode.ts';
import { textContent } from '../../src/spec/index.ts';
import { inside, outcome } from './container-world.ts';

describe('a container', () => {
  it('does not write a lower layer, by whatever way', async () => {
    const { world, base } = await inside(async (sys) => {
      const fd = await sys.open('/etc/secret', { access: 'readwrite' });
      await sys.write(fd, 'mine!');
      sys.chmod('/bin/app', 0o700);
      sys.link('/etc/secret', '/etc/twin');
      sys.unlink('/etc/secret');
      sys.rename('/bin/app', '/bin/other');
      sys.truncate('/etc/twin', 0);
    });
    expect(world.read('/layer/etc/secret')).toBe('lower');
    expect(world.machine.kernel.sys.readdir('/layer/etc').map(({ name }) => name)).toEqual(['secret']);
    expect(world.machine.kernel.sys.stat('/layer/bin/app').mode & 0o777).toBe(0o755);
    expect(world.read(`${base}/diff/etc/twin`)).toBe('');
  });

  it('sees its own processes alone and signals none outside', async () => {
    const { value } = await inside(async (sys) => [
      sys.readdir('/proc').flatMap(({ name }) => (/^\d+$/.test(name) ? [name] : [])),
      sys.pid,
      sys.ppid,
      await outcome(() => sys.kill(2, 9)),
      await outcome(() => sys.kill(-1, 9)),
      await outcome(() => sys.readlink('/proc/2/root')),
    ]);
    expect(value).toEqual([['1'], 1, 0, 'ESRCH', 'ESRCH', 'ENOENT']);
  });

  it("does not reach the host's loopback, unix sockets or network settings", async () => {
    const { value } = await inside(
      async (sys) => {
        const tcp = sys.socket('inet', 'stream');
        const local = await outcome(() => sys.connect(tcp, { family: 'inet', address: '127.0.0.1', port: 5000 }));
        const unix = sys.socket('unix', 'stream');
        return [
          local,
          await outcome(() => sys.connect(unix, { family: 'unix', path: '/run/docker.sock' })),
          await outcome(() => sys.netlink.setLink('lo', { up: false })),
          sys.netlink.links().map(({ name }) => name),
          await outcome(() => sys.setns(sys.openSync('/proc/1/ns/net'))),
        ];
      },
      ({ machine: { kernel } }) => {
        const ok = async () => ({ status: 200, headers: [], body: textContent('') });
        kernel.serveHttp({ host: '127.0.0.1', port: 5000 }, ok);
        kernel.serveHttp({ unix: '/run/docker.sock' }, ok);
      },
    );
    expect(value).toEqual(['ECONNREFUSED', 'ENOENT', 'EPERM', ['lo'], 'EPERM']);
  });

  it('neither mounts nor takes the masks away', async () => {
    const { value } = await inside(async (sys) => [
      await outcome(() => sys.umount('/proc')),
      await outcome(() => sys.umount('/proc/sys', { lazy: true })),
      await outcome(() => sys.mount('proc', '/etc', 'proc', [])),
      await outcome(() => sys.mount('none', '/proc/sys', '', ['remount', 'bind', 'rw'])),
      await outcome(() => sys.mount('none', '/', '', ['rprivate'])),
      await outcome(() => sys.pivotRoot('/', '/')),
      await outcome(() => sys.unshare(['mnt'])),
      await outcome(() => sys.open('/proc/sys/kernel/hostname', { access: 'write' })),
      await outcome(() => sys.sethostname('x')),
      await outcome(() => sys.mkdir('/sys/fs/cgroup/mine')),
      await outcome(() => sys.settime({ sec: 0, nsec: 0 })),
    ]);
    expect(value).toEqual([
      ...['EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM'],
      ...['EROFS', 'EPERM', 'EROFS', 'EPERM'],
    ]);
  });

  it('makes a node of the disk (as Linux lets it) but does not open it', async () => {
    const { value } = await inside(async (sys) => {
      sys.mknod('/disk', S_IFBLK | 0o600, 0xfe01);
      sys.mknod('/kmsg', 0o20600, 0x010b);
      return [
        await outcome(() => sys.open('/disk')),
        await outcome(() => sys.open('/kmsg')),
        await outcome(() => sys.open('/dev/null', { access: 'write' })),
      ];
    });
    expect(value).toEqual(['EPERM', 'EPERM', 'ok']);
  });

  it('leaves a chroot of its own by a kept descriptor (as Linux lets it), never the container', async () => {
    const { value } = await inside(async (sys) => {
      sys.mkdir('/jail');
      const kept = await sys.open('/', { directory: true });
      sys.chroot('/jail');
      const jailed = await outcome(() => sys.stat('/etc/secret'));
      sys.fchdir(kept);
      for (let i = 0; i < 50; i++) sys.chdir('..');
      sys.chroot('.');
      return [jailed, await outcome(() => sys.stat('/etc/secret')), await outcome(() => sys.stat('/layer'))];
    });
    expect(value).toEqual(['ENOENT', 'ok', 'ENOENT']);
  });

  it('keeps to its memory: the one that takes too much is killed, the host is not', async () => {
    const { value, world } = await inside(
      async (sys) => {
        const child = sys.fork((greedy) => {
          greedy.setMemory(64 << 20);
          return 0;
        });
        const ended = await sys.wait(child);
        const file = await sys.open('/dev/shm/big', { access: 'write', create: true });
        const other = sys.fork(async (writer) => {
          writer.setMemory(2 << 20);
          for (let i = 0; i < 100; i++) await writer.write(file, new Uint8Array(1 << 20));
          return 0;
        });
        return [ended!.signal, (await sys.wait(other))!.signal];
      },
      undefined,
      { memory: { limit: 16 << 20 } },
    );
    expect(value).toEqual([9, 9]);
    expect([...world.machine.kernel.processes.keys()]).toContain(2);
  });

  it('keeps to its number of processes, bomb or not', async () => {
    const { value } = await inside(
      async (sys) => {
        let born = 0;
        let refused = '';
        const bomb = async (self: typeof sys): Promise<number> => {
          for (let i = 0; i < 20; i++) {
            refused = await outcome(() => {
              self.fork(bomb);
              born++;
            });
            await self.preempt();
          }
          await self.sleep(1e6);
          return 0;
        };
        for (let i = 0; i < 5; i++) sys.fork(bomb);
        await sys.sleep(100);
        return [born <= 10, refused, sys.readdir('/proc').filter(({ name }) => /^\d+$/.test(name)).length];
      },
      undefined,
      { pids: { limit: 10 } },
    );
    expect(value).toEqual([true, 'EAGAIN', 10]);
  });

  it('gets no more rights by exec, setuid or a user namespace than it may have', async () => {
    const { value } = await inside(async (sys) => {
      sys.setuid(1000);
      const dropped = [...sys.cred.effective];
      return [
        dropped,
        await outcome(() => sys.setuid(0)),
        await outcome(() => sys.capset(['CAP_SYS_ADMIN'], ['CAP_SYS_ADMIN'])),
        await outcome(() => sys.unshare(['user'])),
        await outcome(() => sys.sethostname('x')),
        await outcome(() => sys.mount('t', '/etc', 'tmpfs', [])),
        await outcome(() => sys.netlink.setLink('lo', { up: false })),
        await outcome(() => sys.chown('/etc/secret', 1, 1)),
      ];
    });
    expect(value).toEqual([[], 'EPERM', 'EPERM', 'ok', 'EPERM', 'EPERM', 'EPERM', 'EINVAL']);
  });
});
