/** The picture of processes and namespaces, from a host that really runs them. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dark,
  light,
  namespaceGroups,
  processesOutline,
  processesScene,
  processWordsChinese,
  processWordsEnglish,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { Inspection, TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const words = { en: processWordsEnglish, zh: processWordsChinese };
let machine: Machine;
let inspection: Inspection;
const events: TraceEvent[] = [];

const run = async (line: string) =>
  expect(await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} }), line).toBe(0);

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await run('docker run -d --name web -m 64m --pids-limit 50 busybox sleep 100000');
  await run('docker run -d --name side --network container:web busybox sleep 100000');
  await run('unshare -u -n sleep 100000 & disown; sleep 0.1');
  await run('docker pause side');
  machine.trace.on((event) => events.push(event));
  await run('docker kill -s USR1 web; docker exec web sh -c "kill -WINCH 1"');
  inspection = await machine.inspect();
}, 60_000);

describe('the picture of processes', () => {
  it('groups by namespaces and tells which are shared', () => {
    const groups = namespaceGroups(inspection);
    expect(groups.map(({ kind, container }) => container?.name ?? kind)).toEqual(['host', 'web', 'side', 'unshared']);
    const held = (index: number) => Object.fromEntries(groups[index]!.namespaces.map(({ kind, held }) => [kind, held]));
    expect(held(1)).toEqual({
      mnt: 'own',
      pid: 'own',
      net: 'shared',
      uts: 'own',
      ipc: 'own',
      user: 'host',
      cgroup: 'own',
    });
    expect(held(3)).toMatchObject({ uts: 'own', net: 'own', pid: 'host', mnt: 'host' });
    expect(groups[1]!.cgroup).toMatchObject({ memory: { max: 64 << 20 }, pids: { max: 50, current: 1 } });
    expect(groups[2]!.cgroup).toMatchObject({ frozen: true });
  });

  it('gives a process its number inside and its number on the host', () => {
    const web = inspection.containers.find(({ name }) => name === 'web')!;
    const sleep = inspection.processes.find(({ pid }) => pid === web.pid)!;
    expect(sleep.pids).toEqual([web.pid, 1]);
    expect(JSON.stringify(processesOutline(inspection, words.en))).toContain(
      `sleep 100000, PID 1 inside, PID ${web.pid} on the host`,
    );
  });

  it('shows a signal at the process that it arrived at', () => {
    const scene = processesScene(inspection, {
      width: 700,
      words: words.en,
      recent: events,
      signalName: (n) => (n === 28 ? 'SIGWINCH' : `signal ${n}`),
    });
    const web = inspection.containers.find(({ name }) => name === 'web')!;
    expect(scene.marks).toContainEqual(expect.objectContaining({ id: `p${web.pid}`, role: 'bad' }));
    expect(JSON.stringify(scene.marks)).toContain('SIGWINCH arrived');
  });

  for (const [language, width, palette] of [
    ['en', 720, dark],
    ['zh', 366, light],
  ] as const) {
    it(`nothing overlaps or clips (${language}, ${width} wide)`, () => {
      const scene = processesScene(inspection, { width, words: words[language] });
      expect(sceneProblems(scene)).toEqual([]);
      expectGolden(`processes/${language}-${width}`, sceneSvg(scene, palette));
    });
  }
});
