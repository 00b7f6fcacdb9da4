/**
 * Setting up a container is work of the engine's host, and what runs on it goes on meanwhile: by the time a client's
 * container is up, the server that was started by the command before it listens.
 */
import type { CgroupNode } from '../kernel/cgroup.ts';
import type { KernelClock } from '../kernel/kernel-core.ts';
import type { Task } from '../kernel/task.ts';

/** Milliseconds, as often as somebody still runs. */
const stepMs = 20;
/** A whole start takes dockerd about 300 ms. */
const stepsOfStart = 15;
/** Until a client has heard of it, has ended, and the shell has started the next program: about 100 ms. */
const stepsOfClient = 5;
/** Programs whose code does not come are not waited for longer than 5 s. */
const mostLoading = 250;

/** Those in these groups run until all of them wait for something, for as long as a start takes. */
export const othersRun = (clock: KernelClock, groups: () => Iterable<CgroupNode>): Promise<void> =>
  settled(clock, groups, stepsOfStart);

/** What was started runs until it waits or has ended, for as long as a client needs to hear of it. */
export const runsOn = (clock: KernelClock, group: CgroupNode): Promise<void> =>
  settled(clock, () => [group], stepsOfClient);

async function settled(clock: KernelClock, groups: () => Iterable<CgroupNode>, mostSteps: number): Promise<void> {
  for (let step = 0; step < mostSteps && some(groups(), isRunning); step++) {
    await pass(clock);
    await loaded(clock, groups);
  }
}

async function loaded(clock: KernelClock, groups: () => Iterable<CgroupNode>): Promise<void> {
  for (let step = 0; step < mostLoading && some(groups(), isLoading); step++) await pass(clock);
}

const pass = (clock: KernelClock) => new Promise<void>((resolve) => void clock.timer(stepMs, resolve));

const isRunning = (task: Task): boolean => task.state === 'R';
const isLoading = ({ loading }: Task): boolean => loading;

function some(groups: Iterable<CgroupNode>, is: (task: Task) => boolean): boolean {
  for (const group of groups) {
    if (group.frozen) continue;
    for (const task of group.subtree()) if (is(task)) return true;
  }
  return false;
}
