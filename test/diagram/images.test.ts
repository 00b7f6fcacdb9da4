/** Images compared, of images that a real builder made. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Comparison,
  compareImages,
  dark,
  efficiencyOf,
  imagesOutline,
  imagesScene,
  imagesWordsChinese,
  imagesWordsEnglish,
  light,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { ImageInfo, Inspection } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

let machine: Machine;
let inspection: Inspection;
let pair: { left: ImageInfo; right: ImageInfo };
let comparison: Comparison;

const image = (name: string) => inspection.images.find(({ references }) => references.includes(`${name}:latest`))!;
const layersOf = async (of: ImageInfo) => ({
  image: of,
  changes: await Promise.all(of.layers.map((id) => machine.layerChanges(id))),
});

async function build(name: string, ...steps: string[]) {
  const line = `printf '${['FROM busybox', ...steps].join('\\n')}\\n' | docker build -q -t ${name} -`;
  expect(await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} })).toBe(0);
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await build('one', 'RUN mkdir /app && head -c 5000 /dev/zero > /app/data && echo a > /app/both', 'RUN rm /app/data');
  await build(
    'two',
    'RUN mkdir /app && head -c 5000 /dev/zero > /app/data && echo a > /app/both',
    'RUN echo b > /app/both; echo n > /new',
  );
  inspection = await machine.inspect();
  pair = { left: image('one'), right: image('two') };
  comparison = compareImages(await layersOf(pair.left), await layersOf(pair.right));
}, 60_000);

describe('two images', () => {
  it('tells the layers that both stand on, and the files that differ', () => {
    expect(comparison.shared).toBe(2);
    const files = comparison.differences.map(({ path, kind, left, right }) => [path, kind, left, right]);
    expect(files).toEqual([
      ['/app/both', 'changed', 2, 2],
      ['/app/data', 'added', undefined, 5000],
      ['/new', 'added', undefined, 2],
    ]);
  });

  it('an image compared with itself has no differences', async () => {
    const same = await layersOf(pair.left);
    expect(compareImages(same, same)).toMatchObject({ differences: [], shared: 3 });
  });

  it('counts what is stored in vain: deleted in the one, overwritten in the other', () => {
    const costly = ({ inefficient }: { inefficient: { bytes: number }[] }) =>
      inefficient.filter(({ bytes }) => bytes > 0);
    expect(costly(comparison.left)).toEqual([{ path: '/app/data', count: 2, bytes: 5000 }]);
    expect(costly(comparison.right)).toEqual([{ path: '/app/both', count: 2, bytes: 4 }]);
    expect(comparison.left.efficiency).toBeLessThan(1);
    expect(comparison.right.efficiency).toBeGreaterThan(comparison.left.efficiency);
  });

  it('a whiteout of a directory costs what it hides', () => {
    const file = (path: string, size: number) => ({ path, kind: 'added' as const, type: 'file', size });
    const { wastedBytes, inefficient } = efficiencyOf([
      [{ path: '/d', kind: 'added', type: 'directory', size: 0 }, file('/d/a', 10), file('/d/b', 20)],
      [{ path: '/d', kind: 'deleted', type: 'other', size: 0 }],
    ]);
    expect({ wastedBytes, inefficient }).toEqual({ wastedBytes: 0, inefficient: [] });
    const again = efficiencyOf([
      [file('/x', 10)],
      [file('/x', 4)],
      [{ path: '/x', kind: 'deleted', type: 'other', size: 0 }],
    ]);
    expect(again.inefficient).toEqual([{ path: '/x', count: 3, bytes: 14 }]);
  });

  it('one image alone is a stack by itself', () => {
    const alone = { left: pair.left, right: pair.left };
    const { marks } = imagesScene(alone, inspection, undefined, {
      width: 720,
      words: imagesWordsEnglish,
      toScale: true,
    });
    const texts = marks.flatMap((mark) => (mark.kind === 'text' ? mark.text : []));
    expect(texts.filter((text) => /layers/.test(text))).toEqual([expect.stringMatching(/: 3 layers, /)]);
  });

  it('is told in words', () => {
    const text = JSON.stringify(imagesOutline(pair, inspection, comparison, imagesWordsEnglish));
    expect(text).toContain('2 layers in both, stored once');
    expect(text).toContain('5 kB stored but overwritten or deleted');
  });

  for (const [name, width, toScale, palette] of [
    ['wide', 720, true, dark],
    ['phone', 366, false, light],
  ] as const) {
    it(`nothing overlaps or clips (${name})`, () => {
      const words = name === 'phone' ? imagesWordsChinese : imagesWordsEnglish;
      const scene = imagesScene(pair, inspection, comparison, { width, words, toScale });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`images/${name}`, sceneSvg(scene, palette));
    });
  }
});
