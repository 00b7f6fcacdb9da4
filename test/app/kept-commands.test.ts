import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CommandRecord } from '../../src/app/history.svelte.ts';
import { keepCommands, keptCommands } from '../../src/app/kept-commands.ts';
import type { Inspection, TraceEvent } from '../../src/trace/index.ts';

const stored = new Map<string, string>();
const page = { documentElement: { dataset: { build: '1' } } };
beforeEach(() => {
  stored.clear();
  vi.stubGlobal('document', page);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const state = (name: string, size = 10) => ({ kernel: { hostname: name.repeat(size) } }) as unknown as Inspection;
const record = (number: number, of: Partial<CommandRecord>): CommandRecord => ({
  number,
  ...{ terminal: 'pts/0', line: `echo ${number}`, pid: 9, status: 0, cut: false, before: undefined, after: undefined },
  events: [{ type: 'image.tag' } as TraceEvent],
  ...of,
});

it('are there again, with the states before and after them, each written once', () => {
  const [a, b] = [state('a'), state('b', 1000)];
  const commands = [
    record(1, { before: a, after: b }),
    record(2, { before: b, after: b }),
    record(3, { status: undefined }),
  ];
  keepCommands('key', commands);
  expect(keptCommands('key')).toEqual(commands.slice(0, 2));
  expect(stored.get('key')!.match(/bbb+/g)).toHaveLength(1);
});

it('are the last ones when there is too much, and none of another version or of a damaged store', () => {
  keepCommands('key', [record(1, { after: state('a') }), record(2, { after: state('b', 2_000_000) })]);
  expect(keptCommands('key')).toEqual([]);
  keepCommands('key', [record(1, { after: state('b', 2_000_000) }), record(2, { after: state('a') })]);
  expect(keptCommands('key').map(({ number }) => number)).toEqual([2]);
  vi.stubGlobal('document', { documentElement: { dataset: { build: '2' } } });
  expect(keptCommands('key')).toEqual([]);
  stored.set('key', '{"program":"2","comm');
  expect(keptCommands('key')).toEqual([]);
});
