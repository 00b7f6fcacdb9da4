import type { Shell } from '../shell.ts';
import { almquistTest } from './almquist-test.ts';
import type { Builtin } from './builtin.ts';
import { compareFiles, fileTest } from './file-test.ts';
import { compareNumbers, fileOperators, numberOperators, TestError } from './test-operators.ts';

const unaryOperators = /^-[abcdefghknoprstuvwxzLOGSNR]$/;
const stringOperators = new Set(['=', '==', '!=', '<', '>']);

/** bash's `test`: POSIX by the number of arguments up to four, precedence of -a and -o beyond. */
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
    const rest = args[this.at];
    if (rest === undefined) return value;
    throw new TestError(rest[0] === '-' ? `syntax error: \`${rest}' unexpected` : 'too many arguments');
  }

  private isUnary(text: string | undefined): boolean {
    return text !== undefined && unaryOperators.test(text);
  }

  private isBinary(text: string | undefined): boolean {
    return text !== undefined && (stringOperators.has(text) || numberOperators.has(text) || fileOperators.has(text));
  }

  private byCount(args: readonly string[]): boolean | undefined {
    const [a, b, c] = args as [string, string, string];
    if (args.length === 1) return a !== '';
    if (args.length === 2) {
      if (a === '!') return b === '';
      if (this.isUnary(a)) return this.unary(a, b);
      throw new TestError(`${a}: unary operator expected`);
    }
    if (args.length === 3) {
      if (this.isBinary(b)) return this.binary(a, b, c);
      if (b === '-a') return a !== '' && c !== '';
      if (b === '-o') return a !== '' || c !== '';
      if (a === '!') return !this.byCount(args.slice(1));
      if (a === '(' && c === ')') return b !== '';
      throw new TestError(`${b}: binary operator expected`);
    }
    if (args.length === 4 && a === '!') return !this.byCount(args.slice(1));
    if (args.length === 4 && a === '(' && args[3] === ')') return this.byCount(args.slice(1, 3));
    return undefined;
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
    let value = this.primary();
    while (this.args[this.at] === '-a') {
      this.at++;
      value = this.primary() && value;
    }
    return value;
  }

  private primary(): boolean {
    const a = this.args[this.at];
    if (a === undefined) throw new TestError('argument expected');
    if (a === '!') {
      this.at++;
      return !this.primary();
    }
    if (a === '(') return this.group();
    if (this.isBinary(this.args[this.at + 1]) && this.at + 2 < this.args.length) {
      this.at += 3;
      return this.binary(a, this.args[this.at - 2]!, this.args[this.at - 1]!);
    }
    if (/^-.$/.test(a)) {
      if (!this.isUnary(a)) throw new TestError(`${a}: unary operator expected`);
      this.at += 2;
      if (this.at > this.args.length) throw new TestError('argument expected');
      return this.unary(a, this.args[this.at - 1]!);
    }
    this.at++;
    return a !== '';
  }

  private group(): boolean {
    this.at++;
    const value = this.or();
    const close = this.args[this.at];
    if (close !== ')') throw new TestError(close === undefined ? "`)' expected" : `\`)' expected, found ${close}`);
    this.at++;
    return value;
  }

  private unary(operator: string, operand: string): boolean {
    return fileTest(this.shell, operator, operand);
  }

  private number(text: string): bigint {
    if (/^\s*[-+]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ''));
    throw new TestError(`${text}: integer expression expected`);
  }

  private binary(a: string, operator: string, b: string): boolean {
    if (operator === '=' || operator === '==') return a === b;
    if (operator === '!=') return a !== b;
    if (operator === '<') return a < b;
    if (operator === '>') return a > b;
    if (fileOperators.has(operator)) return compareFiles(this.shell, operator, a, b);
    return compareNumbers(operator, this.number(a), this.number(b));
  }
}

const complain = (shell: Shell, text: string): Promise<void> =>
  shell.dialect.name === 'ash' ? shell.write(2, `${shell.applet}: ${text}\n`) : shell.complain(text);

/** `test` and `[` (and ash's `[[`). Status 2 with a message when the expression makes no sense. */
export const test: Builtin = async (shell, args, name) => {
  const close = { '[': ']', '[[': ']]' }[name];
  if (close) {
    if (args.at(-1) !== close) {
      await complain(shell, shell.dialect.bash ? `missing \`${close}'` : `missing ${close}`);
      return 2;
    }
    args = args.slice(0, -1);
  }
  try {
    const value = shell.dialect.bash
      ? new TestParser(shell, args).evaluate()
      : almquistTest(shell, args, name === '[[');
    return value ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    if (error.message !== '') await complain(shell, error.message);
    return 2;
  }
};
