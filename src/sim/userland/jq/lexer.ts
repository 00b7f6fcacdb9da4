import { CompileError } from './syntax.ts';

/** A string's text with the programs in it: `"a\(.b)"`. */
export type StringPart = string | { tokens: Token[] };

export interface Token {
  kind: 'field' | 'name' | 'variable' | 'format' | 'number' | 'string' | 'keyword' | 'operator' | 'end';
  text: string;
  parts?: StringPart[];
}

const keywords = new Set(
  'def if then else elif end as reduce foreach try catch label and or import include module'.split(' '),
);

const forms: readonly [Token['kind'], RegExp][] = [
  ['field', /\.[A-Za-z_]\w*/y],
  ['variable', /\$(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/y],
  ['format', /@[A-Za-z0-9_]+/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/y],
  ['operator', /\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|and\b|or\b|[.[\](){}|,:;=<>+\-*/%?$]/y],
];

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Tokens of a program; inside a string's `\( )` up to its end. */
export class Lexer {
  private at = 0;

  constructor(private readonly text: string) {}

  tokens(inside = false): Token[] {
    const found: Token[] = [];
    for (let depth = 0; ; ) {
      const token = this.token();
      if (inside && token.text === ')' && token.kind === 'operator' && depth-- === 0) return [...found, end];
      if (token.kind === 'operator' && token.text === '(') depth++;
      found.push(token);
      if (token.kind === 'end') return found;
    }
  }

  private token(): Token {
    const space = /(?:\s|#[^\n]*)*/y;
    space.lastIndex = this.at;
    space.exec(this.text);
    this.at = space.lastIndex;
    if (this.at >= this.text.length) return end;
    if (this.text[this.at] === '"') return this.string();
    for (const [kind, form] of forms) {
      form.lastIndex = this.at;
      const text = form.exec(this.text)?.[0];
      if (text === undefined) continue;
      this.at += text.length;
      return kind === 'name' && keywords.has(text) ? { kind: 'keyword', text } : { kind, text };
    }
    throw new CompileError('syntax error, unexpected INVALID_CHARACTER');
  }

  private string(): Token {
    const parts: StringPart[] = [];
    let text = '';
    for (this.at++; this.text[this.at] !== '"'; ) {
      const c = this.text[this.at++];
      if (c === undefined)
        throw new CompileError(
          'syntax error, unexpected end of file, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END',
        );
      if (c !== '\\') {
        text += c;
        continue;
      }
      const escaped = this.text[this.at++];
      if (escaped === '(') {
        parts.push(text, { tokens: this.tokens(true) });
        text = '';
      } else if (escaped === 'u') {
        text += String.fromCharCode(Number.parseInt(this.text.slice(this.at, this.at + 4), 16));
        this.at += 4;
      } else text += escapes[escaped ?? ''] ?? escaped;
    }
    this.at++;
    return { kind: 'string', text: '"', parts: [...parts, text] };
  }
}

const end: Token = { kind: 'end', text: '' };
