/** C's printf conversions, for printf(1), awk, seq, stat and date. Binary strings in and out. */

export interface Conversion {
  flags: string;
  width?: number;
  precision?: number;
  letter: string;
}

export function pad(text: string, spec: Conversion): string {
  const width = spec.width ?? 0;
  if (text.length >= width) return text;
  return spec.flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function signed(digits: string, negative: boolean, spec: Conversion, zeroPad: boolean): string {
  const sign = negative ? '-' : spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : '';
  if (zeroPad && spec.flags.includes('0') && !spec.flags.includes('-')) {
    return sign + digits.padStart((spec.width ?? 0) - sign.length, '0');
  }
  return pad(sign + digits, spec);
}

/** %d %i %u %o %x %X of an integer. */
export function formatInteger(value: bigint, spec: Conversion): string {
  if (spec.letter !== 'd' && spec.letter !== 'i' && value < 0n) value = BigInt.asUintN(64, value);
  const magnitude = value < 0n ? -value : value;
  const radix = { o: 8, x: 16, X: 16 }[spec.letter] ?? 10;
  let digits = magnitude.toString(radix);
  if (spec.letter === 'X') digits = digits.toUpperCase();
  if (spec.precision !== undefined) {
    digits = spec.precision === 0 && value === 0n ? '' : digits.padStart(spec.precision, '0');
  }
  if (spec.flags.includes('#') && magnitude !== 0n) {
    if (radix === 8 && digits[0] !== '0') digits = `0${digits}`;
    if (radix === 16) digits = `0${spec.letter}${digits}`;
  }
  const plain = radix === 10 && spec.letter !== 'u' ? spec : { ...spec, flags: spec.flags.replace(/[+ ]/g, '') };
  return signed(digits, value < 0n, plain, spec.precision === undefined);
}

/** %f %e %g %a and capitals. */
export function formatFloat(value: number, spec: Conversion): string {
  const negative = value < 0 || Object.is(value, -0);
  const upper = spec.letter === spec.letter.toUpperCase();
  let digits: string;
  if (!Number.isFinite(value)) {
    digits = Number.isNaN(value) ? 'nan' : 'inf';
    const plain = { ...spec, flags: spec.flags.replace('0', '') };
    return signed(upper ? digits.toUpperCase() : digits, negative, plain, false);
  }
  digits = floatDigits(Math.abs(value), spec);
  return signed(upper ? digits.toUpperCase() : digits, negative, spec, true);
}

function floatDigits(value: number, spec: Conversion): string {
  const letter = spec.letter.toLowerCase();
  const precision = Math.min(spec.precision ?? 6, 100);
  if (letter === 'f') return fixed(value, precision);
  if (letter === 'e') return exponent(value.toExponential(precision));
  if (letter === 'a') return value.toString(16);
  const significant = precision || 1;
  const power = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1]);
  const text =
    power < -4 || power >= significant
      ? exponent(trim(value.toExponential(significant - 1), spec))
      : trim(fixed(value, significant - 1 - power), spec);
  return text;
}

const trim = (text: string, spec: Conversion): string =>
  spec.flags.includes('#') || !text.includes('.') ? text : text.replace(/\.?0+(?=e|$)/, '');

const exponent = (text: string): string =>
  text.replace(/e([+-])(\d+)$/, (_, sign, digits) => `e${sign}${digits.padStart(2, '0')}`);

/** toFixed, exact also above 1e21. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) return tied(value, precision) ? toEven(value, precision) : value.toFixed(precision);
  const whole = BigInt(value).toString();
  return precision > 0 ? `${whole}.${'0'.repeat(precision)}` : whole;
}

/** Exactly halfway between two results: C rounds to the even one, toFixed away from zero. */
const tied = (value: number, precision: number): boolean =>
  precision < 20 &&
  (value * 2 * 10 ** precision) % 2 === 1 &&
  /^5?0*$/.test(value.toFixed(60).split('.')[1]!.slice(precision));

function toEven(value: number, precision: number): string {
  const scale = 10 ** precision;
  const below = Math.floor(value * scale);
  return ((below % 2 === 0 ? below : below + 1) / scale).toFixed(precision);
}

/** %s %c. */
export const formatString = (text: string, spec: Conversion): string =>
  pad(spec.precision === undefined ? text : text.slice(0, spec.precision), spec);

/** A conversion at `format[at]` (which is '%'); '*' takes from `star`. Null when it is none. */
export function parseConversion(
  format: string,
  at: number,
  star: () => number,
): { spec: Conversion; end: number } | null {
  const match = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|j|z|t)?(.)/sy;
  match.lastIndex = at;
  const found = match.exec(format);
  if (!found) return null;
  let flags = found[1]!;
  let width = found[2] === undefined ? undefined : found[2] === '*' ? star() : Number(found[2]);
  if (width !== undefined && width < 0) {
    flags += '-';
    width = -width;
  }
  const precision = found[3] === undefined ? undefined : found[3] === '*' ? star() : Number(found[3] || 0);
  const spec = {
    flags,
    width,
    precision: precision !== undefined && precision < 0 ? undefined : precision,
    letter: found[4]!,
  };
  return { spec, end: match.lastIndex };
}
