import { decodeText, encodeText, fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { splitLines } from '../core/lines.ts';
import type { Options } from '../core/options.ts';
import { quote } from '../core/quote.ts';

interface Key {
  /** Field and character, counted from 1; `end` undefined is the end of the line; endChar 0 the field's end. */
  start: number;
  startChar: number;
  end?: number;
  endChar: number;
  flags: string;
}

const monthOrder = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';

function parseKey(c: Command, text: string): Key {
  if (c.bb && /^\d+(?:\.\d+)?[a-zA-Z]/.test(text) && /[^0-9.,bdfgiMhnrV]/.test(text)) c.fail('unknown key option', 2);
  const match = /^(\d+)(?:\.(\d+))?([bdfgiMhnRrV]*)(?:,(\d+)(?:\.(\d+))?([bdfgiMhnRrV]*))?$/.exec(text);
  if (!match) {
    const digits = /^\d*/.exec(text)![0];
    if (c.bb) c.fail(`bad field specification`, 2);
    if (digits === '') c.fail(`-: invalid field specification ${quote(text)}`.replace('-: ', ''), 2);
    c.fail(`stray character in field spec: invalid field specification ${quote(text)}`, 2);
  }
  if (Number(match![1]) === 0)
    c.fail(
      c.bb
        ? 'bad field specification'
        : `-: invalid field specification ${quote(text)}`.replace('-: ', 'field number is zero: '),
      2,
    );
  return {
    start: Number(match![1]),
    startChar: Number(match![2] ?? 1),
    end: match![4] === undefined ? undefined : Number(match![4]),
    endChar: Number(match![5] ?? 0),
    flags: match![3]! + (match![6] ?? ''),
  };
}

/** Start and end of each field: by a separator, or each with its leading blanks. */
function fieldBounds(line: string, separator: string | undefined): [number, number][] {
  const bounds: [number, number][] = [];
  if (separator !== undefined) {
    for (let at = 0; ; ) {
      const next = line.indexOf(separator, at);
      bounds.push([at, next < 0 ? line.length : next]);
      if (next < 0) return bounds;
      at = next + 1;
    }
  }
  for (const match of line.matchAll(/[ \t]*[^ \t]+|[ \t]+$/g))
    bounds.push([match.index, match.index + match[0].length]);
  return bounds;
}

function keyText(line: string, key: Key, separator: string | undefined): string {
  if (key.start === 1 && key.startChar === 1 && key.end === undefined && !key.flags.includes('b')) return line;
  const bounds = fieldBounds(line, separator);
  const skip = (at: number, limit: number) => {
    if (key.flags.includes('b')) while (at < limit && (line[at] === ' ' || line[at] === '\t')) at++;
    return at;
  };
  const first = bounds[key.start - 1];
  if (!first) return '';
  const from = skip(first[0], line.length) + key.startChar - 1;
  let to = line.length;
  const last = key.end === undefined ? undefined : bounds[key.end - 1];
  if (last) to = key.endChar === 0 ? last[1] : Math.min(line.length, skip(last[0], line.length) + key.endChar);
  return line.slice(from, Math.max(from, to));
}

const numberOf = (text: string): number => Number(/^[ \t]*(-?(?:\d+\.?\d*|\.\d+))/.exec(text)?.[1] ?? 0);
const generalOf = (text: string): number => {
  const value = Number.parseFloat(text.trim().replace(/^([+-]?)inf.*/i, '$1Infinity'));
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
};

function humanOf(text: string): [number, number] {
  const match = /^[ \t]*(-?)(\d+\.?\d*|\.\d+)([kKMGTPEZY]?)/.exec(text);
  if (!match) return [0, 0];
  const sign = match[1] ? -1 : 1;
  const value = Number(match[2]) * sign;
  return [value === 0 ? 0 : sign * 'KMGTPEZY'.indexOf(match[3]!.toUpperCase() || '?') + sign, value];
}

const fileSuffix = /(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/;

/** filevercmp: what precedes the file's suffixes first, then the whole. */
export function compareVersions(a: string, b: string): number {
  const bare = (text: string) => (text.startsWith('.') ? text : text.replace(fileSuffix, ''));
  return compareRuns(bare(a), bare(b)) || compareRuns(a, b);
}

/** runs of digits by value, ~ before the end, letters before the rest. */
function compareRuns(a: string, b: string): number {
  const order = (character: string | undefined) => {
    if (character === undefined) return 0;
    if (character === '~') return -1;
    return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !/\d/.test(a[i]!)) || (j < b.length && !/\d/.test(b[j]!))) {
      const left = /\d/.test(a[i] ?? '0') ? (a[i] === undefined ? 0 : 0) : order(a[i]);
      const right = /\d/.test(b[j] ?? '0') ? 0 : order(b[j]);
      if (left !== right) return left - right;
      i++;
      j++;
    }
    const x = /^\d*/.exec(a.slice(i))![0];
    const y = /^\d*/.exec(b.slice(j))![0];
    const difference = Number(x) - Number(y);
    if (difference) return difference;
    i += x.length;
    j += y.length;
  }
  return 0;
}

type Compare = (a: string, b: string) => number;

const bytewise: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function comparison(flags: string): Compare {
  if (flags.includes('n')) return (a, b) => numberOf(a) - numberOf(b);
  if (flags.includes('g')) {
    return (a, b) => {
      const [x, y] = [generalOf(a), generalOf(b)];
      return x === y ? 0 : x - y;
    };
  }
  if (flags.includes('h')) {
    return (a, b) => {
      const [x, y] = [humanOf(a), humanOf(b)];
      return x[0] - y[0] || x[1] - y[1];
    };
  }
  if (flags.includes('M')) {
    const month = (text: string) => {
      const at = monthOrder.indexOf(text.trim().slice(0, 3).toUpperCase().padEnd(3, '?'));
      return at < 0 ? -1 : at;
    };
    return (a, b) => month(a) - month(b);
  }
  if (flags.includes('V')) return (a, b) => compareVersions(a, b) || bytewise(a, b);
  const fold = (text: string) => {
    if (flags.includes('d')) text = text.replace(/[^A-Za-z0-9 \t]/g, '');
    if (flags.includes('i')) text = text.replace(/[^ -~]/g, '');
    return flags.includes('f') ? text.toUpperCase() : text;
  };
  return /[dif]/.test(flags) ? (a, b) => bytewise(fold(a), fold(b)) : bytewise;
}

/** All keys in turn, then (unless stable or unique) the whole line. */
export function lineComparison(
  keys: Key[],
  global: string,
  separator: string | undefined,
  lastResort: boolean,
): Compare {
  const steps = (keys.length ? keys : [{ start: 1, startChar: 1, endChar: 0, flags: '' }]).map((key) => {
    const flags = key.flags.replace('b', '') === '' ? global + key.flags : key.flags;
    const used = { ...key, flags };
    const sign = flags.includes('r') ? -1 : 1;
    const compare = comparison(flags);
    return (a: string, b: string) => sign * compare(keyText(a, used, separator), keyText(b, used, separator));
  });
  const sign = global.includes('r') ? -1 : 1;
  return (a, b) => {
    for (const step of steps) {
      const result = step(a, b);
      if (result) return result;
    }
    return lastResort ? sign * bytewise(a, b) : 0;
  };
}

async function namesFrom(c: Command, path: string): Promise<string[]> {
  try {
    return splitLines(await c.readFile(path), '\0');
  } catch (error) {
    return c.fail(`open failed: ${path}: ${c.reason(error)}`, 2);
  }
}

/** The lines of each file. */
async function gather(c: Command, names: string[], terminator: string): Promise<string[][]> {
  const all: string[][] = [];
  for (const name of names.length ? names : ['-']) {
    try {
      all.push(splitLines(await c.readFile(name), terminator));
    } catch (error) {
      const reason = c.reason(error);
      if (c.bb) c.fail(reason === 'Is a directory' ? `read error: ${reason}` : `${name}: ${reason}`, 2);
      c.fail(reason === 'Is a directory' ? `read failed: ${name}: ${reason}` : `cannot read: ${name}: ${reason}`, 2);
    }
  }
  return all;
}

function check(c: Command, name: string, all: string[], compare: Compare, unique: boolean, quiet: boolean): number {
  for (let i = 1; i < all.length; i++) {
    const order = compare(all[i - 1]!, all[i]!);
    if (order > 0 || (unique && order === 0)) {
      const where = `${c.name}: ${name}:${i + 1}: disorder: ${decodeText(all[i]!)}\n`;
      if (!quiet) c.errorText(c.bb ? `Check line ${i}\n` : where);
      return 1;
    }
  }
  return 0;
}

function separatorOf(c: Command, o: Options): string | undefined {
  const text = o.value('field-separator');
  if (text === undefined) return undefined;
  if (text === '\\0') return '\0';
  if (text === '') c.fail('empty tab', 2);
  if (encodeText(text).length > 1) c.fail(c.bb ? 'bad -t parameter' : `multi-character tab ${quote(text)}`, 2);
  return encodeText(text);
}

export const sort: CommandSpec = {
  name: 'sort',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  async run(c) {
    const o = c.options({
      gnu: 'b,ignore-leading-blanks d,dictionary-order f,ignore-case g,general-numeric-sort i,ignore-nonprinting M,month-sort h,human-numeric-sort n,numeric-sort R,random-sort r,reverse V,version-sort c check=? C m,merge o,output= s,stable S,buffer-size= t,field-separator= T,temporary-directory= u,unique k,key= z,zero-terminated parallel= random-source= files0-from= sort= batch-size= compress-program= debug',
      busybox:
        'n/numeric-sort u/unique r/reverse h/human-numeric-sort g/general-numeric-sort M/month-sort c z/zero-terminated b/ignore-leading-blanks i/ignore-nonprinting d/dictionary-order f/ignore-case s/stable V/version-sort m/merge S/buffer-size: T/temporary-directory: o/output: k/key: t/field-separator:',
    });
    const letters: Record<string, string> = {
      'ignore-leading-blanks': 'b',
      'dictionary-order': 'd',
      'ignore-case': 'f',
      'general-numeric-sort': 'g',
      'ignore-nonprinting': 'i',
      'month-sort': 'M',
      'human-numeric-sort': 'h',
      'numeric-sort': 'n',
      reverse: 'r',
      'version-sort': 'V',
    };
    const sorts: Record<string, string> = {
      numeric: 'n',
      'general-numeric': 'g',
      'human-numeric': 'h',
      month: 'M',
      version: 'V',
    };
    const global = o.list.map((option) => letters[option.name] ?? '').join('') + (sorts[o.value('sort') ?? ''] ?? '');
    const keys = o.values('key').map((text) => parseKey(c, text));
    const unique = o.has('unique');
    const separator = separatorOf(c, o);
    const compare = lineComparison(keys, global, separator, !unique && !o.has('stable'));
    const terminator = o.has('zero-terminated') ? '\0' : '\n';
    const checking = o.has('c', 'C', 'check');
    if (checking && o.operands.length > 1 && !c.bb)
      c.fail(`extra operand ${quote(o.operands[1]!)} not allowed with -c`, 2);
    const names = o.has('files0-from') ? await namesFrom(c, o.value('files0-from')!) : o.operands;
    const runs = await gather(c, names, terminator);
    const all = runs.flat();
    if (checking) return check(c, o.operands[0] ?? '-', all, compare, unique, o.has('C'));
    // BusyBox puts equal lines in order before it keeps the first.
    const inFull = c.bb && unique ? lineComparison(keys, global, separator, !o.has('stable')) : compare;
    const by = global === '' && keys.length === 0 ? undefined : inFull;
    const ordered = await (o.has('merge') && !c.bb ? mergeAll(c, runs, by) : inOrder(c, all, by));
    let result = ordered;
    if (unique) result = ordered.filter((line, i) => i === 0 || compare(ordered[i - 1]!, line) !== 0);
    const output = o.value('output');
    if (output === undefined) await printLines(c, result, terminator);
    else await writeOutput(c, output, result.length ? `${result.join(terminator)}${terminator}` : '');
    return 0;
  },
};

/** Lines that are sorted, or steps of a merge, in one go: a few milliseconds. */
const atOnce = 1024;
const unitsAtOnce = 32;

/** Sorts stably; others get their turn meanwhile. Without `compare`: by bytes. */
async function inOrder(c: Command, lines: string[], compare?: Compare): Promise<string[]> {
  const runs: string[][] = [];
  for (let at = 0; at < lines.length; at += atOnce) {
    runs.push(lines.slice(at, at + atOnce).sort(compare));
    await c.sys.preempt(unitsAtOnce);
  }
  return mergeAll(c, runs, compare);
}

/** Lists that are in order each become one. */
async function mergeAll(c: Command, lists: string[][], compare?: Compare): Promise<string[]> {
  let runs = lists;
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(runs[i + 1] ? await mergeTwo(c, runs[i]!, runs[i + 1]!, compare ?? byBytes) : runs[i]!);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

const byBytes: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Of two that compare equal, that of the first comes first. */
async function mergeTwo(c: Command, first: string[], second: string[], compare: Compare): Promise<string[]> {
  const merged: string[] = [];
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length) {
    merged.push(compare(first[i]!, second[j]!) <= 0 ? first[i++]! : second[j++]!);
    if (merged.length % atOnce === 0) await c.sys.preempt(unitsAtOnce / 4);
  }
  while (i < first.length) merged.push(first[i++]!);
  while (j < second.length) merged.push(second[j++]!);
  return merged;
}

async function printLines(c: Command, lines: readonly string[], terminator: string): Promise<void> {
  for (let at = 0; at < lines.length; at += atOnce) {
    c.raw(`${lines.slice(at, at + atOnce).join(terminator)}${terminator}`);
    await c.drain();
  }
}

async function writeOutput(c: Command, path: string, text: string): Promise<void> {
  try {
    const fd = await c.sys.open(path, { access: 'write', create: true, truncate: true }, 0o666);
    await c.sys.write(fd, fromBinary(text));
    c.sys.close(fd);
  } catch (error) {
    c.fail(c.bb ? `${path}: ${c.reason(error)}` : `open failed: ${path}: ${c.reason(error)}`, 2);
  }
}
