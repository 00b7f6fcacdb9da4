/** What log, show, diff and rev-list take: revisions, ranges, then paths. */
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import { ambiguous, commitOf, resolve } from '../revision.ts';
import { lstat } from '../work/files.ts';
import { type PathSet, pathSet } from '../work/pathspec.ts';
import { mergeBases } from './walk.ts';

export interface Range {
  /** In the order given. */
  objects: { text: string; id: string }[];
  without: string[];
  /** `A...B`: which side a commit comes from. */
  symmetric: [string, string] | undefined;
  /** `A..B` or `A...B` was given. */
  dots: boolean;
  paths: PathSet | undefined;
}

const existing = (git: Git, text: string): boolean => {
  const path = text.startsWith('/') ? text : `${git.sys.getcwd()}/${text}`;
  return lstat(git.sys, path) !== undefined || /^:[(/!^]/.test(text) || (/[*?[]/.test(text) && !text.includes('^'));
};

function needed(git: Git, text: string): string {
  const id = resolve(git, text);
  if (id && git.repo.objects.has(id)) return id;
  if (id) throw new Fatal(`bad object ${text}`);
  throw new Fatal(ambiguous(text));
}

/** `dash`: how many words stand before `--`. */
export function readRange(git: Git, words: readonly string[], dash: number | undefined): Range {
  const range: Range = { objects: [], without: [], symmetric: undefined, dots: false, paths: undefined };
  let at = 0;
  for (; at < (dash ?? words.length); at++) {
    const word = words[at]!;
    if (take(git, range, word)) continue;
    if (dash !== undefined) throw new Fatal(`bad revision '${word}'`);
    break;
  }
  const rest = words.slice(at);
  if (dash === undefined && rest.length > 0) {
    for (const word of rest)
      if (!existing(git, word)) throw new Fatal(wrongWord(git, word, at === words.indexOf(word)));
  }
  if (dash === undefined)
    for (const word of words.slice(0, at))
      if (/^[^:^~.@]+$/.test(word) && existing(git, word))
        throw new Fatal(
          `ambiguous argument '${word}': both revision and filename\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
        );
  if (rest.length > 0) range.paths = pathSet(git, rest);
  return range;
}

function wrongWord(git: Git, word: string, first: boolean): string {
  const colon = /^([^:]+):(.+)$/.exec(word);
  if (colon && first) {
    if (!resolve(git, colon[1]!)) return `invalid object name '${colon[1]}'.`;
    return `path '${colon[2]}' does not exist in '${colon[1]}'`;
  }
  return ambiguous(word);
}

/** False when the word names no revision. */
function take(git: Git, range: Range, word: string): boolean {
  const { refs } = git.repo;
  if (word === '--all') {
    const ids = [...refs.list().map(([, id]) => id), ...(refs.id('HEAD') ? [refs.id('HEAD')!] : [])];
    for (const id of ids) if (commitOf(git, id)) range.objects.push({ text: word, id });
    return true;
  }
  const kinds: Readonly<Record<string, string>> = {
    '--branches': 'refs/heads/',
    '--tags': 'refs/tags/',
    '--remotes': 'refs/remotes/',
  };
  if (kinds[word]) {
    for (const [, id] of refs.list(kinds[word])) if (commitOf(git, id)) range.objects.push({ text: word, id });
    return true;
  }
  const dots = /^(.*?)(\.\.\.?)(.*)$/.exec(word);
  if (dots && !word.includes('/..') && word !== '..') {
    const [from, to] = [dots[1] || 'HEAD', dots[3] || 'HEAD'];
    const [a, b] = [resolve(git, from), resolve(git, to)];
    if (!a || !b) return false;
    range.dots = true;
    if (dots[2] === '..') {
      range.without.push(a);
      range.objects.push({ text: to, id: b });
    } else {
      range.symmetric = [a, b];
      range.without.push(...mergeBases(git, a, b));
      range.objects.push({ text: from, id: a }, { text: to, id: b });
    }
    return true;
  }
  if (word.startsWith('^')) {
    const id = resolve(git, word.slice(1));
    if (id) range.without.push(id);
    return id !== undefined;
  }
  if (!resolve(git, word)) return false;
  range.objects.push({ text: word, id: needed(git, word) });
  return true;
}
