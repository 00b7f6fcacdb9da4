import { RuntimeError } from '../../port/index.ts';
import type { OciResources } from '../../spec/index.ts';
import { CgroupNode } from '../kernel/cgroup.ts';
import { alwaysAllowed } from '../kernel/device-rules.ts';
import type { KernelCore } from '../kernel/kernel-core.ts';
import type { Task } from '../kernel/task.ts';

/** mkdir -p in the cgroup tree. */
export function makeCgroup(kernel: KernelCore, path: string): CgroupNode {
  let node = kernel.cgroupRoot;
  for (const name of path.split('/').filter(Boolean)) {
    let child = node.children.get(name);
    if (!child) {
      child = new CgroupNode(name, node, kernel.newIno());
      node.children.set(name, child);
    }
    node = child;
  }
  return node;
}

export function removeCgroup(node: CgroupNode): void {
  if (node.tasks.size === 0 && node.children.size === 0) node.parent?.children.delete(node.name);
}

export function moveToCgroup(task: Task, node: CgroupNode): void {
  node.adopt(task);
}

/** cfs_bandwidth.c min_cfs_quota_period: a millisecond. */
const leastQuota = 1000;

/** Throws what runc says of a value that the kernel's cgroups do not take. */
export function checkResources(id: string, { cpu }: OciResources, version: 1 | 2): void {
  const refuse = (why: string): never => {
    const at = 'error during container init: error setting cgroup config for procHooks process';
    throw new RuntimeError(`runc create failed: unable to start container process: ${at}: ${why}`, 128);
  };
  if (cpu?.shares === 1 && version === 1) refuse('the minimum allowed cpu-shares is 2');
  const { quota = 0, period = 100_000 } = cpu ?? {};
  if (quota <= 0 || quota >= leastQuota) return;
  const [text, file] =
    version === 1
      ? [`${quota}`, `/sys/fs/cgroup/cpu${id}/cpu.cfs_quota_us`]
      : [`${quota} ${period}`, `/sys/fs/cgroup${id}/cpu.max`];
  refuse(`failed to write "${text}": write ${file}: invalid argument`);
}

/** `0,1,3` as the kernel shows a set of CPUs: `0-1,3`. */
export function cpuList(text: string): string {
  const cpus = new Set<number>();
  for (const part of text.split(',').filter(Boolean)) {
    const [first = 0, last = first] = part.split('-').map(Number);
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  const runs: [number, number][] = [];
  for (const cpu of [...cpus].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === cpu - 1) run[1] = cpu;
    else runs.push([cpu, cpu]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** runtime-spec config-linux.md#control-groups, to cgroup v2's files. 0 and -1 mean no limit. */
export function applyResources(node: CgroupNode, { memory, cpu, pids, devices }: OciResources): void {
  if (devices) node.deviceRules = [...devices, ...alwaysAllowed];
  if (memory?.limit !== undefined) node.memoryMax = memory.limit > 0 ? memory.limit : undefined;
  if (memory?.reservation !== undefined) node.memoryLow = Math.max(0, memory.reservation);
  if (memory?.swap !== undefined) {
    node.swapMax = memory.swap > 0 ? Math.max(0, memory.swap - (node.memoryMax ?? 0)) : undefined;
  }
  if (pids) node.pidsMax = pids.limit > 0 ? pids.limit : undefined;
  if (cpu?.period !== undefined) node.cpuMax = { ...node.cpuMax, period: cpu.period || 100_000 };
  if (cpu?.quota !== undefined) node.cpuMax = { ...node.cpuMax, quota: cpu.quota > 0 ? cpu.quota : undefined };
  if (cpu?.shares) node.cpuShares = cpu.shares;
  if (cpu?.shares) node.cpuWeight = Math.floor(1 + ((cpu.shares - 2) * 9999) / 262142);
  if (cpu?.cpus !== undefined) node.cpusetCpus = cpuList(cpu.cpus);
}
