import { describe, expect, it } from 'vitest';
import { type TarEntry, tarEntry } from '../../src/archive/index.ts';
import { applyLayer, chainId, chainIds, changes } from '../../src/layer/index.ts';
import { VfsTree } from '../../src/sim/vfs/index.ts';
import { textContent } from '../../src/spec/index.ts';
import { picture } from '../vfs/random-edits.ts';
import { mkdirs, type World, world } from '../vfs/world.ts';

/** A root filesystem at /root/fs with something outside that no archive may reach. */
function victim(): World {
  const w = world();
  mkdirs(w.host, '/root/fs/etc');
  w.write('/secret', 'untouched');
  w.write('/root/fs/etc/passwd', 'root');
  return w;
}

function apply(w: World, ...entries: (Partial<TarEntry> & { name: string })[]): string {
  const outside = () => [w.read('/secret'), w.names('/'), w.names('/root')].join();
  const before = outside();
  let outcome = 'ok';
  try {
    applyLayer(new VfsTree(w.host.resolve('/root/fs').inode), entries.map(tarEntry));
  } catch (error) {
    outcome = (error as Error).message;
  }
  expect(outside()).toBe(before);
  return outcome;
}

const file = (name: string, text = 'evil') => ({ name, content: textContent(text) });
const link = (name: string, linkname: string) => ({ name, type: 'symlink' as const, linkname });

describe('applyLayer and hostile archives', () => {
  it('.. stops at the root', () => {
    const w = victim();
    expect(apply(w, file('../../secret'), file('/../../abs'))).toBe('ok');
    expect(w.names('/root/fs')).toEqual(['abs', 'etc', 'secret']);
  });

  it('a symlink on the way is followed inside the root', () => {
    const w = victim();
    expect(apply(w, link('up', '../../..'), file('up/secret'), link('abs', '/'), file('abs/x'))).toBe('ok');
    expect(w.names('/root/fs')).toEqual(['abs', 'etc', 'secret', 'up', 'x']);
  });

  it('a symlink in the last place is replaced, not written through', () => {
    const w = victim();
    expect(apply(w, link('f', 'etc/passwd'), file('f', 'new'))).toBe('ok');
    expect(w.read('/root/fs/etc/passwd')).toBe('root');
    expect(w.read('/root/fs/f')).toBe('new');
  });

  it('hard links stay inside', () => {
    const w = victim();
    expect(apply(w, { name: 'h', type: 'link', linkname: '../../secret' })).toBe('No such file or directory');
    expect(apply(w, { name: 'h', type: 'link', linkname: '../../etc/passwd' })).toBe('ok');
    expect(w.read('/root/fs/h')).toBe('root');
  });

  it('whiteouts name one entry of their own directory', () => {
    const w = victim();
    for (const name of ['.wh.', '.wh..', 'etc/.wh...']) {
      expect(apply(w, file(name))).toBe(`invalid whiteout name: ${name}`);
    }
    expect(apply(w, link('up', '../..'), file('up/.wh.secret'), file('../.wh.fs'))).toBe('ok');
    expect(w.read('/root/fs/etc/passwd')).toBe('root');
  });

  it('symlink loops end', () => {
    const w = victim();
    expect(apply(w, link('a', 'b'), link('b', 'a'), file('a/x'))).toBe('Too many levels of symbolic links');
  });

  it('a file where a directory must be is an error', () => {
    expect(apply(victim(), file('etc/passwd/x'))).toBe('Not a directory');
  });
});

describe('applyLayer', () => {
  it('an opaque directory hides what is below it, and keeps what the layer itself brings', () => {
    const w = victim();
    w.write('/root/fs/etc/old', '');
    apply(w, { name: 'etc/', type: 'directory' }, file('etc/new', 'n'), file('etc/.wh..wh..opq', ''));
    expect(w.names('/root/fs/etc')).toEqual(['new']);
  });

  it('makes missing parents, and sets directory times last', () => {
    const w = victim();
    const mtime = { sec: 5, nsec: 0 };
    apply(w, { name: 'd/', type: 'directory', mtime }, file('d/x'), file('p/q/r'));
    expect(w.host.stat('/root/fs/d').mtime).toEqual(mtime);
    expect(picture(w.host, '/root/fs/p')).toEqual(['/q 40755 0:0', '/q/r 100644 0:0 evil']);
  });

  it('setuid survives the change of owner', () => {
    const w = victim();
    apply(w, { name: 's', mode: 0o104755, uid: 5, gid: 6 });
    expect(w.host.stat('/root/fs/s')).toMatchObject({ mode: 0o104755, uid: 5, gid: 6 });
  });
});

describe('chainId', () => {
  it('as image-spec defines it', () => {
    const [a, b] = ['sha256:aa', 'sha256:bb'];
    expect(chainIds([a, b])).toEqual([a, chainId(a, b)]);
    expect(chainId('', a)).toBe(a);
    expect(chainIds([])).toEqual([]);
  });
});

describe('changes', () => {
  it('lists as docker diff does', () => {
    const w = world();
    for (const path of ['/base/etc', '/base/var/spool', '/base/home', '/base/d/e']) mkdirs(w.host, path);
    for (const name of ['etc/passwd', 'etc/group', 'd/e/f']) w.write(`/base/${name}`, name);
    w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
    w.append('/m/etc/passwd', 'x');
    w.host.unlink('/m/etc/group');
    w.host.rmdir('/m/var/spool');
    w.host.chmod('/m/home', 0o700);
    w.write('/m/new', '');
    w.append('/m/d/e/f', '');
    const at = (path: string) => new VfsTree(w.host.resolve(path).inode);
    const listed = changes(at('/base'), at('/m')).map(({ Kind, Path }) => `${'CAD'[Kind]} ${Path}`);
    expect(listed).toEqual(['C /etc', 'C /etc/passwd', 'D /etc/group', 'C /home', 'A /new', 'C /var', 'D /var/spool']);
  });
});
