/** Plays a lesson by its solution, as a student would type it, and says what is wrong with the lesson. */
import { BuildLog } from './builds.ts';
import { checkLesson, fittingHints } from './check.ts';
import type { Lesson, SolutionLine } from './format.ts';
import { lockedBy } from './lock.ts';
import { interrupt, type PlayHost, Typist, type TypistOptions } from './typist.ts';
import { beginLesson, pause, runBackground, worldOf } from './world.ts';

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
  const typists = new Typists(lesson, host, options);
  try {
    await typists.of(undefined);
    problems.push(...holding(lesson, await look()));
    for (const [index, step] of lesson.steps.entries()) {
      await fittingHints(step, await worldOf(host, builds.records));
      if (step.background) await runBackground(host, step.background);
      const first: SolutionLine[] = step.foreground ? [{ run: step.foreground }] : [];
      for (const [at, line] of [...first, ...step.solution].entries()) {
        if (lesson.form === 'imported' || line.run === interrupt) await pause(host);
        const typist = await typists.of(line.terminal);
        if (step.solution[at + 1 - first.length]?.run === interrupt) {
          typist.start(line);
          continue;
        }
        const wrong = (line.run === interrupt ? undefined : await typist.goOn()) ?? (await typist.type(line));
        if (wrong) problems.push(`${placeOf(lesson, index)}: ${wrong}`);
        if (wrong && typist.stuck !== undefined) return problems;
      }
      if (step.goals.length > 0 && step.solution.length === 0)
        problems.push(`${placeOf(lesson, index)}: its text shows no command`);
      else problems.push(...flips(lesson, await look(), index));
    }
  } finally {
    typists.close();
    builds.stop();
  }
  if (lesson.par !== undefined && typists.counted > lesson.par)
    problems.push(`par is ${lesson.par}, the solution takes ${typists.counted} commands`);
  return problems;
}

/** One for each terminal that the lesson names, opened when it is first typed in. */
class Typists {
  private readonly all = new Map<string | undefined, Typist>();

  constructor(
    private readonly lesson: Lesson,
    private readonly host: PlayHost,
    private readonly options: TypistOptions,
  ) {}

  async of(name: string | undefined): Promise<Typist> {
    const known = this.all.get(name);
    if (known && !known.ended) return known;
    known?.close();
    // Another maker's text leaves servers and followed logs in the foreground, and says in words how they are ended.
    const patience =
      this.lesson.form === 'imported'
        ? () => this.host.run(['/bin/sleep', String(foregroundSeconds)], unheard)
        : undefined;
    const typist = new Typist(this.host, this.options, patience);
    this.all.set(name, typist);
    await typist.prompt();
    return typist;
  }

  get counted(): number {
    return [...this.all.values()].reduce((sum, { counted }) => sum + counted, 0);
  }

  close(): void {
    for (const typist of this.all.values()) typist.close();
  }
}

/** Of the host's time, after which a line without a prompt is taken to stay. */
const foregroundSeconds = 60;

/** A step of another maker has no name but its title. */
const placeOf = ({ form, steps, texts }: Lesson, index: number): string =>
  `step "${form === 'imported' ? texts.en.steps[index]!.title : steps[index]!.id}"`;

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
