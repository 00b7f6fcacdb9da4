/** What every Clock must do, in whatever world. Times are short: some clocks are real. */
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/port/index.ts';
import { msFromTimespec } from '../../src/spec/index.ts';

export function clockSuite(name: string, make: () => Clock): void {
  describe(`clock: ${name}`, () => {
    const delay = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.timer(ms, resolve));

    it('never goes back', () => {
      const clock = make();
      let [time, monotonic] = [msFromTimespec(clock.now()), clock.monotonic()];
      for (let i = 0; i < 1000; i++) {
        const next = clock.now();
        expect(next.nsec).toBeGreaterThanOrEqual(0);
        expect(next.nsec).toBeLessThan(1_000_000_000);
        expect(msFromTimespec(next)).toBeGreaterThanOrEqual(time);
        expect(clock.monotonic()).toBeGreaterThanOrEqual(monotonic);
        [time, monotonic] = [msFromTimespec(next), clock.monotonic()];
      }
    });

    it('fires a timer once, not before its time, by both of its faces', async () => {
      const clock = make();
      const [time, monotonic] = [msFromTimespec(clock.now()), clock.monotonic()];
      let fired = 0;
      clock.timer(20, () => void fired++);
      expect(fired).toBe(0);
      await delay(clock, 40);
      expect(fired).toBe(1);
      expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(39);
      expect(msFromTimespec(clock.now()) - time).toBeGreaterThanOrEqual(39);
    });

    it('fires timers in the order they are due, those of one time in the order they were set', async () => {
      const clock = make();
      const order: string[] = [];
      clock.timer(60, () => void order.push('late'));
      clock.timer(15, () => void order.push('first'));
      clock.timer(15, () => void order.push('second'));
      clock.timer(0, () => void order.push('now'));
      await delay(clock, 90);
      expect(order).toEqual(['now', 'first', 'second', 'late']);
    });

    it('cancels a timer, any number of times, and after it fired', async () => {
      const clock = make();
      let fired = 0;
      const gone = clock.timer(10, () => void fired++);
      const done = clock.timer(10, () => void fired++);
      gone();
      gone();
      await delay(clock, 30);
      done();
      expect(fired).toBe(1);
    });

    it('lets a timer set another', async () => {
      const clock = make();
      const seen: number[] = [];
      await new Promise<void>((resolve) => {
        clock.timer(5, () => {
          seen.push(1);
          clock.timer(5, () => {
            seen.push(2);
            resolve();
          });
        });
      });
      expect(seen).toEqual([1, 2]);
    });

    it('goes on after a hold was let go, twice', async () => {
      const clock = make();
      const release = clock.hold();
      const fired = delay(clock, 5);
      release();
      release();
      await fired;
    });
  });
}
