import { isErrno } from '../spec/index.ts';
import type { Container } from './container.ts';
import { stopRestarting } from './container-exit.ts';
import { containerStart } from './container-start.ts';
import type { Daemon } from './daemon.ts';
import { conflict, messageOf, notModified, serverError, wrapped } from './errors.ts';
import { parseSignal } from './signals.ts';

const defaultTimeout = 10;

/** POST /containers/{id}/stop: the stop signal, then after `timeout` seconds (negative: never) SIGKILL. 304 when stopped. */
export async function containerStop(daemon: Daemon, name: string, timeout?: number): Promise<void> {
  const container = daemon.containers.find(name);
  if (!container.isRunning) throw notModified();
  await stop(daemon, container, timeout);
}

export async function stop(daemon: Daemon, container: Container, timeout?: number): Promise<void> {
  container.record.manuallyStopped = true;
  if (container.state.restarting) {
    stopRestarting(daemon, container);
    daemon.containerEvent(container, 'stop');
    return;
  }
  const seconds = timeout ?? container.record.config.StopTimeout ?? defaultTimeout;
  const ended = container.exited;
  await signal(daemon, container, parseSignal(container.record.config.StopSignal || 'TERM'));
  if (!(await within(daemon, ended, seconds))) {
    await signal(daemon, container, 9);
    await ended;
  }
  daemon.containerEvent(container, 'stop');
}

function within(daemon: Daemon, ended: Promise<void>, seconds: number): Promise<boolean> {
  if (seconds < 0) return ended.then(() => true);
  return new Promise((resolve) => {
    const cancel = daemon.ports.clock.timer(seconds * 1000, () => resolve(false));
    void ended.then(() => {
      cancel();
      resolve(true);
    });
  });
}

/** Delivers a signal; a paused container is thawed first, for it could not act on it. */
async function signal(daemon: Daemon, container: Container, number: number): Promise<void> {
  const { task } = container;
  if (!task) return;
  try {
    await task.kill(number);
    if (container.state.paused) {
      await task.resume();
      container.state.paused = false;
      daemon.save(container);
    }
  } catch (error) {
    // It ended meanwhile.
    if (!isErrno(error, 'ESRCH')) throw error;
  }
  daemon.containerEvent(container, 'kill', { signal: String(number) });
}

/** POST /containers/{id}/restart */
export async function containerRestart(daemon: Daemon, name: string, timeout?: number): Promise<void> {
  const container = daemon.containers.find(name);
  try {
    if (container.isRunning) await stop(daemon, container, timeout);
    // With --rm the stop took the container away; Docker fails alike.
    await containerStart(daemon, container.id);
  } catch (error) {
    throw serverError(`Cannot restart container ${name}: ${messageOf(error)}`);
  }
  daemon.containerEvent(container, 'restart');
}

/** POST /containers/{id}/kill. Waits for the end only when the signal is SIGKILL. */
export async function containerKill(daemon: Daemon, name: string, signalName: string): Promise<void> {
  const number = signalName === '' ? 9 : parseSignal(signalName);
  try {
    const container = daemon.containers.find(name);
    if (number < 1 || number > 64)
      throw serverError(`The linux daemon does not support signal ${BigInt.asUintN(64, BigInt(number))}`);
    await kill(daemon, container, number);
  } catch (error) {
    throw wrapped(error, `Cannot kill container: ${name}`);
  }
}

export async function kill(daemon: Daemon, container: Container, number: number): Promise<void> {
  if (!container.isRunning) throw conflict(`Container ${container.id} is not running`);
  if (container.state.restarting) {
    container.record.manuallyStopped = true;
    return stopRestarting(daemon, container);
  }
  if (number === 9 || number === parseSignal(container.record.config.StopSignal || 'TERM')) {
    container.record.manuallyStopped = true;
  }
  const ended = container.exited;
  await signal(daemon, container, number);
  if (number === 9) await ended;
}
