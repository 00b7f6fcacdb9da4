import type { Inspection, ProcessInfo } from '../trace/index.ts';
import type { CgroupGoal, NetworkGoal, ProcessGoal, VolumeGoal } from './goals.ts';
import type { World } from './world.ts';

export function networkReached(goal: NetworkGoal, { networks, containers }: Inspection): boolean {
  const network = networks.find(({ name }) => name === goal.name);
  if (goal.absent || !network) return !!goal.absent && !network;
  const attached = (name: string): boolean =>
    containers.some((c) => c.name === name && c.networks.some((one) => one.name === goal.name));
  return (goal.driver === undefined || network.driver === goal.driver) && (goal.containers ?? []).every(attached);
}

export function volumeReached(goal: VolumeGoal, { inspection, file }: World): boolean {
  const volume = inspection.volumes.find(({ name }) => name === goal.name);
  if (goal.absent || !volume) return !!goal.absent && !volume;
  const text = goal.holds === undefined ? '' : file(`${volume.mountpoint}/${goal.holds.replace(/^\/+/, '')}`);
  return (
    text !== undefined &&
    (goal.contains === undefined || text.includes(goal.contains)) &&
    (goal.container === undefined ||
      inspection.containers.some(
        ({ name, mounts }) => name === goal.container && mounts.some(({ source }) => source === volume.mountpoint),
      ))
  );
}

export function processReached(goal: ProcessGoal, inspection: Inspection): boolean {
  const compared = (goal.own ?? goal.shared) ? firstOf(goal.with, inspection) : undefined;
  if ((goal.own ?? goal.shared) && !compared) return false;
  const inside = goal.container === undefined ? undefined : firstOf(goal.container, inspection);
  const fits = (process: ProcessInfo): boolean =>
    process.state !== 'Z' &&
    (goal.name === undefined || process.comm === goal.name) &&
    (goal.args === undefined || process.args.join(' ').includes(goal.args)) &&
    (goal.container === undefined || (!!inside && process.cgroup === inside.cgroup)) &&
    (goal.pid === undefined || process.pids.at(-1) === goal.pid) &&
    (goal.uid === undefined || process.uid === goal.uid) &&
    (goal.own ?? []).every((kind) => process.namespaces[kind] !== compared!.namespaces[kind]) &&
    (goal.shared ?? []).every((kind) => process.namespaces[kind] === compared!.namespaces[kind]);
  return inspection.processes.some(fits) !== (goal.absent ?? false);
}

/** The first process of a container, or of the host. */
function firstOf(container: string | undefined, { processes, containers }: Inspection): ProcessInfo | undefined {
  const pid = container === undefined ? 1 : containers.find(({ name }) => name === container)?.pid;
  return pid ? processes.find((process) => process.pid === pid) : undefined;
}

export function cgroupReached(goal: CgroupGoal, { cgroups, containers, processes }: Inspection): boolean {
  const id = goal.container === undefined ? '' : containers.find(({ name }) => name === goal.container)?.id;
  if (id === undefined) return false;
  return cgroups.some(
    (group) =>
      group.path.includes(goal.path ?? '') &&
      group.path.includes(id) &&
      (goal.memoryMax === undefined || group.memory.max === goal.memoryMax) &&
      (goal.pidsMax === undefined || group.pids.max === goal.pidsMax) &&
      (goal.cpuMax === undefined || group.cpu.max === goal.cpuMax) &&
      (goal.frozen === undefined || group.frozen === goal.frozen) &&
      (goal.oomKilled === undefined || group.oomKills > 0 === goal.oomKilled) &&
      (goal.holds === undefined || processes.some(({ comm, cgroup }) => comm === goal.holds && cgroup === group.path)),
  );
}
