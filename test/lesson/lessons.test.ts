/** Every lesson of `lessons/`: its solution reaches its goals, each at its own step, and nothing holds at the start. */
import { expect, it } from 'vitest';
import { checkLessons, lessonFolder, lessonNames } from '../../src/companion/commands/lessons.ts';

for (const name of lessonNames(lessonFolder)) {
  it(name, { timeout: 120_000 }, async () => {
    for await (const { problems } of checkLessons(lessonFolder, [name])) expect(problems).toEqual([]);
  });
}
