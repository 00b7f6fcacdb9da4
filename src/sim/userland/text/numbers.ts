/** factor, numfmt, shuf, tsort. */
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';
import { quote } from '../core/quote.ts';

function primeFactors(value: bigint): bigint[] {
  const out: bigint[] = [];
  let left = value;
  for (let divisor = 2n; divisor * divisor <= left; divisor += divisor === 2n ? 1n : 2n) {
    while (left % divisor === 0n) {
      out.push(divisor);
      left /= divisor;
    }
  }
  return left > 1n ? [...out, left] : out;
}

export const factor: CommandSpec = {
  name: 'factor',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'h,exponents', busybox: '' });
    const numbers = o.operands.length ? o.operands : (await c.readAllText(0)).split(/\s+/).filter(Boolean);
    for (const text of numbers) {
      if (!/^\+?\d+$/.test(text)) {
        if (c.bb) c.usage();
        c.error(`${quote(text)} is not a valid positive integer`);
        continue;
      }
      const value = BigInt(text.replace('+', ''));
      c.out(
        `${value}:${primeFactors(value)
          .map((prime) => ` ${prime}`)
          .join('')}\n`,
      );
      await c.drain();
    }
    return c.status;
  },
};

/** Numbers below `limit`, each as likely, from the kernel's random bytes. */
function randomBelow(c: Command, limit: number): number {
  let value = 0;
  for (const byte of c.sys.random(6)) value = value * 256 + byte;
  return value % limit;
}

function shuffled<T>(c: Command, items: T[], count: number): T[] {
  const most = Math.min(count, items.length);
  for (let i = 0; i < most; i++) {
    const j = i + randomBelow(c, items.length - i);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items.slice(0, most);
}

export const shuf: CommandSpec = {
  name: 'shuf',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'e,echo i,input-range= n,head-count= o,output= random-source= r,repeat z,zero-terminated',
      busybox: 'e/echo i/input-range: n/head-count: o/output: z/zero-terminated r/repeat',
    });
    if (o.has('random-source', 'output')) c.fail('drydock: shuf --random-source and --output are not simulated');
    const end = o.has('zero-terminated') ? '\0' : '\n';
    const range = o.value('input-range');
    const bounds = /^(\d+)-(\d+)$/.exec(range ?? '');
    if (range !== undefined && !bounds) c.fail(c.bb ? `bad range '${range}'` : `invalid input range: ${quote(range)}`);
    const count = Number(o.value('head-count') ?? Infinity);
    if (Number.isNaN(count)) c.fail(`invalid line count: ${quote(o.value('head-count')!)}`);
    const items = bounds
      ? Array.from({ length: Number(bounds[2]) - Number(bounds[1]) + 1 }, (_, i) => String(Number(bounds[1]) + i))
      : o.has('echo')
        ? [...o.operands]
        : splitLines(await readOrFail(c, o.operands[0] ?? '-'), end);
    if (!o.has('repeat')) for (const item of shuffled(c, items, count)) c.raw(item + end);
    else {
      if (items.length === 0) c.fail('no lines to repeat');
      for (let i = 0; i < count; i++) {
        c.raw(items[randomBelow(c, items.length)]! + end);
        await c.drain();
      }
    }
    return c.status;
  },
};

/** Kahn's algorithm in the order in which names first appear. */
export const tsort: CommandSpec = {
  name: 'tsort',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    const name = o.operands[0] ?? '-';
    const words = (await readOrFail(c, name)).split(/\s+/).filter(Boolean);
    if (words.length % 2) c.fail(c.bb ? 'odd input' : `${name}: input contains an odd number of tokens`);
    const after = new Map<string, Set<string>>();
    const before = new Map<string, number>();
    for (const word of words) {
      if (!after.has(word)) after.set(word, new Set());
      before.set(word, before.get(word) ?? 0);
    }
    for (let i = 0; i < words.length; i += 2) {
      const [from, to] = [words[i]!, words[i + 1]!];
      if (from === to || after.get(from)!.has(to)) continue;
      after.get(from)!.add(to);
      before.set(to, before.get(to)! + 1);
    }
    let ready = [...before]
      .filter(([, count]) => count === 0)
      .map(([word]) => word)
      .sort();
    while (before.size > 0) {
      if (ready.length === 0) {
        c.error(c.bb ? 'cycle' : `${name}: input contains a loop:`);
        for (const word of before.keys()) c.errorText(`${c.name}: ${word}\n`);
        ready = [before.keys().next().value!];
      }
      const next: string[] = [];
      for (const word of ready) {
        if (!before.delete(word)) continue;
        c.raw(`${word}\n`);
        for (const to of after.get(word)!) {
          if (!before.has(to)) continue;
          before.set(to, before.get(to)! - 1);
          if (before.get(to) === 0) next.push(to);
        }
      }
      ready = next;
    }
    return c.status;
  },
};

const units = 'KMGTPEZY';

interface Scales {
  from: string;
  to: string;
  suffix: string;
  padding: number;
  round: string;
  grouping: boolean;
  format?: string;
  fromUnit: number;
  toUnit: number;
}

function parseScaled(c: Command, text: string, scales: Scales): number {
  const match = /^(-?\d*\.?\d+|-?\d+\.)([KMGTPEZY]?)(i?)$/.exec(text);
  if (!match) return c.fail(`invalid number: ${quote(text)}`, 2);
  if (match[2] && scales.from === 'none')
    c.fail(`rejecting suffix in input: ${quote(text)} (consider using --from)`, 2);
  const base = scales.from === 'si' || (scales.from === 'auto' && !match[3]) ? 1000 : 1024;
  return Number(match[1]) * base ** (match[2] ? units.indexOf(match[2]) + 1 : 0) * scales.fromUnit;
}

const rounders: Record<string, (value: number) => number> = {
  up: Math.ceil,
  down: Math.floor,
  nearest: Math.round,
  'from-zero': (value) => (value < 0 ? Math.floor(value) : Math.ceil(value)),
  'towards-zero': Math.trunc,
};

function scaled(value: number, scales: Scales): string {
  const round = rounders[scales.round]!;
  const amount = value / scales.toUnit;
  if (scales.to === 'none') return String(Number.isInteger(amount) ? amount : round(amount * 1e6) / 1e6);
  const base = scales.to === 'si' ? 1000 : 1024;
  let power = 0;
  let left = amount;
  while (Math.abs(left) >= base && power < units.length) {
    left /= base;
    power++;
  }
  if (power === 0) return String(round(left));
  const digits = (amount: number) =>
    Math.abs(amount) < 9.95 ? (round(amount * 10) / 10).toFixed(1) : String(round(amount));
  let text = digits(left);
  if (Math.abs(Number(text)) >= base && power < units.length) {
    power++;
    text = digits(left / base);
  }
  return `${text}${units[power - 1]}${scales.to === 'iec-i' ? 'i' : ''}`;
}

export const numfmt: CommandSpec = {
  name: 'numfmt',
  suite: 'coreutils',
  async run(c) {
    const o = c.options({
      gnu: 'debug d,delimiter= field= format= from= from-unit= grouping header=? invalid= padding= round= suffix= to= to-unit= z,zero-terminated',
    });
    const scales: Scales = {
      from: o.value('from') ?? 'none',
      to: o.value('to') ?? 'none',
      suffix: o.value('suffix') ?? '',
      padding: Number(o.value('padding') ?? 0),
      round: o.value('round') ?? 'from-zero',
      grouping: o.has('grouping'),
      fromUnit: Number(o.value('from-unit') ?? 1),
      toUnit: Number(o.value('to-unit') ?? 1),
    };
    const field = Number(o.value('field') ?? 1) - 1;
    const delimiter = o.value('delimiter');
    const headers = o.has('header') ? Number(o.value('header') || 1) : 0;
    const convert = (text: string) => {
      const bare = scales.suffix && text.endsWith(scales.suffix) ? text.slice(0, -scales.suffix.length) : text;
      const result = scaled(parseScaled(c, bare, scales), scales) + scales.suffix;
      return scales.padding < 0 ? result.padEnd(-scales.padding) : result.padStart(scales.padding);
    };
    const one = (line: string): string => {
      if (delimiter !== undefined)
        return line
          .split(delimiter)
          .map((cell, i) => (i === field ? convert(cell) : cell))
          .join(delimiter);
      let index = -1;
      return line.replace(/([ \t]*)([^ \t]+)/g, (all, blank: string, word: string) => {
        if (++index !== field) return all;
        const text = convert(word);
        // A column that the number was aligned in stays as wide.
        return index > 0 || blank
          ? text.padStart(all.length - (index > 0 ? 1 : 0)).replace(/^/, index > 0 ? ' ' : '')
          : text;
      });
    };
    const input = o.operands.length ? o.operands : splitLines(await c.readAllText(0));
    for (const [i, line] of input.entries()) {
      c.raw(`${i < headers && o.operands.length === 0 ? line : one(line)}\n`);
    }
    return c.status;
  },
};
