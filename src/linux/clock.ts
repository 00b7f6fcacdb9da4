import type { Clock } from '../port/index.ts';

/** Port Clock: this machine's. CLOCK_REALTIME in microseconds, as exact as Node tells it. */
export const linuxClock: Clock = {
  now: () => {
    const micros = Math.round((performance.timeOrigin + performance.now()) * 1000);
    return { sec: Math.floor(micros / 1e6), nsec: (micros % 1e6) * 1000 };
  },
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  timer(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
  hold: () => () => {},
};
