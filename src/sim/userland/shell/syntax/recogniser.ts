import type { Dialect } from '../dialect.ts';
import { CommandWords } from './command-words.ts';
import { SyntaxFault, type Token } from './fault.ts';
import { unquote } from './scanner.ts';
import { assignment, identifier, specialBuiltins } from './words.ts';

/**
 * Recognises one complete command of a dialect: finds where it ends, or the very token at which that shell would give
 * up. The tree itself is made by unbash, which parses one dialect (bash) with errors of its own; what it would read
 * otherwise than the dialect does (`[[` in dash, aliases) is rewritten here into text that it reads the same.
 */
export interface Recognised {
  /** For the tree builder: the command's text after aliases and rewriting. */
  source: string;
  /** Where the next command begins, in the text that was given. */
  end: number;
  /** Only blanks and comments. */
  empty: boolean;
  /** A here-document ran into the end of the text. */
  unclosed?: { delimiter: string; line: number };
}

export interface RecogniserOptions {
  aliases?: ReadonlyMap<string, string>;
  extglob?: boolean;
  /** An unclosed here-document counts as incomplete. */
  interactive?: boolean;
}

class Recogniser extends CommandWords {
  /** Inside ash's `[[`, where && and || are operators of the test. */
  private brackets = false;
  unclosed: Recognised['unclosed'];

  constructor(
    text: string,
    start: number,
    dialect: Dialect,
    private readonly options: RecogniserOptions,
  ) {
    super(text, start, dialect, options.aliases);
    this.extglob = dialect.bash && Boolean(options.extglob);
  }

  /** Another line must be read: the text ends in a line continuation. */
  wantMore(): void {
    if (this.continued) this.unexpected({ kind: 'eof', text: '', start: this.text.length });
  }

  /** One line of commands; returns whether there was any. Leaves `pos` behind its newline. */
  topLevel(): boolean {
    const first = this.peekCommand();
    if (first.kind === 'eof') return false;
    if (first.kind === 'newline') {
      this.take();
      return false;
    }
    this.lineList();
    return true;
  }

  private lineList(): void {
    for (;;) {
      this.andOr();
      const token = this.peek();
      if (token.text === ';' || token.text === '&') {
        this.takeSeparator();
        if (this.peek().kind === 'newline' || this.peek().kind === 'eof') {
          this.take();
          if (this.aliasGoesOn()) continue;
          this.flushHeredocs();
          return;
        }
        continue;
      }
      if (token.kind === 'newline' || token.kind === 'eof') {
        this.take();
        if (this.aliasGoesOn()) continue;
        this.flushHeredocs();
        return;
      }
      this.peekCommand();
      this.unexpected(token);
      return;
    }
  }

  /** `&>` is two tokens in dash, one to unbash. */
  private takeSeparator(): void {
    if (this.take().text !== '&' || this.dialect.extended || this.text[this.pos] !== '>') return;
    this.splice(this.pos, 0, ' ');
  }

  private flushHeredocs(): void {
    for (const { delimiter } of this.heredocs.splice(0)) this.unclosedHeredoc(delimiter);
  }

  protected unclosedHeredoc(delimiter: string): void {
    if (this.options.interactive) this.fail({ type: 'heredoc', delimiter }, this.text.length, true);
    this.unclosed ??= { delimiter, line: this.lineAt(this.text.length) };
  }

  /** A list inside a compound command: newlines separate; ends before a closing word. It must not be empty. */
  private compoundList(): void {
    this.skipNewlines();
    for (let first = true; ; first = false) {
      const token = this.peekCommand();
      if (!first && (this.isCloser(token) || token.kind === 'eof')) return;
      if (!this.dialect.bash && token.kind === 'eof') return;
      this.andOr();
      const separator = this.peek();
      if (separator.text === ';' || separator.text === '&') this.takeSeparator();
      else if (separator.kind !== 'newline') {
        this.peekCommand();
        return;
      }
      this.skipNewlines();
    }
  }

  private andOr(): void {
    this.pipeline();
    while (this.peek().text === '&&' || this.peek().text === '||') {
      this.take();
      this.skipNewlines();
      this.pipeline();
    }
  }

  private pipeline(): void {
    let token = this.peekCommand();
    while (token.keyword && (token.text === '!' || token.text === 'time')) {
      this.take();
      if (!this.dialect.bash) break;
      if (token.text === 'time' && this.peek().text === '-p') this.take();
      const next = this.peekCommand();
      if (this.dialect.bash && (next.kind === 'newline' || next.kind === 'eof' || next.text === ';')) return;
      token = next;
    }
    this.command();
    while (this.peek().text === '|' || this.peek().text === '|&') {
      this.take();
      this.skipNewlines();
      this.command();
    }
  }

  private command(): void {
    const token = this.peekCommand();
    if (token.kind === 'operator' && token.text === '(') {
      this.parenthesis(token);
      this.redirections();
      return;
    }
    if (token.kind === 'operator' || token.kind === 'newline' || token.kind === 'eof') this.unexpected(token);
    if (!token.keyword) {
      this.simple();
      return;
    }
    if (token.text === 'function') {
      this.functionKeyword();
      return;
    }
    if (token.text === 'coproc') {
      this.take();
      this.coprocess();
      return;
    }
    this.compound(token);
    this.redirections();
  }

  private coprocess(): void {
    const next = this.peekCommand();
    if (next.kind === 'word' && !next.keyword) {
      const rest = this.text.slice(this.pos);
      if (/^\s*[{(]/.test(rest)) this.take();
    }
    this.command();
  }

  private compound(token: Token): void {
    const parsers: Record<string, () => void> = {
      '{': () => this.group(),
      if: () => this.ifClause(),
      while: () => this.loop(),
      until: () => this.loop(),
      for: () => this.forClause(),
      select: () => this.forClause(),
      case: () => this.caseClause(),
      '[[': () => this.conditional(),
    };
    const parser = parsers[token.text];
    if (!parser) this.unexpected(token);
    this.take();
    parser();
  }

  private parenthesis(token: Token): void {
    if (this.text[token.start + 1] === '(') {
      if (this.dialect.bash && this.arithmeticCommand(token.start)) return;
      if (!this.dialect.bash) this.splice(token.start + 1, 0, ' ');
    }
    this.take();
    this.compoundList();
    this.expect(')');
  }

  private arithmeticCommand(start: number): boolean {
    const saved = this.pos;
    this.ahead = undefined;
    this.pos = start + 2;
    for (let depth = 0; this.pos < this.text.length; ) {
      const c = this.text[this.pos]!;
      if (c === ')' && depth === 0) {
        if (this.text[this.pos + 1] !== ')') break;
        this.pos += 2;
        return true;
      }
      if (c === '(') depth++;
      if (c === ')') depth--;
      if (c === '(' || c === ')' || c === '#') this.pos++;
      else this.skipPiece();
    }
    if (this.pos >= this.text.length) this.unterminated(')', start);
    this.pos = saved;
    this.ahead = { kind: 'operator', text: '(', start };
    return false;
  }

  private group(): void {
    this.compoundList();
    this.expect('}');
  }

  private ifClause(): void {
    this.compoundList();
    this.expect('then');
    this.compoundList();
    for (;;) {
      const token = this.peekCommand();
      if (token.keyword && token.text === 'elif') {
        this.take();
        this.compoundList();
        this.expect('then');
        this.compoundList();
      } else if (token.keyword && token.text === 'else') {
        this.take();
        this.compoundList();
        break;
      } else break;
    }
    this.expect('fi');
  }

  private loop(): void {
    this.compoundList();
    this.doGroup();
  }

  private doGroup(): void {
    if (this.dialect.bash && this.peekCommand().text === '{') {
      this.take();
      this.group();
      return;
    }
    this.expect('do');
    this.compoundList();
    this.expect('done');
  }

  private forClause(): void {
    const name = this.peek();
    if (this.dialect.bash && name.text === '(' && this.text[name.start + 1] === '(') {
      if (!this.arithmeticCommand(name.start)) this.unexpected(name);
      if (this.peek().text === ';') this.take();
      this.skipNewlines();
      this.doGroup();
      return;
    }
    if (name.kind !== 'word') {
      if (this.dialect.bash) this.unexpected(this.lineEnd(name));
      const counted = name.kind === 'newline' ? 1 : 0;
      this.fail({ type: 'for-variable', name: name.text }, name.start + counted, name.kind === 'eof');
    }
    if (!identifier.test(name.text) && !this.dialect.bash) {
      this.fail({ type: 'for-variable', name: name.text }, name.start);
    }
    this.take();
    this.skipNewlines();
    const next = this.peekCommand();
    if (next.keyword && next.text === 'in') {
      this.take();
      while (this.peek().kind === 'word') this.take();
      const end = this.peek();
      if (end.text !== ';' && end.kind !== 'newline') this.unexpected(end);
      this.take();
    } else if (next.text === ';' && next.kind === 'operator') this.take();
    this.skipNewlines();
    this.doGroup();
  }

  private caseClause(): void {
    const subject = this.take();
    if (subject.kind !== 'word') this.unexpected(subject, this.dialect.bash ? undefined : 'word');
    this.skipNewlines();
    this.expect('in');
    for (;;) {
      this.skipNewlines();
      const token = this.peekPattern();
      if (token.kind === 'word' && token.text === 'esac') {
        this.take();
        return;
      }
      this.casePattern();
      this.skipNewlines();
      const body = this.peekCommand();
      if (!(this.isCloser(body) && body.text !== '}')) this.compoundList();
      const end = this.peekCommand();
      if (end.kind === 'operator' && end.text.startsWith(';')) this.take();
      else if (end.keyword && end.text === 'esac') {
        this.take();
        return;
      } else this.unexpected(end, ';;');
    }
  }

  private peekPattern(): Token {
    const token = this.peek();
    if (token.kind === 'word' && token.text === 'esac') token.keyword = true;
    return token;
  }

  private casePattern(): void {
    if (this.peek().text === '(') this.take();
    for (;;) {
      const word = this.take();
      // dash and ash look at the pattern only when they find no `)` behind it.
      if (word.kind !== 'word' && this.dialect.bash) this.unexpected(word, undefined);
      const next = this.take();
      if (next.text === ')') return;
      if (next.text !== '|') this.unexpected(next, this.dialect.bash ? undefined : ')');
    }
  }

  private functionKeyword(): void {
    this.take();
    const name = this.take();
    if (name.kind !== 'word') this.unexpected(name);
    if (this.peek().text === '(') {
      this.take();
      this.expect(')');
    }
    this.functionBody();
  }

  private functionBody(): void {
    this.skipNewlines();
    const token = this.peekCommand();
    if (this.dialect.bash && !(token.keyword || token.text === '(')) this.unexpected(token);
    this.command();
  }

  private redirections(): void {
    while (this.peek().kind === 'redirection') this.redirection();
  }

  /** bash reads a newline behind the last line of its input, which comes before the end. */
  private lineEnd(token: Token): Token {
    return this.dialect.bash && token.kind === 'eof' ? { ...token, kind: 'newline', text: '\n' } : token;
  }

  private redirection(): void {
    const operator = this.take();
    const target = this.peek();
    if (operator.text.endsWith('<<') && !this.dialect.bash && this.text[this.pos] === '<' && target.kind !== 'word') {
      this.unexpected(target);
    }
    if (target.kind !== 'word') this.unexpected(this.lineEnd(target));
    this.take();
    if (/<<-?$/.test(operator.text) && !operator.text.endsWith('<<<')) {
      this.heredocs.push({ delimiter: unquote(target.text), stripTabs: operator.text.endsWith('-') });
    }
  }

  private simple(): void {
    let words = 0;
    let assignments = 0;
    let redirects = 0;
    for (;;) {
      const token = words === 0 ? this.simpleHead() : this.argument();
      if (token.kind === 'redirection') {
        redirects++;
        this.redirection();
      } else if (token.kind === 'word') {
        this.take();
        const isAssignment = assignment.test(token.text) && (words === 0 || this.dialect.bash);
        if (!this.dialect.bash && this.hideForeign(token)) {
          words++;
          continue;
        }
        if (token.text === '[[' && words === 0) this.brackets = true;
        if (token.text === ']]') this.brackets = false;
        if (isAssignment && words === 0) assignments++;
        else words++;
        if (isAssignment && this.dialect.bash && token.text.endsWith('=') && this.text[this.pos] === '(') {
          this.arrayValue();
        }
      } else if (this.brackets && this.dialect.name === 'ash' && (token.text === '&&' || token.text === '||')) {
        this.take();
        this.splice(token.start, 2, token.text === '&&' ? ' -a ' : ' -o ');
        this.pos += 2;
      } else if (token.text === '(' && token.kind === 'operator') {
        if (words !== 1 || assignments || redirects) {
          // The others only see that the command has ended, and want what is to close it.
          if (!this.dialect.bash) return;
          this.unexpected(token);
        }
        this.functionDefinition();
        return;
      } else return;
    }
  }

  /** What unbash would read as bash does and this dialect does not: `a[i]=`, `a+=`, `{fd}>`. */
  private hideForeign(token: Token): boolean {
    // A backslash takes away what comes next: the `=` of a subscript that ends in this word, else its bracket.
    const name = /^[A-Za-z_]\w*(?:\[.*?\](?=\+?=)|(?=\+=)|(?=\[[^\]]*$))/s.exec(token.text)?.[0];
    const descriptor = /^\{\w+\}$/.test(token.text) && /[<>]/.test(this.text[this.pos] ?? '');
    if (name === undefined && !descriptor) return false;
    this.splice(token.start + (name?.length ?? 0), 0, '\\');
    this.pos++;
    return true;
  }

  private arrayValue(): void {
    this.take();
    for (;;) {
      const token = this.take();
      if (token.text === ')' && token.kind === 'operator') return;
      if (token.kind === 'eof') this.unterminated(')', token.start);
      if (token.kind !== 'word' && token.kind !== 'newline') this.unexpected(token);
    }
  }

  private functionDefinition(): void {
    const nameEnd = this.text.slice(0, this.peek().start).trimEnd();
    const name = /\S+$/.exec(nameEnd)?.[0] ?? '';
    this.take();
    const close = this.peek();
    if (close.text !== ')') {
      // bash reads a newline behind the last line of its input.
      const atEnd = this.dialect.bash && close.kind === 'eof';
      this.unexpected(atEnd ? { ...close, kind: 'newline' } : close, ')');
    }
    this.take();
    if (!this.dialect.bash && !identifier.test(name) && !/^[\w.-]+$/.test(name)) {
      this.fail({ type: 'function-name', name }, nameEnd.length);
    }
    if (!this.dialect.bash && specialBuiltins.has(name)) {
      this.fail({ type: 'function-name', name }, nameEnd.length);
    }
    if (this.dialect.name === 'dash' && !identifier.test(name)) {
      this.fail({ type: 'function-name', name }, nameEnd.length);
    }
    this.functionBody();
  }

  protected nested(): void {
    try {
      this.substitution();
    } catch (error) {
      if (error instanceof SyntaxFault) error.nested = true;
      throw error;
    }
  }

  protected backquoted(body: string, at: number): void {
    const text = body.replace(/\\([$`\\])/g, '$1');
    const inner = new Recogniser(text, 0, this.dialect, { ...this.options, interactive: false });
    try {
      while (inner.topLevel());
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      const line = this.lineAt(at) + error.line - 1;
      throw new SyntaxFault(error.fault, line, false, error.lineText);
    }
  }

  private substitution(): void {
    const outer = this.ahead;
    const heredocs = this.heredocs.splice(0);
    this.ahead = undefined;
    this.skipNewlines();
    while (this.peekCommand().text !== ')' || this.peek().kind !== 'operator') {
      this.compoundListInside();
      const token = this.peekCommand();
      if (token.text !== ')') this.unexpected(token, this.dialect.bash ? '$)' : ')');
    }
    this.take();
    this.heredocs.push(...heredocs);
    this.ahead = outer;
  }

  private compoundListInside(): void {
    const token = this.peekCommand();
    if (token.kind === 'eof' || (!this.dialect.bash && this.isCloser(token)))
      this.unexpected(token, this.dialect.bash ? '$)' : ')');
    this.compoundList();
  }
}

/** Throws SyntaxFault. `from` is where the command begins in `text`. */
export const recognise = (
  text: string,
  from: number,
  dialect: Dialect,
  options: RecogniserOptions = {},
): Recognised => {
  const recogniser = new Recogniser(text, from, dialect, options);
  const any = recogniser.topLevel();
  if (options.interactive) recogniser.wantMore();
  return {
    source: any ? recogniser.text.slice(from, recogniser.pos) : '',
    end: recogniser.pos - recogniser.grown,
    empty: !any,
    unclosed: recogniser.unclosed,
  };
};
