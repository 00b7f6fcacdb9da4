/**
 * The history of a machine: a moment for each typed command that changed something durable. Moments form a tree: what is
 * typed after a jump begins a branch, and nothing that was left behind is lost.
 *
 *   0 ── docker pull ── docker run ── rm -rf app          (undo, undo, and type)
 *              └── docker build …                          <- current
 *
 * A moment's snapshot is taken when its command ends, and again, if it differs, when the next one begins: what goes on in
 * the background (`--rm`, a server that writes) belongs to the command before.
 */
import type { TimelineMoment, TimelineState, TraceEvent, TraceEventOf } from '../trace/index.ts';
import { differs } from './changes.ts';
import type { Machine, Past } from './machine.ts';
import type { Snapshot } from './snapshot.ts';

/** A line as it was typed; `terminal` as `command.begin` tells it. */
export interface TypedLine {
  line: string;
  terminal: string;
}

interface Moment extends Omit<TimelineMoment, 'kept' | 'events'> {
  /** Undefined when it was thinned out. */
  snapshot: Snapshot | undefined;
  events: TraceEvent[];
  /** Of its children, the one last been at: where redo leads. */
  next: number | undefined;
  /** All that was typed since the moment before, also what changed nothing; undefined: something else was done too. */
  typed: TypedLine[] | undefined;
}

interface Running {
  line: string;
  terminal: string;
  pid: number;
  events: TraceEvent[];
  leftOut: number;
  /** Its moment, when it got one while it still ran: what was typed into it needs a state to come after. */
  moment?: Moment;
}

export interface TimelineOptions {
  /** Moments whose state is held; older ones are thinned out. */
  keep?: number;
  /** Events held of one moment. */
  eventsKept?: number;
}

/** What is written in an editor was not typed as a line. */
const isEditor = (program = ''): boolean => /(^|\/)(vi|vim|nano|edit)$/.test(program);

/** Too many of them, and of no use afterwards. */
const fleeting = new Set<TraceEvent['type']>(['overlay.lookup', 'net.packet']);

export class Timeline {
  private readonly moments = new Map<number, Moment>();
  private readonly running = new Map<number, Running>();
  private readonly listeners = new Set<(state: TimelineState) => void>();
  private current: Moment;
  /** What was typed since the present moment. */
  private typed: TypedLine[] | undefined = [];
  private lastId = 0;
  private moving: Promise<unknown> = Promise.resolve();
  private inMove = false;
  private readonly keep: number;
  private readonly eventsKept: number;
  private readonly stopListening: () => void;

  constructor(
    private readonly machine: Machine,
    { keep = 200, eventsKept = 2000 }: TimelineOptions = {},
  ) {
    this.keep = keep;
    this.eventsKept = eventsKept;
    this.current = this.add(
      { line: '', terminal: '', events: [], leftOut: 0, pid: 0 },
      0,
      machine.snapshot(),
      undefined,
    );
    this.stopListening = machine.trace.on((event) => this.hear(event));
  }

  close(): void {
    this.stopListening();
  }

  /** Told after each change. */
  on(listener: (state: TimelineState) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  state(): TimelineState {
    return {
      moments: [...this.moments.values()].map(({ snapshot, events, next: _next, typed: _typed, ...told }) => ({
        ...told,
        events: events.length,
        kept: snapshot !== undefined,
      })),
      current: this.current.id,
      undo: this.keptBefore(this.current)?.id,
      redo: this.redoOf(this.current)?.id,
    };
  }

  events(id: number): TraceEvent[] {
    return this.moments.get(id)?.events ?? [];
  }

  /** The state of a kept moment, to be looked at. */
  at(id: number): Past | undefined {
    const snapshot = this.moments.get(id)?.snapshot;
    return snapshot && this.machine.at(snapshot);
  }

  /** The state now, with what the background has done since the last command. In the midst of one it makes no moment. */
  snapshot(): Snapshot {
    if (this.running.size === 0) this.settle();
    return this.machine.snapshot();
  }

  /** A change that was not typed: an upload, the editor pane, a lesson's set-up. */
  mark(line: string): void {
    this.typed = undefined;
    this.record({ line, terminal: '', pid: 0, events: [], leftOut: 0 }, 0);
  }

  /** The lines typed on the way to the present moment. */
  path(): TimelineMoment[] {
    const ids: number[] = [];
    for (
      let at: Moment | undefined = this.current;
      at;
      at = at.parent === undefined ? undefined : this.moments.get(at.parent)
    )
      ids.unshift(at.id);
    const told = new Map(this.state().moments.map((moment) => [moment.id, moment]));
    return ids.map((id) => told.get(id)!);
  }

  /** What typing it again takes to come to the present state from the first moment; undefined when typing cannot. */
  typedLines(): TypedLine[] | undefined {
    const lines: TypedLine[] = [];
    for (const { id } of this.path()) {
      const { typed } = this.moments.get(id)!;
      if (!typed) return undefined;
      lines.push(...typed);
    }
    return this.typed && [...lines, ...this.typed];
  }

  undo(): Promise<void> {
    return this.move(() => this.keptBefore(this.current));
  }

  redo(): Promise<void> {
    return this.move(() => this.redoOf(this.current));
  }

  /** Rejects when there is no such moment, or its state is no longer held. */
  jump(id: number): Promise<void> {
    return this.move(() => {
      const moment = this.moments.get(id);
      if (!moment?.snapshot) throw new Error(`the state of moment ${id} is no longer held`);
      return moment;
    });
  }

  /** Goes to a state from elsewhere (a file): a moment of its own. */
  adopt(line: string, snapshot: Snapshot): Promise<void> {
    return this.move(() => {
      this.typed = undefined;
      return this.add({ line, terminal: '', events: [], leftOut: 0, pid: 0 }, 0, snapshot, this.current);
    });
  }

  private move(where: () => Moment | undefined): Promise<void> {
    const moved = this.moving.then(async () => {
      this.settle();
      const target = where();
      if (!target || target === this.current) return;
      this.inMove = true;
      try {
        this.running.clear();
        await this.machine.restore(target.snapshot!);
        this.current = target;
        this.typed = [];
        this.notePath();
      } finally {
        this.inMove = false;
      }
      this.tell();
    });
    this.moving = moved.catch(() => {});
    return moved;
  }

  private hear(event: TraceEvent): void {
    if (event.type === 'command.begin') this.begin(event);
    for (const command of this.running.values()) {
      if (fleeting.has(event.type)) continue;
      if (command.events.length < this.eventsKept) command.events.push(event);
      else command.leftOut++;
    }
    if (event.type === 'command.end') this.end(event);
    else if (event.type === 'process.exec' && isEditor(event.args[0])) this.typed = undefined;
  }

  private begin({ line, terminal, pid, typed }: TraceEventOf<'command.begin'>): void {
    if (!typed || this.inMove) return;
    this.settle();
    this.typed?.push({ line, terminal });
    this.running.set(pid, { line, terminal, pid, events: [], leftOut: 0 });
  }

  private end({ pid, status }: TraceEventOf<'command.end'>): void {
    const command = this.running.get(pid);
    if (!command || this.inMove) return;
    this.running.delete(pid);
    if (!command.moment) return void this.record(command, status);
    command.moment.status = status;
    this.addTo(this.current, command);
    this.tell();
  }

  /** What changed while no command ran belongs to the one before; while one runs (an attached container), to that one. */
  private settle(): void {
    const outer = [...this.running.values()].at(-1);
    if (outer && !outer.moment) {
      if (this.record(outer, 0)) Object.assign(outer, { events: [], leftOut: 0, moment: this.current });
    } else this.addTo(this.current, outer);
  }

  /** A command is one mark: what it does after its moment (a container that ends at `exit`) belongs to the last there is. */
  private addTo(moment: Moment, command?: Running): void {
    const now = this.machine.snapshot();
    // The first moment is where the machine began.
    if (moment.parent === undefined || !differs(moment.snapshot!, now)) return;
    moment.snapshot = now;
    moment.typed = moment.typed && this.typed && [...moment.typed, ...this.typed];
    this.typed = [];
    if (!command) return;
    moment.events = [...moment.events, ...command.events].slice(0, this.eventsKept);
    moment.eventsLeftOut += command.leftOut;
    Object.assign(command, { events: [], leftOut: 0 });
  }

  private record(command: Running, status: number): boolean {
    const now = this.machine.snapshot();
    if (!differs(this.current.snapshot!, now)) return false;
    this.current = this.add(command, status, now, this.current);
    this.notePath();
    this.thin();
    this.tell();
    return true;
  }

  private add(
    { line, terminal, events, leftOut }: Running,
    status: number,
    snapshot: Snapshot,
    parent: Moment | undefined,
  ): Moment {
    const { start, elapsedNs } = snapshot.clock;
    const moment: Moment = {
      id: this.lastId++,
      parent: parent?.id,
      line,
      terminal,
      status,
      timeMs: start.sec * 1000 + Math.floor(start.nsec / 1e6 + elapsedNs / 1e6),
      events,
      eventsLeftOut: leftOut,
      snapshot,
      next: undefined,
      typed: this.typed,
    };
    this.typed = [];
    this.moments.set(moment.id, moment);
    return moment;
  }

  /** Redo of each moment on the way here leads here. */
  private notePath(): void {
    for (let at = this.current; at.parent !== undefined; ) {
      const parent = this.moments.get(at.parent)!;
      parent.next = at.id;
      at = parent;
    }
  }

  private keptBefore(moment: Moment): Moment | undefined {
    for (let id = moment.parent; id !== undefined; ) {
      const before = this.moments.get(id)!;
      if (before.snapshot) return before;
      id = before.parent;
    }
    return undefined;
  }

  private redoOf(moment: Moment): Moment | undefined {
    for (let id = moment.next; id !== undefined; ) {
      const after = this.moments.get(id)!;
      if (after.snapshot) return after;
      id = after.next;
    }
    return undefined;
  }

  /** Over the limit every second of the older half lets go of its state and its events; the first and the present stay. */
  private thin(): void {
    const kept = [...this.moments.values()].filter(({ snapshot }) => snapshot);
    if (kept.length <= this.keep) return;
    for (const [index, moment] of kept.slice(0, Math.ceil(kept.length / 2)).entries()) {
      if (index % 2 === 0 || moment === this.current) continue;
      moment.eventsLeftOut += moment.events.length;
      moment.events = [];
      moment.snapshot = undefined;
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.state());
  }
}
