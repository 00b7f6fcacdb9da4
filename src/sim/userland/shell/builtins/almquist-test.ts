import { compileRegexp } from '../../core/regexp.ts';
import { patternRegExp } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import { compareFiles, fileTest } from './file-test.ts';
import { compareNumbers, fileOperators, numberOperators, TestError } from './test-operators.ts';

const unaryOperators = /^-[bcdefghknprstuwxzLOGS]$/;

/** The recursive descent of dash's and busybox's `test`: it looks at the words themselves, not at their number. */
class AlmquistTest {
  private at = 0;
  private readonly ash: boolean;

  constructor(
    private readonly shell: Shell,
    private readonly args: readonly string[],
    /** busybox's `[[`: == and != match patterns, =~ an expression. */
    private readonly patterns: boolean,
  ) {
    this.ash = shell.dialect.name === 'ash';
  }

  evaluate(): boolean {
    const { args } = this;
    if (args.length === 0) return false;
    if (args.length === 1) return args[0] !== '';
    if (args.length === 3 && this.isBinary(args[1])) return this.binary();
    if ((args.length === 3 || args.length === 4) && !(args.length === 3 && this.isBinary(args[1]))) {
      if (args[0] === '!') return !new AlmquistTest(this.shell, args.slice(1), this.patterns).evaluate();
      if (args[0] === '(' && args.at(-1) === ')')
        return new AlmquistTest(this.shell, args.slice(1, -1), this.patterns).evaluate();
    }
    if (args.length === 2 && args[0] === '!') return args[1] === '';
    const value = this.or();
    const rest = this.args[this.at];
    if (rest === undefined) return value;
    throw new TestError(this.ash ? `${rest}: unknown operand` : `${this.args[this.at - 1]}: unexpected operator`);
  }

  private isUnary(at: number): boolean {
    const next = this.args[at + 1];
    if (!unaryOperators.test(this.args[at] ?? '')) return false;
    // An operator in the place of an operand is one.
    return this.ash || next === undefined || !(this.args[at + 2] !== undefined && this.isBinary(next));
  }

  private isBinary(text: string | undefined): boolean {
    if (text === undefined) return false;
    if (text === '==') return this.ash;
    if (text === '=~') return this.patterns;
    return '= != < >'.split(' ').includes(text) || numberOperators.has(text) || fileOperators.has(text);
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
    if (this.args[this.at] !== '!') return this.primary();
    if (this.args[this.at + 1] === undefined && !this.ash) return !this.primary();
    this.at++;
    return !this.not();
  }

  private missing(operator: string): never {
    throw new TestError(operator === '' ? 'argument expected' : `${operator}: argument expected`);
  }

  private primary(): boolean {
    const { args, at } = this;
    const word = args[at];
    if (word === undefined) {
      if (this.ash) this.missing('');
      return false;
    }
    if (word === '(' && (this.ash || args[at + 1] !== undefined)) return this.group();
    if (this.ash && this.isBinary(args[at + 1]) && args[at + 2] !== undefined) return this.binary();
    if (this.isUnary(at)) {
      if (args[at + 1] === undefined) {
        if (!this.ash) this.missing(word);
        this.missing(word);
      }
      this.at += 2;
      return this.unary(word, args[at + 1]!);
    }
    if (this.isBinary(args[at + 1])) return this.binary();
    this.at++;
    return word !== '';
  }

  private group(): boolean {
    this.at++;
    if (this.args[this.at] === ')' && !this.ash) {
      this.at++;
      return false;
    }
    const value = this.or();
    if (this.args[this.at] !== ')') throw new TestError('closing paren expected');
    this.at++;
    return value;
  }

  private unary(operator: string, operand: string): boolean {
    if (operator === '-t') this.number(operand);
    return fileTest(this.shell, operator, operand);
  }

  private binary(): boolean {
    const [a, operator, b] = this.args.slice(this.at, this.at + 3) as [string, string, string | undefined];
    if (b === undefined) this.missing(operator);
    this.at += 3;
    if (this.patterns && (operator === '=' || operator === '==' || operator === '!='))
      return patternRegExp([{ text: b, quoted: false }]).test(a) === (operator !== '!=');
    if (operator === '=~') return matches(a, b);
    if (operator === '=' || operator === '==') return a === b;
    if (operator === '!=') return a !== b;
    if (operator === '<') return a < b;
    if (operator === '>') return a > b;
    if (fileOperators.has(operator)) return compareFiles(this.shell, operator, a, b);
    return compareNumbers(operator, this.number(a), this.number(b));
  }

  private number(text: string): bigint {
    const match = /^\s*([-+]?\d+)\s*(.*)$/s.exec(text);
    const value = match && match[2] === '' ? BigInt(match[1]!.replace(/^\+/, '')) : undefined;
    if (value !== undefined && BigInt.asIntN(64, value) === value) return value;
    if (this.ash && value !== undefined) throw new TestError(`${text}: out of range`);
    if (this.ash) throw new TestError(`${text}: bad number`);
    throw new TestError(`Illegal number: ${text}`);
  }
}

const matches = (text: string, source: string): boolean => {
  try {
    return compileRegexp(source, { extended: true }).test(text);
  } catch {
    throw new TestError('');
  }
};

/** Throws TestError. */
export const almquistTest = (shell: Shell, args: readonly string[], patterns: boolean): boolean =>
  new AlmquistTest(shell, args, patterns).evaluate();
