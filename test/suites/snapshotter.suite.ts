/** What every Snapshotter (with its Mounter) must do, in whatever world. */
import { describe, expect, it } from 'vitest';
import type { Mounter, Snapshotter } from '../../src/port/index.ts';
import { contentText, textContent } from '../../src/spec/index.ts';

export interface SnapshotWorld {
  snapshotter: Snapshotter;
  mounter: Mounter;
}

export function snapshotterSuite(name: string, make: () => SnapshotWorld | Promise<SnapshotWorld>): void {
  describe(`snapshotter: ${name}`, () => {
    /** Layers base, middle, top; a file in each, one of base's deleted in top. */
    async function stack(world: SnapshotWorld): Promise<void> {
      const { snapshotter, mounter } = world;
      let parent = '';
      for (const layer of ['base', 'middle', 'top']) {
        const mounts = await snapshotter.prepare(`x-${layer}`, parent);
        await mounter.withTree(mounts, (tree) => {
          tree.writeFile(layer, textContent(layer));
          if (layer === 'base') tree.writeFile('gone', textContent('x'));
          if (layer === 'top') tree.remove('gone');
        });
        await snapshotter.commit(layer, `x-${layer}`);
        parent = layer;
      }
    }

    const code = async (run: Promise<unknown>): Promise<string> =>
      run.then(
        () => 'ok',
        (error) => error.code,
      );

    it('a chain is one tree', async () => {
      const world = await make();
      await stack(world);
      const view = await world.snapshotter.view('look', 'top');
      await world.mounter.withTree(view, (tree) => {
        expect(tree.readdir('')).toEqual(['base', 'middle', 'top']);
        expect(contentText(tree.content('base'))).toBe('base');
      });
    });

    it('writes go to the active snapshot alone', async () => {
      const world = await make();
      const { snapshotter, mounter } = world;
      await stack(world);
      const one = await snapshotter.prepare('one', 'top');
      const two = await snapshotter.prepare('two', 'top');
      await mounter.withTree(one, (tree) => tree.writeFile('base', textContent('changed')));
      await mounter.withTree(two, (tree) => expect(contentText(tree.content('base'))).toBe('base'));
      await mounter.withTree(await snapshotter.mounts('one'), (tree) => {
        expect(contentText(tree.content('base'))).toBe('changed');
      });
      expect(mounter.directory(await snapshotter.upperDir('one')).readdir('')).toEqual(['base']);
      expect(await snapshotter.usage('one')).toMatchObject({ size: 7, inodes: 2 });
    });

    it('mounts are the same values each time', async () => {
      const world = await make();
      await stack(world);
      const mounts = await world.snapshotter.prepare('one', 'top');
      expect(await world.snapshotter.mounts('one')).toEqual(mounts);
    });

    it('life cycle and its errors', async () => {
      const world = await make();
      const { snapshotter } = world;
      await stack(world);
      await snapshotter.prepare('one', 'top');
      await snapshotter.view('look', 'top');
      expect(await code(snapshotter.prepare('one', 'top'))).toBe('already-exists');
      expect(await code(snapshotter.prepare('two', 'none'))).toBe('not-found');
      expect(await code(snapshotter.prepare('two', 'one'))).toBe('not-found');
      expect(await code(snapshotter.commit('new', 'look'))).toBe('failed-precondition');
      expect(await code(snapshotter.commit('top', 'one'))).toBe('already-exists');
      expect(await code(snapshotter.remove('top'))).toBe('failed-precondition');
      expect(await code(snapshotter.remove('none'))).toBe('not-found');
      expect((await snapshotter.stat('one')).kind).toBe('active');
      for (const key of ['one', 'look', 'top', 'middle', 'base']) await snapshotter.remove(key);
      expect(await snapshotter.list()).toEqual([]);
      expect(await code(snapshotter.stat('one'))).toBe('not-found');
    });
  });
}
