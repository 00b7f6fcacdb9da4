import type { WaitResponse } from '../spec/index.ts';
import type { WaitCondition } from './container.ts';
import type { Daemon } from './daemon.ts';

/** POST /containers/{id}/wait. Registered when this resolves; `result` settles when the condition is met. */
export async function containerWait(
  daemon: Daemon,
  name: string,
  condition: WaitCondition,
): Promise<{ result: Promise<WaitResponse>; cancel(): void }> {
  return daemon.containers.find(name).waitFor(condition);
}
