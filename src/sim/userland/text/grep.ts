import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { lineBlocks } from '../core/lines.ts';
import { isDirectory } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { compileRegexp, literalPattern, RegexpError } from '../core/regexp.ts';
import { joinPath } from '../files/tree-walk.ts';

type Kind = 'basic' | 'extended' | 'fixed' | 'perl';

interface Rules {
  invert: boolean;
  count: boolean;
  quiet: boolean;
  listing: '' | 'with' | 'without';
  only: boolean;
  number: boolean;
  byteOffset: boolean;
  names: boolean;
  before: number;
  after: number;
  most: number;
  text: boolean;
  color: boolean;
  nullName: boolean;
  noMessages: boolean;
  end: string;
  initialTab: boolean;
  /** -A, -B or -C was given, if only with 0. */
  context: boolean;
  /** Between groups of context lines. */
  separator: string | undefined;
}

/** The parts of Perl's syntax that JavaScript writes otherwise: \K, possessive and atomic forms are left out. */
function perlPattern(pattern: string): string {
  const kept = pattern.lastIndexOf('\\K');
  const source = kept > 0 ? `(?<=${pattern.slice(0, kept)})${pattern.slice(kept + 2)}` : pattern;
  return source
    .replace(/\\h/g, '[ \\t]')
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/^\(\?i\)/, '');
}

/** Builds one global RegExp out of the patterns. */
function matcher(c: Command, patterns: string[], kind: Kind, o: Options): RegExp {
  const inline = kind === 'perl' && patterns.some((pattern) => pattern.startsWith('(?i)'));
  const flags = `g${inline || (o.has('ignore-case', 'y') && o.last('ignore-case', 'y', 'no-ignore-case') !== 'no-ignore-case') ? 'i' : ''}`;
  const sources = patterns.map((pattern) => {
    if (kind === 'fixed') return literalPattern(pattern);
    if (kind === 'perl') return perlPattern(pattern);
    try {
      if (!c.bb && /^\[([:.=])[a-z]+\1\]/.test(pattern))
        return c.fail('character class syntax is [[:space:]], not [:space:]', 2);
      if (!c.bb && kind === 'extended' && /^[*?+]/.test(pattern)) {
        c.error(`warning: ${pattern[0]} at start of expression`, 0);
        return compileRegexp(pattern.slice(1), { extended: true, ignoreCase: flags.includes('i') }).source;
      }
      return compileRegexp(pattern, { extended: kind === 'extended', ignoreCase: flags.includes('i') }).source;
    } catch (error) {
      if (!(error instanceof RegexpError)) throw error;
      return c.fail(c.bb ? `bad regex '${decodeText(pattern)}': ${error.message}` : error.message, 2);
    }
  });
  let source = sources.length === 0 ? '(?!)' : sources.map((one) => (one === '(?:)' ? '' : one)).join('|');
  if (o.has('word-regexp')) source = `(?<![A-Za-z0-9_])(?:${source})(?![A-Za-z0-9_])`;
  if (o.has('line-regexp')) source = `^(?:${source})$`;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const open = /Unterminated group/.test(String(error));
    return c.fail(open ? 'missing closing parenthesis' : 'unrecognized character in pattern', 2);
  }
}

class Searcher {
  matchedAny = false;
  /** -L printed a name. */
  listedAny = false;
  private separatorDue = false;
  constructor(
    private readonly c: Command,
    private readonly pattern: RegExp,
    private readonly rules: Rules,
  ) {}

  /** Searches one input; true when the whole search may stop (-q). */
  async input(fd: number, name: string): Promise<boolean> {
    const { rules } = this;
    const before: [number, string, number][] = [];
    let number = 0;
    let offset = 0;
    let found = 0;
    let after = 0;
    let lastShown = 0;
    let binary = false;
    for await (const block of lineBlocks(this.c, fd, rules.end)) {
      if (!binary && !rules.text && rules.end === '\n') binary = block.lines.some((line) => line.includes('\0'));
      for (const line of block.lines) {
        number++;
        const at = offset;
        offset += line.length + 1;
        if (found < rules.most && this.matches(line) !== rules.invert) {
          found++;
          this.matchedAny = true;
          if (rules.quiet) return true;
          if (rules.listing || rules.count) {
            if (rules.listing || found >= rules.most) return this.summary(name, found);
            continue;
          }
          if (binary) {
            await this.c.flush();
            this.c.error(`${name}: binary file matches`, 0);
            return false;
          }
          if (rules.context && this.separatorDue && (lastShown === 0 || lastShown + before.length + 1 < number)) {
            if (rules.separator !== undefined) this.c.raw(`${rules.separator}\n`);
          }
          this.separatorDue = true;
          for (const [n, text, o] of before) this.show(name, n, text, '-', o);
          before.length = 0;
          this.show(name, number, line, ':', at);
          lastShown = number;
          after = rules.after;
          if (found >= rules.most && after === 0) return false;
        } else if (after > 0) {
          after--;
          this.show(name, number, line, '-', at);
          lastShown = number;
          if (found >= rules.most && after === 0) return false;
        } else if (rules.before > 0) {
          before.push([number, line, at]);
          if (before.length > rules.before) before.shift();
        }
      }
      await this.c.drain();
    }
    return this.summary(name, found);
  }

  private summary(name: string, found: number): boolean {
    const { rules } = this;
    const end = rules.nullName ? '\0' : '\n';
    if (rules.listing === 'with' && found > 0) this.c.out(name + end);
    else if (rules.listing === 'without' && found === 0) {
      this.c.out(name + end);
      this.listedAny = true;
    } else if (rules.count && !rules.listing && !rules.quiet)
      this.c.out(`${rules.names ? `${name}${rules.nullName ? '\0' : ':'}` : ''}${found}\n`);
    return false;
  }

  private matches(line: string): boolean {
    this.pattern.lastIndex = 0;
    return this.pattern.test(line);
  }

  private head(name: string, number: number, mark: string, offset: number): string {
    const { rules } = this;
    const sign = rules.color ? `\x1b[36m\x1b[K${mark}\x1b[m\x1b[K` : mark;
    let head = '';
    if (rules.names)
      head +=
        (rules.color ? `\x1b[35m\x1b[K${encodeText(name)}\x1b[m\x1b[K` : encodeText(name)) +
        (rules.nullName ? '\0' : sign);
    const width = rules.initialTab ? ' ' : '';
    if (rules.number) head += width + (rules.color ? `\x1b[32m\x1b[K${number}\x1b[m\x1b[K` : number) + sign;
    if (rules.byteOffset) head += offset + sign;
    return head && rules.initialTab ? `${head}\t` : head;
  }

  private show(name: string, number: number, line: string, mark: string, offset: number): void {
    const { rules } = this;
    if (!rules.only) {
      const text = rules.color && mark === ':' && !rules.invert ? this.painted(line) : line;
      this.c.raw(`${this.head(name, number, mark, offset)}${text}${rules.end}`);
      return;
    }
    if (mark === '-' || rules.invert) return;
    this.pattern.lastIndex = 0;
    for (const match of line.matchAll(this.pattern)) {
      if (match[0] === '') continue;
      const text = rules.color ? `\x1b[01;31m\x1b[K${match[0]}\x1b[m\x1b[K` : match[0];
      this.c.raw(`${this.head(name, number, mark, offset + match.index)}${text}${rules.end}`);
    }
  }
  private painted(line: string): string {
    return line.replace(this.pattern, (text) => (text === '' ? '' : `\x1b[01;31m\x1b[K${text}\x1b[m\x1b[K`));
  }
}

const gnuOptions =
  'E,extended-regexp F,fixed-strings G,basic-regexp P,perl-regexp e,regexp= f,file= i,ignore-case y no-ignore-case w,word-regexp x,line-regexp z,null-data s,no-messages v,invert-match V m,max-count= b,byte-offset n,line-number line-buffered H,with-filename h,no-filename label= o,only-matching q,quiet silent binary-files= a,text I d,directories= D,devices= r,recursive R,dereference-recursive include= exclude= exclude-from= exclude-dir= L,files-without-match l,files-with-matches c,count T,initial-tab Z,null B,before-context= A,after-context= C,context= color=? colour=? U,binary group-separator= no-group-separator';
const busyboxOptions =
  'E/extended-regexp F/fixed-strings e/regexp: f/file: i/ignore-case w/word-regexp x/line-regexp s/no-messages v/invert-match m/max-count: n/line-number H/with-filename h/no-filename o/only-matching q/quiet r,recursive R/dereference-recursive L/files-without-match l/files-with-matches c/count a,text I B/before-context: A/after-context: C/context: color=?';

async function patternsOf(c: Command, o: Options, operands: string[]): Promise<string[]> {
  const patterns: string[] = [];
  for (const option of o.list) {
    if (option.name === 'regexp') patterns.push(...encodeText(option.value!).split('\n'));
    if (option.name !== 'file') continue;
    try {
      const text = await c.readFile(option.value!);
      if (text !== '') patterns.push(...text.replace(/\n$/, '').split('\n'));
    } catch (error) {
      c.fail(`${option.value}: ${c.reason(error)}`, 2);
    }
  }
  if (!o.has('regexp', 'file')) {
    if (operands.length === 0) c.usage();
    patterns.push(...encodeText(operands.shift()!).split('\n'));
  }
  return patterns;
}

function contextOf(c: Command, o: Options, name: string): number {
  const text = o.value(name) ?? o.value('context');
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) c.fail(c.bb ? `invalid number '${text}'` : `${text}: invalid context length argument`, 2);
  return Number(text);
}

function rulesOf(c: Command, o: Options, names: boolean): Rules {
  const color = o.value('color') ?? o.value('colour');
  const most = o.value('max-count');
  if (most !== undefined && !/^-?\d+$/.test(most)) c.fail(c.bb ? `invalid number '${most}'` : 'invalid max count', 2);
  return {
    invert: o.has('invert-match'),
    count: o.has('count'),
    quiet: o.has('quiet', 'silent'),
    listing: o.has('files-with-matches') ? 'with' : o.has('files-without-match') ? 'without' : '',
    only: o.has('only-matching'),
    number: o.has('line-number'),
    byteOffset: o.has('byte-offset'),
    names,
    before: contextOf(c, o, 'before-context'),
    after: contextOf(c, o, 'after-context'),
    most: most === undefined || Number(most) < 0 ? Number.POSITIVE_INFINITY : Number(most),
    text: o.has('text') || o.value('binary-files') === 'text' || c.bb,
    color:
      !c.bb &&
      color !== undefined &&
      (color === '' || color === 'always' || (color === 'auto' && c.sys.isatty(1))) &&
      (color !== '' || c.sys.isatty(1)),
    nullName: o.has('null'),
    noMessages: o.has('no-messages'),
    end: o.has('null-data') ? '\0' : '\n',
    initialTab: o.has('initial-tab'),
    context: o.has('before-context', 'after-context', 'context'),
    separator: o.has('no-group-separator') ? undefined : encodeText(o.value('group-separator') ?? '--'),
  };
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    's',
  );

/** Files below a directory, filtered by --include, --exclude, --exclude-dir. */
function* filesBelow(c: Command, o: Options, path: string): Generator<string> {
  const includes = o.values('include').map(wildcard);
  const excludes = o.values('exclude').map(wildcard);
  const excludeDirs = o.values('exclude-dir').map((text) => wildcard(text.replace(/\/$/, '')));
  for (const entry of c.sys.readdir(path)) {
    const child = path === '' ? entry.name : joinPath(path, entry.name);
    if (entry.type === 0o040000) {
      if (!excludeDirs.some((test) => test.test(entry.name))) yield* filesBelow(c, o, child);
    } else if (entry.type === 0o100000 || o.has('dereference-recursive')) {
      if (includes.length && !includes.some((test) => test.test(entry.name))) continue;
      if (!excludes.some((test) => test.test(entry.name))) yield child;
    }
  }
}

async function runGrep(c: Command, forced?: Kind): Promise<number> {
  if (!c.bb) c.args.splice(0, c.args.length, ...c.args.map((arg) => (/^-\d+$/.test(arg) ? `-C${arg.slice(1)}` : arg)));
  const o = c.options({ gnu: gnuOptions, busybox: busyboxOptions });
  const operands = [...o.operands];
  const patterns = await patternsOf(c, o, operands);
  const last = o.last('extended-regexp', 'fixed-strings', 'basic-regexp', 'perl-regexp');
  const kind = last
    ? ({ 'extended-regexp': 'extended', 'fixed-strings': 'fixed', 'basic-regexp': 'basic', 'perl-regexp': 'perl' }[
        last
      ] as Kind)
    : (forced ?? 'basic');
  const recursive = o.has('recursive', 'dereference-recursive') || o.value('directories') === 'recurse';
  const names =
    o.last('with-filename', 'no-filename') === 'with-filename' ||
    (!o.has('no-filename') && (operands.length > 1 || recursive));
  const rules = rulesOf(c, o, names);
  if (patterns.length === 0 && !rules.invert) return 1;
  const searcher = new Searcher(c, matcher(c, patterns, kind, o), rules);
  const label = o.value('label') ?? '(standard input)';
  const inputs = operands.length ? operands : recursive ? ['.'] : ['-'];
  if (rules.most === 0) return 1;
  let failed = false;
  const search = async (path: string): Promise<boolean> => {
    try {
      if (path !== '-' && isDirectory(c.sys.stat(path).mode)) {
        if (recursive) {
          const bare = operands.length === 0 && !c.bb;
          for (const file of filesBelow(c, o, bare ? '' : path)) if (await search(bare ? file : file)) return true;
          return false;
        }
        if (o.value('directories') === 'skip') return false;
        if (!c.bb) {
          c.error(`${path}: Is a directory`, 2);
          failed = true;
        }
        return false;
      }
      const fd = await c.openInput(path);
      try {
        return await searcher.input(fd, path === '-' ? label : path);
      } finally {
        c.closeInput(fd);
      }
    } catch (error) {
      failed = true;
      const reason = c.reason(error);
      if (!rules.noMessages) c.error(`${path}: ${reason}`, 2);
      return false;
    }
  };
  for (const path of inputs) if (await search(path)) return 0;
  if (failed && !(rules.quiet && searcher.matchedAny)) return 2;
  c.status = 0;
  if (c.bb && rules.listing === 'without') return searcher.listedAny ? 0 : 1;
  return searcher.matchedAny ? 0 : 1;
}

// egrep and fgrep are scripts that run grep.
const usageHint = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

export const grep: CommandSpec = {
  name: 'grep',
  suite: 'grep',
  applet: true,
  usageStatus: 2,
  usageHint,
  run: (c) => runGrep(c),
};
export const egrep: CommandSpec = {
  name: 'egrep',
  suite: 'grep',
  applet: true,
  usageStatus: 2,
  usageHint,
  run: (c) => runGrep(c, 'extended'),
};
export const fgrep: CommandSpec = {
  name: 'fgrep',
  suite: 'grep',
  applet: true,
  usageStatus: 2,
  usageHint,
  run: (c) => runGrep(c, 'fixed'),
};
