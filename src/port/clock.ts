import type { Timespec } from '../spec/index.ts';

/**
 * Time. The simulated host has a clock of its own that is the same in every replay of the same commands; real Linux
 * has the machine's.
 */
export interface Clock {
  /** CLOCK_REALTIME. */
  now(): Timespec;
  /** CLOCK_MONOTONIC in milliseconds since boot, with fraction. */
  monotonic(): number;
  /** Runs `fire` once after `ms` milliseconds of this clock; returns a canceller (idempotent). */
  timer(ms: number, fire: () => void): () => void;
  /**
   * Says that work outside this clock is under way (a digest on another thread, a lazy import): a clock that skips
   * idle time must not skip until the returned function is called. Idempotent.
   */
  hold(): () => void;
}
