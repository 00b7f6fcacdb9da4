import { type Errno, isErrno } from '../../../../spec/index.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';
import { findProgram } from '../../process/find-program.ts';
import { ShellExit } from '../control.ts';
import { quoteUnprintable } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { finishForeground, jobOptions, runForegroundJob, takeTerminal } from './foreground.ts';
import { callFunction } from './function.ts';
import { forkShell } from './process.ts';
import { runScriptText } from './script.ts';

interface How {
  /** For `jobs` and for messages. */
  text: () => string;
  tail: boolean;
}

/** The path that a command name means now, through the hash table. */
export const locate = (shell: Shell, name: string): { path: string } | { error: 'ENOENT' | 'EACCES' } => {
  if (name.includes('/')) return { path: name };
  const known = shell.hash.get(name);
  if (known && shell.dialect.bash && !shell.shopts.checkhash) {
    known.hits++;
    return { path: known.path };
  }
  if (known && shell.dialect.name === 'dash') return { path: known.path };
  if (known) {
    try {
      shell.sys.access(known.path, 1, true);
      known.hits++;
      return { path: known.path };
    } catch {
      shell.hash.delete(name);
    }
  }
  const found = findProgram(
    shell.sys,
    name,
    shell.vars.get('PATH') ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  );
  if ('path' in found) shell.hash.set(name, { path: found.path, hits: 1 });
  return found;
};

export const runExternal = async (shell: Shell, argv: string[], how: How): Promise<void> => {
  const found = locate(shell, argv[0]!);
  if (argv[0] === '' && !shell.dialect.bash) return notFound(shell, argv, 'EACCES');
  if ('error' in found) return notFound(shell, argv, found.error);
  const env = shell.environment();
  if (shell.dialect.bash) env._ = found.path;
  try {
    if (how.tail && shell.traps.size === 0 && !shell.interactive) await shell.sys.exec(found.path, argv, env);
    const options = { ...jobOptions(shell), env };
    const pid = await shell.sys.spawn(found.path, argv, options);
    await finishForeground(shell, [pid], pid, how.text);
  } catch (error) {
    if (!isErrno(error)) throw error;
    // The child had it already.
    takeTerminal(shell);
    if (error.code === 'ENOEXEC') return runWithoutHeader(shell, found.path, argv, how);
    const stale = shell.dialect.bash && error.code === 'ENOENT' && !exists(shell, found.path);
    await cannotRun(shell, stale ? found.path : argv[0]!, found.path, error);
  }
};

const notFoundHandler = 'command_not_found_handle';

const notFound = async (shell: Shell, argv: string[], error: 'ENOENT' | 'EACCES'): Promise<void> => {
  const name = argv[0]!;
  if (error === 'EACCES') {
    await shell.complain(`${name}: Permission denied`);
    shell.status = name === '' ? 127 : 126;
    return;
  }
  const handler = shell.dialect.extended ? shell.functions.get(notFoundHandler) : undefined;
  if (handler) {
    const body = async (child: Shell) => {
      await callFunction(child, notFoundHandler, handler, argv);
      return child.status;
    };
    await runForegroundJob(shell, () => argv.join(' '), body);
    if (!shell.dialect.bash) shell.status = 127;
    return;
  }
  // bash shows what cannot be printed: the name `\r`, of a script written on Windows.
  const shown = shell.dialect.bash ? quoteUnprintable(name) : name;
  await shell.complain(`${shown}: ${shell.dialect.bash ? 'command not found' : 'not found'}`);
  shell.status = 127;
};

const isDirectory = (shell: Shell, path: string): boolean => {
  try {
    return (shell.sys.stat(path).mode & 0o170000) === 0o040000;
  } catch {
    return false;
  }
};

/** The message and status for a file that execve refused. */
export const cannotRun = async (shell: Shell, name: string, path: string, error: Errno): Promise<void> => {
  const missing = error.code === 'ENOENT';
  shell.status = missing ? 127 : 126;
  if (shell.dialect.bash) {
    if (isDirectory(shell, path)) await shell.complain(`${name}: Is a directory`);
    else if (missing && exists(shell, path)) await shell.complain(`${name}: cannot execute: required file not found`);
    else await shell.complain(`${name}: ${error.message}`);
    return;
  }
  await shell.complain(`${name}: ${missing ? 'not found' : error.message}`);
};

const exists = (shell: Shell, path: string): boolean => {
  try {
    shell.sys.stat(path);
    return true;
  } catch {
    return false;
  }
};

/** ENOEXEC: a text file without `#!` is a script of this shell; anything else is refused. */
const runWithoutHeader = async (shell: Shell, path: string, argv: string[], how: How): Promise<void> => {
  const fd = shell.sys.openSync(path);
  const bytes = shell.sys.pread(fd, 0, 16 << 20);
  shell.sys.close(fd);
  const firstLine = bytes.subarray(0, 80);
  const newline = firstLine.indexOf(10);
  if ((newline < 0 ? firstLine : firstLine.subarray(0, newline)).includes(0)) {
    const text = shell.dialect.bash ? 'cannot execute binary file: Exec format error' : 'Exec format error';
    await shell.complain(`${argv[0]}: ${text}`);
    shell.status = 126;
    return;
  }
  const script = decodeBytes(bytes);
  const body = (child: Shell) => runScriptText(child, path, argv.slice(1), script);
  if (how.tail) throw new ShellExit(await body(shell));
  const pid = forkShell(shell, body, jobOptions(shell));
  await finishForeground(shell, [pid], pid, how.text);
};
