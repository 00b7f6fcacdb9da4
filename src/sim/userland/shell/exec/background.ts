import type { Shell } from '../shell.ts';
import type { CommandNode, Coproc, Statement, Subshell } from '../syntax/grammar.ts';
import { IndexedArray } from '../variables.ts';
import { commandText } from './command-text.ts';
import { jobOptions } from './foreground.ts';
import { debugElement, startPipeline } from './pipeline.ts';
import { forkShell } from './process.ts';
import { RedirectionFailure, redirect } from './redirect.ts';
import { runCommand, runStatements } from './run.ts';

/** Without job control a background job reads nothing and does not hear the keyboard's signals. */
const backgroundOptions = (shell: Shell) => (shell.has('monitor') ? jobOptions(shell, 0, false) : { ignore: [2, 3] });

const detachInput = (child: Shell): void => {
  if (child.jobControl) return;
  try {
    const fd = child.sys.openSync('/dev/null');
    if (fd !== 0) {
      child.sys.dup2(fd, 0);
      child.sys.close(fd);
    }
  } catch {
    // No /dev/null in this root: the job keeps the input it has.
  }
};

const begin = (child: Shell, monitor: boolean): void => {
  child.jobControl = monitor;
  if (!monitor) child.deaf = new Set(['INT', 'QUIT']);
  detachInput(child);
};

/** `( list ) &`: the process of the job is the subshell. */
const runDetached = async (child: Shell, subshell: Subshell, node: CommandNode): Promise<number> => {
  try {
    if (node.type === 'Redirected') await redirect(child, node.redirects, true);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    return error.status;
  }
  child.tail = subshell.body.commands.length === 1;
  return runStatements(child, subshell.body.commands);
};

export const runBackground = async (shell: Shell, statement: Statement): Promise<void> => {
  const node = statement.command;
  const text = commandText(shell, node);
  const monitor = shell.has('monitor');
  let pids: number[];
  if (node.type === 'Pipeline' && node.commands.length > 1 && node.prefixes.length === 0) {
    const first = (child: Shell) => begin(child, monitor);
    pids = (await startPipeline(shell, node, false, monitor ? undefined : { ignore: [2, 3], first })).pids;
  } else {
    if (shell.traps.has('DEBUG')) await debugElement(shell, node);
    const body = async (child: Shell) => {
      begin(child, monitor);
      const subshell = node.type === 'Redirected' ? node.command : node;
      if (subshell.type === 'Subshell') return runDetached(child, subshell, node);
      child.tail = node.type === 'Command';
      await runCommand(child, node);
      return child.status;
    };
    pids = [forkShell(shell, body, backgroundOptions(shell))];
  }
  shell.lastBackground = pids.at(-1);
  // dash and ash keep no text of what they do not control.
  const shown = monitor || shell.dialect.bash ? text : '';
  const job = shell.jobs.add(pids, pids[0]!, shown, true);
  shell.status = 0;
  if (shell.interactive && monitor) {
    await shell.write(2, shell.dialect.name === 'bash' ? `[${job.id}] ${pids.at(-1)}\n` : '');
  }
};

/** `coproc [NAME] command`: NAME[0] reads from it, NAME[1] writes to it. */
export const runCoproc = async (shell: Shell, node: Coproc): Promise<void> => {
  const name = node.name?.value ?? 'COPROC';
  const [outRead, outWrite] = shell.sys.pipe();
  const [inRead, inWrite] = shell.sys.pipe();
  const body = node.body;
  const pid = forkShell(
    shell,
    async (child) => {
      child.sys.dup2(inRead, 0);
      child.sys.dup2(outWrite, 1);
      for (const fd of [outRead, outWrite, inRead, inWrite]) child.sys.close(fd);
      if (body.type !== 'CompoundList') await runCommand(child, body);
      return child.status;
    },
    {},
  );
  shell.sys.close(outWrite);
  shell.sys.close(inRead);
  shell.vars.setArray(name, IndexedArray.of([String(outRead), String(inWrite)]));
  shell.vars.set(`${name}_PID`, String(pid));
  shell.lastBackground = pid;
  shell.jobs.add([pid], pid, commandText(shell, node), true);
  shell.status = 0;
};
