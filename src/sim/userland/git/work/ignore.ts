/** Which untracked files are ignored: gitignore(5). */

import { readText } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { homeOf } from '../settings.ts';
import { wildRegExp } from './wildmatch.ts';

export interface IgnoreRule {
  /** The line as it stands. */
  text: string;
  line: number;
  /** The file it stands in, as check-ignore shows it. */
  source: string;
  negated: boolean;
  directory: boolean;
  matches(path: string, name: string): boolean;
}

/** `base`: the directory the file lies in, relative to the top and ending in a slash, or empty. */
export function parseIgnore(text: string, base: string, source: string): IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  text.split('\n').forEach((raw, i) => {
    const text = raw.replace(/\r$/, '');
    let pattern = text.replace(/(?<!\\)\s+$/, '');
    if (pattern === '' || pattern.startsWith('#')) return;
    const negated = pattern.startsWith('!');
    if (negated) pattern = pattern.slice(1);
    pattern = pattern.replace(/^\\([#!])/, '$1');
    const directory = pattern.endsWith('/');
    if (directory) pattern = pattern.slice(0, -1);
    const anchored = pattern.includes('/');
    const matcher = wildRegExp(pattern.replace(/^\//, ''), true);
    const matches = (path: string, name: string): boolean =>
      path.startsWith(base) && matcher.test(anchored ? path.slice(base.length) : name);
    rules.push({ text, line: i + 1, source, negated, directory, matches });
  });
  return rules;
}

export class Ignore {
  private readonly common: IgnoreRule[];
  private readonly byDirectory = new Map<string, IgnoreRule[]>();
  private readonly decided = new Map<string, boolean>();

  constructor(private readonly git: Git) {
    const { repo, sys, config } = git;
    const home = homeOf(sys) ?? '';
    const excludes =
      config.get('core.excludesfile')?.replace(/^~/, home) ??
      `${sys.env.XDG_CONFIG_HOME ?? `${home}/.config`}/git/ignore`;
    this.common = [
      ...parseIgnore(readText(sys, excludes) ?? '', '', excludes),
      ...parseIgnore(readText(sys, `${repo.gitDir}/info/exclude`) ?? '', '', '.git/info/exclude'),
    ];
  }

  /** A path relative to the top, without a slash at its end. */
  ignored(path: string, directory: boolean): boolean {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent !== '' && this.directoryIgnored(parent)) return true;
    const rule = this.rule(path, directory);
    return rule !== undefined && !rule.negated;
  }

  /** The rule that decides on the path itself. */
  rule(path: string, directory: boolean): IgnoreRule | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const parts = path.split('/').slice(0, -1);
    for (let depth = parts.length; depth >= 0; depth--) {
      const found = last(this.rulesIn(parts.slice(0, depth).join('/')), path, name, directory);
      if (found) return found;
    }
    return last(this.common, path, name, directory);
  }

  directoryIgnored(path: string): boolean {
    const known = this.decided.get(path);
    if (known !== undefined) return known;
    const answer = this.ignored(path, true);
    this.decided.set(path, answer);
    return answer;
  }

  private rulesIn(directory: string): IgnoreRule[] {
    let rules = this.byDirectory.get(directory);
    if (!rules) {
      const base = directory === '' ? '' : `${directory}/`;
      rules = parseIgnore(
        readText(this.git.sys, this.git.repo.file(`${base}.gitignore`)) ?? '',
        base,
        `${base}.gitignore`,
      );
      this.byDirectory.set(directory, rules);
    }
    return rules;
  }
}

const last = (rules: readonly IgnoreRule[], path: string, name: string, directory: boolean): IgnoreRule | undefined =>
  rules.findLast((rule) => (directory || !rule.directory) && rule.matches(path, name));
