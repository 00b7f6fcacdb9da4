import { Interrupted, ShellExit } from '../control.ts';
import type { Shell } from '../shell.ts';
import type { Command, CommandNode, CompoundList, FunctionNode, Statement } from '../syntax/grammar.ts';
import { runPendingTraps, runPseudoTrap } from '../traps.ts';
import { runBackground, runCoproc } from './background.ts';
import { runArithmeticCommand, runArithmeticFor, runCase, runFor, runIf, runSelect, runWhile } from './compound.ts';
import { runTestCommand } from './conditional.ts';
import { runPipeline } from './pipeline.ts';
import { RedirectionFailure, redirect, restore, type Saved } from './redirect.ts';
import { runSimple } from './simple.ts';
import { runSubshell } from './subshell.ts';

export const runStatements = async (shell: Shell, statements: readonly Statement[]): Promise<number> => {
  const tail = shell.tail;
  for (let i = 0; i < statements.length; i++) {
    shell.tail = tail && i === statements.length - 1;
    await runStatement(shell, statements[i]!);
  }
  return shell.status;
};

export const runList = (shell: Shell, list: CompoundList): Promise<number> => runStatements(shell, list.commands);

export const runStatement = async (shell: Shell, statement: Statement): Promise<void> => {
  if (shell.has('noexec') && !shell.interactive) return;
  if (statement.background) await runBackground(shell, statement);
  else await runCommand(shell, statement.command);
};

/** Between commands: traps of signals that came, Ctrl-C of an interactive shell. */
export const settle = async (shell: Shell): Promise<void> => {
  if (shell.interrupted) {
    shell.interrupted = false;
    shell.status = 130;
    throw shell.interactive ? new Interrupted() : new ShellExit(130);
  }
  if (shell.pendingSignals.length > 0) await runPendingTraps(shell);
};

/** set -e and the ERR trap, where a failure counts. */
export const checkFailure = async (shell: Shell): Promise<void> => {
  if (shell.status === 0 || shell.unchecked > 0) return;
  await runPseudoTrap(shell, 'ERR');
  if (shell.has('errexit')) throw new ShellExit(shell.status);
};

/** Conditions: of if and while, before && and ||, after !. Their failure is an answer. */
export const unchecked = async (shell: Shell, run: () => Promise<unknown>): Promise<void> => {
  shell.unchecked++;
  try {
    await run();
  } finally {
    shell.unchecked--;
  }
};

/** Where the second of a command's elements ends, or the only one. */
const secondElement = (node: Command): number => {
  const found: { pos: number; end: number }[] = [...node.prefix.slice(0, 2), ...node.redirects.slice(0, 2)];
  if (node.name) found.push(node.name, ...node.args.slice(0, 1));
  found.sort((a, b) => a.pos - b.pos);
  return (found[1] ?? found[0] ?? node).end;
};

const readTo = new WeakMap<CommandNode, number>();

/**
 * The line that messages and LINENO give. bash counts by how far its reader was: a simple command is numbered once
 * the token behind its first one is read, `(( ))`, `[[ ]]` and `( )` at their end, most compounds not at all.
 */
export const lineOf = (shell: Shell, node: CommandNode): number => {
  const { chunk } = shell;
  if (!shell.dialect.bash) return chunk.lineOf(node.pos);
  let at: number | undefined;
  switch (node.type) {
    case 'Command':
      at = readTo.get(node);
      if (at === undefined) {
        at = secondElement(node);
        readTo.set(node, at);
      }
      return chunk.lineOf(at);
    case 'ArithmeticCommand':
    case 'TestCommand':
    case 'Subshell':
      return chunk.lineOf(node.end);
    case 'Case':
      return chunk.lineOf(node.pos);
    default:
      return shell.line;
  }
};

export const runCommand = async (shell: Shell, node: CommandNode): Promise<void> => {
  const tail = shell.tail;
  shell.tail = false;
  shell.line = lineOf(shell, node);
  switch (node.type) {
    case 'Command':
      shell.tail = tail;
      await runSimple(shell, node);
      shell.tail = false;
      break;
    case 'Pipeline':
      await runPipeline(shell, node);
      return settle(shell);
    case 'AndOr':
      await runAndOr(shell, node);
      return;
    case 'Subshell':
      await runSubshell(shell, node);
      break;
    case 'TestCommand':
      await runTestCommand(shell, node);
      break;
    case 'ArithmeticCommand':
      await runArithmeticCommand(shell, node);
      break;
    case 'Redirected':
      return runRedirected(shell, node);
    default:
      return runCompound(shell, node);
  }
  await settle(shell);
  await checkFailure(shell);
};

const runCompound = async (shell: Shell, node: CommandNode): Promise<void> => {
  switch (node.type) {
    case 'BraceGroup':
      await runList(shell, node.body);
      return;
    case 'If':
      return runIf(shell, node);
    case 'While':
      return runWhile(shell, node);
    case 'For':
      return runFor(shell, node);
    case 'ArithmeticFor':
      return runArithmeticFor(shell, node);
    case 'Select':
      return runSelect(shell, node);
    case 'Case':
      return runCase(shell, node);
    case 'Function':
      return defineFunction(shell, node);
    case 'Coproc':
      return runCoproc(shell, node);
    default:
  }
};

const defineFunction = async (shell: Shell, node: FunctionNode): Promise<void> => {
  const name = node.name.value;
  if (shell.dialect.bash && (/[$`'"\\]/.test(node.name.text) || (shell.has('posix') && !/^[A-Za-z_]\w*$/.test(name)))) {
    await shell.complain(`\`${node.name.text}': not a valid identifier`);
    shell.status = 1;
    return;
  }
  if (shell.functions.get(name)?.readonly) {
    await shell.complain(`${name}: readonly function`);
    shell.status = 1;
    return;
  }
  shell.functions.set(name, { node, chunk: shell.chunk });
  shell.status = 0;
};

const runAndOr = async (shell: Shell, node: Extract<CommandNode, { type: 'AndOr' }>): Promise<void> => {
  const last = node.commands.length - 1;
  for (let i = 0; i <= last; i++) {
    if (i > 0 && (node.operators[i - 1] === '&&') !== (shell.status === 0)) continue;
    if (i === last) await runCommand(shell, node.commands[i]!);
    else await unchecked(shell, () => runCommand(shell, node.commands[i]!));
  }
};

const runRedirected = async (shell: Shell, node: Extract<CommandNode, { type: 'Redirected' }>): Promise<void> => {
  const mark = shell.processFds.length;
  let saved: Saved;
  try {
    saved = await redirect(shell, node.redirects);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    shell.status = error.status;
    return checkFailure(shell);
  }
  try {
    await runCommand(shell, node.command);
  } finally {
    restore(shell, saved);
    for (const fd of shell.processFds.splice(mark)) shell.sys.close(fd);
  }
};
