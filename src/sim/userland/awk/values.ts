import { type Conversion, formatFloat, formatInteger, pad, parseConversion } from '../core/printf.ts';

/** Text from input: a number too, when it looks like one. */
export class Strnum {
  constructor(readonly text: string) {}
}

/** How a number is written: CONVFMT or OFMT, and whose rule decides what is an integer. */
export interface NumberStyle {
  format: string;
  busybox: boolean;
}

/** Undefined is a variable that was never set: both '' and 0. */
export type Value = number | string | Strnum | undefined;

const numeric = /^[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n\r\f\v]*$/;
const prefix = /^[ \t\n\r\f\v]*([-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

const hexadecimal = (text: string): number => (text[0] === '-' ? -1 : 1) * Number(text.replace(/^[-+]/, ''));

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  const match = prefix.exec(value instanceof Strnum ? value.text : value);
  return match ? (/^[-+]?0[xX]/.test(match[1]!) ? hexadecimal(match[1]!) : Number(match[1])) : 0;
}

export function toText(value: Value, style: NumberStyle): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value instanceof Strnum) return value.text;
  if (Number.isInteger(value) && inIntegers(value, style)) return String(BigInt(value));
  return awkFormat(style.format, [value], style);
}

/** mawk knows the integers of an int, busybox those of a long long; the rest is written as CONVFMT says. */
const inIntegers = (value: number, style: NumberStyle): boolean =>
  style.busybox ? value >= -(2 ** 63) && value < 2 ** 63 : Math.abs(value) < 2 ** 31;

/** What %d, %x and the like make of a number: mawk stops at the ends of an int, busybox (x86) has the least int for all else. */
function asInteger(value: number, letter: string, style: NumberStyle): bigint {
  const number = Math.trunc(Number.isNaN(value) ? -(2 ** 31) : value);
  const signed = /[di]/.test(letter);
  if (style.busybox) {
    const int = number >= -(2 ** 31) && number < 2 ** 31 ? number : -(2 ** 31);
    return BigInt(signed ? int : int >>> 0);
  }
  const [least, most] = signed ? [1 - 2 ** 31, 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return BigInt(Math.min(most, Math.max(least, number)));
}

const looksNumeric = (value: Value): boolean =>
  typeof value === 'number' || value === undefined || (value instanceof Strnum && numeric.test(value.text));

export function toBoolean(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (value === undefined) return false;
  return numeric.test(value.text) ? Number(value.text) !== 0 : value.text !== '';
}

export function compareValues(a: Value, b: Value, style: NumberStyle): number {
  if (looksNumeric(a) && looksNumeric(b)) return toNumber(a) - toNumber(b);
  const [x, y] = [toText(a, style), toText(b, style)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** What has no value is written with the sign that x86 gives it. */
function floatText(value: number, spec: Conversion): string {
  return Number.isNaN(value) ? pad(/[A-Z]/.test(spec.letter) ? '-NAN' : '-nan', spec) : formatFloat(value, spec);
}

/** sprintf. */
export function awkFormat(format: string, args: Value[], style: NumberStyle): string {
  let out = '';
  let next = 0;
  for (let i = 0; i < format.length; ) {
    if (format[i] !== '%') {
      out += format[i++];
      continue;
    }
    if (format[i + 1] === '%') {
      out += '%';
      i += 2;
      continue;
    }
    const parsed = parseConversion(format, i, () => Math.trunc(toNumber(args[next++])));
    if (!parsed) return out + format.slice(i);
    const { spec } = parsed;
    i = parsed.end;
    const value = args[next++];
    if (/[dioxXu]/.test(spec.letter)) {
      out += formatInteger(asInteger(toNumber(value), spec.letter, style), spec);
    } else if (/[eEfFgGaA]/.test(spec.letter)) out += floatText(toNumber(value), spec);
    else {
      const text =
        spec.letter === 'c'
          ? typeof value === 'number'
            ? String.fromCharCode(value & 255)
            : toText(value, style).slice(0, 1)
          : toText(value, style);
      const cut = spec.precision === undefined || spec.letter === 'c' ? text : text.slice(0, spec.precision);
      out += spec.flags.includes('-') ? cut.padEnd(spec.width ?? 0) : cut.padStart(spec.width ?? 0);
    }
  }
  return out;
}
