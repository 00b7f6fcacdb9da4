/** fork(2), clone(2) with CLONE_NEW*, and posix_spawn as both at once. */
import { Errno } from '../../spec/index.ts';
import { changeDirectory } from './change-directory.ts';
import { credentialsInside } from './credentials.ts';
import { applyImage, loadImage } from './exec.ts';
import { exitTask, reap } from './exit.ts';
import { chargeMemory } from './memory.ts';
import { createNamespaces } from './namespace-create.ts';
import type { PidNamespace } from './namespaces.ts';
import { joinGroup, newSession, setProcessGroup } from './process-group.ts';
import type { Program } from './program.ts';
import { runProgram } from './run.ts';
import type { ForkOptions, SpawnOptions } from './sys.ts';
import { Task } from './task.ts';
import { PtyFile } from './tty.ts';
import { writeIdMap } from './user-ids.ts';

/** Virtual cost of a fork and of an exec, so that times differ: about what they take on Linux. */
const forkNs = 300_000;
const execNs = 700_000;

/** What a fork does not share with its parent, in bytes. */
const forkMemory = 256 * 1024;

/** RLIMIT_NPROC: of the user, in the whole machine. */
function checkProcessLimit({ cred, rlimits, kernel }: Task): void {
  if (kernel.init.ns.pid.tasks.size >= kernel.threadsMaximum) throw new Errno('EAGAIN');
  const limit = rlimits.get('RLIMIT_NPROC')?.soft ?? Infinity;
  if (cred.uid === 0 || limit === Infinity) return;
  if (cred.effective.has('CAP_SYS_RESOURCE') || cred.effective.has('CAP_SYS_ADMIN')) return;
  let count = 0;
  for (const task of kernel.allTasks()) if (task.cred.uid === cred.uid) count++;
  if (count >= limit) throw new Errno('EAGAIN');
}

/** Of the time slice, as a call is one. */
const forkUnits = 6;

/** A child that shares nothing and has what the parent had; it does not run yet. */
export function forkTask(parent: Task, options: ForkOptions = {}): Task {
  checkProcessLimit(parent);
  parent.cgroup.checkFork();
  const kernel = parent.kernel;
  kernel.clock.advance(forkNs);
  kernel.scheduler.add(forkUnits);
  const ns = createNamespaces(parent, options.unshare ?? []);
  // pid_namespaces(7): where init has ended nobody is born.
  if (ns.pid.ended) throw new Errno('ENOMEM');
  const task = new Task({
    kernel,
    pids: ns.pid.chain().map((namespace) => namespace.allocate()),
    parent,
    ns,
    cred: ns.user === parent.ns.user ? parent.cred : credentialsInside(parent.cred, ns.user),
    cgroup: parent.cgroup,
    signals: parent.signals.forked(),
    rlimits: new Map(parent.rlimits),
  });
  copyIdentity(parent, task);
  register(task, ns.pid);
  if (options.uidMap) writeIdMap(parent, ns.user, 'uidMap', options.uidMap);
  if (options.gidMap) writeIdMap(parent, ns.user, 'gidMap', options.gidMap);
  joinGroup(task, parent.group);
  task.files = parent.files.copy(() => task.rlimits.get('RLIMIT_NOFILE')!.soft);
  task.paths = kernel.copyPaths(parent, task);
  task.sys = parent.sys.forChild(task, { ...(options.env ?? parent.sys.env) }, parent.args);
  return task;
}

function copyIdentity(parent: Task, task: Task): void {
  task.comm = parent.comm;
  task.args = parent.args;
  task.exePath = parent.exePath;
  task.exe = parent.exe;
  task.startEnvironment = parent.startEnvironment;
  task.nice = parent.nice;
  task.oomScoreAdj = parent.oomScoreAdj;
  task.noNewPrivileges = parent.noNewPrivileges;
  task.memory = Math.min(parent.memory, forkMemory);
  task.startedMs = task.kernel.nowMs();
  task.startedMonotonicMs = task.kernel.clock.monotonic();
}

/** Makes it visible: in every PID namespace from its own up to the host's, under its parent and in its cgroup. */
function register(task: Task, own: PidNamespace): void {
  own.chain().forEach((namespace, level) => {
    namespace.tasks.set(task.pids[level]!, task);
    namespace.init ??= task;
  });
  task.parent?.children.add(task);
  task.cgroup.enter(task);
  emitStart(task);
}

export { register as registerTask };

function emitStart(task: Task): void {
  const { tracer } = task.kernel;
  if (!tracer.wants('process.start')) return;
  const namespaces = Object.fromEntries(Object.entries(task.ns).map(([kind, namespace]) => [kind, namespace.ino]));
  const ppid = task.parent?.hostPid ?? 0;
  tracer.emit({ type: 'process.start', pid: task.hostPid, ppid, namespaces, args: [...task.args] });
}

/** What the child does between fork and exec. */
function arrange(task: Task, caller: Task, options: SpawnOptions): void {
  task.files.remap(options.fds, options.close);
  if (options.cwd !== undefined) changeDirectory(task, options.cwd);
  if (options.setsid) joinGroup(task, newSession(task));
  else if (options.pgid !== undefined) setProcessGroup(caller, task.pidSeenBy(caller), options.pgid);
  if (options.foreground !== undefined) {
    const file = caller.files.get(options.foreground);
    if (!(file instanceof PtyFile)) throw new Errno('ENOTTY');
    file.tty.foreground = task.group;
  }
  for (const signal of options.ignore ?? []) task.signals.actions.set(signal, 'ignore');
  for (const signal of options.default ?? []) task.signals.actions.delete(signal);
}

/** Undoes a child that could not start: nobody sees it. */
function discard(task: Task): void {
  task.parent?.children.delete(task);
  task.parent = undefined;
  exitTask(task, { pid: 0, code: 127 });
  if (task.ns.pid.tasks.has(task.pid)) reap(task);
}

function prepare(parent: Task, options: ForkOptions): Task {
  const task = forkTask(parent, options);
  try {
    arrange(task, parent, options);
  } catch (error) {
    discard(task);
    throw error;
  }
  return task;
}

/** The child runs `main`; gives its pid as the parent sees it. */
export function forkRun(parent: Task, main: Program, options: ForkOptions = {}): Task {
  const task = prepare(parent, options);
  task.signals.resetHandlers();
  runProgram(task, task.sys, main);
  return task;
}

/** fork and exec; throws what execve throws, and then there is no child. */
export function spawnTask(parent: Task, path: string, argv: readonly string[], options: ForkOptions = {}): Task {
  const task = prepare(parent, options);
  try {
    execIn(task, path, argv, options.env);
  } catch (error) {
    discard(task);
    throw error;
  }
  return task;
}

/** Resident memory of a program that just began: its own, and the part of its file that is touched. */
const residentBytes = (size: number): number => 384 * 1024 + Math.min(Math.floor(size / 4), 2 ** 22);

/** The process becomes another program, which starts in a later microtask. */
export function execIn(task: Task, path: string, argv: readonly string[], env?: Record<string, string>): void {
  const image = loadImage(task, path, argv);
  task.systemMs += execNs / 1e6;
  task.kernel.clock.advance(execNs);
  const environment = { ...(env ?? task.sys.env) };
  applyImage(task, image);
  chargeMemory(task, residentBytes(image.file.size));
  startProgram(task, image.program, image.argv, environment);
}

/** The rest of exec, for what is no file: a Program given to the kernel directly. */
export function startProgram(
  task: Task,
  program: Parameters<typeof runProgram>[2],
  argv: readonly string[],
  env: Record<string, string>,
): void {
  const old = task.sys;
  task.startEnvironment = { ...env };
  task.args = argv;
  task.sys = task.sys.forChild(task, env, argv);
  old?.retire();
  runProgram(task, task.sys, program);
}
