/**
 * A lesson: a folder `lessons/<name>/` with `lesson.yaml` (this structure) and one Markdown file per language
 * (`en.md`, `zh.md`). docs/lessons.md says it for authors.
 */
import type { Goal } from './goals.ts';
import type { Lock } from './lock.ts';
import type { Variants } from './variants.ts';

export const courses = [
  'images-and-containers',
  'layers',
  'dockerfile',
  'registry',
  'linux',
  'network-and-volumes',
] as const;
export type Course = (typeof courses)[number];

export type Language = 'en' | 'zh';
export const languages: readonly Language[] = ['en', 'zh'];

export const courseTitles: Readonly<Record<Course, Readonly<Record<Language, string>>>> = {
  'images-and-containers': { en: 'Images and containers', zh: '镜像与容器' },
  layers: { en: 'Layers', zh: '层' },
  dockerfile: { en: 'Dockerfile', zh: 'Dockerfile' },
  registry: { en: 'Registry', zh: '仓库' },
  linux: { en: 'Linux underneath', zh: '底下的 Linux' },
  'network-and-volumes': { en: 'Network and volumes', zh: '网络与数据卷' },
};

/**
 * `repair`: the set-up leaves something broken. `challenge`: a goal and a command count to reach it with. `imported`: of
 * another maker, whose checks may leave traces and whose text may say what to do without showing it.
 */
export const lessonForms = ['lesson', 'repair', 'challenge', 'imported'] as const;
export type LessonForm = (typeof lessonForms)[number];

export interface Lesson {
  name: string;
  course: Course;
  /** Place in the course. */
  order: number;
  form: LessonForm;
  /** Of a challenge: commands that suffice. What counts as one: see `countsForPar`. */
  par: number | undefined;
  /** Files of the starting workspace, by path on the host. */
  workspace: Record<string, string>;
  /** Commands run before the student begins (must exit 0). */
  setup: string[];
  /** Values that a seed chooses from, by name; they are filled in already. */
  variants: Variants;
  lock: Lock | undefined;
  steps: Step[];
  texts: Record<Language, LessonText>;
  /** Digest of its files: another text is another version. */
  version: string;
}

export interface Step {
  id: string;
  goals: Goal[];
  /** A command that runs unseen when the step is first shown, and one that is typed then. */
  background?: string;
  foreground?: string;
  /** What is typed, line by line, to reach this step's goals from the state after the previous step. */
  solution: SolutionLine[];
  /** Conditions of the first hints; those after them are general. */
  hints: { when: Goal }[];
}

export interface SolutionLine {
  /** `^C` alone is Ctrl+C: it ends what the line before left in the foreground. */
  run: string;
  /** Exit status; undefined: 0. */
  status?: number;
  /** Which of several terminals it is typed in, by a name of the lesson's; undefined: the first. */
  terminal?: string;
}

export interface LessonText {
  title: string;
  summary: string;
  steps: StepText[];
}

export interface StepText {
  title: string;
  /** Markdown. */
  body: string;
  /** First one for each condition of the step's `hints`, shown when it holds; then from a nudge to the command. */
  hints: string[];
  /** One line for each goal of the step. */
  goals: string[];
  /** Asked before the student runs anything. */
  predictions: Prediction[];
}

export interface Prediction {
  question: string;
  choices: string[];
  /** Index of the right choice. */
  answer: number;
  explanation: string;
}
