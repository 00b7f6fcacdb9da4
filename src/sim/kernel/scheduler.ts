/**
 * Gives way to the event loop. Processes run in microtasks, which starve the page's own events; so after a slice of work
 * everybody stops at the same gate until one macrotask turn has passed. Work is counted in calls, not in wall time, so
 * that the order in which processes run is the same in every replay.
 */

/** Calls (and 16 KiB pieces) per slice; at the measured 10 to 30 us a call this is a few milliseconds. */
const slice = 256;

export class Scheduler {
  private used = 0;
  private gate: Promise<void> | undefined;

  constructor(
    private readonly breathe: () => Promise<void>,
    private readonly touch: () => void,
  ) {}

  /** Counts work; gives a promise when the caller has to wait for the next turn. */
  charge(units = 1): Promise<void> | undefined {
    this.touch();
    if (this.gate) return this.gate;
    this.used += units;
    return this.used < slice ? undefined : this.turn();
  }

  private turn(): Promise<void> {
    this.gate = this.breathe().then(() => {
      this.gate = undefined;
      this.used = 0;
    });
    return this.gate;
  }
}
