/** The rules by which dockerd's overlay2 driver writes layers, one by one (measured on dockerd 20.10). */
import { describe, expect, it } from 'vitest';
import { compareUpper, layerOf } from '../../src/layer/index.ts';
import { VfsTree } from '../../src/sim/vfs/index.ts';
import { utf8 } from '../../src/spec/index.ts';
import { mkdirs, type World, world } from '../vfs/world.ts';

function container(): World {
  const w = world();
  for (const path of ['/base/dir', '/base/other', '/base/tmp']) mkdirs(w.host, path);
  for (const name of ['A', 'Z', 'b', 'c', 'dir/f', 'other/g']) w.write(`/base/${name}`, name);
  w.host.chmod('/base/tmp', 0o3777);
  w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
  return w;
}

const upper = (w: World) => compareUpper(new VfsTree(w.host.resolve('/u').inode));
const names = (w: World) => upper(w).map((entry) => entry.name);

describe('compareUpper', () => {
  it('nothing changed: the empty layer of 1,024 zero bytes', () => {
    const layer = layerOf(upper(container()));
    expect(layer.empty).toBe(true);
    expect(layer.diffId).toBe('sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef');
  });

  it('names in byte order, subtrees at once, whiteouts in the place of the deleted', () => {
    const w = container();
    for (const name of ['Z', 'b']) w.host.unlink(`/m/${name}`);
    for (const name of ['A', 'bb', 'c']) w.append(`/m/${name}`, '');
    mkdirs(w.host, '/m/d-x');
    w.write('/m/dir/n', '');
    expect(names(w)).toEqual(['A', '.wh.Z', '.wh.b', 'bb', 'c', 'd-x/', 'dir/', 'dir/n']);
  });

  it('modes carry the type bits, whiteouts do not', () => {
    const w = container();
    w.host.unlink('/m/b');
    w.host.symlink('x', '/m/l');
    w.host.mknod('/m/fifo', 0o010644);
    w.host.mknod('/m/null', 0o020666, 0x103);
    w.host.mknod('/m/socket', 0o140644);
    w.write('/m/f', '');
    expect(upper(w).map((entry) => [entry.name, entry.mode.toString(8)])).toEqual([
      ['.wh.b', '600'],
      ['f', '100644'],
      ['fifo', '10644'],
      ['l', '120777'],
      ['null', '20644'],
    ]);
    expect(upper(w).at(-1)).toMatchObject({ type: 'char', devmajor: 1, devminor: 3 });
  });

  it('whiteouts after the first carry its raw path and its time', () => {
    const w = container();
    w.host.unlink('/m/dir/f');
    w.host.unlink('/m/b');
    w.host.unlink('/m/c');
    const whiteouts = upper(w).filter((entry) => entry.name.includes('.wh.'));
    expect(whiteouts.map(({ name, linkname, type }) => [name, linkname, type])).toEqual([
      ['.wh.b', '', 'file'],
      ['.wh.c', 'b', 'file'],
      ['dir/.wh.f', 'b', 'file'],
    ]);
    expect(new Set(whiteouts.map(({ mtime }) => mtime.sec)).size).toBe(1);
  });

  it('a directory made over a deleted name is opaque, with its permissions and no time', () => {
    const w = container();
    w.host.unlink('/m/tmp/../b');
    w.host.rmdir('/m/tmp');
    w.host.mkdir('/m/tmp');
    w.host.chmod('/m/tmp', 0o3777);
    w.host.mkdir('/m/b');
    expect(names(w)).toEqual(['b/', 'b/.wh..wh..opq', 'tmp/', 'tmp/.wh..wh..opq']);
    expect(upper(w).at(-1)).toMatchObject({ mode: 0o777, mtime: { sec: 0, nsec: 0 }, type: 'file' });
  });

  it('so is a new directory renamed into one from below; a plain new one is not', () => {
    const w = container();
    w.host.mkdir('/m/t1');
    w.host.mkdir('/m/dir/t');
    w.host.rename('/m/t1', '/m/t2');
    expect(names(w)).toEqual(['dir/', 'dir/t/', 't2/', 't2/.wh..wh..opq']);
  });

  it('hard links: the first name carries the data', () => {
    const w = container();
    w.host.link('/m/c', '/m/a');
    expect(upper(w).map(({ name, type, size, linkname }) => [name, type, size, linkname])).toEqual([
      ['a', 'file', 1, ''],
      ['c', 'link', 0, 'a'],
    ]);
  });

  it('any copy-up is a change: open for writing, chmod and utimes to the same value; with unchanged parents', () => {
    const w = container();
    const before = w.host.stat('/m/dir');
    w.append('/m/dir/f', '');
    w.host.chmod('/m/A', 0o644);
    const time = w.host.stat('/m/b').mtime;
    w.host.utimens('/m/b', time, time);
    expect(names(w)).toEqual(['A', 'b', 'dir/', 'dir/f']);
    expect(upper(w)[2]!.mtime.sec).toBe(before.mtime.sec);
    expect(w.host.stat('/m/dir').mtime).toEqual(before.mtime);
  });

  it('a file made again, or in the place of a directory, is just the new entry', () => {
    const w = container();
    w.host.unlink('/m/b');
    w.write('/m/b', 'new');
    w.host.unlink('/m/dir/f');
    w.host.rmdir('/m/dir');
    w.write('/m/dir', 'file');
    expect(names(w)).toEqual(['b', 'dir']);
  });

  it('what this layer made and removed leaves nothing but the parent', () => {
    const w = container();
    w.write('/m/dir/x', '');
    w.host.unlink('/m/dir/x');
    expect(names(w)).toEqual(['dir/']);
  });

  it('keeps security.capability alone of the xattrs, and fills in names when asked', () => {
    const w = container();
    w.write('/m/f', '');
    w.host.setxattr('/m/f', 'user.note', utf8('x'));
    w.host.setxattr('/m/f', 'security.capability', utf8('cap'));
    const owners = { users: new Map([[0, 'root']]), groups: new Map([[0, 'wheel']]) };
    const [entry] = compareUpper(new VfsTree(w.host.resolve('/u').inode), { owners });
    expect([...entry!.xattrs.keys()]).toEqual(['security.capability']);
    expect(entry).toMatchObject({ uname: 'root', gname: 'wheel' });
  });
});
