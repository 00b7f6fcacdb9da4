/** kill, killall, pidof, pgrep, pkill. */
import { findUser } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { baseName } from '../core/command.ts';
import { compileRegexp } from '../core/regexp.ts';
import { signalNames, signalNumber } from '../core/signals.ts';
import { type ProcessInfo, processes } from './processes.ts';

/** POLL and IO are one signal; kill(1) says POLL. */
const listed = (name: string): string => (name === 'IO' ? 'POLL' : name);

/** Words in lines of less than `width` columns. */
function fill(words: readonly string[], width: number): string {
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join('\n');
}

function list(c: Command, args: string[]): number {
  if (args.length === 0) {
    if (c.bb) {
      for (const [i, name] of signalNames.entries()) if (i > 0) c.out(`${String(i).padStart(2)}) ${listed(name)}\n`);
      for (const [number, name] of [
        [34, 'RTMIN'],
        [64, 'RTMAX'],
      ])
        c.out(`${number}) ${name}\n`);
    } else c.out(`${fill(signalNames.slice(1).map(listed), 80)}\n`);
    return 0;
  }
  for (const arg of args) {
    const number = signalNumber(c.bb && /^\d+$/.test(arg) ? String(Number(arg) & 127) : arg);
    if (number === undefined && !c.bb) {
      c.error(`unknown signal name ${arg}`, 0);
      continue;
    }
    if (number === undefined) return c.fail(`unknown signal '${arg}'`);
    c.out(`${/^\d+$/.test(arg) ? (signalNames[number & 127] ?? number) : number}\n`);
  }
  return 0;
}

/** Takes a -SIGNAL, -s SIGNAL or -n N off the front. */
function takeSignal(c: Command, args: string[]): number {
  const first = args[0] ?? '';
  let text = 'TERM';
  if (first === '-s' || first === '-n') {
    args.shift();
    text = args.shift() ?? '';
  } else if (/^-[A-Za-z0-9]+$/.test(first)) text = args.shift()!.slice(1);
  if (args[0] === '--') args.shift();
  const number = signalNumber(text);
  // procps' kill takes the name that it does not know for -1.
  if (number === undefined && first === '-s' && !c.bb && c.spec.name === 'kill')
    return c.fail(`(${args[0] ?? ''}): Invalid argument`);
  if (number === undefined) return c.fail(c.bb ? `bad signal name '${text}'` : `unknown signal ${text}`);
  return number;
}

export const kill: CommandSpec = {
  name: 'kill',
  suite: 'procps',
  applet: true,
  run(c) {
    const args = [...c.args];
    if (args[0] === '-l' || args[0] === '-L' || args[0] === '--list') return list(c, args.slice(1));
    if (args.length === 0) {
      if (c.bb) c.fail('you need to specify whom to kill');
      c.usage();
    }
    const signal = takeSignal(c, args);
    if (args.length === 0) {
      if (c.bb) c.fail('you need to specify whom to kill');
      c.usage();
    }
    for (const arg of args) {
      if (!/^-?\d+$/.test(arg)) {
        c.error(c.bb ? `invalid number '${arg}'` : `failed to parse argument: '${arg}'`);
        continue;
      }
      try {
        c.sys.kill(Number(arg), signal);
      } catch (error) {
        c.error(c.bb ? `can't kill pid ${arg}: ${c.reason(error)}` : `(${arg}): ${c.reason(error)}`);
      }
    }
    return c.status;
  },
};

const programName = (info: ProcessInfo): string => baseName(info.args[0] ?? info.comm);

export const killall: CommandSpec = {
  name: 'killall',
  usageHint: 'help',
  suite: 'psmisc',
  applet: true,
  run(c) {
    const args = [...c.args];
    if (args[0] === '-l') return list(c, args.slice(1));
    const quiet = args[0] === '-q';
    if (quiet) args.shift();
    const signal = takeSignal(c, args);
    if (args.length === 0 && c.bb) c.fail('you need to specify whom to kill');
    if (args.length === 0) c.usage();
    const all = processes(c).filter((info) => info.pid !== c.sys.pid);
    for (const name of args) {
      const found = all.filter((info) => info.comm === name.slice(0, 15) || programName(info) === name);
      if (found.length === 0) {
        c.status = 1;
        if (!quiet) c.errorText(`${c.bb ? `${c.name}: ` : ''}${name}: no process ${c.bb ? 'killed' : 'found'}\n`);
      }
      for (const info of found) c.sys.kill(info.pid, signal);
    }
    return c.status;
  },
};

export const pidof: CommandSpec = {
  name: 'pidof',
  suite: 'procps',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 's q c x n o: S: d:', busybox: 's o:' });
    const omit = new Set(
      o
        .values('o')
        .flatMap((text) => text.split(','))
        .map(Number),
    );
    const found = processes(c)
      .filter((info) => info.pid !== c.sys.pid && !omit.has(info.pid))
      .filter((info) =>
        o.operands.some(
          (name) => programName(info) === baseName(name) || info.comm === name || programName(info) === `-${name}`,
        ),
      )
      .map((info) => info.pid)
      .reverse();
    if (found.length === 0) return 1;
    if (!o.has('q')) c.out(`${(o.has('s') ? found.slice(0, 1) : found).join(' ')}\n`);
    return 0;
  },
};

function search(c: Command, signalling: boolean): number {
  const args = [...c.args];
  let signal = 15;
  if (signalling && /^-([A-Z]+\d*|\d+)$/.test(args[0] ?? '')) signal = signalNumber(args.shift()!.slice(1)) ?? 15;
  c.args.splice(0, c.args.length, ...args);
  const o = c.options({
    gnu: 'a,list-full c,count d,delimiter= f,full i,ignore-case l,list-name n,newest o,oldest P,parent= u,euid= U,uid= v,inverse x,exact signal= e,echo',
    busybox: 'a/list-full f/full l/list-name n/newest o/oldest P/parent: s: v/inverse x/exact',
  });
  const pattern = o.operands[0];
  if (pattern === undefined && !o.has('parent', 'euid', 'uid'))
    c.usage(c.bb ? undefined : 'no matching criteria specified');
  const regexp = compileRegexp(pattern ?? '', { extended: true, ignoreCase: o.has('ignore-case') });
  const users = [...o.values('euid'), ...o.values('uid')]
    .flatMap((text) => text.split(','))
    .map((name) => findUser(c.sys, name)?.uid ?? Number(name));
  const parents = o
    .values('parent')
    .flatMap((text) => text.split(','))
    .map(Number);
  const text = (info: ProcessInfo) => (o.has('full') ? info.args.join(' ') || info.comm : info.comm);
  let found = processes(c).filter((info) => {
    if (info.pid === c.sys.pid) return false;
    const matched = o.has('exact')
      ? new RegExp(`^(?:${regexp.source})$`, regexp.flags).test(text(info))
      : regexp.test(text(info));
    const fits =
      matched && (!users.length || users.includes(info.uid)) && (!parents.length || parents.includes(info.ppid));
    return fits !== o.has('inverse');
  });
  if (o.has('newest')) found = found.slice(-1);
  if (o.has('oldest')) found = found.slice(0, 1);
  if (signalling) for (const info of found) c.sys.kill(info.pid, signal);
  else if (o.has('count')) c.out(`${found.length}\n`);
  else {
    const shown = found.map(
      (info) =>
        `${info.pid}${o.has('list-full') ? ` ${info.args.join(' ')}` : o.has('list-name') ? ` ${c.bb && o.has('full') ? info.args.join(' ') : info.comm}` : ''}`,
    );
    if (shown.length) c.out(`${shown.join(o.value('delimiter') ?? '\n')}\n`);
  }
  return found.length ? 0 : 1;
}

const usageHint = "Try `%' --help' for more information.\n".replace("%'", '%');

export const pgrep: CommandSpec = {
  name: 'pgrep',
  usageHint,
  suite: 'procps',
  applet: true,
  usageStatus: 2,
  run: (c) => search(c, false),
};
export const pkill: CommandSpec = {
  name: 'pkill',
  usageHint,
  suite: 'procps',
  applet: true,
  usageStatus: 2,
  run: (c) => search(c, true),
};
