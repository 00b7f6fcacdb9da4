/** Files that were removed here and added there, taken for one: by the same content, or by much of it. */
import { toBinary } from '../../core/bytes.ts';
import { linkMode, moduleMode } from '../store/commit.ts';
import type { FileChange, Side } from './changes.ts';

const most = 60000;
const least = most / 2;

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isFile = ({ mode }: Side): boolean => mode !== linkMode && mode !== moduleMode;

interface Pair {
  from: FileChange;
  to: FileChange;
  score: number;
}

/** `threshold`: how alike two must be, of 60000. */
export function withRenames(changes: readonly FileChange[], threshold = least): FileChange[] {
  const gone = changes.filter(({ status }) => status === 'D');
  const made = changes.filter(({ status }) => status === 'A');
  if (gone.length === 0 || made.length === 0) return [...changes];
  const taken = new Map<FileChange, Pair>();
  const used = new Set<FileChange>();
  const take = (pair: Pair): void => {
    if (taken.has(pair.to) || used.has(pair.from)) return;
    taken.set(pair.to, pair);
    used.add(pair.from);
  };
  for (const to of made) {
    const same = gone.filter(
      (from) => !used.has(from) && from.old.id === to.new.id && isFile(from.old) === isFile(to.new),
    );
    const from = same.find((one) => baseOf(one.old.path) === baseOf(to.new.path)) ?? same[0];
    if (from) take({ from, to, score: most });
  }
  const pairs = alike(
    gone.filter((one) => !used.has(one)),
    made.filter((one) => !taken.has(one)),
    threshold,
  );
  for (const pair of pairs) take(pair);
  return changes
    .filter((one) => !used.has(one))
    .map((one) => {
      const pair = taken.get(one);
      return pair ? { status: 'R', old: pair.from.old, new: one.new, score: pair.score } : one;
    });
}

function alike(gone: readonly FileChange[], made: readonly FileChange[], threshold: number): Pair[] {
  const chunks = new Map<Side, Map<string, number>>();
  const of = (side: Side) => chunks.get(side) ?? chunks.set(side, chunkSizes(side.bytes())).get(side)!;
  const pairs: Pair[] = [];
  for (const to of made) {
    for (const from of gone) {
      if (!isFile(from.old) || !isFile(to.new)) continue;
      const score = likeness(from.old.bytes(), to.new.bytes(), () => [of(from.old), of(to.new)], threshold);
      if (score >= threshold) pairs.push({ from, to, score });
    }
  }
  const named = ({ from, to }: Pair) => (baseOf(from.old.path) === baseOf(to.new.path) ? 1 : 0);
  return pairs.sort((a, b) => b.score - a.score || named(b) - named(a));
}

/** How much of the old file is in the new one, against the larger of both. */
function likeness(
  old: Uint8Array,
  now: Uint8Array,
  chunks: () => [Map<string, number>, Map<string, number>],
  threshold: number,
): number {
  const [small, large] = [Math.min(old.length, now.length), Math.max(old.length, now.length)];
  if (large === 0 || large * (most - threshold) < (large - small) * most) return 0;
  const [a, b] = chunks();
  let copied = 0;
  for (const [key, size] of a) copied += Math.min(size, b.get(key) ?? 0);
  return Math.floor((copied * most) / large);
}

/** Bytes by line, or by 64 bytes of a longer one. */
function chunkSizes(bytes: Uint8Array): Map<string, number> {
  const out = new Map<string, number>();
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.subarray(at, at + 64).indexOf(10);
    const end = newline < 0 ? Math.min(at + 64, bytes.length) : at + newline + 1;
    const key = toBinary(bytes.subarray(at, end));
    out.set(key, (out.get(key) ?? 0) + end - at);
    at = end;
  }
  return out;
}

/** How alike two files are that have the same path or not, as the similarity index in per cent. */
export const percent = (score: number): number => Math.floor((score * 100) / most);

export const similarity = (a: Uint8Array, b: Uint8Array): number =>
  likeness(a, b, () => [chunkSizes(a), chunkSizes(b)], 0);
