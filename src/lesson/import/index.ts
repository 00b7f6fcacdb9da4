/**
 * What teachers already have, as lessons: a Killercoda scenario (index.json) or course (structure.json), a Docker Labspace or Simspace
 * (labspace.yaml), or a Markdown tutorial with shell blocks. Files in, a lesson's files out, with what could not be
 * carried over; nothing is run here.
 */
import { stringify } from 'yaml';
import { LessonError } from '../schema.ts';
import { isCourse, scenariosOf } from './course.ts';
import { fromKillercoda } from './killercoda.ts';
import { fromLabspace } from './labspace.ts';
import { type Imported, isPage, longestPage, mostFiles, mostText } from './page.ts';
import { fromTutorial } from './tutorial.ts';

export interface ImportedLesson {
  /** lesson.yaml, en.md, zh.md. */
  files: Record<string, string>;
  /** What was not carried over, a line each. */
  notes: string[];
}

/** The lessons of a folder: of a course all, in its order; of anything else the one. Throws LessonError. */
export function importLessons(
  name: string,
  files: Readonly<Record<string, string>>,
): { lessons: { name: string; lesson: ImportedLesson }[]; notes: string[] } {
  if (!isCourse(files)) return { lessons: [{ name, lesson: importLesson(name, files) }], notes: [] };
  const { scenarios, notes } = scenariosOf(files);
  if (scenarios.length === 0) throw new LessonError(`${name}: no scenario in this course`);
  const digits = String(scenarios.length).length;
  const lessons = scenarios.map(({ folder, files: own }, at) => ({
    name: `${String(at + 1).padStart(digits, '0')}-${folder.replaceAll('/', '-')}`,
    lesson: importLesson(folder, own, firstOrder + at),
  }));
  return { lessons, notes };
}

/** Place in the course of the first that is brought in. */
const firstOrder = 100;

/** `files` by path from the folder that was handed in. Throws LessonError when there is no lesson in them. */
export function importLesson(
  name: string,
  files: Readonly<Record<string, string>>,
  order = firstOrder,
): ImportedLesson {
  const sizes = Object.values(files).map((text) => text.length);
  if (sizes.length > mostFiles || sizes.reduce((a, b) => a + b, 0) > mostText)
    throw new LessonError(`${name}: more than ${mostFiles} files or ${mostText} characters`);
  const long = Object.keys(files).find((path) => isPage(path) && files[path]!.length > longestPage);
  if (long) throw new LessonError(`${name}/${long}: more than ${longestPage} characters`);
  const imported = read(name, files);
  if (imported.steps.length === 0) throw new LessonError(`${name}: no step in it`);
  const markdown = toMarkdown(imported);
  const { course, workspace, setup, steps } = imported;
  const yaml = stringify({
    course,
    order,
    form: 'imported',
    workspace,
    setup,
    steps: steps.map(({ goals, commands, background, foreground }, index) => ({
      id: `step-${index + 1}`,
      goals,
      ...(background && { background }),
      ...(foreground && { foreground }),
      solution: commands.map((line) => (line.terminal ? line : line.run)),
    })),
  });
  return { files: { 'lesson.yaml': yaml, 'en.md': markdown, 'zh.md': markdown }, notes: imported.notes };
}

function read(name: string, files: Readonly<Record<string, string>>): Imported {
  const named = (wanted: RegExp) =>
    Object.keys(files)
      .filter((path) => wanted.test(path))
      .sort((a, b) => a.length - b.length)[0];
  const labspace = named(/(^|\/)labspace\.ya?ml$/);
  if (labspace) return fromLabspace(labspace, files);
  if (Object.hasOwn(files, 'index.json')) return fromKillercoda(files);
  const pages = Object.keys(files).filter(isPage).sort();
  if (pages.length === 0)
    throw new LessonError(`${name}: neither index.json (Killercoda), labspace.yaml (Labspace) nor Markdown`);
  return fromTutorial(name, pages, files);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function toMarkdown({ title, summary, steps }: Imported): string {
  const front = stringify({ title: oneLine(title), summary: oneLine(summary) || oneLine(title) });
  const sections = steps.map((step) => {
    const goals =
      step.goals.length > 0
        ? `\n\n### Goals\n\n${step.goals.map(() => '- the check of this step passes').join('\n')}`
        : '';
    const hints =
      step.goals.length > 0 ? '\n\n### Hints\n\n- Do what the text says; its check looks at the result.' : '';
    return `## ${oneLine(step.title) || 'Step'}\n\n${step.body}${goals}${hints}\n`;
  });
  return `---\n${front}---\n\n${sections.join('\n')}`;
}
