/** Prints changes as the options want them. */

import { toBinary } from '../../core/bytes.ts';
import type { Git } from '../git.ts';
import type { FileChange } from './changes.ts';
import type { DiffOptions, Output } from './options.ts';
import { changesBetween, linesOf, patchText } from './patch.ts';
import { withRenames } from './renames.ts';
import { count, nameLines, numStat, rawLines, shortStat, statText, statusLines, summaryText } from './summary.ts';

/** Reversed, with renames found, filtered: what is printed. */
export function refined(git: Git, changes: readonly FileChange[], o: DiffOptions): FileChange[] {
  let list = [...changes];
  if (o.reverse)
    list = list.map((one) => ({ ...one, old: one.new, new: one.old, status: flipped[one.status] ?? one.status }));
  if (o.wantsRenames()) list = withRenames(list, o.threshold);
  if (o.relative) list = list.filter(({ new: now }) => now.path.startsWith(git.repo.prefix));
  if (o.pickaxe) list = list.filter((one) => picked(one, o.pickaxe!));
  if (!o.filter) return list;
  const [wanted, without] = [o.filter.replace(/[^A-Z]/g, ''), o.filter.replace(/[^a-z]/g, '').toUpperCase()];
  return list.filter(({ status }) => (wanted === '' || wanted.includes(status)) && !without.includes(status));
}

const flipped: Partial<Record<FileChange['status'], FileChange['status']>> = { A: 'D', D: 'A' };

function picked({ old, new: now }: FileChange, { text, regexp }: { text: string; regexp: boolean }): boolean {
  const [a, b] = [old.bytes(), now.bytes()];
  if (!regexp) return toBinary(a).split(text).length !== toBinary(b).split(text).length;
  const pattern = new RegExp(text);
  const [left, right] = [linesOf(a), linesOf(b)];
  return changesBetween(left, right).some((one) =>
    [...left.lines.slice(one.a, one.aEnd), ...right.lines.slice(one.b, one.bEnd)].some((line) => pattern.test(line)),
  );
}

export interface PrintContext {
  /** What is printed when the options name nothing. */
  otherwise: Output;
  /** The new side is the work tree: --raw has no ids of it. */
  unknown?: boolean;
}

export async function printChanges(
  git: Git,
  list: readonly FileChange[],
  o: DiffOptions,
  context: PrintContext,
): Promise<void> {
  const outputs = o.outputs.size > 0 ? o.outputs : new Set([context.otherwise]);
  if (outputs.has('none') || o.quiet) return;
  const cut = o.relative ? git.repo.prefix.length : 0;
  const end = o.zero ? '\0' : '\n';
  const raw = (text: string) => git.c.raw(text);
  const counted = ['stat', 'shortstat', 'numstat'].some((one) => outputs.has(one as Output))
    ? list.map((one) => count(one, o.rules.key, cut))
    : [];
  if (outputs.has('raw')) raw(rawLines(git, list, false, context.unknown ?? false, cut));
  if (outputs.has('numstat')) raw(numStat(counted));
  if (outputs.has('stat')) raw(statText(git, counted, o.statWidth ?? terminalWidth(git)));
  if (list.length > 0 && (outputs.has('stat') || outputs.has('shortstat'))) raw(shortStat(counted));
  if (outputs.has('summary')) raw(summaryText(list));
  if (outputs.has('name-only')) raw(nameLines(list, cut, end));
  else if (outputs.has('name-status')) raw(statusLines(list, cut, end));
  if (!outputs.has('patch')) return;
  if (outputs.size > 1 && list.length > 0) raw('\n');
  for (const one of list) {
    const [a, b] = o.rules.prefixes;
    raw(patchText(git, one, { ...o.rules, cut, prefixes: o.reverse ? [b, a] : [a, b] }));
    await git.drain();
  }
}

export function terminalWidth(git: Git): number {
  const given = Number(git.sys.env.COLUMNS ?? 0);
  if (given > 0) return given;
  return git.sys.isatty(1) ? git.sys.winsize(1).columns || 80 : 80;
}
