import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLesson, type Lesson, LessonError, parseLesson, type World } from '../../lesson/index.ts';
import { createMachine, type Machine } from '../../machine/index.ts';
import { contentText, textContent } from '../../spec/index.ts';
import { nodeWorld } from '../node-world.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../usage.ts';

const folder = join(packageRoot(), 'lessons');

/**
 * `drydock lessons check [NAME...]`: every lesson on a fresh host: the untouched start reaches no goal, each step's
 * solution reaches that step's goals, and each goal flips at its own step.
 */
export async function lessons(args: string[]): Promise<number> {
  const [verb, ...names] = args;
  if (verb !== 'check') throw new UsageError('usage: drydock lessons check [NAME...]');
  const all = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new UsageError(`no such lesson: ${unknown.join(', ')}`);
  let failed = 0;
  for (const name of names.length > 0 ? names : all) {
    const problems = await check(name);
    failed += problems.length;
    process.stdout.write(
      problems.length === 0 ? `ok   ${name}\n` : problems.map((problem) => `FAIL ${name}: ${problem}\n`).join(''),
    );
  }
  return failed === 0 ? 0 : 1;
}

function load(name: string): Lesson {
  const files = readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), 'utf8')]);
  return parseLesson(name, Object.fromEntries(files));
}

async function check(name: string): Promise<string[]> {
  let lesson: Lesson;
  try {
    lesson = load(name);
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    return [error.message];
  }
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  try {
    return await play(lesson, machine);
  } finally {
    await machine.shutdown();
  }
}

async function play(lesson: Lesson, machine: Machine): Promise<string[]> {
  for (const [path, text] of Object.entries(lesson.workspace)) machine.writeFile(path, textContent(text));
  for (const line of lesson.setup) {
    const { status, output } = await bash(machine, line);
    if (status !== 0) return [`set-up "${line}" exits ${status}: ${output}`];
  }
  const problems = (await goals(lesson, machine)).flatMap((step, i) =>
    step.flatMap((now, j) => (now ? [`${at(lesson, i, j)} holds at the start`] : [])),
  );
  for (const [index, step] of lesson.steps.entries()) {
    for (const line of step.solution) {
      const { status, output } = await bash(machine, line);
      if (status !== 0) problems.push(`step "${step.id}": "${line}" exits ${status}: ${output}`);
    }
    problems.push(...flips(lesson, await goals(lesson, machine), index));
  }
  return problems;
}

/** After step `done`, its goals hold and those of later steps do not. */
const flips = (lesson: Lesson, now: boolean[][], done: number): string[] =>
  now.flatMap((step, i) =>
    step.flatMap((holds, j) => {
      if (i === done && !holds) return [`${at(lesson, i, j)} is not reached by its solution`];
      return i > done && holds ? [`${at(lesson, i, j)} already holds after step "${lesson.steps[done]!.id}"`] : [];
    }),
  );

const at = (lesson: Lesson, step: number, goal: number): string =>
  `goal ${goal + 1} of step "${lesson.steps[step]!.id}"`;

async function bash(machine: Machine, line: string): Promise<{ status: number; output: string }> {
  let output = '';
  const take = (bytes: Uint8Array) => {
    output += new TextDecoder().decode(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', line], { stdout: take, stderr: take });
  return { status, output: output.trim().split('\n').slice(-3).join(' / ') };
}

async function goals(lesson: Lesson, machine: Machine): Promise<boolean[][]> {
  const world: World = {
    inspection: await machine.inspect(),
    changes: (id) => machine.layerChanges(id),
    file: (path) => {
      const content = machine.readFile(path);
      return content && contentText(content);
    },
  };
  return checkLesson(lesson, world);
}
