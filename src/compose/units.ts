import { goQuote } from '../spec/index.ts';

const scale: Record<string, number> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 24 * 3600e9, w: 7 * 24 * 3600e9 },
};

/** A duration as str2duration reads it: Go's, and days and weeks. In nanoseconds. */
export function parseDuration(text: string): number {
  const quoted = goQuote(text);
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text)!;
  if (body === '0') return 0;
  if (!body) throw new Error(`time: invalid duration ${quoted}`);
  let total = 0;
  let rest = body;
  while (rest) {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (!number) throw new Error(`time: invalid duration ${quoted}`);
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)![0];
    if (!unit) throw new Error(`time: missing unit in duration ${quoted}`);
    if (!Object.hasOwn(scale, unit)) throw new Error(`time: unknown unit ${goQuote(unit)} in duration ${quoted}`);
    total += Number(number) * scale[unit]!;
    rest = rest.slice(unit.length);
  }
  return Math.trunc(sign === '-' ? -total : total);
}

const sizes = 'kmgtp';

/** A size as go-units' RAMInBytes reads it: `512m`, `1.5 GiB`. */
export function parseBytes(text: string): number {
  const end = Math.max(...Array.from('0123456789. ', (char) => text.lastIndexOf(char)));
  if (end < 0) throw new Error(`invalid size: '${text}'`);
  const number = text.slice(0, text[end] === ' ' ? end : end + 1);
  const size = /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(number) ? Number(number) : Number.NaN;
  if (Number.isNaN(size)) throw new Error(`strconv.ParseFloat: parsing ${goQuote(number)}: invalid syntax`);
  if (size < 0) throw new Error(`invalid size: '${text}'`);
  const suffix = text.slice(end + 1).toLowerCase();
  if (suffix === '' || suffix === 'b') return Math.trunc(size);
  const power = sizes.indexOf(suffix[0]!);
  if (!/^[kmgtp](?:b|ib)?$/.test(suffix)) {
    const long = suffix.length > 3 ? text.slice(end + 1) : suffix;
    throw new Error(`invalid suffix: '${long}'`);
  }
  return Math.trunc(size * 1024 ** (power + 1));
}
