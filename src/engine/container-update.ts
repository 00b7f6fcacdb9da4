import type { HostConfig } from '../spec/index.ts';
import type { Container } from './container.ts';
import { resourceWarnings } from './container-create.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict } from './errors.ts';
import { verifyHostConfig } from './host-config.ts';
import { resourcesOf } from './runtime-spec.ts';

const resourceKeys = [
  'CpuShares',
  'Memory',
  'NanoCpus',
  'CpuPeriod',
  'CpuQuota',
  'CpusetCpus',
  'CpusetMems',
  'MemoryReservation',
  'MemorySwap',
  'BlkioWeight',
  'PidsLimit',
  'CpuRealtimePeriod',
  'CpuRealtimeRuntime',
] as const;

/** POST /containers/{id}/update: what is zero stays as it is. */
export async function containerUpdate(
  daemon: Daemon,
  name: string,
  update: Partial<HostConfig>,
): Promise<{ Warnings: string[] | null }> {
  const container = daemon.containers.find(name);
  const { RestartPolicy, ...resources } = update;
  verifyHostConfig(
    {
      ...(RestartPolicy?.Name ? { RestartPolicy } : {}),
      Memory: update.Memory,
      // Alone it goes with the memory limit that is set already.
      MemorySwap: update.Memory ? update.MemorySwap : 0,
      MemoryReservation: update.MemoryReservation,
      NanoCpus: update.NanoCpus,
      CpusetCpus: update.CpusetCpus,
      CpusetMems: update.CpusetMems,
      CpuPeriod: update.CpuPeriod,
      CpuQuota: update.CpuQuota,
    },
    daemon.ports.facts,
  );
  const changed: Partial<HostConfig> = {};
  for (const key of resourceKeys) if (resources[key]) Object.assign(changed, { [key]: resources[key] });
  verifyUpdate(container, changed, RestartPolicy?.Name);
  const next: HostConfig = { ...container.record.hostConfig, ...changed };
  if (RestartPolicy?.Name) next.RestartPolicy = RestartPolicy;
  await container.task?.update(resourcesOf(next));
  container.record.hostConfig = next;
  daemon.save(container);
  daemon.containerEvent(container, 'update');
  return { Warnings: resourceWarnings(update) };
}

// moby container/container_unix.go UpdateContainer
function verifyUpdate(container: Container, changed: Partial<HostConfig>, policy?: string): void {
  const { hostConfig, id } = container.record;
  const cannot = (why: string) => conflict(`Cannot update container ${id}: ${why}`);
  if (container.state.removing || container.state.dead)
    throw cannot('Container is marked for removal and cannot be "update".');
  if (hostConfig.AutoRemove && policy && policy !== 'no') {
    throw badRequest(
      `Cannot update container ${id}: Restart policy cannot be updated because AutoRemove is enabled for the container`,
    );
  }
  if (changed.Memory && !changed.MemorySwap && changed.Memory > hostConfig.MemorySwap) {
    throw cannot(
      'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time',
    );
  }
  if (changed.NanoCpus && (hostConfig.CpuPeriod || hostConfig.CpuQuota)) {
    throw cannot('Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set');
  }
}
