/** Plays a lesson by its solution, as a student would type it, and says what is wrong with the lesson. */
import { utf8 } from '../spec/index.ts';
import type { Trace, TraceEvent } from '../trace/index.ts';
import { BuildLog } from './builds.ts';
import { checkLesson, fittingHints } from './check.ts';
import type { Lesson, SolutionLine } from './format.ts';
import { countsForPar } from './par.ts';
import { beginLesson, type LessonHost, worldOf } from './world.ts';

export interface PlayHost extends LessonHost {
  readonly trace: Trace;
  openTerminal(options: { columns: number; rows: number; onData(bytes: Uint8Array): void }): {
    write(data: Uint8Array): void;
    close(): void;
  };
}

export interface PlayOptions {
  /** Resolves when the host has had time to do what is due at once. */
  settle(): Promise<void>;
  /** Resolves to undefined when the promise does not within the time that a line may take. */
  inTime<T>(work: Promise<T>): Promise<T | undefined>;
  /** Runs a check of goals and says whether it changed something durable. */
  watch<T>(check: () => Promise<T>): Promise<{ result: T; changed: boolean }>;
}

/** What is wrong, a line each: the set-up, goals that hold too early or never, lines that fail, checks that disturb. */
export async function playLesson(lesson: Lesson, host: PlayHost, options: PlayOptions): Promise<string[]> {
  const builds = new BuildLog(host.trace);
  const failed = await beginLesson(lesson, host);
  if (failed) return [failed];
  const problems: string[] = [];
  const look = async (): Promise<boolean[][]> => {
    const { result, changed } = await options.watch(async () =>
      checkLesson(lesson, await worldOf(host, builds.records)),
    );
    if (changed && !problems.includes(disturbs)) problems.push(disturbs);
    return result;
  };
  const typist = new Typist(host, options);
  try {
    await typist.prompt();
    problems.push(...holding(lesson, await look()));
    for (const [index, step] of lesson.steps.entries()) {
      await fittingHints(step, await worldOf(host, builds.records));
      for (const line of step.solution) {
        const wrong = await typist.type(line);
        if (wrong) problems.push(`step "${step.id}": ${wrong}`);
        if (typist.stuck) return problems;
      }
      problems.push(...flips(lesson, await look(), index));
    }
  } finally {
    typist.close();
    builds.stop();
  }
  if (lesson.par !== undefined && typist.counted > lesson.par)
    problems.push(`par is ${lesson.par}, the solution takes ${typist.counted} commands`);
  return problems;
}

const disturbs = 'checking its goals changes the host';

const holding = (lesson: Lesson, now: boolean[][]): string[] =>
  now.flatMap((step, i) => step.flatMap((holds, j) => (holds ? [`${goalAt(lesson, i, j)} holds at the start`] : [])));

/** After step `done`, its goals hold and those of later steps do not. */
const flips = (lesson: Lesson, now: boolean[][], done: number): string[] =>
  now.flatMap((step, i) =>
    step.flatMap((holds, j) => {
      if (i === done && !holds) return [`${goalAt(lesson, i, j)} is not reached by its solution`];
      return i > done && holds ? [`${goalAt(lesson, i, j)} already holds after step "${lesson.steps[done]!.id}"`] : [];
    }),
  );

const goalAt = (lesson: Lesson, step: number, goal: number): string =>
  `goal ${goal + 1} of step "${lesson.steps[step]!.id}"`;

/** A shell's prompt, or Python's, with nothing after it. */
const prompt = /(?:[#$]|>>>) $/;
const escapes = /\u001b\[[0-9;?]*[a-zA-Z]|\u001b\][^\u0007]*\u0007/g;

/** Types lines into a terminal of the host, each when the prompt is there. */
class Typist {
  /** Commands that a par counts. */
  counted = 0;
  /** A line did not come back to a prompt. */
  stuck = false;
  private output = '';
  private told: (() => void) | undefined;
  private events: TraceEvent[] = [];
  private readonly decoder = new TextDecoder();
  private readonly terminal: ReturnType<PlayHost['openTerminal']>;
  private readonly stop: () => void;

  constructor(
    host: PlayHost,
    private readonly options: PlayOptions,
  ) {
    this.stop = host.trace.on((event) => this.events.push(event));
    this.terminal = host.openTerminal({ columns: 120, rows: 40, onData: (bytes) => this.show(bytes) });
  }

  private show(bytes: Uint8Array): void {
    this.output = (this.output + this.decoder.decode(bytes, { stream: true })).slice(-20_000);
    this.told?.();
  }

  private get text(): string {
    return this.output.replace(escapes, '');
  }

  /** Resolves when a prompt waits; to false when it does not come in time. */
  async prompt(): Promise<boolean> {
    let given = false;
    const there = async (): Promise<true> => {
      while (!given) {
        const more = new Promise<void>((resolve) => {
          this.told = resolve;
        });
        if (prompt.test(this.text)) {
          await this.options.settle();
          if (prompt.test(this.text)) return true;
        }
        await more;
      }
      return true;
    };
    const came = await this.options.inTime(there());
    given = true;
    return came ?? false;
  }

  /** Resolves with what was wrong. */
  async type({ run, status: wanted = 0 }: SolutionLine): Promise<string | undefined> {
    this.output = '';
    this.events = [];
    this.terminal.write(utf8(`${run.replaceAll('\n', '\r')}\r`));
    if (!(await this.prompt())) {
      this.stuck = true;
      return `"${run}" does not come back to a prompt: ${this.tail()}`;
    }
    // Of a shell in a container, too; of none when the line opened it.
    const ended = this.events.findLast((event) => event.type === 'command.end' && event.terminal !== '');
    const status = ended?.type === 'command.end' ? ended.status : 0;
    if (countsForPar(this.events, status)) this.counted += 1;
    return status === wanted ? undefined : `"${run}" exits ${status}: ${this.tail()}`;
  }

  private tail(): string {
    const lines = this.text.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !prompt.test(line));
    return lines.slice(-3).join(' / ');
  }

  close(): void {
    this.stop();
    this.terminal.close();
  }
}
