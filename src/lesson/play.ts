/** Plays a lesson by its solution, as a student would type it, and says what is wrong with the lesson. */
import { BuildLog } from './builds.ts';
import { checkLesson, fittingHints } from './check.ts';
import type { Lesson } from './format.ts';
import { lockedBy } from './lock.ts';
import { interrupt, type PlayHost, Typist, type TypistOptions } from './typist.ts';
import { beginLesson, worldOf } from './world.ts';

export interface PlayOptions extends TypistOptions {
  /** Runs a check of goals and says whether it changed something durable. */
  watch<T>(check: () => Promise<T>): Promise<{ result: T; changed: boolean }>;
}

/** What is wrong, a line each: the set-up, goals that hold too early or never, lines that fail, checks that disturb. */
export async function playLesson(lesson: Lesson, host: PlayHost, options: PlayOptions): Promise<string[]> {
  const builds = new BuildLog(host.trace);
  const failed = await beginLesson(lesson, host);
  if (failed) return [failed];
  const problems: string[] = lockedLines(lesson);
  const look = async (): Promise<boolean[][]> => {
    const { result, changed } = await options.watch(async () =>
      checkLesson(lesson, await worldOf(host, builds.records)),
    );
    if (changed && lesson.form !== 'imported' && !problems.includes(disturbs)) problems.push(disturbs);
    return result;
  };
  const typist = new Typist(host, options);
  try {
    await typist.prompt();
    problems.push(...holding(lesson, await look()));
    for (const [index, step] of lesson.steps.entries()) {
      await fittingHints(step, await worldOf(host, builds.records));
      if (step.background) void host.run(['/bin/bash', '-c', step.background], unheard);
      const first = step.foreground ? [{ run: step.foreground }] : [];
      for (const [at, line] of [...first, ...step.solution].entries()) {
        // Someone reads between two commands: a server has the time to start, a background script to end.
        if (lesson.form === 'imported' || line.run === interrupt) await host.run(['/bin/sleep', '2'], unheard);
        if (step.solution[at + 1 - first.length]?.run === interrupt) {
          typist.start(line);
          continue;
        }
        const wrong = await typist.type(line);
        if (wrong) problems.push(`step "${step.id}": ${wrong}`);
        if (typist.stuck) return problems;
      }
      if (step.goals.length > 0 && step.solution.length === 0)
        problems.push(`step "${step.id}": its text shows no command`);
      else problems.push(...flips(lesson, await look(), index));
    }
  } finally {
    typist.close();
    builds.stop();
  }
  if (lesson.par !== undefined && typist.counted > lesson.par)
    problems.push(`par is ${lesson.par}, the solution takes ${typist.counted} commands`);
  return problems;
}

const unheard = { stdout() {}, stderr() {} };

const lockedLines = ({ steps, lock }: Lesson): string[] =>
  steps.flatMap(({ id, solution }) =>
    solution.flatMap(({ run }) => {
      const locked = lockedBy(lock?.commands ?? [], run.trim().split(/\s+/));
      return locked ? [`step "${id}": "${run}" is locked by "${locked}"`] : [];
    }),
  );

const disturbs = 'checking its goals changes the host';

const holding = (lesson: Lesson, now: boolean[][]): string[] =>
  now.flatMap((step, i) => step.flatMap((holds, j) => (holds ? [`${goalAt(lesson, i, j)} holds at the start`] : [])));

/** After step `done`, its goals hold and those of later steps do not. */
const flips = (lesson: Lesson, now: boolean[][], done: number): string[] =>
  now.flatMap((step, i) =>
    step.flatMap((holds, j) => {
      if (i === done && !holds) return [`${goalAt(lesson, i, j)} is not reached by its solution`];
      return i > done && holds ? [`${goalAt(lesson, i, j)} already holds after step "${lesson.steps[done]!.id}"`] : [];
    }),
  );

const goalAt = (lesson: Lesson, step: number, goal: number): string =>
  `goal ${goal + 1} of step "${lesson.steps[step]!.id}"`;
