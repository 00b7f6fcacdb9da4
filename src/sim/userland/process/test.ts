/** test and [. */
import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { typeLetter } from '../core/modes.ts';
import { quote } from '../core/quote.ts';

const busyboxBinary = /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;
const binary = /^(=|==|!=|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;

class Evaluator {
  private at = 0;
  constructor(
    private readonly c: Command,
    private readonly args: string[],
  ) {}

  run(): boolean {
    if (this.args.length === 0) return false;
    if (!this.c.bb) this.few();
    const value = this.or();
    if (this.at < this.args.length)
      this.bad(this.c.bb ? `${this.args[this.at]}: unknown operand` : `extra argument ${quote(this.args[this.at]!)}`);
    return value;
  }
  /** What POSIX says of two and three arguments, in GNU's words. */
  private few(): void {
    const [first, second] = this.args as [string, string];
    if (this.args.length === 2 && first !== '!' && !/^-[a-zA-Z]$/.test(first))
      this.bad(`missing argument after ${quote(second)}`);
    if (this.args.length === 3 && first !== '!' && first !== '(' && !binary.test(second) && !/^-[ao]$/.test(second))
      this.bad(`${quote(second)}: binary operator expected`);
  }

  private bad(message: string): never {
    return this.c.fail(message, 2);
  }

  private or(): boolean {
    let value = this.and();
    while (this.args[this.at] === '-o') {
      this.at++;
      const right = this.and();
      value = value || right;
    }
    return value;
  }
  private and(): boolean {
    let value = this.not();
    while (this.args[this.at] === '-a') {
      this.at++;
      const right = this.not();
      value = value && right;
    }
    return value;
  }
  private not(): boolean {
    const left = this.args.length - this.at;
    if (this.args[this.at] === '!' && left > 1 && !(left >= 3 && binary.test(this.args[this.at + 1]!))) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const [word, operator, right] = this.args.slice(this.at, this.at + 3);
    if (word === undefined)
      return this.bad(this.c.bb ? 'argument expected' : `missing argument after ${quote(this.args.at(-1)!)}`);
    if (operator !== undefined && right !== undefined && (this.c.bb ? busyboxBinary : binary).test(operator)) {
      this.at += 3;
      return this.compare(word, operator, right);
    }
    if (word === '(' && operator !== undefined) {
      this.at++;
      const value = this.or();
      if (this.args[this.at++] !== ')') this.bad(this.c.bb ? 'closing paren expected' : `${quote(')')} expected`);
      return value;
    }
    if (/^-[a-zA-Z]$/.test(word) && operator !== undefined && !/^-[ao]$/.test(word)) {
      this.at += 2;
      return this.unary(word, operator);
    }
    this.at++;
    return word !== '';
  }

  private integer(text: string): bigint {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) this.bad(this.c.bb ? `${text}: bad number` : `invalid integer ${quote(text)}`);
    return BigInt(text.trim().replace(/^\+/, ''));
  }

  private compare(left: string, operator: string, right: string): boolean {
    if (operator === '=' || operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    if (/^-(nt|ot|ef)$/.test(operator)) return this.compareFiles(left, operator, right);
    const [a, b] = [this.integer(left), this.integer(right)];
    return { '-eq': a === b, '-ne': a !== b, '-lt': a < b, '-le': a <= b, '-gt': a > b, '-ge': a >= b }[operator]!;
  }
  private compareFiles(left: string, operator: string, right: string): boolean {
    const [a, b] = [this.stat(left, true), this.stat(right, true)];
    if (operator === '-ef') return !!a && !!b && a.ino === b.ino && a.dev === b.dev;
    const age = (stat: Stat | undefined) =>
      stat ? stat.mtime.sec * 1e3 + stat.mtime.nsec / 1e6 : Number.NEGATIVE_INFINITY;
    return operator === '-nt' ? age(a) > age(b) : age(a) < age(b);
  }

  private stat(path: string, follow: boolean): Stat | undefined {
    try {
      return follow ? this.c.sys.stat(path) : this.c.sys.lstat(path);
    } catch (error) {
      if (isErrno(error)) return undefined;
      throw error;
    }
  }

  private unary(operator: string, operand: string): boolean {
    if (operator === '-n') return operand !== '';
    if (operator === '-z') return operand === '';
    if (operator === '-t') return this.c.sys.isatty(Number(operand));
    const access = { '-r': 4, '-w': 2, '-x': 1 }[operator];
    if (access !== undefined) return this.may(operand, access);
    const stat = this.stat(operand, !/^-[hL]$/.test(operator));
    const type = { '-f': '-', '-d': 'd', '-h': 'l', '-L': 'l', '-b': 'b', '-c': 'c', '-p': 'p', '-S': 's' }[operator];
    if (type) return !!stat && typeLetter(stat.mode) === type;
    if (operator === '-e') return !!stat;
    if (operator === '-s') return !!stat && stat.size > 0;
    const bit = { '-u': 0o4000, '-g': 0o2000, '-k': 0o1000 }[operator];
    if (bit) return !!stat && (stat.mode & bit) !== 0;
    if (operator === '-O') return stat?.uid === this.c.sys.cred.euid;
    if (operator === '-G') return stat?.gid === this.c.sys.cred.egid;
    return this.bad(this.c.bb ? `${operator}: unknown operand` : `${operator}: unary operator expected`);
  }
  private may(path: string, mode: number): boolean {
    try {
      this.c.sys.access(path, mode, true);
      return true;
    } catch (error) {
      if (isErrno(error)) return false;
      throw error;
    }
  }
}

export const test: CommandSpec = {
  name: 'test',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run: (c) => (new Evaluator(c, c.args).run() ? 0 : 1),
};

export const bracket: CommandSpec = {
  name: '[',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run(c) {
    if (c.args.at(-1) !== ']') c.fail(c.bb ? 'missing ]' : `missing ${quote(']')}`, 2);
    return new Evaluator(c, c.args.slice(0, -1)).run() ? 0 : 1;
  },
};
