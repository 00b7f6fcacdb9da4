/** What ps(1) of the host would print for given arguments: procps-ng's, as far as a process is known here. */
import type { ProcessInfo } from '../port/index.ts';
import { engineError, serverError } from './errors.ts';

export type Column = readonly [title: string, value: (process: ProcessInfo, context: Context) => string];

export interface Context {
  userOf: (uid: number) => string;
}

const clock = (ms: number): string => {
  const total = Math.floor(ms / 1000);
  return [total / 3600, (total / 60) % 60, total % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
};
const shortClock = (ms: number): string =>
  `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
const startTime = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const command = (process: ProcessInfo): string => process.args.join(' ') || `[${process.comm}]`;

/** ps(1)'s output specifiers that can be told here. */
const columns: Record<string, Column> = {
  uid: ['UID', (p) => String(p.uid)],
  user: ['USER', (p, { userOf }) => userOf(p.uid)],
  pid: ['PID', (p) => String(p.pid)],
  ppid: ['PPID', (p) => String(p.ppid)],
  c: ['C', () => '0'],
  stime: ['STIME', (p) => startTime(p.startedMs)],
  tty: ['TTY', (p) => p.tty || '?'],
  time: ['TIME', (p) => clock(p.cpuMs)],
  cmd: ['CMD', command],
  args: ['COMMAND', command],
  command: ['COMMAND', command],
  comm: ['COMMAND', (p) => p.comm],
  ucmd: ['CMD', (p) => p.comm],
  ucomm: ['COMMAND', (p) => p.comm],
  euid: ['EUID', (p) => String(p.uid)],
  ruid: ['RUID', (p) => String(p.uid)],
  uname: ['USER', (p, { userOf }) => userOf(p.uid)],
  euser: ['EUSER', (p, { userOf }) => userOf(p.uid)],
  ruser: ['RUSER', (p, { userOf }) => userOf(p.uid)],
  tname: ['TTY', (p) => p.tty || '?'],
  tt: ['TT', (p) => p.tty || '?'],
  cputime: ['TIME', (p) => clock(p.cpuMs)],
  label: ['LABEL', () => '-'],
  stat: ['STAT', () => 'Ss'],
};

const full: Column[] = [
  ['UID', (p, { userOf }) => userOf(p.uid)],
  ...['pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd'].map((key) => columns[key]!),
];
const standard: Column[] = ['pid', 'tty', 'time', 'ucmd'].map((key) => columns[key]!);
const short: Column[] = [
  columns.pid!,
  columns.tty!,
  columns.stat!,
  ['TIME', (p) => shortClock(p.cpuMs)],
  columns.args!,
];
const bsd: Column[] = [
  columns.user!,
  columns.pid!,
  ['%CPU', () => '0.0'],
  ['%MEM', () => '0.0'],
  ['VSZ', () => '4400'],
  ['RSS', () => '0'],
  columns.tty!,
  columns.stat!,
  ['START', (p) => startTime(p.startedMs)],
  ['TIME', (p) => shortClock(p.cpuMs)],
  columns.args!,
];

/** Specifiers that ps has and that cannot be told here. */
const untold = new Set(
  [
    '%cpu %mem atime blocked bsdstart bsdtime caught cgname cgroup cgroupns class cls context cp cpuid cputimes cuc cuu',
    'drs dsiz egid egroup eip esp etime etimes exe f fgid fgroup flag flags fname fuid fuser gid group ignored label',
    'lastcpu lim longtname lsession lstart luid lwp lxc machine maj_flt majflt min_flt minflt mntns netns ni nice nlwp',
    'numa oom oomadj opri ouid pagein pcpu pending pgid pgrp pidns pmem policy pri priority psr pss rgid rgroup rss',
    'rssize rsz rtprio s sched seat sess session sgid sgroup sid sig size slice spid start start_time state suid suser',
    'svgid svuid sz tgid thcount tid times tpgid trs tsiz unit userns utsns vsize vsz wchan zone',
  ].flatMap((names) => names.split(' ')),
);

/** Reads the arguments. Throws ps's own complaint, as the daemon passes it on. */
export class PsOutput {
  /** Only these, when pids are asked for. */
  pids?: number[];
  headers = true;
  private format: Column[] | undefined;
  private custom: Column[] | undefined;
  private labelled = false;
  private readonly words: string[];

  constructor(private readonly args: string) {
    this.words = args.split(/\s+/).filter(Boolean);
    for (let word = this.words.shift(); word !== undefined; word = this.words.shift()) this.take(word);
  }

  get columns(): Column[] {
    return [...(this.labelled ? [columns.label!] : []), ...(this.custom ?? this.format ?? standard)];
  }

  private take(word: string): void {
    if (/^--no-head(ers|ing)$/.test(word)) this.headers = false;
    else if (/^--(forest|cols|columns|sort|pid|format|user|ppid|tty|help|version|info)\b/.test(word)) this.refuse();
    else if (word.startsWith('--')) throw wrong('unknown gnu long option');
    else if (word === '-aux') this.format = bsd;
    else if (word.startsWith('-')) this.cluster(word.slice(1), (letter, rest) => this.option(letter, rest));
    else if (/^\d+(,\d+)*$/.test(word)) this.only(word);
    else this.cluster(word, (letter, rest) => this.bsdOption(letter, rest));
  }

  /** A letter that takes the rest of its word (or the next) ends the cluster. */
  private cluster(letters: string, each: (letter: string, rest: string) => boolean): void {
    for (let at = 0; at < letters.length; at++) if (each(letters[at]!, letters.slice(at + 1))) return;
  }

  private option(letter: string, rest: string): boolean {
    if (letter === 'o') return this.specify(rest, '-');
    if (letter === 'p') return this.only(this.value(rest, 'list of process IDs must follow -p'));
    if (letter === 'q') return this.only(this.value(rest, 'List of process IDs must follow -q.'));
    if (letter === 'f') this.format = full;
    else if (letter === 'Z') this.labelled = true;
    else if (letter === 'x') this.format ??= short;
    else if ('eAadNwH'.includes(letter)) this.format ??= standard;
    else if ('CFGLMOPTUVcgjlmnrstuyz'.includes(letter)) this.refuse();
    else throw wrong('unsupported SysV option');
    return false;
  }

  private bsdOption(letter: string, rest: string): boolean {
    if (letter === 'o') return this.specify(rest, '');
    if (letter === 'u') this.format = bsd;
    else if (letter === 'Z') this.labelled = true;
    else if ('axw'.includes(letter)) this.format ??= short;
    else if ('HLNOPSTUVXcefghjklmnpqrstv'.includes(letter)) this.refuse();
    else throw wrong('unsupported option (BSD syntax)');
    return false;
  }

  private specify(rest: string, dash: string): true {
    const text = this.value(rest, `format specification must follow ${dash}o`);
    this.custom = [...(this.custom ?? []), ...specified(text)];
    return true;
  }

  private only(list: string): true {
    this.pids = list.split(',').map(Number);
    return true;
  }

  private value(rest: string, missing: string): string {
    const text = rest || this.words.shift();
    if (text === undefined) throw wrong(missing);
    return text;
  }

  private refuse(): never {
    throw engineError(501, `drydock: ps ${this.args} is not simulated`);
  }
}

const wrong = (why: string) => serverError(`ps: error: ${why}`);

function specified(text: string): Column[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((item): Column => {
      const [name = '', title] = item.split('=');
      const column = columns[name];
      if (!column && untold.has(name)) throw engineError(501, `drydock: ps -o ${name} is not simulated`);
      if (!column) throw wrong(`unknown user-defined format specifier "${name}"`);
      return title ? [title, column[1]] : column;
    });
}
