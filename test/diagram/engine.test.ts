/** The sequence of an engine's calls, of commands that really made them. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  callsEngine,
  dark,
  type EngineMessage,
  engineMessages,
  engineOutline,
  engineScene,
  engineWordsChinese,
  engineWordsEnglish,
  light,
  sceneSvg,
  usedLanes,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { ProcessInfo, TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden, stableIds } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

let machine: Machine;
let before: ProcessInfo[];

/** What one command line makes happen. */
async function eventsOf(line: string): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const stop = machine.trace.on((event) => events.push(event));
  await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} });
  stop();
  return events;
}

const said = (messages: readonly EngineMessage[]) =>
  messages.map((message) => engineWordsEnglish.sentence(message).replace(/[0-9a-f]{12}…/g, 'ID'));

let run: TraceEvent[];

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  before = (await machine.inspect()).processes;
  run = await eventsOf('docker run --name hello busybox sh -c "ls / > /out"');
}, 60_000);

describe('the calls of docker run', () => {
  it('go from the client to the API, the engine, the snapshotter, the runtime and the kernel, and out to a registry', () => {
    const messages = engineMessages(run, { before });
    expect(usedLanes(messages)).toEqual(['client', 'api', 'engine', 'snapshotter', 'runtime', 'kernel', 'registry']);
    const text = said(messages);
    const wanted = [
      'docker → Engine API: POST /containers/create?name=hello',
      'Engine API → engine: containerCreate(hello): No such image: busybox:latest',
      'Engine API → docker: 404 Not Found',
      'engine → registry: HEAD /v2/library/busybox/manifests/latest',
      'engine → snapshotter: prepare(extract-sha256:ID)',
      'docker → Engine API: POST /containers/create?name=hello',
      'Engine API → docker: 201 Created',
      'Engine API → engine: containerStart(ID)',
      'engine → runtime: create(ID)',
      'runtime → kernel: clone: PID 5, new mnt pid uts ipc',
      'engine → runtime: start(ID)',
      'runtime → kernel: execve in PID 5: sh -c ls / > /out',
      'engine: container hello: running',
      'kernel → runtime: PID 5 exited: 0',
      'engine: container hello: exited (0)',
    ];
    let from = 0;
    for (const line of wanted) {
      const at = text.indexOf(line, from);
      expect(at, `${line}\n in ${text.slice(from).join('\n')}`).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  });

  it('carry what was really sent and answered', () => {
    const create = engineMessages(run, { before }).findLast(
      ({ what }) => what.kind === 'request' && what.request.target.includes('/containers/create'),
    )!;
    const what = create.what as Extract<EngineMessage['what'], { kind: 'request' }>;
    expect(JSON.parse(what.request.body!)).toMatchObject({ Image: 'busybox', Cmd: ['sh', '-c', 'ls / > /out'] });
    expect(JSON.parse(what.response!.body!)).toMatchObject({ Id: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('shows only HTTP when that is asked', () => {
    const kinds = new Set(engineMessages(run, { before, depth: 'http' }).map(({ what }) => what.kind));
    expect([...kinds].sort()).toEqual(['request', 'response']);
  });

  it('is told in words', () => {
    const outline = engineOutline('docker run', engineMessages(run, { before }), engineWordsChinese);
    expect(JSON.stringify(outline)).toContain('docker → Engine API：POST /containers/create?name=hello');
  });
});

describe('other commands', () => {
  it('repeated calls are folded', async () => {
    const messages = engineMessages(await eventsOf('docker version >/dev/null; docker ps; docker ps; docker ps'), {
      before,
    });
    const lists = messages.filter(({ what }) => what.kind === 'call' && what.call.operation === 'containerList');
    const pings = messages.filter(({ what }) => what.kind === 'request' && what.request.target === '/_ping');
    expect([...lists, ...pings].reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(3);
    const one: TraceEvent[] = [1, 2, 3].flatMap((id): TraceEvent[] => [
      { type: 'http.request', id, from: 'docker', to: 'engine', method: 'GET', target: '/events' },
      { type: 'http.response', id, status: 200 },
    ]);
    expect(engineMessages(one).map(({ count, what }) => [what.kind, count])).toEqual([
      ['request', 3],
      ['response', 3],
    ]);
  });

  it('a command without docker calls nothing', async () => {
    expect(callsEngine(await eventsOf('ls / | wc -l'))).toBe(false);
  });

  it('a kill is a signal, and its death comes back', async () => {
    await eventsOf('docker run -d --name long busybox sleep 100000');
    const { processes } = await machine.inspect();
    const text = said(engineMessages(await eventsOf('docker kill long; sleep 0.1'), { before: processes }));
    expect(text).toContain('Engine API → engine: containerKill(long)');
    expect(text.filter((line) => /^runtime → kernel: kill\(\d+, 9\)$/.test(line))).toHaveLength(1);
    expect(text.filter((line) => /^kernel → runtime: PID \d+ was killed by signal 9$/.test(line))).toHaveLength(1);
  });

  it('what a peer says stays text', async () => {
    const events = await eventsOf('docker run --name "<img src=x onerror=alert(1)>" busybox true');
    const scene = engineScene(engineMessages(events, { before }), {
      width: 700,
      words: engineWordsEnglish,
      line: '<b>',
    });
    expect(sceneSvg(scene, dark)).not.toMatch(/<img|<b>/);
  });
});

describe('the picture', () => {
  for (const [language, width, palette, words] of [
    ['en', 720, dark, engineWordsEnglish],
    ['zh', 366, light, engineWordsChinese],
  ] as const) {
    it(`nothing overlaps or clips (${language}, ${width} wide)`, () => {
      const scene = engineScene(engineMessages(stableIds(run), { before }), { width, words, line: 'docker run' });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`engine/${language}-${width}`, sceneSvg(scene, palette));
    });
  }

  it('a run of the same call about one thing after another is one message, until it is unfolded', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const calls = names.flatMap((about, id): TraceEvent[] => [
      { type: 'call', id, from: 'engine', to: 'snapshotter', operation: 'stat', about },
      { type: 'call.end', id },
    ]);
    const folded = engineMessages(calls);
    expect(said(folded)).toEqual(['engine → snapshotter: stat(a and 4 more)']);
    const [run] = folded;
    for (const unfolded of [run!.id, 'c2'])
      expect(said(engineMessages(calls, { unfolded })).slice(1)).toEqual(
        names.map((name) => `engine → snapshotter: stat(${name})`),
      );
    expect(engineMessages(calls.slice(0, 6))).toHaveLength(3);
    const again = engineMessages([...calls.slice(0, 4), ...calls.slice(0, 2)]).map(({ id }) => id);
    expect(new Set(again).size).toBe(again.length);
  });
});
