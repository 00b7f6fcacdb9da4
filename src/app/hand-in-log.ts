/** What was typed since a lesson began, on the way to the present moment: for the hand-in file. Kept on reload. */
import type { HandInCommand, ShownStep } from '../lesson/index.ts';
import type { TimelineState } from '../trace/index.ts';
import type { TypedEvent } from './protocol.ts';

export interface Log {
  fresh: boolean;
  begun: string;
  commands: HandInCommand[];
  /** Steps that did something when they were shown. */
  shown: ShownStep[];
  /** Commands that a par counts, and those that failed: also of before a reload, also undone ones. */
  counts: Counts;
  /** The teacher's word was given. */
  unlocked: boolean;
}

export interface Counts {
  commands: number;
  failures: number;
}

const keyOf = (lesson: string, seed: number): string => `drydock.hand-in.${lesson}${seed === 1 ? '' : `.${seed}`}`;
/** The lesson that the host of a seed was set up for last: its log goes on. */
const hostKey = (seed: number): string => `drydock.lesson${seed === 1 ? '' : `.${seed}`}`;
/** More is no lesson. */
const mostCommands = 2000;

export class HandInLog {
  log: Log | undefined;
  /** Commands that run: shell's PID to their record. */
  private readonly running = new Map<number, HandInCommand>();
  /** What was typed up to each moment that was left. */
  private readonly left = new Map<number, Pick<Log, 'commands' | 'shown'>>();
  /** Commands of before this visit, whose moments are gone. */
  private base = 0;
  private start = 0;
  private at: number | undefined;
  private readonly seen = new Set<number>();

  /** `keeps`: whether what is done is kept, too; the log of a host that will be gone goes with it. */
  constructor(
    readonly lesson: string,
    private readonly seed: number,
    private readonly keeps: () => boolean = () => true,
  ) {
    const stored = read(keyOf(lesson, seed)) as Log | null | undefined;
    if (!stored || !Array.isArray(stored.commands)) return;
    const none = { counts: { commands: 0, failures: 0 }, unlocked: false, shown: [] };
    this.log = { ...none, ...stored, commands: afterReload(stored.commands) };
    this.base = this.log.commands.length;
  }

  /** `since`: the moments of what was typed before the lesson was there, and counts all the same; the first is the start. */
  begin(fresh: boolean, moment: number, since: readonly number[] = [moment]): void {
    const counts = { commands: 0, failures: 0 };
    this.log = { fresh, begun: new Date().toISOString(), commands: [], shown: [], counts, unlocked: false };
    this.base = 0;
    this.start = since[0] ?? moment;
    this.at = moment;
    this.seen.clear();
    for (const one of [...since, moment]) this.seen.add(one);
    this.keep();
  }

  hear(event: TypedEvent): void {
    if (!this.log) return;
    if (event.type === 'command.begin') {
      if (this.log.commands.length >= mostCommands) return;
      const at = Math.round((Date.now() - Date.parse(this.log.begun)) / 1000);
      const command = { at, line: event.line, terminal: event.terminal };
      this.log.commands = [...this.log.commands, command];
      this.running.set(event.pid, command);
    } else {
      const command = this.running.get(event.pid);
      if (!command) return;
      command.status = event.status;
      this.running.delete(event.pid);
    }
    this.keep();
  }

  /** A step does what it does when it is shown. */
  showed(id: string, types: boolean): void {
    if (!this.log) return;
    this.log.shown = [...this.log.shown, { id, after: this.log.commands.length, ...(types && { types }) }];
    this.keep();
  }

  /** It did, on the way to the present moment. */
  hasShown(id: string): boolean {
    return this.log?.shown.some((one) => one.id === id) ?? false;
  }

  count(counts: Counts): void {
    if (!this.log) return;
    this.log.counts = counts;
    this.keep();
  }

  unlock(): void {
    if (!this.log) return;
    this.log.unlocked = true;
    this.keep();
  }

  /** An editor saved. */
  saved(text: string): void {
    const last = this.log?.commands.at(-1);
    if (!last) return;
    last.saved = [...(last.saved ?? []), text];
    this.keep();
  }

  /** The machine is at another moment: what was typed after it is no longer on the way, unless it was there before. */
  moved({ moments, current }: TimelineState): void {
    const before = this.at;
    this.at = current;
    if (!this.log || before === current) return;
    if (before === undefined) {
      // Brought back from an earlier visit, or from another tab: from here on moments are known.
      this.start = current;
      this.seen.add(current);
      return;
    }
    if (!this.seen.has(current)) {
      this.seen.add(current);
      return;
    }
    const { commands, shown } = this.log;
    this.left.set(before, { commands, shown });
    const byId = new Map(moments.map((moment) => [moment.id, moment]));
    const lines: string[] = [];
    for (let id: number | undefined = current; id !== undefined && id !== this.start; id = byId.get(id)?.parent)
      lines.unshift(byId.get(id)?.line ?? '');
    const there = this.left.get(current) ?? { commands: upTo(commands, this.base, lines), shown };
    const typed = there.commands.length;
    this.log.commands = there.commands;
    this.log.shown = there.shown.filter(({ after, types }) => (types ? after < typed : after <= typed));
    this.keep();
  }

  private keep(): void {
    if (!this.keeps()) return;
    try {
      localStorage.setItem(keyOf(this.lesson, this.seed), JSON.stringify(this.log));
      localStorage.setItem(hostKey(this.seed), JSON.stringify(this.lesson));
    } catch {
      // Storage is off or full: it holds for this visit.
    }
  }
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return undefined; // storage is off, or holds something else
  }
}

/** The lesson that the kept host was set up for last. */
export function hostLesson(seed: number): string | undefined {
  const name = read(hostKey(seed));
  return typeof name === 'string' && read(keyOf(name, seed)) ? name : undefined;
}

/** What still ran is as if it had not been typed; a shell in a container, in which things were done, as if it was left. */
export function afterReload(commands: readonly HandInCommand[]): HandInCommand[] {
  const inside = ({ terminal }: HandInCommand): boolean => terminal.includes(':');
  const open = commands.findLastIndex((one) => one.status === undefined && !inside(one));
  const ended = commands.filter((one, at) => one.status !== undefined || at === open);
  if (open < 0) return ended;
  const last = commands.slice(open + 1).findLast((one) => inside(one) && one.status !== undefined);
  if (!last) return ended.filter((one) => one !== commands[open]);
  return [...ended, { at: last.at, line: 'exit', terminal: last.terminal, status: 0 }];
}

/** The commands up to the last of `lines`, which are those of them that made a moment, in order. */
export function upTo(commands: readonly HandInCommand[], from: number, lines: readonly string[]): HandInCommand[] {
  let end = from;
  for (const line of lines) {
    const at = commands.findIndex((command, index) => index >= end && command.line === line);
    if (at >= 0) end = at + 1;
  }
  return commands.slice(0, end);
}
