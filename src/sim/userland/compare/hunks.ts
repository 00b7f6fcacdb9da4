/** The differences of two lists of lines, and diff's ways to print them. */
import { diffArrays } from 'diff';
import { gapTo } from '../core/tab-stops.ts';

/** Lines [a, aEnd) of the old file become lines [b, bEnd) of the new one; 0-based. */
export interface Change {
  a: number;
  aEnd: number;
  b: number;
  bEnd: number;
}

/** A file's lines, with what is compared of each. */
export interface Side {
  lines: readonly string[];
  keys: readonly string[];
  /** The last line has no newline. */
  open: boolean;
}

export function changes(left: readonly string[], right: readonly string[]): Change[] {
  const out: Change[] = [];
  let a = 0;
  let b = 0;
  for (const part of diffArrays([...left], [...right])) {
    const count = part.value.length;
    if (!part.added && !part.removed) {
      a += count;
      b += count;
      continue;
    }
    const last = out.at(-1);
    const joins = last && last.aEnd === a && last.bEnd === b;
    const change = joins ? last : { a, aEnd: a, b, bEnd: b };
    if (part.removed) a += count;
    else b += count;
    change.aEnd = a;
    change.bEnd = b;
    if (!joins) out.push(change);
  }
  return out;
}

const noNewline = '\\ No newline at end of file\n';

/** A line with its mark, and the note that it has no newline. */
const marked = (mark: string, side: Side, at: number): string =>
  `${mark}${side.lines[at]}\n${side.open && at === side.lines.length - 1 ? noNewline : ''}`;

const range = (from: number, end: number): string => (end - from <= 1 ? `${end}` : `${from + 1},${end}`);

export function normal(left: Side, right: Side, list: readonly Change[]): string {
  let out = '';
  for (const { a, aEnd, b, bEnd } of list) {
    const letter = a === aEnd ? 'a' : b === bEnd ? 'd' : 'c';
    out += `${a === aEnd ? a : range(a, aEnd)}${letter}${b === bEnd ? b : range(b, bEnd)}\n`;
    for (let i = a; i < aEnd; i++) out += marked('< ', left, i);
    if (letter === 'c') out += '---\n';
    for (let i = b; i < bEnd; i++) out += marked('> ', right, i);
  }
  return out;
}

/** Changes whose context would touch are shown as one. */
function groups(list: readonly Change[], context: number): Change[][] {
  const out: Change[][] = [];
  for (const change of list) {
    const last = out.at(-1);
    if (last && change.a - last.at(-1)!.aEnd <= context * 2) last.push(change);
    else out.push([change]);
  }
  return out;
}

interface Window {
  changes: Change[];
  a: number;
  aEnd: number;
  b: number;
  bEnd: number;
}

function windows(left: Side, right: Side, list: readonly Change[], context: number): Window[] {
  return groups(list, context).map((group) => {
    const [first, last] = [group[0]!, group.at(-1)!];
    const before = Math.min(context, first.a);
    const after = Math.min(context, left.lines.length - last.aEnd);
    return {
      changes: group,
      a: first.a - before,
      aEnd: last.aEnd + after,
      b: first.b - before,
      bEnd: Math.min(right.lines.length, last.bEnd + after),
    };
  });
}

const unifiedRange = (from: number, end: number): string =>
  end - from === 1 ? `${end}` : `${end === from ? from : from + 1},${end - from}`;

export function unified(left: Side, right: Side, list: readonly Change[], context: number): string {
  let out = '';
  for (const w of windows(left, right, list, context)) {
    out += `@@ -${unifiedRange(w.a, w.aEnd)} +${unifiedRange(w.b, w.bEnd)} @@\n`;
    let at = w.a;
    for (const { a, aEnd, b, bEnd } of w.changes) {
      for (; at < a; at++) out += marked(' ', left, at);
      for (; at < aEnd; at++) out += marked('-', left, at);
      for (let i = b; i < bEnd; i++) out += marked('+', right, i);
    }
    for (; at < w.aEnd; at++) out += marked(' ', left, at);
  }
  return out;
}

const contextRange = (from: number, end: number): string => (end - from <= 1 ? `${end}` : `${from + 1},${end}`);

export function contextual(left: Side, right: Side, list: readonly Change[], context: number): string {
  let out = '';
  for (const w of windows(left, right, list, context)) {
    out += `***************\n*** ${contextRange(w.a, w.aEnd)} ****\n`;
    out += contextHalf(
      left,
      w.a,
      w.aEnd,
      w.changes.map((c) => [c.a, c.aEnd, c.b === c.bEnd ? '- ' : '! ']),
    );
    out += `--- ${contextRange(w.b, w.bEnd)} ----\n`;
    out += contextHalf(
      right,
      w.b,
      w.bEnd,
      w.changes.map((c) => [c.b, c.bEnd, c.a === c.aEnd ? '+ ' : '! ']),
    );
  }
  return out;
}

/** Empty when the half has no change of its own. */
function contextHalf(side: Side, from: number, end: number, marks: readonly [number, number, string][]): string {
  if (marks.every(([start, stop]) => start === stop)) return '';
  let out = '';
  for (let i = from; i < end; i++)
    out += marked(marks.find(([start, stop]) => i >= start && i < stop)?.[2] ?? '  ', side, i);
  return out;
}

/** RCS format: from the first to the last, counted in lines. */
export function rcsScript(right: Side, list: readonly Change[]): string {
  let out = '';
  for (const { a, aEnd, b, bEnd } of list) {
    if (aEnd > a) out += `d${a + 1} ${aEnd - a}\n`;
    if (bEnd === b) continue;
    out += `a${aEnd} ${bEnd - b}\n`;
    for (let i = b; i < bEnd; i++) out += `${right.lines[i]}\n`;
  }
  return out;
}

const colours: [RegExp, string][] = [
  [/^(?:---|\+\+\+|\*\*\*) .*\t/, '1'],
  [/^(?:@@|\d)/, '36'],
  [/^[-<]/, '31'],
  [/^[+>]/, '32'],
];

/** --color: what goes in red, what comes in green. */
export const painted = (text: string): string =>
  text.replace(/^.+$/gm, (line) => {
    const code = line === '---' ? undefined : colours.find(([pattern]) => pattern.test(line))?.[1];
    return code ? `\x1b[${code}m${line}\x1b[0m` : line;
  });

/** ed script: changes from the last to the first. */
export function edScript(right: Side, list: readonly Change[]): string {
  let out = '';
  for (const { a, aEnd, b, bEnd } of [...list].reverse()) {
    const letter = a === aEnd ? 'a' : b === bEnd ? 'd' : 'c';
    out += `${a === aEnd ? a : range(a, aEnd)}${letter}\n`;
    if (letter === 'd') continue;
    for (let i = b; i < bEnd; i++) out += `${right.lines[i]}\n`;
    out += '.\n';
  }
  return out;
}

/** -y: both files side by side. */
export function sideBySide(left: Side, right: Side, list: readonly Change[], width: number, suppress: boolean): string {
  // GNU sets the right column on a tab stop.
  const middle = Math.floor(width / 2) + 5 + (width & 1);
  const second = middle - (middle % 8);
  const half = Math.max(0, Math.min(second - 3, width - second));
  let out = '';
  const row = (a: string | undefined, mark: string, b: string | undefined) => {
    const head = (a ?? '').slice(0, half);
    const at = (half + second - 1) >> 1;
    let line = head;
    let column = head.length;
    if (mark !== ' ') {
      line += gapTo(column, at) + mark;
      column = at + 1;
    }
    if (b) line += gapTo(column, second) + b.slice(0, half);
    out += `${line}\n`;
  };
  let at = 0;
  let other = 0;
  const same = (end: number) => {
    for (; at < end; at++, other++) if (!suppress) row(left.lines[at], ' ', right.lines[other]);
  };
  for (const { a, aEnd, b, bEnd } of list) {
    same(a);
    for (let i = 0; i < Math.max(aEnd - a, bEnd - b); i++) {
      const [l, r] = [a + i < aEnd ? left.lines[a + i] : undefined, b + i < bEnd ? right.lines[b + i] : undefined];
      row(l, l === undefined ? '>' : r === undefined ? '<' : '|', r);
    }
    at = aEnd;
    other = bEnd;
  }
  same(left.lines.length);
  return out;
}
