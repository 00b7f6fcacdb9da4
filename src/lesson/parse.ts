import { parse as parseYaml } from 'yaml';
import {
  type Goal,
  type Language,
  type Lesson,
  type LessonText,
  languages,
  type Step,
  type StepText,
} from './format.ts';

export class LessonError extends Error {
  override readonly name = 'LessonError';
}

/** Builds a lesson from its files (`lesson.yaml`, `en.md`, `zh.md`). Throws LessonError that names the file and field. */
export function parseLesson(name: string, files: Readonly<Record<string, string>>): Lesson {
  const raw = parseYaml(required(files, name, 'lesson.yaml')) as Record<string, unknown> | null;
  const field = checker(`${name}/lesson.yaml`);
  const steps = field.list(raw?.steps, 'steps').map((step, index) => parseStep(step, index, field));
  const texts = Object.fromEntries(
    languages.map((language) => [
      language,
      parseText(`${name}/${language}.md`, required(files, name, `${language}.md`), steps),
    ]),
  ) as Record<Language, LessonText>;
  return {
    name,
    course: field.text(raw?.course, 'course'),
    order: Number(raw?.order ?? 0),
    workspace: field.record(raw?.workspace ?? {}, 'workspace'),
    setup: field.list(raw?.setup ?? [], 'setup').map((line) => field.text(line, 'setup')),
    steps,
    texts,
  };
}

function required(files: Readonly<Record<string, string>>, name: string, file: string): string {
  const text = files[file];
  if (text === undefined) throw new LessonError(`${name}/${file}: missing`);
  return text;
}

const goalKinds = new Set(['image', 'container', 'file', 'registry', 'login']);

function parseStep(raw: unknown, index: number, field: ReturnType<typeof checker>): Step {
  const where = `steps[${index}]`;
  const step = field.object(raw, where);
  const goals = field.list(step.goals, `${where}.goals`).map((goal) => {
    const kinds = Object.keys(field.object(goal, `${where}.goals`));
    if (kinds.length !== 1 || !goalKinds.has(kinds[0]!)) field.fail(`${where}.goals: unknown goal ${kinds.join(', ')}`);
    return goal as Goal;
  });
  if (goals.length === 0) field.fail(`${where}: a step needs a goal`);
  return {
    id: field.text(step.id, `${where}.id`),
    goals,
    solution: field.list(step.solution, `${where}.solution`).map((line) => field.text(line, `${where}.solution`)),
  };
}

function checker(file: string) {
  const fail = (problem: string): never => {
    throw new LessonError(`${file}: ${problem}`);
  };
  return {
    fail,
    text: (value: unknown, at: string): string => (typeof value === 'string' ? value : fail(`${at} must be text`)),
    list: (value: unknown, at: string): unknown[] => (Array.isArray(value) ? value : fail(`${at} must be a list`)),
    object: (value: unknown, at: string): Record<string, unknown> =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : fail(`${at} must be a map`),
    record: (value: unknown, at: string): Record<string, string> =>
      typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'string')
        ? (value as Record<string, string>)
        : fail(`${at} must map names to text`),
  };
}

/**
 *   ---
 *   title: What a layer is
 *   summary: ...
 *   ---
 *   ## Step title
 *   Markdown
 *   ### Goals      (one list item per goal)
 *   ### Hints      (one list item per hint)
 */
function parseText(file: string, markdown: string, steps: Step[]): LessonText {
  const front = /^---\n([\s\S]*?)\n---\n/.exec(markdown);
  if (!front) throw new LessonError(`${file}: needs front matter`);
  const meta = parseYaml(front[1]!) as Record<string, unknown>;
  const field = checker(file);
  const sections = markdown.slice(front[0].length).split(/^## /m).slice(1).map(parseStepText);
  if (sections.length !== steps.length) field.fail(`${sections.length} steps, lesson.yaml has ${steps.length}`);
  for (const [index, section] of sections.entries()) {
    const goals = steps[index]!.goals.length;
    if (section.goals.length !== goals)
      field.fail(`step "${section.title}": ${section.goals.length} goal lines, needs ${goals}`);
    if (section.hints.length === 0) field.fail(`step "${section.title}": needs a hint`);
  }
  return { title: field.text(meta.title, 'title'), summary: field.text(meta.summary, 'summary'), steps: sections };
}

function parseStepText(section: string): StepText {
  const [head, ...rest] = section.split(/^### /m);
  const newline = head!.indexOf('\n');
  const lists = new Map(rest.map((part) => [part.slice(0, part.indexOf('\n')).trim().toLowerCase(), items(part)]));
  return {
    title: head!.slice(0, newline < 0 ? undefined : newline).trim(),
    body: newline < 0 ? '' : head!.slice(newline + 1).trim(),
    goals: lists.get('goals') ?? [],
    hints: lists.get('hints') ?? [],
  };
}

const items = (part: string): string[] =>
  [...part.matchAll(/^[-*] (.+(?:\n {2,}.+)*)/gm)].map((m) => m[1]!.replace(/\n\s+/g, ' '));
