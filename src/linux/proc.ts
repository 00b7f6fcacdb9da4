/** What /proc tells. */
import { readFileSync, statSync } from 'node:fs';
import type { ProcessInfo, Stats } from '../port/index.ts';

// sysconf(_SC_CLK_TCK): 100 on every Linux that Node runs on.
const ticksPerSecond = 100;

/** Undefined once it has ended. */
export function describeProcess(pid: number): ProcessInfo | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces and brackets; what follows its last bracket does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [ppid, tty, user, system, started] = [1, 4, 11, 12, 19].map((index) => Number(fields[index]));
    return {
      pid,
      ppid: ppid!,
      uid: statSync(`/proc/${pid}`).uid,
      tty: ttyName(tty!),
      cpuMs: ((user! + system!) * 1000) / ticksPerSecond,
      startedMs: bootMs() + (started! * 1000) / ticksPerSecond,
      args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1),
      comm: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
    };
  } catch {
    return undefined;
  }
}

// Unix98 ptys have the majors 136 to 143.
function ttyName(device: number): string {
  const [major, minor] = [(device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00)];
  return major >= 136 && major <= 143 ? `pts/${(major - 136) * 256 + minor}` : '?';
}

const bootMs = (): number => Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0) * 1000;

/** Time of all processors together, idle time included, in nanoseconds. */
export function systemCpuNs(): number {
  const line = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  const ticks = line
    .split(' ')
    .slice(0, 8)
    .reduce((sum, field) => sum + Number(field), 0);
  return (ticks / ticksPerSecond) * 1e9;
}

/** By interface, of the network namespace that the process is in; nothing once it has ended. */
export function networkCounters(pid: number): Stats['network'] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/dev`, 'utf8');
  } catch {
    return {};
  }
  const lines = text.split('\n').slice(2).filter(Boolean);
  return Object.fromEntries(
    lines
      .map((line) => line.trim().split(/[: ]+/))
      .filter(([name]) => name !== 'lo')
      .map(([name, ...fields]) => {
        const [rxBytes, rxPackets, txBytes, txPackets] = [0, 1, 8, 9].map((at) => Number(fields[at]));
        return [name, { rxBytes: rxBytes!, rxPackets: rxPackets!, txBytes: txBytes!, txPackets: txPackets! }];
      }),
  );
}
