/**
 * The simulated host's clock. Deterministic: time moves by a fixed amount per reading and per thing done, and by timers;
 * the wall clock never enters it. Two machines that do the same see the same times.
 */
import type { Clock } from '../port/index.ts';
import type { Timespec } from '../spec/index.ts';

export interface VirtualClockOptions {
  start: Timespec;
  /**
   * `skip`: when nothing runs and nobody holds, time jumps to the next timer. `real`: a timer takes as long as it says,
   * by the host's own timers, and then it is the time the timer was due.
   */
  pace:
    | { kind: 'skip'; breathe(): Promise<void> }
    | { kind: 'real'; hostTimer(ms: number, fire: () => void): () => void };
  /** What one reading of the clock costs; 1,000 ns by default. */
  tickNs?: number;
  /** Nanoseconds since boot that have passed already: of a machine that goes on from a snapshot. */
  elapsedNs?: number;
}

/** What {@link VirtualClockOptions} want, to go on from here. */
export interface ClockState {
  start: Timespec;
  elapsedNs: number;
}

interface Timer {
  dueNs: number;
  order: number;
  fire: () => void;
}

/** Whole macrotask turns without any activity before time jumps. */
const quietTurns = 2;

export class VirtualClock implements Clock {
  private offset: Timespec;
  /** Nanoseconds since boot; exact up to 104 days (2^53 ns). */
  private elapsedNs: number;
  private stopped = false;
  private readonly tickNs: number;
  private timers: Timer[] = [];
  private order = 0;
  private holds = 0;
  private activity = 0;
  private watching = false;
  private cancelHostTimer: (() => void) | undefined;

  constructor(private readonly options: VirtualClockOptions) {
    this.offset = options.start;
    this.tickNs = options.tickNs ?? 1000;
    this.elapsedNs = options.elapsedNs ?? 0;
  }

  state(): ClockState {
    return { start: this.offset, elapsedNs: this.elapsedNs };
  }

  /** Time is what it was at a state; what waits goes on waiting as long as it would have. */
  rewind({ start, elapsedNs }: ClockState): void {
    for (const timer of this.timers) timer.dueNs += elapsedNs - this.elapsedNs;
    this.offset = start;
    this.elapsedNs = elapsedNs;
    this.schedule();
  }

  /** Nothing that waits on this clock goes on: the machine it was of is gone. */
  stop(): void {
    this.stopped = true;
    this.timers = [];
    this.cancelHostTimer?.();
  }

  now(): Timespec {
    this.advance(this.tickNs);
    return addNs(this.offset, this.elapsedNs);
  }

  monotonic(): number {
    this.advance(this.tickNs);
    return this.elapsedNs / 1e6;
  }

  /** Lets `ns` nanoseconds pass: what a fork, an exec or a computation is taken to cost. */
  advance(ns: number): void {
    this.elapsedNs += Math.round(ns);
    this.activity++;
  }

  /** Says that something ran, without time passing: a clock that skips idle time looks at this. */
  touch(): void {
    this.activity++;
  }

  /** clock_settime: the monotonic clock and timers are not affected. */
  setTime(time: Timespec): void {
    this.offset = addNs(time, -this.elapsedNs);
  }

  timer(ms: number, fire: () => void): () => void {
    if (this.stopped) return () => {};
    const timer = { dueNs: this.elapsedNs + Math.max(0, Math.round(ms * 1e6)), order: this.order++, fire };
    const at = this.timers.findIndex((other) => other.dueNs > timer.dueNs);
    this.timers.splice(at < 0 ? this.timers.length : at, 0, timer);
    this.activity++;
    this.schedule();
    return () => this.cancel(timer);
  }

  hold(): () => void {
    let held = true;
    this.holds++;
    return () => {
      if (!held) return;
      held = false;
      this.holds--;
      this.activity++;
      this.schedule();
    };
  }

  private cancel(timer: Timer): void {
    const at = this.timers.indexOf(timer);
    if (at < 0) return;
    this.timers.splice(at, 1);
    this.activity++;
    if (at === 0) this.schedule();
  }

  private schedule(): void {
    if (this.options.pace.kind === 'real') this.armHostTimer(this.options.pace.hostTimer);
    else if (!this.watching && this.timers.length > 0 && this.holds === 0) void this.watch(this.options.pace.breathe);
  }

  private armHostTimer(hostTimer: (ms: number, fire: () => void) => () => void): void {
    this.cancelHostTimer?.();
    this.cancelHostTimer = undefined;
    const next = this.timers[0];
    if (!next) return;
    this.cancelHostTimer = hostTimer(Math.max(0, (next.dueNs - this.elapsedNs) / 1e6), () => {
      this.cancelHostTimer = undefined;
      this.fireEarliest();
      this.schedule();
    });
  }

  /** Waits until whole turns of the event loop have passed without activity, then fires the earliest timer. */
  private async watch(breathe: () => Promise<void>): Promise<void> {
    this.watching = true;
    let quiet = 0;
    while (this.timers.length > 0 && this.holds === 0) {
      const seen = this.activity;
      await breathe();
      // What is due fires even while somebody computes.
      if (this.timers[0] && this.timers[0].dueNs <= this.elapsedNs) this.fireEarliest();
      quiet = this.activity === seen ? quiet + 1 : 0;
      if (quiet < quietTurns || this.holds > 0) continue;
      quiet = 0;
      this.fireEarliest();
    }
    this.watching = false;
  }

  private fireEarliest(): void {
    const timer = this.timers.shift();
    if (!timer) return;
    this.elapsedNs = Math.max(this.elapsedNs, timer.dueNs);
    this.activity++;
    timer.fire();
  }
}

function addNs(time: Timespec, ns: number): Timespec {
  const nsec = time.nsec + (ns % 1_000_000_000);
  const carry = Math.floor(nsec / 1_000_000_000);
  return { sec: time.sec + Math.trunc(ns / 1_000_000_000) + carry, nsec: nsec - carry * 1_000_000_000 };
}
