import { describe, expect, it } from 'vitest';
import { chroot, mkdirs, user, world } from './world.ts';

function files() {
  const w = world();
  mkdirs(w.host, '/a/b');
  w.write('/a/f', 'f');
  w.host.symlink('b', '/a/rel');
  w.host.symlink('/a/f', '/a/abs');
  w.host.symlink('../f', '/a/b/up');
  w.host.symlink('nowhere', '/a/dangling');
  w.host.symlink('loop', '/a/loop');
  return w;
}

describe('path walk', () => {
  const errors: [string, string][] = [
    ['', 'ENOENT'],
    ['/none', 'ENOENT'],
    ['/a/f/x', 'ENOTDIR'],
    ['/a/f/', 'ENOTDIR'],
    ['/a/f/..', 'ENOTDIR'],
    ['/a/f/.', 'ENOTDIR'],
    ['/a/loop', 'ELOOP'],
    ['/a/dangling', 'ENOENT'],
    [`/${'n'.repeat(256)}`, 'ENAMETOOLONG'],
    [`/${'é'.repeat(128)}`, 'ENAMETOOLONG'],
    [`/${'n'.repeat(255)}`, 'ENOENT'],
    [`/${'a/'.repeat(2048)}`, 'ENAMETOOLONG'],
  ];
  it.each(errors)('%s: %s', (path, code) => {
    const w = files();
    expect(w.errno(() => w.host.stat(path))).toBe(code);
  });

  it('says which path an error is about', () => {
    const w = files();
    expect(() => w.host.unlink('/a/none')).toThrow(expect.objectContaining({ path: '/a/none' }));
  });

  it('resolves', () => {
    const w = files();
    const real = (path: string) => w.host.realpath(path);
    expect(real('/a/rel/../f')).toBe('/a/f');
    expect(real('/a/b/up')).toBe('/a/f');
    expect(real('//a///b/./')).toBe('/a/b');
    expect(real('/../../a')).toBe('/a');
    w.host.cwd = w.host.resolve('/a/rel');
    expect(real('..')).toBe('/a');
    expect(real('up')).toBe('/a/f');
    expect(w.host.pathOf(w.host.cwd)).toBe('/a/b');
  });

  it('40 symlinks are followed, 41 are not', () => {
    const w = files();
    w.host.symlink('a/f', '/s0');
    for (let i = 1; i <= 40; i++) w.host.symlink(`s${i - 1}`, `/s${i}`);
    expect(w.errno(() => w.host.stat('/s39'))).toBe('ok');
    expect(w.errno(() => w.host.stat('/s40'))).toBe('ELOOP');
  });

  it('a trailing slash wants a directory, and follows', () => {
    const w = files();
    const { host } = w;
    expect(host.lstat('/a/rel').mode & 0o170000).toBe(0o120000);
    expect(host.lstat('/a/rel/').mode & 0o170000).toBe(0o040000);
    host.mkdir('/a/new/');
    expect(w.errno(() => host.mkdir('/a/f/'))).toBe('EEXIST');
    expect(w.errno(() => host.unlink('/a/f/'))).toBe('ENOTDIR');
    expect(w.errno(() => host.rename('/a/f', '/a/g/'))).toBe('ENOTDIR');
    host.rename('/a/new', '/a/newer/');
    expect(w.errno(() => host.open('/a/created/', { write: true, create: true }))).toBe('EISDIR');
  });

  it('special names', () => {
    const w = files();
    const { host } = w;
    expect(w.errno(() => host.mkdir('/'))).toBe('EEXIST');
    expect(w.errno(() => host.rmdir('/a/.'))).toBe('EINVAL');
    expect(w.errno(() => host.rmdir('/a/b/..'))).toBe('ENOTEMPTY');
    expect(w.errno(() => host.rmdir('/'))).toBe('EBUSY');
    expect(w.errno(() => host.rename('/a/.', '/x'))).toBe('EBUSY');
    expect(w.errno(() => host.rename('/a', '/a/b/c'))).toBe('EINVAL');
    expect(w.errno(() => host.rename('/a/b', '/a'))).toBe('ENOTEMPTY');
  });

  it('O_CREAT follows a dangling symlink, O_EXCL and O_NOFOLLOW do not', () => {
    const w = files();
    const open = (request: object) => w.errno(() => w.host.open('/a/dangling', { write: true, ...request }));
    expect(open({ create: true, exclusive: true })).toBe('EEXIST');
    expect(open({ create: true, nofollow: true })).toBe('ELOOP');
    expect(open({ create: true })).toBe('ok');
    expect(w.names('/a')).toContain('nowhere');
    expect(w.errno(() => w.host.open('/a/rel', { nofollow: true }))).toBe('ELOOP');
    expect(w.errno(() => w.host.open('/a/rel', { nofollow: true, path: true }))).toBe('ok');
    expect(w.errno(() => w.host.open('/a', { write: true }))).toBe('EISDIR');
    expect(w.errno(() => w.host.open('/a/f', { directory: true }))).toBe('ENOTDIR');
  });

  it('getcwd follows renames and knows of removal', () => {
    const w = files();
    const cwd = w.host.resolve('/a/b');
    w.host.rename('/a', '/z');
    expect(w.host.pathOf(cwd)).toBe('/z/b');
    const child = w.host.fork({ cwd });
    w.host.unlink('/z/b/up');
    w.host.rmdir('/z/b');
    expect(child.pathOf(cwd)).toBe('/z/b (deleted)');
    expect(w.errno(() => child.mkdir('x'))).toBe('ENOENT');
  });

  it('nobody leaves a chroot by .. or symlinks', () => {
    const w = files();
    const inside = chroot(w.host, '/a');
    expect(inside.realpath('/../..')).toBe('/');
    expect(inside.realpath('/b/../../..')).toBe('/');
    expect(w.errno(() => inside.stat('/abs'))).toBe('ENOENT');
    expect(inside.pathOf(w.host.resolve('/a/b'))).toBe('/b');
  });
});

describe('permissions', () => {
  function shared() {
    const w = files();
    const { host } = w;
    mkdirs(host, '/home/ann');
    host.chmod('/home/ann', 0o700);
    host.chown('/home/ann', 1000, 1000);
    mkdirs(host, '/tmp');
    host.chmod('/tmp', 0o1777);
    return { w, ann: host.fork({ cred: user(1000) }), bob: host.fork({ cred: user(1001, [50]) }) };
  }

  it('owner, group, others', () => {
    const { w, ann, bob } = shared();
    expect(w.errno(() => ann.readdir('/home/ann'))).toBe('ok');
    expect(w.errno(() => bob.readdir('/home/ann'))).toBe('EACCES');
    expect(w.errno(() => bob.stat('/home/ann/x'))).toBe('EACCES');
    expect(w.errno(() => bob.mkdir('/x'))).toBe('EACCES');
    w.host.chown('/a/f', 0, 50);
    w.host.chmod('/a/f', 0o060);
    expect(w.errno(() => bob.open('/a/f', { write: true, read: true }))).toBe('ok');
    expect(w.errno(() => ann.open('/a/f', { read: true }))).toBe('EACCES');
    expect(w.errno(() => w.host.access('/a/f', 1))).toBe('EACCES');
  });

  it('sticky directories', () => {
    const { w, ann, bob } = shared();
    ann.open('/tmp/note', { write: true, create: true });
    expect(w.errno(() => bob.unlink('/tmp/note'))).toBe('EPERM');
    expect(w.errno(() => bob.rename('/tmp/note', '/tmp/mine'))).toBe('EPERM');
    expect(w.errno(() => ann.unlink('/tmp/note'))).toBe('ok');
  });

  it('chmod and chown', () => {
    const { w, ann, bob } = shared();
    ann.open('/tmp/f', { write: true, create: true, mode: 0o666 });
    expect(ann.stat('/tmp/f').mode).toBe(0o100644);
    expect(w.errno(() => bob.chmod('/tmp/f', 0o777))).toBe('EPERM');
    expect(w.errno(() => ann.chown('/tmp/f', 1001, -1))).toBe('EPERM');
    expect(w.errno(() => ann.chown('/tmp/f', -1, 50))).toBe('EPERM');
    w.host.chown('/tmp/f', -1, 50);
    ann.chmod('/tmp/f', 0o6755);
    expect(ann.stat('/tmp/f').mode & 0o7777).toBe(0o4755);
    w.host.chown('/tmp/f', 1001, -1);
    expect(ann.stat('/tmp/f').mode & 0o7777).toBe(0o755);
  });

  it('a setgid directory hands down its group', () => {
    const { w, bob } = shared();
    w.host.mkdir('/g');
    w.host.chown('/g', 1001, 77);
    w.host.chmod('/g', 0o2755);
    bob.mkdir('/g/d');
    expect(w.host.stat('/g/d')).toMatchObject({ gid: 77, mode: 0o042755 });
  });

  it('device nodes want CAP_MKNOD, trusted xattrs CAP_SYS_ADMIN', () => {
    const { w, ann } = shared();
    expect(w.errno(() => ann.mknod('/tmp/null', 0o020666, 0x103))).toBe('EPERM');
    expect(w.errno(() => ann.mknod('/tmp/fifo', 0o010666))).toBe('ok');
    expect(w.errno(() => ann.getxattr('/tmp', 'trusted.x'))).toBe('ENODATA');
    expect(w.errno(() => ann.getxattr('/tmp', 'odd'))).toBe('EOPNOTSUPP');
  });
});
