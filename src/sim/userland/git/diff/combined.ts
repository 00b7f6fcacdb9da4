/** A file of a merge against all its parents at once (`diff --cc`). */
import { encodeText } from '../../core/bytes.ts';
import type { Git } from '../git.ts';
import { quotePath } from '../paths.ts';
import { shortId, treeOf } from '../revision.ts';
import { type Commit, filesOf } from '../store/commit.ts';
import type { PathSet } from '../work/pathspec.ts';
import { changesBetween, isBinary, type Lines, linesOf, mode } from './patch.ts';

export interface CombinedSide {
  mode: number;
  id: string;
  bytes: Uint8Array;
}

/** Only files that differ from every parent. */
export function combinedPatch(git: Git, commit: Commit, paths: PathSet | undefined): string {
  const { objects } = git.repo;
  const now = filesOf(objects, commit.tree);
  const before = commit.parents.map((id) => filesOf(objects, treeOf(git, id)));
  let out = '';
  for (const [path, file] of [...now].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (paths && !paths.matches(path)) continue;
    const olds = before.map((files) => files.get(path));
    if (olds.some((old) => old && old.id === file.id && old.mode === file.mode)) continue;
    const side = (one: { mode: number; id: string } | undefined): CombinedSide =>
      one ? { ...one, bytes: objects.need(one.id) } : { mode: 0, id: '', bytes: new Uint8Array() };
    out += combinedFile(git, path, side(file), olds.map(side), true);
  }
  return out;
}

/** One line of the result or, before it, of a parent that lost it. */
interface Row {
  /** A sign per parent. */
  signs: string;
  text: string;
  /** Its number in the result; of a lost line, that of the next one. */
  at: number;
  lost: boolean;
}

export function combinedFile(
  git: Git,
  path: string,
  now: CombinedSide,
  olds: readonly CombinedSide[],
  committed: boolean,
): string {
  const name = encodeText(quotePath(path));
  const ids = olds.map(({ id }) => (id ? shortId(git, id) : '0000000')).join(',');
  const head = [`diff --cc ${name}`, `index ${ids}..${committed ? shortId(git, now.id) : '0000000'}`];
  const added = olds.every(({ mode }) => mode === 0);
  if (added) head.push(`new file mode ${mode(now.mode)}`);
  else if (olds.some((old) => old.mode && old.mode !== now.mode))
    head.push(`mode ${olds.map((old) => mode(old.mode)).join(',')}..${mode(now.mode)}`);
  const paint = (line: string) => `${git.paint('diff.meta', line)}\n`;
  if ([now, ...olds].some(({ bytes }) => isBinary(bytes))) return `${head.map(paint).join('')}Binary files differ\n`;
  const lines = linesOf(now.bytes);
  const rows = rowsOf(
    lines,
    olds.map(({ bytes }) => linesOf(bytes)),
  );
  const body = hunks(
    git,
    rows,
    lines,
    olds.map(({ bytes }) => linesOf(bytes)),
  );
  if (body === '' && committed && head.length === 2) return '';
  if (body !== '') head.push(`--- ${added ? '/dev/null' : `a/${name}`}`, `+++ b/${name}`);
  return head.map(paint).join('') + body;
}

function rowsOf(now: Lines, olds: readonly Lines[]): Row[] {
  const plus = now.lines.map(() => olds.map(() => ' '));
  const lost = new Map<number, { text: string; signs: string[] }[]>();
  olds.forEach((old, parent) => {
    for (const { a, aEnd, b, bEnd } of changesBetween(old, now)) {
      for (let i = b; i < bEnd; i++) plus[i]![parent] = '+';
      const list = lost.get(b) ?? [];
      let from = 0;
      for (const text of old.lines.slice(a, aEnd)) {
        // The same line lost by another parent is one row.
        const at = list.findIndex((one, i) => i >= from && one.text === text && one.signs[parent] === ' ');
        if (at >= 0) {
          list[at]!.signs[parent] = '-';
          from = at + 1;
        } else
          list.splice(parent === 0 ? list.length : Math.max(from, list.length), 0, {
            text,
            signs: olds.map((_, i) => (i === parent ? '-' : ' ')),
          });
      }
      lost.set(b, list);
    }
  });
  const rows: Row[] = [];
  for (let i = 0; i <= now.lines.length; i++) {
    for (const { text, signs } of lost.get(i) ?? []) rows.push({ signs: signs.join(''), text, at: i, lost: true });
    if (i < now.lines.length) rows.push({ signs: plus[i]!.join(''), text: now.lines[i]!, at: i, lost: false });
  }
  return rows;
}

/** A group of rows is of interest when no parent alone explains it. */
function interesting(rows: readonly Row[], parents: number): boolean {
  const seen = new Set<string>();
  for (const { signs } of rows) for (let i = 0; i < parents; i++) if (signs[i] !== ' ') seen.add(String(i));
  if (seen.size < parents) return false;
  const patterns = new Set(rows.filter(({ signs }) => signs.trim() !== '').map(({ signs }) => signs));
  return patterns.size > 1 || ![...patterns].every((signs) => signs.includes(' '));
}

const context = 3;

function hunks(git: Git, rows: readonly Row[], now: Lines, olds: readonly Lines[]): string {
  const parents = olds.length;
  const changed = rows.map(({ signs }) => signs.trim() !== '');
  const groups: [number, number][] = [];
  for (let i = 0; i < rows.length; i++) {
    if (!changed[i]) continue;
    const last = groups.at(-1);
    if (last && i - last[1] <= context) last[1] = i + 1;
    else groups.push([i, i + 1]);
  }
  const wanted = groups.filter(([from, to]) => interesting(rows.slice(from, to), parents));
  const windows: [number, number][] = [];
  for (const [from, to] of wanted) {
    const [start, end] = [Math.max(0, from - context), Math.min(rows.length, to + context)];
    const last = windows.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else windows.push([start, end]);
  }
  return windows.map(([from, to]) => hunk(git, rows, from, to, parents, now)).join('');
}

function hunk(git: Git, rows: readonly Row[], from: number, to: number, parents: number, now: Lines): string {
  const marks = '@'.repeat(parents + 1);
  const part = rows.slice(from, to);
  const before = rows.slice(0, from);
  const ranges = Array.from({ length: parents }, (_, i) => {
    const own = (row: Row) => (row.lost ? row.signs[i] === '-' : row.signs[i] === ' ');
    const [start, size] = [before.filter(own).length, part.filter(own).length];
    return `-${size === 0 ? start : start + 1},${size}`;
  });
  const [start, size] = [before.filter((row) => !row.lost).length, part.filter((row) => !row.lost).length];
  const head = `${marks} ${ranges.join(' ')} +${size === 0 ? start : start + 1},${size} ${marks}`;
  const title = headingOf(now.lines, start - 1);
  const slot = (row: Row) =>
    row.signs.includes('-') ? 'diff.old' : row.signs.includes('+') ? 'diff.new' : 'diff.context';
  const lines = part.map((row) => `${git.paint(slot(row), row.signs + row.text)}\n`).join('');
  return `${git.paint('diff.frag', head)}${title}\n${lines}`;
}

function headingOf(lines: readonly string[], from: number): string {
  for (let i = from; i >= 0; i--) if (/^[A-Za-z_$]/.test(lines[i]!)) return ` ${lines[i]!.slice(0, 40).trimEnd()}`;
  return '';
}
