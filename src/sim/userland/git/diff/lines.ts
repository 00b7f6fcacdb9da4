/**
 * The difference of two files by lines, as git finds it: Myers' algorithm in linear space (both ways from the ends to
 * the middle), lines without a partner set aside before, groups slid afterwards to where people expect them.
 *
 * The `diff` package finds other, equally short differences; the texts would not be git's.
 */
import { compact } from './compact.ts';

/** Lines [a, aEnd) of the old file become lines [b, bEnd) of the new one; 0-based. */
export interface Change {
  a: number;
  aEnd: number;
  b: number;
  bEnd: number;
}

/** One file: what is compared of each line, and which lines are changed. */
export interface Marks {
  keys: readonly string[];
  changed: boolean[];
}

export function lineChanges(left: readonly string[], right: readonly string[]): Change[] {
  const a: Marks = { keys: left, changed: left.map(() => false) };
  const b: Marks = { keys: right, changed: right.map(() => false) };
  mark(a, b);
  compact(a, b);
  compact(b, a);
  return changesOf(a.changed, b.changed);
}

function changesOf(a: readonly boolean[], b: readonly boolean[]): Change[] {
  const out: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [from, other] = [i, j];
    while (a[i]) i++;
    while (b[j]) j++;
    if (i > from || j > other) out.push({ a: from, aEnd: i, b: other, bEnd: j });
    else [i, j] = [i + 1, j + 1];
  }
  return out;
}

function mark(a: Marks, b: Marks): void {
  const [n, m] = [a.keys.length, b.keys.length];
  let start = 0;
  while (start < n && start < m && a.keys[start] === b.keys[start]) start++;
  let tail = 0;
  while (tail < n - start && tail < m - start && a.keys[n - 1 - tail] === b.keys[m - 1 - tail]) tail++;
  const one = kept(a, b, start, n - tail);
  const two = kept(b, a, start, m - tail);
  new Search(a, b, one, two).compare(0, one.length, 0, two.length, false);
}

/** A power of two near the square root. */
function roughRoot(n: number): number {
  let root = 1;
  for (let left = n; left > 0; left >>= 2) root <<= 1;
  return root;
}

const mostOften = 1024;
const window = 100;
const run = 4;

/** Lines worth comparing; what has no partner, or far too many among such lines, is changed anyway. */
function kept(own: Marks, other: Marks, start: number, end: number): number[] {
  const counts = new Map<string, number>();
  for (const key of other.keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const limit = Math.min(roughRoot(own.keys.length), mostOften);
  const rank = own.keys.map((key) => {
    const count = counts.get(key) ?? 0;
    return count === 0 ? 0 : count >= limit ? 2 : 1;
  });
  const out: number[] = [];
  for (let i = start; i < end; i++) {
    if (rank[i] === 1 || (rank[i] === 2 && !drowned(rank, i, start, end - 1))) out.push(i);
    else own.changed[i] = true;
  }
  return out;
}

/** A frequent line among lines without partners. */
function drowned(rank: readonly number[], at: number, start: number, end: number): boolean {
  const count = (step: number, limit: number): [alone: number, often: number] => {
    let [alone, often] = [0, 1];
    for (let i = at + step; step < 0 ? i >= limit : i <= limit; i += step) {
      if (rank[i] === 0) alone++;
      else if (rank[i] === 2) often++;
      else break;
    }
    return [alone, often];
  };
  const [alone0, often0] = count(-1, Math.max(start, at - window));
  if (alone0 === 0) return false;
  const [alone1, often1] = count(1, Math.min(end, at + window));
  if (alone1 === 0) return false;
  return (often0 + often1) * run < often0 + often1 + alone0 + alone1;
}

const leastCost = 256;

class Search {
  private readonly forward = new Map<number, number>();
  private readonly backward = new Map<number, number>();
  private readonly most: number;

  constructor(
    private readonly a: Marks,
    private readonly b: Marks,
    private readonly one: readonly number[],
    private readonly two: readonly number[],
  ) {
    this.most = Math.max(roughRoot(one.length + two.length + 3), leastCost);
  }

  private same(i: number, j: number): boolean {
    return this.a.keys[this.one[i]!] === this.b.keys[this.two[j]!];
  }

  compare(from1: number, to1: number, from2: number, to2: number, minimal: boolean): void {
    let [i, iEnd, j, jEnd] = [from1, to1, from2, to2];
    while (i < iEnd && j < jEnd && this.same(i, j)) [i, j] = [i + 1, j + 1];
    while (i < iEnd && j < jEnd && this.same(iEnd - 1, jEnd - 1)) [iEnd, jEnd] = [iEnd - 1, jEnd - 1];
    if (i === iEnd) for (; j < jEnd; j++) this.b.changed[this.two[j]!] = true;
    else if (j === jEnd) for (; i < iEnd; i++) this.a.changed[this.one[i]!] = true;
    else {
      const split = this.split(i, iEnd, j, jEnd, minimal);
      this.compare(i, split.i, j, split.j, split.minimalLow);
      this.compare(split.i, iEnd, split.j, jEnd, split.minimalHigh);
    }
  }

  /** Where the way from the start and the way from the end meet. Long, as it is one loop over shared bounds. */
  private split(off1: number, lim1: number, off2: number, lim2: number, minimal: boolean) {
    const { forward, backward } = this;
    const [least, greatest] = [off1 - lim2, lim1 - off2];
    const [fmid, bmid] = [off1 - off2, lim1 - lim2];
    const odd = ((fmid - bmid) & 1) !== 0;
    let [fmin, fmax, bmin, bmax] = [fmid, fmid, bmid, bmid];
    forward.set(fmid, off1);
    backward.set(bmid, lim1);
    for (let cost = 1; ; cost++) {
      if (fmin > least) forward.set(--fmin - 1, -1);
      else fmin++;
      if (fmax < greatest) forward.set(++fmax + 1, -1);
      else fmax--;
      for (let d = fmax; d >= fmin; d -= 2) {
        const [below, above] = [forward.get(d - 1)!, forward.get(d + 1)!];
        let i = below >= above ? below + 1 : above;
        while (i < lim1 && i - d < lim2 && this.same(i, i - d)) i++;
        forward.set(d, i);
        if (odd && bmin <= d && d <= bmax && backward.get(d)! <= i)
          return { i, j: i - d, minimalLow: true, minimalHigh: true };
      }
      if (bmin > least) backward.set(--bmin - 1, Number.MAX_SAFE_INTEGER);
      else bmin++;
      if (bmax < greatest) backward.set(++bmax + 1, Number.MAX_SAFE_INTEGER);
      else bmax--;
      for (let d = bmax; d >= bmin; d -= 2) {
        const [below, above] = [backward.get(d - 1)!, backward.get(d + 1)!];
        let i = below < above ? below : above - 1;
        while (i > off1 && i - d > off2 && this.same(i - 1, i - d - 1)) i--;
        backward.set(d, i);
        if (!odd && fmin <= d && d <= fmax && i <= forward.get(d)!)
          return { i, j: i - d, minimalLow: true, minimalHigh: true };
      }
      if (!minimal && cost >= this.most) return this.furthest([fmin, fmax], [bmin, bmax], off1, lim1, off2, lim2);
    }
  }

  /** Too far apart: the way that came furthest decides. */
  private furthest(f: [number, number], b: [number, number], off1: number, lim1: number, off2: number, lim2: number) {
    let [best, bestI] = [-1, -1];
    for (let d = f[1]; d >= f[0]; d -= 2) {
      let i = Math.min(this.forward.get(d)!, lim1);
      if (lim2 < i - d) i = lim2 + d;
      if (best < i + i - d) [best, bestI] = [i + i - d, i];
    }
    let [back, backI] = [Number.MAX_SAFE_INTEGER, 0];
    for (let d = b[1]; d >= b[0]; d -= 2) {
      let i = Math.max(off1, this.backward.get(d)!);
      if (i - d < off2) i = off2 + d;
      if (i + i - d < back) [back, backI] = [i + i - d, i];
    }
    if (lim1 + lim2 - back < best - (off1 + off2))
      return { i: bestI, j: best - bestI, minimalLow: true, minimalHigh: false };
    return { i: backI, j: back - backI, minimalLow: false, minimalHigh: true };
  }
}
