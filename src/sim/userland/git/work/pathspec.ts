/** Which paths a command line names: gitglossary(7), "pathspec". */
import type { Git } from '../git.ts';
import { joinPath } from '../paths.ts';
import { Fatal } from '../problem.ts';
import { wildRegExp } from './wildmatch.ts';

export interface PathSpec {
  /** As typed. */
  text: string;
  /** Relative to the top; empty for the top itself. */
  path: string;
  exclude: boolean;
  matches(path: string): boolean;
  /** Whether something below this directory may match. */
  reaches(directory: string): boolean;
}

const isWild = (text: string): boolean => /[*?[\\]/.test(text);

export function pathSpec(git: Git, text: string): PathSpec {
  const { repo } = git;
  if (text === '')
    throw new Fatal('empty string is not a valid pathspec. please use . instead if you meant to match all paths');
  const magic = /^:(?:\(([^)]*)\)|([/!^]+):?)(.*)$/s.exec(text);
  const words = magic?.[1]?.split(',') ?? [...(magic?.[2] ?? '')].map((ch) => (ch === '/' ? 'top' : 'exclude'));
  const rest = magic ? magic[3]! : text === ':' ? '' : text;
  const unknown = words.find((word) => !/^(top|exclude|icase|glob|literal|)$/.test(word));
  if (unknown) throw new Fatal(`drydock: pathspec magic '${unknown}' is not simulated`);
  const top = repo.workTree ?? repo.gitDir;
  const full = joinPath(`${top}/${words.includes('top') ? '' : repo.prefix}`, rest || '.');
  const root = top === '/' ? '' : top;
  if (full !== top && !full.startsWith(`${root}/`))
    throw new Fatal(`${text}: '${text}' is outside repository at '${top}'`);
  const path = full.slice(root.length + 1);
  const wild = isWild(rest) && !words.includes('literal');
  const pattern = wild ? wildRegExp(path, words.includes('glob'), words.includes('icase')) : undefined;
  const matches = (one: string): boolean =>
    path === '' || one === path || one.startsWith(`${path}/`) || (pattern?.test(one) ?? false);
  const head = wild ? path.slice(0, path.search(/[*?[\\]/)) : path;
  const reaches = (directory: string): boolean =>
    matches(directory) || `${directory}/`.startsWith(head) || head.startsWith(`${directory}/`);
  return { text, path, exclude: words.includes('exclude'), matches, reaches };
}

export interface PathSet {
  specs: readonly PathSpec[];
  matches(path: string): boolean;
  reaches(directory: string): boolean;
}

/** No words: everything. */
export function pathSet(git: Git, words: readonly string[]): PathSet {
  const specs = words.map((word) => pathSpec(git, word));
  const wanted = specs.filter((one) => !one.exclude);
  const without = specs.filter((one) => one.exclude);
  return {
    specs: wanted,
    matches: (path) =>
      (wanted.length === 0 || wanted.some((one) => one.matches(path))) && !without.some((one) => one.matches(path)),
    reaches: (directory) => wanted.length === 0 || wanted.some((one) => one.reaches(directory)),
  };
}
