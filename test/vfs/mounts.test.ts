import { describe, expect, it } from 'vitest';
import { defaultFlags, MemTree, MountedFilesystem, setPropagation } from '../../src/sim/vfs/index.ts';
import { chroot, mkdirs, type World, world } from './world.ts';

function tmpfs(w: World, at: string, flags = {}): MountedFilesystem {
  mkdirs(w.host, at);
  const fs = new MemTree({ type: 'tmpfs', dev: 9, clock: w.clock });
  const mount = new MountedFilesystem(fs.root, 'tmpfs', { ...defaultFlags, ...flags });
  w.host.namespace.attach(mount, w.host.resolve(at));
  return mount;
}

describe('mounts', () => {
  it('cover a directory and uncover it', () => {
    const w = world();
    mkdirs(w.host, '/mnt/below');
    const mount = tmpfs(w, '/mnt');
    expect(w.names('/mnt')).toEqual([]);
    w.write('/mnt/f', '');
    expect(w.host.realpath('/mnt/..')).toBe('/');
    expect(w.host.stat('/mnt').dev).toBe(9);
    expect(w.errno(() => w.host.rmdir('/mnt'))).toBe('EBUSY');
    expect(w.errno(() => w.host.rename('/mnt', '/x'))).toBe('EBUSY');
    w.host.namespace.umount(mount);
    expect(w.names('/mnt')).toEqual(['below']);
  });

  it('stack', () => {
    const w = world();
    tmpfs(w, '/mnt');
    w.write('/mnt/first', '');
    const second = tmpfs(w, '/mnt');
    expect(w.names('/mnt')).toEqual([]);
    expect(w.host.realpath('/mnt')).toBe('/mnt');
    w.host.namespace.umount(second);
    expect(w.names('/mnt')).toEqual(['first']);
  });

  it('bind directories and single files', () => {
    const w = world();
    mkdirs(w.host, '/data/sub');
    mkdirs(w.host, '/c');
    w.write('/data/f', 'bound');
    w.write('/target', 'covered');
    tmpfs(w, '/data/sub');
    w.write('/data/sub/in', '');
    const { namespace } = w.host;
    namespace.bind(w.host.resolve('/data/f'), w.host.resolve('/target'), false);
    expect(w.read('/target')).toBe('bound');
    expect(w.errno(() => w.host.unlink('/target'))).toBe('EBUSY');
    const plain = namespace.bind(w.host.resolve('/data'), w.host.resolve('/c'), false);
    expect(w.names('/c/sub')).toEqual([]);
    expect(w.host.realpath('/c/sub/..')).toBe('/c');
    namespace.umount(plain);
    namespace.bind(w.host.resolve('/data'), w.host.resolve('/c'), true);
    expect(w.names('/c/sub')).toEqual(['in']);
    expect(w.errno(() => w.host.link('/data/f', '/c/hard'))).toBe('EXDEV');
    expect(w.errno(() => w.host.rename('/data/f', '/c/g'))).toBe('EXDEV');
  });

  it('read-only and nodev mounts', () => {
    const w = world();
    tmpfs(w, '/ro').flags = { ...defaultFlags, readonly: true, nodev: true };
    for (const run of [
      () => w.write('/ro/f', ''),
      () => w.host.mkdir('/ro/d'),
      () => w.host.chmod('/ro', 0o700),
      () => w.host.access('/ro', 2),
    ]) {
      expect(w.errno(run)).toBe('EROFS');
    }
  });

  it('a cloned namespace is independent; the place in it is found', () => {
    const w = world();
    const mount = tmpfs(w, '/mnt');
    w.write('/mnt/f', '');
    const cwd = w.host.resolve('/mnt');
    const { namespace, translate } = w.host.namespace.clone();
    const other = w.host.fork({ namespace, root: translate(w.host.root), cwd: translate(cwd) });
    w.host.namespace.umount(mount);
    expect(w.names('/mnt')).toEqual([]);
    expect(other.readdir('/mnt').length).toBe(1);
    expect(other.pathOf(other.cwd)).toBe('/mnt');
    expect(other.readdir('.').length).toBe(1);
  });

  it('shared mounts propagate both ways, to slaves one way, to private ones not at all', () => {
    const w = world();
    for (const at of ['/mnt', '/new']) mkdirs(w.host, at);
    setPropagation(w.host.namespace.root, 'shared');
    const clone = () => {
      const { namespace, translate } = w.host.namespace.clone();
      return w.host.fork({ namespace, root: translate(w.host.root), cwd: translate(w.host.cwd) });
    };
    const [peer, slave, alone] = [clone(), clone(), clone()];
    setPropagation(slave.namespace.root, 'slave', true);
    setPropagation(alone.namespace.root, 'private', true);
    const mount = tmpfs(w, '/mnt');
    w.write('/mnt/f', '');
    expect([peer, slave, alone].map((context) => context.readdir('/mnt').length)).toEqual([1, 1, 0]);
    const back = new MountedFilesystem(mount.root, 'again');
    slave.namespace.attach(back, slave.resolve('/new'));
    expect(w.names('/new')).toEqual([]);
    peer.namespace.attach(new MountedFilesystem(mount.root, 'again'), peer.resolve('/new'));
    expect(w.names('/new')).toEqual(['f']);
    w.host.namespace.umount(mount);
    expect([peer, slave].map((context) => context.readdir('/mnt').length)).toEqual([0, 0]);
  });

  it('pivot_root', () => {
    const w = world();
    tmpfs(w, '/newroot');
    mkdirs(w.host, '/newroot/old');
    w.write('/newroot/inside', '');
    w.write('/outside', '');
    const fresh = w.host.resolve('/newroot');
    w.host.namespace.pivot(fresh.mount, w.host.resolve('/newroot/old'));
    const inside = w.host.fork({ root: fresh, cwd: fresh });
    expect(inside.readdir('/').map(({ name }) => name)).toEqual(['old', 'inside']);
    expect(inside.realpath('/old/outside')).toBe('/old/outside');
    expect(inside.realpath('/old/..')).toBe('/');
    inside.namespace.umount(inside.resolve('/old').mount, true);
    expect(inside.readdir('/old')).toEqual([]);
  });

  it('a chroot in a mount stays there', () => {
    const w = world();
    tmpfs(w, '/mnt');
    mkdirs(w.host, '/mnt/jail/etc');
    const inside = chroot(w.host, '/mnt/jail');
    expect(inside.realpath('/etc/../../../..')).toBe('/');
    expect(inside.realpath('/etc')).toBe('/etc');
  });
});
