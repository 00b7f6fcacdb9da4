/** What every Tree must do: literal paths, immutable contents, Errno. `make` gives an empty tree. */
import { describe, expect, it } from 'vitest';
import type { Tree } from '../../src/port/index.ts';
import { contentText, textContent, utf8 } from '../../src/spec/index.ts';

export function treeSuite(name: string, make: () => Tree | Promise<Tree>): void {
  const code = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'ok';
  };

  describe(`tree: ${name}`, () => {
    it('files, directories, links', async () => {
      const tree = await make();
      tree.mkdir('d', 0o750);
      tree.writeFile('d/f', textContent('one'));
      tree.link('d/g', 'd/f');
      tree.symlink('d/s', 'f');
      tree.mknod('d/p', 'fifo', { major: 0, minor: 0 });
      expect(tree.readdir('d')).toEqual(['f', 'g', 'p', 's']);
      expect(tree.lstat('d')).toMatchObject({ type: 'directory', mode: 0o750, uid: 0, gid: 0 });
      expect(tree.lstat('d/f')).toMatchObject({ type: 'file', mode: 0o644, size: 3, nlink: 2 });
      expect(tree.lstat('d/g')!.ino).toBe(tree.lstat('d/f')!.ino);
      expect(tree.lstat('d/s')!.type).toBe('symlink');
      expect(tree.readlink('d/s')).toBe('f');
      expect(tree.lstat('d/none')).toBeUndefined();
      expect(tree.lstat('d/f/x')).toBeUndefined();
    });

    it('contents do not change with the file', async () => {
      const tree = await make();
      tree.writeFile('f', textContent('one'));
      const content = tree.content('f');
      tree.writeFile('f', textContent('two'));
      expect([contentText(content), contentText(tree.content('f'))]).toEqual(['one', 'two']);
    });

    it('attributes', async () => {
      const tree = await make();
      tree.writeFile('f', textContent(''));
      tree.chown('f', 5, 6);
      tree.chmod('f', 0o4711);
      tree.setxattr('f', 'trusted.note', utf8('x'));
      tree.utimes('f', { sec: 12, nsec: 345 });
      expect(tree.lstat('f')).toMatchObject({ uid: 5, gid: 6, mode: 0o4711, mtime: { sec: 12, nsec: 345 } });
      expect(tree.xattrs('f').get('trusted.note')).toEqual(utf8('x'));
    });

    it('no symlink is followed, unless by resolve, which stays inside', async () => {
      const tree = await make();
      tree.mkdir('d', 0o755);
      tree.writeFile('d/f', textContent('f'));
      tree.symlink('s', 'd');
      tree.symlink('abs', '/d/f');
      tree.symlink('out', '../../..');
      expect(code(() => tree.content('s/f'))).toBe('ENOTDIR');
      expect(code(() => tree.writeFile('s/new', textContent('')))).toBe('ENOTDIR');
      expect(tree.resolve('s/f', true)).toBe('d/f');
      expect(tree.resolve('/abs', true)).toBe('d/f');
      expect(tree.resolve('abs', false)).toBe('abs');
      expect(tree.resolve('out/d', true)).toBe('d');
      expect(tree.resolve('../../none/x', true)).toBe('none/x');
    });

    it('remove takes all that is below', async () => {
      const tree = await make();
      tree.mkdir('d', 0o755);
      tree.mkdir('d/e', 0o755);
      tree.writeFile('d/e/f', textContent(''));
      tree.remove('d');
      expect(tree.readdir('')).toEqual([]);
      expect(code(() => tree.remove('d'))).toBe('ENOENT');
    });

    it('names are sorted bytewise', async () => {
      const tree = await make();
      for (const file of ['b', 'B', 'é', '\u{1f40b}', '\uffee', 'a-', 'a']) tree.writeFile(file, textContent(''));
      expect(tree.readdir('')).toEqual(['B', 'a', 'a-', 'b', 'é', '\uffee', '\u{1f40b}']);
    });
  });
}
