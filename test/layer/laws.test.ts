/** apply(compare(a, b), a) == b, by both ways of comparing, under seeded random edits. */
import { describe, expect, it } from 'vitest';
import { readTar } from '../../src/archive/index.ts';
import { applyLayer, compareTrees, compareUpper, layerOf } from '../../src/layer/index.ts';
import { VfsTree } from '../../src/sim/vfs/index.ts';
import { BytesContent, contentBytes } from '../../src/spec/index.ts';
import { copyTree, picture, randomEdits } from '../vfs/random-edits.ts';
import { type World, world } from '../vfs/world.ts';

const tree = (w: World, path: string) => new VfsTree(w.host.resolve(path).inode);

function edit(w: World, root: string, seed: number, count: number): void {
  const edits = randomEdits(seed);
  for (let i = 0; i < count; i++) {
    const next = edits.next().value!;
    w.errno(() => next.edit(w.host, root));
  }
}

describe('laws of layers', () => {
  it("an overlay's upper directory, applied to a copy of the lower one, gives the merged view", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const w = world();
      w.host.mkdir('/base');
      edit(w, '/base', seed, 50);
      copyTree(w.host, '/base', '/copy', new Map());
      w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
      edit(w, '/m', seed + 1000, 60);
      const layer = layerOf(compareUpper(tree(w, '/u')));
      // Through real tar bytes, as it would arrive from a registry.
      applyLayer(tree(w, '/copy'), new BytesContent(contentBytes(layer.content)));
      expect(picture(w.host, '/copy'), `seed ${seed}`).toEqual(picture(w.host, '/m'));
    }
  });

  it('the same layer applied through an overlay gives the same view, and the same layer again', () => {
    for (let seed = 100; seed <= 140; seed++) {
      const w = world();
      w.host.mkdir('/base');
      edit(w, '/base', seed, 50);
      w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
      edit(w, '/m', seed + 1000, 60);
      const entries = compareUpper(tree(w, '/u'));
      w.overlay({ lower: ['/base'], upper: '/u2', work: '/w2', at: '/m2' });
      applyLayer(tree(w, '/m2'), entries);
      expect(picture(w.host, '/m2'), `seed ${seed}`).toEqual(picture(w.host, '/m'));
    }
  });

  it('compareTrees turns any tree into any other', () => {
    for (let seed = 200; seed <= 260; seed++) {
      const w = world();
      w.host.mkdir('/a');
      edit(w, '/a', seed, 60);
      copyTree(w.host, '/a', '/b', new Map());
      edit(w, '/b', seed + 1000, 40);
      const entries = compareTrees(tree(w, '/a'), tree(w, '/b'));
      applyLayer(tree(w, '/a'), entries);
      expect(picture(w.host, '/a', { links: true }), `seed ${seed}`).toEqual(picture(w.host, '/b', { links: true }));
      // Tar keeps whole seconds of times; once both have them, nothing is left to say.
      expect(readTar(layerOf(entries).content)).toEqual(entries);
    }
  });
});
