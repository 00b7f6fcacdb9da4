import type { Container, ContainerRecord } from './container.ts';
import { startLocked } from './container-start.ts';
import type { Daemon } from './daemon.ts';
import type { EndpointRecord } from './network-record.ts';

/** What a container had before the machine was restored, and gets again. */
export type Held = Pick<ContainerRecord, 'networks' | 'ports' | 'sandboxId'>;

/** Starts what ran, in order of creation, as if it had never stopped: only its processes are new. */
export async function resumeContainers(daemon: Daemon): Promise<void> {
  const ran = daemon.containers.all().filter((container) => container.isRunning);
  const before = new Map(ran.map((container) => [container, layDown(container)]));
  // Whoever shares another's network needs that one to run.
  const order = [...ran].sort((a, b) => Number(joins(a)) - Number(joins(b)));
  for (const container of order) await resume(daemon, container, before.get(container)!);
}

const joins = ({ record }: Container): boolean => record.hostConfig.NetworkMode.startsWith('container:');

/** Notes what it had, and takes it from the record: nothing of it is there any more. */
function layDown(container: Container): ContainerRecord {
  const { record } = container;
  const before = structuredClone(record);
  container.held = before;
  for (const endpoint of Object.values(record.networks)) Object.assign(endpoint, unconnected);
  Object.assign(record, { ports: {}, sandboxId: '' });
  Object.assign(record.state, { running: false, paused: false, restarting: false, pid: 0 });
  return before;
}

const unconnected: Partial<EndpointRecord> = {
  endpointId: '',
  gateway: '',
  address: '',
  prefixLength: 0,
  macAddress: '',
};

async function resume(daemon: Daemon, container: Container, before: ContainerRecord): Promise<void> {
  const { state } = container.record;
  const { startedAt, finishedAt, health, paused } = before.state;
  try {
    await container.lock.run(() => startLocked(daemon, container));
    Object.assign(state, { startedAt, finishedAt, ...(health ? { health } : {}) });
    if (paused) {
      await container.task?.pause();
      state.paused = true;
    }
  } catch {
    // Its error is noted in its state, as of any start that fails.
  }
  container.held = undefined;
  daemon.save(container);
}
