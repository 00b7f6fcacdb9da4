/** What processes are taken to use of memory, and the OOM killer of a cgroup (cgroup v2, memory.max). */
import { Errno } from '../../spec/index.ts';
import type { CgroupNode } from './cgroup.ts';
import { exitTask } from './exit.ts';
import { Killed } from './killed.ts';
import { signalNumbers } from './signals.ts';
import type { Task } from './task.ts';

/** The process now has `bytes` resident. Over a limit the largest process of that group is killed. */
export function chargeMemory(task: Task, bytes: number): void {
  const extra = bytes - task.memory;
  if (extra > 0 && bytes > (task.rlimits.get('RLIMIT_AS')?.soft ?? Infinity)) throw new Errno('ENOMEM');
  if (extra > task.kernel.memory) throw new Errno('ENOMEM');
  const over = extra > 0 ? (task.cgroup.overLimit(extra) ?? overHost(task, extra)) : undefined;
  task.memory = bytes;
  if (over) killLargest(over);
  if (task.zombie) throw new Killed(task.pid);
}

/** The host itself is out of memory: its root group, when `extra` bytes more are not there. */
function overHost(task: Task, extra: number): CgroupNode | undefined {
  const root = task.cgroup.ancestors().at(-1)!;
  return root.memoryCurrent() + extra > task.kernel.memory ? root : undefined;
}

export function killLargest(group: CgroupNode): void {
  let victim: Task | undefined;
  for (const task of group.subtree()) {
    if (!task.zombie && (!victim || score(task) > score(victim))) victim = task;
  }
  if (!victim) return;
  group.oomKills++;
  victim.oomKilled = true;
  const { tracer } = victim.kernel;
  if (tracer.wants('process.oom')) tracer.emit({ type: 'process.oom', pid: victim.hostPid, cgroup: group.path });
  exitTask(victim, { pid: 0, signal: signalNumbers.KILL });
}

/** As oom_badness: resident bytes, moved by oom_score_adj in thousandths of the whole. */
const score = (task: Task): number => task.memory + (task.oomScoreAdj / 1000) * task.kernel.memory;

/**
 * Bytes of a tmpfs belong to the group that mounted it; there is no swap to take them. Differs from Linux: not to the
 * group of who wrote them.
 */
export function chargeTmpfs(group: CgroupNode, bytes: number): void {
  const over = bytes > 0 ? group.overLimit(bytes) : undefined;
  if (over) {
    killLargest(over);
    throw new Errno('ENOMEM');
  }
  group.charge(bytes);
}
