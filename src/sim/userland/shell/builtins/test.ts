import type { Shell } from '../shell.ts';
import type { Builtin } from './builtin.ts';
import { compareFiles, fileTest } from './file-test.ts';

const unaryOperators = /^-[bcdefghknprstuwxzLOGSN]$/;
const bashUnary = /^-[abcdefghknoprstuvwxzLOGSNR]$/;
const stringOperators = new Set(['=', '==', '!=', '<', '>']);
const numberOperators = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
const fileOperators = new Set(['-nt', '-ot', '-ef']);

class TestError extends Error {}

/** `test`'s grammar: POSIX by the number of arguments up to four, precedence of -a and -o beyond. */
class TestParser {
  private at = 0;
  constructor(
    private readonly shell: Shell,
    private readonly args: readonly string[],
  ) {}

  evaluate(): boolean {
    const { args } = this;
    if (args.length === 0) return false;
    const short = this.byCount(args);
    if (short !== undefined) return short;
    const value = this.or();
    if (this.at < args.length) throw new TestError(this.leftover());
    return value;
  }

  private leftover(): string {
    if (!this.shell.dialect.bash) {
      return this.shell.dialect.name === 'dash'
        ? `${this.args[this.at]}: unexpected operator`
        : `${this.args[this.at]}: unknown operand`;
    }
    return 'too many arguments';
  }

  private isUnary(text: string | undefined): boolean {
    return text !== undefined && (this.shell.dialect.bash ? bashUnary : unaryOperators).test(text);
  }

  private isBinary(text: string | undefined): boolean {
    if (text === undefined) return false;
    if (text === '==' && this.shell.dialect.name === 'dash') return false;
    return stringOperators.has(text) || numberOperators.has(text) || fileOperators.has(text);
  }

  private byCount(args: readonly string[]): boolean | undefined {
    const [a, b, c] = args as [string, string, string];
    if (args.length === 1) return a !== '';
    if (args.length === 2) {
      if (a === '!') return b === '';
      if (this.isUnary(a)) return this.unary(a, b);
      throw new TestError(this.shell.dialect.bash ? `${a}: unary operator expected` : this.unknown(a, b));
    }
    if (args.length === 3) {
      if (this.isBinary(b)) return this.binary(a, b, c);
      if (b === '-a') return a !== '' && c !== '';
      if (b === '-o') return a !== '' || c !== '';
      if (a === '!') return !this.byCount(args.slice(1));
      if (a === '(' && c === ')') return b !== '';
      throw new TestError(this.shell.dialect.bash ? `${b}: binary operator expected` : this.unknown(a, b));
    }
    if (args.length === 4 && a === '!') return !this.byCount(args.slice(1));
    if (args.length === 4 && a === '(' && args[3] === ')') return this.byCount(args.slice(1, 3));
    return undefined;
  }

  private unknown(a: string, b: string): string {
    if (this.shell.dialect.name === 'ash') return `${a.startsWith('-') ? a : b}: unknown operand`;
    return `${a}: unexpected operator`;
  }

  private or(): boolean {
    let value = this.and();
    while (this.args[this.at] === '-o') {
      this.at++;
      value = this.and() || value;
    }
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.args[this.at] === '-a') {
      this.at++;
      value = this.not() && value;
    }
    return value;
  }

  private not(): boolean {
    if (this.args[this.at] === '!' && !this.isBinary(this.args[this.at + 1])) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const a = this.args[this.at];
    if (a === undefined) throw new TestError('argument expected');
    if (this.isBinary(this.args[this.at + 1]) && this.at + 2 < this.args.length) {
      this.at += 3;
      return this.binary(a, this.args[this.at - 2]!, this.args[this.at - 1]!);
    }
    if (a === '(') {
      this.at++;
      const value = this.or();
      if (this.args[this.at] !== ')')
        throw new TestError(this.shell.dialect.bash ? "`)' expected" : 'closing paren expected');
      this.at++;
      return value;
    }
    if (this.isUnary(a) && this.at + 1 < this.args.length) {
      this.at += 2;
      return this.unary(a, this.args[this.at - 1]!);
    }
    this.at++;
    return a !== '';
  }

  private unary(operator: string, operand: string): boolean {
    if (operator === '-t') this.number(operand);
    return fileTest(this.shell, operator, operand);
  }

  private number(text: string): bigint {
    if (/^\s*[-+]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ''));
    if (this.shell.dialect.bash) throw new TestError(`${text}: integer expression expected`);
    throw new TestError(this.shell.dialect.name === 'dash' ? `Illegal number: ${text}` : `${text}: bad number`);
  }

  private binary(a: string, operator: string, b: string): boolean {
    if (operator === '=' || operator === '==') return a === b;
    if (operator === '!=') return a !== b;
    if (operator === '<') return a < b;
    if (operator === '>') return a > b;
    if (fileOperators.has(operator)) return compareFiles(this.shell, operator, a, b);
    const [x, y] = [this.number(a), this.number(b)];
    switch (operator) {
      case '-eq':
        return x === y;
      case '-ne':
        return x !== y;
      case '-lt':
        return x < y;
      case '-le':
        return x <= y;
      case '-gt':
        return x > y;
      default:
        return x >= y;
    }
  }
}

const complain = (shell: Shell, text: string): Promise<void> =>
  shell.dialect.name === 'ash' ? shell.write(2, `${shell.name}: ${text}\n`) : shell.complain(text);

/** `test` and `[`. Status 2 with a message when the expression makes no sense. */
export const test: Builtin = async (shell, args, name) => {
  if (name === '[') {
    if (args.at(-1) !== ']') {
      await complain(shell, shell.dialect.bash ? "missing `]'" : 'missing ]');
      return 2;
    }
    args = args.slice(0, -1);
  }
  try {
    return new TestParser(shell, args).evaluate() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    await complain(shell, error.message);
    return 2;
  }
};
