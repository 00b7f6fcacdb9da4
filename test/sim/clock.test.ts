import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/sim/clock.ts';
import { breathe } from '../kernel/boot-kernel.ts';
import { clockSuite } from '../suites/clock.suite.ts';

const start = { sec: 1_700_000_000, nsec: 0 };

clockSuite('virtual, idle time skipped', () => new VirtualClock({ start, pace: { kind: 'skip', breathe } }));

clockSuite(
  'virtual, at real pace',
  () =>
    new VirtualClock({
      start,
      pace: {
        kind: 'real',
        hostTimer(ms, fire) {
          const timer = setTimeout(fire, ms);
          return () => clearTimeout(timer);
        },
      },
    }),
);

it('skips nothing while it is held', async () => {
  const clock = new VirtualClock({ start, pace: { kind: 'skip', breathe } });
  const release = clock.hold();
  let fired = false;
  clock.timer(1, () => void (fired = true));
  for (let i = 0; i < 10; i++) await breathe();
  expect(fired).toBe(false);
  release();
  for (let i = 0; i < 10; i++) await breathe();
  expect(fired).toBe(true);
});
