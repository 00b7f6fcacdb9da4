import type { CgroupInfo } from '../../trace/index.ts';
import type { CgroupNode } from './cgroup.ts';

/** Groups that hold a process or a limit, from the root down. */
export function viewCgroups(root: CgroupNode): CgroupInfo[] {
  const found: CgroupInfo[] = [];
  const walk = (node: CgroupNode): void => {
    if (!node.parent || node.pidsCurrent() > 0 || limited(node)) found.push(viewOf(node));
    for (const child of node.children.values()) walk(child);
  };
  walk(root);
  return found;
}

const limited = ({ memoryMax, pidsMax, cpuMax }: CgroupNode): boolean =>
  memoryMax !== undefined || pidsMax !== undefined || cpuMax.quota !== undefined;

const viewOf = (node: CgroupNode): CgroupInfo => ({
  path: node.path,
  memory: { current: node.memoryCurrent(), ...(node.memoryMax !== undefined && { max: node.memoryMax }) },
  pids: { current: node.pidsCurrent(), ...(node.pidsMax !== undefined && { max: node.pidsMax }) },
  cpu: {
    usage: node.cpuUsageUs(),
    ...(node.cpuMax.quota !== undefined && { max: node.cpuMax.quota / node.cpuMax.period }),
  },
  frozen: node.frozen,
  oomKills: node.oomKills,
});
