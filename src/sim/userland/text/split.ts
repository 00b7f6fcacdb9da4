/** split and csplit: a file into pieces. */
import { fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail, writeFile } from '../core/inputs.ts';
import { parseSize } from '../core/numbers.ts';
import { quote } from '../core/quote.ts';
import { compileRegexp } from '../core/regexp.ts';

/** aa, ab ... zz; or 00, 01 ... */
function suffix(index: number, length: number, digits: string): string | undefined {
  let out = '';
  for (let left = index, i = 0; i < length; i++) {
    out = digits[left % digits.length]! + out;
    left = Math.floor(left / digits.length);
  }
  return index < digits.length ** length ? out : undefined;
}

const alphabets = { letters: 'abcdefghijklmnopqrstuvwxyz', decimal: '0123456789', hexadecimal: '0123456789abcdef' };

function byLines(text: string, count: number, separator: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let seen = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
    if (++seen % count !== 0) continue;
    pieces.push(text.slice(start, at + 1));
    start = at + 1;
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

function byBytes(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces;
}

/** -C: as many whole lines as fit. */
function byLineBytes(text: string, size: number): string[] {
  const pieces: string[] = [];
  let now = '';
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (now && now.length + line.length > size) {
      pieces.push(now);
      now = '';
    }
    now += line;
    while (now.length > size) {
      pieces.push(now.slice(0, size));
      now = now.slice(size);
    }
  }
  return now ? [...pieces, now] : pieces;
}

/** -n N: equal parts; -n l/N: at line ends. */
function byCount(c: Command, text: string, wish: string): string[] {
  const match = /^(l\/)?(\d+)$/.exec(wish);
  if (!match) return c.fail(`invalid number of chunks: ${quote(wish)}`);
  const parts = Number(match[2]);
  const each = Math.floor(text.length / parts);
  const ends = Array.from({ length: parts }, (_, i) => (i === parts - 1 ? text.length : (i + 1) * each));
  if (match[1])
    ends.forEach((end, i) => {
      const newline = text.indexOf('\n', Math.max(0, end - 1));
      ends[i] = Math.max(ends[i - 1] ?? 0, newline < 0 ? text.length : newline + 1);
    });
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end));
}

function sizeOption(c: Command, text: string, what: string): number {
  const size = parseSize(text);
  if (size && size >= 1) return size;
  if (c.bb) return c.fail(size === 0 ? `number ${text} is not in 1..2147483647 range` : `invalid number '${text}'`);
  return c.fail(`invalid number of ${what}: ${quote(text)}${size === 0 ? ': Numerical result out of range' : ''}`);
}

export const split: CommandSpec = {
  name: 'split',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    if (/^-\d+$/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-l', c.args[0]!.slice(1));
    const o = c.options({
      gnu: 'a,suffix-length= additional-suffix= b,bytes= C,line-bytes= d numeric-suffixes=? x hex-suffixes=? e,elide-empty-files l,lines= n,number= t,separator= verbose filter=',
      busybox: 'a/suffix-length: b/bytes: l/lines:',
    });
    if (o.has('filter')) c.fail('drydock: split --filter is not simulated');
    if (o.operands.length > 2) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[2]!)}`);
    const text = await readOrFail(c, o.operands[0] ?? '-', (name) => `cannot open ${quote(name)} for reading`);
    const digits = o.has('d', 'numeric-suffixes')
      ? alphabets.decimal
      : o.has('x', 'hex-suffixes')
        ? alphabets.hexadecimal
        : alphabets.letters;
    const length = Number(o.value('suffix-length') ?? 2);
    const kind = o.last('bytes', 'line-bytes', 'lines', 'number') ?? 'lines';
    const pieces =
      kind === 'number'
        ? byCount(c, text, o.value('number')!)
        : kind === 'bytes'
          ? byBytes(text, sizeOption(c, o.value('bytes')!, 'bytes'))
          : kind === 'line-bytes'
            ? byLineBytes(text, sizeOption(c, o.value('line-bytes')!, 'bytes'))
            : byLines(text, sizeOption(c, o.value('lines') ?? '1000', 'lines'), o.value('separator') ?? '\n');
    const first = Number(o.value('numeric-suffixes') || o.value('hex-suffixes') || 0);
    let index = first;
    for (const piece of pieces) {
      if (piece === '' && o.has('elide-empty-files')) continue;
      const tail = suffix(index++, length, digits);
      if (tail === undefined) c.fail(c.bb ? 'suffixes exhausted' : 'output file suffixes exhausted');
      const path = `${o.operands[1] ?? 'x'}${tail}${o.value('additional-suffix') ?? ''}`;
      if (o.has('verbose')) c.out(`creating file ${quote(path)}\n`);
      await writeFile(c, path, fromBinary(piece));
    }
    return c.status;
  },
};

/** One argument of csplit: up to (or, with skip, over) the line that a pattern or number gives. */
interface Cut {
  text: string;
  skip: boolean;
  /** Index of the line to cut before, from `from`; undefined when there is none. */
  find(lines: readonly string[], from: number): number | undefined;
}

function parseCut(c: Command, text: string): Cut {
  const match = /^([/%])(.*)\1([-+]\d+)?$/.exec(text);
  if (match) {
    const pattern = compileRegexp(match[2]!, {});
    const offset = Number(match[3] ?? 0);
    const find = (lines: readonly string[], from: number) => {
      const at = lines.findIndex((line, i) => i >= from && pattern.test(line.replace(/\n$/, '')));
      return at < 0 ? undefined : at + offset;
    };
    return { text, skip: match[1] === '%', find };
  }
  if (!/^\d+$/.test(text)) c.fail(`${text}: invalid pattern`);
  const number = Number(text);
  return { text, skip: false, find: (lines) => (number - 1 <= lines.length ? number - 1 : undefined) };
}

/** Repetitions {N} and {*} written out. */
function parseCuts(c: Command, args: readonly string[]): { cut: Cut; times: number }[] {
  const cuts: { cut: Cut; times: number }[] = [];
  for (const arg of args) {
    const repeat = /^\{(\d+|\*)\}$/.exec(arg)?.[1];
    if (repeat === undefined) cuts.push({ cut: parseCut(c, arg), times: 1 });
    else if (cuts.length === 0) c.fail(`${quote(arg)}: invalid pattern`);
    else cuts.at(-1)!.times += repeat === '*' ? Infinity : Number(repeat);
  }
  return cuts;
}

export const csplit: CommandSpec = {
  name: 'csplit',
  suite: 'coreutils',
  async run(c) {
    const o = c.options({
      gnu: 'b,suffix-format= f,prefix= k,keep-files n,digits= s,quiet silent z,elide-empty-files suppress-matched',
    });
    if (o.operands.length === 0) c.usage('missing operand');
    if (o.operands.length === 1) c.usage(`missing operand after ${quote(o.operands[0]!)}`);
    const all = (await readOrFail(c, o.operands[0]!)).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const digits = Number(o.value('digits') ?? 2);
    let index = 0;
    let at = 0;
    const put = async (piece: string) => {
      if (piece === '' && o.has('elide-empty-files')) return;
      await writeFile(c, `${o.value('prefix') ?? 'xx'}${String(index++).padStart(digits, '0')}`, fromBinary(piece));
      if (!o.has('quiet', 'silent')) c.out(`${piece.length}\n`);
    };
    for (const { cut, times } of parseCuts(c, o.operands.slice(1))) {
      for (let i = 0; i < times; i++) {
        const found = cut.find(all, at + (i > 0 || index > 0 ? 1 : 0));
        if (found === undefined && times === Infinity) break;
        const end = found ?? all.length;
        if (!cut.skip) await put(all.slice(at, end).join(''));
        if (found === undefined)
          c.fail(`${quote(cut.text)}: ${/^\d/.test(cut.text) ? 'line number out of range' : 'match not found'}`);
        at = end;
      }
    }
    await put(all.slice(at).join(''));
    return c.status;
  },
};
