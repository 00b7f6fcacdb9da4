/** A container's cgroup, by version: what runc made of `cgroupsPath`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const top = '/sys/fs/cgroup';

export const cgroupVersion = (): '1' | '2' => (existsSync(`${top}/cgroup.controllers`) ? '2' : '1');

const directoryOf = (controller: string, path: string): string =>
  cgroupVersion() === '2' ? `${top}${path}` : `${top}/${controller}${path}`;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the last process has ended, and the cgroup with it
  }
}

/** Numbers of the processes in it and below it, ascending. */
export function cgroupPids(path: string): number[] {
  const found: number[] = [];
  const visit = (directory: string): void => {
    found.push(...read(`${directory}/cgroup.procs`).split('\n').filter(Boolean).map(Number));
    if (!existsSync(directory)) return;
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(`${directory}/${entry.name}`);
    }
  };
  visit(directoryOf('pids', path));
  return found.sort((a, b) => a - b);
}

/** How often the kernel has killed a process for want of memory. */
export function oomKills(path: string): number {
  const file = cgroupVersion() === '2' ? 'memory.events' : 'memory.oom_control';
  return Number(/^oom_kill (\d+)$/m.exec(read(`${directoryOf('memory', path)}/${file}`))?.[1] ?? 0);
}
