/**
 * Shell arithmetic: C expressions on signed 64-bit integers, evaluated from text after its expansions.
 * dash has no ++ and --, no ** and no comma; variables must hold numbers. bash and ash evaluate what a variable holds.
 */
import type { Dialect } from '../dialect.ts';

export interface ArithmeticVariables {
  get(name: string, index?: string): string | undefined;
  set(name: string, index: string | undefined, value: string): void;
}

export type ArithmeticReason =
  | 'division'
  | 'operand'
  | 'syntax'
  | 'paren'
  | 'assignment'
  | 'base'
  | 'number'
  | 'unset'
  | 'recursion'
  | 'exponent'
  | 'colon'
  | 'operator'
  | 'constant'
  | 'number-base'
  | 'subscript'
  | 'expression';

export class ArithmeticFault extends Error {
  constructor(
    readonly reason: ArithmeticReason,
    readonly expression: string,
    /** What bash calls the error token: the rest of the text from where it stumbled. */
    readonly token: string,
  ) {
    super(reason);
  }
}

const binary: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']);
const tokenPattern =
  /\s*(?:(\d[0-9A-Za-z@_#]*)|([A-Za-z_]\w*)|(<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^=!<>]=|[-+*/%&|^=!<>~?:,()[\]]))/y;

/** What bash's tokeniser takes for the beginning of an operator; `[` only right behind a name. */
const strayless = new Set(
  '= > < + - * / % ! ( ) & | ^ ~ ? : , == != >= <= && || ** ++ -- << >> <<= >>= += -= *= /= %= &= ^= |='.split(' '),
);

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n);

interface Operand {
  value: bigint;
  name?: string;
  index?: string;
}

class Evaluator {
  private at = 0;
  private token = '';
  private kind: 'number' | 'name' | 'operator' | 'end' = 'end';
  /** Start of the token that was read last. */
  private last = 0;
  /** Off in the branch of && || ?: that is not taken. */
  private live = true;

  constructor(
    private readonly text: string,
    private readonly vars: ArithmeticVariables,
    private readonly dialect: Dialect,
    private readonly depth: number,
    /** The names whose values are being computed: busybox takes one twice for a loop. */
    private readonly visited: readonly string[] = [],
  ) {
    this.next();
  }

  private fail(reason: ArithmeticReason, token = this.text.slice(this.last), text = this.text): never {
    throw new ArithmeticFault(reason, this.dialect.bash ? text.replace(/^[ \t]+/, '') : text, token);
  }

  /** bash stops at a character that begins no token, whatever the grammar would have wanted. */
  private stray(before: { kind: string; token: string }): void {
    if (!this.dialect.bash || this.kind !== 'operator' || strayless.has(this.token)) return;
    this.fail(before.kind === 'number' || before.kind === 'name' || before.token === ']' ? 'operator' : 'operand');
  }

  private next(): void {
    const before = { kind: this.kind, token: this.token };
    this.read();
    if (this.token === '++' || this.token === '--') this.halve(before);
    this.stray(before);
  }

  /** dash has no ++ and --; elsewhere they need a variable, else they are two signs. */
  private halve(before: { kind: string; token: string }): void {
    const variable = before.kind === 'name' || /^\s*[A-Za-z_]/.test(this.text.slice(this.at));
    if (this.kind !== 'operator' || (this.dialect.extended && variable)) return;
    this.at -= 1;
    this.token = this.token[0]!;
  }

  private read(): void {
    tokenPattern.lastIndex = this.at;
    const match = tokenPattern.exec(this.text);
    if (!match) {
      const rest = this.text.slice(this.at);
      if (rest.trim() !== '') {
        this.last = this.at + (rest.length - rest.trimStart().length);
        this.kind = 'operator';
        this.token = rest.trim()[0]!;
        this.at = this.text.length;
        return;
      }
      this.kind = 'end';
      this.token = '';
      return;
    }
    this.token = match[1] ?? match[2] ?? match[3]!;
    if (this.dialect.name === 'dash' && this.token.includes('#')) this.fail('syntax');
    this.kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'operator';
    this.at = tokenPattern.lastIndex;
    this.last = this.at - this.token.length;
    if (this.dialect.name === 'dash' && this.token === '**') {
      this.at -= 1;
      this.token = this.token[0]!;
    }
  }

  private is(token: string): boolean {
    return this.kind === 'operator' && this.token === token;
  }

  whole(): bigint {
    if (this.kind === 'end') return 0n;
    const value = this.comma();
    if ((this.kind as string) !== 'end')
      this.fail(this.is('=') || assignments.has(this.token) ? 'assignment' : 'syntax');
    return value;
  }

  private comma(): bigint {
    let value = this.assign().value;
    while (this.is(',') && this.dialect.name !== 'dash') {
      this.next();
      value = this.assign().value;
    }
    return value;
  }

  private assign(): Operand {
    const left = this.conditional();
    if (this.kind !== 'operator' || !assignments.has(this.token)) return left;
    if (left.name === undefined) this.fail('assignment');
    const operator = this.token.slice(0, -1);
    this.next();
    const right = this.assign().value;
    const value = operator === '' ? right : this.apply(operator, left.value, right);
    this.store(left, value);
    return { value };
  }

  private store(target: Operand, value: bigint): void {
    if (this.live && target.name !== undefined) this.vars.set(target.name, target.index, String(value));
  }

  private conditional(): Operand {
    const test = this.binary(1);
    if (!this.is('?')) return test;
    this.next();
    const live = this.live;
    if (this.dialect.bash && (this.is(':') || this.kind === 'end')) this.fail('expression');
    this.live = live && test.value !== 0n;
    const yes = this.comma();
    if (!this.is(':')) this.fail('colon');
    this.next();
    if (this.dialect.bash && this.kind === 'end') this.fail('expression');
    this.live = live && test.value === 0n;
    const no = this.assign().value;
    this.live = live;
    return { value: test.value !== 0n ? yes : no };
  }

  private binary(minimum: number): Operand {
    let left = this.power();
    for (;;) {
      const operator = this.token;
      const level = this.kind === 'operator' ? binary[operator] : undefined;
      if (level === undefined || level < minimum) return left;
      this.next();
      const live = this.live;
      if (operator === '&&') this.live = live && left.value !== 0n;
      if (operator === '||') this.live = live && left.value === 0n;
      const right = this.binary(level + 1);
      const value = this.apply(operator, left.value, right.value);
      this.live = live;
      left = { value };
    }
  }

  private power(): Operand {
    const base = this.unary();
    if (!this.is('**')) return base;
    this.next();
    const exponent = this.power().value;
    if (exponent < 0n) this.fail('exponent');
    return { value: wrap(base.value ** (exponent > 4096n ? 4096n : exponent)) };
  }

  private unary(): Operand {
    if (this.kind !== 'operator') return this.postfix();
    switch (this.token) {
      case '-':
        this.next();
        return { value: wrap(-this.unary().value) };
      case '+':
        this.next();
        return { value: this.unary().value };
      case '!':
        this.next();
        return { value: this.unary().value === 0n ? 1n : 0n };
      case '~':
        this.next();
        return { value: ~this.unary().value };
      case '++':
      case '--':
        return this.prefixStep(this.token);
      default:
        return this.postfix();
    }
  }

  private prefixStep(operator: string): Operand {
    this.next();
    const target = this.unary();
    if (target.name === undefined) return { value: target.value };
    const value = wrap(target.value + (operator === '++' ? 1n : -1n));
    this.store(target, value);
    return { value };
  }

  private postfix(): Operand {
    const operand = this.primary();
    if ((this.is('++') || this.is('--')) && operand.name !== undefined) {
      const step = this.token === '++' ? 1n : -1n;
      this.next();
      this.store(operand, wrap(operand.value + step));
      return { value: operand.value };
    }
    return operand;
  }

  private primary(): Operand {
    if (this.kind === 'number') {
      const value = this.number(this.token);
      this.next();
      return { value };
    }
    if (this.kind === 'name') return this.variable();
    if (this.is('(')) {
      this.next();
      const value = this.comma();
      if (!this.is(')')) this.fail('paren');
      this.next();
      return { value };
    }
    return this.fail('operand');
  }

  private variable(): Operand {
    const name = this.token;
    let index: string | undefined;
    const subscript = this.text[this.at] === '[' && this.dialect.bash;
    if (subscript) {
      const open = this.at + 1;
      let end = open;
      for (let level = 1; end < this.text.length; end++) {
        if (this.text[end] === '[') level++;
        if (this.text[end] === ']' && --level === 0) break;
      }
      index = this.text.slice(open, end);
      if (end >= this.text.length) this.fail('subscript', this.text.slice(open - 1));
      this.at = end + 1;
    }
    this.next();
    return { value: this.live ? this.valueOf(name, index) : 0n, name, index };
  }

  private valueOf(name: string, index: string | undefined): bigint {
    const text = this.vars.get(name, index);
    if (text === undefined || text.trim() === '') return 0n;
    if (/^\s*[-+]?(?:0[xX][\da-fA-F]+|\d+)\s*$/.test(text)) {
      const trimmed = text.trim();
      const sign = trimmed[0] === '-' ? -1n : 1n;
      return wrap(sign * this.number(trimmed.replace(/^[-+]/, '')));
    }
    if (this.dialect.name === 'dash') throw new ArithmeticFault('number', text, text);
    if (this.depth > 1024) throw new ArithmeticFault('recursion', text, text);
    if (this.dialect.name === 'ash' && this.visited.includes(name)) throw new ArithmeticFault('recursion', text, text);
    return new Evaluator(text, this.vars, this.dialect, this.depth + 1, [...this.visited, name]).whole();
  }

  private badNumber(reason: ArithmeticReason, text: string): never {
    const end = this.text.indexOf(text, Math.max(0, this.last)) + text.length;
    if (!this.dialect.bash) return this.fail(reason);
    return this.fail(reason, text, end >= text.length ? this.text.slice(0, end) : text);
  }

  private number(text: string): bigint {
    const based = /^(\d+)#([^#]+)$/.exec(text);
    if (based) return this.based(Number(based[1]), based[2]!, text);
    if (/^0[xX][\da-fA-F]+$/.test(text)) return wrap(BigInt(text));
    if (/^0[0-7]*$/.test(text)) return wrap(BigInt(`0o${text}`));
    if (/^[1-9]\d*$/.test(text)) return this.dialect.name === 'dash' ? saturate(BigInt(text)) : wrap(BigInt(text));
    if (this.dialect.bash && /^0[xX]$/.test(text)) return 0n;
    return this.badNumber(/#$/.test(text) ? 'constant' : /^\d+#.*#/.test(text) ? 'number-base' : 'base', text);
  }

  private based(base: number, digits: string, text: string): bigint {
    if (base < 2 || base > 64) this.badNumber('number-base', text);
    let value = 0n;
    for (const c of digits) {
      const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
      const digit = alphabet.indexOf(base <= 36 ? c.toLowerCase() : c);
      if (digit < 0 || digit >= base) this.badNumber('base', text);
      value = value * BigInt(base) + BigInt(digit);
    }
    return wrap(value);
  }

  private apply(operator: string, a: bigint, b: bigint): bigint {
    switch (operator) {
      case '+':
        return wrap(a + b);
      case '-':
        return wrap(a - b);
      case '*':
        return wrap(a * b);
      case '/':
      case '%':
        if (b === 0n) {
          if (!this.live) return 0n;
          this.fail('division');
        }
        return wrap(operator === '/' ? a / b : a % b);
      case '<<':
        return wrap(a << (b & 63n));
      case '>>':
        return a >> (b & 63n);
      case '&':
        return a & b;
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      default:
        return this.compare(operator, a, b) ? 1n : 0n;
    }
  }

  private compare(operator: string, a: bigint, b: bigint): boolean {
    switch (operator) {
      case '==':
        return a === b;
      case '!=':
        return a !== b;
      case '<':
        return a < b;
      case '>':
        return a > b;
      case '<=':
        return a <= b;
      case '>=':
        return a >= b;
      case '&&':
        return a !== 0n && b !== 0n;
      default:
        return a !== 0n || b !== 0n;
    }
  }
}

const saturate = (n: bigint): bigint => (n > 0x7fffffffffffffffn ? 0x7fffffffffffffffn : n);

/** Throws ArithmeticFault. */
export const evaluateArithmetic = (text: string, vars: ArithmeticVariables, dialect: Dialect): bigint =>
  new Evaluator(text, vars, dialect, 0).whole();

const bashReasons: Record<ArithmeticReason, string> = {
  division: 'division by 0',
  operand: 'syntax error: operand expected',
  syntax: 'syntax error in expression',
  paren: "missing `)'",
  assignment: 'attempted assignment to non-variable',
  base: 'value too great for base',
  number: 'syntax error in expression',
  unset: 'unbound variable',
  recursion: 'expression recursion level exceeded',
  exponent: 'exponent less than 0',
  colon: "`:' expected for conditional expression",
  operator: 'syntax error: invalid arithmetic operator',
  constant: 'invalid integer constant',
  subscript: 'bad array subscript',
  expression: 'expression expected',
  'number-base': 'invalid arithmetic base',
};

/** The message as the shell prints it, without its prefix. */
export const arithmeticText = (fault: ArithmeticFault, dialect: Dialect): string => {
  const { reason, expression, token } = fault;
  if (dialect.bash) return `${expression}: ${bashReasons[reason]} (error token is "${token}")`;
  if (dialect.name === 'ash') {
    if (reason === 'division') return 'divide by zero';
    if (reason === 'exponent') return 'exponent less than 0';
    if (reason === 'recursion') return 'expression recursion loop detected';
    return 'arithmetic syntax error';
  }
  if (reason === 'number') return `Illegal number: ${expression}`;
  const what = {
    division: 'division by zero',
    operand: 'expecting primary',
    paren: "expecting ')'",
    colon: "expecting ':'",
  }[reason as string];
  return `arithmetic expression: ${what ?? 'expecting EOF'}: "${expression}"`;
};
