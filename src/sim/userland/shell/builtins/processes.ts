import { isErrno } from '../../../../spec/index.ts';
import { Abort } from '../control.ts';
import { finishForeground, takeTerminal } from '../exec/foreground.ts';
import { reap, statusOfResult } from '../exec/process.ts';
import { describeState, type Job } from '../jobs.ts';
import type { Shell } from '../shell.ts';
import { signalName, signalNumber } from '../signal-names.ts';
import { applyTrap } from '../traps.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { output } from './output.ts';

/** One line of `jobs`, and of the notices before a prompt. */
export const jobLine = (shell: Shell, job: Job, withPid = false): string => {
  const state = describeState(job, !shell.dialect.bash);
  const pid = withPid ? `${job.pids[0]} ` : '';
  const amp = job.state === 'Running' && shell.dialect.bash ? ' &' : '';
  if (shell.dialect.bash) return `[${job.id}]${shell.jobs.mark(job)}  ${pid}${state.padEnd(24)}${job.command}${amp}\n`;
  const mark = shell.jobs.mark(job);
  if (shell.dialect.name === 'dash') return `${`[${job.id}] ${mark} ${pid}${state}`.padEnd(33)}${job.command}\n`;
  return `${`[${job.id}]${mark}  ${pid}${state}`.padEnd(33)}${job.command}\n`;
};

const noSuchJob = async (shell: Shell, spec: string): Promise<number> => {
  if (shell.dialect.name === 'dash') return shell.fatal(`No such job: ${spec}`);
  await shell.complain(`${spec}: no such job`);
  return shell.dialect.bash ? 1 : 2;
};

export const jobs: Builtin = async (shell, args) => {
  const { flags, rest } = splitOptions(args, 'lpnrs');
  if (shell.dialect.bash) shell.jobs.warned = 2;
  await reap(shell);
  for (const spec of rest) if (!shell.jobs.find(spec)) return noSuchJob(shell, spec);
  const chosen = rest.length > 0 ? rest.map((s) => shell.jobs.find(s)!) : [...shell.jobs.list];
  for (const job of chosen) {
    if (flags.includes('r') && job.state !== 'Running') continue;
    if (flags.includes('s') && job.state !== 'Stopped') continue;
    await output(shell, flags.includes('p') ? `${job.pgid}\n` : jobLine(shell, job, flags.includes('l')));
    if (job.state === 'Done') shell.jobs.remove(job);
  }
  return 0;
};

const resume = async (shell: Shell, spec: string | undefined): Promise<Job | number> => {
  if (!shell.has('monitor') && shell.dialect.bash) {
    await shell.complain('no job control');
    return 1;
  }
  const job = spec === undefined ? shell.jobs.current : shell.jobs.find(spec);
  if (job && !shell.has('monitor') && shell.dialect.name === 'dash')
    return shell.fatal('job (null) not created under job control');
  if (job && !shell.has('monitor')) {
    await shell.complain(`job ${spec ?? '(null)'} not created under job control`);
    return 2;
  }
  if (!job) {
    if (shell.dialect.bash) await shell.complain(`${spec ?? 'current'}: no such job`);
    else if (spec !== undefined) return noSuchJob(shell, spec);
    else return shell.fatal('No current job');
    return 1;
  }
  return job;
};

export const fg: Builtin = async (shell, args) => {
  const job = await resume(shell, args[0]);
  if (typeof job === 'number') return job;
  await output(shell, `${job.command}\n`);
  if (shell.terminal !== undefined) shell.sys.tcsetpgrp(shell.terminal, job.pgid);
  job.state = 'Running';
  shell.jobs.touch(job);
  shell.sys.kill(-job.pgid, 18);
  await finishForeground(shell, [...job.alive], job.pgid, () => job.command);
  takeTerminal(shell);
  if (job.state === 'Running') shell.jobs.remove(job);
  return shell.status;
};

export const bg: Builtin = async (shell, args) => {
  const job = await resume(shell, args[0]);
  if (typeof job === 'number') return job;
  job.state = 'Running';
  await output(
    shell,
    shell.dialect.bash ? `[${job.id}]${shell.jobs.mark(job)} ${job.command} &\n` : `[${job.id}] ${job.command}\n`,
  );
  shell.sys.kill(-job.pgid, 18);
  return 0;
};

/** `disown`: jobs that the shell is to forget, or (-h) not to hang up. */
export const disown: Builtin = async (shell, args) => {
  const { flags, rest, bad } = splitOptions(args, 'ahr');
  if (bad) return invalidOption(shell, 'disown', bad, 'disown [-h] [-ar] [jobspec ... | pid ...]');
  const forget = (job: Job) => {
    if (!flags.includes('h')) shell.jobs.remove(job);
  };
  if (rest.length === 0 && /[ar]/.test(flags)) {
    for (const job of [...shell.jobs.list]) if (!flags.includes('r') || job.state === 'Running') forget(job);
    return 0;
  }
  let status = 0;
  for (const spec of rest.length > 0 ? rest : ['%%']) {
    const job = /^\d+$/.test(spec) ? shell.jobs.ofPid(Number(spec)) : shell.jobs.find(spec);
    if (job) forget(job);
    else {
      await shell.complain(`${rest.length > 0 ? spec : 'current'}: no such job`);
      status = 1;
    }
  }
  return status;
};

/** `suspend`: the shell stops until somebody continues it. */
export const suspend: Builtin = async (shell, args) => {
  const { flags, bad } = splitOptions(args, 'f');
  if (bad) return invalidOption(shell, 'suspend', bad, 'suspend [-f]');
  if (!flags.includes('f')) {
    if (!shell.has('monitor')) {
      await shell.complain('cannot suspend: no job control');
      return 1;
    }
    if (shell.login) {
      await shell.complain('cannot suspend a login shell');
      return 1;
    }
  }
  shell.sys.kill(shell.sys.pid, 19);
  await shell.sys.preempt();
  return 0;
};

const waitOne = async (shell: Shell, pid: number): Promise<number> => {
  const known = shell.jobs.finished.get(pid);
  if (known !== undefined) return forget(shell, pid, known);
  const result = await shell.sys.wait(pid, { untraced: shell.has('monitor') });
  if (!result) return 127;
  shell.jobs.note(pid, result);
  await tellKilled(shell, pid, result.signal);
  return forget(shell, pid, statusOfResult(result));
};

/** What a script of bash says of a background job that a signal ended. */
const tellKilled = async (shell: Shell, pid: number, signal: number | undefined): Promise<void> => {
  if (shell.interactive || !signal || signal === 2 || signal === 13) return;
  const job = shell.jobs.ofPid(pid);
  if (!job) return;
  if (!shell.dialect.bash) {
    await shell.write(2, `${describeState(job, true)}\n`);
    return;
  }
  if (signal === 15) return;
  await shell.complain(`${String(pid).padStart(5)} ${describeState(job, false).padEnd(23)} ${job.command}`, '');
};

const forget = (shell: Shell, pid: number, status: number): number => {
  const job = shell.jobs.ofPid(pid);
  if (job && job.state === 'Done') shell.jobs.remove(job);
  return status;
};

const waitAll = async (shell: Shell): Promise<number> => {
  for (const job of [...shell.jobs.list]) for (const pid of [...job.alive]) await waitOne(shell, pid);
  for (const job of [...shell.jobs.list]) if (job.state === 'Done') shell.jobs.remove(job);
  return 0;
};

const waitNext = async (shell: Shell): Promise<number> => {
  const done = shell.jobs.list.find((j) => j.state === 'Done');
  if (done) {
    shell.jobs.remove(done);
    return done.status;
  }
  if (shell.jobs.list.length === 0) return 127;
  const result = await shell.sys.wait(-1);
  if (!result) return 127;
  shell.jobs.note(result.pid, result);
  return forget(shell, result.pid, statusOfResult(result));
};

export const wait: Builtin = async (shell, args) => {
  try {
    if (args[0] === '-n' && shell.dialect.extended) return await waitNext(shell);
    const { rest, bad } = splitOptions(args, shell.dialect.bash ? 'fnp' : shell.dialect.name === 'ash' ? 'n' : '');
    if (bad) return await invalidOption(shell, 'wait', bad, 'wait [-fn] [-p var] [id ...]');
    args = rest;
    if (args.length === 0) return await waitAll(shell);
    let status = 0;
    for (const arg of args) {
      const job = arg[0] === '%' ? shell.jobs.find(arg) : undefined;
      const pid = job ? job.pids.at(-1)! : Number(arg);
      if (arg[0] === '%' && !job) status = (await noSuchJob(shell, arg)) === 1 ? 127 : 2;
      else if (!Number.isInteger(pid)) {
        if (!shell.dialect.bash) return shell.fatal(`Illegal number: ${arg}`);
        await shell.complain(`\`${arg}': not a pid or valid job spec`);
        status = 1;
      } else status = await waitPid(shell, pid);
    }
    return status;
  } catch (error) {
    // A trapped signal ends the wait at once; its trap runs next.
    if (isErrno(error, 'EINTR')) return 128 + (signalNumber(shell.pendingSignals[0] ?? '') ?? 0);
    throw error;
  }
};

const waitPid = async (shell: Shell, pid: number): Promise<number> => {
  try {
    return await waitOne(shell, pid);
  } catch (error) {
    if (!isErrno(error, 'ECHILD')) throw error;
    if (shell.dialect.bash) await shell.complain(`pid ${pid} is not a child of this shell`);
    return 127;
  }
};

const listSignals = async (shell: Shell, args: string[]): Promise<number> => {
  if (args.length === 0) {
    const names = Array.from({ length: 64 }, (_, i) => i + 1).filter((n) => signalName(n));
    if (!shell.dialect.bash) return output(shell, names.map((n) => `${signalName(n)}\n`).join(''));
    const cells = names.map(
      (n, i) => `${String(n).padStart(2)}) SIG${signalName(n)}${i % 5 === 4 || i === names.length - 1 ? '\n' : '\t'}`,
    );
    return output(shell, cells.join(''));
  }
  let status = 0;
  for (const arg of args) {
    if (arg === '0' && shell.dialect.extended) {
      await output(shell, 'EXIT\n');
      continue;
    }
    if (shell.dialect.name === 'dash' && !/^\d+$/.test(arg)) return shell.fatal(`Illegal number: ${arg}`);
    const n = /^\d+$/.test(arg) ? (Number(arg) > 128 ? Number(arg) - 128 : Number(arg)) : signalNumber(arg);
    const text = n === undefined ? undefined : /^\d+$/.test(arg) ? signalName(n) : String(n);
    if (text === undefined && shell.dialect.name === 'dash')
      return shell.fatal(`invalid signal number or exit status: ${arg}`);
    if (text === undefined) {
      await shell.complain(`${arg}: invalid signal specification`);
      status = 1;
      continue;
    }
    status = (await output(shell, `${text}\n`)) || status;
  }
  return status;
};

const killUsage = async (shell: Shell): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.write(
      2,
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
    );
    return 2;
  }
  if (shell.dialect.name === 'ash') {
    await shell.write(2, `${shell.applet}: you need to specify whom to kill\n`);
    return 1;
  }
  await shell.complain('Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]');
  return 2;
};

export const kill: Builtin = async (shell, args) => {
  let signal = 15;
  if (args[0] === '-l' || (args[0] === '-L' && shell.dialect.bash)) return listSignals(shell, args.slice(1));
  if (args[0] === '-s' || args[0] === '-n' || (args[0]?.[0] === '-' && args[0] !== '--')) {
    const text = args[0] === '-s' || args[0] === '-n' ? args[1]! : args[0]!.slice(1);
    const number = signalNumber(text ?? '');
    if (number === undefined) {
      if (shell.dialect.bash) await shell.complain(`${text}: invalid signal specification`);
      else if (shell.dialect.name === 'ash') await shell.write(2, `${shell.applet}: bad signal name '${text}'\n`);
      else if (args[0] === '-s') return shell.fatal(`invalid signal number or name: ${text}`);
      else return shell.fatal(`Illegal option -${text[0]}`);
      return 1;
    }
    signal = number;
    args = args.slice(args[0] === '-s' || args[0] === '-n' ? 2 : 1);
  }
  if (args[0] === '--') args = args.slice(1);
  if (args.length === 0) return killUsage(shell);
  // Children that have ended are no more.
  await reap(shell);
  let status = 0;
  for (const arg of args) status = (await killOne(shell, arg, signal)) || status;
  // A signal to oneself arrives before the next command.
  await shell.sys.preempt();
  return status;
};

const killOne = async (shell: Shell, arg: string, signal: number): Promise<number> => {
  const job = arg[0] === '%' ? shell.jobs.find(arg) : undefined;
  if (arg[0] === '%' && !job) return noSuchJob(shell, arg);
  // dash means the group even where a job has none of its own.
  const grouped = shell.has('monitor') || shell.dialect.name === 'dash';
  const target = job ? (grouped ? -job.pgid : job.pids[0]!) : Number(arg);
  if (!/^-?\d+$/.test(arg) && !job) {
    if (shell.dialect.bash)
      await shell.complain(
        arg === '' ? "`': not a pid or valid job spec" : `${arg}: arguments must be process or job IDs`,
      );
    else if (shell.dialect.name === 'ash') await shell.write(2, `${shell.applet}: invalid number '${arg}'\n`);
    else return shell.fatal(`Illegal number: ${arg}`);
    return 1;
  }
  try {
    shell.sys.kill(target, signal);
    // A stopped job has to run to be ended.
    if (job?.state === 'Stopped' && (signal === 15 || signal === 1)) shell.sys.kill(target, 18);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (shell.dialect.bash) await shell.complain(`(${arg}) - ${error.message}`);
    else if (shell.dialect.name === 'ash')
      await shell.write(2, `${shell.applet}: can't kill pid ${arg}: ${error.message}\n`);
    else await shell.complain(`${error.message}\n`);
    return 1;
  }
};

const pseudoSignals = /^(ERR|DEBUG|RETURN)$/i;
const isSignal = (text: string): boolean =>
  signalNumber(text) !== undefined || pseudoSignals.test(text) || text === '-';

const showTraps = (shell: Shell, wanted: readonly string[] = []): Promise<number> => {
  const names = wanted.map((w) =>
    pseudoSignals.test(w) ? w.toUpperCase() : signalName(signalNumber(w) ?? -1) || 'EXIT',
  );
  const all = [...(shell.inheritedTraps ?? shell.traps)];
  const order = all
    .filter(([n]) => names.length === 0 || names.includes(n))
    .sort(([a], [b]) => (signalNumber(a) ?? 99) - (signalNumber(b) ?? 99));
  const name = (n: string) => (shell.dialect.bash && signalNumber(n) ? `SIG${n}` : n);
  return output(shell, order.map(([n, action]) => `trap -- '${action.replace(/'/g, "'\\''")}' ${name(n)}\n`).join(''));
};

export const trap: Builtin = async (shell, args) => {
  if (args[0] === '--') args = args.slice(1);
  if (args.length === 0) return showTraps(shell);
  if (shell.dialect.bash && /^-[^lp-]/.test(args[0]!))
    return invalidOption(shell, 'trap', args[0]![1]!, 'trap [-lp] [[arg] signal_spec ...]');
  if (/^-[a-z]/.test(args[0]!) && !shell.dialect.bash) {
    await invalidOption(shell, 'trap', args[0]![1]!, '');
    throw new Abort(2);
  }
  if (args[0] === '-p') return showTraps(shell, args.slice(1));
  if (args[0] === '-l') return listSignals(shell, []);
  if (shell.dialect.bash && args.length === 1 && !isSignal(args[0]!)) {
    await shell.write(2, 'trap: usage: trap [-lp] [[arg] signal_spec ...]\n');
    return 2;
  }
  const first = args[0]!;
  const onlySignals = args.length === 1 || /^\d+$/.test(first);
  const action = onlySignals ? '-' : first;
  shell.inheritedTraps = undefined;
  let status = 0;
  for (const arg of onlySignals ? args : args.slice(1)) {
    const pseudo =
      (shell.dialect.bash && ['ERR', 'DEBUG', 'RETURN'].includes(arg.toUpperCase())) ||
      (shell.dialect.name === 'ash' && arg === 'ERR');
    // dash knows signals by their bare names only.
    const number = shell.dialect.name === 'dash' && /^SIG/i.test(arg) ? undefined : signalNumber(arg);
    if (number === undefined && !pseudo) {
      if (shell.dialect.bash) await shell.complain(`${arg}: invalid signal specification`);
      else if (shell.dialect.name === 'dash') await shell.write(2, `trap: ${arg}: bad trap\n`);
      else await shell.complain(`${arg}: invalid signal specification`);
      status = 1;
      continue;
    }
    const name = pseudo ? arg.toUpperCase() : number === 0 ? 'EXIT' : signalName(number!)!;
    if (action === '-') shell.traps.delete(name);
    else shell.traps.set(name, action);
    const frame = shell.frames.at(-1);
    if (name === 'RETURN' && frame) frame.returnTrap = true;
    if (!pseudo) applyTrap(shell, name);
  }
  return status;
};
