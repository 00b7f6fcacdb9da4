/** The picture of a build, of builds that were really run. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BuildView,
  buildOutline,
  buildScene,
  buildWordsChinese,
  buildWordsEnglish,
  dark,
  lastBuild,
  light,
  reorderings,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { buildTools, createMachine, type Machine } from '../../src/machine/index.ts';
import { textContent } from '../../src/spec/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden, stableIds } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const dockerfile = [
  'FROM busybox AS deps',
  'WORKDIR src',
  'COPY . .',
  'RUN cat requirements.txt > /deps; \\',
  '    sleep 3',
  'ENV STAGE deps',
  'FROM busybox',
  'COPY --from=deps /deps /',
  'CMD ["cat", "/deps"]',
  '',
].join('\n');

let machine: Machine;

async function eventsOf(line: string): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const stop = machine.trace.on((event) => events.push(event));
  await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} }, { cwd: '/app' });
  stop();
  return events;
}

const build = async (line: string): Promise<BuildView> => lastBuild(await eventsOf(line), await machine.inspect())!;
const states = (view: BuildView) =>
  view.stages.flatMap(({ steps }) => steps.map(({ line, state, cache }) => `${line} ${cache ?? state}`));

let changed: BuildView;
let changedEvents: TraceEvent[];
let classic: BuildView;
let failed: BuildView;

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  machine.writeFile('/app/Dockerfile', textContent(dockerfile));
  machine.writeFile('/app/app.py', textContent('print(1)\n'));
  machine.writeFile('/app/requirements.txt', textContent('flask\n'));
  await eventsOf('docker build -t app .');
  changedEvents = await eventsOf('echo >> app.py; docker build -t app .');
  changed = lastBuild(changedEvents, await machine.inspect())!;
  classic = await build('DOCKER_BUILDKIT=0 docker build -t app .');
  failed = await build('printf "FROM busybox\\nRUN echo fine\\nRUN exit 3\\nRUN never\\n" | docker build -');
}, 60_000);

describe('a build', () => {
  it('tells of each step whether it came from the cache, and why not', () => {
    expect(states(changed)).toEqual(['2 hit', '3 miss', '4 miss', '6 config', '8 hit', '9 config']);
    const [, copy, run] = changed.stages[0]!.steps;
    expect(copy).toMatchObject({ reason: 'app.py changed', state: 'done' });
    expect(run).toMatchObject({ line: 4, end: 5, size: 6 });
    expect(run!.ms).toBeGreaterThan(2900);
    expect(changed).toMatchObject({ hits: 2, misses: 2, form: 'buildkit', ended: {} });
  });

  it('knows which stage takes files from which', () => {
    expect(changed.stages.map(({ name }) => name)).toEqual(['deps', '1']);
    expect(changed.stages[1]!.steps[0]).toMatchObject({ from: 0 });
    const scene = buildScene(changed, { width: 720, words: buildWordsEnglish });
    expect(scene.marks.find(({ id }) => id === 'edge:0:step8')).toMatchObject({ label: 'takes files from stage deps' });
  });

  it('carries the findings of the checks to the step they are about', () => {
    expect(changed.stages[0]!.steps[0]!.findings.map(({ rule }) => rule)).toEqual(['WorkdirRelativePath']);
    expect(changed.stages[0]!.steps[3]!.findings.map(({ rule }) => rule)).toEqual(['LegacyKeyValueFormat']);
  });

  it('shows what is under way', () => {
    const until = changedEvents.findIndex((event) => event.type === 'build.step' && event.line === 4);
    const running = lastBuild(changedEvents.slice(0, until))!;
    expect(states(running)).toEqual(['2 hit', '3 miss', '4 running', '6 config', '8 waiting', '9 config']);
    const scene = buildScene(running, { width: 720, words: buildWordsEnglish });
    expect(scene.marks.find(({ id }) => id === 'step4')).toMatchObject({ busy: true });
  });

  it('in its classic form commits a container at each step', () => {
    const steps = classic.stages.flatMap(({ steps }) => steps);
    expect(steps.map(({ commit }) => commit?.image.startsWith('sha256:'))).toEqual(steps.map(() => true));
    expect(steps.find(({ line }) => line === 4)!.commit!.container).toMatch(/^[0-9a-f]{64}$/);
    expect(steps.find(({ line }) => line === 4)).toMatchObject({ size: 6 });
  });

  it('that fails says where and why', () => {
    expect(states(failed)).toEqual(['2 miss', '3 failed', '4 waiting']);
    expect(failed.ended!.error).toContain('exit code: 3');
    expect(buildOutline(failed, buildWordsEnglish).text).toContain('exit code: 3');
  });
});

describe('another order', () => {
  it('is proposed from what the RUNs read, and measured by building it', async () => {
    await eventsOf('docker build -t app .');
    const { afterChange, contextFiles } = await buildTools();
    const request = (await machine.lastBuild())!;
    const now = await afterChange(await machine.fork(), request, 'app.py');
    expect(now.steps.filter(({ cache }) => cache === 'miss').map(({ line }) => line)).toEqual([3, 4]);
    const [other] = reorderings(changed, 3, 'app.py', contextFiles(request));
    expect(other!.split('\n').slice(1, 6)).toEqual([
      'WORKDIR src',
      'COPY requirements.txt ./',
      'RUN cat requirements.txt > /deps; \\',
      '    sleep 3',
      'COPY . .',
    ]);
    const then = await afterChange(await machine.fork(), request, 'app.py', other);
    expect(then).toMatchObject({ rerun: 1 });
    expect(then.error).toBeUndefined();
    expect(now.ms - then.ms).toBeGreaterThan(2900);
    // Tried out elsewhere: nothing of it is left here.
    expect(states(await build('docker build -t app .')).filter((state) => state.includes('miss'))).toEqual([]);
  });

  it('that does not build says so', async () => {
    const { afterChange } = await buildTools();
    const request = (await machine.lastBuild())!;
    const outcome = await afterChange(await machine.fork(), request, 'app.py', 'FROM busybox\nRUN false\n');
    expect(outcome.error).toContain('exit code: 1');
  });
});

describe('the picture', () => {
  for (const [name, view, width, words, palette] of [
    ['changed-en-720', () => changed, 720, buildWordsEnglish, dark],
    ['changed-zh-366', () => changed, 366, buildWordsChinese, light],
    ['classic-en-366', () => classic, 366, buildWordsEnglish, dark],
    ['failed-zh-720', () => failed, 720, buildWordsChinese, light],
  ] as const) {
    it(`nothing overlaps or clips (${name})`, () => {
      const scene = buildScene(stableIds(view()), { width, words });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`build/${name}`, sceneSvg(scene, palette));
    });
  }
});
