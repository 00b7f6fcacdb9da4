import type { ExitStatus } from '../port/index.ts';
import type { Container } from './container.ts';
import { removeContainer } from './container-delete.ts';
import { startLocked, volumeEvents } from './container-start.ts';
import type { Daemon } from './daemon.ts';
import { stopHealthChecks } from './health.ts';
import { disconnectNetworks } from './network-attachment.ts';

/** A container's process has ended: streams, networks and volumes let go, then restart or removal. Needs the lock. */
export async function handleExit(daemon: Daemon, container: Container, status: ExitStatus): Promise<void> {
  const { record } = container;
  container.log?.flush();
  stopHealthChecks(container);
  await container.task?.delete();
  container.task = undefined;
  const again = shouldRestart(container, status.code);
  Object.assign(record.state, {
    running: again,
    restarting: again,
    paused: false,
    pid: 0,
    exitCode: status.code,
    oomKilled: status.oomKilled ?? false,
    finishedAt: daemon.now(),
  });
  if (status.oomKilled) daemon.containerEvent(container, 'oom');
  daemon.containerEvent(container, 'die', { exitCode: String(status.code) });
  await disconnectNetworks(daemon, container);
  volumeEvents(daemon, container, 'unmount');
  if (again) record.restartCount++;
  daemon.save(container);
  daemon.traceState(container);
  container.hub.reset();
  container.notify('next-exit');
  if (again) return scheduleRestart(daemon, container);
  if (record.hostConfig.AutoRemove) await removeContainer(daemon, container, { force: true, volumes: true });
}

// moby restartmanager.ShouldRestart
function shouldRestart({ record }: Container, code: number): boolean {
  if (record.manuallyStopped) return false;
  const { Name, MaximumRetryCount } = record.hostConfig.RestartPolicy;
  if (Name === 'always' || Name === 'unless-stopped') return true;
  return Name === 'on-failure' && code !== 0 && (MaximumRetryCount === 0 || record.restartCount < MaximumRetryCount);
}

const maximumDelay = 60_000;
/** A run as long as this starts the delays anew. */
const settled = 10_000;

function scheduleRestart(daemon: Daemon, container: Container): void {
  const { clock } = daemon.ports;
  const ran = Date.parse(container.state.finishedAt) - Date.parse(container.state.startedAt);
  const delay = ran > settled ? 100 : container.restartDelay;
  container.restartDelay = Math.min(delay * 2, maximumDelay);
  const cancel = clock.timer(delay, () => {
    container.cancelRestart = undefined;
    void container.lock.run(async () => {
      if (container.state.restarting) await startLocked(daemon, container).catch(() => {});
    });
  });
  container.cancelRestart = () => {
    cancel();
    container.cancelRestart = undefined;
  };
}

/** `docker stop` of a container that waits for its next start. */
export function stopRestarting(daemon: Daemon, container: Container): void {
  container.cancelRestart?.();
  Object.assign(container.state, { running: false, restarting: false });
  daemon.save(container);
  daemon.traceState(container);
  container.notify('next-exit');
}
