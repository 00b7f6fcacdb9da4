/** Commands that run another: timeout, nohup, nice, xargs' kin, time, chroot, setsid. */
import { isErrno } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseDuration } from '../core/numbers.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { signalNumber } from '../core/signals.ts';

export const timeout: CommandSpec = {
  name: 'timeout',
  suite: 'coreutils',
  applet: true,
  usageStatus: 125,
  async run(c) {
    const o = c.options({
      gnu: 'foreground k,kill-after= preserve-status s,signal= v,verbose',
      busybox: 's/signal: k/kill-after:',
      stopAtOperand: true,
    });
    const [limit, ...argv] = o.operands;
    if (limit === undefined || argv.length === 0) c.usage();
    const ms = parseDuration(limit!);
    if (ms === undefined)
      c.bb ? c.fail(`invalid number '${limit}'`) : c.usage(`invalid time interval ${quote(limit!)}`);
    const signal = signalNumber(o.value('signal') ?? 'TERM');
    if (signal === undefined)
      c.bb ? c.fail(`unknown signal '${o.value('signal')}'`) : c.usage(`${quote(o.value('signal')!)}: invalid signal`);
    const after = o.value('kill-after') === undefined ? undefined : parseDuration(o.value('kill-after')!);
    if (c.bb) return asItself(c, argv, { ms: ms!, signal: signal!, after });
    const alone = o.has('foreground');
    if (!alone) leadGroup(c);
    let pid: number;
    try {
      pid = await c.spawn(argv);
    } catch (error) {
      if (!isErrno(error)) throw error;
      const status = error.code === 'ENOENT' ? 127 : 126;
      return c.fail(`failed to run command ${quoteShell(argv[0]!)}: ${error.message}`, status);
    }
    return watchOver(c, { pid, signal: signal!, after, alone, preserve: o.has('preserve-status') }, ms!);
  },
};

/**
 * busybox's timeout becomes the command: a process of its own, which is not its child, sends it the signal. As PID 1 of a
 * container it is not ended by one that it does not handle.
 */
async function asItself(
  c: Command,
  argv: readonly string[],
  { ms, signal, after }: { ms: number; signal: number; after: number | undefined },
): Promise<number> {
  const target = c.sys.pid;
  const guard = c.sys.fork(async (sys) => {
    sys.fork(async (alone) => {
      if (await lives(alone, target, ms)) quietKill(alone, target, signal);
      else return 0;
      if (after !== undefined && (await lives(alone, target, after))) quietKill(alone, target, signalNumber('KILL')!);
      return 0;
    });
    return 0;
  });
  await c.sys.wait(guard);
  try {
    return await c.exec(argv);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return c.fail(`can't execute '${argv[0]}': ${error.message}`, error.code === 'ENOENT' ? 127 : 126);
  }
}

/** Whether a process is still there after so long; asked every second, as busybox does. */
async function lives(sys: Sys, pid: number, ms: number): Promise<boolean> {
  for (let left = ms || Number.POSITIVE_INFINITY; left > 0; left -= 1000) {
    await sys.sleep(Math.min(left, 1000));
    try {
      sys.kill(pid, 0);
    } catch {
      return false;
    }
  }
  return true;
}

/** A session leader leads its group already. */
function leadGroup(c: Command): void {
  try {
    c.sys.setpgid(0, 0);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

interface Watched {
  pid: number;
  signal: number;
  /** Until it is killed for good. */
  after: number | undefined;
  /** Signals go to the command alone, not to the whole process group. */
  alone: boolean;
  preserve: boolean;
}

async function watchOver(c: Command, watched: Watched, ms: number): Promise<number> {
  let expired = false;
  let guard = startGuard(c, ms);
  for (;;) {
    const result = await c.sys.wait(-1);
    if (result?.pid === guard) {
      strike(c, watched, expired ? signalNumber('KILL')! : watched.signal);
      if (!expired && watched.after !== undefined) guard = startGuard(c, watched.after);
      expired = true;
    } else if (result?.pid === watched.pid) {
      quietKill(c.sys, guard, signalNumber('KILL')!);
      return outcome(c, watched, result, expired);
    }
  }
}

/** A process that ends when the time is up. */
const startGuard = (c: Command, ms: number): number =>
  c.sys.fork(async (sys) => {
    await sys.sleep(ms || Number.POSITIVE_INFINITY);
    return 0;
  });

/** GNU's timeout leads a group of its own, which it signals too: a SIGKILL is its own end as well. */
function strike(c: Command, { pid, alone }: Watched, signal: number): void {
  const kill = signalNumber('KILL');
  quietKill(c.sys, pid, signal);
  if (!alone) {
    if (signal !== kill) c.sys.signal(signal, 'ignore');
    quietKill(c.sys, 0, signal);
  }
  if (signal !== kill) quietKill(c.sys, pid, signalNumber('CONT')!);
}

async function outcome(
  c: Command,
  { preserve }: Watched,
  { code = 0, signal }: { code?: number; signal?: number },
  expired: boolean,
): Promise<number> {
  const status = signal ? 128 + signal : code;
  if (signal && !expired) {
    await c.flush();
    c.sys.signal(signal, 'default');
    quietKill(c.sys, c.sys.pid, signal);
  }
  if (!expired || preserve) return status;
  return signal === signalNumber('KILL') ? status : 124;
}

const quietKill = (sys: { kill(pid: number, signal: number): void }, pid: number, signal: number): void => {
  try {
    sys.kill(pid, signal);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
};

export const nohup: CommandSpec = {
  name: 'nohup',
  suite: 'coreutils',
  applet: true,
  usageStatus: 125,
  async run(c) {
    const o = c.options({ gnu: '', busybox: '', stopAtOperand: true });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const { sys } = c;
    const input = sys.isatty(0);
    if (input) sys.dup2(await sys.open('/dev/null'), 0);
    if (sys.isatty(1)) {
      sys.dup2(await sys.open('nohup.out', { access: 'write', create: true, append: true }, 0o600), 1);
      c.error(
        `${input ? 'ignoring input and ' : ''}appending output to ${quoteShell('nohup.out')}`.replace(/^/, ''),
        0,
      );
    }
    await c.flush();
    if (sys.isatty(2)) sys.dup2(1, 2);
    sys.signal(1, 'ignore');
    return c.execOrFail(o.operands, quoteShell);
  },
};

export const nice: CommandSpec = {
  name: 'nice',
  suite: 'coreutils',
  applet: true,
  usageStatus: 125,
  async run(c) {
    if (/^-\d+$/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-n', c.args[0]!.slice(1));
    const o = c.options({ gnu: 'n,adjustment=', busybox: 'n/adjustment:', stopAtOperand: true });
    if (o.operands.length === 0) {
      c.out(`${c.sys.getpriority()}\n`);
      return 0;
    }
    const text = o.value('adjustment') ?? '10';
    if (!/^[+-]?\d+$/.test(text))
      c.fail(c.bb ? `invalid number '${text}'` : `invalid adjustment ${quote(text)}`, c.bb ? 1 : 125);
    try {
      c.sys.setpriority(c.sys.getpriority() + Number(text));
    } catch (error) {
      c.error(`cannot set niceness: ${c.reason(error)}`, 0);
    }
    return c.execOrFail(o.operands, quoteShell);
  },
};

export const time: CommandSpec = {
  name: 'time',
  suite: 'time',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'p v', busybox: 'p v', stopAtOperand: true });
    if (o.operands.length === 0) c.usage();
    const start = c.sys.monotonic();
    const status = await c.system(o.operands);
    const seconds = (c.sys.monotonic() - start) / 1000;
    const used = c.sys.times();
    const user = used.childrenUserMs / 1000;
    const system = used.childrenSystemMs / 1000;
    if (o.has('p')) c.errorText(`real ${seconds.toFixed(2)}\nuser ${user.toFixed(2)}\nsys ${system.toFixed(2)}\n`);
    else {
      const clock = (value: number) => `${Math.floor(value / 60)}m ${(value % 60).toFixed(2)}s`;
      c.errorText(`real\t${clock(seconds)}\nuser\t${clock(user)}\nsys\t${clock(system)}\n`);
    }
    return status;
  },
};

export const setsid: CommandSpec = {
  name: 'setsid',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'c,ctty f,fork w,wait', busybox: 'c', stopAtOperand: true });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'no command specified');
    if (c.sys.getpgid() === c.sys.pid) {
      const pid = await c.spawn(o.operands, { setsid: true });
      if (!o.has('wait')) return 0;
      const result = await c.sys.wait(pid);
      return result?.signal ? 128 + result.signal : (result?.code ?? 0);
    }
    c.sys.setsid();
    return c.execOrFail(o.operands, (name) => name);
  },
};

export const chroot: CommandSpec = {
  name: 'chroot',
  suite: 'coreutils',
  applet: true,
  usageStatus: 125,
  async run(c) {
    const o = c.options({ gnu: 'userspec= groups= skip-chdir', busybox: '', stopAtOperand: true });
    const [root, ...command] = o.operands;
    if (root === undefined) c.usage(c.bb ? undefined : 'missing operand');
    try {
      c.sys.chroot(root!);
      if (!o.has('skip-chdir')) c.sys.chdir('/');
    } catch (error) {
      c.fail(
        c.bb
          ? `can't change root directory to '${root}': ${c.reason(error)}`
          : `cannot change root directory to ${quoteShell(root!)}: ${c.reason(error)}`,
        c.bb ? 1 : 125,
      );
    }
    const groups = o.value('groups');
    if (groups !== undefined) c.sys.setgroups(groups.split(',').filter(Boolean).map(Number));
    const user = o.value('userspec');
    if (user !== undefined) {
      const [uid, gid] = user.split(':');
      if (gid) c.sys.setgid(Number(gid));
      if (uid) c.sys.setuid(Number(uid));
    }
    const argv = command.length ? command : [c.sys.env.SHELL ?? '/bin/sh', '-i'];
    return c.execOrFail(argv, quoteShell);
  },
};
