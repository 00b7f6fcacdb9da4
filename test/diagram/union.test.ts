/** The union look-through, of mounts that a real container has. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  beamEnd,
  dark,
  light,
  sceneSvg,
  unionOutline,
  unionScene,
  unionWordsChinese,
  unionWordsEnglish,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const dockerfile = [
  'FROM busybox',
  'RUN mkdir -p /a/b /gone/dir && echo one > /a/b/file && echo two > /a/other && echo x > /gone/dir/x && echo z > /kept',
  'RUN echo again > /a/b/file && rm /a/other',
  'RUN rm -r /gone && mkdir /gone && echo new > /gone/new',
].join('\\n');

let machine: Machine;
const events: TraceEvent[] = [];

const run = async (line: string) =>
  expect(await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} }), line).toBe(0);

const look = async (path: string) => (await machine.look('demo', path))!;
const found = async (path: string) => (await look(path)).layers.map((layer) => layer.found);

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await run(`mkdir c && cd c && printf '${dockerfile}' > Dockerfile && DOCKER_BUILDKIT=0 docker build -t layered .`);
  machine.trace.on((event) => events.push(event));
  await run(
    'docker run -d --name demo layered sh -c "echo more >> /kept; rm /a/b/file; mkdir /a/new; tail -f /dev/null"',
  );
  await run('sleep 0.1');
}, 60_000);

describe('looking through a union mount', () => {
  // Top to bottom: upperdir, -init, the three RUN layers, busybox.
  it('a path falls to the layer that holds it; what is below that is covered', async () => {
    expect(await found('/kept')).toEqual(['hit', 'miss', 'miss', 'miss', 'covered', 'miss']);
    expect(await found('/bin/busybox')).toEqual(['miss', 'miss', 'miss', 'miss', 'miss', 'hit']);
    expect((await look('/kept')).layers[0]).toMatchObject({ role: 'upper', kind: 'file', size: 7 });
    expect(beamEnd(await look('/bin/busybox'))).toBe(5);
  });

  it('a whiteout ends the search, in the writable layer and in an image layer', async () => {
    expect(await found('/a/b/file')).toEqual(['whiteout', 'miss', 'miss', 'covered', 'covered', 'miss']);
    expect((await look('/a/b/file')).merged).toBe('absent');
    expect(await found('/a/other')).toEqual(['miss', 'miss', 'miss', 'whiteout', 'covered', 'miss']);
  });

  it('an opaque directory hides the one below, and directories merge', async () => {
    const gone = await look('/gone');
    expect(gone.layers.map((layer) => layer.found)).toEqual(['miss', 'miss', 'hit', 'miss', 'covered', 'miss']);
    expect(gone.layers[2]).toMatchObject({ opaque: true });
    expect(gone.entries).toEqual([
      { name: 'dir', kind: 'directory', layer: 4, hidden: true },
      { name: 'new', kind: 'file', layer: 2, hidden: false },
    ]);
    const { entries } = await look('/a');
    expect(entries.map(({ name, hidden, layer }) => [name, hidden, layer])).toEqual([
      ['b', false, 0],
      ['new', false, 0],
      ['other', true, 4],
    ]);
  });

  it('agrees with what the container itself sees', async () => {
    for (const path of [
      '/kept',
      '/a/b/file',
      '/a/other',
      '/gone',
      '/gone/dir',
      '/gone/new',
      '/nosuch',
      '/etc/passwd',
    ]) {
      const status = await machine.run(['/bin/bash', '-c', `docker exec demo test -e ${path}`], {
        stdout() {},
        stderr() {},
      });
      expect((await look(path)).merged === 'absent', path).toBe(status !== 0);
    }
  });

  it('is told in words', async () => {
    const text = JSON.stringify(unionOutline(await look('/a/b/file'), unionWordsEnglish));
    expect(text).toContain('No such file: a whiteout hides it');
    expect(text).toContain('still stored (file, 6 B), but hidden');
  });

  for (const [name, path, width, palette] of [
    ['copied-up', '/kept', 720, dark],
    ['whiteout', '/a/b/file', 366, light],
    ['opaque', '/gone', 720, light],
  ] as const) {
    it(`nothing overlaps or clips (${name})`, async () => {
      const words = width < 500 ? unionWordsChinese : unionWordsEnglish;
      const scene = unionScene(await look(path), { width, words, recent: events });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`union/${name}`, sceneSvg(scene, palette));
    });
  }

  it('shown slowly, it asks one layer after another', async () => {
    const seen = await look('/kept');
    const answers = (asked: number) =>
      unionScene(seen, { width: 720, words: unionWordsEnglish, asked }).marks.filter(({ id }) => id.endsWith(':answer'))
        .length;
    expect([0, 1, 6].map(answers)).toEqual([0, 1, 6]);
  });
});
