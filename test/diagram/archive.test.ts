/** An archive's stack as a picture: to scale or not, with a layer that cannot be looked into. */
import { describe, expect, it } from 'vitest';
import {
  archiveOutline,
  archiveScene,
  archiveWordsChinese,
  archiveWordsEnglish,
  dark,
  light,
  type PicturedImage,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const layer = (createdBy: string, size: number, digit: string) => ({
  diffId: `sha256:${digit.repeat(64)}`,
  createdBy,
  size,
  stored: size + 2048,
  compression: 'none',
  added: 12,
  changed: 3,
  deleted: 1,
});

const image: PicturedImage = {
  id: `sha256:${'e'.repeat(64)}`,
  references: ['docker.io/library/app:1'],
  size: 1_078_000_300,
  efficiency: 0.973,
  wastedBytes: 29_000_000,
  layers: [
    layer('/bin/sh -c #(nop) ADD file:1234567890ab in / ', 78_000_000, '1'),
    layer(`RUN /bin/sh -c ${'apt-get install -y everything '.repeat(6)}# buildkit`, 1_000_000_000, '2'),
    { ...layer('COPY . /app # buildkit', 300, '3'), compression: 'gzip' },
    { ...layer('', 0, '4'), compression: 'zstd', problem: 'Unsupported compression format tar.zst' },
  ],
};

describe('an archive', () => {
  for (const [name, width, toScale, words, palette] of [
    ['wide', 720, true, archiveWordsEnglish, dark],
    ['phone', 366, false, archiveWordsChinese, light],
  ] as const) {
    it(`nothing overlaps or clips (${name})`, () => {
      const scene = archiveScene(image, { width, words, toScale });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`archive/${name}`, sceneSvg(scene, palette));
    });
  }

  it('is told in words, the newest layer first', () => {
    const { text, children } = archiveOutline(image, archiveWordsEnglish);
    expect(text).toBe('app:1: 4 layers, 1.08 GB; efficiency 97.3%: 29 MB stored but overwritten or deleted');
    expect(children.map((child) => child.id)).toEqual(['layer:3', 'layer:2', 'layer:1', 'layer:0']);
    expect(children[0]!.text).toContain('no command is noted, 0 B, cannot be looked into: Unsupported compression');
    expect(children[1]!.text).toContain('COPY . /app, 300 B, + 12 added');
  });
});
