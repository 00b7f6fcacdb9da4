/**
 * Gives way to the event loop. Processes run in microtasks, which starve the page's own events; so after a slice of work
 * everybody stops at the same gate until a macrotask turn has passed, and then goes on in the order of arrival, as many
 * as a slice has room for. Work is counted in calls, not in wall time, so that the order in which processes run is the
 * same in every replay.
 */

/** Calls (and 16 KiB pieces) per slice; at the measured 10 to 30 us a call this is a few milliseconds. */
const slice = 128;

/** Microtasks that one who was let go gets before the next is: about a call. */
const headStart = 3;

export class Scheduler {
  private used = 0;
  private waiting: (() => void)[] = [];
  private turning = false;

  constructor(
    private readonly breathe: () => Promise<void>,
    private readonly touch: () => void,
    /** A slice of so many calls is used up: time that those who only compute would otherwise never let pass. */
    private readonly passed: (units: number) => void = () => {},
  ) {}

  /** Counts work; gives a promise when the caller has to wait for the next turn. */
  charge(units = 1): Promise<void> | undefined {
    this.touch();
    this.used += units;
    if (this.used < slice) return undefined;
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (!this.turning) void this.turn();
    });
  }

  /** Counts work of a call that cannot wait: the next one that can gives way the sooner. */
  add(units: number): void {
    this.used += units;
  }

  /** The slice is used up: everybody stops at the gate when it next calls. */
  halt(): void {
    this.used = slice;
  }

  private async turn(): Promise<void> {
    this.turning = true;
    while (this.waiting.length > 0) {
      await this.breathe();
      this.passed(slice);
      this.used = 0;
      await this.letGo();
    }
    this.turning = false;
  }

  private async letGo(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    let next = 0;
    while (next < waiting.length && this.used < slice) {
      this.touch();
      waiting[next++]!();
      for (let i = 0; i < headStart; i++) await undefined;
    }
    // Those that came meanwhile are behind those that still wait.
    this.waiting = next < waiting.length ? [...waiting.slice(next), ...this.waiting] : this.waiting;
  }
}
