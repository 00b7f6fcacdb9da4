/** What there is once per machine, for all the kernel's verbs. The outside sees `Kernel` (boot.ts). */
import type { Clock, Entropy } from '../../port/index.ts';
import { msFromTimespec, type Timespec } from '../../spec/index.ts';
import type { Tracer } from '../../trace/index.ts';
import { VirtualClock } from '../clock.ts';
import { NetStack } from '../net/stack.ts';
import type { MemTree } from '../vfs/memtree.ts';
import type { PathContext } from '../vfs/path-context.ts';
import { CgroupNode } from './cgroup.ts';
import { deviceTree } from './device-tree.ts';
import { DevPts } from './devpts.ts';
import type { KernelOptions } from './kernel.ts';
import type { MountNamespace, NetNamespace } from './namespaces.ts';
import { NsFs } from './nsfs.ts';
import type { ProgramTable } from './program.ts';
import { Scheduler } from './scheduler.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

/** The clock with what only the simulated kernel does to it; no-ops on a foreign clock. */
export interface KernelClock extends Clock {
  advance(ns: number): void;
  touch(): void;
  setTime(time: Timespec): void;
}

/** What a call is taken to cost. */
const callNs = 20_000;

export class KernelCore {
  readonly clock: KernelClock;
  readonly entropy: Entropy;
  readonly tracer: Tracer;
  readonly programs: ProgramTable;
  readonly refuse: KernelOptions['refuse'];
  readonly scheduler: Scheduler;
  readonly release: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly pidMaximum = 4194304;
  /** kernel.threads-max. Differs from Linux: about a quarter of what 2 GiB would give, as the page has to live too. */
  readonly threadsMaximum = 4096;
  readonly cgroupRoot: CgroupNode;
  readonly devpts: DevPts;
  readonly devtmpfs: MemTree;
  readonly nsfs: NsFs;
  readonly bootTime: Timespec;
  /** Sysctls that were written, by path below /proc/sys. */
  readonly sysctls = new Map<string, string>();
  /** Told of defects of simulated programs. */
  crashed: ((program: string, error: unknown) => void) | undefined;
  init!: Task;
  /** The process whose call is being carried out: what /proc/self means. */
  current: Task | undefined;
  private lastNamespaceInode = 4026531834;
  private lastDev = 20;
  private lastIno = 1000;

  constructor(readonly options: KernelOptions) {
    this.clock = kernelClock(options.clock);
    this.entropy = options.entropy;
    this.tracer = options.tracer;
    this.programs = options.programs;
    this.refuse = options.refuse;
    this.scheduler = new Scheduler(
      options.breathe,
      () => this.clock.touch(),
      (units) => this.clock.advance(units * callNs),
    );
    this.release = options.release ?? '6.8.0-drydock';
    this.cpus = options.cpus ?? 2;
    this.memory = options.memory ?? 2 * 2 ** 30;
    this.bootTime = this.clock.now();
    this.cgroupRoot = new CgroupNode('', undefined, 1);
    this.devpts = new DevPts(this.newDev(), () => this.clock.now());
    this.devtmpfs = deviceTree(this.newDev(), this.clock);
    this.nsfs = new NsFs(4, this.bootTime);
  }

  newQueue(): WaitQueue {
    return new WaitQueue();
  }
  newDev(): number {
    return ++this.lastDev;
  }
  /** Of sockets, pipes and cgroups. */
  newIno(): number {
    return ++this.lastIno;
  }
  newNamespaceInode(): number {
    return ++this.lastNamespaceInode;
  }
  newNetNamespace(): NetNamespace {
    const ino = this.newNamespaceInode();
    return { kind: 'net', ino, stack: new NetStack(this, ino) };
  }

  cloneMounts(from: MountNamespace): MountNamespace {
    const { namespace, translate } = from.table.clone();
    return { kind: 'mnt', ino: this.newNamespaceInode(), table: namespace, translate };
  }

  /** The path view of `from` for `task`, moved into the task's mount namespace when that is a new one. */
  copyPaths(from: Task, task: Task): PathContext {
    const { paths } = from;
    const { table, translate } = task.ns.mnt;
    if (table === paths.namespace) return paths.fork({ cred: task.cred });
    const move = translate ?? (() => ({ mount: table.root, inode: table.root.root }));
    return paths.fork({ namespace: table, root: move(paths.root), cwd: move(paths.cwd), cred: task.cred });
  }

  *allTasks(): Generator<Task> {
    yield* this.init.ns.pid.tasks.values();
  }

  /** The terminals of a task: the devpts that is mounted on its /dev/pts, else the host's. */
  devptsOf(task: Task): DevPts {
    try {
      const { fs } = task.paths.resolve('/dev/pts').inode;
      return fs instanceof DevPts ? fs : this.devpts;
    } catch {
      return this.devpts;
    }
  }

  nowMs(): number {
    return msFromTimespec(this.clock.now());
  }
}

function kernelClock(clock: Clock): KernelClock {
  if (clock instanceof VirtualClock) return clock;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    timer: (ms, fire) => clock.timer(ms, fire),
    hold: () => clock.hold(),
    advance() {},
    touch() {},
    setTime() {},
  };
}
