/** How far someone is in which lesson. Kept by the names of lessons, steps and goals, so that an update loses nothing. */
import type { Lesson } from './format.ts';

export interface LessonProgress {
  /** Ids of steps that were done; they stay done when the lesson gets new goals. */
  steps: string[];
  /** Keys of goals that were reached: see `goalKeys`. */
  goals: string[];
  /** Id of the step that is open. */
  at?: string;
  /** All steps were done once. */
  done?: boolean;
  /** Choices by step id, one for each prediction that was answered. */
  predicted?: Record<string, number[]>;
  /** Of a challenge: fewest commands it was done with. */
  commands?: number;
}

export interface Progress {
  version: 1;
  /** The lesson that is open. */
  open?: string;
  /** By `progressKey`. */
  lessons: Record<string, LessonProgress>;
}

/** Each seed has a variant of the lesson and a host of its own, and so what was reached there. */
export const progressKey = (lesson: string, seed: number): string => (seed === 1 ? lesson : `${lesson}.${seed}`);

export const noProgress = (): Progress => ({ version: 1, lessons: {} });
export const untouched = (): LessonProgress => ({ steps: [], goals: [] });

/** `pull/image`, `pull/image-2`: a goal keeps its key when goals of other kinds come or go, or its own is refined. */
export function goalKeys(lesson: Lesson): string[][] {
  return lesson.steps.map(({ id, goals }) => {
    const seen = new Map<string, number>();
    return goals.map((goal) => {
      const kind = Object.keys(goal)[0]!;
      const count = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, count);
      return count === 1 ? `${id}/${kind}` : `${id}/${kind}-${count}`;
    });
  });
}

/** Per step, per goal, what was reached before. */
export const reachedBefore = (lesson: Lesson, progress: LessonProgress): boolean[][] =>
  goalKeys(lesson).map((keys, step) =>
    keys.map((key) => progress.steps.includes(lesson.steps[step]!.id) || progress.goals.includes(key)),
  );

/** With what is reached now. */
export function advance(lesson: Lesson, progress: LessonProgress, now: readonly boolean[][]): LessonProgress {
  const keys = goalKeys(lesson);
  const goals = keys.flat().filter((_, index) => now.flat()[index]);
  const steps = lesson.steps.filter((_, index) => now[index]!.every(Boolean)).map(({ id }) => id);
  const all = (old: string[], more: string[]): string[] => [...new Set([...old, ...more])];
  const done = progress.done || steps.length === lesson.steps.length;
  return { ...progress, steps: all(progress.steps, steps), goals: all(progress.goals, goals), ...(done && { done }) };
}

/** What either has. */
export function mergeProgress(mine: Progress, theirs: Progress): Progress {
  const lessons = { ...mine.lessons };
  for (const [name, other] of Object.entries(theirs.lessons)) {
    const own = Object.hasOwn(lessons, name) ? lessons[name]! : untouched();
    const best = [own.commands, other.commands].filter((count) => count !== undefined);
    lessons[name] = {
      ...other,
      ...own,
      steps: [...new Set([...own.steps, ...other.steps])],
      goals: [...new Set([...own.goals, ...other.goals])],
      ...((own.done || other.done) && { done: true }),
      predicted: { ...other.predicted, ...own.predicted },
      ...(best.length > 0 && { commands: Math.min(...best) }),
    };
  }
  return { ...mine, lessons };
}

/** Longer text is no progress of anyone's. */
const longest = 1 << 20;

/** Reads what was kept or exported; undefined when it is something else. */
export function readProgress(text: string): Progress | undefined {
  if (text.length > longest) return undefined;
  try {
    const raw = JSON.parse(text) as Progress;
    if (raw?.version !== 1 || !isRecord(raw.lessons)) return undefined;
    const lessons = Object.entries(raw.lessons).flatMap(([name, one]) => {
      const read = readOne(one);
      return read ? [[name, read] as const] : [];
    });
    const open = typeof raw.open === 'string' ? { open: raw.open } : {};
    return { version: 1, ...open, lessons: Object.fromEntries(lessons) };
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function readOne(raw: unknown): LessonProgress | undefined {
  if (!isRecord(raw)) return undefined;
  const predicted = Object.entries(isRecord(raw.predicted) ? raw.predicted : {}).map(
    ([id, choices]) => [id, Array.isArray(choices) ? choices.filter(Number.isInteger) : []] as const,
  );
  return {
    steps: texts(raw.steps),
    goals: texts(raw.goals),
    ...(typeof raw.at === 'string' && { at: raw.at }),
    ...(raw.done === true && { done: true }),
    ...(typeof raw.commands === 'number' && { commands: raw.commands }),
    predicted: Object.fromEntries(predicted),
  };
}
