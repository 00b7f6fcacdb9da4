/** A process (Linux: task_struct; one thread each). What its program sees of it is `Sys`. */
import type { Location } from '../vfs/mount-table.ts';
import type { PathContext } from '../vfs/path-context.ts';
import type { CgroupNode } from './cgroup.ts';
import type { DescriptorTable } from './descriptor-table.ts';
import type { KernelCore } from './kernel-core.ts';
import { Killed } from './killed.ts';
import type { Namespaces } from './namespaces.ts';
import type { ProcessGroup } from './process-group.ts';
import { deliverSignals } from './signal-deliver.ts';
import type { SignalState } from './signal-state.ts';
import type { Credentials, Rlimit, WaitResult } from './sys.ts';
import type { TaskSys } from './task-sys.ts';
import { WaitQueue } from './wait-queue.ts';

export interface TaskParts {
  kernel: KernelCore;
  /** From the host's namespace inwards. */
  pids: readonly number[];
  parent: Task | undefined;
  ns: Namespaces;
  cred: Credentials;
  cgroup: CgroupNode;
  signals: SignalState;
  rlimits: Map<string, Rlimit>;
}

/** Milliseconds of cpu that one unit of work (a call, 16 KiB moved) is taken to cost. */
const unitMs = 0.004;

export class Task {
  readonly kernel: KernelCore;
  readonly pids: readonly number[];
  parent: Task | undefined;
  readonly children = new Set<Task>();
  ns: Namespaces;
  /** The namespace children are born in: differs from `ns.pid` after unshare or setns of it. */
  childPidNamespace: Namespaces['pid'];
  private credentials: Credentials;
  cgroup: CgroupNode;
  signals: SignalState;
  rlimits: Map<string, Rlimit>;
  group!: ProcessGroup;
  files!: DescriptorTable;
  paths!: PathContext;
  sys!: TaskSys;

  comm = '';
  args: readonly string[] = [];
  /** The environment at exec, as /proc/PID/environ shows it. */
  startEnvironment: Readonly<Record<string, string>> = {};
  exePath = '';
  /** What {@link exePath} named at exec. */
  exe: Location | undefined;
  nice = 0;
  oomScoreAdj = 0;
  noNewPrivileges = false;
  oomKilled = false;
  private resident = 0;
  startedMs = 0;
  startedMonotonicMs = 0;
  userMs = 0;
  systemMs = 0;
  childrenUserMs = 0;
  childrenSystemMs = 0;

  /** Set while it is stopped by job control. */
  stoppedBy: number | undefined;
  /** What wait() has yet to tell the parent. */
  report: WaitResult | undefined;
  zombie = false;
  exitStatus: WaitResult | undefined;
  /** Calls that sleep now. */
  blocked = 0;
  /** Its program's code is still on its way to this page: no time of the simulated machine. */
  loading = false;
  /** Woken by every signal. */
  readonly sleepers = new WaitQueue();
  /** Woken when a child changes state. */
  readonly childEvents = new WaitQueue();
  /** Woken when this process continues. */
  readonly continued = new WaitQueue();
  /** Woken when this process has ended. */
  readonly ended = new WaitQueue();
  /** What a shell says it is doing now, by its tracepoints; ends with the process at the latest. */
  command: { terminal: string } | undefined;
  cancelAlarm: (() => void) | undefined;
  alarmDueMs = 0;

  constructor(parts: TaskParts) {
    this.kernel = parts.kernel;
    this.pids = parts.pids;
    this.parent = parts.parent;
    this.ns = parts.ns;
    this.childPidNamespace = parts.ns.pid;
    this.credentials = parts.cred;
    this.cgroup = parts.cgroup;
    this.signals = parts.signals;
    this.rlimits = parts.rlimits;
  }

  /** Bytes of resident memory it is taken to have. */
  get memory(): number {
    return this.resident;
  }

  set memory(bytes: number) {
    const more = bytes - this.resident;
    this.resident = bytes;
    if (this.cgroup.tasks.has(this)) this.cgroup.charge(more);
  }

  get cred(): Credentials {
    return this.credentials;
  }

  set cred(cred: Credentials) {
    this.credentials = cred;
    if (this.paths) this.paths.cred = cred;
  }

  /** In its own PID namespace. */
  get pid(): number {
    return this.pids[this.pids.length - 1]!;
  }

  /** In the host's PID namespace. */
  get hostPid(): number {
    return this.pids[0]!;
  }

  /** As a process of `other`'s namespace sees it; 0 when it is not visible there. */
  pidSeenBy(other: Task): number {
    const { level } = other.ns.pid;
    const pid = this.pids[level];
    return pid !== undefined && other.ns.pid.tasks.get(pid) === this ? pid : 0;
  }

  get frozen(): boolean {
    return this.cgroup.frozen;
  }

  get state(): 'R' | 'S' | 'T' | 'Z' {
    if (this.zombie) return 'Z';
    if (this.stoppedBy !== undefined) return 'T';
    return this.blocked > 0 ? 'S' : 'R';
  }

  /**
   * What every blocking call passes on its way in and out: takes signals, waits while stopped or frozen, gives way when
   * the slice is used up. Throws Killed. A promise only when there is something to wait for.
   */
  checkpoint(units = 1): Promise<void> | undefined {
    if (this.zombie) throw new Killed(this.pid);
    if (this.signals.pending.size > 0) deliverSignals(this);
    if (this.stoppedBy !== undefined || this.cgroup.frozen) return this.held();
    this.systemMs += units * unitMs;
    const turn = this.kernel.scheduler.charge(units);
    return turn && this.afterTurn(turn);
  }

  private async afterTurn(turn: Promise<void>): Promise<void> {
    await turn;
    const gate = this.checkpoint(0);
    if (gate) await gate;
  }

  private async held(): Promise<void> {
    while (this.stoppedBy !== undefined || this.cgroup.frozen) {
      await new Promise<void>((resolve) => {
        const queue = this.stoppedBy !== undefined ? this.continued : this.cgroup.thawed;
        const cancels = [queue, this.continued, this.ended].map((q) => q.add(wake));
        function wake(): void {
          for (const cancel of cancels) cancel();
          resolve();
        }
      });
      if (this.zombie) throw new Killed(this.pid);
    }
    if (this.signals.pending.size > 0) deliverSignals(this);
  }
}
