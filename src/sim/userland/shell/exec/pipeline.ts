import { FunctionReturn } from '../control.ts';
import type { Shell } from '../shell.ts';
import type { CommandNode, Pipeline } from '../syntax/grammar.ts';
import { runPseudoTrap } from '../traps.ts';
import { commandText, noteCommand } from './command-text.ts';
import { finishForeground, jobOptions } from './foreground.ts';
import { forkShell } from './process.ts';
import { checkFailure, lineOf, runCommand, unchecked } from './run.ts';
import { reportTimes, startTimes } from './times.ts';

export const runPipeline = async (shell: Shell, node: Pipeline): Promise<void> => {
  const negated = node.prefixes.filter((p) => p.type === 'Negation').length % 2 === 1;
  const time = node.prefixes.find((p) => p.type === 'Time');
  const before = time ? startTimes(shell) : undefined;
  try {
    if (node.commands.length === 0) shell.status = 0;
    else if (negated) await negatable(shell, () => unchecked(shell, () => runElements(shell, node)));
    else await runElements(shell, node);
  } finally {
    if (before) await reportTimes(shell, before, Boolean(time?.posix));
  }
  if (negated) shell.status = shell.status === 0 ? 1 : 0;
  if (!negated && node.commands.length > 1) await checkFailure(shell);
};

/** busybox turns around what a `return` inside gives, too. */
const negatable = async (shell: Shell, run: () => Promise<void>): Promise<void> => {
  try {
    await run();
  } catch (thrown) {
    if (!(thrown instanceof FunctionReturn) || shell.dialect.name !== 'ash') throw thrown;
    throw new FunctionReturn(thrown.status === 0 ? 1 : 0);
  }
};

const runElements = async (shell: Shell, node: Pipeline): Promise<void> => {
  if (node.commands.length === 1) return runCommand(shell, node.commands[0]!);
  if (shell.shopts.lastpipe && shell.dialect.bash && !shell.has('monitor')) return lastPipe(shell, node);
  const { pids, pgid } = await startPipeline(shell, node, true);
  await finishForeground(shell, pids, pgid, () => commandText(shell, node));
};

/** `shopt -s lastpipe`: the last element runs in this shell. */
const lastPipe = async (shell: Shell, node: Pipeline): Promise<void> => {
  const { sys } = shell;
  const [read, write] = sys.pipe();
  const head = { ...node, commands: node.commands.slice(0, -1) };
  const out = sys.dup(1, 10);
  sys.dup2(write, 1);
  sys.close(write);
  const { pids, pgid } = await startPipeline(shell, head, true);
  sys.dup2(out, 1);
  sys.close(out);
  const input = sys.dup(0, 10);
  sys.dup2(read, 0);
  sys.close(read);
  try {
    await runCommand(shell, node.commands.at(-1)!);
  } finally {
    sys.dup2(input, 0);
    sys.close(input);
  }
  const { status } = shell;
  await finishForeground(shell, pids, pgid, () => '');
  const failed = shell.has('pipefail') && status === 0 ? shell.status : status;
  shell.pipeStatus = [...shell.pipeStatus, String(status)];
  shell.status = failed;
};

/** Forks every element, joined by pipes; the first one's pid is the group's. */
export const startPipeline = async (
  shell: Shell,
  node: Pipeline,
  foreground: boolean,
  background?: { ignore?: number[]; first(child: Shell): void },
): Promise<{ pids: number[]; pgid: number }> => {
  const pids: number[] = [];
  let input: number | undefined;
  const last = node.commands.length - 1;
  for (const [i, command] of node.commands.entries()) {
    if (shell.traps.has('DEBUG')) await debugElement(shell, command);
    const [read, write] = i < last ? shell.sys.pipe() : [undefined, undefined];
    const plumbing = { input, read, write, both: node.operators[i] === '|&' };
    const options = background?.ignore ? { ignore: background.ignore } : jobOptions(shell, pids[0] ?? 0, foreground);
    const body = (child: Shell) => {
      background?.first(child);
      return runElement(child, command, plumbing);
    };
    pids.push(forkShell(shell, body, options));
    if (input !== undefined) shell.sys.close(input);
    if (write !== undefined) shell.sys.close(write);
    input = read;
  }
  return { pids, pgid: pids[0]! };
};

/** bash runs the DEBUG trap for simple elements itself, before it forks. */
export const debugElement = async (shell: Shell, command: CommandNode): Promise<void> => {
  if (command.type !== 'Command') return;
  shell.line = lineOf(shell, command);
  noteCommand(shell, command);
  await runPseudoTrap(shell, 'DEBUG');
};

interface Plumbing {
  input: number | undefined;
  read: number | undefined;
  write: number | undefined;
  both: boolean;
}

const move = (shell: Shell, from: number | undefined, to: number): void => {
  if (from === undefined || from === to) return;
  shell.sys.dup2(from, to);
  shell.sys.close(from);
};

const runElement = async (child: Shell, command: CommandNode, plumbing: Plumbing): Promise<number> => {
  if (plumbing.read !== undefined) child.sys.close(plumbing.read);
  move(child, plumbing.input, 0);
  move(child, plumbing.write, 1);
  if (plumbing.both) child.sys.dup2(1, 2);
  child.tail = true;
  await runCommand(child, command);
  return child.status;
};
