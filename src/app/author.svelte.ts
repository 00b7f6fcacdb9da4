/** The lesson that is being written: kept in this browser after each change. */
import { strToU8, zipSync } from 'fflate';
import {
  completeTexts,
  type Fact,
  type Goal,
  type Language,
  type Lesson,
  LessonError,
  type LessonForm,
  type LessonText,
  languages,
  type Prediction,
  parseLesson,
  writeLesson,
} from '../lesson/index.ts';
import { save } from './picture.ts';
import type { Session } from './session.svelte.ts';

const key = 'drydock.draft';

const emptyStep = (): LessonText['steps'][number] => ({ title: '', body: '', goals: [], hints: [], predictions: [] });

export const emptyLesson = (): Lesson => ({
  name: 'my-lesson',
  course: 'images-and-containers',
  order: 1,
  form: 'lesson',
  par: undefined,
  workspace: {},
  setup: [],
  variants: {},
  lock: undefined,
  steps: [{ id: 'step-1', goals: [], solution: [], hints: [] }],
  texts: {
    en: { title: '', summary: '', steps: [emptyStep()] },
    zh: { title: '', summary: '', steps: [emptyStep()] },
  },
  version: '',
});

export class Author {
  draft: Lesson = $state(emptyLesson());
  at = $state(0);
  /** What may be chosen as goals: of what was done since `mark`. */
  facts: readonly Fact[] = $state.raw([]);
  /** Number of the last command before the recording began; undefined: none runs. */
  since: number | undefined = $state(undefined);
  /** Of the last check; undefined: none since the last change. */
  problems: readonly string[] | undefined = $state.raw(undefined);
  checking = $state(false);

  constructor(private readonly session: Session) {
    this.draft = stored() ?? emptyLesson();
  }

  keep(): void {
    this.problems = undefined;
    try {
      localStorage.setItem(key, JSON.stringify(this.draft));
    } catch {
      // Storage is off or full: the draft holds for this visit.
    }
  }

  step(language: Language): LessonText['steps'][number] {
    return this.draft.texts[language].steps[this.at]!;
  }

  /** A challenge needs a par: as many commands as its solution has, to begin with. */
  setForm(form: LessonForm): void {
    this.draft.form = form;
    const lines = this.draft.steps.reduce((sum, { solution }) => sum + solution.length, 0);
    this.draft.par = form === 'challenge' ? Math.max(1, this.draft.par ?? lines) : undefined;
    this.keep();
  }

  setPar(text: string): void {
    this.draft.par = Math.max(1, Math.round(Number(text)) || 1);
    this.keep();
  }

  /** What the step begins with; nothing, when nothing is left. */
  setBegins(when: 'background' | 'foreground', command: string): void {
    const step = this.draft.steps[this.at]!;
    if (command.trim()) step[when] = command.trim();
    else delete step[when];
    this.keep();
  }

  addStep(): void {
    const taken = new Set(this.draft.steps.map(({ id }) => id));
    let number = this.draft.steps.length + 1;
    while (taken.has(`step-${number}`)) number += 1;
    this.draft.steps.push({ id: `step-${number}`, goals: [], solution: [], hints: [] });
    for (const language of languages) this.draft.texts[language].steps.push(emptyStep());
    this.at = this.draft.steps.length - 1;
    this.facts = [];
    this.keep();
  }

  removeStep(): void {
    if (this.draft.steps.length === 1) return;
    this.draft.steps.splice(this.at, 1);
    for (const language of languages) this.draft.texts[language].steps.splice(this.at, 1);
    this.at = Math.max(0, this.at - 1);
    this.keep();
  }

  /** From here on what is done counts for the step. */
  async record(): Promise<void> {
    await this.session.api.markBefore();
    this.since = this.session.history.last?.number ?? 0;
    this.facts = [];
  }

  /** Takes what was typed as the solution, and offers what holds now and did not before. */
  async stop(): Promise<void> {
    const typed = this.session.history.commands.filter(({ number }) => number > (this.since ?? 0));
    // A shell in a container has the terminal that it was started in.
    const [first] = typed;
    const other = (terminal: string) => !terminal.includes(':') && terminal !== first!.terminal;
    this.draft.steps[this.at]!.solution = typed.map(({ line, status, terminal }) => ({
      run: line,
      ...(status && { status }),
      ...(other(terminal) && { terminal }),
    }));
    this.facts = await this.session.api.factsNow();
    this.since = undefined;
    this.keep();
  }

  addGoal({ goal, texts }: Fact): void {
    this.draft.steps[this.at]!.goals.push(goal);
    for (const language of languages) this.step(language).goals.push(texts[language]);
    this.keep();
  }

  toggle(fact: Fact): void {
    const at = this.indexOf(fact);
    if (at >= 0) this.removeGoal(at);
    else this.addGoal(fact);
  }

  indexOf({ goal }: Fact): number {
    return this.draft.steps[this.at]!.goals.findIndex((one) => JSON.stringify(one) === JSON.stringify(goal));
  }

  removeGoal(at: number): void {
    this.draft.steps[this.at]!.goals.splice(at, 1);
    for (const language of languages) this.step(language).goals.splice(at, 1);
    this.keep();
  }

  /** A hint that waits for a state: before the general ones. */
  addHint(when: Goal): void {
    const { hints } = this.draft.steps[this.at]!;
    for (const language of languages) this.step(language).hints.splice(hints.length, 0, '');
    hints.push({ when });
    this.keep();
  }

  removeHint(at: number): void {
    this.draft.steps[this.at]!.hints.splice(at, 1);
    for (const language of languages) this.step(language).hints.splice(at, 1);
    this.keep();
  }

  addPrediction(): void {
    for (const language of languages)
      this.step(language).predictions.push({ question: '', choices: ['', ''], answer: 0, explanation: '' });
    this.keep();
  }

  removePrediction(at: number): void {
    for (const language of languages) this.step(language).predictions.splice(at, 1);
    this.keep();
  }

  /** Changes one in every language. */
  predictions(at: number, change: (prediction: Prediction) => unknown): void {
    for (const language of languages) {
      const prediction = this.step(language).predictions[at];
      if (prediction) change(prediction);
    }
    this.keep();
  }

  removeChoice(at: number, choice: number): void {
    this.predictions(at, (one) => {
      one.choices.splice(choice, 1);
      if (one.answer >= choice) one.answer = Math.max(0, one.answer - 1);
    });
  }

  setFile(path: string, text: string): void {
    this.draft.workspace[path] = text;
    this.keep();
  }

  /** With the text that the host's file has; false when there is none. */
  async addFile(path: string): Promise<boolean> {
    const text = await this.session.api.readFile(path).catch(() => undefined);
    this.setFile(path, text ?? '');
    return text !== undefined;
  }

  removeFile(path: string): void {
    delete this.draft.workspace[path];
    this.keep();
  }

  /** As the files that `drydock lessons check` reads, and the languages that lack a text of their own. */
  files(): { files: Record<string, string>; missing: string[] } {
    const { lesson, missing } = completeTexts($state.snapshot(this.draft) as Lesson);
    return { files: writeLesson(lesson), missing };
  }

  /** As a student sees it; or what is wrong. */
  preview(): Lesson | string {
    try {
      return parseLesson(this.draft.name, this.files().files, this.session.seed);
    } catch (error) {
      if (error instanceof LessonError) return error.message;
      throw error;
    }
  }

  /** By the checker that `drydock lessons check` is. */
  async check(): Promise<void> {
    this.checking = true;
    try {
      this.problems = await this.session.api.checkDraft(this.draft.name, this.files().files);
    } finally {
      this.checking = false;
    }
  }

  /** A zip of the lesson's folder. */
  save(): void {
    const { name } = this.draft;
    const entries = Object.entries(this.files().files).map(([file, text]) => [`${name}/${file}`, strToU8(text)]);
    save(`${name}.zip`, new Blob([zipSync(Object.fromEntries(entries))], { type: 'application/zip' }));
  }

  /** A zip that was saved here or made of a lesson's folder. Answers with what was wrong. */
  async open(file: File): Promise<string> {
    try {
      const { strFromU8, unzipSync } = await import('fflate');
      const entries = Object.entries(unzipSync(new Uint8Array(await file.arrayBuffer()))).filter(([path]) =>
        /(^|\/)(lesson\.yaml|(en|zh)\.md)$/.test(path),
      );
      const folder = entries[0]?.[0].split('/').at(-2) ?? file.name.replace(/\.zip$/, '');
      const files = Object.fromEntries(entries.map(([path, bytes]) => [path.split('/').at(-1)!, strFromU8(bytes)]));
      this.draft = parseLesson(folder, files, 'open');
      this.at = 0;
      this.keep();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }

  clear(): void {
    this.draft = emptyLesson();
    this.at = 0;
    this.keep();
  }
}

function stored(): Lesson | undefined {
  try {
    const lesson = JSON.parse(localStorage.getItem(key) ?? 'null') as Lesson | null;
    const whole = lesson && Array.isArray(lesson.steps) && languages.every((one) => lesson.texts?.[one]?.steps);
    return whole ? lesson : undefined;
  } catch {
    return undefined;
  }
}
