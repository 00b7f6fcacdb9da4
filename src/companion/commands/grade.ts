import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  isIntact,
  LessonError,
  lockedBy,
  parseLesson,
  type Replay,
  readHandIn,
  refusal,
  replayHandIn,
  type SignedHandIn,
} from '../../lesson/index.ts';
import { createMachine } from '../../machine/index.ts';
import { nodeWorld } from '../node-world.ts';
import { buildVersion } from '../package-root.ts';
import { parse, UsageError } from '../usage.ts';
import { filesOf, lessonFolder, playOptions } from './lessons.ts';

export interface Grade {
  file: string;
  student: string;
  lesson: string;
  /** As the file says, and as the replay found. */
  goals: number;
  of: number;
  replayed: number | undefined;
  commands: number;
  /** The commands, run again, reach the goals that the file claims. */
  agrees: boolean | undefined;
  /** Images, containers, networks and volumes are those of the file; undefined: they differ, as do the versions. */
  sameState: boolean | undefined;
  tampered: boolean | undefined;
  note: string;
}

/**
 * `drydock grade FILE...`: who handed in what. Each file's commands are run again on a host with its seed, and the goals
 * are checked there. Exit status 1 when a file is not a hand-in, was edited, or its replay does not agree.
 */
export async function grade(args: string[]): Promise<number> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, csv: { type: 'boolean' }, lessons: { type: 'string' } },
  });
  if (positionals.length === 0) throw new UsageError('usage: drydock grade FILE... [--json | --csv] [--lessons DIR]');
  const missing = positionals.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new UsageError(`no such file: ${missing.join(', ')}`);
  const grades: Grade[] = [];
  for (const file of positionals) grades.push(await gradeFile(file, values.lessons));
  const print = values.json ? asJson : values.csv ? asCsv : asTable;
  process.stdout.write(print(grades));
  return grades.every(({ agrees, tampered }) => agrees && tampered === false) ? 0 : 1;
}

export async function gradeFile(file: string, lessons?: string): Promise<Grade> {
  const nothing = { student: '', lesson: '', goals: 0, of: 0, replayed: undefined, commands: 0 };
  const unknown = { agrees: undefined, sameState: undefined, tampered: undefined };
  try {
    const handIn = readHandIn(readFileSync(file, 'utf8'), file);
    const { student, lesson, goals, of, commands } = handIn;
    const told = { file, student, lesson: lesson.name, goals: goals.length, of, commands: commands.length };
    return { ...told, tampered: !isIntact(handIn), ...(await replayed(handIn, lessons)) };
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    return { file, ...nothing, ...unknown, note: error.message };
  }
}

async function replayed(
  handIn: SignedHandIn,
  lessons: string | undefined,
): Promise<Pick<Grade, 'replayed' | 'agrees' | 'sameState' | 'note'>> {
  const not = (note: string) => ({ replayed: undefined, agrees: undefined, sameState: undefined, note });
  const { name, version } = handIn.lesson;
  const folder = [lessons, lessonFolder].find((one) => one && existsSync(join(one, basename(name), 'lesson.yaml')));
  if (!folder) return not(`no lesson ${name} here: --lessons DIR`);
  if (!handIn.fresh) return not('not begun on a fresh host: cannot be run again');
  const lesson = parseLesson(name, filesOf(resolve(folder), basename(name)), handIn.seed);
  const replay = await run(handIn, lesson);
  const same = handIn.goals.length === replay.goals.length && handIn.goals.every((goal) => replay.goals.includes(goal));
  const [here, there] = [buildVersion(), handIn.program];
  const notes = [
    ...(there === here ? [] : [`written by drydock ${there}, graded by ${here}`]),
    ...(lesson.version === version ? [] : [`lesson is ${lesson.version} here, ${version} in the file`]),
    ...(replay.problem ? [replay.problem] : []),
    ...(replay.differing > 0 ? [`${replay.differing} commands end otherwise`] : []),
  ];
  return {
    replayed: replay.goals.length,
    agrees: same,
    // Another version may leave another state where the goals are reached all the same.
    sameState: replay.state === handIn.state || (there === here ? false : undefined),
    note: notes.join('; '),
  };
}

async function run(handIn: SignedHandIn, lesson: ReturnType<typeof parseLesson>): Promise<Replay> {
  let texts: string[] = [];
  const machine = await createMachine({
    ...nodeWorld,
    pace: 'skip',
    seed: handIn.seed,
    refuse(argv) {
      const locked = lockedBy(lesson.lock?.commands ?? [], argv);
      return locked && refusal(locked, lesson.texts.en.title);
    },
    async edit({ save }) {
      for (const text of texts.splice(0)) save(text);
    },
  });
  try {
    const saves = (saved: readonly string[]): void => {
      texts = [...saved];
    };
    return await replayHandIn(handIn, lesson, machine, { ...playOptions(machine), saves });
  } finally {
    await machine.shutdown();
  }
}

const yes = (value: boolean | undefined): string => (value === undefined ? '?' : value ? 'yes' : 'no');
const heads = ['student', 'lesson', 'goals', 'commands', 'replay agrees', 'same state', 'tampered', 'note'];
const row = (one: Grade): string[] => [
  one.student || one.file,
  one.lesson,
  `${one.goals}/${one.of}`,
  `${one.commands}`,
  yes(one.agrees),
  yes(one.sameState),
  yes(one.tampered),
  one.note,
];

/** Names and lessons come from a file: no control characters reach the terminal. */
const printable = (text: string): string => text.replace(/[^\P{C}]/gu, ' ');

/** Wide characters take two columns. */
const columns = (text: string): number =>
  [...text].reduce(
    (sum, char) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(char) ? 2 : 1),
    0,
  );

function asTable(grades: readonly Grade[]): string {
  const rows = [heads, ...grades.map(row)].map((cells) => cells.map(printable));
  const widths = heads.map((_, at) => Math.max(...rows.map((cells) => columns(cells[at]!))));
  const line = (cells: string[]) =>
    cells
      .map((cell, at) => cell + ' '.repeat(widths[at]! - columns(cell)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

const asJson = (grades: readonly Grade[]): string => `${JSON.stringify(grades, null, 2)}\n`;

/** A cell that a spreadsheet would take for a formula is told apart by a quote. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
const asCsv = (grades: readonly Grade[]): string =>
  `${[heads, ...grades.map(row)].map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
