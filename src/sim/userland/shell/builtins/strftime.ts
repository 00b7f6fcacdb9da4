import type { Shell } from '../shell.ts';

/** strftime(3) in the C locale, for `printf %(...)T` and the \D{...} of prompts. */
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

/** Seconds east of Greenwich, and the zone's abbreviation. */
export interface Zone {
  offset(seconds: number): number;
  name(seconds: number): string;
}

const utc: Zone = { offset: () => 0, name: () => 'UTC' };

/** The zone that TZ names: one of the zone database, or POSIX's `EST5`. */
export const zoneOf = (shell: Shell): Zone => {
  const variable = shell.vars.table.get('TZ');
  const tz = variable?.exported && typeof variable.value === 'string' ? variable.value.replace(/^:/, '') : '';
  const posix = /^([A-Za-z]{3,})([-+]?\d{1,2})(?::(\d{2}))?$/.exec(tz);
  if (posix) {
    const hours = Number(posix[2]);
    const offset = -(hours * 3600 + Math.sign(hours || 1) * Number(posix[3] ?? 0) * 60);
    return { offset: () => offset, name: () => posix[1]! };
  }
  if (tz === '' || (!tz.includes('/') && !/^[A-Z]\w+$/.test(tz))) return utc;
  try {
    return databaseZone(tz);
  } catch {
    return utc;
  }
};

const databaseZone = (timeZone: string): Zone => {
  const wall = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const short = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' });
  return {
    offset: (seconds) => {
      const found = Object.fromEntries(wall.formatToParts(seconds * 1000).map((p) => [p.type, Number(p.value)]));
      const { year, month, day, hour, minute, second } = found as Record<string, number>;
      return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000 - seconds;
    },
    name: (seconds) => short.formatToParts(seconds * 1000).find((p) => p.type === 'timeZoneName')?.value ?? '',
  };
};

export const strftime = (format: string, seconds: number, zone: Zone = utc): string => {
  const offset = zone.offset(seconds);
  const d = new Date((seconds + offset) * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const year = d.getUTCFullYear();
  const dayOfYear = Math.floor((d.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const hour = d.getUTCHours();
  const parts: Record<string, () => string> = {
    Y: () => String(year),
    y: () => two(year % 100),
    C: () => two(Math.floor(year / 100)),
    m: () => two(d.getUTCMonth() + 1),
    d: () => two(d.getUTCDate()),
    e: () => String(d.getUTCDate()).padStart(2),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(d.getUTCMinutes()),
    S: () => two(d.getUTCSeconds()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    j: () => String(dayOfYear).padStart(3, '0'),
    a: () => days[d.getUTCDay()]!.slice(0, 3),
    A: () => days[d.getUTCDay()]!,
    b: () => months[d.getUTCMonth()]!.slice(0, 3),
    h: () => months[d.getUTCMonth()]!.slice(0, 3),
    B: () => months[d.getUTCMonth()]!,
    G: () => String(isoWeek(d).year),
    g: () => two(isoWeek(d).year % 100),
    V: () => two(isoWeek(d).week),
    U: () => two(Math.floor((dayOfYear + 6 - d.getUTCDay()) / 7)),
    W: () => two(Math.floor((dayOfYear + 6 - ((d.getUTCDay() + 6) % 7)) / 7)),
    k: () => String(hour).padStart(2),
    l: () => String(hour % 12 || 12).padStart(2),
    P: () => (hour < 12 ? 'am' : 'pm'),
    u: () => String(d.getUTCDay() || 7),
    w: () => String(d.getUTCDay()),
    s: () => String(seconds),
    Z: () => zone.name(seconds),
    z: () => `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 3600))}${two((Math.abs(offset) / 60) % 60)}`,
    n: () => '\n',
    t: () => '\t',
    F: () => strftime('%Y-%m-%d', seconds, zone),
    T: () => strftime('%H:%M:%S', seconds, zone),
    X: () => strftime('%H:%M:%S', seconds, zone),
    x: () => strftime('%m/%d/%y', seconds, zone),
    D: () => strftime('%m/%d/%y', seconds, zone),
    R: () => strftime('%H:%M', seconds, zone),
    r: () => strftime('%I:%M:%S %p', seconds, zone),
    c: () => strftime('%a %b %e %H:%M:%S %Y', seconds, zone),
    '%': () => '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) => parts[letter]?.() ?? whole);
};

/** The week of ISO 8601 and the year it belongs to. */
const isoWeek = (d: Date): { year: number; week: number } => {
  const thursday = new Date(d.getTime() + (4 - (d.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) };
};
