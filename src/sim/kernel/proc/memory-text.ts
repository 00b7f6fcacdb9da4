/** /proc/PID/maps and statm: what a program of its size would have mapped. */
import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Task } from '../task.ts';

const page = 4096;
const pages = (bytes: number): number => Math.ceil(bytes / page);

/** Where x86-64 puts them without address space randomisation. */
const programBase = 0x555555554000;
const stackTop = 0x7ffffffff000;
const stackBytes = 33 * page;

interface Area {
  start: number;
  end: number;
  rights: string;
  offset?: number;
  file?: Stat;
  name?: string;
}

function executable(task: Task): Stat | undefined {
  try {
    return task.exePath ? task.paths.stat(task.exePath) : undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return undefined;
  }
}

/** Header, code, constants, data: about the shares they have in a program of a distribution. */
function programAreas(task: Task): Area[] {
  const file = executable(task);
  if (!file) return [];
  const total = Math.max(4, pages(file.size));
  const shares: [string, number][] = [
    ['r--p', 0.1],
    ['r-xp', 0.6],
    ['r--p', 0.2],
    ['rw-p', 0.1],
  ];
  let at = 0;
  return shares.map(([rights, share]) => {
    const offset = at * page;
    at += Math.max(1, Math.floor(total * share));
    return { start: programBase + offset, end: programBase + at * page, rights, offset, file, name: task.exePath };
  });
}

function areas(task: Task): Area[] {
  const program = programAreas(task);
  if (program.length === 0) return [];
  const heap = program.at(-1)!.end + 0x1000;
  return [
    ...program,
    { start: heap, end: heap + Math.max(33, pages(task.memory)) * page, rights: 'rw-p', name: '[heap]' },
    { start: 0x7ffff7fc1000, end: 0x7ffff7fc5000, rights: 'r--p', name: '[vvar]' },
    { start: 0x7ffff7fc5000, end: 0x7ffff7fc7000, rights: 'r-xp', name: '[vdso]' },
    { start: stackTop - stackBytes, end: stackTop, rights: 'rw-p', name: '[stack]' },
  ];
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const mapsText = (task: Task): string =>
  areas(task)
    .map(({ start, end, rights, offset = 0, file, name = '' }) => {
      const device = file ? `${hex(file.dev >> 8, 2)}:${hex(file.dev & 255, 2)}` : '00:00';
      const line = `${hex(start, 8)}-${hex(end, 8)} ${rights} ${hex(offset, 8)} ${device} ${file?.ino ?? 0} `;
      return `${line.padEnd(73)}${name}\n`;
    })
    .join('');

export function statmText(task: Task): string {
  const all = areas(task);
  const size = all.reduce((sum, { start, end }) => sum + (end - start) / page, 0);
  const text = all.filter(({ rights, file }) => file && rights === 'r-xp');
  const code = text.reduce((sum, { start, end }) => sum + (end - start) / page, 0);
  const data = all
    .filter(({ rights }) => rights[1] === 'w')
    .reduce((sum, { start, end }) => sum + (end - start) / page, 0);
  return `${size} ${pages(task.memory)} 0 ${code} 0 ${data} 0\n`;
}

/** Bytes of address space. */
export const addressSpace = (task: Task): number => areas(task).reduce((sum, { start, end }) => sum + end - start, 0);
