/** Laws under seeded random edits. A failing case prints its seed and the edits that led there. */
import { describe, expect, it } from 'vitest';
import { isErrno } from '../../src/spec/index.ts';
import { copyTree, picture, randomEdits } from './random-edits.ts';
import { type World, world } from './world.ts';

/** Runs an edit on both; they must agree on whether it works. */
function inStep(w: World, seed: number, count: number, roots: string[], each?: () => void): string[] {
  const done: string[] = [];
  for (const { text, edit } of randomEdits(seed)) {
    if (done.length >= count) return done;
    const outcomes = roots.map((root) => w.errno(() => edit(w.host, root)));
    done.push(`${text}: ${outcomes[0]}`);
    const told = `seed ${seed}: ${done.slice(-12).join('; ')}`;
    expect(new Set(outcomes).size, `${told} ${outcomes}`).toBe(1);
    each?.();
  }
  return done;
}

/** Three layers made by edits, stacked by overlays; the same edits on a plain directory beside it. */
function stacked(seed: number, layers: number): World {
  const w = world();
  w.host.mkdir('/flat');
  w.host.mkdir('/base');
  inStep(w, seed, 40, ['/base', '/flat']);
  // Overlayfs breaks lower hard links on copy-up (index=off): the flat tree starts without.
  for (let layer = 1; layer <= layers; layer++) {
    const lower = Array.from({ length: layer - 1 }, (_, i) => `/l${layer - 1 - i}`);
    w.overlay({ lower: [...lower, '/base'], upper: `/l${layer}`, work: `/w${layer}`, at: `/m${layer}` });
    unlinkHardLinks(w, `/m${layer}`);
    unlinkHardLinks(w, '/flat');
    inStep(w, seed * 31 + layer, 60, [`/m${layer}`, '/flat'], undefined);
  }
  return w;
}

/** Gives each name a file of its own, the way `cp f f.tmp; mv f.tmp f` does. */
function unlinkHardLinks(w: World, root: string): void {
  const visit = (path: string): void => {
    for (const { name } of w.host.readdir(path)) {
      const child = `${path}/${name}`;
      const stat = w.host.lstat(child);
      if ((stat.mode & 0o170000) === 0o040000) visit(child);
      else if (stat.nlink > 1) {
        copyTree(w.host, child, `${path}/tmp-copy`, new Map());
        w.host.rename(`${path}/tmp-copy`, child);
      }
    }
  };
  visit(root);
}

describe('laws', () => {
  it('the merged view is the flat tree that plain edits give', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const w = stacked(seed, 3);
      expect(picture(w.host, '/m3', { links: true }), `seed ${seed}`).toEqual(
        picture(w.host, '/flat', { links: true }),
      );
    }
  });

  it('lower layers never change', () => {
    for (let seed = 100; seed < 130; seed++) {
      const w = stacked(seed, 2);
      const before = [picture(w.host, '/base'), picture(w.host, '/l1'), picture(w.host, '/l2')];
      w.overlay({ lower: ['/l2', '/l1', '/base'], upper: '/l3', work: '/w3', at: '/m3' });
      for (const { edit } of take(randomEdits(seed), 80)) w.errno(() => edit(w.host, '/m3'));
      expect([picture(w.host, '/base'), picture(w.host, '/l1'), picture(w.host, '/l2')], `seed ${seed}`).toEqual(
        before,
      );
    }
  });

  it('a fresh mount of the same layers shows the same (nothing lives in caches)', () => {
    for (let seed = 200; seed < 230; seed++) {
      const w = stacked(seed, 2);
      w.overlay({ lower: ['/l2', '/l1', '/base'], at: '/again' });
      expect(picture(w.host, '/again'), `seed ${seed}`).toEqual(picture(w.host, '/m2'));
    }
  });

  it('quota is what the tree holds', () => {
    for (let seed = 300; seed < 320; seed++) {
      const w = world();
      w.host.mkdir('/t');
      for (const { edit } of take(randomEdits(seed), 150)) w.errno(() => edit(w.host, '/t'));
      const { usedBlocks } = w.tree;
      let counted = 0;
      const seen = new Set<number>();
      const visit = (path: string): void => {
        for (const { name } of w.host.readdir(path)) {
          const stat = w.host.lstat(`${path}/${name}`);
          if ((stat.mode & 0o170000) === 0o040000) visit(`${path}/${name}`);
          else if (!seen.has(stat.ino)) counted += stat.blocks / 8;
          seen.add(stat.ino);
        }
      };
      visit('/');
      expect(usedBlocks, `seed ${seed}`).toBe(counted);
      expect(w.tree.usedInodes, `seed ${seed}`).toBe(seen.size + 1);
    }
  });

  it('restore brings back every snapshot, in any order', () => {
    for (let seed = 400; seed < 420; seed++) {
      const w = world();
      w.host.mkdir('/t');
      const kept: { snapshot: ReturnType<typeof w.tree.snapshot>; shown: string[]; blocks: number }[] = [];
      const edits = randomEdits(seed);
      const order = [3, 0, 2, 4, 1, 4, 0, 3];
      for (let i = 0; i < 5; i++) {
        for (const { edit } of take(edits, 30)) w.errno(() => edit(w.host, '/t'));
        kept.push({
          snapshot: w.tree.snapshot(),
          shown: picture(w.host, '/t', { links: true }),
          blocks: w.tree.usedBlocks,
        });
      }
      for (const index of order) {
        w.tree.restore(kept[index]!.snapshot);
        expect(picture(w.host, '/t', { links: true }), `seed ${seed} to ${index}`).toEqual(kept[index]!.shown);
        expect(w.tree.usedBlocks).toBe(kept[index]!.blocks);
        for (const { edit } of take(edits, 10)) w.errno(() => edit(w.host, '/t'));
      }
    }
  });
});

function* take<T>(items: Generator<T>, count: number): Generator<T> {
  for (let i = 0; i < count; i++) yield items.next().value as T;
}

void isErrno;
