import type { Dialect } from '../dialect.ts';
import { SyntaxFault, type Token } from './fault.ts';

const operators = ['&&', '||', ';;&', ';;', ';&', ';', '|&', '|', '&', '(', ')'];
const redirections = ['<<<', '<<-', '<<', '<>', '<&', '<', '>>', '>&', '>|', '>', '&>>', '&>'];
const isBlank = (c: string | undefined) => c === ' ' || c === '\t';
/** Carriage returns, form feeds and the like are parts of words, as in all three shells. */
const meta = /[ \t\n;&|<>()]/;

export interface PendingHeredoc {
  delimiter: string;
  stripTabs: boolean;
}

/**
 * Cuts text into tokens as the shells do. It knows quoting and nesting, and calls `nested` for the command inside
 * `$( )`, because only the grammar can tell where that ends.
 */
export abstract class Scanner {
  pos: number;
  /** The text ends in a line continuation: another line belongs to it. */
  protected continued = false;
  /** `@(a|b)` is part of a word: with `shopt -s extglob`, and inside `[[`. */
  protected extglob = false;
  /** Where the token that is being read begins. */
  private tokenStart = 0;
  protected readonly heredocs: PendingHeredoc[] = [];

  constructor(
    public text: string,
    start: number,
    readonly dialect: Dialect,
  ) {
    this.pos = start;
  }

  /** `$[` is arithmetic to the tree builder, but not in this dialect. */
  protected abstract hideBracket(): void;

  /** Parses the commands at `pos` up to the `)` that closes them, and leaves `pos` behind it. */
  protected abstract nested(): void;

  lineAt(at: number): number {
    let line = 1;
    for (let i = this.text.indexOf('\n'); i >= 0 && i < at; i = this.text.indexOf('\n', i + 1)) line++;
    return line;
  }

  protected lineText(at: number): string {
    const from = at === 0 ? 0 : this.text.lastIndexOf('\n', at - 1) + 1;
    const to = this.text.indexOf('\n', from);
    return this.text.slice(from, to < 0 ? undefined : to);
  }

  fail(fault: SyntaxFault['fault'], at: number, incomplete = false): never {
    throw new SyntaxFault(fault, this.lineAt(at), incomplete, this.lineText(at));
  }

  protected unterminated(closer: string, start: number): never {
    this.pos = this.text.length;
    // dash counts the line where the text ended, bash the one where the quote began.
    const at = this.dialect.bash ? start : this.text.length;
    return this.fail({ type: 'unterminated', closer }, at, true);
  }

  protected skipBlanks(): void {
    for (;;) {
      const c = this.text[this.pos];
      if (isBlank(c)) this.pos++;
      else if (c === '\\' && this.text[this.pos + 1] === '\n') {
        this.pos += 2;
        this.continued = this.pos >= this.text.length;
      } else break;
    }
    if (this.text[this.pos] === '#') {
      const end = this.text.indexOf('\n', this.pos);
      this.pos = end < 0 ? this.text.length : end;
    }
  }

  /** The next token; its end is the new `pos`. A newline also consumes the here-documents that were waiting for it. */
  protected readToken(): Token {
    this.skipBlanks();
    this.joinOperator();
    const start = this.pos;
    const c = this.text[start];
    if (c === undefined) return { kind: 'eof', text: '', start };
    if (c === '\n') {
      this.pos++;
      this.readHeredocs();
      return { kind: 'newline', text: '\n', start };
    }
    if ((c === '<' || c === '>') && this.dialect.extended && this.text[start + 1] === '(') return this.readWord(start);
    const redirection = this.matchRedirection(start);
    if (redirection) {
      this.pos = start + redirection.length;
      return { kind: 'redirection', text: redirection, start };
    }
    const operator = operators.find((o) => this.text.startsWith(o, start) && this.knows(o));
    if (operator) {
      this.pos = start + operator.length;
      return { kind: 'operator', text: operator, start };
    }
    return this.readWord(start);
  }

  /** A line continuation at `at`, inside the token, moves before it, where it is a blank: lines keep their numbers. */
  private join(at: number): void {
    const { text, tokenStart } = this;
    this.text = `${text.slice(0, tokenStart)}\\\n${text.slice(tokenStart, at)}${text.slice(at + 2)}`;
    this.tokenStart += 2;
    this.pos += 2;
    this.continued = at + 2 >= this.text.length;
  }

  /** `&\<newline>&` is `&&`. */
  private joinOperator(): void {
    this.tokenStart = this.pos;
    if (!/[&|;<>]/.test(this.text[this.pos] ?? '')) return;
    for (let at = this.pos + 1; at < this.pos + 3; at++) {
      while (this.text.startsWith('\\\n', at)) {
        this.join(at);
        at += 2;
      }
      if (!/[&|;<>-]/.test(this.text[at] ?? '')) return;
    }
  }

  /** The commands inside `$( )` are tokens of their own. */
  private inner(): void {
    const { tokenStart } = this;
    this.nested();
    this.tokenStart = tokenStart;
  }

  private knows(operator: string): boolean {
    return this.dialect.bash || !['|&', ';&', ';;&'].includes(operator);
  }

  private matchRedirection(start: number): string | undefined {
    const digits =
      (this.dialect.name === 'dash' ? /^\d(?=[<>])/ : /^\d+(?=[<>])/).exec(this.text.slice(start, start + 8))?.[0] ??
      '';
    const variable = this.dialect.bash ? (/^\{\w+\}(?=[<>])/.exec(this.text.slice(start, start + 80))?.[0] ?? '') : '';
    const at = start + digits.length + variable.length;
    const found = redirections.find((r) => this.text.startsWith(r, at));
    if (!found) return undefined;
    if (found[0] === '&' && (digits || !this.dialect.extended)) return undefined;
    if (found === '<<<' && !this.dialect.bash) return this.text.slice(start, at + 2);
    return this.text.slice(start, at + found.length);
  }

  private readWord(start: number): Token {
    this.tokenStart = start;
    while (this.pos < this.text.length) {
      const { text } = this;
      const c = text[this.pos]!;
      if (c === '\\' && text[this.pos + 1] === '\n') {
        this.joinHere();
        continue;
      }
      if ((c === '<' || c === '>') && this.dialect.extended && text[this.pos + 1] === '(') {
        this.pos += 2;
        this.inner();
      } else if (c === '(' && this.extglob && /[?*+@!]/.test(text[this.pos - 1] ?? '') && this.pos > start) {
        this.pos++;
        this.skipParentheses(start);
      } else if (meta.test(c)) {
        break;
      } else this.skipPiece();
    }
    start = this.tokenStart;
    return { kind: 'word', text: this.text.slice(start, this.pos), start };
  }

  /** Takes the line continuation at `pos` out of the token. */
  private joinHere(): void {
    this.join(this.pos);
  }

  /** One character, quote or expansion of a word. */
  protected skipPiece(): void {
    const c = this.text[this.pos]!;
    if (c === '\\' && this.text[this.pos + 1] === '\n') this.joinHere();
    else if (c === '\\') this.pos = Math.min(this.pos + 2, this.text.length);
    else if (c === "'") this.skipSingle();
    else if (c === '"') this.skipDouble();
    else if (c === '`') this.skipBackquote();
    else if (c === '$') this.skipDollar(false);
    else this.pos++;
  }

  private skipSingle(): void {
    const end = this.text.indexOf("'", this.pos + 1);
    if (end < 0) this.unterminated("'", this.pos);
    this.pos = end + 1;
  }

  private skipAnsi(): void {
    const start = this.pos;
    for (let i = start + 1; i < this.text.length; i++) {
      if (this.text[i] === '\\') i++;
      else if (this.text[i] === "'") {
        this.pos = i + 1;
        return;
      }
    }
    this.unterminated("'", start);
  }

  private skipDouble(): void {
    const start = this.pos++;
    for (;;) {
      const c = this.text[this.pos];
      if (c === undefined) this.unterminated('"', start);
      else if (c === '"') break;
      else if (c === '\\') {
        if (this.text[this.pos + 1] === '\n') this.joinHere();
        else this.pos += 2;
      } else if (c === '`') this.skipBackquote();
      else if (c === '$') this.skipDollar(true);
      else this.pos++;
    }
    this.pos++;
  }

  private skipBackquote(): void {
    const start = this.pos++;
    for (;;) {
      const c = this.text[this.pos];
      if (c === undefined) this.unterminated('`', start);
      else if (c === '`') break;
      this.pos += c === '\\' ? 2 : 1;
    }
    this.pos++;
    // bash reads the commands when it runs them.
    if (!this.dialect.bash) this.backquoted(this.text.slice(start + 1, this.pos - 1), start);
  }

  /** Looks whether what stands between backquotes is a list of commands. */
  protected abstract backquoted(body: string, at: number): void;

  protected skipDollar(quoted: boolean): void {
    while (this.text.startsWith('\\\n', this.pos + 1)) this.join(this.pos + 1);
    const next = this.text[this.pos + 1];
    if (next === '(') {
      while (this.text.startsWith('\\\n', this.pos + 2)) this.join(this.pos + 2);
      if (this.text[this.pos + 2] === '(' && this.skipArithmetic()) return;
      this.pos += 2;
      this.inner();
    } else if (next === '[' && !this.dialect.bash) this.hideBracket();
    else if (next === '{') this.skipBraces(quoted);
    else if (next === "'" && !quoted && this.dialect.extended) {
      this.pos++;
      this.skipAnsi();
    } else this.pos++;
  }

  /** `$((`...`))`; false (and nothing consumed) when it turns out to be a subshell inside `$( )`. */
  private skipArithmetic(): boolean {
    const { text, tokenStart } = this;
    const start = this.pos;
    this.pos += 3;
    let depth = 0;
    for (;;) {
      const c = this.text[this.pos];
      if (c === undefined) {
        if (this.dialect.bash) this.unterminated(')', start);
        this.unterminated('))', start);
      }
      if (c === ')' && depth === 0) break;
      if (c === '(') depth++;
      if (c === ')') depth--;
      if (c === '(' || c === ')') this.pos++;
      else this.skipPiece();
    }
    while (this.text.startsWith('\\\n', this.pos + 1)) this.join(this.pos + 1);
    if (this.text[this.pos + 1] === ')') {
      this.pos += 2;
      return true;
    }
    this.text = text;
    this.tokenStart = tokenStart;
    this.pos = start;
    return false;
  }

  private skipBraces(quoted: boolean): void {
    let start = this.pos;
    while (this.text.startsWith('\\\n', start + 2)) {
      this.join(start + 2);
      start += 2;
    }
    this.pos = start + 2;
    // ${#} ${#x} ${##} and the like: the operator characters after the name never open anything.
    const head = /^(?:[#!](?=[\w@*#?!$-]))?(?:\w+(?:\[[^\]]*\])?|[@*#?!$-])/.exec(
      this.text.slice(this.pos, this.pos + 200),
    )?.[0];
    // Inside double quotes an apostrophe quotes only in a pattern.
    const pattern = head !== undefined && /[#%/^,]/.test(this.text[this.pos + head.length] ?? '');
    for (;;) {
      const c = this.text[this.pos];
      if (c === undefined) this.unterminated('}', start);
      if (c === '}') break;
      if (c === "'" && quoted && !pattern) this.pos++;
      else this.skipPiece();
    }
    this.pos++;
  }

  private skipParentheses(start: number): void {
    for (let depth = 1; depth > 0; ) {
      const c = this.text[this.pos];
      if (c === undefined) this.unterminated(')', start);
      if (c === '(') depth++;
      if (c === ')') depth--;
      if (c === '(' || c === ')') this.pos++;
      else this.skipPiece();
    }
  }

  private readHeredocs(): void {
    for (const { delimiter, stripTabs } of this.heredocs.splice(0)) {
      for (;;) {
        if (this.pos >= this.text.length) {
          this.unclosedHeredoc(delimiter);
          break;
        }
        const end = this.text.indexOf('\n', this.pos);
        let line = this.text.slice(this.pos, end < 0 ? undefined : end);
        this.pos = end < 0 ? this.text.length : end + 1;
        if (stripTabs) line = line.replace(/^\t+/, '');
        if (line === delimiter) break;
      }
    }
  }

  /** The text ended inside a here-document: good enough for a file, but a terminal has more to come. */
  protected abstract unclosedHeredoc(delimiter: string): void;
}

/** A word's text without quotes: what a here-document's delimiter or a function's name is. */
export const unquote = (text: string): string =>
  text
    .replace(/\\\n/g, '')
    .replace(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\([\s\S])/g,
      (_, single, double, escaped) => single ?? (double !== undefined ? double.replace(/\\([\\"$`])/g, '$1') : escaped),
    );
