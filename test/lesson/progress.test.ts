/** Progress outlives an update of the lesson, a merge, and whatever a file may hold. */
import { expect, it } from 'vitest';
import {
  advance,
  countsForPar,
  type Goal,
  goalKeys,
  type Lesson,
  mergeProgress,
  noProgress,
  progressKey,
  reachedBefore,
  readProgress,
  untouched,
} from '../../src/lesson/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';

const file = (path: string): Goal => ({ file: { path } });
const lesson = (steps: Record<string, Goal[]>): Lesson =>
  ({
    name: 'one',
    steps: Object.entries(steps).map(([id, goals]) => ({ id, goals, hints: [], solution: [] })),
  }) as unknown as Lesson;

const before = lesson({ a: [file('/1'), file('/2')], b: [file('/3')] });

it('keeps what was reached when goals and steps come, go and are refined', () => {
  const progress = advance(before, untouched(), [[true, true], [false]]);
  expect(progress).toEqual({ steps: ['a'], goals: ['a/file', 'a/file-2'] });
  const after = lesson({
    new: [file('/0')],
    a: [{ exec: { run: 'true' } }, file('/other'), file('/2')],
    b: [file('/3')],
  });
  expect(reachedBefore(after, progress)).toEqual([[false], [true, true, true], [false]]);
  expect(goalKeys(after)[1]).toEqual(['a/exec', 'a/file', 'a/file-2']);
});

it('keeps the variants of two seeds apart, and what was kept before there were seeds', () => {
  expect([progressKey('one', 1), progressKey('one', 7), progressKey('one-7', 1)]).toEqual(['one', 'one.7', 'one-7']);
});

it('a lesson once done stays done', () => {
  const done = advance(before, untouched(), [[true, true], [true]]);
  expect(done.done).toBe(true);
  expect(advance(before, { ...done, steps: [], goals: [] }, [[false, false], [false]]).done).toBe(true);
});

it('merges what either has, with the better count', () => {
  const mine = { ...noProgress(), lessons: { one: { steps: ['a'], goals: ['a/file'], commands: 5, at: 'b' } } };
  const theirs = {
    ...noProgress(),
    lessons: { one: { steps: ['b'], goals: [], commands: 3, done: true, at: 'a' }, two: untouched() },
  };
  const { one, two } = mergeProgress(mine, theirs).lessons;
  expect(one).toMatchObject({ steps: ['a', 'b'], goals: ['a/file'], commands: 3, done: true, at: 'b' });
  expect(two).toEqual(expect.objectContaining(untouched()));
});

it.each(['', 'null', '[]', '{"version":2,"lessons":{}}', '{"version":1,"lessons":[]}', ' '.repeat(2 << 20)])(
  'does not read %#',
  (text) => expect(readProgress(text)).toBeUndefined(),
);

it('reads what it wrote, and drops what is of another kind', () => {
  const progress = { ...noProgress(), open: 'one', lessons: { one: { ...untouched(), predicted: { a: [1, -1] } } } };
  expect(readProgress(JSON.stringify(progress))).toEqual(progress);
  const odd = { version: 1, lessons: { one: { steps: 'a', goals: [1, 'x'], at: 3, done: 'yes' }, two: 7 } };
  expect(readProgress(JSON.stringify(odd))?.lessons).toEqual({ one: { steps: [], goals: ['x'], predicted: {} } });
});

const asked = (method: string, status: number, from = 'docker'): TraceEvent[] => [
  { type: 'http.request', id: 1, from, to: 'engine', method, target: '/x' },
  { type: 'http.response', id: 1, status },
];

it('par counts what succeeded and changed something', () => {
  expect(countsForPar(asked('POST', 201), 0)).toBe(true);
  expect(countsForPar(asked('DELETE', 200), 0)).toBe(true);
  expect(countsForPar(asked('GET', 200), 0)).toBe(false);
  expect(countsForPar(asked('POST', 404), 0)).toBe(false);
  expect(countsForPar(asked('POST', 201), 1)).toBe(false);
  expect(countsForPar(asked('POST', 201, 'engine'), 0)).toBe(false);
  expect(countsForPar([], 0)).toBe(false);
});
