import { AwkError, type Token, tokenize } from './lexer.ts';
import type { AwkFunction, Expression, Rule, Script, Statement } from './syntax.ts';

/** BusyBox reads 010 as octal. */
const numberOf = (text: string, busybox: boolean): number =>
  busybox && /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);

/** Recursive descent, in the order of awk's precedences from lowest to highest. */
export class Parser {
  private readonly tokens: Token[];
  private at = 0;
  /** Open braces. */
  private depth = 0;
  private loops = 0;
  private inFunction = false;
  /** Inside `print ...`: a bare > redirects. */
  private noGreater = false;
  private noIn = false;
  /** Functions that are called, and the last line: mawk complains of what is not defined before it runs. */
  readonly called = new Set<string>();
  constructor(
    source: string,
    private readonly busybox = false,
  ) {
    this.tokens = tokenize(source, busybox);
  }

  parse(): Script {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.skipNewlines(); this.peek().kind !== 'end'; this.skipNewlines(true)) {
      if (this.isKeyword('function')) {
        const made = this.func();
        functions.set(made.name, made);
      } else rules.push(this.rule());
    }
    const missing = [...this.called].find((name) => !functions.has(name));
    if (missing && !this.busybox) throw new AwkError(`line ${this.peek().line}: function ${missing} never defined`);
    return { rules, functions };
  }

  private peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }
  private is(text: string): boolean {
    const token = this.peek();
    return token.kind === 'op' && token.text === text;
  }
  private isKeyword(text: string): boolean {
    const token = this.peek();
    return token.kind === 'keyword' && token.text === text;
  }
  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }
  private expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }
  private fail(): never {
    const token = this.peek();
    if (token.kind === 'end' && this.depth > 0) throw new AwkError(`line ${token.line}: missing } near end of file`);
    if (token.text === ')' && token.kind === 'op') throw new AwkError(`line ${token.line}: extra ')'`);
    const what =
      token.kind === 'end' || (token.kind === 'newline' && this.peek(1).kind === 'end')
        ? 'unexpected newline or end of string'
        : `syntax error at or near ${token.kind === 'newline' ? 'end of line' : token.text}`;
    throw new AwkError(
      what.startsWith('unexpected')
        ? `line ${token.line}: syntax error at or near end of line`
        : `line ${token.line}: ${what}`,
    );
  }
  private skipNewlines(semicolons = false): void {
    while (this.peek().kind === 'newline' || (semicolons && this.is(';'))) this.at++;
  }

  private func(): AwkFunction {
    this.at++;
    const name = this.peek().text;
    this.at++;
    this.expect('(');
    const parameters: string[] = [];
    while (!this.accept(')')) {
      parameters.push(this.peek().text);
      this.at++;
      this.accept(',');
      this.skipNewlines();
    }
    this.skipNewlines();
    this.inFunction = true;
    const body = this.block();
    this.inFunction = false;
    return { name, parameters, body };
  }

  private rule(): Rule {
    for (const [word, kind] of [
      ['BEGIN', 'begin'],
      ['END', 'end'],
    ] as const) {
      if (this.isKeyword(word)) {
        this.at++;
        return { kind, body: this.block() };
      }
    }
    if (this.is('{')) return { kind: 'pattern', body: this.block() };
    const pattern = this.expression();
    if (this.accept(',')) {
      this.skipNewlines();
      const until = this.expression();
      return { kind: 'range', pattern, until, body: this.is('{') ? this.block() : undefined };
    }
    return { kind: 'pattern', pattern, body: this.is('{') ? this.block() : undefined };
  }

  private block(): Statement {
    this.expect('{');
    this.depth++;
    const body: Statement[] = [];
    for (this.skipNewlines(true); !this.accept('}'); this.skipNewlines(true)) {
      if (this.peek().kind === 'end') this.fail();
      body.push(this.statement());
    }
    this.depth--;
    return { kind: 'block', body };
  }

  private terminator(): void {
    if (this.is('}') || this.peek().kind === 'end') return;
    if (this.peek().kind === 'newline' || this.is(';')) this.at++;
    else this.fail();
  }

  /** The body of if, while, for: perhaps on the next line, perhaps empty. */
  private body(): Statement {
    if (this.accept(';')) return { kind: 'block', body: [] };
    this.skipNewlines();
    return this.statement();
  }

  private loopBody(): Statement {
    this.loops++;
    const made = this.body();
    this.loops--;
    return made;
  }

  private misplaced({ text, line }: Token, needs: 'loop' | 'function'): never {
    if (this.busybox) throw new AwkError(`line ${line}: '${text}' not in a ${needs}`);
    const what = needs === 'loop' ? `${text} statement outside of loop` : `${text} outside function body`;
    throw new AwkError(`line ${line}: ${what}`);
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    const token = this.peek();
    if (token.kind !== 'keyword' || token.text === 'getline') return this.simpleEnd();
    switch (token.text) {
      case 'if':
        return this.ifStatement();
      case 'while': {
        this.at++;
        const test = this.parenthesised();
        return { kind: 'while', test, body: this.loopBody() };
      }
      case 'do': {
        this.at++;
        const body = this.loopBody();
        this.skipNewlines(true);
        if (!this.isKeyword('while')) this.fail();
        this.at++;
        const test = this.parenthesised();
        this.terminator();
        return { kind: 'do', test, body };
      }
      case 'for':
        return this.forStatement();
      case 'break':
      case 'continue':
        if (this.loops === 0) this.misplaced(token, 'loop');
        this.at++;
        this.terminator();
        return { kind: token.text };
      case 'next':
      case 'nextfile':
        this.at++;
        this.terminator();
        return { kind: token.text };
      case 'exit':
      case 'return': {
        if (token.text === 'return' && !this.inFunction && !this.busybox) this.misplaced(token, 'function');
        this.at++;
        const bare = this.peek().kind === 'newline' || this.is(';') || this.is('}');
        const value = bare ? undefined : this.expression();
        this.terminator();
        return { kind: token.text, value };
      }
      default:
        return this.simpleEnd();
    }
  }

  private simpleEnd(): Statement {
    const made = this.simple();
    this.terminator();
    return made;
  }

  private parenthesised(): Expression {
    this.expect('(');
    const made = this.expression();
    this.expect(')');
    return made;
  }

  private ifStatement(): Statement {
    this.at++;
    const test = this.parenthesised();
    const yes = this.body();
    const back = this.at;
    this.skipNewlines(true);
    if (!this.isKeyword('else')) {
      this.at = back;
      return { kind: 'if', test, yes };
    }
    this.at++;
    return { kind: 'if', test, yes, no: this.body() };
  }

  private forStatement(): Statement {
    this.at++;
    this.expect('(');
    if (
      this.peek().kind === 'name' &&
      this.peek(1).text === 'in' &&
      this.peek(2).kind === 'name' &&
      this.peek(3).text === ')'
    ) {
      const [name, array] = [this.peek().text, this.peek(2).text];
      this.at += 4;
      return { kind: 'forIn', name, array, body: this.loopBody() };
    }
    const start = this.is(';') ? undefined : this.simple();
    this.expect(';');
    this.skipNewlines();
    const test = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.skipNewlines();
    const step = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return { kind: 'for', start, test, step, body: this.loopBody() };
  }

  private simple(): Statement {
    if (this.isKeyword('delete')) {
      this.at++;
      const array = this.peek().text;
      this.at++;
      if (!this.accept('[')) return { kind: 'delete', array };
      const subscript = this.list(']');
      return { kind: 'delete', array, subscript };
    }
    if (this.isKeyword('print') || this.isKeyword('printf')) return this.print();
    return { kind: 'expression', value: this.expression() };
  }

  private print(): Statement {
    const format = this.peek().text === 'printf';
    this.at++;
    let args: Expression[] = [];
    const saved = this.noGreater;
    this.noGreater = true;
    const ends = () =>
      this.peek().kind === 'newline' || this.is(';') || this.is('}') || this.is('>') || this.is('>>') || this.is('|');
    if (!ends()) {
      const back = this.at;
      if (this.accept('(')) {
        this.noGreater = false;
        args = this.list(')');
        this.noGreater = true;
        // `print (1)(2)` and `print (1) + 2` are expressions after all.
        if (!ends() && this.peek().kind !== 'end') {
          this.at = back;
          args = this.commaList();
        }
      } else args = this.commaList();
    }
    this.noGreater = saved;
    for (const operator of ['>>', '>', '|']) {
      if (this.accept(operator)) return { kind: 'print', format, args, redirect: { operator, to: this.target() } };
    }
    return { kind: 'print', format, args };
  }

  /** Where print writes: a concatenation, or a choice of two. */
  private target(): Expression {
    const test = this.concatenation(true);
    if (!this.accept('?')) return test;
    const yes = this.expression();
    this.expect(':');
    return { kind: 'conditional', test, yes, no: this.expression() };
  }

  private commaList(): Expression[] {
    const out = [this.expression()];
    while (this.accept(',')) {
      this.skipNewlines();
      out.push(this.expression());
    }
    return out;
  }
  private list(close: string): Expression[] {
    const out: Expression[] = [];
    this.skipNewlines();
    while (!this.accept(close)) {
      out.push(this.expression());
      this.skipNewlines();
      if (!this.is(close)) this.expect(',');
      this.skipNewlines();
    }
    return out;
  }

  private expression(): Expression {
    const left = this.ternary();
    const token = this.peek();
    if (token.kind === 'op' && /^([-+*/%^]?=)$/.test(token.text) && isTarget(left)) {
      this.at++;
      this.skipNewlines();
      return { kind: 'assign', operator: token.text.slice(0, -1), target: left, value: this.expression() };
    }
    return left;
  }

  private ternary(): Expression {
    const test = this.or();
    if (!this.accept('?')) return test;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(':');
    this.skipNewlines();
    return { kind: 'conditional', test, yes, no: this.expression() };
  }

  private or(): Expression {
    let left = this.and();
    while (this.accept('||')) {
      this.skipNewlines();
      left = { kind: 'binary', operator: '||', left, right: this.and() };
    }
    return left;
  }
  private and(): Expression {
    let left = this.membership();
    while (this.accept('&&')) {
      this.skipNewlines();
      left = { kind: 'binary', operator: '&&', left, right: this.membership() };
    }
    return left;
  }
  private membership(): Expression {
    let left = this.matching();
    while (!this.noIn && this.isKeyword('in')) {
      this.at++;
      left = { kind: 'in', subscript: [left], array: this.peek().text };
      this.at++;
    }
    return left;
  }
  private matching(): Expression {
    let left = this.comparison();
    for (;;) {
      const negated = this.is('!~');
      if (!negated && !this.is('~')) return left;
      this.at++;
      left = { kind: 'match', negated, left, right: this.comparison() };
    }
  }
  private comparison(): Expression {
    const left = this.concatenation();
    const token = this.peek();
    if (token.kind !== 'op' || !/^(<|<=|==|!=|>=|>)$/.test(token.text)) return this.pipes(left);
    if (token.text === '>' && this.noGreater) return left;
    this.at++;
    return { kind: 'binary', operator: token.text, left, right: this.concatenation() };
  }

  /** "command" | getline [target] */
  private pipes(left: Expression): Expression {
    while (this.is('|') && this.peek(1).text === 'getline') {
      this.at += 2;
      left = { kind: 'getline', from: 'command', source: left, target: this.optionalTarget() };
    }
    return left;
  }

  private concatenation(noIn = false): Expression {
    let left = this.additive();
    while (this.startsOperand() && !(noIn && this.isKeyword('in'))) {
      left = { kind: 'binary', operator: ' ', left, right: this.additive() };
    }
    return left;
  }
  private startsOperand(): boolean {
    const token = this.peek();
    if (/^(number|string|regexp|name|call|builtin)$/.test(token.kind)) return true;
    return token.kind === 'op' && /^(\$|!|\(|-|\+|\+\+|--)$/.test(token.text);
  }

  private additive(): Expression {
    let left = this.multiplicative();
    while (this.is('+') || this.is('-')) {
      const operator = this.peek().text;
      this.at++;
      left = { kind: 'binary', operator, left, right: this.multiplicative() };
    }
    return left;
  }
  private multiplicative(): Expression {
    let left = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.peek().text;
      this.at++;
      left = { kind: 'binary', operator, left, right: this.unary() };
    }
    return left;
  }
  private unary(): Expression {
    const token = this.peek();
    if (token.kind === 'op' && /^[-+!]$/.test(token.text)) {
      this.at++;
      return { kind: 'unary', operator: token.text, operand: this.unary() };
    }
    return this.power();
  }
  private power(): Expression {
    const left = this.postfix();
    if (!this.accept('^')) return left;
    let made: Expression = { kind: 'binary', operator: '^', left, right: this.unaryPower(!this.busybox) };
    // BusyBox takes powers from the left.
    while (this.busybox && this.accept('^'))
      made = { kind: 'binary', operator: '^', left: made, right: this.unaryPower(false) };
    return made;
  }
  private unaryPower(chained = true): Expression {
    const token = this.peek();
    if (token.kind === 'op' && /^[-+!]$/.test(token.text)) {
      this.at++;
      return { kind: 'unary', operator: token.text, operand: this.unaryPower(chained) };
    }
    return chained ? this.power() : this.postfix();
  }
  private postfix(): Expression {
    const operand = this.primary();
    if (isTarget(operand) && (this.is('++') || this.is('--'))) {
      const by = this.peek().text === '++' ? 1 : -1;
      this.at++;
      return { kind: 'step', target: operand, by, prefix: false };
    }
    return operand;
  }

  private primary(): Expression {
    const token = this.peek();
    this.at++;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: numberOf(token.text, this.busybox) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regexp':
        return { kind: 'regexp', source: token.text };
      case 'builtin':
        return { kind: 'builtin', name: token.text, args: this.accept('(') ? this.list(')') : [] };
      case 'call':
        this.at++;
        this.called.add(token.text);
        return { kind: 'call', name: token.text, args: this.list(')') };
      case 'name':
        return this.accept('[')
          ? { kind: 'element', array: token.text, subscript: this.list(']') }
          : { kind: 'variable', name: token.text };
      case 'keyword':
        if (token.text === 'getline') return this.getline();
        break;
      case 'op':
        return this.operatorPrimary(token);
    }
    this.at--;
    return this.fail();
  }

  private operatorPrimary(token: Token): Expression {
    if (token.text === '$') {
      if (this.is('++') || this.is('--')) {
        const by = this.peek().text === '++' ? 1 : -1;
        this.at++;
        return { kind: 'field', index: { kind: 'step', target: this.primary(), by, prefix: true } };
      }
      return { kind: 'field', index: this.is('-') ? this.unary() : this.primary() };
    }
    if (token.text === '++' || token.text === '--') {
      return { kind: 'step', target: this.primary(), by: token.text === '++' ? 1 : -1, prefix: true };
    }
    if (token.text !== '(') {
      this.at--;
      return this.fail();
    }
    const [savedGreater, savedIn] = [this.noGreater, this.noIn];
    this.noGreater = this.noIn = false;
    const inner = this.list(')');
    this.noGreater = savedGreater;
    this.noIn = savedIn;
    if (inner.length > 1 || this.isKeyword('in')) {
      if (!this.isKeyword('in')) return this.fail();
      this.at++;
      const array = this.peek().text;
      this.at++;
      return { kind: 'in', subscript: inner, array };
    }
    return { kind: 'group', inner: inner[0] ?? this.fail() };
  }

  private optionalTarget(): Expression | undefined {
    const token = this.peek();
    if (token.kind === 'name' || (token.kind === 'op' && token.text === '$')) return this.primary();
    return undefined;
  }
  private getline(): Expression {
    const target = this.optionalTarget();
    if (!this.accept('<')) return { kind: 'getline', from: 'main', target };
    return { kind: 'getline', from: 'file', source: this.primary(), target };
  }
}

const isTarget = (expression: Expression): boolean =>
  expression.kind === 'variable' || expression.kind === 'field' || expression.kind === 'element';
