import type { Sys } from './sys.ts';
import { SysSockets } from './sys-sockets.ts';

/** All the system calls, for one program in one process. */
export class TaskSys extends SysSockets implements Sys {}
