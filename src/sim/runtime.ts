/** Port Runtime over the simulated kernel: what containerd's shim and runc do, in their order. */
import {
  type Bundle,
  type ProcessInfo,
  type RunningProcess,
  type Runtime,
  RuntimeError,
  type Task as RuntimeTask,
  type Stats,
  type Stdio,
} from '../port/index.ts';
import {
  Errno,
  isErrno,
  type NamespaceType,
  type OciProcess,
  type OciResources,
  type RuntimeSpec,
} from '../spec/index.ts';
import { applyResources, checkResources, makeCgroup, moveToCgroup, removeCgroup } from './container/cgroup.ts';
import { othersRun, runsOn } from './container/meanwhile.ts';
import { ContainerProcess } from './container/process.ts';
import { enterRootfs, mountRootfs } from './container/rootfs.ts';
import { type BootedKernel, makeDirectories } from './kernel/boot.ts';
import type { CgroupNode } from './kernel/cgroup.ts';
import { exitTask } from './kernel/exit.ts';
import { forkRun, forkTask } from './kernel/fork.ts';
import { unmount } from './kernel/mount.ts';
import { moveInto } from './kernel/namespace-create.ts';
import type { AnyNamespace, PidNamespace } from './kernel/namespaces.ts';
import { NamespaceInode } from './kernel/nsfs.ts';
import { signalNumbers } from './kernel/signals.ts';
import type { NamespaceKind } from './kernel/sys.ts';
import type { Task } from './kernel/task.ts';

const kindOf: Record<NamespaceType, NamespaceKind> = {
  mount: 'mnt',
  network: 'net',
  pid: 'pid',
  ipc: 'ipc',
  uts: 'uts',
  user: 'user',
  cgroup: 'cgroup',
};

/** What runc's own start is taken to cost. */
const setUpNs = 20_000_000;

export class SimRuntime implements Runtime {
  readonly name = 'runc';
  private readonly tasks = new Map<string, Container>();

  constructor(private readonly kernel: BootedKernel) {}

  async create(id: string, bundle: Bundle, stdio: Stdio): Promise<RuntimeTask> {
    await othersRun(this.kernel.core.clock, () => [...this.tasks.values()].map(({ cgroup }) => cgroup));
    if (this.tasks.has(id)) {
      throw new RuntimeError(`runc create failed: container with given ID already exists`, 128);
    }
    const container = new Container(this.kernel, id, bundle, () => void this.tasks.delete(id));
    try {
      container.create(stdio);
    } catch (error) {
      container.remove();
      if (!isErrno(error)) throw error;
      const what = error.path ? `${error.path}: ` : '';
      const text = `error during container init: ${what}${error.message.toLowerCase()}`;
      throw new RuntimeError(`runc create failed: unable to start container process: ${text}`, 128);
    }
    this.tasks.set(id, container);
    return container;
  }

  async list(): Promise<string[]> {
    return [...this.tasks.keys()];
  }
}

class Container implements RuntimeTask {
  private init!: ContainerProcess;
  private initTask: Task | undefined;
  private shim: Task | undefined;
  readonly cgroup: CgroupNode;
  private readonly spec: RuntimeSpec;

  constructor(
    private readonly kernel: BootedKernel,
    readonly id: string,
    private readonly bundle: Bundle,
    private readonly gone: () => void,
  ) {
    this.spec = bundle.spec;
    this.cgroup = makeCgroup(kernel.core, this.spec.linux.cgroupsPath ?? `/docker/${id}`);
  }

  create(stdio: Stdio): void {
    const { spec, kernel } = this;
    const version = kernel.kernelTask.ns.mnt.table.mounts.some(({ fs }) => fs.type === 'cgroup') ? 1 : 2;
    checkResources(this.cgroup.path, spec.linux.resources ?? {}, version);
    applyResources(this.cgroup, spec.linux.resources ?? {});
    const given = (spec.linux.devices ?? []).map(({ type, major, minor }) => ({ allow: true, type, major, minor }));
    if (this.cgroup.deviceRules) this.cgroup.deviceRules = [...this.cgroup.deviceRules, ...given];
    makeDirectories(kernel.kernelTask.paths, spec.root.path);
    mountRootfs(kernel.kernelTask, this.bundle.rootfs, spec.root.path);
    this.shim = startShim(kernel, this.id);
    const own = spec.linux.namespaces.filter(({ path }) => !path).map(({ type }) => kindOf[type]);
    const task = forkInside(this.shim, joinedPids(kernel.kernelTask, spec), own);
    this.initTask = task;
    task.comm = 'runc:[2:INIT]';
    moveToCgroup(task, this.cgroup);
    joinNamespaces(kernel.kernelTask, task, spec);
    if (own.includes('cgroup')) {
      const ino = kernel.core.newNamespaceInode();
      moveInto(task, { ...task.ns, cgroup: { kind: 'cgroup', ino, root: this.cgroup } });
    }
    // sethostname(2): __NEW_UTS_LEN.
    if (own.includes('uts') && (spec.hostname?.length ?? 0) > 64) {
      throw new RuntimeError(
        'runc create failed: unable to start container process: error during container init: sethostname: invalid argument',
        128,
      );
    }
    if (own.includes('uts') && spec.hostname) task.ns.uts.nodename = spec.hostname;
    if (own.includes('uts') && spec.domainname) task.ns.uts.domainname = spec.domainname;
    if (own.includes('net')) bringUpLoopback(task);
    enterRootfs(task, spec);
    this.init = new ContainerProcess(task, spec.process, stdio, 'runc create failed');
  }

  get pid(): number {
    return this.init.pid;
  }
  async start(): Promise<void> {
    this.init.run('runc create failed');
  }
  underway(): Promise<void> {
    return runsOn(this.kernel.core.clock, this.cgroup);
  }
  wait(): ReturnType<RunningProcess['wait']> {
    return this.init.wait();
  }
  kill(signal: number): Promise<void> {
    return this.init.kill(signal);
  }
  resize(columns: number, rows: number): Promise<void> {
    return this.init.resize(columns, rows);
  }

  async exec(process: OciProcess, stdio: Stdio): Promise<RunningProcess> {
    const { initTask, shim } = this;
    this.kernel.core.clock.advance(setUpNs);
    await othersRun(this.kernel.core.clock, () => [this.cgroup]);
    if (!initTask || !shim || initTask.zombie) throw new Errno('ESRCH');
    const inner = forkInside(shim, initTask.ns.pid);
    try {
      moveToCgroup(inner, this.cgroup);
      inner.ns = initTask.ns;
      inner.paths = initTask.paths.fork({ cwd: initTask.paths.root });
      const running = new ContainerProcess(inner, process, stdio, 'exec failed');
      running.run('exec failed');
      return running;
    } catch (error) {
      exitTask(inner, { pid: 0, code: 127 });
      throw error;
    }
  }

  async pause(): Promise<void> {
    this.cgroup.freeze(true);
  }
  async resume(): Promise<void> {
    this.cgroup.freeze(false);
  }

  async processes(): Promise<ProcessInfo[]> {
    return [...this.cgroup.subtree()].map(describe);
  }

  async stats(): Promise<Stats> {
    const { cgroup, kernel } = this;
    const usage = cgroup.memoryCurrent();
    const links = this.initTask?.ns.net.stack.links.filter((link) => link.kind !== 'loopback') ?? [];
    return {
      cpuNs: cgroup.cpuUsageUs() * 1000,
      systemCpuNs: Math.round(kernel.core.clock.monotonic() * 1e6) * kernel.core.cpus,
      onlineCpus: kernel.core.cpus,
      memory: { usage, limit: cgroup.memoryMax ?? kernel.core.memory, maxUsage: cgroup.memoryPeak },
      pids: { current: cgroup.pidsCurrent(), limit: cgroup.pidsMax ?? 0 },
      blkio: { read: 0, write: 0 },
      network: Object.fromEntries(
        links.map(({ name, rxBytes, rxPackets, txBytes, txPackets }) => [
          name,
          { rxBytes, rxPackets, txBytes, txPackets },
        ]),
      ),
    };
  }

  async update(resources: OciResources): Promise<void> {
    applyResources(this.cgroup, resources);
  }

  async delete(): Promise<void> {
    this.remove();
  }

  /** Kills what still runs; mounts, cgroup and shim go. Idempotent. */
  remove(): void {
    this.cgroup.freeze(false);
    for (const task of [...this.cgroup.subtree()]) exitTask(task, { pid: 0, signal: signalNumbers.KILL });
    if (this.initTask) exitTask(this.initTask, { pid: 0, signal: signalNumbers.KILL });
    if (this.shim) exitTask(this.shim, { pid: 0, code: 0 });
    for (const _ of this.bundle.rootfs) this.unmountRoot();
    removeCgroup(this.cgroup);
    this.gone();
  }

  private unmountRoot(): void {
    try {
      unmount(this.kernel.kernelTask, this.spec.root.path, true);
    } catch (error) {
      // Not mounted: create failed before, or delete was called twice.
      if (!isErrno(error)) throw error;
    }
  }
}

/** containerd-shim: the parent of the container's processes, which outlives the daemon. */
function startShim(kernel: BootedKernel, id: string): Task {
  const shim = forkRun(kernel.kernelTask, async (sys) => {
    for (;;) await sys.pause();
  });
  shim.comm = 'containerd-shim';
  shim.args = ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', id];
  shim.signals.actions.set(signalNumbers.CHLD, 'ignore');
  return shim;
}

/** A process is born into its PID namespace: it cannot join one later. */
function forkInside(shim: Task, pids: PidNamespace, own: readonly NamespaceKind[] = []): Task {
  const outside = shim.childPidNamespace;
  shim.childPidNamespace = pids;
  try {
    return forkTask(shim, { unshare: own.filter((kind) => kind !== 'cgroup') });
  } finally {
    shim.childPidNamespace = outside;
  }
}

function namespaceAt(host: Task, path: string): AnyNamespace {
  const { inode } = host.paths.resolve(path);
  if (!(inode instanceof NamespaceInode)) throw new Errno('EINVAL', path);
  return inode.namespace;
}

function joinedPids(host: Task, spec: RuntimeSpec): PidNamespace {
  const path = spec.linux.namespaces.find(({ type }) => type === 'pid')?.path;
  const joined = path ? namespaceAt(host, path) : undefined;
  return joined?.kind === 'pid' ? joined : host.ns.pid;
}

function joinNamespaces(host: Task, task: Task, spec: RuntimeSpec): void {
  for (const { type, path } of spec.linux.namespaces) {
    if (path && type !== 'pid') moveInto(task, { ...task.ns, [kindOf[type]]: namespaceAt(host, path) });
  }
}

function bringUpLoopback(task: Task): void {
  task.ns.net.stack.netlinkFor(task).setLink('lo', { up: true });
}

function describe(task: Task): ProcessInfo {
  const { tty } = task.group.session;
  return {
    pid: task.hostPid,
    ppid: task.parent?.hostPid ?? 0,
    uid: task.cred.uid,
    tty: tty ? `pts/${tty.index}` : '?',
    cpuMs: task.userMs + task.systemMs,
    startedMs: task.startedMs,
    args: [...task.args],
    comm: task.comm,
  };
}
