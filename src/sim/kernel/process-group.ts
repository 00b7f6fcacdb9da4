/** Process groups, sessions and their controlling terminal (credentials(7), setpgid(2), setsid(2)). */
import { Errno } from '../../spec/index.ts';
import type { Task } from './task.ts';
import type { Tty } from './tty.ts';

export interface Session {
  /** PIDs of the leader, from the host's namespace inwards. */
  readonly pids: readonly number[];
  leader: Task | undefined;
  tty: Tty | undefined;
}

export interface ProcessGroup {
  readonly pids: readonly number[];
  readonly session: Session;
  readonly members: Set<Task>;
}

export function newSession(task: Task): ProcessGroup {
  return { pids: task.pids, session: { pids: task.pids, leader: task, tty: undefined }, members: new Set() };
}

export function joinGroup(task: Task, group: ProcessGroup): void {
  task.group?.members.delete(task);
  task.group = group;
  group.members.add(task);
}

/** The id of a group or session as a process of `task`'s PID namespace sees it; 0 when it is outside. */
export const idSeenBy = (task: Task, pids: readonly number[]): number => pids[task.ns.pid.level] ?? 0;

export function findGroup(task: Task, pgid: number): ProcessGroup | undefined {
  for (const other of task.ns.pid.tasks.values()) {
    if (other.group.members.size > 0 && idSeenBy(task, other.group.pids) === pgid) return other.group;
  }
  return undefined;
}

/** setpgid(2): `pid` 0 is the caller, `pgid` 0 the process itself. */
export function setProcessGroup(caller: Task, pid: number, pgid: number): void {
  const task = pid === 0 ? caller : caller.ns.pid.tasks.get(pid);
  if (!task || (task !== caller && task.parent !== caller)) throw new Errno('ESRCH');
  if (pgid < 0) throw new Errno('EINVAL');
  if (task.group.session !== caller.group.session || task.group.session.leader === task) throw new Errno('EPERM');
  const own = idSeenBy(caller, task.pids);
  const wanted = pgid === 0 ? own : pgid;
  if (idSeenBy(caller, task.group.pids) === wanted) return;
  const group = findGroup(caller, wanted);
  if (group ? group.session !== task.group.session : wanted !== own) throw new Errno('EPERM');
  joinGroup(task, group ?? { pids: task.pids, session: task.group.session, members: new Set() });
}

/** setsid(2). */
export function startSession(task: Task): number {
  if (task.group.pids === task.pids) throw new Errno('EPERM');
  joinGroup(task, newSession(task));
  return task.pid;
}

/** No member has a parent in another group of the same session: nobody could continue it (setpgid(2)). */
export function orphaned(group: ProcessGroup): boolean {
  for (const task of group.members) {
    const parent = task.parent;
    if (task.zombie || !parent || parent.group === group) continue;
    if (parent.group.session === group.session && parent !== task.ns.pid.init) return false;
  }
  return true;
}
