import { describe, expect, it } from 'vitest';
import { loadTree, MemTree, saveTree } from '../../src/sim/vfs/index.ts';
import { contentText, SyntheticContent, utf8 } from '../../src/spec/index.ts';
import { picture, randomEdits } from './random-edits.ts';
import { random, tickingClock, world } from './world.ts';

/** toEqual takes seconds for large arrays. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const owner = { uid: 0, gid: 0 };
const tree = (options = {}) => new MemTree({ dev: 1, clock: tickingClock(), ...options });

describe('file data', () => {
  it('is what a plain array would hold, under random writes and truncations', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const pick = random(seed);
      const file = tree().root.create('f', 0o644, owner);
      if (seed % 3 === 0) file.setContent(new SyntheticContent(150_000, seed));
      let model = file.read(0, 1 << 20).slice();
      const frozen: [{ read(a: number, b: number): Uint8Array; size: number }, Uint8Array][] = [];
      for (let step = 0; step < 40; step++) {
        const at = pick(200_000);
        const length = pick(3) ? pick(90_000) : pick(50);
        if (pick(5) === 0) {
          file.setattr({ size: at });
          const next = new Uint8Array(at);
          next.set(model.subarray(0, at));
          model = next;
        } else {
          const bytes = new Uint8Array(length).fill(step + 1);
          file.write(at, bytes);
          const next = new Uint8Array(Math.max(model.length, length ? at + length : 0));
          next.set(model);
          next.set(bytes, at);
          model = next;
        }
        if (pick(4) === 0) frozen.push([file.content(), model.slice()]);
        const from = pick(200_000);
        expect(same(file.read(from, 70_000), model.subarray(from, from + 70_000)), `seed ${seed} step ${step}`).toBe(
          true,
        );
        expect(file.fs.usedBlocks).toBe(file.getattr().blocks / 8);
      }
      expect(file.getattr().size).toBe(model.length);
      for (const [content, then] of frozen) expect(same(content.read(0, 1 << 20), then)).toBe(true);
    }
  });

  it('holes take no space', () => {
    const file = tree().root.create('f', 0o644, owner);
    file.setattr({ size: 2 ** 40 });
    file.write(2 ** 39, utf8('x'));
    expect(file.getattr()).toMatchObject({ size: 2 ** 40, blocks: 128 });
    expect(file.read(2 ** 39 - 1, 3)).toEqual(new Uint8Array([0, 120, 0]));
  });

  it('content is shared, not copied', () => {
    const { root } = tree();
    const big = new SyntheticContent(2 ** 33, 7);
    const file = root.create('f', 0o644, owner);
    file.setContent(big);
    expect(file.content()).toBe(big);
    const copy = root.create('g', 0o644, owner);
    copy.setContent(file.content());
    copy.write(5, utf8('y'));
    expect(file.content()).toBe(big);
    expect(copy.read(5, 1)).toEqual(utf8('y'));
  });
});

describe('quota', () => {
  it('ENOSPC with nothing written', () => {
    const { root } = tree({ bytes: 8 * 4096, inodes: 3 });
    const file = root.create('f', 0o644, owner);
    file.write(0, new Uint8Array(4096));
    expect(() => file.write(4096, new Uint8Array(8 * 4096))).toThrow('No space left on device');
    expect(() => file.setContent(new SyntheticContent(10 * 4096, 1))).toThrow('No space left on device');
    expect(file.getattr()).toMatchObject({ size: 4096, blocks: 8 });
    root.create('g', 0o644, owner);
    expect(() => root.create('h', 0o644, owner)).toThrow('No space left on device');
    expect(root.readdir().length).toBe(2);
    root.unlink('g');
    root.unlink('f');
    expect(root.fs.statfs()).toMatchObject({ blocks: 8, free: 8, files: 3, filesFree: 2 });
  });
});

describe('times and links', () => {
  it('chmod changes ctime alone', () => {
    const file = tree().root.create('f', 0o644, owner);
    const before = file.getattr();
    file.setattr({ mode: 0o600 });
    const after = file.getattr();
    expect(after.mtime).toEqual(before.mtime);
    expect(after.ctime).not.toEqual(before.ctime);
  });

  it('counts subdirectories', () => {
    const { root } = tree();
    root.mkdir('a', 0o755, owner);
    root.mkdir('b', 0o755, owner);
    root.rename('a', root.lookup('b'), 'a');
    expect(root.getattr().nlink).toBe(3);
    expect(root.lookup('b').getattr().nlink).toBe(3);
  });

  it('a removed file lives on for whoever holds it', () => {
    const { root } = tree();
    const file = root.create('f', 0o644, owner);
    file.write(0, utf8('still'));
    root.unlink('f');
    expect(contentText(file.content())).toBe('still');
    expect(() => root.link('g', file)).toThrow('No such file');
  });
});

describe('tree images', () => {
  it('load gives back what save took', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const w = world();
      w.host.mkdir('/t');
      const edits = randomEdits(seed);
      for (let i = 0; i < 80; i++) {
        const { edit } = edits.next().value!;
        w.errno(() => edit(w.host, '/t'));
      }
      const shown = picture(w.host, '/t', { links: true });
      const image = structuredClone({ nodes: saveTree(w.tree.root).nodes.map(({ content, ...rest }) => rest) });
      const contents = saveTree(w.tree.root).nodes.map(({ content }) => content);
      const back = world();
      loadTree(back.tree.root, { nodes: image.nodes.map((node, i) => ({ ...node, content: contents[i] })) });
      expect(picture(back.host, '/t', { links: true }), `seed ${seed}`).toEqual(shown);
    }
  });
});

it('is full before what was written takes too much memory; zeros take none, and what is removed is free again', () => {
  const tree = new MemTree({ dev: 9, clock: { now: () => ({ sec: 0, nsec: 0 }) }, memory: 1 << 20 });
  const owner = { uid: 0, gid: 0 };
  const file = tree.root.create('f', 0o644, owner).open(true);
  const block = new Uint8Array(1 << 18);
  for (let i = 0; i < 100; i++) file.write(i * block.length, block);
  block.fill(1);
  for (let i = 0; i < 4; i++) file.write(i * block.length, block);
  expect(() => file.write(4 * block.length, block)).toThrow('No space left on device');
  expect(file.read(4 * block.length, 4)).toEqual(new Uint8Array(4));
  expect(file.read(block.length, 2)).toEqual(Uint8Array.of(1, 1));
  file.write(0, block);
  tree.root.unlink('f');
  tree.root.create('g', 0o644, owner).open(true).write(10, block);
});
