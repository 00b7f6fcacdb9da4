import type { WaitResult } from '../../../kernel/sys.ts';
import type { Shell } from '../shell.ts';
import { signalDescription } from '../signal-names.ts';
import { forkShell, reap, statusOfResult, waitFor } from './process.ts';

/** With job control each job is a process group of its own, in the foreground of the terminal. */
export const jobOptions = (shell: Shell, pgid = 0, foreground = true) => {
  if (!shell.has('monitor')) return {};
  const terminal = foreground && pgid === 0 ? { foreground: shell.terminal } : {};
  return { pgid, ...terminal, default: [2, 3, 15, 20, 21, 22] };
};

/** Gives the terminal back to the shell. */
export const takeTerminal = (shell: Shell): void => {
  if (shell.terminal === undefined || !shell.has('monitor')) return;
  try {
    shell.sys.tcsetpgrp(shell.terminal, shell.sys.getpgid());
  } catch {
    // The terminal is gone: nothing to give back.
  }
};

export const runForegroundJob = async (
  shell: Shell,
  text: () => string,
  body: (child: Shell) => Promise<number>,
): Promise<void> => {
  const pid = forkShell(shell, body, jobOptions(shell));
  await finishForeground(shell, [pid], pid, text);
};

/** Waits for all processes of a foreground job; the status is the last one's (or pipefail's). */
export const finishForeground = async (
  shell: Shell,
  pids: number[],
  pgid: number,
  text: () => string,
): Promise<void> => {
  const results: WaitResult[] = [];
  for (const pid of pids) {
    const result = await waitFor(shell, pid);
    if (result.stopped !== undefined) {
      await suspend(shell, pids, pgid, text, result);
      return;
    }
    results.push(result);
  }
  takeTerminal(shell);
  // dash and ash take note of any child that has ended meanwhile.
  if (!shell.dialect.bash && shell.jobs.list.length > 0 && !shell.interactive) await reap(shell);
  const statuses = results.map(statusOfResult);
  shell.pipeStatus = statuses.map(String);
  shell.status = statuses.at(-1)!;
  if (shell.has('pipefail')) shell.status = statuses.findLast((s) => s !== 0) ?? 0;
  // dash and ash tell of every process of a pipeline.
  for (const result of shell.dialect.bash ? results.slice(-1) : results) await reportSignal(shell, result, text);
};

const suspend = async (
  shell: Shell,
  pids: number[],
  pgid: number,
  text: () => string,
  result: WaitResult,
): Promise<void> => {
  takeTerminal(shell);
  const job = shell.jobs.ofPid(pids[0]!) ?? shell.jobs.add(pids, pgid, text(), false);
  shell.jobs.note(result.pid, result);
  job.notified = true;
  shell.status = 128 + (result.stopped ?? 0);
  await shell.write(2, `\n[${job.id}]${shell.jobs.mark(job)}  Stopped                 ${job.command}\n`);
};

/** What a shell says about a child that a signal ended: nothing for Ctrl-C and a broken pipe. */
export const reportSignal = async (shell: Shell, result: WaitResult, text: () => string): Promise<void> => {
  if (result.signal === undefined) return;
  if (result.signal === 2) {
    if (shell.interactive) await shell.write(2, '\n');
    return;
  }
  if (result.signal === 13) return;
  const what = `${signalDescription(result.signal)}${result.coreDumped ? ' (core dumped)' : ''}`;
  if (!shell.dialect.bash || shell.interactive) {
    if (shell.subshellDepth === 0) await shell.write(2, `${what}\n`);
    return;
  }
  if (result.signal === 15) await shell.write(2, `${what}\n`);
  else await shell.complain(`${String(result.pid).padStart(5)} ${what.padEnd(23)} ${text()}`, '');
};
