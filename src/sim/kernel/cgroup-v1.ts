/**
 * The hierarchies of cgroup v1, one mount per controller set: the same groups as the unified tree, shown by other files.
 *
 * Differs from Linux: one tree for all hierarchies, so that a process cannot be in different groups of them.
 */
import { Errno } from '../../spec/index.ts';
import type { CgroupNode } from './cgroup.ts';
import { type CgroupHierarchy, type FileSpec, moveByPid, parseLimit, procs } from './cgroupfs.ts';

/** One hierarchy each, as cgroupfs-mount does it, and systemd's own, which has no controller. */
export const hierarchiesV1: readonly string[] = [
  'cpuset',
  'cpu',
  'cpuacct',
  'blkio',
  'memory',
  'devices',
  'freezer',
  'pids',
  'systemd',
];

/** PAGE_COUNTER_MAX in bytes: no limit. */
const unlimited = '9223372036854771712';

const bytes = (value: number | undefined): string => `${value ?? unlimited}\n`;
const readBytes = (text: string): number | undefined => (text === '-1' ? undefined : parseLimit(text));

const controllerFiles: Readonly<Record<string, (node: CgroupNode) => FileSpec[]>> = {
  memory: (node) => [
    ['memory.limit_in_bytes', () => bytes(node.memoryMax), (text) => void (node.memoryMax = readBytes(text))],
    ['memory.usage_in_bytes', () => `${node.memoryCurrent()}\n`],
    ['memory.max_usage_in_bytes', () => `${node.memoryPeak}\n`],
    [
      'memory.soft_limit_in_bytes',
      () => bytes(node.memoryLow || undefined),
      (text) => void (node.memoryLow = readBytes(text) ?? 0),
    ],
    [
      'memory.memsw.limit_in_bytes',
      () => bytes(node.swapMax === undefined ? undefined : (node.memoryMax ?? 0) + node.swapMax),
    ],
    ['memory.oom_control', () => `oom_kill_disable 0\nunder_oom 0\noom_kill ${node.oomKills}\n`],
  ],
  cpu: (node) => [
    ['cpu.shares', () => `${node.cpuShares}\n`, (text) => void (node.cpuShares = Number(text))],
    [
      'cpu.cfs_quota_us',
      () => `${node.cpuMax.quota ?? -1}\n`,
      (text) => void (node.cpuMax = { ...node.cpuMax, quota: text === '-1' ? undefined : Number(text) }),
    ],
    [
      'cpu.cfs_period_us',
      () => `${node.cpuMax.period}\n`,
      (text) => void (node.cpuMax = { ...node.cpuMax, period: Number(text) }),
    ],
  ],
  cpuacct: (node) => [['cpuacct.usage', () => `${node.cpuUsageUs() * 1000}\n`]],
  cpuset: (node) => [
    ['cpuset.cpus', (reader) => `${cpusOf(node, reader.kernel.cpus)}\n`, (text) => void (node.cpusetCpus = text)],
    ['cpuset.mems', () => '0\n'],
  ],
  pids: (node) => [
    ['pids.current', () => `${node.pidsCurrent()}\n`],
    ['pids.max', () => `${node.pidsMax ?? 'max'}\n`, (text) => void (node.pidsMax = parseLimit(text))],
  ],
  freezer: (node) => [
    [
      'freezer.state',
      () => `${node.frozen ? 'FROZEN' : 'THAWED'}\n`,
      (text) => {
        if (text !== 'FROZEN' && text !== 'THAWED') throw new Errno('EINVAL');
        node.freeze(text === 'FROZEN');
      },
    ],
  ],
};

/** Unset means what the group above has; at the top, every CPU. */
function cpusOf(node: CgroupNode, cpus: number): string {
  const set = node.ancestors().find((group) => group.cpusetCpus !== '')?.cpusetCpus;
  return set ?? (cpus > 1 ? `0-${cpus - 1}` : '0');
}

/** `controllers`: one of {@link hierarchiesV1}. */
export const hierarchyV1 = (controllers: string): CgroupHierarchy => ({
  type: 'cgroup',
  magic: 0x27e0eb,
  options: controllers,
  files: (node) => [
    ['cgroup.procs', (reader) => procs(node, reader), (text, writer) => moveByPid(node, Number(text), writer)],
    ['tasks', (reader) => procs(node, reader), (text, writer) => moveByPid(node, Number(text), writer)],
    ['cgroup.clone_children', () => '0\n'],
    ['notify_on_release', () => '0\n'],
    ...(node.parent ? controllers.split(',').flatMap((name) => controllerFiles[name]?.(node) ?? []) : []),
  ],
});
