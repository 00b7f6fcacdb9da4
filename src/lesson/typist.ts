import { utf8 } from '../spec/index.ts';
import type { Trace, TraceEvent } from '../trace/index.ts';
import type { SolutionLine } from './format.ts';
import { countsForPar } from './par.ts';
import type { LessonHost } from './world.ts';

export interface PlayHost extends LessonHost {
  readonly trace: Trace;
  openTerminal(options: { columns: number; rows: number; onData(bytes: Uint8Array): void }): {
    write(data: Uint8Array): void;
    close(): void;
  };
}

export interface TypistOptions {
  /** Resolves when the host has had time to do what is due at once. */
  settle(): Promise<void>;
  /** Resolves to undefined when the promise does not within the time that a line may take. */
  inTime<T>(work: Promise<T>): Promise<T | undefined>;
}

/** A solution's line that is Ctrl+C. */
export const interrupt = '^C';

/** The prompt of a shell, of Python, of a database's client, with nothing after it. */
const prompt = /(?:[#$]|>>>|(?:^|[\r\n])[\w.-]+(?::\d+)?(?:\[\d+\])?>) $/;
/** What a login asks: who plays another maker's text has an account of the simulated Hub. */
const questions: readonly (readonly [asked: RegExp, answer: string])[] = [
  [/Username(?: \([^)]*\))?: $/, 'player'],
  [/Password: $/, 'player'],
];
const escapes = /\u001b\[[0-9;?]*[a-zA-Z]|\u001b\][^\u0007]*\u0007/g;

/** Types lines into a terminal of the host, each when the prompt is there. */
export class Typist {
  /** Commands that a par counts. */
  counted = 0;
  /** Whether the terminal's shell was left. */
  ended = false;
  /** The line that did not come back to a prompt. */
  stuck: string | undefined;
  private output = '';
  private told: (() => void) | undefined;
  private events: TraceEvent[] = [];
  private readonly decoder = new TextDecoder();
  private readonly terminal: ReturnType<PlayHost['openTerminal']>;
  private readonly stop: () => void;

  constructor(
    host: PlayHost,
    private readonly options: TypistOptions,
    /** Resolves when a line without a prompt after it is one that stays in the foreground; absent: none may. */
    private readonly patience?: () => Promise<unknown>,
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
        if (this.patience) this.answer();
      }
      return true;
    };
    // The host's time may have flown by while a prompt was looked at.
    const waited = this.patience?.().then(() => prompt.test(this.text)) ?? new Promise<never>(() => {});
    const came = await this.options.inTime(Promise.race([there(), waited]));
    given = true;
    return came ?? false;
  }

  private answer(): void {
    const [, answer] = questions.find(([asked]) => asked.test(this.text)) ?? [];
    if (answer === undefined) return;
    this.output = '';
    this.terminal.write(utf8(`${answer}\r`));
  }

  /** Resolves with what was wrong. */
  async type(line: SolutionLine): Promise<string | undefined> {
    const wrong = await this.once(line);
    // A text that was left at a container's prompt goes on at the host's: its reader has typed `exit`.
    if (!wrong || !this.patience || !/^\s*docker\b/.test(line.run) || !/\bdocker: (?:command )?not found/.test(wrong))
      return wrong;
    await this.once({ run: 'exit' });
    return this.stuck === undefined ? this.once(line) : wrong;
  }

  private async once({ run, status: wanted = 0 }: SolutionLine): Promise<string | undefined> {
    this.output = '';
    this.events = [];
    this.stuck = undefined;
    this.terminal.write(utf8(run === interrupt ? '\x03' : `${run.replaceAll('\n', '\r')}\r`));
    // What runs behind the prompt writes over it: Enter gives another one.
    if (/[^&]&\s*$/.test(run)) {
      await this.options.settle();
      this.terminal.write(utf8('\r'));
    }
    if (!(await this.prompt())) {
      this.ended = /^\s*(?:exit|logout)\b/.test(run);
      this.stuck = run;
      return this.patience ? undefined : `"${run}" does not come back to a prompt: ${this.tail(run)}`;
    }
    // Of a shell in a container, too; of none when the line opened it.
    const ended = this.events.findLast((event) => event.type === 'command.end' && event.terminal !== '');
    const status = ended?.type === 'command.end' ? ended.status : 0;
    if (countsForPar(this.events, status)) this.counted += 1;
    if (run === interrupt) return undefined;
    return status === wanted ? undefined : `"${run}" exits ${status}: ${this.tail(run)}`;
  }

  /** Ends what stays in the foreground as someone does who wants to go on; resolves with what was wrong. */
  async goOn(): Promise<string | undefined> {
    if (this.stuck === undefined) return undefined;
    const left = this.stuck;
    this.output = '';
    // The first asks `docker compose up` and its like to end, the second makes them; three end any `docker`.
    for (let times = 0; times < 3; times++) {
      this.terminal.write(utf8('\x03'));
      if (await this.prompt()) {
        this.stuck = undefined;
        return undefined;
      }
    }
    return `"${left}" does not end by Ctrl+C: ${this.tail()}`;
  }

  /** Types what stays in the foreground. */
  start({ run }: SolutionLine): void {
    this.output = '';
    this.terminal.write(utf8(`${run}\r`));
  }

  /** The last lines, without the prompt and what was typed. */
  private tail(typed = ''): string {
    const echo = typed.split('\n').at(-1)!;
    const lines = this.text.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !prompt.test(line));
    if (echo && lines[0]?.endsWith(echo)) lines.shift();
    return lines.slice(-3).join(' / ');
  }

  close(): void {
    this.stop();
    this.terminal.close();
  }
}
