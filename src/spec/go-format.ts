/** Values as Go's fmt prints them: history lines and error texts are made that way. */

const short: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** %q of a string. */
export function goQuote(text: string): string {
  const body = Array.from(text, (char) => {
    if (short[char]) return short[char];
    const code = char.codePointAt(0)!;
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code === 0xfeff || (code >= 0x80 && code < 0xa0) ? `\\u${code.toString(16).padStart(4, '0')}` : char;
  });
  return `"${body.join('')}"`;
}

/** %v of a []string, or %q when `quoted`: `[a b]`. */
export const goList = (items: readonly string[], quoted = false): string =>
  `[${(quoted ? items.map(goQuote) : items).join(' ')}]`;

const units: [string, number][] = [
  ['h', 3600e9],
  ['m', 60e9],
];

/** time.Duration.String() of nanoseconds: "1h0m0s", "1.5s", "100ms", "0s". */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  let rest = Math.abs(nanoseconds);
  if (rest < 1e9) {
    const [unit, scale] = rest < 1e3 ? ['ns', 1] : rest < 1e6 ? ['µs', 1e3] : ['ms', 1e6];
    return `${sign}${rest / (scale as number)}${unit}`;
  }
  let text = '';
  for (const [unit, scale] of units) {
    const count = Math.floor(rest / scale);
    if (count || text) text += `${count}${unit}`;
    rest -= count * scale;
  }
  return `${sign}${text}${rest / 1e9}s`;
}

const scale: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** time.ParseDuration, in nanoseconds. Undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  const match = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  let total = 0;
  for (const part of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(part[1]) * scale[part[2]!]!;
  return Math.trunc(match[1] === '-' ? -total : total);
}

/** The error of time.ParseDuration for a text that is none. */
export function durationError(text: string): string {
  if (text !== '' && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return `time: missing unit in duration ${goQuote(text)}`;
  const unit = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(text)?.[1];
  if (unit) return `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`;
  return `time: invalid duration ${goQuote(text)}`;
}
