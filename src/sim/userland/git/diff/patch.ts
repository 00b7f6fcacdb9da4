/** Changes as a patch. */
import { encodeText, toBinary } from '../../core/bytes.ts';
import type { Git } from '../git.ts';
import { quotePath } from '../paths.ts';
import { shortId } from '../revision.ts';
import { noId } from '../store/objects.ts';
import type { FileChange, Side } from './changes.ts';
import { type Change, lineChanges } from './lines.ts';
import { percent } from './renames.ts';

export interface PatchRules {
  context: number;
  /** What is compared of a line. */
  key(line: string): string;
  text: boolean;
  fullIndex: boolean;
  prefixes: readonly [string, string];
  /** Paths are written relative to this directory. */
  cut: number;
  interHunk: number;
  /** Words in place of lines. */
  words?: boolean;
}

export const plainRules: PatchRules = {
  context: 3,
  key: (line) => line,
  text: false,
  fullIndex: false,
  prefixes: ['a/', 'b/'],
  cut: 0,
  interHunk: 0,
};

export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8000).includes(0);

export interface Lines {
  lines: string[];
  /** The last line has no newline. */
  open: boolean;
}

export function linesOf(bytes: Uint8Array): Lines {
  const lines = toBinary(bytes).split('\n');
  const open = lines.at(-1) !== '';
  if (!open) lines.pop();
  return { lines, open };
}

export function changesBetween(a: Lines, b: Lines, key: (line: string) => string = (line) => line): Change[] {
  const keys = ({ lines, open }: Lines) =>
    lines.map((line, i) => key(line) + (open && i === lines.length - 1 && key === plainRules.key ? '\0' : ''));
  return lineChanges(keys(a), keys(b));
}

export function mode(value: number): string {
  return value.toString(8).padStart(6, '0');
}

/** Binary string, with colours where `git` has them on. */
export function patchText(git: Git, change: FileChange, rules: PatchRules): string {
  if (change.status === 'U') return `${git.paint('diff.meta', encodeText(`* Unmerged path ${change.new.path}`))}\n`;
  if (change.status === 'T') {
    const none = (side: Side): Side => ({ ...side, mode: 0, id: '', bytes: () => new Uint8Array() });
    const gone = patchText(git, { status: 'D', old: change.old, new: none(change.new) }, rules);
    return gone + patchText(git, { status: 'A', old: none(change.old), new: change.new }, rules);
  }
  const body = bodyOf(git, change, rules);
  const same = change.old.mode === change.new.mode && change.status === 'M';
  if (body === undefined && same) return '';
  return headText(git, change, rules, body) + (body ?? '');
}

function names(change: FileChange, { prefixes, cut }: PatchRules): [string, string] {
  const name = (prefix: string, path: string) => encodeText(quotePath(prefix + path.slice(cut)));
  return [name(prefixes[0], change.old.path), name(prefixes[1], change.new.path)];
}

function headText(git: Git, change: FileChange, rules: PatchRules, body: string | undefined): string {
  const { old, new: now, status, score } = change;
  const [a, b] = names(change, rules);
  const lines = [`diff --git ${a} ${b}`];
  if (status === 'A') lines.push(`new file mode ${mode(now.mode)}`);
  else if (status === 'D') lines.push(`deleted file mode ${mode(old.mode)}`);
  else if (old.mode !== now.mode) lines.push(`old mode ${mode(old.mode)}`, `new mode ${mode(now.mode)}`);
  if (score !== undefined) {
    const verb = status === 'R' ? 'rename' : 'copy';
    lines.push(`similarity index ${percent(score)}%`);
    lines.push(
      `${verb} from ${encodeText(quotePath(old.path.slice(rules.cut)))}`,
      `${verb} to ${encodeText(quotePath(now.path.slice(rules.cut)))}`,
    );
  }
  if (old.id !== now.id) {
    const short = (id: string) => (rules.fullIndex ? id || noId : id ? shortOf(git, id) : '0'.repeat(7));
    lines.push(`index ${short(old.id)}..${short(now.id)}${old.mode === now.mode ? ` ${mode(old.mode)}` : ''}`);
  }
  if (body?.includes('@@')) {
    const named = (name: string) => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);
    lines.push(`--- ${old.mode ? named(a) : '/dev/null'}`, `+++ ${now.mode ? named(b) : '/dev/null'}`);
  }
  return lines.map((line) => `${git.paint('diff.meta', line)}\n`).join('');
}

/** A file's id may not be in the database yet: the digits are what counts. */
const shortOf = (git: Git, id: string): string => shortId(git, id);

/** Undefined: no line differs. */
function bodyOf(git: Git, change: FileChange, rules: PatchRules): string | undefined {
  const { old, new: now } = change;
  if (old.id === now.id && old.id !== '') return undefined;
  const [left, right] = [old.bytes(), now.bytes()];
  if (!rules.text && (isBinary(left) || isBinary(right))) {
    const [a, b] = names(change, rules);
    return `Binary files ${old.mode ? a : '/dev/null'} and ${now.mode ? b : '/dev/null'} differ\n`;
  }
  const [a, b] = [linesOf(left), linesOf(right)];
  const list = changesBetween(a, b, rules.key);
  return list.length === 0 ? undefined : hunks(git, a, b, list, rules);
}

interface Hunk {
  changes: Change[];
  a: number;
  aEnd: number;
  b: number;
  bEnd: number;
}

export function hunksOf(a: Lines, b: Lines, list: readonly Change[], context: number, between = 0): Hunk[] {
  const out: Hunk[] = [];
  for (const change of list) {
    const last = out.at(-1);
    if (last && change.a - last.changes.at(-1)!.aEnd <= 2 * context + between) last.changes.push(change);
    else out.push({ changes: [change], a: 0, aEnd: 0, b: 0, bEnd: 0 });
  }
  for (const hunk of out) {
    const [first, last] = [hunk.changes[0]!, hunk.changes.at(-1)!];
    const before = Math.min(context, first.a, first.b);
    const after = Math.min(context, a.lines.length - last.aEnd, b.lines.length - last.bEnd);
    hunk.a = first.a - before;
    hunk.b = first.b - before;
    hunk.aEnd = last.aEnd + after;
    hunk.bEnd = last.bEnd + after;
  }
  return out;
}

const range = (from: number, end: number): string =>
  end - from === 1 ? `${end}` : `${end === from ? from : from + 1},${end - from}`;

/** The heading a hunk stands under: a line above it that begins with a letter. */
function heading(lines: readonly string[], from: number): string {
  for (let i = from; i >= 0; i--) if (/^[A-Za-z_$]/.test(lines[i]!)) return lines[i]!.slice(0, 80).trimEnd();
  return '';
}

function hunks(git: Git, a: Lines, b: Lines, list: readonly Change[], rules: PatchRules): string {
  let out = '';
  for (const hunk of hunksOf(a, b, list, rules.context, rules.interHunk)) {
    const title = heading(a.lines, hunk.a - 1);
    const head = git.paint('diff.frag', `@@ -${range(hunk.a, hunk.aEnd)} +${range(hunk.b, hunk.bEnd)} @@`);
    out += `${head}${title ? ` ${git.paint('diff.func', title)}` : ''}\n${hunkLines(git, a, b, hunk)}`;
  }
  return out;
}

function hunkLines(git: Git, a: Lines, b: Lines, hunk: Hunk): string {
  let out = '';
  let [at, other] = [hunk.a, hunk.b];
  const put = (sign: string, side: Lines, i: number, slot: string) => {
    const end = side.open && i === side.lines.length - 1 ? '\n\\ No newline at end of file\n' : '\n';
    out += (slot === 'diff.new' ? added(git, side.lines[i]!) : git.paint(slot, sign + side.lines[i]!)) + end;
  };
  const context = (until: number) => {
    for (; at < until; at++, other++) put(' ', b, other, 'diff.context');
  };
  for (const { a: from, aEnd, bEnd } of hunk.changes) {
    context(from);
    for (; at < aEnd; at++) put('-', a, at, 'diff.old');
    for (; other < bEnd; other++) put('+', b, other, 'diff.new');
  }
  context(hunk.aEnd);
  return out;
}

/** An added line; in colours its sign stands apart, and blanks at its end show. */
function added(git: Git, line: string): string {
  if (!git.colored('ui')) return `+${line}`;
  const end = /[ \t\r]+$/.exec(line)?.[0] ?? '';
  const rest = line.slice(0, line.length - end.length);
  return git.paint('diff.new', '+') + git.paint('diff.new', rest) + (end ? `\x1b[41m${end}\x1b[m` : '');
}
