/**
 * A demonstration: a folder `demos/<name>/` with `demo.yaml` (what is typed, shown and reached) and one Markdown file per
 * language: a slide for each step, and notes that only the teacher sees. docs/teachers.md says it for authors.
 */
import { BuildLog } from './builds.ts';
import { reached } from './check.ts';
import { type Language, languages, type SolutionLine } from './format.ts';
import type { Goal } from './goals.ts';
import { readSections, splitAtHeadings, titled } from './markdown.ts';
import { type LessonFiles, readLine, required, yaml } from './parse.ts';
import { type Reader, reader, readGoals } from './schema.ts';
import { type PlayHost, Typist, type TypistOptions } from './typist.ts';
import { beginLesson, worldOf } from './world.ts';

export interface Demo {
  name: string;
  /** Place in the list. */
  order: number;
  /** Files that are there at the start, by path on the host, and commands before it; as in a lesson. */
  workspace: Record<string, string>;
  setup: string[];
  steps: DemoStep[];
  texts: Record<Language, DemoText>;
}

export interface DemoStep {
  id: string;
  /** Typed before the audience and run one by one. */
  commands: SolutionLine[];
  /** The view on the stage; undefined: the one that was there. */
  view: string | undefined;
  /** What is chosen in it, as the address says it (`pick=`). */
  pick: string | undefined;
  spotlight: Spotlight | undefined;
  /** Hold when the step's commands have run. */
  goals: Goal[];
}

/** What is not dimmed: a part of the page, or a thing of the view whose label contains this text. */
export type Spotlight = { part: SpotlightPart } | { mark: string };
export const spotlightParts = ['terminal', 'stage', 'slide', 'happened'] as const;
export type SpotlightPart = (typeof spotlightParts)[number];

export interface DemoText {
  title: string;
  summary: string;
  /** Markdown. */
  slides: { title: string; body: string; notes: string }[];
}

/** Builds a demonstration from its files; `views` are those that there are. Throws LessonError. */
export function parseDemo(name: string, files: LessonFiles, views: readonly string[]): Demo {
  const read = reader(`${name}/demo.yaml`);
  const raw = read.object(yaml(required(files, name, 'demo.yaml'), read), 'the file');
  read.only(raw, ['order', 'workspace', 'setup', 'steps'], '');
  const steps = read.list(raw.steps, 'steps').map((step, index) => readStep(step, `steps[${index}]`, views, read));
  if (steps.length === 0) read.fail('steps must have a step');
  return {
    name,
    order: read.number(raw.order ?? 0, 'order'),
    workspace: read.record(raw.workspace ?? {}, 'workspace'),
    setup: read.texts(raw.setup ?? [], 'setup'),
    steps,
    texts: Object.fromEntries(
      languages.map((language) => [language, readText(name, `${language}.md`, files, steps.length)]),
    ) as Record<Language, DemoText>,
  };
}

function readStep(raw: unknown, at: string, views: readonly string[], read: Reader): DemoStep {
  const step = read.object(raw, at);
  read.only(step, ['id', 'commands', 'view', 'pick', 'spotlight', 'goals'], at);
  return {
    id: read.text(step.id, `${at}.id`),
    commands: read
      .list(step.commands ?? [], `${at}.commands`)
      .map((line, i) => readLine(line, `${at}.commands[${i}]`, read)),
    view: step.view === undefined ? undefined : read.oneOf(step.view, views, `${at}.view`),
    pick: step.pick === undefined ? undefined : read.text(step.pick, `${at}.pick`),
    spotlight: step.spotlight === undefined ? undefined : readSpotlight(step.spotlight, `${at}.spotlight`, read),
    goals: readGoals(step.goals ?? [], `${at}.goals`, read),
  };
}

function readSpotlight(raw: unknown, at: string, read: Reader): Spotlight {
  if (typeof raw === 'string') return { part: read.oneOf(raw, spotlightParts, at) };
  const mark = read.object(raw, at);
  read.only(mark, ['mark'], at);
  return { mark: read.text(mark.mark, `${at}.mark`) };
}

function readText(name: string, file: string, files: LessonFiles, steps: number): DemoText {
  const read = reader(`${name}/${file}`);
  const { title, summary, sections } = readSections(required(files, name, file), read);
  if (sections.length !== steps) read.fail(`${sections.length} slides, demo.yaml has ${steps} steps`);
  return { title, summary, slides: sections.map((section) => readSlide(section, read)) };
}

function readSlide(section: string, read: Reader): DemoText['slides'][number] {
  const [head, ...parts] = splitAtHeadings(section, '### ');
  const slide = { ...titled(head!), notes: '' };
  for (const part of parts.map(titled)) {
    if (part.title.toLowerCase() !== 'notes')
      read.fail(`slide "${slide.title}": no such part: ### ${part.title} (there is Notes)`);
    slide.notes = part.body;
  }
  return slide;
}

/** Runs a demonstration: every command exits as it says, and each step's goals hold after it. What is wrong, a line each. */
export async function playDemo(demo: Demo, host: PlayHost, options: TypistOptions): Promise<string[]> {
  const builds = new BuildLog(host.trace);
  const failed = await beginLesson(demo, host);
  if (failed) return [failed];
  const problems: string[] = [];
  const typist = new Typist(host, options);
  try {
    await typist.prompt();
    for (const { id, commands, goals } of demo.steps) {
      for (const line of commands) {
        const wrong = await typist.type(line);
        if (wrong) problems.push(`step "${id}": ${wrong}`);
        if (typist.stuck) return problems;
      }
      const world = await worldOf(host, builds.records);
      for (const [index, goal] of goals.entries())
        if (!(await reached(goal, world))) problems.push(`step "${id}": goal ${index + 1} does not hold after it`);
    }
  } finally {
    typist.close();
    builds.stop();
  }
  return problems;
}
