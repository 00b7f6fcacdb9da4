/**
 * Shell patterns to regular expressions (POSIX XCU 2.13). A pattern comes as runs of text, as quoting takes a
 * character's meaning away; `dot` off keeps `*`, `?` and `[` from matching '/'.
 */
export interface PatternRun {
  text: string;
  quoted: boolean;
}

const classes: Record<string, string> = {
  alpha: 'A-Za-z\\u00aa-\\uffff',
  digit: '0-9',
  alnum: 'A-Za-z0-9\\u00aa-\\uffff',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~\\u00a0-\\uffff',
  graph: '!-~\\u00a1-\\uffff',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
};

const special = /[\\^$.*+?()[\]{}|/]/g;
const inSet = /[\\\]^[-]/g;

interface Char {
  c: string;
  q: boolean;
}

const flatten = (runs: readonly PatternRun[]): Char[] => {
  const chars: Char[] = [];
  // A backslash that came out of an expansion still quotes in a pattern.
  let escaped = false;
  for (const { text, quoted } of runs) {
    for (const c of text) {
      if (!quoted && !escaped && c === '\\') escaped = true;
      else {
        chars.push({ c, q: quoted || escaped });
        escaped = false;
      }
    }
  }
  if (escaped) chars.push({ c: '\\', q: true });
  return chars;
};

export interface PatternOptions {
  /** Wildcards do not match '/'. */
  path?: boolean;
  extended?: boolean;
  ignoreCase?: boolean;
}

class PatternReader {
  private at = 0;
  private negations = 0;
  constructor(
    private readonly chars: Char[],
    private readonly options: PatternOptions,
  ) {}

  private is(c: string, at = this.at): boolean {
    const char = this.chars[at];
    return char !== undefined && !char.q && char.c === c;
  }

  /** Up to the end, or to an unquoted `)` or `|` of an extended pattern. */
  read(nested: boolean): string {
    let out = '';
    while (this.at < this.chars.length) {
      if (nested && (this.is(')') || this.is('|'))) break;
      out += this.one();
    }
    return out;
  }

  private one(): string {
    const { c, q } = this.chars[this.at]!;
    const any = this.options.path ? '[^/]' : '[^]';
    if (q) return this.plain(c);
    if (this.options.extended && '?*+@!'.includes(c) && this.is('(', this.at + 1)) {
      const group = this.group(c);
      if (group !== undefined) return group;
    }
    if (c === '*') {
      while (this.is('*')) this.at++;
      return `${any}*`;
    }
    if (c === '?') {
      this.at++;
      return any;
    }
    if (c === '[') {
      const set = this.set();
      if (set !== undefined) return set;
    }
    return this.plain(c);
  }

  private plain(c: string): string {
    this.at++;
    return c.replace(special, '\\$&');
  }

  private group(operator: string): string | undefined {
    const start = this.at;
    this.at += 2;
    const branches: string[] = [];
    for (;;) {
      branches.push(this.read(true));
      if (this.at >= this.chars.length) {
        this.at = start;
        return undefined;
      }
      if (this.chars[this.at++]!.c === ')') break;
    }
    const body = branches.join('|');
    if (operator === '!') {
      // What follows the group's start tells that place again from behind: no part of it is one of the branches.
      const rest = `n${this.negations++}`;
      return `(?=(?<${rest}>[^]*))${this.options.path ? '[^/]' : '[^]'}*(?<!(?=\\k<${rest}>$)(?:${body}))`;
    }
    return `(?:${body})${operator === '@' ? '' : operator}`;
  }

  private set(): string | undefined {
    let at = this.at + 1;
    const negated = this.is('!', at) || this.is('^', at);
    if (negated) at++;
    let body = '';
    for (let first = true; ; first = false) {
      const char = this.chars[at];
      if (!char) return undefined;
      if (char.c === ']' && !char.q && !first) break;
      if (this.options.path && char.c === '/') return undefined;
      const named = char.c === '[' && !char.q ? this.named(at) : undefined;
      if (named) {
        body += named.set;
        at = named.next;
        continue;
      }
      if (char.c === '-' && !char.q && !first && !this.is(']', at + 1)) body += '-';
      else body += char.c.replace(inSet, '\\$&');
      at++;
    }
    this.at = at + 1;
    const set = `[${negated ? '^' : ''}${negated && this.options.path ? '/' : ''}${body}]`;
    try {
      new RegExp(set, 'u');
      return set;
    } catch {
      return '(?!)';
    }
  }

  private named(at: number): { set: string; next: number } | undefined {
    const rest = this.chars
      .slice(at, at + 16)
      .map((c) => c.c)
      .join('');
    const found = /^\[:(\w+):\]|^\[([=.])([\s\S])\2\]/.exec(rest);
    if (!found) return undefined;
    const set = found[1] ? classes[found[1]] : found[3]!.replace(inSet, '\\$&');
    return set === undefined ? undefined : { set, next: at + found[0].length };
  }
}

/** The inside of a regular expression (flags: u, and i if asked), without anchors. */
export const patternSource = (runs: readonly PatternRun[], options: PatternOptions = {}): string =>
  new PatternReader(flatten(runs), options).read(false);

const cache = new Map<string, RegExp>();

/** Anchored at both ends. */
export const patternRegExp = (runs: readonly PatternRun[], options: PatternOptions = {}): RegExp => {
  const source = `^${patternSource(runs, options)}$`;
  const flags = options.ignoreCase ? 'ui' : 'u';
  const key = flags + source;
  let found = cache.get(key);
  if (!found) {
    if (cache.size > 500) cache.clear();
    found = compile(source, flags);
    cache.set(key, found);
  }
  return found;
};

const compile = (source: string, flags: string): RegExp => {
  try {
    return new RegExp(source, flags);
  } catch {
    return /(?!)/;
  }
};

export const hasWildcards = (runs: readonly PatternRun[], extended = false): boolean =>
  runs.some(({ text, quoted }) => !quoted && (/[*?[]/.test(text) || (extended && /[+@!]\(/.test(text))));
