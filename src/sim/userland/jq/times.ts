/** "Broken down time": [year, month from 0, day, hours, minutes, seconds, day of the week, day of the year], always UTC. */
import { isArray, JqError, type Json } from './value.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

export function breakDown(value: Json): Json {
  if (typeof value !== 'number') throw new JqError('gmtime() requires a number');
  const date = new Date(Math.floor(value) * 1000);
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const seconds = date.getUTCSeconds() + (value - Math.floor(value));
  const day = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  return [...day, seconds, date.getUTCDay(), Math.floor((date.getTime() - start) / 86_400_000)];
}

export function epochOf(value: Json): Json {
  if (!isArray(value)) throw new JqError('mktime requires array of 6 numbers');
  if (value.length < 6 || value.some((one) => typeof one !== 'number'))
    throw new JqError('mktime requires parsed datetime inputs');
  const [year, month, day, hours, minutes, seconds] = value as number[];
  return Math.floor(Date.UTC(year!, month!, day!, hours, minutes, Math.floor(seconds!)) / 1000);
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

export function formatTime(value: Json, form: Json, name: string): Json {
  const parts = typeof value === 'number' ? breakDown(value) : value;
  if (!isArray(parts) || parts.length < 6) throw new JqError(`${name} requires parsed datetime inputs`);
  if (typeof form !== 'string') throw new JqError(`${name} requires a string format`);
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, weekday = 0, yearDay = 0] =
    parts as number[];
  const letters: Readonly<Record<string, () => string>> = {
    Y: () => String(year),
    C: () => two(year / 100),
    y: () => two(year % 100),
    m: () => two(month + 1),
    d: () => two(day),
    e: () => String(day).padStart(2),
    H: () => two(hours),
    I: () => two(hours % 12 || 12),
    M: () => two(minutes),
    S: () => two(seconds),
    j: () => String(yearDay + 1).padStart(3, '0'),
    Z: () => 'UTC',
    z: () => '+0000',
    a: () => days[weekday]!.slice(0, 3),
    A: () => days[weekday]!,
    b: () => months[month]!.slice(0, 3),
    h: () => months[month]!.slice(0, 3),
    B: () => months[month]!,
    p: () => (hours < 12 ? 'AM' : 'PM'),
    s: () => String(epochOf(parts)),
    u: () => String(weekday || 7),
    w: () => String(weekday),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const wholes: Readonly<Record<string, string>> = {
    F: '%Y-%m-%d',
    T: '%H:%M:%S',
    R: '%H:%M',
    D: '%m/%d/%y',
    c: '%a %b %e %H:%M:%S %Y',
    x: '%m/%d/%y',
    X: '%H:%M:%S',
  };
  return form
    .replace(/%([FTRDcxX])/g, (_, letter: string) => wholes[letter]!)
    .replace(/%(.)/g, (all, letter: string) => letters[letter]?.() ?? all);
}

const readers: Readonly<Record<string, string>> = {
  Y: '(?<Y>-?\\d{1,4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  e: '\\s*(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  b: '(?<b>[A-Za-z]{3,9})',
  B: '(?<b>[A-Za-z]{3,9})',
  a: '[A-Za-z]{3,9}',
  A: '[A-Za-z]{3,9}',
  Z: '[A-Za-z]+',
  z: '(?:Z|[+-]\\d{2}:?\\d{2})',
  '%': '%',
};

export function parseTime(value: Json, form: Json): Json {
  if (typeof value !== 'string') throw new JqError(`strptime/1 requires string inputs and arguments`);
  if (typeof form !== 'string') throw new JqError('strptime/1 requires string inputs and arguments');
  const whole = form.replaceAll('%T', '%H:%M:%S').replaceAll('%F', '%Y-%m-%d').replaceAll('%R', '%H:%M');
  const source = whole.replace(/%(.)|([.*+?^${}()|[\]\\/])|\s+/g, (_, letter?: string, meta?: string) =>
    letter ? (readers[letter] ?? `%${letter}`) : meta ? `\\${meta}` : '\\s*',
  );
  const found = new RegExp(`^${source}$`).exec(value)?.groups;
  if (!found) throw new JqError(`date "${value}" does not match format "${form}"`);
  const month = found.b
    ? months.findIndex((one) => one.slice(0, 3).toLowerCase() === found.b!.slice(0, 3).toLowerCase())
    : Number(found.m ?? 1) - 1;
  const parts = [
    Number(found.Y ?? 1900),
    month,
    Number(found.d ?? 1),
    Number(found.H ?? 0),
    Number(found.M ?? 0),
    Number(found.S ?? 0),
  ];
  return breakDown(epochOf(parts));
}
