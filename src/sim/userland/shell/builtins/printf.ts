import { decodeLatin1, encodeText } from '../../core/escaped-bytes.ts';
import { byBytes } from '../locale.ts';
import { ansiQuote } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { unescapeText } from './escapes.ts';
import { strftime, zoneOf } from './strftime.ts';

export interface PrintfResult {
  text: string;
  messages: string[];
  status: number;
}

interface Spec {
  flags: string;
  width: number | undefined;
  precision: number | undefined;
  conversion: string;
}

const specPattern = /%([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?[hjlLtz]*(\([^)]*\)T|[\s\S])?/y;

class Formatter {
  private at = 0;
  text = '';
  readonly messages: string[] = [];
  status = 0;
  private stopped = false;
  private consumed = false;

  constructor(
    private readonly shell: Shell,
    private readonly format: string,
    private readonly args: readonly string[],
  ) {}

  run(): void {
    do {
      const before = this.at;
      this.consumed = false;
      this.once();
      if (this.at === before && !this.consumed) break;
    } while (this.at < this.args.length && !this.stopped);
  }

  private next(): string | undefined {
    this.consumed = true;
    return this.args[this.at++];
  }

  private once(): void {
    for (let i = 0; i < this.format.length && !this.stopped; ) {
      if (this.format[i] !== '%') {
        let end = this.format.indexOf('%', i);
        if (end < 0) end = this.format.length;
        const part = unescapeText(this.format.slice(i, end), false, this.shell.dialect);
        this.text += part.text;
        if (part.stop) this.stopped = true;
        i = end;
        continue;
      }
      specPattern.lastIndex = i;
      const match = specPattern.exec(this.format)!;
      this.convert(match, this.format.slice(i));
      i += match[0].length;
    }
  }

  private convert(match: RegExpExecArray, rest: string): void {
    const conversion = match[4];
    if (conversion === '%' && match[0] === '%%') {
      this.text += '%';
      return;
    }
    let flags = match[1]!;
    let width = match[2] === '*' ? Number(this.next() ?? 0) : match[2] === undefined ? undefined : Number(match[2]);
    if (width !== undefined && width < 0) {
      flags += '-';
      width = -width;
    }
    const precision =
      match[3] === '*' ? Number(this.next() ?? 0) : match[3] === undefined ? undefined : Number(match[3]);
    const known = this.shell.dialect.bash ? /[diouxXeEfFgGaAcsbqQ]|T$/ : /^[diouxXeEfFgGaAcsb]$/;
    if (conversion === undefined || !known.test(conversion)) {
      this.invalid(conversion, rest);
      return;
    }
    this.one({ flags, width, precision, conversion });
  }

  /** `rest`: the format from its `%` on. */
  private invalid(conversion: string | undefined, rest: string): void {
    const { name } = this.shell.dialect;
    this.status = name === 'dash' ? 2 : 1;
    this.stopped = true;
    if (name === 'dash') {
      const upTo = /^%[-+ 0#']*(?:\*|\d+)?(?:\.(?:\*|\d*))?[\s\S]?/.exec(rest)![0];
      this.messages.push(`${upTo}: invalid directive`);
    } else if (name === 'ash')
      this.messages.push(`${rest.replace(/^(%[-+ 0#'\d.*]*)[hlLjzt]+/, '$1')}: invalid format`);
    else if (conversion === undefined) this.messages.push(`\`${rest}': missing format character`);
    else this.messages.push(`\`${conversion[0]}': invalid format character`);
  }

  private one(spec: Spec): void {
    const c = spec.conversion;
    if ('diouxX'.includes(c)) this.text += this.integer(spec);
    else if ('eEfFgGaA'.includes(c)) this.text += this.float(spec);
    else if (c.endsWith('T')) {
      const time = this.time(c);
      this.text += pad(spec.precision === undefined ? time : cut(time, spec.precision), spec);
    } else this.text += this.string(spec);
  }

  private time(conversion: string): string {
    const argument = this.next();
    const seconds =
      argument === undefined || Number(argument) < 0 ? Number(this.shell.sys.now().sec) : Number(argument);
    const text = strftime(conversion.slice(1, -2) || '%X', seconds, zoneOf(this.shell));
    // bash formats into 128 bytes.
    return encodeText(text).length < 128 ? text : '';
  }

  private string(spec: Spec): string {
    let value = this.next() ?? '';
    if (spec.conversion === 'c') value = cut(value, 1);
    if (spec.conversion === 'Q' && spec.precision !== undefined) value = cut(value, spec.precision);
    if (/[qQ]/.test(spec.conversion)) value = value === '' ? "''" : quoteBackslash(value);
    if (spec.conversion === 'b') {
      const result = unescapeText(value, true, this.shell.dialect);
      value = result.text;
      if (result.stop) this.stopped = true;
    }
    if (spec.precision !== undefined && spec.precision >= 0 && !/[cQ]/.test(spec.conversion))
      value = cut(value, spec.precision);
    return pad(value, spec);
  }

  private number(text: string | undefined, unsigned = false): bigint {
    if (text === undefined || text === '') {
      if (this.shell.dialect.name === 'ash') this.bad('', true);
      return 0n;
    }
    if (text[0] === "'" || text[0] === '"') {
      if (byBytes(this.shell)) return BigInt(encodeText(text)[1] ?? 0);
      return BigInt(text.codePointAt(1) ?? 0);
    }
    const match = /^\s*([-+]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (!match) {
      this.bad(text, true);
      return 0n;
    }
    if (match[0].length < text.length) {
      this.bad(text, false);
      if (this.shell.dialect.name === 'ash') return 0n;
    }
    const digits = /^0[0-7]+$/.test(match[2]!) ? `0o${match[2]!.slice(1)}` : match[2]!;
    if (unsigned && BigInt(digits) < 1n << 64n) return match[1] === '-' ? -BigInt(digits) : BigInt(digits);
    const ranged = this.inRange(match[1] === '-' ? -BigInt(digits) : BigInt(digits), text);
    return unsigned && this.shell.dialect.name !== 'ash' ? (1n << 64n) - 1n : ranged;
  }

  /** What is out of a long's range is the end of it, and said. */
  private inRange(number: bigint, text: string): bigint {
    const [least, most] = [-(1n << 63n), (1n << 63n) - 1n];
    if (number >= least && number <= most) return number;
    const { bash, name } = this.shell.dialect;
    if (name === 'ash') {
      this.bad(text, true);
      return 0n;
    }
    this.messages.push(`${bash ? 'warning: ' : ''}${text}: Numerical result out of range`);
    if (!bash) this.status = 1;
    return number < least ? least : most;
  }

  private bad(text: string, nothing: boolean): void {
    this.status = 1;
    if (this.shell.dialect.name === 'ash') this.messages.push(`invalid number '${text}'`);
    else if (this.shell.dialect.bash) this.messages.push(`${text}: invalid number`);
    else this.messages.push(`${text}: ${nothing ? 'expected numeric value' : 'not completely converted'}`);
  }

  private integer(spec: Spec): string {
    const signed = 'di'.includes(spec.conversion);
    const n = this.number(this.next(), !signed);
    const value = signed ? n : BigInt.asUintN(64, n);
    const radix = { o: 8, x: 16, X: 16 }[spec.conversion] ?? 10;
    let digits = (value < 0n ? -value : value).toString(radix);
    if (spec.conversion === 'X') digits = digits.toUpperCase();
    if (spec.precision !== undefined) digits = digits.padStart(spec.precision, '0');
    const alternate = spec.flags.includes('#') && value !== 0n;
    const prefix = alternate ? ({ o: '0', x: '0x', X: '0X' }[spec.conversion] ?? '') : '';
    const sign =
      value < 0n ? '-' : signed && spec.flags.includes('+') ? '+' : signed && spec.flags.includes(' ') ? ' ' : '';
    return padNumber(
      sign + prefix,
      digits,
      spec.precision === undefined ? spec : { ...spec, flags: spec.flags.replace(/0/g, '') },
    );
  }

  private float(spec: Spec): string {
    const text = this.next() ?? '0';
    const match =
      /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+|inf(?:inity)?|nan)/i.exec(text);
    if (!match && text !== '') this.bad(text, true);
    else if (match && match[0].length < text.length) this.bad(text, false);
    const n = match ? parseFloating(match[0].trim()) : 0;
    const sign = n < 0 || Object.is(n, -0) ? '-' : spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : '';
    const body = Number.isFinite(n) ? floating(Math.abs(n), spec) : Number.isNaN(n) ? 'nan' : 'inf';
    return padNumber(sign, /[EG]/.test(spec.conversion) ? body.toUpperCase() : body, spec);
  }
}

const parseFloating = (text: string): number => {
  if (/inf/i.test(text)) return text[0] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
};

const exponential = (n: number, digits: number): string =>
  n.toExponential(Math.min(digits, 100)).replace(/e([-+])(\d)$/, 'e$10$2');

const floating = (n: number, spec: Spec): string => {
  const precision = spec.precision ?? 6;
  const kind = spec.conversion.toLowerCase();
  const point = spec.flags.includes('#') && precision === 0 ? '.' : '';
  if (kind === 'f') return n.toFixed(Math.min(precision, 100)) + point;
  if (kind === 'e') return exponential(n, precision);
  const significant = precision === 0 ? 1 : precision;
  const exponent = n === 0 ? 0 : Number(n.toExponential(significant - 1).split('e')[1]);
  const text =
    exponent < -4 || exponent >= significant
      ? exponential(n, significant - 1)
      : n.toFixed(Math.max(0, significant - 1 - exponent));
  return spec.flags.includes('#') ? text : text.replace(/(\.\d*?)0+(e|$)/, '$1$2').replace(/\.(e|$)/, '$1');
};

const width = (text: string): number => encodeText(text).length;

const cut = (text: string, bytes: number): string => {
  const all = encodeText(text);
  return all.length <= bytes ? text : decodeLatin1(String.fromCharCode(...all.subarray(0, bytes)));
};

const pad = (text: string, spec: Spec): string => {
  const missing = (spec.width ?? 0) - width(text);
  if (missing <= 0) return text;
  return spec.flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
};

const padNumber = (head: string, digits: string, spec: Spec): string => {
  const missing = (spec.width ?? 0) - head.length - digits.length;
  if (missing <= 0) return head + digits;
  if (spec.flags.includes('-')) return head + digits + ' '.repeat(missing);
  return spec.flags.includes('0') ? head + '0'.repeat(missing) + digits : ' '.repeat(missing) + head + digits;
};

const quoteBackslash = (text: string): string =>
  /[\x00-\x1f\x7f\udc80-\udcff]/.test(text)
    ? ansiQuote(text)
    : text
        .replace(/[^\w@%+=:./~#\u0080-\uffff-]/g, '\\$&')
        .replace(/^[~#]/, '\\$&')
        .replace(/([=:])~/g, '$1\\~');

export const formatPrintf = (shell: Shell, format: string, args: readonly string[]): PrintfResult => {
  const formatter = new Formatter(shell, format, args);
  formatter.run();
  return formatter;
};
