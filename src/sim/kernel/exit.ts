/** The end of a process (Linux: do_exit): descriptors, children, group, terminal, cgroup; then a zombie for wait. */

import { orphaned } from './process-group.ts';
import { sendSignal, signalGroup, tellParent } from './signal-deliver.ts';
import { signalNumbers } from './signals.ts';
import type { WaitResult } from './sys.ts';
import type { Task } from './task.ts';
import { endCommand } from './tracepoints.ts';

/** Ends it at once; its program's code unwinds when it next calls. Idempotent. */
export function exitTask(task: Task, status: WaitResult): void {
  if (task.zombie) return;
  task.zombie = true;
  task.exitStatus = status;
  task.stoppedBy = undefined;
  task.cancelAlarm?.();
  task.files.closeAll();
  if (task.ns.pid.init === task) killNamespace(task);
  reparentChildren(task);
  leaveTerminal(task);
  leaveCgroup(task);
  emitExit(task, status);
  task.report = status;
  tellParent(task);
  if (!task.parent || task.parent.signals.action(signalNumbers.CHLD) === 'ignore') reap(task);
  task.sleepers.wake();
  task.continued.wake();
  task.ended.wake();
}

function emitExit(task: Task, status: WaitResult): void {
  const { tracer } = task.kernel;
  const code = status.signal === undefined ? (status.code ?? 0) : 128 + status.signal;
  endCommand(task, code);
  if (!tracer.wants('process.exit')) return;
  tracer.emit({ type: 'process.exit', pid: task.hostPid, code, signal: status.signal });
}

/** When PID 1 of a namespace ends, the kernel kills all others in it (pid_namespaces(7)). */
function killNamespace(init: Task): void {
  init.ns.pid.ended = true;
  for (const task of [...init.ns.pid.tasks.values()]) {
    if (task !== init && !task.zombie) exitTask(task, { pid: 0, signal: signalNumbers.KILL });
  }
}

function reparentChildren(task: Task): void {
  const heir = task.ns.pid.init !== task ? task.ns.pid.init : undefined;
  for (const child of [...task.children]) {
    const group = child.group;
    child.parent = heir && !heir.zombie ? heir : undefined;
    task.children.delete(child);
    if (!child.parent) {
      if (child.zombie) reap(child);
      continue;
    }
    child.parent.children.add(child);
    if (child.zombie) tellParent(child);
    else continueOrphans(group);
  }
}

/** A newly orphaned group with stopped members gets SIGHUP and SIGCONT (POSIX, _exit). */
function continueOrphans(group: Task['group']): void {
  if (!hasStopped(group) || !orphaned(group)) return;
  signalGroup(group.members, signalNumbers.HUP);
  signalGroup(group.members, signalNumbers.CONT);
}

function hasStopped({ members }: Task['group']): boolean {
  for (const member of members) if (member.stoppedBy !== undefined) return true;
  return false;
}

function leaveTerminal(task: Task): void {
  const { session } = task.group;
  if (session.leader !== task) return;
  session.leader = undefined;
  const tty = session.tty;
  if (!tty) return;
  session.tty = undefined;
  tty.session = undefined;
  const foreground = tty.foreground;
  tty.foreground = undefined;
  if (!foreground) return;
  for (const member of [...foreground.members]) {
    if (member === task) continue;
    sendSignal(member, signalNumbers.HUP);
    sendSignal(member, signalNumbers.CONT);
  }
}

function leaveCgroup(task: Task): void {
  task.cgroup.usageUs += Math.round((task.userMs + task.systemMs) * 1000);
  task.cgroup.leave(task);
  task.memory = 0;
}

/** Takes a zombie away: its pids are free again. */
export function reap(task: Task): void {
  task.group.members.delete(task);
  task.parent?.children.delete(task);
  const { parent } = task;
  if (parent) {
    parent.childrenUserMs += task.userMs + task.childrenUserMs;
    parent.childrenSystemMs += task.systemMs + task.childrenSystemMs;
  }
  task.ns.pid.chain().forEach((namespace, level) => {
    namespace.tasks.delete(task.pids[level]!);
    if (namespace.init === task) namespace.init = undefined;
  });
}
