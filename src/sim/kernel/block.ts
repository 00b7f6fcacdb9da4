/**
 * The one way a call blocks: try, sleep on queues, try again. A signal that is handled ends it with EINTR, a deadly one
 * unwinds the program; stop and freeze hold it.
 */
import { Errno } from '../../spec/index.ts';
import type { Task } from './task.ts';
import type { WaitQueue } from './wait-queue.ts';

/** Gives the first result of `attempt` that is not undefined; undefined when `timeoutMs` ran out first. */
export async function blockUntil<T>(
  task: Task,
  queues: readonly WaitQueue[],
  attempt: () => T | undefined,
  timeoutMs?: number,
): Promise<T | undefined> {
  const deadline = timeoutMs === undefined ? undefined : startTimer(task, timeoutMs);
  try {
    for (;;) {
      const result = attempt();
      if (result !== undefined) return result;
      if (deadline?.expired) return undefined;
      await sleepOn(task, deadline ? [...queues, deadline.queue] : queues);
    }
  } finally {
    deadline?.cancel();
  }
}

/** As {@link blockUntil} without a timeout, so that the result is always there. */
export async function block<T>(task: Task, queues: readonly WaitQueue[], attempt: () => T | undefined): Promise<T> {
  return (await blockUntil(task, queues, attempt)) as T;
}

/** Sleeps until a queue wakes; EINTR when a handler ran meanwhile. */
async function sleepOn(task: Task, queues: readonly WaitQueue[]): Promise<void> {
  const handledBefore = task.signals.handled;
  await new Promise<void>((resolve) => {
    const cancels: (() => void)[] = [];
    const wake = (): void => {
      for (const cancel of cancels) cancel();
      resolve();
    };
    for (const queue of queues) cancels.push(queue.add(wake));
    cancels.push(task.sleepers.add(wake));
    task.blocked++;
  });
  task.blocked--;
  const gate = task.checkpoint();
  if (gate) await gate;
  if (task.signals.handled !== handledBefore) throw new Errno('EINTR');
}

function startTimer(task: Task, ms: number): { expired: boolean; queue: WaitQueue; cancel(): void } {
  const queue = task.kernel.newQueue();
  const timer = { expired: ms <= 0, queue, cancel: () => {} };
  if (ms > 0) {
    timer.cancel = task.kernel.clock.timer(ms, () => {
      timer.expired = true;
      queue.wake();
    });
  }
  return timer;
}
