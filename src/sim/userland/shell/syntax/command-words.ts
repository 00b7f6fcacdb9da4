import type { Dialect } from '../dialect.ts';
import { ConditionReader } from './conditional.ts';
import type { Token } from './fault.ts';
import { bashReserved, closers, reserved } from './words.ts';

/**
 * Words at the places where a shell looks twice: the first of a command may be a keyword or an alias, the next too when
 * the alias ends in a blank. What they stand for is written into the text.
 */
export abstract class CommandWords extends ConditionReader {
  private delta = 0;
  private aliasEnds: { name: string; end: number }[] = [];
  private aliasNext = -1;

  constructor(
    text: string,
    start: number,
    dialect: Dialect,
    private readonly aliases: ReadonlyMap<string, string> | undefined,
  ) {
    super(text, start, dialect);
  }

  get grown(): number {
    return this.delta;
  }

  protected splice(at: number, remove: number, insert: string): void {
    this.text = this.text.slice(0, at) + insert + this.text.slice(at + remove);
    this.delta += insert.length - remove;
  }

  protected hideBracket(): void {
    this.splice(this.pos, 0, '\\');
    this.pos += 2;
  }

  private isReserved(text: string): boolean {
    if (reserved.has(text)) return true;
    if (this.dialect.bash) return bashReserved.has(text);
    return this.dialect.extended && text === 'function';
  }

  /** The token at the place of a command's first word: keywords count, aliases are replaced. */
  protected peekCommand(): Token {
    const token = this.peek();
    if (token.kind !== 'word' || token.keyword === false) return token;
    token.keyword = this.isReserved(token.text);
    if (token.keyword) return token;
    if (this.replaceAlias(token)) return this.peekCommand();
    if (bashReserved.has(token.text)) {
      // Not a keyword of this dialect: keep unbash from taking it for one.
      this.splice(token.start, 0, '\\');
      this.pos++;
    }
    return token;
  }

  private replaceAlias(token: Token): boolean {
    const value = this.aliases?.get(token.text);
    if (value === undefined) return false;
    this.aliasEnds = this.aliasEnds.filter((a) => a.end > token.start);
    if (this.aliasEnds.some((a) => a.name === token.text)) return false;
    const change = value.length - token.text.length;
    for (const open of this.aliasEnds) open.end += change;
    this.splice(token.start, token.text.length, value);
    this.aliasEnds.push({ name: token.text, end: token.start + value.length });
    this.aliasNext = /[ \t]$/.test(value) ? token.start + value.length : -1;
    this.pos = token.start;
    this.ahead = undefined;
    return true;
  }

  protected expect(word: string): void {
    const token = this.peekCommand();
    if (token.text !== word || (token.kind === 'word' && !token.keyword)) this.unexpected(token, word);
    this.take();
  }

  protected isCloser(token: Token): boolean {
    return (token.keyword || token.kind === 'operator') && closers.has(token.text);
  }

  /** The line ended inside an alias's text: its other lines belong to this command. */
  protected aliasGoesOn(): boolean {
    if (!this.aliasEnds.some((a) => a.end > this.pos)) return false;
    this.skipNewlines();
    return this.peek().kind !== 'eof';
  }

  protected simpleHead(): Token {
    const token = this.peek();
    // After the first word's place was looked at by command(), only assignments and redirections keep it open.
    if (token.kind === 'word' && token.keyword === undefined && this.replaceAlias(token)) return this.simpleHead();
    return token;
  }

  protected argument(): Token {
    const token = this.peek();
    if (this.aliasNext >= 0 && token.kind === 'word' && token.start >= this.aliasNext) {
      this.aliasNext = -1;
      if (this.replaceAlias(token)) {
        // What it stands for may be an alias again.
        const after = this.aliasNext;
        this.aliasNext = token.start;
        const first = this.argument();
        if (after >= 0 && this.aliasNext < 0) this.aliasNext = after;
        return first;
      }
    }
    return token;
  }
}
