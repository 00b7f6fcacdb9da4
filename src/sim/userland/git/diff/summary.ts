/** Changes counted: --stat, --shortstat, --numstat, --summary, --name-only, --raw. */
import { encodeText } from '../../core/bytes.ts';
import type { Git } from '../git.ts';
import { quotePath } from '../paths.ts';
import { shortId } from '../revision.ts';
import { noId } from '../store/objects.ts';
import type { FileChange } from './changes.ts';
import { changesBetween, isBinary, linesOf, mode } from './patch.ts';
import { percent, similarity } from './renames.ts';

export interface Counted {
  change: FileChange;
  name: string;
  added: number;
  removed: number;
  binary: boolean;
  unmerged: boolean;
}

/** `{old => new}` in the part of two paths that differs. */
export function renameText(from: string, to: string): string {
  if (quotePath(from) !== from || quotePath(to) !== to) return `${quotePath(from)} => ${quotePath(to)}`;
  let head = 0;
  for (let i = 0; i < from.length && i < to.length && from[i] === to[i]; i++) if (from[i] === '/') head = i + 1;
  let tail = 0;
  const most = Math.min(from.length, to.length) - Math.max(0, head - 1);
  for (let i = 1; i <= most && from.at(-i) === to.at(-i); i++) if (from.at(-i) === '/') tail = i;
  if (head === 0 && tail === 0) return `${from} => ${to}`;
  const middle = (path: string) => path.slice(head, Math.max(head, path.length - tail));
  return `${from.slice(0, head)}{${middle(from)} => ${middle(to)}}${from.slice(from.length - tail)}`;
}

export function count(change: FileChange, key: ((line: string) => string) | undefined, cut = 0): Counted {
  const { old, new: now, status } = change;
  const name =
    old.path === now.path ? quotePath(now.path.slice(cut)) : renameText(old.path.slice(cut), now.path.slice(cut));
  const base = { change, name, added: 0, removed: 0, binary: false, unmerged: status === 'U' };
  if (old.id === now.id && old.id !== '') return base;
  const [a, b] = [old.bytes(), now.bytes()];
  if (isBinary(a) || isBinary(b)) return { ...base, binary: true, added: b.length, removed: a.length };
  for (const one of changesBetween(linesOf(a), linesOf(b), key)) {
    base.removed += one.aEnd - one.a;
    base.added += one.bEnd - one.b;
  }
  return base;
}

const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export function shortStat(list: readonly Counted[]): string {
  const text = list.filter(({ binary, unmerged }) => !binary && !unmerged);
  const added = text.reduce((sum, one) => sum + one.added, 0);
  const removed = text.reduce((sum, one) => sum + one.removed, 0);
  const files = list.filter(({ unmerged }) => !unmerged).length;
  let out = ` ${plural(files, 'file')} changed`;
  if (files === 0) return ' 0 files changed\n';
  if (added > 0 || removed === 0) out += `, ${plural(added, 'insertion')}(+)`;
  if (removed > 0 || added === 0) out += `, ${plural(removed, 'deletion')}(-)`;
  return `${out}\n`;
}

/** So many of `width` as it is of `most`; at least one. */
const scaled = (it: number, width: number, most: number): number =>
  it === 0 ? 0 : 1 + Math.floor((it * (width - 1)) / most);

/** Widths as diff.c's show_stats finds them. */
export function statText(
  git: Git,
  list: readonly Counted[],
  width: number,
  nameLimit?: number,
  graphLimit?: number,
): string {
  if (list.length === 0) return '';
  const longest = Math.max(...list.map(({ name }) => name.length));
  const most = Math.max(0, ...list.map(({ added, removed, binary }) => (binary ? 0 : added + removed)));
  const binary = Math.max(
    0,
    ...list.filter((one) => one.binary).map(({ added, removed }) => `Bin ${removed} -> ${added} bytes`.length),
  );
  const numberWidth = Math.max(String(most).length, list.some((one) => one.binary) ? 3 : 0);
  let graph = most;
  const least = 6 + numberWidth;
  width = Math.max(width, 16 + least);
  if (graphLimit && graphLimit < graph) graph = graphLimit;
  let nameWidth = nameLimit ? Math.min(nameLimit, longest) : longest;
  const binaryGraph = binary > 0 ? Math.max(0, binary - numberWidth - 1 + 0) : 0;
  void binaryGraph;
  if (nameWidth + numberWidth + 6 + graph > width) {
    const limit = Math.floor((width * 3) / 8) - numberWidth - 6;
    if (graph > limit) graph = Math.max(6, limit);
    if (graphLimit && graph > graphLimit) graph = graphLimit;
    if (nameWidth > width - numberWidth - 6 - graph) nameWidth = width - numberWidth - 6 - graph;
    else graph = width - numberWidth - 6 - nameWidth;
  }
  return list.map((one) => statLine(git, one, nameWidth, numberWidth, graph, most)).join('');
}

function statLine(git: Git, one: Counted, nameWidth: number, numberWidth: number, graph: number, most: number): string {
  let { name } = one;
  let head = '';
  if (name.length > nameWidth) {
    head = '...';
    name = name.slice(name.length - Math.max(0, nameWidth - 3));
    const slash = name.indexOf('/');
    if (slash >= 0) name = name.slice(slash);
  }
  const start = encodeText(` ${(head + name).padEnd(nameWidth)} |`);
  if (one.unmerged) return `${start} Unmerged\n`;
  if (one.binary) {
    const { added, removed } = one;
    const sizes =
      added === removed && added === 0
        ? ''
        : ` ${git.paint('diff.old', String(removed))} -> ${git.paint('diff.new', String(added))} bytes`;
    return `${start} ${'Bin'.padStart(numberWidth)}${sizes}\n`;
  }
  const total = one.added + one.removed;
  let [plus, minus] = [one.added, one.removed];
  if (graph < most && total > 0) {
    const all = Math.max(scaled(total, graph, most), plus && minus ? 2 : 0);
    if (plus < minus) {
      plus = scaled(plus, graph, most);
      minus = all - plus;
    } else {
      minus = scaled(minus, graph, most);
      plus = all - minus;
    }
  }
  const bar = git.paint('diff.new', '+'.repeat(plus)) + git.paint('diff.old', '-'.repeat(minus));
  return `${start} ${String(total).padStart(numberWidth)}${bar ? ` ${bar}` : ''}\n`;
}

export const numStat = (list: readonly Counted[]): string =>
  list
    .map(
      ({ added, removed, name, binary }) => `${binary ? '-' : added}\t${binary ? '-' : removed}\t${encodeText(name)}\n`,
    )
    .join('');

/** Files that came, went, moved or changed their mode. */
export function summaryText(changes: readonly FileChange[]): string {
  return encodeText(changes.map(summaryLine).join(''));
}

function summaryLine({ status, old, new: now, score }: FileChange): string {
  if (status === 'A') return ` create mode ${mode(now.mode)} ${quotePath(now.path)}\n`;
  if (status === 'D') return ` delete mode ${mode(old.mode)} ${quotePath(old.path)}\n`;
  const changed = old.mode !== now.mode;
  const modes = changed ? ` mode change ${mode(old.mode)} => ${mode(now.mode)}` : '';
  if (status === 'R' || status === 'C') {
    const head = ` ${status === 'R' ? 'rename' : 'copy'} ${renameText(old.path, now.path)} (${percent(score!)}%)\n`;
    return head + (changed ? `${modes}\n` : '');
  }
  return changed && status !== 'U' ? `${modes} ${quotePath(now.path)}\n` : '';
}

export const nameLines = (changes: readonly FileChange[], cut: number, end: string): string =>
  changes
    .map(({ new: now }) => encodeText((end === '\n' ? quotePath(now.path.slice(cut)) : now.path.slice(cut)) + end))
    .join('');

/** With a NUL between what a tab and what a newline would stand between. */
export function statusLines(changes: readonly FileChange[], cut: number, end: string): string {
  const tab = end === '\n' ? '\t' : '\0';
  const name = (path: string) => (end === '\n' ? quotePath(path.slice(cut)) : path.slice(cut));
  return encodeText(
    changes
      .map(({ status, old, new: now, score }) => {
        const letter = score === undefined ? status : status + String(percent(score)).padStart(3, '0');
        return `${letter}${tab}${score === undefined ? '' : name(old.path) + tab}${name(now.path)}${end}`;
      })
      .join(''),
  );
}

/** `unknown`: the work tree's ids are not given. */
export function rawLines(
  git: Git,
  changes: readonly FileChange[],
  full: boolean,
  unknown: boolean,
  cut: number,
): string {
  return changes
    .map(({ status, old, new: now, score }) => {
      const id = (one: string) => (full ? one || noId : one ? shortId(git, one) : '0000000');
      const letter = score === undefined ? status : status + String(percent(score)).padStart(3, '0');
      const paths =
        score === undefined
          ? quotePath(now.path.slice(cut))
          : `${quotePath(old.path.slice(cut))}\t${quotePath(now.path.slice(cut))}`;
      return encodeText(
        `:${mode(old.mode)} ${mode(now.mode)} ${id(old.id)} ${id(unknown ? '' : now.id)} ${letter}\t${paths}\n`,
      );
    })
    .join('');
}

export { similarity };
