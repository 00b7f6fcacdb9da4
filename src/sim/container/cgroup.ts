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
  if (cpu?.cpus !== undefined) node.cpusetCpus = cpu.cpus;
}
