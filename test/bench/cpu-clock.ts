import { readFileSync } from 'node:fs';

/**
 * Milliseconds that this thread has had of a processor: what a figure is measured in that is to be the same on a busy
 * machine. Where the system does not tell, the time that has passed.
 */
export function cpuNow(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
