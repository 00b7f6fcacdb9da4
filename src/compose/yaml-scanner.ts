/** Where something stands; counted from nought. */
export interface Mark {
  index: number;
  line: number;
  column: number;
}

export type TokenType =
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'sequence'
  | 'mapping'
  | 'block-end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  type: TokenType;
  mark: Mark;
}

/** A text that is no YAML: what yaml.v3 says, and in which line. Its lines are as it counts them, often one short. */
export class YamlProblem extends Error {
  constructor(
    problem: string,
    /** From nought. */
    readonly line: number,
  ) {
    super(line > 0 ? `line ${line}: ${problem}` : problem);
  }
}

interface SimpleKey {
  required: boolean;
  token: number;
  mark: Mark;
}

/**
 * The tokens of a YAML text as libyaml's scanner (the one of yaml.v3) finds them: without their values, only to tell what
 * is wrong with a text, and where, in its words.
 */
export class Scanner {
  private index = 0;
  private line = 0;
  private column = 0;
  private flow = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private keyAllowed = true;
  private readonly keys: (SimpleKey | undefined)[] = [undefined];
  private queue: Token[] = [];
  /** Tokens taken from the queue so far. */
  private taken = 0;

  constructor(
    private readonly text: string,
    /** Differs from Docker: yaml.v3 goes ten times as deep, and says so. */
    private readonly depth = 1000,
  ) {}

  peek(): Token {
    this.fill();
    return this.queue[0]!;
  }

  next(): Token {
    const token = this.peek();
    this.queue.shift();
    this.taken++;
    return token;
  }

  /** yaml.v3 looks two tokens ahead (the end repeats itself), and further while the first may yet turn out to be a key. */
  private fill(): void {
    for (;;) {
      const head = this.keys.findIndex((key) => key?.token === this.taken);
      if (this.queue.length > 2 && (head < 0 || !this.isValid(head))) return;
      this.fetch();
    }
  }

  private get mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  private at(offset = 0): string {
    return this.text[this.index + offset] ?? '';
  }

  private isBreak(offset = 0): boolean {
    return /[\r\n\u0085\u2028\u2029]/.test(this.at(offset));
  }

  private isBlank(offset = 0): boolean {
    const char = this.at(offset);
    return char === ' ' || char === '\t';
  }

  private isSpaceOrEnd(offset = 0): boolean {
    return this.at(offset) === '' || this.isBlank(offset) || this.isBreak(offset);
  }

  private skip(count = 1): void {
    this.index += count;
    this.column += count;
  }

  private skipBreak(): void {
    this.index += this.at() === '\r' && this.at(1) === '\n' ? 2 : 1;
    this.line++;
    this.column = 0;
  }

  private fail(problem: string, context: Mark = this.mark): never {
    const line = context.line !== 0 ? context.line : this.line;
    throw new YamlProblem(problem, line === 0 ? 0 : line + 1);
  }

  private isValid(at: number): boolean {
    const key = this.keys[at];
    if (!key) return false;
    if (key.mark.line === this.line && key.mark.index + 1024 >= this.index) return true;
    if (key.required) this.fail("could not find expected ':'", key.mark);
    this.keys[at] = undefined;
    return false;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    this.removeKey();
    const required = this.flow === 0 && this.indent === this.column;
    this.keys[this.keys.length - 1] = { required, token: this.taken + this.queue.length, mark: this.mark };
  }

  private removeKey(): void {
    const key = this.keys.at(-1);
    if (key?.required) this.fail("could not find expected ':'", key.mark);
    this.keys[this.keys.length - 1] = undefined;
  }

  private push(type: TokenType, mark = this.mark, at = this.queue.length): void {
    this.queue.splice(at, 0, { type, mark });
  }

  private rollIndent(column: number, type: TokenType, mark: Mark, at?: number): void {
    if (this.flow > 0 || this.indent >= column) return;
    if (this.indents.push(this.indent) > this.depth) this.fail('exceeded max depth of 10000');
    this.indent = column;
    this.push(type, mark, at);
  }

  private unrollIndent(column: number): void {
    if (this.flow > 0) return;
    while (this.indent > column) {
      this.push('block-end');
      this.indent = this.indents.pop()!;
    }
  }

  private fetch(): void {
    this.toToken();
    this.unrollIndent(this.column);
    this.scanHere()();
  }

  /** How what stands here is scanned. */
  private scanHere(): () => void {
    const char = this.at();
    if (char === '') return () => this.end();
    if (this.column === 0 && char === '%') return () => this.directive();
    if (this.isMarker()) return () => this.marker();
    if (char === '[' || char === '{') return () => this.open(char);
    if (char === ']' || char === '}') return () => this.close(char);
    if (char === ',') return () => this.entry();
    if (char === '-' && this.isSpaceOrEnd(1)) return () => this.item();
    if (char === '?' && (this.flow > 0 || this.isSpaceOrEnd(1))) return () => this.explicitKey();
    if (char === ':' && (this.flow > 0 || this.isSpaceOrEnd(1))) return () => this.value();
    if (char === '*' || char === '&') return () => this.name(char === '*' ? 'alias' : 'anchor');
    if (char === '!') return () => this.tag();
    if ((char === '|' || char === '>') && this.flow === 0) return () => this.blockScalar();
    if (char === "'" || char === '"') return () => this.quoted(char);
    if (this.startsPlain(char)) return () => this.plain();
    return () => this.fail('found character that cannot start any token');
  }

  private startsPlain(char: string): boolean {
    if (!/[\s\-?:,[\]{}#&*!|>'"%@`]/.test(char)) return true;
    if (char === '-') return !this.isBlank(1);
    return this.flow === 0 && (char === '?' || char === ':') && !this.isSpaceOrEnd(1);
  }

  /** Past blanks, comments and line ends. */
  private toToken(): void {
    for (;;) {
      if (this.index === 0 && this.at() === '\ufeff') this.skip();
      while (this.at() === ' ' || ((this.flow > 0 || !this.keyAllowed) && this.at() === '\t')) this.skip();
      if (this.at() === '#') while (this.at() !== '' && !this.isBreak()) this.skip();
      if (!this.isBreak()) return;
      this.skipBreak();
      if (this.flow === 0) this.keyAllowed = true;
    }
  }

  private end(): void {
    if (this.column !== 0) {
      this.column = 0;
      this.line++;
    }
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.push('stream-end');
  }

  private directive(): void {
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.push('directive');
    while (this.at() !== '' && !this.isBreak()) this.skip();
  }

  private isMarker(): boolean {
    const three = this.text.slice(this.index, this.index + 3);
    return this.column === 0 && (three === '---' || three === '...') && this.isSpaceOrEnd(3);
  }

  private marker(): void {
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.push(this.at() === '-' ? 'document-start' : 'document-end');
    this.skip(3);
  }

  private open(type: '[' | '{'): void {
    this.saveKey();
    this.keys.push(undefined);
    if (++this.flow > this.depth) this.fail('exceeded max depth of 10000');
    this.keyAllowed = true;
    this.push(type);
    this.skip();
  }

  private close(type: ']' | '}'): void {
    this.removeKey();
    if (this.flow > 0) {
      this.flow--;
      this.keys.pop();
    }
    this.keyAllowed = false;
    this.push(type);
    this.skip();
  }

  private entry(): void {
    this.removeKey();
    this.keyAllowed = true;
    this.push(',');
    this.skip();
  }

  private item(): void {
    if (this.flow === 0) {
      if (!this.keyAllowed) this.fail('block sequence entries are not allowed in this context');
      this.rollIndent(this.column, 'sequence', this.mark);
    }
    this.removeKey();
    this.keyAllowed = true;
    this.push('-');
    this.skip();
  }

  private explicitKey(): void {
    if (this.flow === 0) {
      if (!this.keyAllowed) this.fail('mapping keys are not allowed in this context');
      this.rollIndent(this.column, 'mapping', this.mark);
    }
    this.removeKey();
    this.keyAllowed = this.flow === 0;
    this.push('key');
    this.skip();
  }

  private value(): void {
    const top = this.keys.length - 1;
    if (this.isValid(top)) {
      const { token, mark } = this.keys[top]!;
      const at = token - this.taken;
      this.push('key', mark, at);
      this.rollIndent(mark.column, 'mapping', mark, at);
      this.keys[top] = undefined;
      this.keyAllowed = false;
    } else {
      if (this.flow === 0) {
        if (!this.keyAllowed) this.fail('mapping values are not allowed in this context');
        this.rollIndent(this.column, 'mapping', this.mark);
      }
      this.keyAllowed = this.flow === 0;
    }
    this.push('value');
    this.skip();
  }

  private name(type: 'alias' | 'anchor'): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.mark;
    this.push(type);
    this.skip();
    const from = this.index;
    while (/[\w-]/.test(this.at())) this.skip();
    if (this.index === from || !(this.isSpaceOrEnd() || /[?:,\]}%@`]/.test(this.at())))
      this.fail('did not find expected alphabetic or numeric character', start);
  }

  private tag(): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.mark;
    this.push('tag');
    while (!this.isSpaceOrEnd() && !(this.flow > 0 && /[,\]}]/.test(this.at()))) this.skip();
    if (!this.isSpaceOrEnd() && this.flow === 0) this.fail('did not find expected whitespace or line break', start);
  }

  private blockScalar(): void {
    this.removeKey();
    this.keyAllowed = true;
    const start = this.mark;
    this.push('scalar');
    this.skip();
    let more = 0;
    while (/[-+0-9]/.test(this.at())) {
      if (this.at() === '0') this.fail('found an indentation indicator equal to 0', start);
      if (/\d/.test(this.at())) more = Number(this.at());
      this.skip();
    }
    while (this.isBlank()) this.skip();
    if (this.at() === '#') while (this.at() !== '' && !this.isBreak()) this.skip();
    if (this.at() !== '' && !this.isBreak()) this.fail('did not find expected comment or line break', start);
    if (this.isBreak()) this.skipBreak();
    const indent = this.blockBreaks(more > 0 ? Math.max(this.indent, 0) + more : 0, start);
    while (this.column === indent && this.at() !== '') {
      while (this.at() !== '' && !this.isBreak()) this.skip();
      if (this.isBreak()) this.skipBreak();
      this.blockBreaks(indent, start);
    }
  }

  /** Past the indentation and empty lines of a block scalar; its indentation, found where it was not given. */
  private blockBreaks(given: number, start: Mark): number {
    let most = 0;
    for (;;) {
      while ((given === 0 || this.column < given) && this.at() === ' ') this.skip();
      most = Math.max(most, this.column);
      if ((given === 0 || this.column < given) && this.at() === '\t')
        this.fail('found a tab character where an indentation space is expected', start);
      if (!this.isBreak()) return given || Math.max(most, this.indent + 1, 1);
      this.skipBreak();
    }
  }

  private quoted(quote: string): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.mark;
    this.push('scalar');
    this.skip();
    while (this.at() !== quote || (quote === "'" && this.at(1) === "'")) {
      if (this.isMarker()) this.fail('found unexpected document indicator', start);
      if (this.at() === '') this.fail('found unexpected end of stream', start);
      if (this.isBreak()) this.skipBreak();
      else if (quote === '"' && this.at() === '\\') this.escape(start);
      else this.skip(this.at() === quote ? 2 : 1);
    }
    this.skip();
  }

  private escape(start: Mark): void {
    this.skip();
    if (this.isBreak()) {
      this.skipBreak();
      return;
    }
    if (!/[0abt\tnvfre "'/\\N_LPxuU]/.test(this.at())) this.fail('found unknown escape character', start);
    const length = { x: 2, u: 4, U: 8 }[this.at()] ?? 0;
    this.skip();
    for (let i = 0; i < length; i++) {
      if (!/[0-9a-fA-F]/.test(this.at())) this.fail('did not find expected hexdecimal number', start);
      this.skip();
    }
  }

  private plain(): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.mark;
    const indent = this.indent + 1;
    this.push('scalar');
    let broken = false;
    while (!this.isMarker() && this.at() !== '#') {
      while (!this.isSpaceOrEnd() && !this.endsPlain()) {
        this.skip();
        broken = false;
      }
      if (!this.isBlank() && !this.isBreak()) break;
      while (this.isBlank() || this.isBreak())
        if (this.isBreak()) {
          this.skipBreak();
          broken = true;
        } else {
          if (broken && this.column < indent && this.at() === '\t')
            this.fail('found a tab character that violates indentation', start);
          this.skip();
        }
      if (this.flow === 0 && this.column < indent) break;
      if (this.endsPlain()) break;
    }
    if (broken) this.keyAllowed = true;
  }

  private endsPlain(): boolean {
    if (this.at() === ':' && this.isSpaceOrEnd(1)) return true;
    if (this.flow === 0) return false;
    return /[,[\]{}]/.test(this.at()) || (this.at() === '?' && this.isSpaceOrEnd(1));
  }
}
