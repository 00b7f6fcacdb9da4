/** What git says of itself. */

import { commands } from './command/table.ts';
import type { Git } from './git.ts';
import usages from './git-usage.json' with { type: 'json' };
import { Fatal } from './problem.ts';

export const generalUsage: string = usages.git;

export const usageOf = (name: string): string => (usages as Record<string, string>)[name] ?? `usage: git ${name}\n`;

/** Subcommands that there are and that are not simulated. */
const others = `
  add--interactive am annotate apply archive bisect bisect--helper blame bugreport bundle check-attr check-mailmap
  check-ref-format checkout--worker checkout-index cherry citool column commit-graph credential credential-cache
  credential-cache--daemon credential-store daemon diagnose diff-files diff-index diff-tree difftool
  difftool--helper env--helper fast-export fast-import fetch-pack filter-branch fmt-merge-msg for-each-repo
  format-patch fsck fsck-objects fsmonitor--daemon gc get-tar-commit-id grep gui hook http-backend http-fetch
  http-push imap-send index-pack init-db instaweb interpret-trailers mailinfo mailsplit maintenance merge-file
  merge-index merge-octopus merge-one-file merge-ours merge-recursive merge-recursive-ours merge-recursive-theirs
  merge-resolve merge-subtree merge-tree mergetool mktag mktree multi-pack-index name-rev notes pack-objects
  pack-redundant pack-refs patch-id pickaxe prune prune-packed quiltimport range-diff read-tree rebase
  receive-pack remote-ext remote-fd remote-ftp remote-ftps remote-http remote-https repack replace request-pull
  rerere scalar send-email send-pack sh-i18n--envsubst shell show-branch show-index sparse-checkout stripspace
  submodule submodule--helper subtree svn unpack-file unpack-objects update-index update-server-info
  upload-archive upload-archive--writer upload-pack verify-commit verify-pack verify-tag web--browse whatchanged
  worktree
`
  .trim()
  .split(/\s+/);

export function helpCommand(git: Git, args: readonly string[]): number {
  const words = args.filter((word) => !word.startsWith('-'));
  if (words.length === 0) {
    git.out(`${generalUsage}`);
    return 0;
  }
  if (!commands[words[0]!] && !others.includes(words[0]!)) {
    git.err(`No manual entry for git${words[0]}\n`);
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
