import { sha256 } from '@noble/hashes/sha2.js';
import { parse as parseYaml } from 'yaml';
import { utf8 } from '../spec/index.ts';
import { courses, type Language, type Lesson, type LessonText, languages, lessonForms, type Step } from './format.ts';
import type { Goal } from './goals.ts';
import { readLock } from './lock.ts';
import { readMarkdown } from './markdown.ts';
import { LessonError, type Reader, reader, readGoal, readGoals } from './schema.ts';
import { chosen, fill, unknownIn, type Variants, variantsOf } from './variants.ts';

/** Files of a lesson by name, as they lie in its folder. */
export type LessonFiles = Readonly<Record<string, string>>;

/**
 * Builds a lesson from its files (`lesson.yaml`, `en.md`, `zh.md`), in the variant of a seed. With `open` the
 * placeholders stay: for who edits it. Throws LessonError that names the file and field.
 */
export function parseLesson(name: string, templates: LessonFiles, seed: number | 'open' = 1): Lesson {
  const read = reader(`${name}/lesson.yaml`);
  const { variants, files } = inVariant(name, templates, seed, read);
  const raw = read.object(yaml(required(files, name, 'lesson.yaml'), read), 'the file');
  read.only(raw, ['course', 'order', 'form', 'par', 'workspace', 'setup', 'variants', 'lock', 'steps'], '');
  const steps = read.list(raw.steps, 'steps').map((step, index) => readStep(step, `steps[${index}]`, read));
  if (steps.length === 0) read.fail('steps must have a step');
  const twice = steps.find(({ id }, index) => steps.findIndex((step) => step.id === id) !== index);
  if (twice) read.fail(`steps: two have the id ${twice.id}`);
  const lesson: Lesson = {
    name,
    course: read.oneOf(raw.course, courses, 'course'),
    order: read.number(raw.order ?? 0, 'order'),
    form: read.oneOf(raw.form ?? 'lesson', lessonForms, 'form'),
    par: raw.par === undefined ? undefined : read.number(raw.par, 'par'),
    workspace: read.record(raw.workspace ?? {}, 'workspace'),
    setup: read.texts(raw.setup ?? [], 'setup'),
    variants,
    lock: raw.lock === undefined ? undefined : readLock(raw.lock, read),
    steps,
    texts: Object.fromEntries(
      languages.map((language) => [
        language,
        readMarkdown(`${name}/${language}.md`, required(files, name, `${language}.md`), steps),
      ]),
    ) as Record<Language, LessonText>,
    version: versionOf(templates),
  };
  checkForm(lesson, read);
  checkAgreement(lesson);
  return lesson;
}

function inVariant(name: string, templates: LessonFiles, seed: number | 'open', read: Reader) {
  const text = required(templates, name, 'lesson.yaml');
  let variants: Variants;
  try {
    variants = variantsOf(text);
  } catch (error) {
    return read.fail((error as Error).message);
  }
  const empty = Object.entries(variants).find(([, values]) => values.length === 0);
  if (empty) read.fail(`variants.${empty[0]} must be a list of texts`);
  if (Object.keys(variants).length === 0) return { variants, files: templates };
  const values = chosen(name, variants, seed === 'open' ? 1 : seed);
  const files: Record<string, string> = {};
  for (const [file, template] of Object.entries(templates)) {
    const [unknown] = unknownIn(template, variants);
    if (unknown) reader(`${name}/${file}`).fail(`{{${unknown}}} names no variant`);
    files[file] = seed === 'open' ? template : fill(template, values);
  }
  return { variants, files };
}

/** One goal as lesson.yaml writes it. Throws LessonError. */
export function parseGoal(text: string): Goal {
  const read = reader('goal');
  return readGoal(yaml(text, read), 'it', read);
}

const versionOf = (files: LessonFiles): string => {
  const texts = ['lesson.yaml', ...languages.map((language) => `${language}.md`)].map((file) => files[file] ?? '');
  return Array.from(sha256(utf8(JSON.stringify(texts))).slice(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
};

function checkForm({ form, par, setup, workspace, steps }: Lesson, read: Reader): void {
  if ((form === 'challenge') !== (par !== undefined)) read.fail('par belongs to form: challenge, and that needs one');
  for (const path of Object.keys(workspace)) {
    if (!path.startsWith('/')) read.fail(`workspace.${path}: a path of the host begins with /`);
  }
  for (const [index, { goals, solution }] of steps.entries()) {
    if (form !== 'imported' && goals.length > 0 && solution.length === 0)
      read.fail(`steps[${index}].solution must have a line`);
  }
  if (form === 'repair' && setup.length === 0) read.fail('setup: form: repair needs what breaks');
}

export function yaml(text: string, read: Reader): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    return read.fail((error as Error).message);
  }
}

export function required(files: LessonFiles, name: string, file: string): string {
  const text = Object.hasOwn(files, file) ? files[file] : undefined;
  if (text === undefined) throw new LessonError(`${name}/${file}: missing`);
  return text;
}

function readStep(raw: unknown, at: string, read: Reader): Step {
  const step = read.object(raw, at);
  read.only(step, ['id', 'goals', 'background', 'foreground', 'solution', 'hints'], at);
  const solution = read.list(step.solution, `${at}.solution`);
  return {
    id: read.text(step.id, `${at}.id`),
    goals: readGoals(step.goals, `${at}.goals`, read),
    ...(step.background !== undefined && { background: read.text(step.background, `${at}.background`) }),
    ...(step.foreground !== undefined && { foreground: read.text(step.foreground, `${at}.foreground`) }),
    solution: solution.map((line, index) => readLine(line, `${at}.solution[${index}]`, read)),
    hints: read.list(step.hints ?? [], `${at}.hints`).map((raw, index) => {
      const hint = read.object(raw, `${at}.hints[${index}]`);
      read.only(hint, ['when'], `${at}.hints[${index}]`);
      return { when: readGoal(hint.when, `${at}.hints[${index}].when`, read) };
    }),
  };
}

export function readLine(raw: unknown, at: string, read: Reader): Step['solution'][number] {
  if (typeof raw === 'string') return { run: raw };
  const line = read.object(raw, at);
  read.only(line, ['run', 'status', 'terminal'], at);
  return {
    run: read.text(line.run, `${at}.run`),
    status: read.number(line.status ?? 0, `${at}.status`),
    ...(line.terminal !== undefined && { terminal: read.text(line.terminal, `${at}.terminal`) }),
  };
}

const spans = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((m) => m[1]!).sort();

/** Every language shows the same goals, hints and predictions as the first. */
function checkAgreement({ name, steps, texts }: Lesson): void {
  const [first, ...others] = languages;
  for (const language of others) {
    const { fail } = reader(`${name}/${language}.md`);
    for (const [index, { id }] of steps.entries()) {
      const [here, there] = [texts[language].steps[index]!, texts[first!].steps[index]!];
      if (here.hints.length !== there.hints.length)
        fail(`step ${id}: ${here.hints.length} hints, ${first}.md has ${there.hints.length}`);
      for (const [at, goal] of here.goals.entries()) {
        const [mine, theirs] = [spans(goal).join(', '), spans(there.goals[at]!).join(', ')];
        if (mine !== theirs)
          fail(`step ${id}, goal ${at + 1}: names ${mine || 'nothing'}, ${first}.md ${theirs || 'nothing'}`);
      }
      const shape = (text: typeof here) =>
        text.predictions.map((p) => `${p.answer + 1} of ${p.choices.length}`).join('; ');
      if (shape(here) !== shape(there))
        fail(`step ${id}: predictions answer ${shape(here) || 'nothing'}, in ${first}.md ${shape(there) || 'nothing'}`);
    }
  }
}
