/** What was typed since a lesson began, on the way to the present moment: for the hand-in file. Kept on reload. */
import type { HandInCommand } from '../lesson/index.ts';
import type { TimelineState, TraceEvent } from '../trace/index.ts';

export interface Log {
  fresh: boolean;
  begun: string;
  commands: HandInCommand[];
}

const keyOf = (lesson: string): string => `drydock.hand-in.${lesson}`;
/** More is no lesson. */
const mostCommands = 2000;

export class HandInLog {
  log: Log | undefined;
  /** Commands that run: shell's PID to their record. */
  private readonly running = new Map<number, HandInCommand>();
  /** What was typed up to each moment that was left. */
  private readonly left = new Map<number, HandInCommand[]>();
  /** Commands of before this visit, whose moments are gone. */
  private base = 0;
  private start = 0;
  private at: number | undefined;
  private readonly seen = new Set<number>();

  constructor(private readonly lesson: string) {
    try {
      this.log = JSON.parse(localStorage.getItem(keyOf(lesson)) ?? 'null') ?? undefined;
    } catch {
      this.log = undefined; // storage is off, or holds something else
    }
    this.base = this.log?.commands.length ?? 0;
  }

  begin(fresh: boolean, moment: number): void {
    this.log = { fresh, begun: new Date().toISOString(), commands: [] };
    this.base = 0;
    this.start = moment;
    this.at = moment;
    this.seen.clear();
    this.seen.add(moment);
    this.keep();
  }

  hear(events: readonly TraceEvent[]): void {
    if (!this.log) return;
    let changed = false;
    for (const event of events) {
      if (event.type === 'command.begin' && event.typed && this.log.commands.length < mostCommands) {
        const at = Math.round((Date.now() - Date.parse(this.log.begun)) / 1000);
        const command = { at, line: event.line, terminal: event.terminal };
        this.log.commands = [...this.log.commands, command];
        this.running.set(event.pid, command);
        changed = true;
      } else if (event.type === 'command.end' && this.running.has(event.pid)) {
        this.running.get(event.pid)!.status = event.status;
        this.running.delete(event.pid);
        changed = true;
      }
    }
    if (changed) this.keep();
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
    if (!this.log || before === undefined || before === current) return;
    if (!this.seen.has(current)) {
      this.seen.add(current);
      return;
    }
    this.left.set(before, this.log.commands);
    const byId = new Map(moments.map((moment) => [moment.id, moment]));
    const lines: string[] = [];
    for (let id: number | undefined = current; id !== undefined && id !== this.start; id = byId.get(id)?.parent)
      lines.unshift(byId.get(id)?.line ?? '');
    this.log.commands = this.left.get(current) ?? upTo(this.log.commands, this.base, lines);
    this.keep();
  }

  private keep(): void {
    try {
      localStorage.setItem(keyOf(this.lesson), JSON.stringify(this.log));
    } catch {
      // Storage is off or full: it holds for this visit.
    }
  }
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
