import { decodeBytes } from '../../core/escaped-bytes.ts';
import { expandSingle } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import { SyntaxFault } from '../syntax/fault.ts';
import { Chunk, type Script } from '../syntax/grammar.ts';
import { recognise } from '../syntax/recogniser.ts';
import { reportSignal } from './foreground.ts';
import { forkShell, statusOfResult, waitFor } from './process.ts';
import { copyFile } from './redirect.ts';
import { runStatements } from './run.ts';
import { readingOptions, reportSyntax } from './source.ts';

/** The trees inside a backquoted command have positions in a text of their own. */
const chunkOf = (shell: Shell, script: Script): Chunk => {
  const { chunk, line } = shell;
  if (script.source !== undefined) return new Chunk(script.source, line, chunk.name);
  if (!shell.dialect.bash) return chunk;
  // bash counts from the line of the command that the substitution is in.
  const first = chunk.lineOf(script.commands[0]?.pos ?? 0) - chunk.firstLine;
  return first === line - chunk.firstLine ? chunk : new Chunk(chunk.source, line - first, chunk.name);
};

/** From here on what the shell holds counts as its memory. */
const notableBytes = 1 << 20;

const readAll = async (shell: Shell, fd: number): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = await shell.sys.read(fd);
    if (piece.length === 0) break;
    pieces.push(piece);
    size += piece.length;
    if (size >= notableBytes) shell.sys.setMemory(shell.vars.held + size);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

/** `$(< file)` of bash: the file itself, no process. */
const fileOnly = (shell: Shell, script: Script) => {
  const statement = script.commands.length === 1 ? script.commands[0]! : undefined;
  const command = statement?.command;
  if (!shell.dialect.bash || command?.type !== 'Command' || command.name || command.suffix.length > 0) return undefined;
  const redirect = command.prefix.length === 1 ? command.prefix[0]! : undefined;
  return redirect?.type === 'Redirect' && redirect.operator === '<' && !redirect.descriptor
    ? redirect.target
    : undefined;
};

/** In dash and ash $? keeps the last command's status until this one has ended. */
const substituted = (shell: Shell, status: number): void => {
  shell.substituted = status;
  if (shell.dialect.bash) shell.status = status;
};

/** busybox knows `$(trap)`, which shows the traps of the shell itself. */
const onlyTrap = (script: Script): boolean => {
  const command = script.commands.length === 1 ? script.commands[0]!.command : undefined;
  return command?.type === 'Command' && command.name?.text === 'trap';
};

/** What stands between bash's backquotes is looked at only now. */
const isWhole = async (shell: Shell, body: string): Promise<boolean> => {
  if (!shell.dialect.bash || wholes.has(body)) return true;
  let at = 0;
  try {
    for (;;) {
      const found = recognise(body, at, shell.dialect, readingOptions(shell));
      if (found.empty) break;
      at = found.end;
    }
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    await reportSyntax(shell, error, shell.line + error.line - 1, 'command substitution');
    return false;
  }
  if (wholes.size > 500) wholes.clear();
  wholes.add(body);
  return true;
};

const wholes = new Set<string>();

/** `$(script)`: what it wrote, without trailing newlines and NUL bytes; $? is its status. */
export const substituteCommand = async (
  shell: Shell,
  script: Script | undefined,
  backquoted?: string,
): Promise<string> => {
  if (backquoted !== undefined && !(await isWhole(shell, backquoted))) {
    substituted(shell, 2);
    return '';
  }
  if (!script || script.commands.length === 0) {
    substituted(shell, 0);
    return '';
  }
  const [read, write] = shell.sys.pipe();
  shell.sys.setCloexec(read, true);
  const chunk = chunkOf(shell, script);
  const file = fileOnly(shell, script);
  const pid = forkShell(
    shell,
    async (child) => {
      child.sys.close(read);
      if (write !== 1) {
        child.sys.dup2(write, 1);
        child.sys.close(write);
      }
      child.chunk = chunk;
      child.substitutionDepth++;
      if (shell.dialect.name === 'ash' && onlyTrap(script)) child.inheritedTraps = new Map(shell.traps);
      // Only bash lets a substitution in a condition fail.
      if (!shell.dialect.bash) child.unchecked = 0;
      if (shell.dialect.bash && !shell.shopts.inherit_errexit && !shell.has('posix')) child.options.delete('errexit');
      if (file) {
        return copyFile(child, await expandSingle(child, file));
      }
      child.tail = script.commands.length === 1;
      return runStatements(child, script.commands);
    },
    {},
  );
  shell.sys.close(write);
  let bytes: Uint8Array;
  try {
    bytes = await readAll(shell, read);
  } finally {
    shell.sys.close(read);
  }
  const result = await waitFor(shell, pid);
  if (!shell.dialect.bash) await reportSignal(shell, result, () => '');
  substituted(shell, statusOfResult(result));
  const text = decodeBytes(bytes);
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).replace(/\n+$/, '');
};

/** `<(script)`: a path that reads what it writes; `>(script)` the other way. */
export const substituteProcess = async (
  shell: Shell,
  operator: '<' | '>',
  script: Script | undefined,
): Promise<string> => {
  const [read, write] = shell.sys.pipe();
  const [mine, theirs, target] = operator === '<' ? [read, write, 1] : [write, read, 0];
  const pid = forkShell(
    shell,
    async (child) => {
      child.sys.close(mine);
      child.sys.dup2(theirs, target);
      child.sys.close(theirs);
      child.tail = script?.commands.length === 1;
      return script ? runStatements(child, script.commands) : 0;
    },
    {},
  );
  shell.lastBackground = pid;
  shell.sys.close(theirs);
  const high = freeHighFd(shell);
  shell.sys.dup2(mine, high);
  shell.sys.close(mine);
  shell.processFds.push(high);
  return `/dev/fd/${high}`;
};

const freeHighFd = (shell: Shell): number => {
  const used = new Set(shell.sys.fds());
  let fd = shell.dialect.bash ? 63 : 64;
  while (used.has(fd)) fd += shell.dialect.bash ? -1 : 1;
  return fd;
};

/** After the command that was given the /dev/fd path. */
export const closeProcessFds = (shell: Shell, from: number): void => {
  for (const fd of shell.processFds.splice(from)) shell.sys.close(fd);
};
