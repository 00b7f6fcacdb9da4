import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { hasWildcards, type PatternRun, patternRegExp } from './pattern.ts';

export interface GlobOptions {
  extended: boolean;
  dotglob: boolean;
  /** Patterns that begin with a dot find . and .. too. */
  dots?: boolean;
  globstar: boolean;
  ignoreCase: boolean;
  /** bash sorts by the locale's collation, the others by bytes. */
  collate: boolean;
}

const isDirectory = (sys: Sys, path: string): boolean => {
  try {
    return (sys.stat(path).mode & 0o170000) === 0o040000;
  } catch {
    return false;
  }
};

const exists = (sys: Sys, path: string): boolean => {
  try {
    sys.lstat(path);
    return true;
  } catch {
    return false;
  }
};

const list = (sys: Sys, directory: string): string[] => {
  try {
    return sys.readdir(directory === '' ? '.' : directory).map((e) => e.name);
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
};

/** Cuts the pattern at its slashes: '/', 'usr', '/', '*' ... */
const components = (runs: readonly PatternRun[]): PatternRun[][] => {
  const out: PatternRun[][] = [[]];
  for (const { text, quoted } of runs) {
    for (const piece of text.split(/(\/+)/)) {
      if (piece === '') continue;
      if (piece[0] === '/') out.push([{ text: piece, quoted: true }], []);
      else out.at(-1)!.push({ text: piece, quoted });
    }
  }
  return out.filter((c) => c.length > 0);
};

const plainText = (runs: readonly PatternRun[]): string =>
  runs.map((r) => (r.quoted ? r.text : r.text.replace(/\\([\s\S])/g, '$1'))).join('');

class Globber {
  constructor(
    private readonly sys: Sys,
    private readonly options: GlobOptions,
  ) {}

  expand(prefix: string, parts: readonly PatternRun[][]): string[] {
    const [head, ...rest] = parts;
    if (!head) return [prefix];
    const text = plainText(head);
    if (text[0] === '/') {
      if (prefix !== '' && !isDirectory(this.sys, prefix)) return [];
      return this.expand(prefix + text, rest);
    }
    if (!hasWildcards(head, this.options.extended)) {
      if (!exists(this.sys, prefix + text)) return [];
      return this.expand(prefix + text, rest);
    }
    if (this.options.globstar && text === '**') {
      // Several in a row are one.
      let after = rest;
      while (after.length > 1 && plainText(after[0]!) === '/' && plainText(after[1]!) === '**') after = after.slice(2);
      return this.deep(prefix, after);
    }
    return this.matches(prefix, head).flatMap((name) => this.expand(prefix + name, rest));
  }

  private matches(prefix: string, head: readonly PatternRun[]): string[] {
    const regexp = patternRegExp(head, {
      path: true,
      extended: this.options.extended,
      ignoreCase: this.options.ignoreCase,
    });
    const first = head.find((r) => r.text !== '');
    const dotted = first?.text.startsWith('.') || first?.text.startsWith('\\.');
    const names = list(this.sys, prefix);
    if (dotted && this.options.dots) names.push('.', '..');
    return names.filter((name) => (name[0] !== '.' || dotted || this.options.dotglob) && regexp.test(name));
  }

  private deep(prefix: string, rest: readonly PatternRun[][]): string[] {
    const below = rest.length > 0 && plainText(rest[0]!)[0] === '/' ? rest.slice(1) : rest;
    const here =
      below.length === 0 && prefix === ''
        ? []
        : rest.length === 0
          ? prefix === ''
            ? []
            : [prefix]
          : this.expand(prefix, below);
    const out = [...here];
    for (const name of list(this.sys, prefix)) {
      if (name[0] === '.' && !this.options.dotglob) continue;
      if (isDirectory(this.sys, prefix + name)) out.push(...this.deep(`${prefix}${name}/`, rest).map((p) => p));
      else if (rest.length === 0) out.push(prefix + name);
    }
    return rest.length === 0 ? out.map((p) => (p.endsWith('/') && p !== prefix ? p.slice(0, -1) : p)) : out;
  }
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The paths that match, sorted; empty when none does. */
export const glob = (sys: Sys, runs: readonly PatternRun[], options: GlobOptions): string[] =>
  new Globber(sys, options).expand('', components(runs)).sort(byBytes);
