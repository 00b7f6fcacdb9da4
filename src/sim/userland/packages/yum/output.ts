/** How yum lays things out: columns, sizes, meters. The arithmetic is yum's own, as tables must line up with its. */
import type { Sys } from '../../../kernel/sys.ts';

export const columnsOf = (sys: Sys): number => {
  try {
    return sys.isatty(1) ? sys.winsize(1).columns || 80 : 80;
  } catch {
    return 80;
  }
};

/** 547 k, 2.0 M, 21 M. */
export function formatNumber(bytes: number): string {
  const symbols = [' ', 'k', 'M', 'G', 'T'];
  let depth = 0;
  let number = bytes;
  while (number > 999 && depth < symbols.length - 1) {
    depth++;
    number /= 1024;
  }
  if (depth === 0) return `${Math.trunc(number)} ${symbols[0]}`;
  return number < 9.95 ? `${number.toFixed(1)} ${symbols[depth]}` : `${number.toFixed(0)} ${symbols[depth]}`;
}

/** Lengths of what stands in a column -> how many have that length. */
export type Lengths = Map<number, number>;

export function countLengths(texts: readonly string[]): Lengths {
  const lengths: Lengths = new Map();
  for (const { length } of texts) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  return lengths;
}

/** Widths of columns, so that the free space helps most lines: widens the column that gains most, again and again. */
export function calculateColumns(
  lengths: readonly Lengths[],
  minimum: readonly number[],
  remainder: number,
  total: number,
  indent: number,
): number[] {
  const data = lengths.map((one) => [...one].sort(([a], [b]) => a - b));
  const columns = [...minimum];
  let left = total - (columns.reduce((sum, one) => sum + one, 0) + (columns.length - 1) + indent);
  while (left > 0) {
    const best = mostHelped(columns, data, left);
    if (best === undefined) break;
    const widened = data[best]!.shift()![0] - columns[best]!;
    columns[best]! += widened;
    left -= widened;
  }
  if (left <= 0) return columns;
  const overflowed = data.flatMap((one, i) => (one.length > 0 ? [i] : []));
  if (overflowed.length > 0) {
    const each = Math.trunc(left / overflowed.length);
    for (const i of overflowed) columns[i]! += each;
    left -= each * overflowed.length;
  }
  const others = columns.length - 1;
  const each = Math.trunc(left / others);
  for (let i = 0; i < others; i++) columns[i]! += each;
  columns[remainder]! += left - others * each;
  return columns;
}

function mostHelped(columns: readonly number[], data: readonly [number, number][][], left: number): number | undefined {
  let helps = 0;
  let best: number | undefined;
  data.forEach((tuples, i) => {
    let mine = 0;
    for (const [length, count] of tuples) {
      if (left < length - columns[i]!) break;
      mine += count;
    }
    if (mine === 0) return;
    if (helps > 0 && i === data.length - 1 && Math.trunc(mine / 2) < helps) return;
    if (mine < helps) return;
    helps = mine;
    best = i;
  });
  return best;
}

/** Values side by side, a negative width meaning left aligned; one that is too long breaks the line. */
export function formatColumns(
  values: readonly (readonly [text: string, width: number])[],
  begin = '',
  end = '',
): string {
  const columns = [...values];
  const last = columns.pop()!;
  const totalWidth = begin.length;
  let out = begin;
  let width = totalWidth;
  for (const [text, wide] of columns) {
    if (wide === 0) {
      out += text;
      continue;
    }
    const size = Math.abs(wide);
    if (text.length <= size) out += `${wide < 0 ? text.padEnd(size) : text.padStart(size)} `;
    else out += `${text}\n${' '.repeat(width + size + 1)}`;
    width += size + 1;
  }
  const [text, wide] = last;
  const size = Math.abs(wide);
  return `${out}${wide < 0 ? text.padEnd(size) : text.padStart(size)}${end}`;
}

/** Several columns of what was done, as many as fit. */
export function formatDone(messages: readonly string[], total: number): string {
  const widths = [8, 7, 6, 5, 4, 3, 2]
    .map((count) => fits(messages, count, total))
    .find((one) => one !== undefined) ?? [-(total - 2)];
  let out = '';
  for (let i = 0; i < messages.length; i += widths.length) {
    const row = messages.slice(i, i + widths.length).map((text, j): [string, number] => [text, widths[j]!]);
    out += `  ${formatColumns(row, '', '\n')}`;
  }
  return out;
}

function fits(messages: readonly string[], count: number, total: number): number[] | undefined {
  if (messages.length < count) return undefined;
  let left = total - (count - 1 + 2);
  const widths = Array.from({ length: count }, () => 0);
  for (const [i, { length }] of messages.entries()) {
    const more = length - widths[i % count]!;
    if (more <= 0) continue;
    if (left <= more) return undefined;
    left -= more;
    widths[i % count] = length;
  }
  return widths.map((width) => -(width + Math.trunc(left / count)));
}

const clock = (seconds: number): string => {
  const s = Math.floor(seconds);
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, '0')).join(':');
};

/** The line of a finished download: only on a terminal. */
export const meterLine = (name: string, bytes: number, seconds: number, columns: number): string =>
  `${name.padEnd(columns - 23)}| ${formatNumber(bytes).padStart(5)}B  ${clock(seconds)}     \n`;

export function totalLine(bytes: number, seconds: number, columns: number): string {
  const rate = `${formatNumber(bytes / Math.max(seconds, 0.001))}B/s`;
  const end = ` | ${formatNumber(bytes).padStart(5)}B  ${clock(seconds).slice(3)}    `;
  return `Total${rate.padStart(columns - 5 - end.length)}${end}\n`;
}
