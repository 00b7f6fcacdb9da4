/**
 * A lesson: a folder `lessons/<name>/` with `lesson.yaml` (this structure) and one Markdown file per language
 * (`en.md`, `zh.md`): front matter `title`, `summary`; then one `## ` section per step, in the order of the steps.
 */
export interface Lesson {
  name: string;
  course: string;
  order: number;
  /** Files of the starting workspace, by path on the host. */
  workspace: Record<string, string>;
  /** Commands run before the student begins (must exit 0). */
  setup: string[];
  steps: Step[];
  texts: Record<Language, LessonText>;
}

export type Language = 'en' | 'zh';
export const languages: readonly Language[] = ['en', 'zh'];

export interface Step {
  id: string;
  goals: Goal[];
  /** Commands that reach this step's goals from the state after the previous step. */
  solution: string[];
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
  /** From a nudge to the command; shown one by one. */
  hints: string[];
  /** One line for each goal of the step. */
  goals: string[];
}

/** A condition on the state of the host, never on what was typed. All given parts must hold. */
export type Goal =
  | { image: ImageGoal }
  | { container: ContainerGoal }
  | { file: { path: string; contains?: string; absent?: boolean } }
  | { registry: { repository: string; tag?: string } }
  | { login: { registry: string } };

export interface ImageGoal {
  /** Familiar reference, `name` or `name:tag`. */
  reference?: string;
  absent?: boolean;
  /** Some layer above the base adds or changes this path. */
  layerContains?: string;
  /** Image must stand on the layers of this image. */
  from?: string;
  /** At least so many layers above those of `from`. */
  layersAbove?: number;
  exposes?: string;
}

export interface ContainerGoal {
  name?: string;
  /** Image reference it was created from, or an image whose ID it uses. */
  image?: string;
  status?: 'running' | 'exited' | 'created' | 'paused';
  /** Its writable layer adds or changes this path. */
  changed?: string;
  deleted?: string;
  port?: string;
  absent?: boolean;
}
