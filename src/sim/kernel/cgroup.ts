/** The cgroup v2 tree: who is where, what it may use, what it has used. `cgroupfs.ts` shows it as files. */
import { Errno } from '../../spec/index.ts';
import type { DeviceRule } from './device-rules.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

export class CgroupNode {
  readonly children = new Map<string, CgroupNode>();
  readonly tasks = new Set<Task>();
  /** Bytes, or undefined for "max". */
  memoryMax: number | undefined;
  memoryHigh: number | undefined;
  memoryLow = 0;
  swapMax: number | undefined;
  pidsMax: number | undefined;
  cpuMax: { quota: number | undefined; period: number } = { quota: undefined, period: 100_000 };
  cpuWeight = 100;
  /** cgroup v1's form of the weight: kept as it was given. */
  cpuShares = 1024;
  cpusetCpus = '';
  /** Undefined: every device. */
  deviceRules: readonly DeviceRule[] | undefined;
  frozenItself = false;
  /** Of the tree below: how deep, and how many. */
  maxDepth = Infinity;
  maxDescendants = Infinity;
  /** Wakes when a frozen subtree thaws. */
  readonly thawed = new WaitQueue();
  /** Of processes that have left or ended, and of what was charged to the group itself. */
  usageUs = 0;
  memoryPeak = 0;
  oomKills = 0;
  pidsEvents = 0;
  /** Bytes, of this group and those below: of processes and of what belongs to none (tmpfs). */
  private used = 0;
  /** Processes, of this group and those below. */
  private pids = 0;

  constructor(
    readonly name: string,
    readonly parent: CgroupNode | undefined,
    readonly ino: number,
  ) {}

  /** Path from the root of the hierarchy; '/' for the root. */
  get path(): string {
    if (!this.parent) return '/';
    return this.parent.parent ? `${this.parent.path}/${this.name}` : `/${this.name}`;
  }

  get frozen(): boolean {
    return this.frozenItself || (this.parent?.frozen ?? false);
  }

  ancestors(): CgroupNode[] {
    return this.parent ? [this, ...this.parent.ancestors()] : [this];
  }

  descendants(): number {
    let count = 0;
    for (const child of this.children.values()) count += 1 + child.descendants();
    return count;
  }

  /** EAGAIN when a limit, its own or from above, allows no further group here. */
  checkChild(): void {
    this.ancestors().forEach((group, level) => {
      if (level >= group.maxDepth || group.descendants() >= group.maxDescendants) throw new Errno('EAGAIN');
    });
  }

  /** Every process in this group and below, in order. */
  *subtree(): Generator<Task> {
    yield* this.tasks;
    for (const child of this.children.values()) yield* child.subtree();
  }

  pidsCurrent(): number {
    return this.pids;
  }

  memoryCurrent(): number {
    return this.used;
  }

  /** A process comes in, with its memory. */
  enter(task: Task): void {
    this.tasks.add(task);
    for (const group of this.ancestors()) group.pids++;
    this.charge(task.memory);
  }

  leave(task: Task): void {
    if (!this.tasks.delete(task)) return;
    for (const group of this.ancestors()) group.pids--;
    this.charge(-task.memory);
  }

  /** Moves a process here from where it is. */
  adopt(task: Task): void {
    task.cgroup.leave(task);
    task.cgroup = this;
    this.enter(task);
  }

  cpuUsageUs(): number {
    let total = this.usageUs;
    for (const task of this.tasks) total += Math.round((task.userMs + task.systemMs) * 1000);
    for (const child of this.children.values()) total += child.cpuUsageUs();
    return total;
  }

  /** EAGAIN when a fork in this group would pass pids.max here or above. */
  checkFork(): void {
    for (const group of this.ancestors()) {
      if (group.pidsMax === undefined || group.pidsCurrent() < group.pidsMax) continue;
      group.pidsEvents++;
      throw new Errno('EAGAIN');
    }
  }

  /** The nearest group at or above this that would pass memory.max with `extra` bytes more. */
  overLimit(extra: number): CgroupNode | undefined {
    return this.ancestors().find((g) => g.memoryMax !== undefined && g.memoryCurrent() + extra > g.memoryMax);
  }

  charge(bytes: number): void {
    for (const group of this.ancestors()) {
      group.used = Math.max(0, group.used + bytes);
      if (group.used > group.memoryPeak) group.memoryPeak = group.used;
    }
  }

  freeze(on: boolean): void {
    this.frozenItself = on;
    if (!on) this.wakeThawed();
  }

  private wakeThawed(): void {
    if (this.frozen) return;
    this.thawed.wake();
    for (const child of this.children.values()) child.wakeThawed();
  }

  /** The group at a path relative to this one; ENOENT. */
  find(path: string): CgroupNode {
    let node: CgroupNode = this;
    for (const name of path.split('/').filter(Boolean)) {
      const child = node.children.get(name);
      if (!child) throw new Errno('ENOENT', path);
      node = child;
    }
    return node;
  }
}
