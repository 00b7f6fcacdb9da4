import type { Token } from './fault.ts';
import { Scanner } from './scanner.ts';

/** Tokens with one of look-ahead, and the grammar inside `[[ ]]`. */
export abstract class ConditionReader extends Scanner {
  protected ahead: Token | undefined;

  protected peek(): Token {
    this.ahead ??= this.readToken();
    return this.ahead;
  }

  protected take(): Token {
    const token = this.peek();
    this.ahead = undefined;
    return token;
  }

  protected unexpected(token: Token, expecting?: string): never {
    if (token.kind === 'eof' && expecting === '$)' && this.dialect.bash) {
      const before = this.text.endsWith('\n') ? this.text.length - 1 : this.text.length;
      this.fail({ type: 'unterminated', closer: ')', atEnd: true }, before, true);
    }
    // dash and ash have counted the newline they stumble over.
    const counted = token.kind === 'newline' && !this.dialect.bash ? 1 : 0;
    const at = token.kind === 'eof' ? this.text.length : token.start + counted;
    return this.fail({ type: 'unexpected', token, expecting }, at, token.kind === 'eof');
  }

  protected skipNewlines(): void {
    while (this.peek().kind === 'newline') this.take();
  }

  /** `[[ ... ]]` as bash's parse.y reads it. */
  protected conditional(): void {
    const outer = this.extglob;
    this.extglob = true;
    this.condition();
    this.extglob = outer;
    const token = this.peek();
    if (token.kind !== 'word' || token.text !== ']]') this.refuse(token, 'syntax error in conditional expression');
    this.take();
  }

  /** bash's own message; what cannot be an operand is named. */
  private refuse(token: Token, text: string, named?: (name: string) => string): never {
    const name = token.kind === 'newline' || token.kind === 'eof' ? 'newline' : token.text;
    const shown = named && (token.kind !== 'word' || token.text === ']]') ? named(name) : text;
    return this.fail({ type: 'conditional', text: shown }, token.start, token.kind === 'eof');
  }

  private condition(): void {
    for (;;) {
      this.conditionTerm();
      const operator = this.peek();
      if (operator.text !== '&&' && operator.text !== '||') return;
      this.take();
    }
  }

  private conditionTerm(): void {
    this.skipNewlines();
    const token = this.peek();
    if (token.kind === 'operator' && token.text === '(') {
      this.take();
      this.condition();
      const close = this.peek();
      if (close.text !== ')')
        this.refuse(close, "expected `)'", (name) => `unexpected token \`${name}', expected \`)'`);
      this.take();
      this.skipNewlines();
      return;
    }
    if (token.kind !== 'word' || token.text === ']]') {
      if (token.kind === 'eof') this.unexpected(token);
      this.refuse(token, '', (name) => (name === ']]' ? '' : `unexpected token \`${name}' in conditional command`));
    }
    this.take();
    if (token.text === '!') {
      this.conditionTerm();
      return;
    }
    if (/^-[abcdefghknoprstuvwxzLOGSNR]$/.test(token.text)) this.operand('unary');
    else this.conditionBinary();
    this.skipNewlines();
  }

  private operand(kind: 'unary' | 'binary'): void {
    const token = this.peek();
    if (token.kind !== 'word' || token.text === ']]')
      this.refuse(token, '', (name) => `unexpected argument \`${name}' to conditional ${kind} operator`);
    this.take();
  }

  private conditionBinary(): void {
    const token = this.peek();
    const binary = /^(=|==|!=|=~|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(token.text);
    if (token.kind === 'word' && binary) {
      this.take();
      if (token.text === '=~') this.skipRegex();
      else this.operand('binary');
    } else if (token.kind === 'redirection' && (token.text === '<' || token.text === '>')) {
      this.take();
      this.operand('binary');
    } else if (token.text !== ']]' && token.text !== ')' && token.text !== '&&' && token.text !== '||') {
      const plain = token.kind === 'word' || token.kind === 'redirection';
      const text = 'conditional binary operator expected';
      this.refuse(token, text, plain ? undefined : (name) => `unexpected token \`${name}', ${text}`);
    }
  }

  private skipRegex(): void {
    this.skipBlanks();
    for (let depth = 0; this.pos < this.text.length; ) {
      const c = this.text[this.pos]!;
      if (depth === 0 && (/\s/.test(c) || c === ')')) break;
      if (c === '(') depth++;
      if (c === ')') depth--;
      if (c === '(' || c === ')' || c === '|') this.pos++;
      else this.skipPiece();
    }
    this.ahead = undefined;
  }
}
