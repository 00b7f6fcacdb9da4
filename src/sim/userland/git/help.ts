/** What git says of itself. */

import { commands } from './command/table.ts';
import type { Git } from './git.ts';
import usages from './git-usage.json' with { type: 'json' };
import { Fatal } from './problem.ts';

export const generalUsage: string = usages.git;

export const usageOf = (name: string): string => (usages as Record<string, string>)[name] ?? `usage: git ${name}\n`;

/** Subcommands that there are and that are not simulated. */
const others =
  'am archive bisect bundle citool difftool fast-export fast-import filter-branch format-patch fsck gui instaweb maintenance mergetool notes pack-objects prune range-diff rebase repack replace request-pull scalar send-email submodule subtree svn worktree sparse-checkout daemon http-backend fetch-pack send-pack index-pack unpack-objects receive-pack upload-pack bugreport apply blame annotate cherry gc grep '
    .trim()
    .split(' ');

export function helpCommand(git: Git, args: readonly string[]): number {
  const words = args.filter((word) => !word.startsWith('-'));
  if (words.length === 0) {
    git.out(`${generalUsage}`);
    return 0;
  }
  if (!commands[words[0]!] && !others.includes(words[0]!)) {
    git.err(`No manual entry for git${commands[words[0]!] ? '-' : ''}${words[0]}\n`);
    return 16;
  }
  git.out(usageOf(words[0]!));
  return 0;
}

/** How far one word is from another, with git's weights: swap 0, substitute 2, insert 1, delete 3. */
function distance(from: string, to: string): number {
  const [swap, substitute, insert, remove] = [0, 2, 1, 3];
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j * insert);
  for (let i = 0; i < from.length; i++) {
    const next = [(i + 1) * remove];
    for (let j = 0; j < to.length; j++) {
      let cost = row[j]! + (from[i] === to[j] ? 0 : substitute);
      if (i > 0 && j > 0 && from[i - 1] === to[j] && from[i] === to[j - 1])
        cost = Math.min(cost, before[j - 1]! + swap);
      next[j + 1] = Math.min(cost, row[j + 1]! + remove, next[j]! + insert);
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}

const similarityFloor = 7;

/** There is no such subcommand: what may have been meant. */
export function nearest(git: Git, name: string): number {
  if (others.includes(name)) throw new Fatal(`drydock: git ${name} is not simulated`, 1);
  git.err(`git: '${name}' is not a git command. See 'git --help'.\n`);
  const common = new Set(commonNames());
  const scored = [...Object.keys(commands), ...others].map((one) => ({
    one,
    score: one.startsWith(name) && common.has(one) ? 0 : distance(name, one) + 1,
  }));
  const prefixed = scored.filter(({ score }) => score === 0);
  const rest = scored.filter(({ score }) => score > 0);
  const best = Math.min(...rest.map(({ score }) => score));
  if (best >= similarityFloor) return 1;
  const near = [prefixed, rest.filter(({ score }) => score === best)].flatMap((list) =>
    list.map(({ one }) => one).sort(),
  );
  git.err(
    `\nThe most similar command${near.length === 1 ? ' is' : 's are'}\n${near.map((one) => `\t${one}\n`).join('')}`,
  );
  return 1;
}

/** The names that git's own help lists. */
const commonNames = (): string[] => [...generalUsage.matchAll(/^ {3}(\S+)/gm)].map((match) => match[1]!);
