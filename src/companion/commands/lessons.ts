import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lesson, LessonError, type PlayOptions, parseLesson, playLesson } from '../../lesson/index.ts';
import { createMachine, differs, type Machine } from '../../machine/index.ts';
import { nodeWorld } from '../node-world.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../usage.ts';

export const lessonFolder = join(packageRoot(), 'lessons');

/**
 * `drydock lessons check [NAME...]`: every lesson from the state of a booted host: the untouched start reaches no goal,
 * each step's solution reaches that step's goals, and each goal flips at its own step.
 */
export async function lessons(args: string[]): Promise<number> {
  const [verb, ...names] = args;
  if (verb !== 'check') throw new UsageError('usage: drydock lessons check [NAME...]');
  const all = lessonNames(lessonFolder);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new UsageError(`no such lesson: ${unknown.join(', ')}`);
  let failed = 0;
  for await (const { name, problems } of checkLessons(lessonFolder, names.length > 0 ? names : all)) {
    failed += problems.length;
    process.stdout.write(
      problems.length === 0 ? `ok   ${name}\n` : problems.map((problem) => `FAIL ${name}: ${problem}\n`).join(''),
    );
  }
  return failed === 0 ? 0 : 1;
}

export const lessonNames = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** All of them in one machine, that goes back to its first moment before each. */
export async function* checkLessons(
  folder: string,
  names: readonly string[],
): AsyncGenerator<{ name: string; problems: string[] }> {
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  const booted = machine.snapshot();
  try {
    for (const name of names) {
      const lesson = load(folder, name);
      if (typeof lesson === 'string') yield { name, problems: [lesson] };
      else {
        await machine.restore(booted);
        yield { name, problems: await playLesson(lesson, machine, playOptions(machine)) };
      }
    }
  } finally {
    await machine.shutdown();
  }
}

function load(folder: string, name: string): Lesson | string {
  try {
    const files = readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), 'utf8')]);
    return parseLesson(name, Object.fromEntries(files));
  } catch (error) {
    if (error instanceof LessonError) return error.message;
    throw error;
  }
}

/** A line that takes longer waits for something that will not come. */
const lineTimeoutMs = 60_000;

const playOptions = (machine: Machine): PlayOptions => ({
  async settle() {
    for (let turn = 0; turn < 5; turn++) await nodeWorld.breathe();
  },
  async inTime(work) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), lineTimeoutMs);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  },
  async watch(check) {
    const before = machine.snapshot();
    const result = await check();
    return { result, changed: differs(before, machine.snapshot()) };
  },
});
