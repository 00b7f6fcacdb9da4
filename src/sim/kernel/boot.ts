/** Boots a machine: root filesystem, /dev, /proc, /sys, init, the network; gives the `Kernel` others use. */
import type { Duplex, Handler, Mount } from '../../spec/index.ts';
import type { CgroupInfo, NetNamespaceInfo } from '../../trace/index.ts';
import { dialHost } from '../net/dial.ts';
import { firstStack } from '../net/host-network.ts';
import { Internet } from '../net/internet.ts';
import { viewNetworks } from '../net/net-view.ts';
import { serveHttpOn } from '../net/serve-http.ts';
import { MountedFilesystem, MountNamespace } from '../vfs/mount-table.ts';
import { PathContext } from '../vfs/path-context.ts';
import { viewCgroups } from './cgroup-view.ts';
import { rootCredentials, userCredentials } from './credentials.ts';
import { DescriptorTable } from './descriptor-table.ts';
import { exitTask } from './exit.ts';
import { filesystemTypes } from './filesystem-types.ts';
import { execIn, forkTask, registerTask, startProgram } from './fork.ts';
import { HostInput, HostOutput } from './host-stdio.ts';
import type { Kernel, KernelOptions, ProcessHandle, ProcessView, PtyMaster, StartOptions } from './kernel.ts';
import { KernelCore } from './kernel-core.ts';
import { mountFilesystem } from './mount.ts';
import { firstNamespaces } from './namespace-create.ts';
import { joinGroup, newSession } from './process-group.ts';
import { viewOf } from './process-view.ts';
import type { Program } from './program.ts';
import { PtyHandle } from './pty-handle.ts';
import { defaultRlimits } from './rlimits.ts';
import { sendSignal } from './signal-deliver.ts';
import { SignalState } from './signal-state.ts';
import { signalNumbers } from './signals.ts';
import type { Sys, WaitResult } from './sys.ts';
import { Task } from './task.ts';
import { TaskSys } from './task-sys.ts';

export function bootKernel(options: KernelOptions): BootedKernel {
  return new BootedKernel(options);
}

/** What a booted machine has mounted, as systemd leaves it. */
const bootMounts: readonly Mount[] = [
  { type: 'proc', source: 'proc', target: '/proc', options: ['nosuid', 'nodev', 'noexec'] },
  { type: 'sysfs', source: 'sysfs', target: '/sys', options: ['nosuid', 'nodev', 'noexec'] },
  { type: 'devtmpfs', source: 'udev', target: '/dev', options: ['nosuid'] },
  { type: 'devpts', source: 'devpts', target: '/dev/pts', options: ['nosuid', 'noexec'] },
  { type: 'tmpfs', source: 'tmpfs', target: '/dev/shm', options: ['nosuid', 'nodev'] },
  { type: 'mqueue', source: 'mqueue', target: '/dev/mqueue', options: ['nosuid', 'nodev', 'noexec'] },
  { type: 'cgroup2', source: 'cgroup2', target: '/sys/fs/cgroup', options: ['nosuid', 'nodev', 'noexec'] },
  { type: 'tmpfs', source: 'tmpfs', target: '/run', options: ['nosuid', 'nodev', 'mode=755'] },
];

export class BootedKernel implements Kernel {
  readonly core: KernelCore;
  readonly sys: Sys;
  readonly internet: Internet;
  /** The kernel's own process (pid 2), which nothing signals. */
  readonly kernelTask: Task;

  constructor(options: KernelOptions) {
    this.core = new KernelCore(options);
    const init = this.firstTask(options);
    this.core.init = init;
    this.core.cgroupRoot.enter(init);
    init.comm = 'init';
    init.args = ['/sbin/init'];
    // Neither runs a program: they wait.
    init.blocked = 1;
    // Zombies that come to init vanish at once.
    init.signals.actions.set(signalNumbers.CHLD, 'ignore');
    this.kernelTask = forkTask(init);
    joinGroup(this.kernelTask, newSession(this.kernelTask));
    this.kernelTask.comm = 'kthreadd';
    this.kernelTask.blocked = 1;
    this.kernelTask.args = [];
    this.kernelTask.parent = undefined;
    init.children.delete(this.kernelTask);
    this.sys = this.kernelTask.sys;
    this.internet = new Internet(this.core);
    firstStack(init.ns.net.stack, this.internet);
    for (const mount of bootMounts) if (filesystemTypes.includes(mount.type)) this.mountAt(mount, mount.target);
  }

  private firstTask(options: KernelOptions): Task {
    const { core } = this;
    const root = new MountedFilesystem(options.root.root, '/dev/vda1');
    const table = new MountNamespace(root);
    const ns = firstNamespaces(core, options.hostname, table);
    const cred = rootCredentials();
    const rlimits = defaultRlimits();
    const task = new Task({
      kernel: core,
      pids: [ns.pid.allocate()],
      parent: undefined,
      ns,
      cred,
      cgroup: core.cgroupRoot,
      signals: new SignalState(),
      rlimits,
    });
    const at = { mount: root, inode: root.root };
    task.paths = new PathContext({ namespace: table, root: at, cwd: at, cred, umask: 0o022 });
    task.files = new DescriptorTable(() => rlimits.get('RLIMIT_NOFILE')!.soft);
    task.sys = new TaskSys(task, { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }, []);
    joinGroup(task, newSession(task));
    registerTask(task, ns.pid);
    return task;
  }

  async start(program: string | Program, options: StartOptions): Promise<ProcessHandle> {
    const task = forkTask(this.core.init, { env: options.env });
    try {
      this.dress(task, options);
      if (typeof program === 'string') execIn(task, program, options.argv, options.env);
      else {
        task.comm = (options.argv[0] ?? '').slice((options.argv[0] ?? '').lastIndexOf('/') + 1).slice(0, 15);
        startProgram(task, program, options.argv, { ...options.env });
      }
    } catch (error) {
      exitTask(task, { pid: 0, code: 127 });
      throw error;
    }
    return handleOf(task);
  }

  private dress(task: Task, options: StartOptions): void {
    joinGroup(task, newSession(task));
    task.signals = new SignalState();
    if (options.uid !== undefined) task.cred = userCredentials(options.uid, options.gid ?? options.uid, []);
    task.paths.cwd = task.paths.resolve(options.cwd);
    giveStdio(task, options.stdio);
  }

  openPty(size: { columns: number; rows: number }): PtyHandle {
    return new PtyHandle(this.core, size);
  }

  get processes(): ReadonlyMap<number, ProcessView> {
    return new Map([...this.core.allTasks()].map((task) => [task.hostPid, viewOf(task)]));
  }

  get cgroups(): CgroupInfo[] {
    return viewCgroups(this.core.cgroupRoot);
  }

  get netNamespaces(): NetNamespaceInfo[] {
    return viewNetworks(this.core.allTasks());
  }

  serveHttp(address: { unix: string } | { host: string; port: number }, handler: Handler): () => void {
    return serveHttpOn(this.kernelTask, address, handler);
  }

  dial(address: { host: string; port: number }): Promise<Duplex> {
    return dialHost(this.kernelTask, address);
  }

  mountAt(mount: Mount, target: string): void {
    const { paths } = this.kernelTask;
    makeDirectories(paths, target);
    mountFilesystem(this.kernelTask, { ...mount, target });
  }

  async shutdown(): Promise<void> {
    for (const task of [...this.core.allTasks()]) {
      if (task !== this.core.init && task !== this.kernelTask) exitTask(task, { pid: 0, signal: signalNumbers.KILL });
    }
  }
}

/** mkdir -p, as the kernel's own process. */
export function makeDirectories(paths: PathContext, path: string): void {
  let at = '';
  for (const name of path.split('/').filter(Boolean)) {
    at += `/${name}`;
    try {
      paths.stat(at);
    } catch {
      paths.mkdir(at, 0o755);
    }
  }
}

export function giveStdio(task: Task, stdio: StartOptions['stdio']): void {
  task.files.closeAll();
  if ('pty' in stdio) {
    const tty = (stdio.pty as PtyMaster & PtyHandle).tty;
    const file = tty.openSlave();
    for (const fd of [0, 1, 2]) task.files.place(fd, fd === 0 ? file : file.retain());
    tty.control(task);
    return;
  }
  task.files.place(0, new HostInput(stdio.stdin ?? undefined));
  task.files.place(1, new HostOutput(stdio.stdout));
  task.files.place(2, new HostOutput(stdio.stderr));
}

export function handleOf(task: Task): ProcessHandle {
  return {
    pid: task.hostPid,
    get sys() {
      return task.sys;
    },
    wait: () => whenEnded(task),
    kill: (signal) => sendSignal(task, signal),
  };
}

export function whenEnded(task: Task): Promise<WaitResult> {
  return new Promise((resolve) => {
    const finish = (): void => resolve({ ...task.exitStatus, pid: task.hostPid });
    if (task.zombie) finish();
    else task.ended.add(finish);
  });
}
