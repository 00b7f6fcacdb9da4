import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterReload, HandInLog, hostLesson, upTo } from '../../src/app/hand-in-log.ts';
import type { TimelineState } from '../../src/trace/index.ts';

const typed = (...lines: string[]) => lines.map((line, at) => ({ at, line, terminal: 'pts/0' }));

it('keeps what was typed up to the moment that was gone back to, looks between included', () => {
  const log = typed('docker pull alpine', 'docker images', 'docker build .', 'ls', 'docker build .', 'docker ps');
  const kept = (...lines: string[]) => upTo(log, 0, lines).map(({ line }) => line);
  expect(kept('docker pull alpine')).toEqual(['docker pull alpine']);
  expect(kept('docker pull alpine', 'docker build .')).toHaveLength(3);
  expect(kept('docker pull alpine', 'docker build .', 'docker build .')).toHaveLength(5);
  expect(upTo(log, 4, [])).toHaveLength(4);
});

it('takes a shell that a reload ended for left, and what else ran for not typed', () => {
  const ran = (line: string, terminal = 'pts/0', status: number | undefined = 0) => ({
    at: 1,
    line,
    terminal,
    ...(status !== undefined && { status }),
  });
  const lines = (...commands: ReturnType<typeof ran>[]) => afterReload(commands).map(({ line }) => line);
  const still = (line: string) => ({ at: 2, line, terminal: 'pts/0' });
  expect(lines(ran('docker pull alpine'), still('sleep 100'))).toEqual(['docker pull alpine']);
  expect(lines(still('docker run -it alpine'), ran('touch /x', 'pts/0:1'))).toEqual([
    'docker run -it alpine',
    'touch /x',
    'exit',
  ]);
});

describe('kept', () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('goes on after a reload, with its counts, for the lesson that the host was set up for', () => {
    const log = new HandInLog('one', 1);
    log.begin(true, 0);
    log.hear({ type: 'command.begin', line: 'ls', terminal: 'pts/0', pid: 7, typed: true });
    log.hear({ type: 'command.end', terminal: 'pts/0', pid: 7, status: 2 });
    log.count({ commands: 0, failures: 1 });
    log.unlock();
    log.showed('two', false);
    expect(hostLesson(1)).toBe('one');
    expect(hostLesson(2)).toBeUndefined();
    expect(new HandInLog('one', 1).log).toMatchObject({
      fresh: true,
      commands: [{ line: 'ls', status: 2 }],
      counts: { failures: 1 },
      shown: [{ id: 'two', after: 1 }],
      unlocked: true,
    });
    // Undone: what the step did when it was shown is gone with the command before it.
    const moment = (id: number, parent?: number) => ({ id, parent, line: '' });
    for (const [moments, current] of [
      [[moment(0), moment(1, 0)], 1],
      [[moment(0), moment(1, 0)], 0],
    ] as const)
      log.moved({ moments, current } as unknown as TimelineState);
    expect(log.log).toMatchObject({ commands: [], shown: [] });
    expect(log.hasShown('two')).toBe(false);
    const later = new HandInLog('one', 1);
    for (const current of [3, 4]) {
      if (current === 4) later.hear({ type: 'command.begin', line: 'rm x', terminal: '', pid: 9, typed: true });
      later.moved({ moments: [moment(3), moment(4, 3)], current } as unknown as TimelineState);
    }
    later.hear({ type: 'command.end', terminal: '', pid: 9, status: 0 });
    const before = later.log!.commands.length;
    later.moved({ moments: [moment(3), moment(4, 3)], current: 3 } as unknown as TimelineState);
    expect([before, later.log!.commands.length]).toEqual([1, 0]);
    expect(new HandInLog('one', 2).log).toBeUndefined();
    new HandInLog('two', 1).begin(true, 0);
    expect(hostLesson(1)).toBe('two');
    new HandInLog('three', 1, () => false).begin(true, 0);
    expect(hostLesson(1)).toBe('two');
  });

  it('knows which steps did what they begin with, also after an undo and a redo', () => {
    const log = new HandInLog('steps', 1);
    log.begin(true, 0);
    const moments = [0, 1, 2, 3].map((id) => ({
      id,
      parent: id > 0 ? id - 1 : undefined,
      line: id ? `touch ${id}` : '',
    }));
    const goTo = (current: number) => log.moved({ moments, current } as unknown as TimelineState);
    const run = (id: number) => {
      log.hear({ type: 'command.begin', line: `touch ${id}`, terminal: 'pts/0', pid: 7, typed: true });
      log.hear({ type: 'command.end', terminal: 'pts/0', pid: 7, status: 0 });
      goTo(id);
    };
    run(1);
    log.showed('unseen', false);
    run(2);
    log.showed('typed', true);
    run(3);
    const shown = () => ['unseen', 'typed'].filter((id) => log.hasShown(id));
    expect(shown()).toEqual(['unseen', 'typed']);
    goTo(2);
    expect(shown()).toEqual(['unseen']);
    goTo(0);
    expect(shown()).toEqual([]);
    goTo(3);
    expect(shown()).toEqual(['unseen', 'typed']);
    goTo(1);
    expect(shown()).toEqual(['unseen']);
  });
});
