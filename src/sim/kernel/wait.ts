/** wait4(2). */
import { Errno } from '../../spec/index.ts';
import { block } from './block.ts';
import { reap } from './exit.ts';
import { idSeenBy } from './process-group.ts';
import type { WaitResult } from './sys.ts';
import type { Task } from './task.ts';

export interface WaitOptions {
  nohang?: boolean;
  untraced?: boolean;
  continued?: boolean;
}

export async function waitForChild(task: Task, pid: number, options: WaitOptions): Promise<WaitResult | null> {
  return block(task, [task.childEvents], () => {
    const candidates = [...task.children].filter((child) => matches(task, child, pid));
    if (candidates.length === 0) throw new Errno('ECHILD');
    for (const child of candidates) {
      const result = take(task, child, options);
      if (result) return result;
    }
    return options.nohang ? null : undefined;
  });
}

function matches(task: Task, child: Task, pid: number): boolean {
  if (pid === -1) return true;
  if (pid > 0) return child.pidSeenBy(task) === pid;
  return pid === 0 ? child.group === task.group : idSeenBy(task, child.group.pids) === -pid;
}

function take(task: Task, child: Task, options: WaitOptions): WaitResult | undefined {
  const pid = child.pidSeenBy(task);
  if (child.zombie) {
    reap(child);
    return { ...child.exitStatus, pid };
  }
  const { report } = child;
  if (!report) return undefined;
  const wanted = report.stopped !== undefined ? options.untraced : options.continued;
  if (!wanted) return undefined;
  child.report = undefined;
  return { ...report, pid };
}
