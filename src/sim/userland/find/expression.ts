/** find's expressions: parsing into closures. */
import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import { Accounts, findGroup, findUser } from '../core/accounts.ts';
import { encodeText, fromBinary } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { parseDate } from '../core/date-parse.ts';
import { zoneOf } from '../core/dates.ts';
import { writeFile } from '../core/inputs.ts';
import { isDirectory, parseMode, typeLetter } from '../core/modes.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { compileRegexp } from '../core/regexp.ts';
import { confirm } from '../files/tree-walk.ts';
import { globRegexp } from './glob.ts';
import { formatEntry, longEntry } from './print-format.ts';

export interface Visit {
  path: string;
  name: string;
  depth: number;
  stat: Stat;
  /** The operand that it was reached from. */
  start: string;
  prune: boolean;
}

export type Test = (visit: Visit) => boolean | Promise<boolean>;

export interface Settings {
  maxDepth: number;
  minDepth: number;
  depthFirst: boolean;
  sameDevice: boolean;
  follow: 'never' | 'operands' | 'always';
}

/** Work put off to the end: -exec ... +. */
export interface Finisher {
  finish(): Promise<void>;
}

/** Tests and actions that BusyBox's find has not. */
const busyboxLacks =
  /^-(true|false|ls|lname|ilname|uid|gid|used|newer..|anewer|cnewer|execdir|okdir|readable|writable|fprint|noleaf|warn|nowarn|ignore_readdir_race|nouser|nogroup|printf)$|^,$/;

export class Parser {
  readonly settings: Settings = {
    maxDepth: Number.POSITIVE_INFINITY,
    minDepth: 0,
    depthFirst: false,
    sameDevice: false,
    follow: 'never',
  };
  readonly finishers: Finisher[] = [];
  quit = false;
  private at = 0;
  private acts = false;
  private readonly accounts: Accounts;
  constructor(
    private readonly c: Command,
    private readonly words: string[],
  ) {
    this.accounts = new Accounts(c.sys);
  }

  parse(): Test {
    const test = this.words.length ? this.alternatives() : () => true;
    if (this.at < this.words.length && this.c.bb) this.c.usage(`unrecognized: ${this.words[this.at]}`);
    if (this.at < this.words.length)
      this.c.fail(
        this.words[this.at] === ')'
          ? "you have too many ')'"
          : `paths must precede expression: \`${this.words[this.at]}'`,
      );
    if (this.acts) return test;
    return async (visit) => {
      if (!(await test(visit))) return false;
      this.c.out(`${visit.path}\n`);
      return true;
    };
  }

  private alternatives(): Test {
    let left = this.conjunction();
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at++;
      const [a, b] = [left, this.conjunction()];
      left = async (visit) => (await a(visit)) || b(visit);
    }
    while (this.words[this.at] === ',') {
      this.at++;
      const [a, b] = [left, this.alternatives()];
      left = async (visit) => {
        await a(visit);
        return b(visit);
      };
    }
    return left;
  }

  private conjunction(): Test {
    const tests = [this.negation()];
    for (;;) {
      const word = this.words[this.at];
      if (word === '-a' || word === '-and') this.at++;
      else if (word === undefined || /^(\)|,|-o|-or)$/.test(word)) break;
      tests.push(this.negation());
    }
    if (tests.length === 1) return tests[0]!;
    return async (visit) => {
      for (const test of tests) if (!(await test(visit))) return false;
      return true;
    };
  }

  private negation(): Test {
    const word = this.words[this.at];
    if (word === '!' || word === '-not') {
      this.at++;
      const inner = this.negation();
      return async (visit) => !(await inner(visit));
    }
    if (word === '(') {
      this.at++;
      if (this.words[this.at] === ')' && !this.c.bb)
        this.c.fail('invalid expression; empty parentheses are not allowed.');
      const inner = this.alternatives();
      if (this.words[this.at++] !== ')')
        this.c.fail(
          this.c.bb
            ? "unpaired '('"
            : "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
        );
      return inner;
    }
    return this.primary();
  }

  private argument(name: string): string {
    const word = this.words[this.at++];
    if (word === undefined) this.c.fail(this.c.bb ? `${name} requires an argument` : `missing argument to \`${name}'`);
    return word!;
  }

  private primary(): Test {
    // BusyBox: nothing, or an operator with nothing before it, is true.
    if (this.c.bb && /^(|\)|-o|-or)$/.test(this.words[this.at] ?? '')) return () => true;
    const name = this.words[this.at++];
    if (this.c.bb && name !== undefined && busyboxLacks.test(name)) return this.c.usage(`unrecognized: ${name}`);
    if (/^(-o|-or|-a|-and|,)$/.test(name ?? '') && this.at === 1)
      return this.c.fail(`invalid expression; you have used a binary operator '${name}' with nothing before it.`);
    if (name === undefined)
      return this.c.fail(
        this.c.bb ? 'missing expression' : `expected an expression after '${this.words[this.at - 2]}'`,
      );
    if (name === '-type') return this.type(this.argument(name));
    if (/^-(i?name|i?path|i?wholename|i?lname|i?regex)$/.test(name)) return this.pattern(name, this.argument(name));
    if (/^-[amc](time|min)$/.test(name)) return this.age(name, this.argument(name));
    if (/^-(newer..|newer|anewer|cnewer)$/.test(name)) return this.newer(name, this.argument(name));
    if (/^-(size|links|inum|uid|gid|used)$/.test(name)) return this.number(name, this.argument(name));
    if (/^-(user|group)$/.test(name)) return this.owner(name, this.argument(name));
    if (name === '-perm') return this.permissions(this.argument(name));
    const simple = this.simple(name);
    if (simple) return simple;
    const action = this.action(name);
    if (action) return action;
    if (name.startsWith('-')) {
      if (this.c.bb) return this.c.usage(`unrecognized: ${name}`);
      return this.c.fail(`unknown predicate \`${name}'`);
    }
    return this.c.bb ? this.c.usage(`unrecognized: ${name}`) : this.c.fail(`paths must precede expression: \`${name}'`);
  }

  private simple(name: string): Test | undefined {
    const { c, settings } = this;
    switch (name) {
      case '-true':
        return () => true;
      case '-false':
        return () => false;
      case '-depth':
      case '-d':
        settings.depthFirst = true;
        return () => true;
      case '-xdev':
      case '-mount':
        settings.sameDevice = true;
        return () => true;
      case '-follow':
        settings.follow = 'always';
        return () => true;
      case '-noleaf':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
        return () => true;
      case '-maxdepth':
      case '-mindepth': {
        const text = this.argument(name);
        if (!/^\d+$/.test(text))
          c.fail(
            c.bb
              ? `invalid number '${text}'`
              : `Expected a positive decimal integer argument to ${name}, but got ${quote(text)}`,
          );
        if (name === '-maxdepth') settings.maxDepth = Number(text);
        else settings.minDepth = Number(text);
        return () => true;
      }
      case '-empty':
        return ({ stat, path }) =>
          isDirectory(stat.mode)
            ? c.sys.readdir(path).length === 0
            : (stat.mode & 0o170000) === 0o100000 && stat.size === 0;
      case '-nouser':
        return ({ stat }) => this.accounts.userName(stat.uid) === undefined;
      case '-nogroup':
        return ({ stat }) => this.accounts.groupName(stat.gid) === undefined;
      case '-readable':
      case '-writable':
      case '-executable': {
        const mode = { '-readable': 4, '-writable': 2, '-executable': 1 }[name];
        return ({ path }) => this.can(path, mode);
      }
      case '-samefile': {
        const stat = c.sys.stat(this.argument(name));
        return (visit) => visit.stat.ino === stat.ino && visit.stat.dev === stat.dev;
      }
      default:
        return undefined;
    }
  }

  private can(path: string, mode: number): boolean {
    try {
      this.c.sys.access(path, mode);
      return true;
    } catch (error) {
      if (isErrno(error)) return false;
      throw error;
    }
  }

  private action(name: string): Test | undefined {
    const { c } = this;
    switch (name) {
      case '-print':
      case '-print0':
        this.acts = true;
        return ({ path }) => {
          c.out(path + (name === '-print' ? '\n' : '\0'));
          return true;
        };
      case '-printf': {
        if (c.bb) return undefined;
        this.acts = true;
        const format = this.argument(name);
        return (visit) => {
          c.out(formatEntry(c, format, visit, this.accounts));
          return true;
        };
      }
      case '-fprint': {
        this.acts = true;
        const path = this.argument(name);
        let text = '';
        this.finishers.push({ finish: () => writeFile(c, path, fromBinary(encodeText(text))) });
        return (visit) => {
          text += `${visit.path}\n`;
          return true;
        };
      }
      case '-ls':
        this.acts = true;
        return (visit) => {
          c.out(longEntry(c, visit, this.accounts));
          return true;
        };
      case '-prune':
        return (visit) => {
          visit.prune = true;
          return true;
        };
      case '-quit':
        // It prints nothing by itself.
        this.acts = true;
        return () => {
          this.quit = true;
          return true;
        };
      case '-delete':
        this.acts = true;
        this.settings.depthFirst = true;
        return (visit) => this.remove(visit);
      case '-exec':
      case '-execdir':
      case '-ok':
        this.acts = true;
        return this.exec(name);
      default:
        return undefined;
    }
  }

  private remove(visit: Visit): boolean {
    if (visit.path === '.') return true;
    try {
      if (isDirectory(visit.stat.mode)) this.c.sys.rmdir(visit.path);
      else this.c.sys.unlink(visit.path);
      return true;
    } catch (error) {
      this.c.error(
        this.c.bb
          ? `${visit.path}: ${this.c.reason(error)}`
          : `cannot delete ${quoteShell(visit.path)}: ${this.c.reason(error)}`,
      );
      return false;
    }
  }

  private exec(name: string): Test {
    const argv: string[] = [];
    let plus = false;
    for (;;) {
      const word = this.words[this.at++];
      if (word === undefined)
        return this.c.fail(
          this.c.bb
            ? `requires an argument`.replace(/^/, `${name} `).replace('requires an argument', 'requires an argument')
            : `missing argument to \`${name}'`,
        );
      if (word === ';') break;
      if (word === '+' && argv.at(-1) === '{}') {
        plus = true;
        argv.pop();
        break;
      }
      argv.push(word);
    }
    if (!plus)
      return async ({ path, name: own }) => {
        const place = name === '-execdir' ? `./${own}` : path;
        const words = argv.map((word) => word.replaceAll('{}', place));
        if (name === '-ok' && !(await this.agreed(argv, path, words))) return false;
        return (await this.run(words)) === 0;
      };
    const gathered: string[] = [];
    let size = 0;
    const finish = async () => {
      if (gathered.length === 0) return;
      const batch = gathered.splice(0);
      size = 0;
      if ((await this.run([...argv, ...batch])) !== 0) this.c.status = 1;
    };
    this.finishers.push({ finish });
    return async ({ path }) => {
      gathered.push(path);
      size += path.length + 1;
      if (size > 100_000) await finish();
      return true;
    };
  }

  private agreed(argv: readonly string[], path: string, words: readonly string[]): Promise<boolean> {
    return confirm(
      this.c,
      this.c.bb ? `${words.join(' ')} ?` : `< ${argv.filter((word) => word !== '{}').join(' ')} ... ${path} > ? `,
    );
  }

  private async run(argv: string[]): Promise<number> {
    try {
      return await this.c.system(argv);
    } catch (error) {
      this.c.error(
        this.c.bb ? `${argv[0]}: ${this.c.reason(error)}` : `${quoteShell(argv[0]!)}: ${this.c.reason(error)}`,
        0,
      );
      return 1;
    }
  }

  private type(text: string): Test {
    const wanted = text.split(',').map((letter) => (letter === 'f' ? '-' : letter));
    const bad = text.split(',').find((letter) => !/^[bcdpfls]$/.test(letter));
    if (bad !== undefined)
      this.c.fail(
        this.c.bb
          ? `unknown argument ${text} to -type`.replace(
              /^unknown argument (.*) to -type$/,
              "invalid argument '$1' to '-type'",
            )
          : `Unknown argument to -type: ${bad[0] ?? ''}`,
      );
    return ({ stat }) => wanted.includes(typeLetter(stat.mode));
  }

  private pattern(name: string, text: string): Test {
    const ignoreCase = name[1] === 'i';
    const kind = name.replace(/^-i?/, '');
    if (kind === 'regex') {
      const regexp = compileRegexp(text, { ignoreCase });
      const whole = new RegExp(`^(?:${regexp.source})$`, regexp.flags);
      return ({ path }) => whole.test(path);
    }
    const regexp = globRegexp(text, ignoreCase);
    if (kind === 'name') return ({ name: own }) => regexp.test(own);
    if (kind === 'lname')
      return ({ path, stat }) => typeLetter(stat.mode) === 'l' && regexp.test(this.c.sys.readlink(path));
    return ({ path }) => regexp.test(path);
  }

  /** +n, -n, n. */
  private compare(name: string, text: string): (value: number) => boolean {
    const match = /^([-+]?)(\d+)$/.exec(text);
    if (!match)
      return this.c.fail(this.c.bb ? `invalid number '${text}'` : `invalid argument \`${text}' to \`${name}'`);
    const wanted = Number(match[2]);
    if (match[1] === '+') return (value) => value > wanted;
    return match[1] === '-' ? (value) => value < wanted : (value) => value === wanted;
  }

  private age(name: string, text: string): Test {
    const compare = this.compare(name, text);
    const field = ({ a: 'atime', m: 'mtime', c: 'ctime' } as const)[name[1] as 'a'];
    const now = this.c.sys.now().sec;
    const unit = name.endsWith('min') ? 60 : 86400;
    return ({ stat }) => {
      const age = (now - stat[field].sec) / unit;
      return compare(unit === 60 ? (text.startsWith('-') ? age : Math.ceil(age)) : Math.floor(age));
    };
  }

  private newer(name: string, text: string): Test {
    const [, own = 'm', other = 'm'] = /^-newer(.)(.)$/.exec(name) ?? [];
    let limit: { sec: number; nsec: number };
    if (other === 't') {
      const time = parseDate(text, this.c.sys.now(), zoneOf(this.c.sys));
      if (!time) return this.c.fail(`I cannot figure out how to interpret ${quote(text)} as a date or time`);
      limit = time;
    } else {
      try {
        limit = this.c.sys.stat(text).mtime;
      } catch (error) {
        return this.c.fail(`${this.c.bb ? `can't stat '${text}'` : quoteShell(text)}: ${this.c.reason(error)}`);
      }
    }
    const field =
      name === '-anewer'
        ? 'atime'
        : name === '-cnewer'
          ? 'ctime'
          : (({ a: 'atime', m: 'mtime', c: 'ctime' } as const)[own as 'a'] ?? 'mtime');
    return ({ stat }) =>
      stat[field].sec > limit.sec || (stat[field].sec === limit.sec && stat[field].nsec > limit.nsec);
  }

  private number(name: string, text: string): Test {
    if (name === '-size') {
      const match = /^([-+]?\d+)([bcwkMG]?)$/.exec(text);
      if (!match) return this.c.fail(this.c.bb ? `invalid number '${text}'` : `invalid -size type \`${text.at(-1)}'`);
      const unit = { b: 512, c: 1, w: 2, k: 1024, M: 1 << 20, G: 1 << 30, '': 512 }[match[2]!]!;
      const compare = this.compare(name, match[1]!);
      // BusyBox rounds down when it compares with less or more.
      const round = this.c.bb && /^[-+]/.test(text) ? Math.floor : Math.ceil;
      return ({ stat }) => compare(round(stat.size / unit));
    }
    const compare = this.compare(name, text);
    const field =
      ({ '-links': 'nlink', '-inum': 'ino', '-uid': 'uid', '-gid': 'gid' } as const)[name as '-uid'] ?? 'ino';
    return ({ stat }) => compare(stat[field]);
  }

  private owner(name: string, text: string): Test {
    const user = name === '-user';
    const found = user ? findUser(this.c.sys, text)?.uid : findGroup(this.c.sys, text)?.gid;
    const id = found ?? (/^\d+$/.test(text) ? Number(text) : undefined);
    if (id === undefined)
      return this.c.fail(
        this.c.bb
          ? `unknown ${user ? 'user' : 'group'} ${text}`
          : user
            ? `${quote(text)} is not the name of a known user`
            : `${quote(text)} is not the name of an existing group`,
      );
    return ({ stat }) => (user ? stat.uid : stat.gid) === id;
  }

  private permissions(text: string): Test {
    const mark = /^[-/+]/.exec(text)?.[0] ?? '';
    const change = parseMode(text.slice(mark.length));
    if (!change) return this.c.fail(this.c.bb ? `invalid mode '${text}'` : `invalid mode ${quote(text)}`);
    const bits = change(0, false, 0);
    if (mark === '-') return ({ stat }) => (stat.mode & bits) === bits;
    if (mark === '/' || mark === '+') return ({ stat }) => bits === 0 || (stat.mode & bits) !== 0;
    return ({ stat }) => (stat.mode & 0o7777) === bits;
  }
}
