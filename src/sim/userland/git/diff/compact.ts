/** A group of changed lines that may stand in several places is slid to one: beside a group of the other file, or by indentation. */
import type { Marks } from './lines.ts';

class Group {
  start = 0;
  end = 0;

  constructor(private readonly marks: Marks) {
    this.grow();
  }
  private grow(): void {
    while (this.marks.changed[this.end]) this.end++;
  }
  get empty(): boolean {
    return this.end === this.start;
  }
  next(): boolean {
    if (this.end >= this.marks.keys.length) return false;
    this.start = this.end = this.end + 1;
    this.grow();
    return true;
  }
  previous(): boolean {
    if (this.start === 0) return false;
    this.end = this.start = this.start - 1;
    while (this.marks.changed[this.start - 1]) this.start--;
    return true;
  }
  down(): boolean {
    const { keys, changed } = this.marks;
    if (this.end >= keys.length || keys[this.start] !== keys[this.end]) return false;
    changed[this.start++] = false;
    changed[this.end++] = true;
    this.grow();
    return true;
  }
  up(): boolean {
    const { keys, changed } = this.marks;
    if (this.start === 0 || keys[this.start - 1] !== keys[this.end - 1]) return false;
    changed[--this.start] = true;
    changed[--this.end] = false;
    while (changed[this.start - 1]) this.start--;
    return true;
  }
}

export function compact(own: Marks, other: Marks): void {
  const group = new Group(own);
  const partner = new Group(other);
  for (;;) {
    if (!group.empty) settle(own, group, partner);
    if (!group.next()) return;
    partner.next();
  }
}

function settle(own: Marks, group: Group, partner: Group): void {
  let size: number;
  let earliest: number;
  let matching: number;
  do {
    size = group.end - group.start;
    matching = -1;
    while (group.up()) partner.previous();
    earliest = group.end;
    if (!partner.empty) matching = group.end;
    while (group.down()) {
      partner.next();
      if (!partner.empty) matching = group.end;
    }
  } while (size !== group.end - group.start);
  if (group.end === earliest) return;
  if (matching !== -1) {
    while (partner.empty && group.up()) partner.previous();
    return;
  }
  const best = bestPlace(own.keys, group.end, size, earliest);
  while (group.end > best && group.up()) partner.previous();
}

const farthest = 100;

function bestPlace(lines: readonly string[], end: number, size: number, earliest: number): number {
  let best = -1;
  let least: Score = { indent: 0, penalty: 0 };
  for (let at = Math.max(earliest, end - size - 1, end - farthest); at <= end; at++) {
    const score: Score = { indent: 0, penalty: 0 };
    addSplit(score, lines, at);
    addSplit(score, lines, at - size);
    if (best === -1 || 60 * Math.sign(score.indent - least.indent) + score.penalty - least.penalty <= 0)
      [best, least] = [at, score];
  }
  return best;
}

interface Score {
  indent: number;
  penalty: number;
}

/** -1 for a blank line. */
function indentOf(line: string): number {
  let indent = 0;
  for (const ch of line) {
    if (ch === ' ') indent++;
    else if (ch === '\t') indent += 8 - (indent % 8);
    else if (!/\s/.test(ch)) return indent;
    if (indent >= 200) return 200;
  }
  return -1;
}

/** The first line with an indentation, and the blank ones before it. */
function nearest(lines: readonly string[], from: number, step: number): { indent: number; blank: number } {
  let blank = 0;
  for (let i = from; i >= 0 && i < lines.length; i += step) {
    const indent = indentOf(lines[i]!);
    if (indent !== -1) return { indent, blank };
    if (++blank === 20) return { indent: 0, blank };
  }
  return { indent: -1, blank };
}

/** How bad it is to cut before a line: the weights are git's, found by experiment with many repositories. */
function addSplit(score: Score, lines: readonly string[], at: number): void {
  const atEnd = at >= lines.length;
  const own = atEnd ? -1 : indentOf(lines[at]!);
  const before = nearest(lines, at - 1, -1);
  const after = nearest(lines, at + 1, 1);
  if (before.indent === -1 && before.blank === 0) score.penalty += 1;
  if (atEnd) score.penalty += 21;
  const blankAfter = own === -1 ? 1 + after.blank : 0;
  const blank = before.blank + blankAfter;
  score.penalty += -30 * blank + 6 * blankAfter;
  const indent = own !== -1 ? own : after.indent;
  score.indent += indent;
  if (indent === -1 || before.indent === -1 || indent === before.indent) return;
  if (indent > before.indent) score.penalty += blank ? 10 : -4;
  else if (after.indent !== -1 && after.indent > indent) score.penalty += blank ? 17 : 24;
  else score.penalty += blank ? 17 : 23;
}
