import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { quote } from '../core/quote.ts';
import { compileRegexp, RegexpError } from '../core/regexp.ts';

const integer = /^-?\d+$/;
const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

/** Recursive descent over the arguments, as expr's grammar: | & comparison +- times match. */
class Parser {
  private at = 0;
  /** Off where `|` or `&` has decided already: errors of evaluation do not count there. */
  private live = true;
  constructor(
    private readonly c: Command,
    private readonly words: readonly string[],
  ) {}

  whole(): string {
    const value = this.level(0);
    if (this.at < this.words.length) this.syntax(`syntax error: unexpected argument ${quote(this.words[this.at]!)}`);
    return value;
  }

  private syntax(text: string): never {
    return this.c.fail(this.c.bb ? 'syntax error' : text, 2);
  }

  private level(index: number): string {
    if (index === levels.length) return this.keyword();
    let left = this.level(index + 1);
    while (levels[index]!.includes(this.words[this.at] ?? '')) {
      const operator = this.words[this.at++]!;
      const live = this.live;
      if (operator === '|') this.live = live && isNull(left);
      if (operator === '&') this.live = live && !isNull(left);
      const right = this.level(index + 1);
      this.live = live;
      left = this.live ? this.apply(operator, left, right) : left;
    }
    return left;
  }

  private apply(operator: string, left: string, right: string): string {
    switch (operator) {
      case '|':
        return !isNull(left) ? left : isNull(right) ? '0' : right;
      case '&':
        return isNull(left) || isNull(right) ? '0' : left;
      case ':':
        return this.match(left, right);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.arithmetic(operator, left, right);
      default:
        return this.compare(operator, left, right) ? '1' : '0';
    }
  }

  private arithmetic(operator: string, left: string, right: string): string {
    if (!integer.test(left) || !integer.test(right))
      this.c.fail(this.c.bb ? 'non-numeric argument' : 'non-integer argument', 2);
    const [a, b] = [BigInt(left), BigInt(right)];
    if ((operator === '/' || operator === '%') && b === 0n) this.c.fail('division by zero', 2);
    const value = { '+': a + b, '-': a - b, '*': a * b, '/': b && a / b, '%': b && a % b }[operator]!;
    return String(this.c.bb ? BigInt.asIntN(64, value) : value);
  }

  private compare(operator: string, left: string, right: string): boolean {
    const numbers = integer.test(left) && integer.test(right);
    const [a, b] = numbers ? [BigInt(left), BigInt(right)] : [encodeText(left), encodeText(right)];
    switch (operator) {
      case '<':
        return a < b;
      case '<=':
        return a <= b;
      case '>=':
        return a >= b;
      case '>':
        return a > b;
      case '!=':
        return a !== b;
      default:
        return a === b;
    }
  }

  private match(text: string, pattern: string): string {
    try {
      const regexp = compileRegexp(encodeText(pattern), {});
      const groups = /\\\(/.test(pattern);
      const found = new RegExp(`(?<![^])(?:${regexp.source})`, regexp.flags.replace(/[gy]/g, '')).exec(
        encodeText(text),
      );
      if (!found) return groups ? '' : '0';
      return groups ? decodeText(found[1] ?? '') : String([...decodeText(found[0])].length);
    } catch (error) {
      if (error instanceof RegexpError)
        return this.c.fail(this.c.bb ? `bad regex '${pattern}': ${error.message}` : error.message, 2);
      throw error;
    }
  }

  private take(): string {
    const word = this.words[this.at++];
    if (word !== undefined) return word;
    if (this.words.length === 0) return this.c.usage('missing operand');
    return this.syntax(`syntax error: missing argument after ${quote(this.words.at(-1)!)}`);
  }

  private keyword(): string {
    const word = this.take();
    const more = this.at < this.words.length;
    if (word === '(') return this.parenthesis();
    if (word === ')') return this.syntax("syntax error: unexpected ')'");
    if (word === (this.c.bb ? 'quote' : '+') && more) return this.take();
    if (!more && ['length', 'match', 'index', 'substr'].includes(word))
      return this.syntax(`syntax error: missing argument after ${quote(word)}`);
    if (word === 'length' && more) return String([...this.keyword()].length);
    if (word === 'match' && more) return this.match(this.keyword(), this.keyword());
    if (word === 'index' && more) {
      const [text, set] = [[...this.keyword()], this.keyword()];
      return String(text.findIndex((character) => set.includes(character)) + 1);
    }
    if (word === 'substr' && more) {
      const [text, from, length] = [[...this.keyword()], Number(this.keyword()), Number(this.keyword())];
      return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length).join('') : '';
    }
    return word;
  }

  private parenthesis(): string {
    const value = this.level(0);
    if (this.words[this.at] === undefined)
      this.syntax(`syntax error: expecting ')' after ${quote(this.words.at(-1)!)}`);
    if (this.words[this.at] !== ')')
      this.syntax(`syntax error: expecting ')' instead of ${quote(this.words[this.at]!)}`);
    this.at++;
    return value;
  }
}

export const expr: CommandSpec = {
  name: 'expr',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run(c) {
    const words = c.args[0] === '--' ? c.args.slice(1) : c.args;
    if (words.length === 0 && c.bb) c.fail('too few arguments', 2);
    if (words.length === 0) c.usage('missing operand');
    const value = new Parser(c, words).whole();
    c.out(`${value}\n`);
    return isNull(value) ? 1 : 0;
  },
};
