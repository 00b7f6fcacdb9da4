/** factor, numfmt, shuf, tsort. */
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';
import { formatString } from '../core/printf.ts';
import { quote, quoteInMessage } from '../core/quote.ts';

/** Small divisors by trial, the rest by Pollard's rho. */
function primeFactors(value: bigint): bigint[] {
  const out: bigint[] = [];
  let left = value;
  if (left < 2n) return out;
  for (let divisor = 2n; divisor < 1000n && divisor * divisor <= left; divisor += divisor === 2n ? 1n : 2n) {
    while (left % divisor === 0n) {
      out.push(divisor);
      left /= divisor;
    }
  }
  const parts = left > 1n ? [left] : [];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part < 1_000_000n || isPrime(part)) out.push(part);
    else {
      const divisor = someDivisor(part);
      parts.push(divisor, part / divisor);
    }
  }
  return out.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus, left = exponent; left > 0n; left >>= 1n, square = (square * square) % modulus)
    if (left & 1n) result = (result * square) % modulus;
  return result;
}

/** Miller-Rabin; these witnesses are proof below 3.3e24. */
function isPrime(value: bigint): boolean {
  let odd = value - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n].every((witness) => {
    if (value % witness === 0n) return value === witness;
    let x = power(witness, odd, value);
    for (let i = 0; i < twos; i++, x = (x * x) % value) if (x === value - 1n || (i === 0 && x === 1n)) return true;
    return false;
  });
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** A proper divisor of a composite number. */
function someDivisor(value: bigint): bigint {
  for (let add = 1n; ; add++) {
    let slow = 2n;
    let fast = 2n;
    for (;;) {
      let product = 1n;
      const [slowBefore, fastBefore] = [slow, fast];
      for (let i = 0; i < 64; i++) {
        slow = (slow * slow + add) % value;
        fast = (fast * fast + add) % value;
        fast = (fast * fast + add) % value;
        product = (product * (slow > fast ? slow - fast : fast - slow)) % value;
      }
      const common = gcd(product, value);
      if (common === 1n) continue;
      if (common < value) return common;
      // The steps taken together met every factor at once: one by one from where they began.
      [slow, fast] = [slowBefore, fastBefore];
      let one = 1n;
      while (one === 1n) {
        slow = (slow * slow + add) % value;
        fast = (fast * fast + add) % value;
        fast = (fast * fast + add) % value;
        one = gcd(slow > fast ? slow - fast : fast - slow, value);
      }
      if (one < value) return one;
      break;
    }
  }
}

export const factor: CommandSpec = {
  name: 'factor',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'h,exponents', busybox: '' });
    const numbers = o.operands.length ? o.operands : (await c.readAllText(0)).split(/\s+/).filter(Boolean);
    for (const given of numbers) {
      const text = given.trimStart();
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
      busybox: 'e/echo i/input-range: n/head-count: o/output: z/zero-terminated',
    });
    if (o.has('random-source', 'output')) c.fail('drydock: shuf --random-source and --output are not simulated');
    const end = o.has('zero-terminated') ? '\0' : '\n';
    const range = o.value('input-range');
    const bounds = /^(\d+)-(\d+)$/.exec(range ?? '');
    if (range !== undefined && !bounds) c.fail(c.bb ? `bad range '${range}'` : `invalid input range: ${quote(range)}`);
    if (bounds && Number(bounds[1]) > Number(bounds[2]))
      c.fail(c.bb ? `bad range '${range}'` : `invalid input range: ${quote(range!)}`);
    const count = Number(o.value('head-count') ?? Infinity);
    if (Number.isNaN(count))
      c.fail(
        c.bb ? `invalid number '${o.value('head-count')}'` : `invalid line count: ${quote(o.value('head-count')!)}`,
      );
    const items = bounds
      ? Array.from({ length: Number(bounds[2]) - Number(bounds[1]) + 1 }, (_, i) => String(Number(bounds[1]) + i))
      : o.has('echo')
        ? [...o.operands]
        : splitLines(
            await c
              .readFile(o.operands[0] ?? '-')
              .catch((error) => c.fail(`${quoteInMessage(o.operands[0]!)}: ${c.reason(error)}`)),
            end,
          );
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
        const first: string = before.keys().next().value!;
        c.error(c.bb ? `cycle at ${first}` : `${name}: input contains a loop:`);
        if (!c.bb) for (const word of before.keys()) c.errorText(`${c.name}: ${word}\n`);
        ready = [first];
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
  /** Digits after the point, when --format says. */
  decimals?: number;
  fromUnit: number;
  toUnit: number;
}

/** What numfmt cannot read as a number; --invalid says what then. */
class BadNumber extends Error {}

function parseScaled(text: string, scales: Scales): number {
  const match = /^(-?\d*\.?\d+|-?\d+\.)([KMGTPEZY]?)(i?)$/.exec(text);
  if (!match) throw new BadNumber(`invalid ${/^-?\d/.test(text) ? 'suffix in input' : 'number'}: ${quote(text)}`);
  if (match[2] && scales.from === 'none')
    throw new BadNumber(`rejecting suffix in input: ${quote(text)} (consider using --from)`);
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
  const { decimals } = scales;
  if (scales.to === 'none' && decimals !== undefined) return amount.toFixed(decimals);
  if (scales.to === 'none') return String(Number.isInteger(amount) ? amount : round(amount * 1e6) / 1e6);
  const base = scales.to === 'si' ? 1000 : 1024;
  let power = 0;
  let left = amount;
  while (Math.abs(left) >= base && power < units.length) {
    left /= base;
    power++;
  }
  const shift = 10 ** (decimals ?? 0);
  if (power === 0 && decimals !== undefined) return (round(left * shift) / shift).toFixed(decimals);
  if (power === 0) return String(round(left));
  const digits = (amount: number) =>
    decimals !== undefined
      ? (round(amount * shift) / shift).toFixed(decimals)
      : Math.abs(amount) < 9.95
        ? (round(amount * 10) / 10).toFixed(1)
        : String(round(amount));
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
    const shape = /^((?:[^%]|%%)*)%([-0']*)(\d*)(?:\.(\d+))?f(.*)$/.exec(o.value('format') ?? '');
    if (o.has('format') && !shape) c.fail(`format ${quote(o.value('format')!)} has no % directive`);
    if (shape?.[4] !== undefined) scales.decimals = Number(shape[4]);
    const invalid = o.value('invalid') ?? 'abort';
    const parse = (text: string): number | undefined => {
      try {
        return parseScaled(text, scales);
      } catch (error) {
        if (!(error instanceof BadNumber)) throw error;
        if (invalid === 'abort') return c.fail(error.message, 2);
        if (invalid !== 'ignore') c.error(error.message, invalid === 'fail' ? 2 : 0);
        return undefined;
      }
    };
    const convert = (text: string) => {
      const bare = scales.suffix && text.endsWith(scales.suffix) ? text.slice(0, -scales.suffix.length) : text;
      const value = parse(bare);
      if (value === undefined) return text;
      const result = scaled(value, scales) + scales.suffix;
      if (shape)
        return (
          shape[1]! + formatString(result, { flags: shape[2]!, width: Number(shape[3] || 0), letter: 's' }) + shape[5]!
        );
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
