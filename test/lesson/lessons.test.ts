/** Every lesson of `lessons/`: its solution reaches its goals, each at its own step, and nothing holds at the start. */
import { expect, it } from 'vitest';
import { checkLessons, lessonFolder, lessonNames } from '../../src/companion/commands/lessons.ts';

it('every lesson is reached by its solution, step by step', { timeout: 180_000 }, async () => {
  const problems: string[] = [];
  for await (const checked of checkLessons(lessonFolder, lessonNames(lessonFolder))) {
    problems.push(...checked.problems.map((problem) => `${checked.name}: ${problem}`));
  }
  expect(problems).toEqual([]);
});
