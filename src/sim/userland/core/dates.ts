/** Civil time: time zones from TZ, strftime(3), and what `date -d` reads. */
import type { Sys } from '../../kernel/sys.ts';
import { posixZone } from './posix-zone.ts';

export interface Zone {
  /** Seconds east of Greenwich at a moment, and the zone's abbreviation then. */
  at(sec: number): { offset: number; name: string };
}

export const utc: Zone = { at: () => ({ offset: 0, name: 'UTC' }) };

/** TZ as tzset(3): a name under /usr/share/zoneinfo, or a POSIX rule. Anything else is UTC. */
export function zoneOf(sys: Sys): Zone {
  const tz = sys.env.TZ?.replace(/^:/, '');
  if (!tz) return localZone(sys);
  if (exists(sys, `/usr/share/zoneinfo/${tz}`)) return namedZone(tz);
  const rule = posixZone(tz);
  if (rule) return rule;
  const name = /^[A-Za-z]+/.exec(tz)?.[0] ?? 'UTC';
  return { at: () => ({ offset: 0, name }) };
}

function localZone(sys: Sys): Zone {
  try {
    const name = /zoneinfo\/(.+)$/.exec(sys.readlink('/etc/localtime'))?.[1];
    return name && !/^(Etc\/)?(UTC|UCT)$/.test(name) ? namedZone(name) : utc;
  } catch {
    return utc;
  }
}

const exists = (sys: Sys, path: string): boolean => {
  try {
    sys.stat(path);
    return true;
  } catch {
    return false;
  }
};

function namedZone(timeZone: string): Zone {
  if (/^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(timeZone)) return utc;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    const short = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' });
    return {
      at(sec) {
        const text = format.formatToParts(sec * 1000).find((part) => part.type === 'timeZoneName')!.value;
        const match = /GMT([+-])(\d\d):(\d\d)/.exec(text);
        const offset = match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60) : 0;
        const name = short.formatToParts(sec * 1000).find((part) => part.type === 'timeZoneName')!.value;
        return { offset, name: abbreviation(timeZone, name) };
      },
    };
  } catch {
    return utc;
  }
}

// Intl says GMT+8 where the zone's own abbreviation is not English usage.
const abbreviation = (zone: string, name: string): string =>
  ({
    'Asia/Shanghai': 'CST',
    'Asia/Tokyo': 'JST',
    'Asia/Seoul': 'KST',
    'Asia/Hong_Kong': 'HKT',
    'Asia/Kolkata': 'IST',
  })[zone] ?? (name.startsWith('GMT') ? name.replace(/^GMT([+-])(\d)$/, '$10$2').replace(/^GMT/, '') || 'GMT' : name);

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export interface Civil {
  year: number;
  /** 0..11 */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: number;
  /** 0..365 */
  yearDay: number;
  offset: number;
  zone: string;
}

export function civil(sec: number, zone: Zone): Civil {
  const { offset, name } = zone.at(sec);
  const date = new Date((sec + offset) * 1000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86400000),
    offset,
    zone: name,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

function isoWeek(time: Civil): { year: number; week: number } {
  const weekday = (time.weekday + 6) % 7;
  const thursday = new Date(Date.UTC(time.year, time.month, time.day - weekday + 3));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604800000) + 1 };
}

type Field = (time: Civil, sec: number, nsec: number) => string;

const fields: Record<string, Field> = {
  a: (t) => days[t.weekday]!.slice(0, 3),
  A: (t) => days[t.weekday]!,
  b: (t) => months[t.month]!.slice(0, 3),
  B: (t) => months[t.month]!,
  C: (t) => two(Math.floor(t.year / 100)),
  d: (t) => two(t.day),
  e: (t) => String(t.day).padStart(2),
  g: (t) => two(isoWeek(t).year % 100),
  G: (t) => String(isoWeek(t).year),
  H: (t) => two(t.hour),
  I: (t) => two(t.hour % 12 || 12),
  j: (t) => String(t.yearDay + 1).padStart(3, '0'),
  k: (t) => String(t.hour).padStart(2),
  l: (t) => String(t.hour % 12 || 12).padStart(2),
  m: (t) => two(t.month + 1),
  M: (t) => two(t.minute),
  n: () => '\n',
  N: (_t, _s, nsec) => String(nsec).padStart(9, '0'),
  p: (t) => (t.hour < 12 ? 'AM' : 'PM'),
  P: (t) => (t.hour < 12 ? 'am' : 'pm'),
  q: (t) => String(Math.floor(t.month / 3) + 1),
  s: (_t, sec) => String(sec),
  S: (t) => two(t.second),
  t: () => '\t',
  u: (t) => String(t.weekday || 7),
  U: (t) => two(Math.floor((t.yearDay + 7 - t.weekday) / 7)),
  V: (t) => two(isoWeek(t).week),
  w: (t) => String(t.weekday),
  W: (t) => two(Math.floor((t.yearDay + 7 - ((t.weekday + 6) % 7)) / 7)),
  y: (t) => two(t.year % 100),
  Y: (t) => String(t.year),
  z: (t) => offsetText(t.offset, ''),
  Z: (t) => t.zone,
  '%': () => '%',
};

const composite: Record<string, string> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

export function offsetText(offset: number, colon: string): string {
  const minutes = Math.abs(offset) / 60;
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`;
}

/** strftime with GNU's flags (-, _, 0, ^, #) and widths. */
export function strftime(format: string, sec: number, nsec: number, zone: Zone): string {
  const time = civil(sec, zone);
  return format.replace(/%([-_0^#]*)(\d*)(:{0,3})([EO]?)([a-zA-Z%+])/g, (all, flags, width, colons, _e, letter) => {
    if (letter === 'z' && colons) return offsetText(time.offset, ':') + (colons === '::' ? ':00' : '');
    if (composite[letter]) return applyFlags(strftime(composite[letter]!, sec, nsec, zone), flags, width);
    const field = fields[letter];
    if (!field) return all;
    if (letter === 'N' && width) return String(nsec).padStart(9, '0').slice(0, Number(width));
    return applyFlags(field(time, sec, nsec), flags, width);
  });
}

function applyFlags(text: string, flags: string, width: string): string {
  if (flags.includes('-')) text = text.replace(/^[0 ]+(?=\d)/, '');
  if (flags.includes('_')) text = text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
  if (flags.includes('^')) text = text.toUpperCase();
  if (flags.includes('#')) text = text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
  return width ? text.padStart(Number(width), /^[+-]?\d+$/.test(text) && !flags.includes('_') ? '0' : ' ') : text;
}

/** Seconds since the epoch of a civil time in a zone. */
export function toEpoch(y: number, mo: number, d: number, h: number, mi: number, s: number, zone: Zone): number {
  const date = new Date(0);
  date.setUTCFullYear(y, mo, d);
  date.setUTCHours(h, mi, s);
  const wall = date.getTime() / 1000;
  const first = wall - zone.at(wall).offset;
  return wall - zone.at(first).offset;
}
