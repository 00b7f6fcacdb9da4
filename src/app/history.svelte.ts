/** What happened, command by command: the views that show "the last command" fold over it. */
import type { Inspection, TraceEvent, TraceEventOf } from '../trace/index.ts';

export interface CommandRecord {
  /** Counts from 1; stays its own when old ones are forgotten. */
  number: number;
  terminal: string;
  line: string;
  /** Host PID of the shell that runs it. */
  pid: number;
  /** Undefined while it runs. */
  status: number | undefined;
  /** In order; grows while it runs (the record is replaced then, so that what depends on it is told). */
  events: TraceEvent[];
  /** More events came than are kept. */
  cut: boolean;
  before: Inspection | undefined;
  after: Inspection | undefined;
}

/** A moment of the timeline, and what is needed to tell which of the commands made it. */
interface Made {
  id: number;
  line: string;
  inspection: Inspection;
  events: TraceEvent[];
}

/** The commands up to a moment, the one that made it last: what the views that tell of commands show of the past. */
export function commandsUpTo(
  { id, line, inspection, events }: Made,
  moments: readonly { id: number; line: string }[],
  commands: readonly CommandRecord[],
): readonly CommandRecord[] {
  // The same line may have been typed more than once.
  const before = moments.filter((one) => one.id < id && one.line === line).length;
  const same = commands.filter((one) => one.line === line)[before];
  const at = same ? commands.indexOf(same) : -1;
  if (same) return [...commands.slice(0, at), { ...same, after: inspection }];
  const made = { number: 0, terminal: '', line, pid: 0, status: 0, events, cut: false, before: undefined };
  return [{ ...made, after: inspection }];
}

/** Commands kept, and events of one: a 100-layer build says more than a picture can show. */
const mostCommands = 200;
const mostEvents = 5000;

export class CommandHistory {
  /** Oldest first; the last is the one that runs or ran last. */
  commands: readonly CommandRecord[] = $state.raw([]);
  /** Events of the last few seconds, for what flashes. */
  recent: readonly TraceEvent[] = $state.raw([]);
  /** Number of the last command of an earlier visit. */
  brought = 0;
  private number = 0;
  private known: Inspection | undefined;

  get last(): CommandRecord | undefined {
    return this.commands.at(-1);
  }

  /** What was typed in an earlier visit, on the host that was brought back. */
  bring(earlier: readonly CommandRecord[]): void {
    this.brought = earlier.at(-1)?.number ?? 0;
    this.number += this.brought;
    const now = this.commands.map((one) => ({ ...one, number: one.number + this.brought }));
    this.commands = [...earlier, ...now];
  }

  /** Typed in this visit. */
  get ofNow(): readonly CommandRecord[] {
    return this.commands.filter(({ number }) => number > this.brought);
  }

  /** One batch from the worker, and the state after it. */
  fold(events: readonly TraceEvent[], inspection: Inspection): void {
    const commands = [...this.commands];
    for (const event of events) this.take(event, commands);
    const last = commands.at(-1);
    if (last) commands[commands.length - 1] = { ...last, after: inspection };
    this.commands = commands.slice(-mostCommands);
    this.known = inspection;
    this.flash(events);
  }

  private take(event: TraceEvent, commands: CommandRecord[]): void {
    if (event.type === 'command.begin' && event.typed) {
      commands.push(this.open(event));
      return;
    }
    const at = this.ownerOf(event, commands);
    const owner = commands[at];
    if (!owner) return;
    const ends = event.type === 'command.end' && event.pid === owner.pid && owner.status === undefined;
    const cut = owner.events.length >= mostEvents;
    if (!cut && !ends) owner.events.push(event);
    commands[at] = { ...owner, status: ends ? event.status : owner.status, cut: owner.cut || cut };
  }

  /** The end of a command belongs to the one that its shell still runs; all else to the latest. */
  private ownerOf(event: TraceEvent, commands: CommandRecord[]): number {
    if (event.type !== 'command.end') return commands.length - 1;
    const running = commands.findLastIndex(({ pid, status }) => pid === event.pid && status === undefined);
    return running >= 0 ? running : commands.length - 1;
  }

  private open({ terminal, line, pid }: TraceEventOf<'command.begin'>): CommandRecord {
    this.number += 1;
    const { number, known: before } = this;
    return { number, terminal, line, pid, status: undefined, events: [], cut: false, before, after: undefined };
  }

  private flash(events: readonly TraceEvent[]): void {
    if (events.length === 0) return;
    const batch = new Set(events);
    this.recent = [...this.recent, ...events].slice(-500);
    setTimeout(() => {
      this.recent = this.recent.filter((event) => !batch.has(event));
    }, 3000);
  }
}
