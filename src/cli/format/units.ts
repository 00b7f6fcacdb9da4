/** Sizes and durations in words (docker/go-units). */
import { parseRfc3339 } from '../../spec/index.ts';

/** C's %.Ng: N significant digits, trailing zeros cut, an exponent when it would be N or more. */
export function general(value: number, digits: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  const cut = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (power < -4 || power >= digits)
    return `${cut(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return cut(value.toFixed(Math.max(0, digits - 1 - power)));
}

function scaled(size: number, base: number, units: readonly string[], digits: number): string {
  let unit = 0;
  let value = size;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return `${general(value, digits)}${units[unit]}`;
}

const decimal = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

/** 1.984MB (4 digits), as progress and totals show it. */
export const humanSize = (size: number, digits = 4): string => scaled(size, 1000, decimal, digits);
/** 1.893MiB */
export const bytesSize = (size: number): string => scaled(size, 1024, binary, 4);

/** How long, roughly; `seconds` may have a fraction. */
export function humanDuration(seconds: number): string {
  const whole = Math.trunc(seconds);
  if (whole < 1) return 'Less than a second';
  if (whole === 1) return '1 second';
  if (whole < 60) return `${whole} seconds`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(seconds / 3600 + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(seconds / 3600 / 24 / 365)} years`;
}

/** Cut to `size` columns, the last being …. */
export function ellipsis(text: string, size: number): string {
  const chars = [...text];
  if (chars.length <= size) return text;
  return size <= 1 ? chars.slice(0, size).join('') : `${chars.slice(0, size - 1).join('')}…`;
}

/** An id without its algorithm, 12 digits of it. */
export const shortId = (id: string): string => id.replace(/^[\w+.-]+:/, '').slice(0, 12);

/** time.Time.String() of a UNIX time in a zone: `2026-11-22 01:04:36 +0000 UTC`. */
export function goTime(seconds: number, zone: { offset: number; name: string }, fraction = ''): string {
  const local = new Date((seconds + zone.offset * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const minutes = Math.abs(zone.offset);
  const offset = `${zone.offset < 0 ? '-' : '+'}${String(Math.trunc(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
  return `${local}${fraction} ${offset} ${zone.name}`;
}

/** time.Time.String() of the API's time. */
export function timeText(text: string): string {
  const time = parseRfc3339(text);
  if (!time) return text;
  const fraction = time.nsec ? `.${String(time.nsec).padStart(9, '0').replace(/0+$/, '')}` : '';
  return goTime(time.sec, { offset: 0, name: 'UTC' }, fraction);
}
