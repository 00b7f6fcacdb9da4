import { type Lookup, substitute } from './template.ts';

export type Variables = Record<string, string>;

const blank = /^[\t\v\f\r \u0085\u00a0]+/;

/**
 * A file of variables as compose reads it: `KEY=value`, `export KEY=value`, `KEY: value`, `KEY` alone taken from
 * `lookup`; quotes, comments, escapes, variables. Throws what is wrong with its line.
 */
export function parseDotenv(
  source: string,
  lookup: Lookup,
  warn: (message: string) => void,
  into?: Variables,
): Variables {
  return new Parser(source.replace(/^\uFEFF/, ''), lookup, warn, into).parse();
}

class Parser {
  private line = 1;
  private readonly out: Variables;

  constructor(
    private rest: string,
    private readonly lookup: Lookup,
    private readonly warn: (message: string) => void,
    into?: Variables,
  ) {
    this.out = into ?? (Object.create(null) as Variables);
  }

  parse(): Variables {
    while (this.toStatement()) {
      const [key, inherited] = this.key();
      if (key.includes(' ')) throw new Error(`line ${this.line}: key cannot contain a space`);
      if (!inherited) this.out[key] = this.value();
      else {
        const value = this.lookup(key);
        if (value !== undefined) this.out[key] = value;
      }
    }
    return this.out;
  }

  /** Past blank lines and comments; false at the end. */
  private toStatement(): boolean {
    for (;;) {
      const start = this.rest.search(/\S/);
      this.line += (start < 0 ? this.rest : this.rest.slice(0, start)).split('\n').length - 1;
      if (start < 0) return false;
      this.rest = this.rest.slice(start);
      if (this.rest[0] !== '#') return true;
      const end = this.rest.indexOf('\n');
      if (end < 0) return false;
      this.rest = this.rest.slice(end);
    }
  }

  private key(): [key: string, inherited: boolean] {
    if (/^export\s+/.test(this.rest)) this.rest = this.rest.slice('export'.length).replace(blank, '');
    const match = /^([^=:\n]*)([=:\n])/.exec(this.rest);
    const name = match?.[1] ?? this.rest;
    const bad = /[^\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]/u.exec(name);
    if (bad) {
      const shown = JSON.stringify(this.rest.split('\n')[0]);
      throw new Error(`line ${this.line}: unexpected character ${JSON.stringify(bad[0])} in variable name ${shown}`);
    }
    if (this.rest === '') throw new Error('zero length string');
    // Without an end of line compose-go finds no name: the key is empty and what was read is its value.
    if (!match) return ['', false];
    const inherited = match[2] === '\n';
    if (inherited && !name.includes(' ')) this.line++;
    this.rest = this.rest.slice(match[0].length).replace(blank, '');
    return [name.trimEnd(), inherited];
  }

  private value(): string {
    const quote = this.rest[0];
    return quote === '"' || quote === "'" ? this.quoted(quote) : this.unquoted();
  }

  private unquoted(): string {
    const end = this.rest.indexOf('\n');
    const line = end < 0 ? this.rest : this.rest.slice(0, end);
    this.rest = end < 0 ? '' : this.rest.slice(end + 1);
    this.line++;
    return this.expand(line.split(' #')[0]!.trimEnd());
  }

  private quoted(quote: string): string {
    let text = '';
    for (let i = 1; i < this.rest.length; i++) {
      const char = this.rest[i]!;
      if (char === '\n') this.line++;
      if (char === quote) {
        this.rest = this.rest.slice(i + 1);
        return quote === '"' ? this.expand(unescaped(text)) : text;
      }
      const next = this.rest[i + 1];
      // The quote escaped is the quote alone; any other escape stays for later.
      if (char === '\\' && next !== undefined) {
        text += next === quote ? quote : char + next;
        if (next === '\n') this.line++;
        i++;
      } else text += char;
    }
    throw new Error(`line ${this.line}: unterminated quoted value ${this.rest.split('\n')[0]}`);
  }

  private expand(text: string): string {
    return substitute(text, (name) => this.lookup(name) ?? this.out[name], this.warn);
  }
}

const escapes: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The escapes of a text in double quotes; `\$` becomes the template's own `$$`. */
const unescaped = (text: string): string =>
  text.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (match, what: string) => {
    if (what === '$') return '$$';
    if (what[0] === '0') return /^0[0-7]{3}$/.test(what) ? String.fromCharCode(Number.parseInt(what, 8)) : match;
    return escapes[what] ?? (what === '\\' || what === '"' ? what : match);
  });
