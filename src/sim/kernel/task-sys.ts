import type { Sys } from './sys.ts';
import { SysSockets } from './sys-sockets.ts';
import type { Task } from './task.ts';

/** All the system calls, for one program in one process. */
export class TaskSys extends SysSockets implements Sys {
  /** Of another task, or of the next program of this one. */
  forChild(task: Task, env: Record<string, string>, argv: readonly string[]): TaskSys {
    return new TaskSys(task, env, argv);
  }
}
