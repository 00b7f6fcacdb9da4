import { isErrno } from '../../../../spec/index.ts';
import type { ForkOptions, WaitResult } from '../../../kernel/sys.ts';
import { Abort, FunctionReturn, Interrupted, LoopExit, OutOfMemory, ShellExit } from '../control.ts';
import { installDynamic } from '../dynamic.ts';
import type { Shell } from '../shell.ts';
import { runExitTrap } from '../traps.ts';

/** Runs `body` in a forked child with a clone of the shell; gives its pid. */
export const forkShell = (shell: Shell, body: (child: Shell) => Promise<number>, options: ForkOptions): number => {
  const child = shell.clone(shell.sys);
  return shell.sys.fork(async (sys) => {
    child.sys = sys;
    installDynamic(child);
    return finish(child, () => body(child));
  }, options);
};

/** Runs a shell's last words: turns what left it into an exit status and runs the EXIT trap. */
export const finish = async (shell: Shell, body: () => Promise<number>): Promise<number> => {
  let status: number;
  try {
    status = await body();
  } catch (thrown) {
    const left = statusOf(thrown) ?? (await outOfMemory(shell, thrown));
    status = left ?? (await cannotFork(shell, thrown));
  }
  shell.status = status & 255;
  return runExitTrap(shell);
};

/** No more processes may be made (a limit), or none at all (init of the PID namespace has ended): the shell gives up. */
const cannotFork = async (shell: Shell, thrown: unknown): Promise<number> => {
  if (!isErrno(thrown, 'EAGAIN') && !isErrno(thrown, 'ENOMEM')) throw thrown;
  if (thrown.code === 'EAGAIN') await shell.complain("can't fork: Resource temporarily unavailable");
  else if (shell.dialect.name === 'dash') await shell.complain('Cannot fork');
  else if (shell.dialect.name === 'ash') await shell.complain("can't fork: Out of memory");
  else await shell.complain('fork: Cannot allocate memory');
  return shell.dialect.name === 'bash' && thrown.code === 'ENOMEM' ? 254 : 2;
};

/** `x=$x$x` without end: the real shells give up when malloc does. A string too long to exist here is the same. */
const outOfMemory = async (shell: Shell, thrown: unknown): Promise<number | undefined> => {
  if (!(thrown instanceof OutOfMemory || thrown instanceof RangeError)) return undefined;
  const bytes = thrown instanceof OutOfMemory ? thrown.bytes : 2 ** 29;
  if (shell.dialect.name === 'dash') await shell.complain('Out of space');
  else if (shell.dialect.name === 'ash') await shell.write(2, 'sh: out of memory\n');
  else await shell.write(2, `${shell.name}: xrealloc: cannot allocate ${bytes} bytes\n`);
  return shell.dialect.name === 'ash' ? 1 : 2;
};

/** The status that a control transfer means when nothing encloses it; undefined for what is none. */
export const statusOf = (thrown: unknown): number | undefined => {
  if (thrown instanceof ShellExit || thrown instanceof Abort || thrown instanceof FunctionReturn) return thrown.status;
  if (thrown instanceof LoopExit) return 0;
  if (thrown instanceof Interrupted) return 130;
  return undefined;
};

/** wait(2) for one child, through interruptions by signals whose traps run later. */
export const waitFor = async (shell: Shell, pid: number): Promise<WaitResult> => {
  for (;;) {
    try {
      const result = await shell.sys.wait(pid, { untraced: shell.has('monitor') });
      if (result) return result;
    } catch (error) {
      if (isErrno(error, 'EINTR')) continue;
      if (isErrno(error, 'ECHILD')) return { pid, code: shell.jobs.finished.get(pid) ?? 127 };
      throw error;
    }
  }
};

export const statusOfResult = (result: WaitResult): number =>
  result.code ?? 128 + (result.signal ?? result.stopped ?? 0);

export const waitForeground = async (shell: Shell, pid: number): Promise<number> =>
  statusOfResult(await waitFor(shell, pid));

/** Collects what has ended in the background, without waiting. */
export const reap = async (shell: Shell): Promise<void> => {
  for (;;) {
    try {
      const result = await shell.sys.wait(-1, { nohang: true, untraced: shell.has('monitor'), continued: true });
      if (!result) return;
      shell.jobs.note(result.pid, result);
    } catch (error) {
      if (isErrno(error, 'ECHILD') || isErrno(error, 'EINTR')) return;
      throw error;
    }
  }
};
