import { isErrno } from '../../../../spec/index.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';
import { Abort, FunctionReturn, LoopExit, ShellExit } from '../control.ts';
import { cannotRun, locate } from '../exec/external.ts';
import { runScriptText } from '../exec/script.ts';
import { runText } from '../exec/source.ts';
import type { Shell } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { type Builtin, illegalNumber, invalidOption } from './builtin.ts';

export const succeed: Builtin = () => 0;
export const fail: Builtin = () => 1;

const leaveLoop =
  (kind: 'break' | 'continue'): Builtin =>
  async (shell, args) => {
    if (!shell.dialect.bash && args[0] !== undefined && !/^0*[1-9]\d*$/.test(args[0])) {
      return illegalNumber(shell, args[0]);
    }
    if (shell.loopDepth === 0) {
      if (shell.dialect.bash) await shell.complain("only meaningful in a `for', `while', or `until' loop");
      return 0;
    }
    const count = args[0] ?? '1';
    if (shell.dialect.bash && args.length > 1) {
      await shell.complain('too many arguments');
      throw new Abort(1, true, true);
    }
    if (!/^\d+$/.test(count)) {
      await shell.complain(`${count}: numeric argument required`);
      throw new ShellExit(128);
    }
    if (Number(count) < 1) {
      await shell.complain(`${count}: loop count out of range`);
      shell.status = 1;
      throw new LoopExit('break', shell.loopDepth);
    }
    shell.status = 0;
    throw new LoopExit(kind, Math.min(Number(count), shell.loopDepth));
  };

export const breakLoop = leaveLoop('break');
export const continueLoop = leaveLoop('continue');

const statusArgument = async (shell: Shell, args: string[]): Promise<number> => {
  const text = args[0] === '--' ? args[1] : args[0];
  // In a trap, bash's return and the others' exit mean the status from before it.
  if (text === undefined)
    return shell.dialect.bash === (shell.running === 'return') ? (shell.trapStatus ?? shell.status) : shell.status;
  if (shell.dialect.bash && args.length > (args[0] === '--' ? 2 : 1) && /^[-+]?\d+$/.test(text)) {
    await shell.complain('too many arguments');
    throw new Abort(1, true, true);
  }
  if (!shell.dialect.bash && /^\d+$/.test(text)) {
    if (Number(text) > 0x7fffffff) return illegalNumber(shell, text);
    return shell.running === 'return' && shell.dialect.name === 'dash' ? Number(text) : Number(text) & 255;
  }
  if (/^[-+]?\d+$/.test(text) && shell.dialect.bash) return Number(text) & 255;
  if (!shell.dialect.bash) return illegalNumber(shell, text);
  await shell.complain(`${text}: numeric argument required`);
  if (shell.running === 'return') throw new FunctionReturn(2);
  throw new ShellExit(2);
};

/** True when the shell is to stay because of stopped jobs, which it says once. */
export const warnOfStopped = async (shell: Shell): Promise<boolean> => {
  if (!shell.jobs.holdExit) return false;
  shell.jobs.warned = 2;
  await shell.write(2, `${shell.dialect.bash ? 'There are' : 'You have'} stopped jobs.\n`);
  return true;
};

export const exit: Builtin = async (shell, args) => {
  if (shell.interactive && shell.subshellDepth === 0) {
    await shell.write(2, shell.login ? 'logout\n' : shell.dialect.bash ? 'exit\n' : '');
    if (await warnOfStopped(shell)) return shell.dialect.bash ? 1 : 0;
  }
  throw new ShellExit(await statusArgument(shell, args));
};

export const logout: Builtin = async (shell, args, name) => {
  if (shell.login) return exit(shell, args, name);
  await shell.complain("not login shell: use `exit'");
  return 1;
};

export const returnFrom: Builtin = async (shell, args) => {
  if (shell.frames.length === 0 && shell.sourceDepth === 0 && shell.dialect.bash) {
    await shell.complain("can only `return' from a function or sourced script");
    return 2;
  }
  throw new FunctionReturn(await statusArgument(shell, args));
};

export const evaluate: Builtin = async (shell, args) => {
  if (shell.dialect.bash && /^-[^-]/.test(args[0] ?? ''))
    return invalidOption(shell, 'eval', args[0]![1]!, 'eval [arg ...]');
  if (args[0] === '--' && shell.dialect.bash) args = args.slice(1);
  const { running } = shell;
  // dash and ash go on naming `eval` in what its commands complain of; dash counts lines anew.
  if (shell.dialect.bash) shell.running = undefined;
  try {
    const text = args.join(' ');
    if (/^\s*$/.test(text)) return 0;
    return await runText(shell, text, { label: 'eval', firstLine: shell.dialect.name === 'dash' ? 1 : shell.line });
  } catch (thrown) {
    if (shell.dialect.bash && thrown instanceof Abort && thrown.discard && thrown.status === 2) return 2;
    throw thrown;
  } finally {
    shell.running = running;
  }
};

const findSource = (shell: Shell, name: string): string | undefined => {
  if (name.includes('/') || (shell.dialect.bash && !shell.shopts.sourcepath)) return name;
  for (const directory of (shell.vars.get('PATH') ?? '').split(':')) {
    const path = directory === '' ? name : `${directory}/${name}`;
    try {
      if ((shell.sys.stat(path).mode & 0o170000) === 0o100000) return path;
    } catch {
      // Not in this directory.
    }
  }
  // Only bash and ash also look where they are.
  return shell.dialect.name === 'dash' ? undefined : name;
};

const cannotSource = async (shell: Shell, name: string, error: unknown, command: string): Promise<number> => {
  if (!isErrno(error)) throw error;
  if (shell.dialect.bash) {
    shell.running = undefined;
    if (error.code === 'EISDIR') await shell.complain(`${command}: ${name}: is a directory`);
    else
      await shell.complain(
        name.includes('/') || error.code !== 'ENOENT'
          ? `${name}: ${error.message}`
          : `${name}: No such file or directory`,
      );
    return 1;
  }
  const found = name.includes('/');
  if (shell.dialect.name === 'dash') {
    return shell.fatal(
      found ? `cannot open ${name}: ${error.code === 'ENOENT' ? 'No such file' : error.message}` : `${name}: not found`,
    );
  }
  return shell.fatal(found ? `can't open '${name}': ${error.message}` : `${name}: not found`);
};

/** A file, a FIFO, a device: until its end. */
const readWhole = async (shell: Shell, fd: number): Promise<Uint8Array> => {
  const pieces: number[][] = [];
  for (let bytes = await shell.sys.read(fd); bytes.length > 0; bytes = await shell.sys.read(fd))
    pieces.push([...bytes]);
  return Uint8Array.from(pieces.flat());
};

const readFile = async (shell: Shell, path: string): Promise<string> => {
  const fd = await shell.sys.open(path);
  try {
    return decodeBytes(await readWhole(shell, fd));
  } finally {
    shell.sys.close(fd);
  }
};

/** `.` and `source`. */
export const source: Builtin = async (shell, args, name) => {
  if (shell.dialect.extended && /^-[^-]/.test(args[0] ?? ''))
    return invalidOption(shell, name, args[0]![1]!, `${name} filename [arguments]`);
  if (args[0] === '--' && shell.dialect.bash) args = args.slice(1);
  if (args.length === 0) {
    if (!shell.dialect.bash) return 0;
    await shell.complain('filename argument required');
    await shell.write(2, `${name}: usage: ${name} filename [arguments]\n`);
    return 2;
  }
  let text: string;
  const path = findSource(shell, args[0]!);
  if (path === undefined) return shell.fatal(`${args[0]}: not found`);
  try {
    text = await readFile(shell, path);
  } catch (error) {
    return cannotSource(shell, args[0]!, error, name);
  }
  return sourceText(shell, path, text, args.slice(1));
};

export const sourceText = async (shell: Shell, path: string, text: string, args: string[]): Promise<number> => {
  const saved = { args: shell.args, running: shell.running, scriptName: shell.scriptName };
  if (args.length > 0 && shell.dialect.name !== 'dash') shell.args = args;
  shell.running = shell.dialect.name === 'dash' ? path : undefined;
  shell.scriptName = path;
  shell.sourceDepth++;
  try {
    if (/^\s*$/.test(text)) return 0;
    return await runText(shell, text, { name: path });
  } catch (thrown) {
    if (thrown instanceof FunctionReturn) return thrown.status;
    if (thrown instanceof Abort && thrown.status === 2 && shell.dialect.bash && shell.status === 2) return 2;
    throw thrown;
  } finally {
    if (shell.traps.has('RETURN')) await runPseudoTrap(shell, 'RETURN', true);
    shell.sourceDepth--;
    if (args.length > 0 && shell.dialect.name !== 'dash') shell.args = saved.args;
    shell.running = saved.running;
    shell.scriptName = saved.scriptName;
  }
};

const isScript = async (shell: Shell, path: string): Promise<boolean> =>
  !(await readFile(shell, path)).slice(0, 80).split('\n')[0]!.includes('\0');

/** Without arguments its redirections stay: the caller did not save anything. */
export const exec: Builtin = async (shell, args) => {
  let argv0: string | undefined;
  let clean = false;
  while (shell.dialect.extended && args[0]?.[0] === '-' && args[0] !== '-') {
    const option = args.shift()!;
    if (option === '--') break;
    if (option === '-a') argv0 = args.shift();
    else if (option === '-c') clean = true;
    else if (option !== '-l') break;
  }
  if (args.length === 0) return 0;
  shell.running = shell.dialect.bash ? 'exec' : 'exec';
  const found = locate(shell, args[0]!);
  if ('error' in found) {
    const missing = found.error === 'ENOENT' && (shell.dialect.bash || args[0] !== '');
    await shell.complain(`${args[0]}: ${missing ? 'not found' : 'Permission denied'}`);
    throw new ShellExit(missing ? 127 : 126);
  }
  try {
    await shell.sys.exec(found.path, [argv0 ?? args[0]!, ...args.slice(1)], clean ? {} : shell.environment());
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'ENOEXEC' && (await isScript(shell, found.path)))
      throw new ShellExit(await runScriptText(shell, found.path, args.slice(1), await readFile(shell, found.path)));
    if (shell.dialect.bash) {
      const refused = error.code === 'ENOENT' ? error.message : `cannot execute: ${error.message}`;
      await shell.complain(`${args[0]}: ${refused}`, error.code === 'ENOENT' ? '' : 'exec');
      throw new ShellExit(error.code === 'ENOENT' ? 127 : 126);
    }
    await cannotRun(shell, args[0]!, found.path, error);
    throw new ShellExit(shell.status);
  }
  return 0;
};
