/** Numbers as Go's strconv reads them, with its error texts. */

const fail = (what: string, text: string, why = 'invalid syntax'): never => {
  throw new Error(`strconv.${what}: parsing ${JSON.stringify(text)}: ${why}`);
};

export function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return fail('ParseBool', text);
}

/** Base 0 (0x, 0o, 0b and octal by a leading zero, underscores); `bits` bounds it. Safe integers only are exact. */
export function parseInteger(text: string, bits = 64, signed = true, what = signed ? 'ParseInt' : 'ParseUint'): number {
  const match = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/.exec(text);
  if (!match || (!signed && match[1])) return fail(what, text);
  const digits = match[2]!.replaceAll('_', '').replace(/^0(?=[0-7])/, '0o');
  const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
  const top = 1n << BigInt(signed ? bits - 1 : bits);
  if (value >= top || value < (signed ? -top : 0n)) return fail(what, text, 'value out of range');
  return Number(value);
}

/** strconv.Atoi and ParseInt with base 10. */
export function parseDecimal(text: string, what = 'Atoi'): number {
  if (!/^[+-]?\d+$/.test(text)) return fail(what, text);
  return Number(text);
}

const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Go's time.ParseDuration, in nanoseconds. */
export function parseDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const body = /^([+-]?)(.*)$/s.exec(text)!;
  if (body[2] === '0') return 0;
  if (body[2] === '') throw new Error(`time: invalid duration ${quoted}`);
  let total = 0;
  let rest = body[2]!;
  while (rest) {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest)!;
    if (!number[1] && !number[2]) throw new Error(`time: invalid duration ${quoted}`);
    rest = rest.slice(number[0].length);
    const unit = /^[^.\d]*/.exec(rest)![0];
    if (!unit) throw new Error(`time: missing unit in duration ${quoted}`);
    if (!(unit in units)) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += Number(`${number[1] || '0'}.${number[2] || '0'}`) * units[unit]!;
    rest = rest.slice(unit.length);
  }
  return (body[1] === '-' ? -1 : 1) * Math.round(total);
}

const binary = ['', 'k', 'm', 'g', 't', 'p'];

/** go-units RAMInBytes: 64m, 1.5GiB, 100 kB. Powers of 1024. */
export function parseBytes(text: string): number {
  const at = [...text].findLastIndex((char) => /[\d. ]/.test(char));
  if (at < 0) throw new Error(`invalid size: '${text}'`);
  const [number, suffix] =
    text[at] === ' ' ? [text.slice(0, at), text.slice(at + 1)] : [text.slice(0, at + 1), text.slice(at + 1)];
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(number)) return fail('ParseFloat', number);
  if (Number(number) < 0) throw new Error(`invalid size: '${text}'`);
  const unit = /^([kmgtp]?)(i?b)?$/.exec(suffix.toLowerCase());
  if (!unit || suffix.toLowerCase() === 'ib') throw new Error(`invalid suffix: '${suffix}'`);
  return Math.trunc(Number(number) * 1024 ** binary.indexOf(unit[1]!));
}

/** opts.NanoCPUs: a decimal number of CPUs, in billionths. */
export function parseCpus(text: string): number {
  if (!/^[+-]?\d*\.?\d*(?:[eE][+-]?\d+)?(?:\/\d+)?$/.test(text) || !/\d/.test(text))
    throw new Error(`failed to parse ${text} as a rational number`);
  const [top, bottom] = text.split('/');
  const nano = (Number(top) / Number(bottom ?? 1)) * 1e9;
  if (Math.abs(nano - Math.round(nano)) > 1e-6) throw new Error('value is too precise');
  return Math.round(nano);
}
