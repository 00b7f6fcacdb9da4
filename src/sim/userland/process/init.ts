/** docker-init (tini): the first process of a container with `--init`. */
import { type Errno, isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import { signalNumbers } from '../../kernel/signals.ts';
import type { Sys, WaitResult } from '../../kernel/sys.ts';
import { findProgram } from '../core/find-program.ts';

/** Signals that tini keeps for itself: faults, stops of its own terminal use, and the child's end. */
const own = new Set(['KILL', 'STOP', 'FPE', 'ILL', 'SEGV', 'BUS', 'ABRT', 'TRAP', 'SYS', 'CHLD', 'TTIN', 'TTOU']);

/**
 * Runs the command, hands it the signals that come, reaps whatever else becomes its child, and ends as the command did
 * (tini 0.19: 128 + the signal that ended it; 127 or 126 when it cannot be run).
 */
export const containerInit: Program = async (sys) => {
  const args = sys.argv.slice(1);
  const command = args[0] === '--' ? args.slice(1) : args;
  if (command.length === 0) {
    await sys.write(2, 'tini (tini version 0.19.0)\nUsage: tini [OPTIONS] PROGRAM -- [ARGS] | --version\n');
    return 1;
  }
  const child = await start(sys, command);
  if (typeof child !== 'number') return fail(sys, command[0]!, child);
  for (const [name, number] of Object.entries(signalNumbers)) {
    if (!own.has(name)) sys.signal(number, (signal) => forward(sys, child, signal));
  }
  return reap(sys, child);
};

async function start(sys: Sys, command: readonly string[]): Promise<number | Errno> {
  try {
    const foreground = sys.isatty(0) ? { foreground: 0 } : {};
    return await sys.spawn(findProgram(sys, command[0]!), command, { pgid: 0, ...foreground });
  } catch (error) {
    if (isErrno(error)) return error;
    throw error;
  }
}

async function fail(sys: Sys, name: string, error: Errno): Promise<number> {
  await sys.write(2, `[FATAL tini (${sys.pid})] exec ${name} failed: ${error.message}\n`);
  return error.code === 'ENOENT' ? 127 : 126;
}

function forward(sys: Sys, child: number, signal: number): void {
  try {
    sys.kill(child, signal);
  } catch (error) {
    // It has just ended: its status comes next.
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

async function reap(sys: Sys, child: number): Promise<number> {
  for (;;) {
    const ended = await next(sys);
    if (ended?.pid === child) return ended.code ?? 128 + (ended.signal ?? 0);
  }
}

async function next(sys: Sys): Promise<WaitResult | null> {
  try {
    return await sys.wait();
  } catch (error) {
    if (isErrno(error, 'EINTR')) return null;
    throw error;
  }
}
