import type { Shell } from '../shell.ts';
import type { Coproc, Statement } from '../syntax/grammar.ts';
import { IndexedArray } from '../variables.ts';
import { commandText } from './command-text.ts';
import { jobOptions } from './foreground.ts';
import { debugElement, startPipeline } from './pipeline.ts';
import { forkShell } from './process.ts';
import { runCommand } from './run.ts';

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

export const runBackground = async (shell: Shell, statement: Statement): Promise<void> => {
  const node = statement.command;
  const text = commandText(shell, node);
  const monitor = shell.has('monitor');
  let pids: number[];
  if (node.type === 'Pipeline' && node.commands.length > 1 && node.prefixes.length === 0 && monitor) {
    pids = (await startPipeline(shell, node, false)).pids;
  } else {
    if (shell.traps.has('DEBUG')) await debugElement(shell, node);
    const body = async (child: Shell) => {
      child.jobControl = monitor;
      detachInput(child);
      child.tail = node.type === 'Command';
      await runCommand(child, node);
      return child.status;
    };
    pids = [forkShell(shell, body, backgroundOptions(shell))];
  }
  shell.lastBackground = pids.at(-1);
  const job = shell.jobs.add(pids, pids[0]!, text, true);
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
