/**
 * Setting up a container is work of the engine's host, and what runs on it goes on meanwhile: by the time a client's
 * container is up, the server that was started by the command before it listens.
 */
import type { CgroupNode } from '../kernel/cgroup.ts';
import type { KernelClock } from '../kernel/kernel-core.ts';

/** Milliseconds that runc is taken to need, as often as others still run: a whole start takes dockerd about 300. */
const stepMs = 20;
const mostSteps = 15;

/** Returns once nobody in these groups runs, or after 300 ms. */
export async function othersRun(clock: KernelClock, groups: () => Iterable<CgroupNode>): Promise<void> {
  for (let step = 0; step < mostSteps && [...groups()].some(isBusy); step++) {
    await new Promise<void>((resolve) => void clock.timer(stepMs, resolve));
  }
}

/** What was started runs until `ended`, but no longer than a client needs to hear that it was. */
export async function runsOn(clock: KernelClock, ended: Promise<unknown>): Promise<void> {
  let cancel = () => {};
  const heard = new Promise<void>((resolve) => {
    cancel = clock.timer(stepMs, resolve);
  });
  await Promise.race([heard, ended]);
  cancel();
}

function isBusy(group: CgroupNode): boolean {
  if (group.frozen) return false;
  for (const task of group.subtree()) if (task.state === 'R') return true;
  return false;
}
