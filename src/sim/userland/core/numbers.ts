/** Numbers with suffixes, and sizes as people read them. */

const powers = 'KMGTPEZY';

/**
 * `10`, `4k`, `2MiB`, `3MB`: coreutils' xstrtoumax with the usual suffixes (b 512, c 1, w 2 when `letters` has them).
 * Undefined when it is not a number.
 */
export function parseSize(text: string, letters = 'bkKMGTPEZY'): number | undefined {
  const match = /^([+-]?\d+)(.*)$/.exec(text);
  if (!match) return undefined;
  const factor = suffixFactor(match[2]!, letters);
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

function suffixFactor(suffix: string, letters: string): number | undefined {
  if (suffix === '') return 1;
  const letter = suffix[0]!;
  if (!letters.includes(letter)) return undefined;
  if (suffix === 'b') return 512;
  if (suffix === 'c') return 1;
  if (suffix === 'w') return 2;
  const power = powers.indexOf(letter.toUpperCase()) + 1;
  if (power === 0) return undefined;
  if (suffix.length === 1 || suffix.slice(1) === 'iB') return 1024 ** power;
  return suffix.slice(1) === 'B' ? 1000 ** power : undefined;
}

/** GNU human_readable with ceiling: 4.0K, 12M, 1.5G. */
export function humanSize(bytes: number, base = 1024): string {
  if (bytes < base) return String(bytes);
  let power = 0;
  let value = bytes;
  while (value >= base && power < powers.length) {
    value /= base;
    power++;
  }
  const letter = base === 1000 && power === 1 ? 'k' : powers[power - 1];
  if (Math.ceil(value * 10) < 100) return `${(Math.ceil(value * 10) / 10).toFixed(1)}${letter}`;
  const whole = Math.ceil(value);
  if (whole >= base && power < powers.length) return `1.0${powers[power]}`;
  return `${whole}${letter}`;
}

/** BusyBox make_human_readable_str: rounds to the nearest tenth. */
export function busyboxSize(bytes: number): string {
  let power = 0;
  let value = bytes;
  let fraction = 0;
  while (value >= 1024 && power < powers.length) {
    power++;
    fraction = Math.floor(((value % 1024) * 10 + 512) / 1024);
    value = Math.floor(value / 1024);
  }
  if (power === 0) return String(bytes);
  if (fraction >= 10) {
    value++;
    fraction = 0;
  }
  return `${value}.${fraction}${powers[power - 1]}`;
}

/** Number of decimal digits and so on of a C long; undefined when the text is not wholly one. */
export const parseInteger = (text: string): number | undefined =>
  /^\s*[+-]?\d+$/.test(text) ? Number(text) : undefined;

/** A duration as sleep and timeout take it: 1.5, 2m, 3h, 1d, infinity. Milliseconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+|inf|infinity)([smhd]?)$/.exec(text);
  if (!match) return undefined;
  const unit = { s: 1, m: 60, h: 3600, d: 86400, '': 1 }[match[2]!]!;
  return match[1]!.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(match[1]) * unit * 1000;
}
