/** Sending and taking signals (signal(7), kill(2)). */
import { Errno } from '../../spec/index.ts';
import { capable } from './credentials.ts';
import { exitTask } from './exit.ts';
import { Killed } from './killed.ts';
import { findGroup } from './process-group.ts';
import { defaultAction, maxSignal, signalNumbers, uncatchable } from './signals.ts';
import type { Task } from './task.ts';

/** kill(2) with its permission rules and its meanings of 0, -1 and negative pids. */
export function killFrom(caller: Task, pid: number, signal: number): void {
  if (signal < 0 || signal > maxSignal || !Number.isInteger(signal)) throw new Errno('EINVAL');
  const targets = targetsOf(caller, pid);
  if (targets.length === 0) throw new Errno('ESRCH');
  const allowed = targets.filter((target) => maySignal(caller, target, signal));
  if (allowed.length === 0) throw new Errno('EPERM');
  for (const target of allowed) if (signal !== 0) sendSignal(target, signal, caller);
  if (caller.zombie) throw new Killed(caller.pid);
}

function targetsOf(caller: Task, pid: number): Task[] {
  const { tasks, init } = caller.ns.pid;
  if (pid > 0) {
    const task = tasks.get(pid);
    return task ? [task] : [];
  }
  if (pid === -1) return [...tasks.values()].filter((task) => task !== init && task !== caller && !task.zombie);
  const group = pid === 0 ? caller.group : findGroup(caller, -pid);
  return [...(group?.members ?? [])].filter((task) => task.pidSeenBy(caller) !== 0);
}

function maySignal(caller: Task, target: Task, signal: number): boolean {
  if (capable(caller.cred, 'CAP_KILL', target.cred.user) || caller === target) return true;
  const { uid, euid } = caller.cred;
  const matches = [uid, euid].some((id) => id === target.cred.uid || id === target.cred.suid);
  return matches || (signal === signalNumbers.CONT && caller.group.session === target.group.session);
}

/** Makes a signal pending and acts at once where Linux does. `from` undefined: the kernel itself or the terminal. */
export function sendSignal(target: Task, signal: number, from?: Task): void {
  if (target.zombie) return;
  const { tracer } = target.kernel;
  if (tracer.wants('process.signal')) {
    tracer.emit({ type: 'process.signal', pid: target.hostPid, signal, from: from?.hostPid ?? 0 });
  }
  if (signal === signalNumbers.CONT || signal === signalNumbers.KILL) continueTask(target, signal);
  if (defaultAction(signal) === 'stop') target.signals.pending.delete(signalNumbers.CONT);
  if (isIgnored(target, signal, from)) return;
  target.signals.pending.add(signal);
  if (target.signals.blocked.has(signal) && !uncatchable(signal)) return;
  if (acts(target, signal)) actNow(target);
  target.sleepers.wake();
}

/** Ends or stops the process at once, so that nothing depends on where its program happens to be. */
function actNow(target: Task): void {
  // A stopped process takes nothing but KILL until it continues.
  if ((target.frozen || target.stoppedBy !== undefined) && !target.signals.pending.has(signalNumbers.KILL)) return;
  try {
    deliverSignals(target);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

const acts = (target: Task, signal: number): boolean => typeof target.signals.action(signal) !== 'function';

function isIgnored(target: Task, signal: number, from: Task | undefined): boolean {
  const action = target.signals.action(signal);
  if (isProtectedInit(target, signal, from)) return true;
  if (uncatchable(signal) || target.signals.blocked.has(signal)) return false;
  if (action === 'ignore') return true;
  return action === 'default' && (defaultAction(signal) === 'ignore' || signal === signalNumbers.CONT);
}

/** PID 1 of a namespace gets only what it handles, except KILL and STOP from an ancestor namespace (pid_namespaces(7)). */
function isProtectedInit(target: Task, signal: number, from: Task | undefined): boolean {
  if (target.ns.pid.init !== target || typeof target.signals.action(signal) === 'function') return false;
  const outside = from ? from.ns.pid.level < target.ns.pid.level : target.ns.pid.level > 0;
  return !(outside && uncatchable(signal));
}

function continueTask(target: Task, signal: number): void {
  for (const stop of [19, 20, 21, 22]) target.signals.pending.delete(stop);
  if (target.stoppedBy === undefined) return;
  target.stoppedBy = undefined;
  if (signal === signalNumbers.CONT) {
    target.report = { pid: 0, continued: true };
    tellParent(target);
  }
  target.continued.wake();
  if (target.signals.pending.size > 0) actNow(target);
}

/** Acts on what is pending and not blocked: handlers run, deadly defaults end the process (throws Killed). */
export function deliverSignals(task: Task): void {
  for (;;) {
    const signal = task.signals.pending.has(9) ? 9 : task.signals.next();
    if (signal === undefined) return;
    task.signals.pending.delete(signal);
    const action = uncatchable(signal) ? 'default' : task.signals.action(signal);
    if (action === 'ignore') continue;
    if (action === 'default') takeDefault(task, signal);
    else {
      task.signals.handled++;
      action(signal);
      if (task.zombie) throw new Killed(task.pid);
    }
    if (task.stoppedBy !== undefined) return;
  }
}

function takeDefault(task: Task, signal: number): void {
  const kind = defaultAction(signal);
  if (kind === 'ignore' || kind === 'continue') return;
  if (kind === 'stop') {
    stopTask(task, signal);
    return;
  }
  exitTask(task, { pid: 0, signal, coreDumped: false });
  throw new Killed(task.pid);
}

function stopTask(task: Task, signal: number): void {
  task.stoppedBy = signal;
  task.report = { pid: 0, stopped: signal };
  tellParent(task);
}

/** SIGCHLD and the waiting parent. */
export function tellParent(task: Task): void {
  const { parent } = task;
  if (!parent) return;
  sendSignal(parent, signalNumbers.CHLD);
  parent.childEvents.wake();
}

export function signalGroup(members: Iterable<Task>, signal: number, from?: Task): void {
  for (const task of [...members]) sendSignal(task, signal, from);
}
