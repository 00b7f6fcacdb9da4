import type { ProcessView } from './kernel.ts';
import type { NamespaceKind } from './sys.ts';
import type { Task } from './task.ts';

/** A process as it is now, for inspection. */
export function viewOf(task: Task): ProcessView {
  const namespaces = Object.fromEntries(Object.entries(task.ns).map(([kind, { ino }]) => [kind, ino]));
  return {
    pid: task.hostPid,
    ppid: task.parent?.hostPid ?? 0,
    sid: task.group.session.pids[0] ?? 0,
    pids: task.pids,
    comm: task.comm,
    args: task.args,
    state: task.state,
    uid: task.cred.uid,
    namespaces: namespaces as Record<NamespaceKind, number>,
    cgroup: task.cgroup.path,
    startedMs: task.startedMs,
  };
}
