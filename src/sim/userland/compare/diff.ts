import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { splitLines } from '../core/lines.ts';
import { isDirectory } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { quote } from '../core/quote.ts';
import { compileRegexp } from '../core/regexp.ts';
import { isDir, joinPath, lastPart } from '../files/tree-walk.ts';
import { changes, contextual, edScript, normal, painted, rcsScript, type Side, sideBySide, unified } from './hunks.ts';

interface Rules {
  o: Options;
  style: 'normal' | 'unified' | 'context' | 'ed' | 'rcs' | 'side';
  context: number;
  labels: readonly string[];
  /** What is compared of a line. */
  key(line: string): string;
  color: boolean;
  /** The options as they stand in the `diff -r a b` lines. */
  shown: string;
}

const gnuOptions =
  'normal u U,unified=? c C,context=? e,ed n,rcs from-file= to-file= q,brief s,report-identical-files r,recursive N,new-file i,ignore-case w,ignore-all-space b,ignore-space-change Z,ignore-trailing-space E,ignore-tab-expansion B,ignore-blank-lines a,text L,label= x,exclude= y,side-by-side W,width= suppress-common-lines strip-trailing-cr t,expand-tabs T,initial-tab p,show-c-function color=? d,minimal I,ignore-matching-lines= no-dereference';
const busyboxOptions =
  'a,text b,ignore-space-change B,ignore-blank-lines d,minimal i,ignore-case N,new-file q,brief r,recursive S: T,initial-tab t,expand-tabs s,report-identical-files w,ignore-all-space L,label= U,unified= u';

function keyOf(o: Options): (line: string) => string {
  return (line) => {
    if (o.has('strip-trailing-cr')) line = line.replace(/\r$/, '');
    if (o.has('ignore-all-space')) line = line.replace(/\s+/g, '');
    else if (o.has('ignore-space-change')) line = line.replace(/\s+$/, '').replace(/\s+/g, ' ');
    else if (o.has('ignore-trailing-space')) line = line.replace(/\s+$/, '');
    return o.has('ignore-case') ? line.toLowerCase() : line;
  };
}

function rulesOf(c: Command, o: Options): Rules {
  const last = o.last('normal', 'u', 'unified', 'c', 'context', 'ed', 'rcs', 'side-by-side');
  const styles: Record<string, Rules['style']> = {
    u: 'unified',
    unified: 'unified',
    c: 'context',
    context: 'context',
    ed: 'ed',
    rcs: 'rcs',
    'side-by-side': 'side',
  };
  const width = o.value('unified') || o.value('context') || '3';
  if (!/^\d+$/.test(width)) c.fail(`invalid context length ${quote(width)}`, 2);
  return {
    o,
    style: c.bb ? 'unified' : (styles[last ?? ''] ?? 'normal'),
    context: Number(width),
    labels: o.values('label'),
    key: keyOf(o),
    color:
      o.has('color') && (/^(always)?$/.test(o.value('color')!) || (o.value('color') === 'auto' && c.sys.isatty(1))),
    shown: c.args.filter((arg) => /^-./.test(arg)).join(' '),
  };
}

/** One of the two things compared: a file, standard input, or (with -N) nothing. */
interface Subject {
  path: string;
  text: string;
  stat: Stat | undefined;
}

async function subject(c: Command, path: string, rules: Rules): Promise<Subject> {
  try {
    const stat = path === '-' ? c.sys.fstat(0) : c.sys.stat(path);
    return { path, text: await c.readFile(path), stat };
  } catch (error) {
    if (rules.o.has('new-file') && isErrno(error, 'ENOENT')) return { path, text: '', stat: undefined };
    throw error;
  }
}

const sideOf = (text: string, rules: Rules): Side => {
  const lines = splitLines(text);
  const open = text !== '' && !text.endsWith('\n');
  const keys = lines.map(rules.key);
  // A missing newline is a difference of the last line.
  if (open) keys[keys.length - 1] += '\0';
  return { lines, keys, open };
};

function label(c: Command, mark: string, one: Subject, name: string | undefined): string {
  if (name !== undefined) return `${mark} ${name}\n`;
  if (c.bb) return `${mark} ${one.path}\n`;
  const time = one.stat?.mtime ?? { sec: 0, nsec: 0 };
  return `${mark} ${one.path}\t${strftime('%Y-%m-%d %H:%M:%S.%N %z', time.sec, time.nsec, zoneOf(c.sys))}\n`;
}

function visibleChanges(left: Side, right: Side, rules: Rules) {
  const list = changes(left.keys, right.keys);
  const { o } = rules;
  const ignore = o.values('ignore-matching-lines').map((text) => compileRegexp(text, {}));
  if (!o.has('ignore-blank-lines') && ignore.length === 0) return list;
  const dull = (line: string) =>
    (o.has('ignore-blank-lines') && line === '') || ignore.some((pattern) => pattern.test(line));
  return list.filter(
    ({ a, aEnd, b, bEnd }) => ![...left.lines.slice(a, aEnd), ...right.lines.slice(b, bEnd)].every(dull),
  );
}

function printDifferences(c: Command, one: Subject, two: Subject, rules: Rules, heading: string): boolean {
  const [left, right] = [sideOf(one.text, rules), sideOf(two.text, rules)];
  const list = visibleChanges(left, right, rules);
  if (rules.style === 'side') {
    c.raw(sideBySide(left, right, list, Number(rules.o.value('width') ?? 130), rules.o.has('suppress-common-lines')));
    return list.length > 0;
  }
  if (list.length === 0) return false;
  if (heading) c.out(heading);
  const [first, second] = rules.labels;
  const put = (text: string) => c.raw(rules.color ? painted(text) : text);
  if (rules.style === 'unified') {
    put(encodeText(label(c, '---', one, first) + label(c, '+++', two, second)));
    put(unified(left, right, list, rules.context));
  } else if (rules.style === 'context') {
    put(encodeText(label(c, '***', one, first) + label(c, '---', two, second)));
    put(contextual(left, right, list, rules.context));
  } else if (rules.style === 'normal') put(normal(left, right, list));
  else c.raw(rules.style === 'ed' ? edScript(right, list) : rcsScript(right, list));
  return true;
}

const binary = (text: string): boolean => text.slice(0, 4096).includes('\0');

/** 0 the same, 1 different, 2 trouble. */
async function compareFiles(c: Command, a: string, b: string, rules: Rules, heading: string): Promise<number> {
  let pair: [Subject, Subject];
  try {
    pair = [await subject(c, a, rules), await subject(c, b, rules)];
  } catch (error) {
    const path = isErrno(error) ? (error.path ?? a) : a;
    c.error(c.bb ? `can't stat '${path}': ${c.reason(error)}` : `${path}: ${c.reason(error)}`);
    return 2;
  }
  const [one, two] = pair;
  const different = one.text !== two.text;
  if (different && !rules.o.has('text') && (binary(one.text) || binary(two.text))) {
    c.out(`${rules.o.has('brief') ? 'Files' : 'Binary files'} ${a} and ${b} differ\n`);
    return c.bb ? 1 : 2 - (rules.o.has('brief') ? 1 : 0);
  }
  let status = 0;
  if (rules.o.has('brief')) {
    const [left, right] = [sideOf(one.text, rules), sideOf(two.text, rules)];
    if (different && visibleChanges(left, right, rules).length) {
      c.out(`Files ${a} and ${b} differ\n`);
      status = 1;
    }
  } else if (different || rules.style === 'side') status = printDifferences(c, one, two, rules, heading) ? 1 : 0;
  if (status === 0 && rules.o.has('report-identical-files')) c.out(`Files ${a} and ${b} are identical\n`);
  return status;
}

const specialKinds = new Map([
  [0o010000, 'fifo'],
  [0o020000, 'character special file'],
  [0o060000, 'block special file'],
  [0o140000, 'socket'],
]);

const kindOf = (stat: Stat): string =>
  specialKinds.get(stat.mode & 0o170000) ??
  (isDirectory(stat.mode) ? 'directory' : stat.size === 0 ? 'regular empty file' : 'regular file');

/** What is neither a file nor a directory is not read; undefined when both are. */
function compareSpecial(c: Command, paths: [string, string], stats: (Stat | undefined)[]): number | undefined {
  const special = stats.map((stat) => stat !== undefined && specialKinds.has(stat.mode & 0o170000));
  if (!special.includes(true)) return undefined;
  const [one, two] = stats;
  if (!c.bb) {
    const same = one && two && one.mode === two.mode && (one.rdev ? one.rdev === two.rdev : one.ino === two.ino);
    if (!one || !two || same) return 0;
    c.out(`File ${paths[0]} is a ${kindOf(one)} while file ${paths[1]} is a ${kindOf(two)}\n`);
    return 1;
  }
  const at = special.indexOf(true);
  const other = stats[1 - at];
  const slash = paths[at]!.lastIndexOf('/');
  if (other && isDirectory(other.mode))
    c.out(`Only in ${paths[at]!.slice(0, slash)}: ${paths[at]!.slice(slash + 1)}\n`);
  else c.out(`File ${paths[at]} is not a regular file or directory and was skipped\n`);
  return other && isDirectory(other.mode) ? 1 : 0;
}

async function compareEntry(c: Command, a: string, b: string, name: string, rules: Rules): Promise<number> {
  const [one, two] = [joinPath(a, name), joinPath(b, name)];
  const stats = [one, two].map((path) => {
    try {
      return c.sys.stat(path);
    } catch {
      return undefined;
    }
  });
  const missing = stats[0] ? (stats[1] ? undefined : a) : b;
  if (missing && !rules.o.has('new-file')) {
    c.out(`Only in ${stats[0] ? a : b}: ${name}\n`);
    return 1;
  }
  const special = compareSpecial(c, [one, two], stats);
  if (special !== undefined) return special;
  const directories = stats.map((stat) => (stat ? isDirectory(stat.mode) : undefined));
  if (directories.some((yes) => yes) && directories.every((yes) => yes !== false)) {
    if (rules.o.has('recursive')) return compareDirectories(c, one, two, rules);
    c.out(`Common subdirectories: ${one} and ${two}\n`);
    return 0;
  }
  if (directories[0] !== directories[1] && stats[0] && stats[1]) {
    c.out(`File ${one} is a ${kindOf(stats[0])} while file ${two} is a ${kindOf(stats[1])}\n`);
    return 1;
  }
  const command = `diff ${rules.shown ? `${rules.shown} ` : ''}${one} ${two}\n`;
  return compareFiles(c, one, two, rules, c.bb ? '' : command);
}

async function compareDirectories(c: Command, a: string, b: string, rules: Rules): Promise<number> {
  const names = (path: string) => {
    try {
      return c.sys.readdir(path).map((entry) => entry.name);
    } catch {
      return [];
    }
  };
  const excluded = rules.o.values('exclude').map(
    (glob) =>
      new RegExp(
        `^${glob
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replace(/\*/g, '.*')
          .replace(/\?/g, '.')}$`,
      ),
  );
  let status = 0;
  for (const name of [...new Set([...names(a), ...names(b)])].sort()) {
    if (excluded.some((pattern) => pattern.test(name))) continue;
    status = Math.max(status, await compareEntry(c, a, b, name, rules));
    await c.drain();
  }
  return status;
}

export const diff: CommandSpec = {
  name: 'diff',
  suite: 'diffutils',
  applet: true,
  usageStatus: 2,
  usageHint: "%: Try '% --help' for more information.\n",
  async run(c) {
    c.args.forEach((arg, i) => {
      const number = /^-(\d+)([uc]?)$/.exec(arg);
      if (number) c.args[i] = `${number[2] === 'c' ? '-C' : '-U'}${number[1]}`;
    });
    c.args.forEach((arg, i) => {
      // -U 3 and -C 3 take their number from the next word, which optional arguments do not.
      if (/^-[a-zA-Z]*[UC]$/.test(arg) && c.args[i + 1]) c.args.splice(i, 2, arg + c.args[i + 1]);
    });
    const o = c.options({ gnu: gnuOptions, busybox: busyboxOptions });
    const common = o.value('from-file') ?? o.value('to-file');
    if (common !== undefined) {
      let status = 0;
      for (const other of o.operands) {
        const pair: [string, string] = o.has('from-file') ? [common, other] : [other, common];
        status = Math.max(status, await compareNamed(c, ...pair, rulesOf(c, o)));
      }
      return status;
    }
    const [a, b] = o.operands;
    if (a === undefined) c.usage(c.bb ? undefined : `missing operand after ${quote(c.name)}`);
    if (b === undefined) c.usage(c.bb ? undefined : `missing operand after ${quote(a!)}`);
    if (o.operands.length > 2) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[2]!)}`);
    // Standard input against itself is not read.
    if (a === '-' && b === '-') return 0;
    return compareNamed(c, a!, b!, rulesOf(c, o));
  },
};

/** Two operands; a file is looked for in what is a directory. */
function compareNamed(c: Command, a: string, b: string, rules: Rules): Promise<number> {
  const [first, second] = [isDir(c, a), isDir(c, b)];
  if (first && second) return compareDirectories(c, a, b, rules);
  if (first && b !== '-' && exists(c, b)) return compareFiles(c, joinPath(a, lastPart(b)), b, rules, '');
  if (second && a !== '-' && exists(c, a)) return compareFiles(c, a, joinPath(b, lastPart(a)), rules, '');
  return compareFiles(c, first ? b : a, second ? a : b, rules, '');
}

function exists(c: Command, path: string): boolean {
  try {
    return !!c.sys.stat(path);
  } catch {
    return false;
  }
}
