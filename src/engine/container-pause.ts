import type { Daemon } from './daemon.ts';
import { conflict, messageOf, serverError } from './errors.ts';

/** POST /containers/{id}/pause */
export async function containerPause(daemon: Daemon, name: string): Promise<void> {
  const container = daemon.containers.find(name);
  if (!container.isRunning || !container.task) throw conflict(`Container ${container.id} is not running`);
  if (container.state.paused) throw conflict(`Container ${container.id} is already paused`);
  if (container.state.restarting) {
    throw conflict(`Container ${container.id} is restarting, wait until the container is running`);
  }
  await attempt(`Cannot pause container ${container.id}`, () => container.task!.pause());
  container.state.paused = true;
  daemon.save(container);
  daemon.containerEvent(container, 'pause');
  daemon.traceState(container);
}

/** POST /containers/{id}/unpause */
export async function containerUnpause(daemon: Daemon, name: string): Promise<void> {
  const container = daemon.containers.find(name);
  if (!container.state.paused || !container.task) throw conflict(`Container ${container.id} is not paused`);
  await attempt(`Cannot unpause container ${container.id}`, () => container.task!.resume());
  container.state.paused = false;
  daemon.save(container);
  daemon.containerEvent(container, 'unpause');
  daemon.traceState(container);
}

async function attempt(prefix: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw serverError(`${prefix}: ${messageOf(error)}`);
  }
}
