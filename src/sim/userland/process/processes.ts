/** What /proc says of the processes, for ps, top, kill's kin. */
import { slurp } from '../core/accounts.ts';
import type { Command } from '../core/command.ts';

export interface ProcessInfo {
  pid: number;
  ppid: number;
  uid: number;
  comm: string;
  /** Empty for a zombie or a kernel thread. */
  args: string[];
  state: string;
  /** Controlling terminal, 0 for none: major * 256 + minor. */
  tty: number;
  pgrp: number;
  session: number;
  foreground: boolean;
  cpuTicks: number;
  startTicks: number;
  vsize: number;
  rssPages: number;
  nice: number;
  threads: number;
}

/** All processes that this /proc shows, by pid. */
export function processes(c: Command): ProcessInfo[] {
  return c.sys
    .readdir('/proc')
    .filter((entry) => /^\d+$/.test(entry.name))
    .map((entry) => readProcess(c, Number(entry.name)))
    .filter((info) => info !== undefined)
    .sort((a, b) => a.pid - b.pid);
}

/** proc(5), /proc/[pid]/stat. */
export function readProcess(c: Command, pid: number): ProcessInfo | undefined {
  const stat = slurp(c.sys, `/proc/${pid}/stat`);
  const match = /^\d+ \((.*)\) (.*)$/s.exec(stat.trim());
  if (!match) return undefined;
  const f = match[2]!.split(' ');
  const n = (index: number) => Number(f[index - 3] ?? 0);
  const status = slurp(c.sys, `/proc/${pid}/status`);
  return {
    pid,
    comm: match[1]!,
    state: f[0]!,
    ppid: n(4),
    pgrp: n(5),
    session: n(6),
    tty: n(7),
    foreground: n(8) === n(5),
    cpuTicks: n(14) + n(15),
    nice: n(19),
    threads: n(20),
    startTicks: n(22),
    vsize: n(23),
    rssPages: n(24),
    uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? 0),
    args: slurp(c.sys, `/proc/${pid}/cmdline`).split('\0').slice(0, -1),
  };
}

export const ttyText = (tty: number): string => {
  const [major, minor] = [tty >> 8, tty & 255];
  if (tty === 0) return '?';
  return major === 136 ? `pts/${minor}` : major === 4 ? `tty${minor}` : major === 5 ? 'console' : '?';
};

export const commandLine = (info: ProcessInfo): string =>
  info.args.length ? info.args.join(' ') : info.state === 'Z' ? `[${info.comm}] <defunct>` : `[${info.comm}]`;
