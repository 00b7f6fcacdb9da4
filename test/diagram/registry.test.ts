/** The picture of registries, from real pushes and pulls: to the simulated Hub and to a registry in a container. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dark,
  light,
  type RegistryPicture,
  registryOutline,
  registryPicture,
  registryScene,
  registryWordsChinese,
  registryWordsEnglish,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const words = { en: registryWordsEnglish, zh: registryWordsChinese };
let machine: Machine;
let events: TraceEvent[] = [];
/** Of the push that moved a tag. */
let pushed: TraceEvent[] = [];

const run = async (line: string) =>
  expect(await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} }), line).toBe(0);

async function runThen(line: string): Promise<RegistryPicture> {
  events = [];
  await run(line);
  return registryPicture(await machine.inspect(), events);
}

const states = ({ transfer }: RegistryPicture) => transfer?.blobs.map(({ state }) => state);
const privateOne = ({ registries }: RegistryPicture) => registries.find(({ host }) => host === 'localhost:5000')!;

/** Digests and sizes of what was built depend on when: digests are told by their order, sizes not at all. */
function numbered(svg: string): string {
  const known = new Map<string, string>();
  const sizes = svg.replace(/\b[\d.]+ [kM]?B\b/g, '1 kB');
  return sizes.replace(/(sha256:)?\b[0-9a-f]{12}([0-9a-f]{52})?\b/g, (digest) => {
    const key = digest.replace('sha256:', '').slice(0, 12);
    if (!known.has(key)) known.set(key, `digest${String(known.size).padStart(6, '0')}`);
    return known.get(key)!;
  });
}

const build = (text: string, tag: string) =>
  `mkdir -p /b && printf 'FROM busybox\\nRUN echo ${text} > /x\\n' > /b/Dockerfile && docker build -qt ${tag} /b`;

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  machine.trace.on((event) => events.push(event));
  await run('docker run -d --name reg -p 5000:5000 registry:2');
  while ((await machine.inspect()).registries.length < 2) await new Promise((done) => setTimeout(done, 10));
  await run(build('one', 'localhost:5000/web:1'));
}, 60_000);

describe('the picture of registries', () => {
  it('a push, blob by blob, with its calls', async () => {
    const picture = await runThen('docker push localhost:5000/web:1');
    expect(states(picture)).toEqual(['done', 'done']);
    const kinds = picture.transfer!.calls.map(({ kind }) => kind);
    expect(kinds[0]).toBe('ping');
    expect(kinds).toEqual(expect.arrayContaining(['blobHead', 'uploadStart', 'uploadFinish', 'manifestPut']));
    expect(picture.transfer!.calls.find(({ kind }) => kind === 'manifestPut')).toMatchObject({
      method: 'PUT',
      target: '/v2/web/manifests/1',
      status: 201,
    });
    const { container, repositories, blobs } = privateOne(picture);
    expect(container).toBe('reg');
    expect(repositories.map(({ name, manifests }) => [name, manifests[0]!.tags, manifests[0]!.here])).toEqual([
      ['web', ['1'], ['localhost:5000/web:1']],
    ]);
    expect(blobs.map(({ kind, users, here }) => ({ kind, users, here }))).toEqual([
      { kind: 'config', users: 1, here: false },
      { kind: 'layer', users: 1, here: true },
      { kind: 'layer', users: 1, here: true },
    ]);
  });

  it('what is there already is not sent, or is mounted', async () => {
    const again = await runThen('docker push localhost:5000/web:1');
    expect(states(again)).toEqual(['exists', 'exists']);
    const mounted = await runThen(
      'docker tag localhost:5000/web:1 localhost:5000/team/copy; docker push localhost:5000/team/copy',
    );
    expect(states(mounted)).toEqual(['mounted', 'mounted']);
    expect(mounted.transfer!.blobs[0]!.from).toBe('web');
    expect(privateOne(mounted).blobs.map(({ users }) => users)).toEqual([2, 2, 2]);
  });

  it('a tag that moves leaves a manifest that garbage collection would take', async () => {
    await run('docker rmi localhost:5000/team/copy');
    await run(build('two', 'localhost:5000/web:1'));
    const picture = await runThen('docker push localhost:5000/web:1');
    pushed = events;
    expect(states(picture)).toEqual(['done', 'exists']);
    const { repositories, garbage } = privateOne(picture);
    expect(repositories[0]!.manifests.map(({ tags, reachable }) => [tags, reachable])).toEqual([
      [[], false],
      [['1'], true],
    ]);
    expect(garbage.blobs).toEqual([]);
    expect(garbage.manifests).toHaveLength(1);
    // Its blobs are those of team/copy as well.
    expect(garbage.withThem).toEqual([]);
  });

  it('counts the repositories that nobody pulled from', async () => {
    const inspection = await machine.inspect();
    const hub = registryPicture(inspection).registries[0]!;
    expect(hub).toMatchObject({ host: 'docker.io' });
    expect(hub.repositories.map(({ name }) => name).sort()).toEqual(['library/busybox', 'library/registry']);
    expect(hub.others).toBeGreaterThan(10);
  });

  it('a pull tells which layers were here', async () => {
    await run('docker rmi localhost:5000/web:1');
    const picture = await runThen('docker pull localhost:5000/web:1');
    expect(picture.transfer).toMatchObject({ direction: 'pull', repository: 'web' });
    // The build cache still has them.
    expect(states(picture)).toEqual(['exists', 'exists']);
  });

  for (const [language, width, palette] of [
    ['en', 720, dark],
    ['zh', 366, light],
  ] as const) {
    it(`nothing overlaps or clips (${language}, ${width} wide)`, async () => {
      const state = await machine.inspect();
      // How many images the catalogue has is not what is drawn here.
      const registries = state.registries.map((one) => (one.others === 0 ? one : { ...one, others: 17 }));
      const picture = registryPicture({ ...state, registries }, pushed);
      const scene = registryScene(picture, { width, words: words[language], fresh: true });
      expect(sceneProblems(scene)).toEqual([]);
      expect(scene.marks.some((mark) => mark.kind === 'link' && mark.travels !== undefined)).toBe(true);
      expectGolden(`registry/${language}-${width}`, numbered(sceneSvg(scene, palette)));
      expect(JSON.stringify(registryOutline(picture, words[language]))).toContain('/v2/web/');
    });
  }
});
