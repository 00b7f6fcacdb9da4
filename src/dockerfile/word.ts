import { goQuote } from '../spec/index.ts';
import { DockerfileError } from './error.ts';
import type { Profile } from './parse.ts';

export interface WordOptions {
  /** '\\' (default) or '`'. */
  escape?: string;
  /** Keep quotes in the result. */
  rawQuotes?: boolean;
  /** Keep escape characters in the result. */
  rawEscapes?: boolean;
  /** Quotes are ordinary characters. */
  skipQuotes?: boolean;
  /** Leave `$name` as it is when it is not set. */
  skipUnset?: boolean;
  /** 'classic' knows only :- :+ :? and ?. */
  profile?: Profile;
}

export interface WordResult {
  text: string;
  words: string[];
  /** Names that were looked up and found, and not found. */
  matched: Set<string>;
  unmatched: Set<string>;
}

/** A variable's value; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** Expands `$VAR` and `${VAR…}` and removes quotes and escapes, as ENV, LABEL, COPY ... do with each argument. */
export function expandWord(source: string, env: Lookup, options: WordOptions = {}): WordResult {
  try {
    const lexer = new WordLexer(source, env, options);
    const { text, words } = lexer.readUntil(undefined, options.rawEscapes ?? false);
    return { text, words, matched: lexer.matched, unmatched: lexer.unmatched };
  } catch (error) {
    if (error instanceof WordFailure) {
      throw new DockerfileError('word', `failed to process ${goQuote(source)}: ${error.message}`);
    }
    throw error;
  }
}

/** The same, split at blanks outside quotes (after expansion): `EXPOSE $PORTS` may give several. */
export const expandWords = (source: string, env: Lookup, options?: WordOptions): string[] =>
  expandWord(source, env, options).words;

class WordFailure extends Error {}
const fail = (message: string): never => {
  throw new WordFailure(message);
};

const isSpace = (char: string) => /^[\s\u0085]$/u.test(char) && char !== '\ufeff';
const isDigit = (char: string | undefined) => char !== undefined && /^\p{Nd}$/u.test(char);
const isNamePart = (char: string | undefined) => char !== undefined && /^[\p{L}\p{Nd}_]$/u.test(char);
const specialParameters = '@*#?-$!0';

/** Collects words: blanks separate, quoted and escaped characters never do. */
class Words {
  readonly list: string[] = [];
  private word = '';
  add(text: string): void {
    for (const char of text) {
      if (isSpace(char)) this.end();
      else this.word += char;
    }
  }
  addRaw(text: string): void {
    this.word += text;
  }
  end(): void {
    if (this.word) this.list.push(this.word);
    this.word = '';
  }
}

class WordLexer {
  private readonly chars: string[];
  private at = 0;
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  private readonly escape: string;
  private rawEscapes: boolean;

  constructor(
    source: string,
    private readonly env: Lookup,
    private readonly options: WordOptions,
  ) {
    this.chars = Array.from(source);
    this.escape = options.escape ?? '\\';
    this.rawEscapes = options.rawEscapes ?? false;
  }

  private get ended(): boolean {
    return this.at >= this.chars.length;
  }
  private peek(): string | undefined {
    return this.chars[this.at];
  }
  private next(): string | undefined {
    return this.chars[this.at++];
  }

  /** To `stop` (consumed) or, when it is undefined, to the end. */
  readUntil(stop: string | undefined, rawEscapes: boolean): { text: string; words: string[] } {
    const outer = this.rawEscapes;
    this.rawEscapes = rawEscapes;
    try {
      let text = '';
      const words = new Words();
      while (!this.ended) {
        if (stop !== undefined && this.peek() === stop) {
          this.at++;
          words.end();
          return { text, words: words.list };
        }
        text += this.readPiece(words);
      }
      if (stop !== undefined) fail(`unexpected end of statement while looking for matching ${stop}`);
      words.end();
      return { text, words: words.list };
    } finally {
      this.rawEscapes = outer;
    }
  }

  private readPiece(words: Words): string {
    const char = this.peek()!;
    if (char === '$') {
      const value = this.dollar();
      words.add(value);
      return value;
    }
    const special = this.special(char);
    if (special !== undefined) {
      words.addRaw(special);
      return special;
    }
    this.at++;
    if (char !== this.escape) {
      words.add(char);
      return char;
    }
    const escaped = (this.rawEscapes ? char : '') + (this.next() ?? '');
    words.addRaw(escaped);
    return escaped;
  }

  private special(char: string): string | undefined {
    if (char === '<' && this.options.profile !== 'classic') return this.heredocMark();
    if (this.options.skipQuotes) return undefined;
    if (char === "'") return this.singleQuoted();
    return char === '"' ? this.doubleQuoted() : undefined;
  }

  /** `<<` may be followed by blanks before the word that ends the document: they do not split. */
  private heredocMark(): string {
    this.at++;
    if (this.peek() !== '<') return '<';
    this.at++;
    let blanks = '';
    while (/^[\t\r ]$/.test(this.peek() ?? '')) blanks += this.next();
    return `<<${blanks}`;
  }

  private singleQuoted(): string {
    const quote = this.options.rawQuotes ? "'" : '';
    this.at++;
    const end = this.chars.indexOf("'", this.at);
    if (end < 0) fail('unexpected end of statement while looking for matching single-quote');
    const body = this.chars.slice(this.at, end).join('');
    this.at = end + 1;
    return quote + body + quote;
  }

  private doubleQuoted(): string {
    const quote = this.options.rawQuotes ? '"' : '';
    this.at++;
    let text = quote;
    for (;;) {
      const char = this.peek();
      if (char === undefined) return fail('unexpected end of statement while looking for matching double-quote');
      if (char === '$') text += this.dollar();
      else {
        this.at++;
        if (char === '"') return text + quote;
        text += char === this.escape ? this.escapeInQuotes() : char;
      }
    }
  }

  /** Inside double quotes only the quote, the dollar and the escape itself can be escaped. */
  private escapeInQuotes(): string {
    const kept = this.rawEscapes ? this.escape : '';
    const char = this.peek();
    if (char === undefined) return kept;
    if (char === '"' || char === '$' || char === this.escape) return kept + this.next();
    return kept + this.escape;
  }

  private lookup(name: string): string | undefined {
    const value = this.env(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }

  private name(): string {
    const first = this.peek();
    let name = '';
    if (isDigit(first)) {
      while (isDigit(this.peek())) name += this.next();
      return name;
    }
    if (first !== undefined && specialParameters.includes(first)) return this.next()!;
    while (isNamePart(this.peek())) name += this.next();
    return name;
  }

  private dollar(): string {
    this.at++;
    if (this.peek() !== '{') {
      const name = this.name();
      if (!name) return '$';
      return this.lookup(name) ?? (this.options.skipUnset ? `$${name}` : '');
    }
    this.at++;
    const first = this.peek();
    if (first === undefined) return fail("syntax error: missing '}'");
    if ('{}:'.includes(first)) return fail('syntax error: bad substitution');
    return this.braced(this.name());
  }

  private braced(name: string): string {
    const char = this.next();
    if (char === '}') return this.lookup(name) ?? (this.options.skipUnset ? `\${${name}}` : '');
    if (this.options.profile === 'classic' && char !== ':' && char !== '?') fail("missing ':' in substitution");
    if (char === '/') return this.replace(name);
    const colon = char === ':';
    const operator = colon ? this.next() : char;
    const shown = (colon && this.options.profile !== 'classic' ? ':' : '') + (operator ?? '\ufffd');
    const trims = operator === '#' || operator === '%';
    if (
      operator === undefined ||
      !'+-?#%'.includes(operator) ||
      (trims && (colon || this.options.profile === 'classic'))
    ) {
      return fail(`unsupported modifier (${shown}) in substitution`);
    }
    return this.modified(name, operator, colon, this.operand('}', trims, "syntax error: missing '}'"));
  }

  private operand(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.readUntil(stop, rawEscapes).text;
    } catch (error) {
      if (error instanceof WordFailure && this.ended) return fail(atEnd);
      throw error;
    }
  }

  private modified(name: string, operator: string, colon: boolean, word: string): string {
    const value = this.lookup(name);
    if (value === undefined && this.options.skipUnset) return `\${${name}${colon ? ':' : ''}${operator}${word}}`;
    const missing = value === undefined || (colon && value === '');
    switch (operator) {
      case '-':
        return missing ? word : value!;
      case '+':
        return missing ? '' : word;
      case '?':
        if (missing) fail(`${name}: ${word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`);
        return value!;
      default:
        return trimPattern(word, value ?? '', operator as '#' | '%');
    }
  }

  private replace(name: string): string {
    const all = this.peek() === '/';
    if (all) this.at++;
    const pattern = this.operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.operand('}', true, "syntax error: missing '}'");
    const value = this.lookup(name);
    if (value === undefined && this.options.skipUnset) return `\${${name}/${pattern}/${replacement}}`;
    const regexp = new RegExp(patternSource(pattern, true), all ? 'gsu' : 'su');
    return (value ?? '').replace(regexp, () => replacement);
  }
}

/** A shell pattern (`*`, `?`, backslash escapes) as a regular expression. */
function patternSource(pattern: string, greedy: boolean): string {
  let out = '';
  const chars = Array.from(pattern);
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === '*') out += greedy ? '.*' : '.*?';
    else if (char === '?') out += '.';
    else if (char === '\\') {
      const escaped = chars[i + 1];
      if (escaped === '}' || escaped === '/') continue;
      if (escaped === undefined || !'*?\\'.includes(escaped)) {
        fail(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped ?? '\ufffd'}'`);
      }
      out += `\\${chars[++i]}`;
    } else out += /[[\]{}.+()|^$/]/.test(char) ? `\\${char}` : char;
  }
  return out;
}

/** `${name#pattern}` and `${name%pattern}`; doubled: the longest match. */
function trimPattern(word: string, value: string, side: '#' | '%'): string {
  const longest = word.startsWith(side);
  const source = patternSource(longest ? word.slice(1) : word, longest);
  if (side === '#') return value.replace(new RegExp(`^${source}`, 'su'), '');
  const whole = new RegExp(`^(?:${source})$`, 'su');
  const chars = Array.from(value);
  const starts = chars.map((_, index) => index).concat(chars.length);
  const cut = (longest ? starts : starts.reverse()).find((start) => whole.test(chars.slice(start).join('')));
  return cut === undefined ? value : chars.slice(0, cut).join('');
}
