/** The lesson that is open, how far it is, and what was done before. */
import {
  advance,
  countsForPar,
  goalKeys,
  type HandIn,
  hintsOpen,
  isProbe,
  type Lesson,
  type LessonProgress,
  mergeProgress,
  noProgress,
  type Progress,
  progressKey,
  reachedBefore,
  readProgress,
  untouched,
} from '../lesson/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { type Counts, HandInLog, hostLesson } from './hand-in-log.ts';
import type { CommandRecord } from './history.svelte.ts';
import { idle } from './idle.ts';
import { importedLessons } from './import-lesson.ts';
import { OwnLessons } from './lessons.ts';
import type { Session } from './session.svelte.ts';
import { program } from './version.ts';

const storageKey = 'drydock.progress';
const firstLesson = 'what-a-layer-is';
/** What a goal waits for may happen without an event: a server answers, a moment after it was started. */
const probeEveryMs = 2000;

export class LessonState {
  lessons: readonly Lesson[] = $state.raw([]);
  lesson: Lesson | undefined = $state.raw(undefined);
  progress: Progress = $state.raw(noProgress());
  /** Index of the step that is shown. */
  at = $state(0);
  goals: readonly (readonly boolean[])[] = $state.raw([]);
  /** Conditional hints of the step that fit now, and those of its hints that were asked for. */
  fitting: readonly number[] = $state.raw([]);
  asked: readonly number[] = $state.raw([]);
  /** Its workspace and set-up are in place. */
  begun: 'no' | 'beginning' | 'yes' = $state('no');
  problem = $state('');
  /** Number of the last command before it began, or before this visit. */
  private since = $state(0);
  /** Of before. */
  private counted: Counts = $state({ commands: 0, failures: 0 });
  /** The host was brought back from an earlier visit. */
  private restored = false;
  /** Of the lesson that this visit's host was set up for; `log` is that of the lesson that is shown. */
  private host: HandInLog | undefined;
  private looking = false;
  private again = false;
  private moving: ReturnType<typeof setTimeout> | undefined;

  readonly own: LessonProgress = $derived(this.of(this.lesson?.name ?? ''));
  readonly done = $derived(this.goals.length > 0 && this.goals.every((step) => step.every(Boolean)));
  /** Known once all are read. */
  readonly next: Lesson | undefined = $derived(
    this.lessons.includes(this.lesson!) ? this.lessons[this.lessons.indexOf(this.lesson!) + 1] : undefined,
  );
  /** Commands that a par counts, since it began. */
  get commands(): number {
    const counts = ({ events, status }: CommandRecord) => countsForPar(events, status);
    return this.counted.commands + this.recent.filter(counts).length;
  }

  private get recent(): CommandRecord[] {
    return this.session.history.commands.filter(({ number }) => number > this.since);
  }

  private log: HandInLog | undefined;
  private draft = false;
  /** Minutes since the lesson began, as hints count them. */
  private minutes = $state(0);
  /** The teacher's word was given. */
  private unlocked = $state(false);

  constructor(readonly session: Session) {}

  /** Commands since it began that failed. */
  get failures(): number {
    return this.counted.failures + this.recent.filter(({ status }) => (status ?? 0) !== 0).length;
  }

  get hintsOpen(): boolean {
    return this.unlocked || hintsOpen(this.lesson?.lock, { minutes: this.minutes, failures: this.failures });
  }

  /** Minutes and failures that hints still wait for. */
  get hintsWait(): { minutes: number | undefined; failures: number | undefined; code: boolean } {
    const { minutes, failures, code } = this.lesson?.lock?.hints ?? {};
    return {
      minutes: minutes === undefined ? undefined : Math.ceil(minutes - this.minutes),
      failures: failures === undefined ? undefined : failures - this.failures,
      code: code !== undefined,
    };
  }

  /** Opens the hints with the teacher's word; false when it is another. */
  unlock(word: string): boolean {
    this.unlocked = this.lesson?.lock?.hints?.code === word.trim();
    if (this.unlocked) this.log?.unlock();
    return this.unlocked;
  }

  private tick(): void {
    const begun = this.log?.log?.begun;
    this.minutes = begun === undefined ? 0 : (Date.now() - Date.parse(begun)) / 60_000;
  }

  /** What is handed in, not signed yet. */
  async handIn(student: string): Promise<HandIn> {
    const lesson = this.lesson!;
    const log = this.log?.log;
    const { stateDigest } = await import('../lesson/index.ts');
    return {
      drydock: 'hand-in',
      version: 1,
      program: program(),
      student,
      lesson: { name: lesson.name, version: lesson.version },
      seed: this.session.seed,
      fresh: log?.fresh ?? false,
      begun: log?.begun ?? '',
      handedIn: new Date().toISOString(),
      commands: log?.commands ?? [],
      shown: log?.shown ?? [],
      goals: goalKeys(lesson).flatMap((keys, step) => keys.filter((_, at) => this.goals[step]?.[at])),
      of: lesson.steps.reduce((sum, { goals }) => sum + goals.length, 0),
      state: stateDigest(await this.session.api.inspect()),
    };
  }

  /** Opens the lesson that was open, and loads the others after it. */
  async load(): Promise<void> {
    const { seed, time } = this.session;
    const [brought, own] = await Promise.all([importedLessons(seed), OwnLessons.load(seed)]);
    await time.decided;
    const named = (name: string) => brought.find((one) => one.name === name) ?? own.named(name);
    this.progress = readProgress(stored()) ?? noProgress();
    this.restored = this.session.restoring && time.keep.state !== 'off';
    if (this.restored) this.resume(this.session.history.brought);
    const lesson = named(this.progress.open ?? firstLesson) ?? named(firstLesson);
    if (lesson) this.open(lesson, !location.hash && !time.replay);
    this.session.onTyped((event) => this.host?.hear(event));
    this.lessons = brought;
    const all = await own.all(() => idle(50));
    // What came from elsewhere takes the place of what has its name.
    const { lessons } = this;
    this.lessons = [...all.filter(({ name }) => !lessons.some((one) => one.name === name)), ...lessons];
  }

  /** Follows what happens, until the function it answers with is called. */
  follow(): () => void {
    this.session.saved = (text) => this.host?.saved(text);
    const stop = this.session.on((events) => {
      if (events.some(({ type }) => type === 'command.end'))
        this.host?.count({ commands: this.commands, failures: this.failures });
      if (events.some(isSign)) void this.look();
    });
    const timer = setInterval(() => {
      this.tick();
      const goals = this.lesson?.steps[this.at]?.goals ?? [];
      if (!document.hidden && goals.some((goal, i) => isProbe(goal) && !this.goals[this.at]?.[i])) void this.look();
    }, probeEveryMs);
    return () => {
      this.session.saved = () => {};
      stop();
      clearInterval(timer);
      clearTimeout(this.moving);
    };
  }

  of(name: string): LessonProgress {
    const key = progressKey(name, this.session.seed);
    return Object.hasOwn(this.progress.lessons, key) ? this.progress.lessons[key]! : untouched();
  }

  /** One that came from elsewhere: in place of what had its name. */
  add(lesson: Lesson): void {
    this.lessons = [...this.lessons.filter(({ name }) => name !== lesson.name), lesson];
    this.open(lesson);
  }

  /** `first`: with the page. Whoever was quick and typed before it was there has typed in it. */
  open(lesson: Lesson, first = false): void {
    this.draft = false;
    clearTimeout(this.moving);
    this.lesson = lesson;
    this.goals = reachedBefore(lesson, this.own);
    const at = lesson.steps.findIndex(({ id }) => id === this.own.at);
    this.begun = 'no';
    this.show(Math.max(0, at));
    this.problem = '';
    const { history, time } = this.session;
    const here = this.host?.lesson === lesson.name ? this.host : undefined;
    this.log = here ?? this.logOf(lesson.name);
    const nothing = lesson.setup.length === 0 && Object.keys(lesson.workspace).length === 0;
    const untouched = !this.restored && (first || (history.commands.length === 0 && time.state.moments.length <= 1));
    this.begun = here || (nothing && untouched && !this.log.log) ? 'yes' : 'no';
    // Nothing was done before it, and nothing was brought back: a fresh host.
    if (this.begun === 'yes' && !here) this.started(!this.restored, first);
    this.unlocked = this.log.log?.unlocked ?? false;
    this.lock();
    this.tick();
    if (this.begun === 'yes') this.work();
  }

  /** A draft as a student would see it, on the host as it is; nothing of it is kept. */
  preview(lesson: Lesson, at: number): void {
    this.lesson = lesson;
    this.draft = true;
    this.begun = 'yes';
    this.goals = lesson.steps.map(({ goals }) => goals.map(() => false));
    this.at = Math.min(at, lesson.steps.length - 1);
    void this.look();
  }

  /** Its workspace and set-up are in place. */
  private started(fresh: boolean, first = false): void {
    const { history, time } = this.session;
    const { moments, current } = time.state;
    this.host = this.log;
    this.since = first ? 0 : (history.last?.number ?? 0);
    this.counted = { commands: 0, failures: 0 };
    this.unlocked = false;
    this.log?.begin(fresh, current, first ? moments.map(({ id }) => id) : [current]);
  }

  private lock(): void {
    const { lock, texts } = this.lesson!;
    const commands = [...(lock?.commands ?? [])];
    const { title } = texts[this.session.language];
    void this.session.api.lock(commands.length > 0 ? { commands, title } : undefined);
  }

  private logOf(lesson: string): HandInLog {
    return new HandInLog(lesson, this.session.seed, () => this.session.time.keep.state !== 'off');
  }

  /** The host was brought back: what was begun on it goes on. */
  private resume(since: number): void {
    const name = hostLesson(this.session.seed);
    this.host = name === undefined ? undefined : this.logOf(name);
    this.since = since;
    this.counted = { ...(this.host?.log?.counts ?? { commands: 0, failures: 0 }) };
  }

  /** The workspace was taken over from another tab, with its host. */
  tookOver(): void {
    this.restored = true;
    this.progress = readProgress(stored()) ?? this.progress;
    this.resume(this.session.history.last?.number ?? 0);
    const lesson = this.lessons.find(({ name }) => name === this.progress.open) ?? this.lesson;
    if (lesson) this.open(lesson);
  }

  moved(): void {
    this.host?.moved(this.session.time.state);
  }

  async begin(fresh: boolean): Promise<void> {
    const lesson = this.lesson!;
    this.begun = 'beginning';
    this.problem = (await this.session.api.beginLesson(lesson, fresh)) ?? '';
    this.begun = this.problem ? 'no' : 'yes';
    if (!this.problem) this.started(fresh);
    if (this.begun === 'yes') this.work();
  }

  /** From the beginning, on a fresh host; that it was done once stays. */
  async reset(): Promise<void> {
    const lesson = this.lesson!;
    const { done, commands } = this.own;
    this.keep(lesson, { ...untouched(), ...(done && { done }), ...(commands !== undefined && { commands }) });
    this.open(lesson);
    await this.begin(true);
  }

  show(at: number): void {
    clearTimeout(this.moving);
    this.at = at;
    this.asked = [];
    this.fitting = [];
    if (this.lesson) this.keep(this.lesson, { ...this.own, at: this.lesson.steps[at]!.id });
    if (this.begun === 'yes') this.work();
  }

  /** What a step begins with runs once, when it is first shown; and when it is again, after that was undone. */
  private work(): void {
    const { id, background, foreground } = this.lesson!.steps[this.at]!;
    const log = this.draft ? undefined : this.log;
    if ((background || foreground) && !log?.hasShown(id)) {
      log?.showed(id, foreground !== undefined);
      if (background) void this.session.api.runUnseen(background);
      if (foreground) this.session.type(foreground);
    }
    void this.look();
  }

  /** The next hint to show: one that fits the state before the general ones. Undefined: all were shown. */
  get nextHint(): number | undefined {
    const step = this.lesson?.steps[this.at];
    const count = this.lesson?.texts.en.steps[this.at]?.hints.length ?? 0;
    const general = Array.from({ length: count }, (_, index) => index).slice(step?.hints.length ?? 0);
    return [...this.fitting, ...general].find((index) => !this.asked.includes(index));
  }

  /** Those asked for that still fit. */
  get hints(): number[] {
    const conditions = this.lesson?.steps[this.at]?.hints.length ?? 0;
    return this.asked.filter((index) => index >= conditions || this.fitting.includes(index));
  }

  askHint(): void {
    const next = this.nextHint;
    if (next !== undefined) this.asked = [...this.asked, next];
  }

  /** Asked once: the first choice counts. */
  predict(question: number, choice: number): void {
    const { id } = this.lesson!.steps[this.at]!;
    const before = this.own.predicted?.[id] ?? [];
    if (before[question] !== undefined && before[question] >= 0) return;
    const choices = Array.from({ length: Math.max(before.length, question + 1) }, (_, i) => before[i] ?? -1);
    choices[question] = choice;
    this.keep(this.lesson!, { ...this.own, predicted: { ...this.own.predicted, [id]: choices } });
  }

  predicted(question: number): number | undefined {
    const choice = this.own.predicted?.[this.lesson?.steps[this.at]?.id ?? '']?.[question];
    return choice === undefined || choice < 0 ? undefined : choice;
  }

  /** Goals are checked on the state, not on what was typed; one look at a time. */
  private async look(): Promise<void> {
    if (this.begun !== 'yes' || !this.lesson) return;
    this.again = this.looking;
    if (this.looking) return;
    this.looking = true;
    const { lesson, at } = this;
    try {
      const found = await this.session.api.checkLesson(lesson.steps, {
        known: this.goals.map((row) => [...row]),
        step: at,
      });
      if (this.lesson === lesson && this.begun === 'yes') this.take(lesson, at, found);
    } finally {
      this.looking = false;
      if (this.again) void this.look();
    }
  }

  private take(lesson: Lesson, at: number, found: { goals: boolean[][]; hints: number[] }): void {
    const [before, wasDone] = [this.goals[at]?.every(Boolean) ?? false, this.done];
    this.goals = found.goals;
    if (at === this.at) this.fitting = found.hints;
    const progress = advance(lesson, this.own, found.goals);
    const best = Math.min(this.own.commands ?? Number.POSITIVE_INFINITY, this.commands);
    this.keep(lesson, this.done && !wasDone && lesson.par !== undefined ? { ...progress, commands: best } : progress);
    const reached = !before && found.goals[at]!.every(Boolean) && at < lesson.steps.length - 1;
    if (reached && at === this.at) this.moving = setTimeout(() => this.show(at + 1), 1200);
  }

  private keep(lesson: Lesson, own: LessonProgress): void {
    if (this.draft) return;
    this.progress = {
      ...this.progress,
      open: lesson.name,
      lessons: { ...this.progress.lessons, [progressKey(lesson.name, this.session.seed)]: own },
    };
    this.store();
  }

  /** Adds what a file says was done; false when it holds no progress. */
  adopt(text: string): boolean {
    const other = readProgress(text);
    if (!other) return false;
    this.progress = mergeProgress(this.progress, other);
    this.store();
    if (this.lesson) this.goals = reachedBefore(this.lesson, this.own);
    return true;
  }

  private store(): void {
    // How far somebody is goes with the host, which the other tab has.
    const { keep } = this.session.time;
    if (keep.state === 'off' && keep.reason === 'other-tab') return;
    try {
      localStorage.setItem(storageKey, JSON.stringify(this.progress));
    } catch {
      // Storage is off or full: progress holds for this visit.
    }
  }
}

function stored(): string {
  try {
    return localStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

/** Of what someone did; not of what looking at a goal does (a request, a process of no terminal). */
function isSign(event: TraceEvent): boolean {
  if (event.type === 'command.begin' || event.type === 'command.end') return event.terminal !== '';
  return !/^(process|net|http|overlay)\./.test(event.type);
}
