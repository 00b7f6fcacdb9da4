/** TZ as a rule, POSIX XBD 8.3: `EET-2EEST,M3.5.0/3,M10.5.0/4`. */
import type { Zone } from './dates.ts';

const name = '([A-Za-z]{3,}|<[^>]+>)';
const time = '([+-]?\\d{1,3})(?::(\\d\\d))?(?::(\\d\\d))?';
const standard = new RegExp(`^${name}${time}`);
const daylight = new RegExp(`^${name}(?:${time})?(?:,([^,/]+)(?:/([^,]+))?,([^,/]+)(?:/([^,]+))?)?`);

const seconds = (h: string | undefined, m?: string, s?: string): number =>
  ((h ?? '').startsWith('-') ? -1 : 1) * (Math.abs(Number(h ?? 0)) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0));

const clockTime = (text: string | undefined): number => (text === undefined ? 7200 : seconds(...partsOf(text)));
const partsOf = (text: string) => text.split(':') as [string, string?, string?];

/** Seconds since the year began of a day given as Mm.w.d, Jn or n. */
function dayOf(rule: string, year: number): number {
  const month = /^M(\d+)\.(\d)\.(\d)$/.exec(rule);
  if (!month) {
    const [, julian, day] = /^(J?)(\d+)$/.exec(rule) ?? ['', '', '0'];
    const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    return (julian ? Number(day) - 1 + (leap && Number(day) > 59 ? 1 : 0) : Number(day)) * 86400;
  }
  const [, m, week, weekday] = month.map(Number) as [number, number, number, number];
  const first = new Date(Date.UTC(year, m - 1, 1)).getUTCDay();
  const length = new Date(Date.UTC(year, m, 0)).getUTCDate();
  let day = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
  while (day > length) day -= 7;
  return (Date.UTC(year, m - 1, day) - Date.UTC(year, 0, 1)) / 1000;
}

/** Undefined when the text is no rule. */
export function posixZone(text: string): Zone | undefined {
  const base = standard.exec(text);
  if (!base) return undefined;
  const bare = (word: string) => word.replace(/[<>]/g, '');
  const winter = { offset: -seconds(base[2], base[3], base[4]), name: bare(base[1]!) };
  const other = daylight.exec(text.slice(base[0].length));
  if (!other) return { at: () => winter };
  const offset = other[2] === undefined ? winter.offset + 3600 : -seconds(other[2], other[3], other[4]);
  const summer = { offset, name: bare(other[1]!) };
  const [from, fromTime, to, toTime] = [other[5] ?? 'M3.2.0', other[6], other[7] ?? 'M11.1.0', other[8]];
  return {
    at(sec) {
      const year = new Date((sec + winter.offset) * 1000).getUTCFullYear();
      const began = sec - Date.UTC(year, 0, 1) / 1000;
      const start = dayOf(from, year) + clockTime(fromTime) - winter.offset;
      const end = dayOf(to, year) + clockTime(toTime) - summer.offset;
      const inside = start < end ? began >= start && began < end : began >= start || began < end;
      return inside ? summer : winter;
    },
  };
}
