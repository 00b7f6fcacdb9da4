import { formatFloat, formatInteger, parseConversion } from '../core/printf.ts';

/** Text from input: a number too, when it looks like one. */
export class Strnum {
  constructor(readonly text: string) {}
}

/** Undefined is a variable that was never set: both '' and 0. */
export type Value = number | string | Strnum | undefined;

const numeric = /^[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n\r\f\v]*$/;
const prefix = /^[ \t\n\r\f\v]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  const match = prefix.exec(value instanceof Strnum ? value.text : value);
  return match ? Number(match[1]) : 0;
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value instanceof Strnum) return value.text;
  if (Number.isInteger(value))
    return Math.abs(value) < 1e16
      ? String(value === 0 ? 0 : value)
      : formatFloat(value, { flags: '', precision: 0, letter: 'f' });
  return awkFormat(format, [value], format);
}

const looksNumeric = (value: Value): boolean =>
  typeof value === 'number' || value === undefined || (value instanceof Strnum && numeric.test(value.text));

export function toBoolean(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (value === undefined) return false;
  return numeric.test(value.text) ? Number(value.text) !== 0 : value.text !== '';
}

export function compareValues(a: Value, b: Value, format: string): number {
  if (looksNumeric(a) && looksNumeric(b)) return toNumber(a) - toNumber(b);
  const [x, y] = [toText(a, format), toText(b, format)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** sprintf. */
export function awkFormat(format: string, args: Value[], convfmt: string): string {
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
      const number = Math.trunc(toNumber(value));
      out += Number.isFinite(number)
        ? formatInteger(BigInt(number), spec)
        : formatFloat(number, { ...spec, letter: 'f' });
    } else if (/[eEfFgGaA]/.test(spec.letter)) out += formatFloat(toNumber(value), spec);
    else {
      const text =
        spec.letter === 'c'
          ? typeof value === 'number'
            ? String.fromCharCode(value & 255)
            : toText(value, convfmt).slice(0, 1)
          : toText(value, convfmt);
      const cut = spec.precision === undefined || spec.letter === 'c' ? text : text.slice(0, spec.precision);
      out += spec.flags.includes('-') ? cut.padEnd(spec.width ?? 0) : cut.padStart(spec.width ?? 0);
    }
  }
  return out;
}
