/** The cgroup2 filesystem: the tree of cgroups as directories, their state as files. */
import { Errno } from '../../spec/index.ts';
import type { Inode, Owner } from '../vfs/inode.ts';
import { allowed, W_OK } from '../vfs/permission.ts';
import { CgroupNode } from './cgroup.ts';
import { type Accept, GeneratedFile, type Produce } from './generated-file.ts';
import type { KernelCore } from './kernel-core.ts';
import { sendSignal } from './signal-deliver.ts';
import { signalNumbers } from './signals.ts';
import { type NamedInode, SyntheticDirectory, SyntheticFilesystem } from './synthetic-inode.ts';
import type { Task } from './task.ts';

/** What a hierarchy shows: its type and options in /proc/mounts, its magic, the files of a group. */
export interface CgroupHierarchy {
  type: string;
  magic: number;
  options: string;
  files(node: CgroupNode): FileSpec[];
}

export class CgroupFs extends SyntheticFilesystem {
  readonly type: string;
  protected readonly magic: number;
  readonly root: Inode;
  private readonly directories = new WeakMap<CgroupNode, CgroupDirectory>();

  constructor(
    readonly kernel: KernelCore,
    top: CgroupNode,
    readonly hierarchy: CgroupHierarchy = unified,
  ) {
    super(kernel.newDev(), kernel.bootTime);
    this.type = hierarchy.type;
    this.magic = hierarchy.magic;
    this.root = this.directoryOf(top);
  }
  directoryOf(node: CgroupNode): CgroupDirectory {
    const known = this.directories.get(node) ?? new CgroupDirectory(this, node);
    this.directories.set(node, known);
    return known;
  }
  override options(): string {
    return this.hierarchy.options;
  }
}

class CgroupDirectory extends SyntheticDirectory {
  private readonly files: Map<string, GeneratedFile>;
  constructor(
    private readonly cgroups: CgroupFs,
    private readonly node: CgroupNode,
  ) {
    super(cgroups, 0o755, node.ino);
    const make = ([name, produce, accept]: FileSpec): [string, GeneratedFile] => {
      const write = accept && name === 'cgroup.procs' ? this.steered(accept) : accept;
      const mode = produce ? undefined : 0o200;
      return [name, new GeneratedFile(cgroups, produce ?? (() => ''), write, mode, () => cgroups.kernel.init)];
    };
    this.files = new Map(cgroups.hierarchy.files(node).map(make));
  }
  protected find(name: string): Inode | undefined {
    const child = this.node.children.get(name);
    return child ? this.cgroups.directoryOf(child) : this.files.get(name);
  }
  protected list(): NamedInode[] {
    const files = [...this.files].map(([name, inode]) => ({ name, inode }));
    const children = [...this.node.children].map(([name, child]) => ({
      name,
      inode: this.cgroups.directoryOf(child) as Inode,
    }));
    return [...files, ...children];
  }
  /** Delegation: what a user makes is that user's, with its files. */
  override mkdir(name: string, _mode?: number, owner: Owner = { uid: 0, gid: 0 }): Inode {
    if (this.find(name)) throw new Errno('EEXIST');
    this.node.checkChild();
    const child = new CgroupNode(name, this.node, this.cgroups.kernel.newIno());
    this.node.children.set(name, child);
    const directory = this.cgroups.directoryOf(child);
    for (const inode of [directory, ...directory.files.values()]) inode.setattr(owner);
    return directory;
  }
  /** cgroup-v2, "Delegation containment": who moves a process may write cgroup.procs of the common ancestor as well. */
  private steered(move: Accept): Accept {
    return (text, writer, raw) => {
      const task = text === '0' ? writer : writer.ns.pid.tasks.get(Number(text));
      const above = task && new Set(task.cgroup.ancestors());
      const common = above && this.node.ancestors().find((group) => above.has(group));
      if (common && this.cgroups.type === 'cgroup2' && !this.cgroups.directoryOf(common).maySteer(writer)) {
        throw new Errno('EACCES');
      }
      move(text, writer, raw);
    };
  }
  /** Whether somebody may move processes in and out of the groups from here on down. */
  maySteer(task: Task): boolean {
    return allowed(this.files.get('cgroup.procs')!.getattr(), W_OK, task.cred);
  }
  override rmdir(name: string): void {
    const child = this.node.children.get(name);
    if (!child) throw new Errno(this.files.has(name) ? 'ENOTDIR' : 'ENOENT');
    if (child.tasks.size > 0 || child.children.size > 0) throw new Errno('EBUSY');
    this.node.children.delete(name);
  }
}

const unified: CgroupHierarchy = {
  type: 'cgroup2',
  magic: 0x63677270,
  options: 'nsdelegate',
  files: (node) => fileSpecs(node),
};

/** Without `produce` it can only be written. */
export type FileSpec = [name: string, produce: Produce | undefined, accept?: Accept];

const limit = (value: number | undefined): string => `${value ?? 'max'}\n`;

export function parseLimit(text: string): number | undefined {
  if (text === 'max') return undefined;
  const match = /^(\d+)([kmg]?)$/i.exec(text);
  if (!match) throw new Errno('EINVAL');
  return Number(match[1]) * { '': 1, k: 1024, m: 2 ** 20, g: 2 ** 30 }[match[2]!.toLowerCase()]!;
}

function fileSpecs(node: CgroupNode): FileSpec[] {
  const own: FileSpec[] = [
    ['cgroup.procs', (reader) => procs(node, reader), (text, writer) => moveByPid(node, Number(text), writer)],
    ['cgroup.controllers', () => 'cpuset cpu io memory pids\n'],
    ['cgroup.subtree_control', () => 'cpuset cpu io memory pids\n', checkControllers],
    ['cgroup.threads', (reader) => procs(node, reader), (text, writer) => moveByPid(node, Number(text), writer)],
    ['cgroup.stat', () => `nr_descendants ${node.descendants()}\nnr_dying_descendants 0\n`],
    ['cgroup.max.depth', () => count(node.maxDepth), (text) => void (node.maxDepth = parseCount(text))],
    [
      'cgroup.max.descendants',
      () => count(node.maxDescendants),
      (text) => void (node.maxDescendants = parseCount(text)),
    ],
    ['cpu.stat', () => `usage_usec ${node.cpuUsageUs()}\nuser_usec ${node.cpuUsageUs()}\nsystem_usec 0\n`],
  ];
  if (!node.parent) return own;
  return [
    ...own,
    ['cgroup.type', () => 'domain\n'],
    ['cgroup.events', () => `populated ${node.pidsCurrent() > 0 ? 1 : 0}\nfrozen ${node.frozen ? 1 : 0}\n`],
    ['cgroup.freeze', () => `${node.frozenItself ? 1 : 0}\n`, (text) => node.freeze(binary(text))],
    ['cgroup.kill', undefined, (text) => killAll(node, text)],
    ['memory.current', () => `${node.memoryCurrent()}\n`],
    ['memory.peak', () => `${node.memoryPeak}\n`],
    ['memory.max', () => limit(node.memoryMax), (text) => void (node.memoryMax = parseLimit(text))],
    ['memory.swap.max', () => limit(node.swapMax), (text) => void (node.swapMax = parseLimit(text))],
    ['memory.events', () => `low 0\nhigh 0\nmax 0\noom ${node.oomKills}\noom_kill ${node.oomKills}\n`],
    ['pids.current', () => `${node.pidsCurrent()}\n`],
    ['pids.max', () => limit(node.pidsMax), (text) => void (node.pidsMax = parseLimit(text))],
    ['cpu.max', () => `${node.cpuMax.quota ?? 'max'} ${node.cpuMax.period}\n`, (text) => setCpuMax(node, text)],
    ['cpu.weight', () => `${node.cpuWeight}\n`, (text) => void (node.cpuWeight = Number(text))],
    ['cpuset.cpus', () => `${node.cpusetCpus}\n`, (text) => void (node.cpusetCpus = text)],
  ];
}

function setCpuMax(node: CgroupNode, text: string): void {
  const [quota, period = '100000'] = text.split(' ');
  node.cpuMax = { quota: parseLimit(quota ?? ''), period: Number(period) };
}

const controllers = ['cpuset', 'cpu', 'io', 'memory', 'pids'];

/** "+pids -cpu". Differs from Linux: all controllers are always there. */
function checkControllers(text: string): void {
  for (const word of text.split(' ')) {
    if (!/^[+-]/.test(word) || !controllers.includes(word.slice(1))) throw new Errno('EINVAL');
  }
}

const count = (value: number): string => `${value === Infinity ? 'max' : value}\n`;

function parseCount(text: string): number {
  if (text === 'max') return Infinity;
  if (!/^-?\d+$/.test(text)) throw new Errno('EINVAL');
  if (Number(text) < 0) throw new Errno('ERANGE');
  return Number(text);
}

function binary(text: string): boolean {
  if (text !== '0' && text !== '1') throw new Errno(/^\d+$/.test(text) ? 'ERANGE' : 'EINVAL');
  return text === '1';
}

/** Everyone in the group and below, frozen or not. */
function killAll(node: CgroupNode, text: string): void {
  if (text !== '1') throw new Errno(/^\d+$/.test(text) ? 'ERANGE' : 'EINVAL');
  for (const task of [...node.subtree()]) sendSignal(task, signalNumbers.KILL);
}

export const procs = (node: CgroupNode, reader: Task): string =>
  [...node.tasks].map((task) => `${task.pidSeenBy(reader)}\n`).join('');

export function moveByPid(node: CgroupNode, pid: number, writer: Task): void {
  if (!Number.isInteger(pid)) throw new Errno('EINVAL');
  const task = pid === 0 ? writer : writer.ns.pid.tasks.get(pid);
  if (!task) throw new Errno('ESRCH');
  node.adopt(task);
}
