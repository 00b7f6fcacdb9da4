/** What shells say of the commands they run: `command.begin`, `command.end`. */
import type { Task } from './task.ts';

/** Characters of a line that an event tells. */
const lineShown = 4096;

export function beginCommand(task: Task, line: string, typed: boolean): void {
  const { tracer } = task.kernel;
  if (!tracer.wants('command.begin')) return;
  const terminal = terminalOf(task);
  task.command = { terminal };
  tracer.emit({ type: 'command.begin', terminal, line: line.slice(0, lineShown), pid: task.hostPid, typed });
}

/** Once per command: a shell that became its last command (exec) says it when that ends. */
export function endCommand(task: Task, status: number): void {
  const { command } = task;
  if (!command) return;
  task.command = undefined;
  task.kernel.tracer.emit({ type: 'command.end', terminal: command.terminal, status, pid: task.hostPid });
}

/** `pts/0`; in another UTS namespace, a container's, `<its hostname>:pts/0`. */
function terminalOf(task: Task): string {
  const { tty } = task.group.session;
  if (!tty) return '';
  const { uts } = task.ns;
  const place = uts === task.kernel.init.ns.uts ? '' : `${uts.nodename}:`;
  return place + tty.path.replace('/dev/', '');
}
