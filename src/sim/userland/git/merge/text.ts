/** Two changed versions of a text brought together, with marks where both changed the same lines. */
import { type Change, lineChanges } from '../diff/lines.ts';

export interface MergeLabels {
  ours: string;
  base: string;
  theirs: string;
}

export interface MergedText {
  /** With their newlines. */
  lines: string[];
  conflicts: number;
}

type Part =
  | { kind: 'ours' | 'theirs' | 'both'; a: number; aEnd: number; b: number; bEnd: number; o: number; oEnd: number }
  | { kind: 'conflict'; a: number; aEnd: number; b: number; bEnd: number; o: number; oEnd: number };

export type Favour = 'ours' | 'theirs' | 'union' | undefined;

/** `style`: merge, or diff3 with the base in between. */
export function mergeText(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  labels: MergeLabels,
  style: string,
  favour: Favour,
): MergedText {
  const same = (from: number, to: number, x: readonly string[], y: readonly string[], other: number): boolean => {
    for (let i = 0; i < to - from; i++) if (x[from + i] !== y[other + i]) return false;
    return true;
  };
  let parts = partsOf(lineChanges(base, ours), lineChanges(base, theirs)).map((part): Part => {
    const equal =
      part.kind === 'conflict' &&
      part.aEnd - part.a === part.bEnd - part.b &&
      same(part.a, part.aEnd, ours, theirs, part.b);
    return equal ? { ...part, kind: 'both' } : part;
  });
  if (style === 'merge')
    parts = joined(parts.flatMap((part) => (part.kind === 'conflict' ? refined(part, ours, theirs) : [part])));
  const out: string[] = [];
  let at = 0;
  let conflicts = 0;
  for (const part of parts) {
    out.push(...ours.slice(at, part.a));
    at = part.aEnd;
    if (part.kind === 'theirs') out.push(...theirs.slice(part.b, part.bEnd));
    else if (part.kind !== 'conflict') out.push(...ours.slice(part.a, part.aEnd));
    else if (favour) {
      if (favour !== 'theirs') out.push(...ours.slice(part.a, part.aEnd));
      if (favour !== 'ours') out.push(...theirs.slice(part.b, part.bEnd));
    } else {
      conflicts++;
      out.push(...marked(part, base, ours, theirs, labels, style));
    }
  }
  out.push(...ours.slice(at));
  return { lines: out, conflicts };
}

function marked(
  part: Part,
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  labels: MergeLabels,
  style: string,
): string[] {
  const closed = (lines: readonly string[]) => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  const middle = style === 'merge' ? [] : [`||||||| ${labels.base}\n`, ...closed(base.slice(part.o, part.oEnd))];
  return [
    `<<<<<<< ${labels.ours}\n`,
    ...closed(ours.slice(part.a, part.aEnd)),
    ...middle,
    '=======\n',
    ...closed(theirs.slice(part.b, part.bEnd)),
    `>>>>>>> ${labels.theirs}\n`,
  ];
}

/** Changes of either side in the base's order; those that touch are one. */
function partsOf(left: readonly Change[], right: readonly Change[]): Part[] {
  const out: Part[] = [];
  let [i, j] = [0, 0];
  // How far each side is from the base's line numbers.
  let [shiftA, shiftB] = [0, 0];
  while (i < left.length || j < right.length) {
    const [l, r] = [left[i], right[j]];
    if (l && (!r || l.aEnd < r.a)) {
      out.push({ kind: 'ours', o: l.a, oEnd: l.aEnd, a: l.b, aEnd: l.bEnd, b: l.a + shiftB, bEnd: l.aEnd + shiftB });
      shiftA = l.bEnd - l.aEnd;
      i++;
      continue;
    }
    if (r && (!l || r.aEnd < l.a)) {
      out.push({ kind: 'theirs', o: r.a, oEnd: r.aEnd, a: r.a + shiftA, aEnd: r.aEnd + shiftA, b: r.b, bEnd: r.bEnd });
      shiftB = r.bEnd - r.aEnd;
      j++;
      continue;
    }
    const o = Math.min(l!.a, r!.a);
    let oEnd = o;
    const [startA, startB] = [o + shiftA, o + shiftB];
    for (let more = true; more; ) {
      more = false;
      while (i < left.length && left[i]!.a <= Math.max(oEnd, o)) {
        oEnd = Math.max(oEnd, left[i]!.aEnd);
        shiftA = left[i]!.bEnd - left[i]!.aEnd;
        i++;
        more = true;
      }
      while (j < right.length && right[j]!.a <= Math.max(oEnd, o)) {
        oEnd = Math.max(oEnd, right[j]!.aEnd);
        shiftB = right[j]!.bEnd - right[j]!.aEnd;
        j++;
        more = true;
      }
    }
    out.push({ kind: 'conflict', o, oEnd, a: startA, aEnd: oEnd + shiftA, b: startB, bEnd: oEnd + shiftB });
  }
  return out;
}

/** Only where both sides' own texts differ. */
function refined(part: Part, ours: readonly string[], theirs: readonly string[]): Part[] {
  const [a, b] = [ours.slice(part.a, part.aEnd), theirs.slice(part.b, part.bEnd)];
  if (a.length === 0 || b.length === 0) return [part];
  const list = lineChanges(a, b);
  if (list.length === 0) return [{ ...part, kind: 'both' }];
  return list.map((one) => ({
    kind: 'conflict' as const,
    o: part.o,
    oEnd: part.oEnd,
    a: part.a + one.a,
    aEnd: part.a + one.aEnd,
    b: part.b + one.b,
    bEnd: part.b + one.bEnd,
  }));
}

const near = 3;

/** Conflicts with at most three lines between them read better as one. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last?.kind === 'conflict' && part.kind === 'conflict' && part.a - last.aEnd <= near) {
      last.aEnd = part.aEnd;
      last.bEnd = part.bEnd;
      last.oEnd = Math.max(last.oEnd, part.oEnd);
    } else out.push({ ...part });
  }
  return out;
}
