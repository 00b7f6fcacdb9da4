import { Accounts, findUser, slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { civil, strftime, zoneOf } from '../core/dates.ts';
import { commandLine, type ProcessInfo, processes, ttyText } from './processes.ts';

interface Column {
  title: string;
  width: number;
  right: boolean;
  value(info: ProcessInfo, ps: Listing): string;
}

/** What a listing needs to know once. */
class Listing {
  readonly accounts: Accounts;
  readonly bootSec: number;
  readonly uptime: number;
  readonly memory: number;
  constructor(readonly c: Command) {
    this.accounts = new Accounts(c.sys);
    this.uptime = Number(slurp(c.sys, '/proc/uptime').split(' ')[0] || 0);
    this.bootSec = c.sys.now().sec - this.uptime;
    this.memory = Number(/MemTotal:\s+(\d+)/.exec(slurp(c.sys, '/proc/meminfo'))?.[1] ?? 1);
  }
  started(info: ProcessInfo): number {
    return Math.floor(this.bootSec + info.startTicks / 100);
  }
  elapsed(info: ProcessInfo): number {
    return Math.max(0, this.uptime - info.startTicks / 100);
  }
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
const clock = (sec: number): string => `${two(sec / 3600)}:${two((sec / 60) % 60)}:${two(sec % 60)}`;

const cpuShare = (info: ProcessInfo, ps: Listing): number => {
  const elapsed = ps.elapsed(info);
  return elapsed > 0 ? Math.min(99.9, info.cpuTicks / elapsed) : 0;
};

function startText(info: ProcessInfo, ps: Listing): string {
  const sec = ps.started(info);
  const zone = zoneOf(ps.c.sys);
  const age = ps.c.sys.now().sec - sec;
  if (age < 86400) return strftime('%H:%M', sec, 0, zone);
  return civil(sec, zone).year === civil(ps.c.sys.now().sec, zone).year
    ? strftime('%b%d', sec, 0, zone)
    : strftime('%Y', sec, 0, zone);
}

function stateText(info: ProcessInfo): string {
  const flags =
    (info.nice < 0 ? '<' : info.nice > 0 ? 'N' : '') +
    (info.session === info.pid ? 's' : '') +
    (info.threads > 1 ? 'l' : '') +
    (info.foreground && info.tty ? '+' : '');
  return info.state + flags;
}

function elapsedText(sec: number): string {
  const days = Math.floor(sec / 86400);
  const rest = sec % 86400;
  const hours = rest >= 3600 || days ? `${two(rest / 3600)}:` : '';
  return `${days ? `${days}-` : ''}${hours}${two((rest / 60) % 60)}:${two(rest % 60)}`;
}

const column = (title: string, width: number, right: boolean, value: Column['value']): Column => ({
  title,
  width,
  right,
  value,
});
const userText = (info: ProcessInfo, ps: Listing) => {
  const name = ps.accounts.user(info.uid);
  return name.length > 8 ? `${name.slice(0, 7)}+` : name;
};

const columns: Record<string, Column> = {
  pid: column('PID', 7, true, (p) => String(p.pid)),
  ppid: column('PPID', 7, true, (p) => String(p.ppid)),
  pgid: column('PGID', 7, true, (p) => String(p.pgrp)),
  sid: column('SID', 7, true, (p) => String(p.session)),
  tty: column('TTY', 8, false, (p) => ttyText(p.tty)),
  time: column('TIME', 8, true, (p) => clock(p.cpuTicks / 100)),
  bsdtime: column('TIME', 6, true, (p) => `${Math.floor(p.cpuTicks / 6000)}:${two((p.cpuTicks / 100) % 60)}`),
  comm: column('COMMAND', 15, false, (p) => p.comm + (p.state === 'Z' ? ' <defunct>' : '')),
  cmd: column('CMD', 27, false, (p) => commandLine(p)),
  args: column('COMMAND', 27, false, (p) => commandLine(p)),
  user: column('USER', 8, false, userText),
  uidname: column('UID', 8, false, userText),
  uid: column('UID', 5, true, (p) => String(p.uid)),
  c: column('C', 2, true, (p, ps) => String(Math.floor(cpuShare(p, ps)))),
  stime: column('STIME', 5, false, startText),
  start: column('START', 5, false, startText),
  stat: column('STAT', 4, false, stateText),
  s: column('S', 1, false, (p) => p.state),
  pcpu: column('%CPU', 4, true, (p, ps) => cpuShare(p, ps).toFixed(1)),
  pmem: column('%MEM', 4, true, (p, ps) => ((p.rssPages * 400) / ps.memory).toFixed(1)),
  vsz: column('VSZ', 6, true, (p) => String(Math.floor(p.vsize / 1024))),
  rss: column('RSS', 5, true, (p) => String(p.rssPages * 4)),
  etime: column('ELAPSED', 11, true, (p, ps) => elapsedText(ps.elapsed(p))),
  lstart: column('STARTED', 24, true, (p, ps) => strftime('%a %b %e %H:%M:%S %Y', ps.started(p), 0, zoneOf(ps.c.sys))),
  ni: column('NI', 3, true, (p) => String(p.nice)),
  pri: column('PRI', 3, true, (p) => String(19 - p.nice)),
};
const aliases: Record<string, string> = {
  command: 'args',
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  tt: 'tty',
  tname: 'tty',
  pgrp: 'pgid',
  sess: 'sid',
  state: 's',
  ucmd: 'comm',
  nice: 'ni',
  ruser: 'user',
  euser: 'user',
  euid: 'uid',
  cputime: 'time',
  vsize: 'vsz',
  rssize: 'rss',
  start_time: 'stime',
};

/** busybox's own widths (procps/ps.c); its headings begin where the column does. */
const appletWidths: Readonly<Record<string, number>> = {
  ...{ USER: 8, PID: 5, PPID: 5, PGID: 5, SID: 5, COMMAND: 16, NI: 5, TIME: 6, TT: 6, VSZ: 4, RSS: 4, STAT: 4 },
  ELAPSED: 7,
};

function print(c: Command, rows: ProcessInfo[], chosen: Column[], headers: boolean): void {
  const ps = new Listing(c);
  const limit = c.sys.isatty(1) ? c.sys.winsize(1).columns || 80 : Number.POSITIVE_INFINITY;
  const line = (cells: string[], heading = false) =>
    cells
      .map((cell, i) => {
        const { title } = chosen[i]!;
        const width = (c.bb && appletWidths[title]) || chosen[i]!.width;
        const right = chosen[i]!.right && !(c.bb && heading);
        return i === cells.length - 1
          ? right
            ? cell.padStart(width)
            : cell
          : right
            ? cell.padStart(width)
            : cell.padEnd(width);
      })
      .join(' ')
      .slice(0, limit);
  if (headers)
    c.out(
      `${line(
        chosen.map((one) => one.title),
        true,
      )}\n`,
    );
  for (const info of rows) c.out(`${line(chosen.map((one) => one.value(info, ps)))}\n`);
}

const set = (names: string): Column[] => names.split(' ').map((name) => columns[name]!);

function userColumns(c: Command, text: string): Column[] {
  return text
    .split(/[,\s]+/)
    .filter(Boolean)
    .map((word) => {
      const [name, title] = word.split('=');
      const found = columns[aliases[name!] ?? name!];
      if (!found) {
        c.errorText(
          `error: unknown user-defined format specifier "${name}"\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
        );
        c.exit(1);
      }
      return title === undefined
        ? found!
        : { ...found!, title, width: title === '' ? found!.width : Math.max(found!.width, title.length) };
    });
}

function busyboxPs(c: Command): number {
  const o = c.options({ busybox: 'o: T w l' });
  const ps = new Listing(c);
  const rows = processes(c);
  const wanted = o.value('o');
  if (wanted !== undefined) {
    print(c, rows, userColumns(c, wanted), true);
    return 0;
  }
  const width = c.sys.isatty(1) ? c.sys.winsize(1).columns || 80 : Number.POSITIVE_INFINITY;
  c.out('PID   USER     COMMAND\n');
  for (const info of rows) {
    const line = `${String(info.pid).padStart(5)} ${ps.accounts.user(info.uid).slice(0, 8).padEnd(8)} ${info.args.length ? info.args.join(' ') : `[${info.comm}]`}`;
    c.out(`${line.slice(0, width)}\n`);
  }
  return 0;
}

export const ps: CommandSpec = {
  name: 'ps',
  suite: 'procps',
  applet: true,
  run(c) {
    if (c.bb) return busyboxPs(c);
    const bsd = c.args.map((arg) => (/^[a-zA-Z]+$/.test(arg) ? arg : '')).join('');
    const rest = c.args.filter((arg) => !/^[a-zA-Z]+$/.test(arg) || /^-/.test(arg));
    const before = c.args.indexOf('-o');
    const o = (() => {
      const kept = before >= 0 ? c.args.slice() : rest;
      c.args.splice(0, c.args.length, ...kept);
      return c.options({
        gnu: 'e A a d f F l j H w o: format= p: pid= ppid= u: U: C: t: s: N L T M sort= no-headers no-heading headers forest',
      });
    })();
    const all = processes(c);
    const self = all.find((info) => info.pid === c.sys.pid);
    let rows = select(
      c,
      all,
      self,
      bsd,
      o.has('e', 'A'),
      [...o.values('p'), ...o.values('pid')],
      [...o.values('u'), ...o.values('U')],
      o.values('C'),
      o.has('a'),
    );
    const key = o.value('sort');
    if (key) rows = sortRows(c, rows, key);
    const wanted = o.values('o').concat(o.values('format'));
    const chosen = wanted.length
      ? userColumns(c, wanted.join(','))
      : bsd.includes('u')
        ? set('user pid pcpu pmem vsz rss tty stat start bsdtime args')
        : bsd
          ? set('pid tty stat bsdtime args')
          : o.has('f', 'F')
            ? set('uidname pid ppid c stime tty time cmd')
            : [...set('pid tty time'), { ...columns.comm!, title: 'CMD' }];
    const headers = !o.has('no-headers', 'no-heading') && chosen.some((one) => one.title !== '');
    print(c, rows, chosen, headers);
    return rows.length ? 0 : 1;
  },
};

function sortRows(c: Command, rows: ProcessInfo[], key: string): ProcessInfo[] {
  const ps = new Listing(c);
  const found = columns[aliases[key.replace(/^[-+]/, '')] ?? key.replace(/^[-+]/, '')];
  if (!found) return rows;
  const sign = key.startsWith('-') ? -1 : 1;
  const compare = (a: string, b: string) =>
    found.right ? Number.parseFloat(a) - Number.parseFloat(b) : a < b ? -1 : a > b ? 1 : 0;
  return [...rows].sort((a, b) => sign * compare(found.value(a, ps), found.value(b, ps)));
}

function select(
  c: Command,
  all: ProcessInfo[],
  self: ProcessInfo | undefined,
  bsd: string,
  every: boolean,
  pids: string[],
  users: string[],
  names: string[],
  terminals: boolean,
): ProcessInfo[] {
  if (pids.length) {
    const wanted = new Set(pids.flatMap((text) => text.split(/[,\s]+/)).map(Number));
    return all.filter((info) => wanted.has(info.pid));
  }
  if (users.length) {
    const wanted = new Set(
      users.flatMap((text) => text.split(',')).map((name) => findUser(c.sys, name)?.uid ?? Number(name)),
    );
    return all.filter((info) => wanted.has(info.uid));
  }
  if (names.length) return all.filter((info) => names.flatMap((text) => text.split(',')).includes(info.comm));
  if (every || (bsd.includes('a') && bsd.includes('x'))) return all;
  if (bsd.includes('a') || terminals) return all.filter((info) => info.tty !== 0);
  const own = all.filter((info) => info.uid === c.sys.cred.euid);
  if (bsd.includes('x')) return own;
  return own.filter((info) => info.tty === (self?.tty ?? 0));
}
