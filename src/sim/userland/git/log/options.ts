/** The options of log and show that choose commits and say how they are shown. */
import { parseDate } from '../date.ts';
import { DiffOptions } from '../diff/options.ts';
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import { formatName } from './pretty.ts';
import type { Shown } from './walk.ts';

export class LogOptions {
  readonly diff: DiffOptions;
  format: string | undefined;
  abbreviate: boolean | undefined;
  date: string | undefined;
  /** Digits of a short id. */
  abbrev: number | undefined;
  decorate: string | undefined;
  graph = false;
  reverse = false;
  firstParent = false;
  topological = false;
  follow = false;
  reflog = false;
  noWalk = false;
  count = Number.POSITIVE_INFINITY;
  skip = 0;
  parents: [least: number, most: number] = [0, Number.POSITIVE_INFINITY];
  /** How merges are shown as patches: against each parent, only the first, not at all. */
  merges: 'none' | 'first' | 'each' = 'none';
  leftRight = false;
  private since: number | undefined;
  private until: number | undefined;
  private readonly authors: string[] = [];
  private readonly committers: string[] = [];
  private readonly greps: string[] = [];
  private ignoreCase = false;
  private invert = false;
  private allMatch = false;

  constructor(private readonly git: Git) {
    this.diff = new DiffOptions(git);
    this.date = git.config.get('log.date');
  }

  /** Gives what is no option, and where `--` stood. */
  read(args: readonly string[]): { words: string[]; dash: number | undefined } {
    const rest = [...args];
    const words: string[] = [];
    while (rest.length > 0) {
      const word = rest.shift()!;
      if (word === '--') {
        const dash = words.length;
        return { words: [...words, ...rest], dash };
      }
      if (/^--(all|branches|tags|remotes)$/.test(word) || !word.startsWith('-')) words.push(word);
      else if (
        !this.take(word, () => rest.shift() ?? missing(word)) &&
        !this.diff.take(word, () => rest.shift() ?? missing(word))
      )
        throw new Fatal(`unrecognized argument: ${word}`);
    }
    return { words, dash: undefined };
  }

  private take(word: string, next: () => string): boolean {
    const number = /^-(\d+)$/.exec(word) ?? /^-n(\d+)$/.exec(word);
    if (number) {
      this.count = Number(number[1]);
      return true;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const own = equals < 0 ? undefined : word.slice(equals + 1);
    if (
      /^--(cherry|cherry-pick|cherry-mark|bisect|boundary|simplify-merges|full-history|ancestry-path|show-signature|notes|source|left-only|right-only|encoding|perl-regexp|glob|exclude)$|^-L/.test(
        name,
      )
    )
      throw new Fatal(`drydock: git log ${name} is not simulated`);
    const flag = flags[name];
    if (flag && own === undefined) flag(this);
    else if (valued[name]) valued[name](this, own ?? next());
    else if (optional[name]) optional[name](this, own);
    else return false;
    return true;
  }

  setFormat(text: string): void {
    this.format = formatName(this.git, text);
  }
  limit(text: string): void {
    if (!/^-?\d+$/.test(text)) throw new Fatal(`'${text}': not an integer`);
    this.count = Number(text) < 0 ? Number.POSITIVE_INFINITY : Number(text);
  }
  private moment(text: string): number {
    return parseDate(this.git, text)?.sec ?? this.git.sys.now().sec;
  }

  static readonly setters = {
    since: (o: LogOptions, text: string) => (o.since = o.moment(text)),
    until: (o: LogOptions, text: string) => (o.until = o.moment(text)),
    author: (o: LogOptions, text: string) => o.authors.push(text),
    committer: (o: LogOptions, text: string) => o.committers.push(text),
    grep: (o: LogOptions, text: string) => o.greps.push(text),
    ignoreCase: (o: LogOptions) => (o.ignoreCase = true),
    invert: (o: LogOptions) => (o.invert = true),
    allMatch: (o: LogOptions) => (o.allMatch = true),
  };

  wanted({ commit }: Shown): boolean {
    const { sec } = commit.committer;
    if ((this.since !== undefined && sec < this.since) || (this.until !== undefined && sec > this.until)) return false;
    const count = commit.parents.length;
    if (count < this.parents[0] || count > this.parents[1]) return false;
    const fits = (list: readonly string[], text: string, all = false): boolean => {
      const one = (pattern: string) => new RegExp(basic(pattern), this.ignoreCase ? 'im' : 'm').test(text);
      return list.length === 0 || (all ? list.every(one) : list.some(one));
    };
    const person = ({ name, email }: { name: string; email: string }) => `${name} <${email}>`;
    if (!fits(this.authors, person(commit.author)) || !fits(this.committers, person(commit.committer))) return false;
    return this.greps.length === 0 || fits(this.greps, commit.message, this.allMatch) !== this.invert;
  }
}

/** A basic regular expression as JavaScript has it. */
const basic = (pattern: string): string =>
  pattern.replace(/\\?[(){}|+?]/g, (found) => (found.length === 2 ? found[1]! : `\\${found}`));

function missing(word: string): never {
  throw new Fatal(`Option '${word.replace(/^-+/, '')}' requires a value`);
}

type Flag = (o: LogOptions) => unknown;
type Valued = (o: LogOptions, value: string) => unknown;

const { setters } = LogOptions;

const flags: Readonly<Record<string, Flag>> = {
  '--oneline': (o) => {
    o.format = 'oneline';
    o.abbreviate ??= true;
  },
  '--abbrev-commit': (o) => (o.abbreviate = true),
  '--no-abbrev-commit': (o) => (o.abbreviate = false),
  '--no-decorate': (o) => (o.decorate = 'no'),
  '--graph': (o) => (o.graph = true),
  '--no-graph': (o) => (o.graph = false),
  '--reverse': (o) => (o.reverse = true),
  '--first-parent': (o) => {
    o.firstParent = true;
    if (o.merges === 'none') o.merges = 'first';
  },
  '--topo-order': (o) => (o.topological = true),
  '--date-order': () => {},
  '--author-date-order': () => {},
  '--follow': (o) => (o.follow = true),
  '-g': (o) => (o.reflog = true),
  '--walk-reflogs': (o) => (o.reflog = true),
  '--merges': (o) => (o.parents[0] = 2),
  '--no-merges': (o) => (o.parents[1] = 1),
  '-m': (o) => (o.merges = 'each'),
  '-i': setters.ignoreCase,
  '--regexp-ignore-case': setters.ignoreCase,
  '--invert-grep': setters.invert,
  '--all-match': setters.allMatch,
  '-E': () => {},
  '--extended-regexp': () => {},
  '--no-show-signature': () => {},
  '--no-notes': () => {},
  '--left-right': (o) => (o.leftRight = true),
  '--no-mailmap': () => {},
  '--use-mailmap': () => {},
  '--parents': () => {},
  '--relative-date': (o) => (o.date = 'relative'),
  '-c': (o) => (o.merges = 'none'),
};

const valued: Readonly<Record<string, Valued>> = {
  '-n': (o, value) => o.limit(value),
  '--max-count': (o, value) => o.limit(value),
  '--skip': (o, value) => (o.skip = Number(value)),
  '--since': setters.since,
  '--after': setters.since,
  '--until': setters.until,
  '--before': setters.until,
  '--author': setters.author,
  '--committer': setters.committer,
  '--grep': setters.grep,
  '--date': (o, value) => (o.date = value),
  '--min-parents': (o, value) => (o.parents[0] = Number(value)),
  '--max-parents': (o, value) => (o.parents[1] = Number(value)),
};

const optional: Readonly<Record<string, (o: LogOptions, value: string | undefined) => unknown>> = {
  '--pretty': (o, value) => o.setFormat(value ?? 'medium'),
  '--format': (o, value) => o.setFormat(value ?? 'medium'),
  '--decorate': (o, value) => (o.decorate = value ?? 'short'),
  '--no-walk': (o) => (o.noWalk = true),
  '--abbrev': (o, value) => (o.abbrev = value === undefined ? undefined : Number(value)),
};
