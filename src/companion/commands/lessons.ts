import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  type ImportedLesson,
  importLessons,
  LessonError,
  type PlayOptions,
  parseLesson,
  playLesson,
} from '../../lesson/index.ts';
import { createMachine, differs, type Machine } from '../../machine/index.ts';
import { nodeWorld } from '../node-world.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../usage.ts';

export const lessonFolder = join(packageRoot(), 'lessons');

const usage = 'usage: drydock lessons check [NAME | FOLDER/...]\n       drydock lessons import DIR [OUT]';

/**
 * `drydock lessons check [NAME...]`: every lesson from the state of a booted host: the untouched start reaches no goal,
 * each step's solution reaches that step's goals, and each goal flips at its own step. A name with a slash is a folder.
 * `drydock lessons import DIR [OUT]`: makes a lesson of a Killercoda scenario, a Labspace or a Markdown tutorial (of a
 * course a folder of them, in its order), types it through and says what was not carried over and what does not work here.
 */
export async function lessons(args: string[]): Promise<number> {
  const [verb, ...names] = args;
  if (verb === 'check') return check(names);
  if (verb === 'import' && (names.length === 1 || names.length === 2)) return bringIn(names[0]!, names[1]);
  throw new UsageError(usage);
}

async function check(names: string[]): Promise<number> {
  const all = lessonNames(lessonFolder);
  const unknown = names.filter((name) =>
    name.includes('/') ? !existsSync(join(name, 'lesson.yaml')) : !all.includes(name),
  );
  if (unknown.length > 0) throw new UsageError(`no such lesson: ${unknown.join(', ')}`);
  return report(checkLessons(lessonFolder, names.length > 0 ? names : all));
}

/** Prints as they come; exit status 1 when something is wrong. */
export async function report(checked: AsyncIterable<Checked>): Promise<number> {
  let failed = 0;
  for await (const { name, problems } of checked) {
    failed += problems.length;
    process.stdout.write(
      problems.length === 0 ? `ok   ${name}\n` : problems.map((problem) => `FAIL ${name}: ${problem}\n`).join(''),
    );
  }
  return failed === 0 ? 0 : 1;
}

async function bringIn(from: string, out = `${basename(resolve(from))}-lesson`): Promise<number> {
  try {
    const { lessons: made, notes } = importLessons(basename(resolve(from)), filesBelow(from));
    for (const note of notes) process.stdout.write(`not carried over: ${note}\n`);
    for (const { name, lesson } of made) await writeAndPlay(made.length > 1 ? join(out, name) : out, lesson);
    return 0;
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    process.stderr.write(`drydock lessons import: ${error.message}\n`);
    return 1;
  }
}

async function writeAndPlay(out: string, { files, notes }: ImportedLesson): Promise<void> {
  save(out, files);
  const { steps } = parseLesson(basename(out), files);
  const goals = steps.reduce((sum, step) => sum + step.goals.length, 0);
  process.stdout.write(`${out}: ${steps.length} steps, ${goals} checked\n`);
  for (const note of notes) process.stdout.write(`not carried over: ${note}\n`);
  const commands = steps.reduce((sum, step) => sum + step.solution.length, 0);
  for await (const { problems } of checkLessons('', [resolve(out)])) {
    for (const problem of problems) process.stdout.write(`fails here: ${problem.replace(/\s*\\?\n\s*/g, ' ')}\n`);
    process.stdout.write(
      `typed through: ${commands} commands, ${problems.length === 0 ? 'all succeed' : `${problems.length} fail (a text may mean one to)`}\n`,
    );
  }
}

function save(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  } catch (error) {
    throw new LessonError((error as Error).message);
  }
}

/** More would be no lesson; the importer refuses it. */
const mostFiles = 1000;
const largestFile = 1 << 20;

/** Text files below a folder, by path from it. Links are not followed. */
function filesBelow(folder: string): Record<string, string> {
  if (!existsSync(folder)) throw new LessonError(`${folder}: no such folder`);
  const found: Record<string, string> = {};
  const walk = (at: string): void => {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at ? `${at}/${entry.name}` : entry.name;
      if (Object.keys(found).length > mostFiles || entry.name.startsWith('.git') || entry.name === 'node_modules')
        continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && statSync(join(folder, path)).size <= largestFile) {
        const bytes = readFileSync(join(folder, path));
        if (!bytes.includes(0)) found[path] = bytes.toString('utf8');
      }
    }
  };
  walk('');
  return found;
}

export const lessonNames = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** Seeds whose variants are played, of a lesson that has any. */
const seedsPlayed = [1, 2, 3];

export const checkLessons = (folder: string, names: readonly string[]): AsyncGenerator<Checked> =>
  checkEach(names, async (name, machine) => {
    const files = filesOf(folder, name);
    const { variants } = parseLesson(name, files);
    if (Object.keys(variants).length === 0) return playLesson(parseLesson(name, files), machine, playOptions(machine));
    const problems: string[] = [];
    for (const seed of seedsPlayed) {
      await machine.restore(machine.beginning(seed));
      const found = await playLesson(parseLesson(name, files, seed), machine, playOptions(machine));
      problems.push(...found.map((problem) => `seed ${seed}: ${problem}`));
    }
    return problems;
  });

export interface Checked {
  name: string;
  problems: string[];
}

/** All of them in one machine, that goes back to its first moment before each. */
export async function* checkEach(
  names: readonly string[],
  play: (name: string, machine: Machine) => Promise<string[]>,
): AsyncGenerator<Checked> {
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  const booted = machine.snapshot();
  try {
    for (const name of names) {
      await machine.restore(booted);
      yield { name, problems: await problemsOf(() => play(name, machine)) };
    }
  } finally {
    await machine.shutdown();
  }
}

async function problemsOf(play: () => Promise<string[]>): Promise<string[]> {
  try {
    return await play();
  } catch (error) {
    if (error instanceof LessonError) return [error.message];
    throw error;
  }
}

/** Files of a folder by name; a name with a slash is the folder itself. */
export function filesOf(folder: string, name: string): Record<string, string> {
  const at = name.includes('/') ? name : join(folder, name);
  return Object.fromEntries(readdirSync(at).map((file) => [file, readFileSync(join(at, file), 'utf8')]));
}

/** A line that takes longer waits for something that will not come. */
const lineTimeoutMs = 60_000;

export const playOptions = (machine: Machine): PlayOptions => ({
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
