/** Dates as git reads and prints them. */
import { parseDate as parseDateText } from '../core/date-parse.ts';
import { civil, offsetText, strftime, type Zone, zoneOf } from '../core/dates.ts';
import type { Git } from './git.ts';
import { type Person, zoneText } from './ident.ts';
import { Fatal } from './problem.ts';

/** Of GIT_AUTHOR_DATE, --date and their like; undefined when it is no date. */
export function parseDate(git: Git, text: string): { sec: number; zone: string } | undefined {
  const raw = /^@?(\d{5,})(?:\s+([+-]\d{4}))?$/.exec(text.trim());
  if (raw)
    return { sec: Number(raw[1]), zone: raw[2] ?? (text.startsWith('@') ? '+0000' : zoneText(git, Number(raw[1]))) };
  const sec = parseDateText(text.trim(), git.sys.now(), zoneOf(git.sys))?.sec;
  if (sec === undefined) return undefined;
  const zone = /([+-]\d\d):?(\d\d)$/.exec(text.trim());
  const utc = /(Z|UTC|GMT)$/.test(text.trim());
  return { sec, zone: utc ? '+0000' : zone && /\d:\d\d/.test(text) ? zone[1]! + zone[2]! : zoneText(git, sec) };
}

const fixedZone = (zone: string): Zone => {
  const sign = zone.startsWith('-') ? -1 : 1;
  const offset = sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3, 5)) * 60);
  return { at: () => ({ offset, name: '' }) };
};

type Format = (when: Pick<Person, 'sec' | 'zone'>, git: Git) => string;

const written =
  (format: string): Format =>
  ({ sec, zone }) =>
    strftime(format, sec, 0, fixedZone(zone));

const formats: Readonly<Record<string, Format>> = {
  default: ({ sec, zone }) => `${strftime('%a %b %-d %H:%M:%S %Y', sec, 0, fixedZone(zone))} ${zone}`,
  iso: written('%Y-%m-%d %H:%M:%S %z'),
  iso8601: written('%Y-%m-%d %H:%M:%S %z'),
  'iso-strict': ({ sec, zone }) => {
    const { offset } = fixedZone(zone).at(sec);
    return (
      strftime('%Y-%m-%dT%H:%M:%S', sec, 0, fixedZone(zone)) + (offset === 0 ? strictUtc : offsetText(offset, ':'))
    );
  },
  rfc: written('%a, %-d %b %Y %H:%M:%S %z'),
  rfc2822: written('%a, %-d %b %Y %H:%M:%S %z'),
  short: written('%Y-%m-%d'),
  raw: ({ sec, zone }) => `${sec} ${zone}`,
  unix: ({ sec }) => String(sec),
  relative: ({ sec }, git) => relative(git.sys.now().sec - sec),
  human: (when, git) => human(when, git),
};

/** Git 2.39; newer ones write Z. */
const strictUtc = '+00:00';

export function formatDate(git: Git, when: Pick<Person, 'sec' | 'zone'>, mode = 'default'): string {
  if (mode.startsWith('format:')) return strftime(mode.slice(7), when.sec, 0, fixedZone(when.zone));
  const local = /^(.*?)-?local$/.exec(mode);
  if (local) return formatLocal(git, when, local[1] || 'default');
  const strict = mode === 'iso8601-strict' ? 'iso-strict' : mode;
  const format = formats[strict];
  if (!format) throw new Fatal(`unknown date format ${mode}`);
  return format(when, git);
}

function formatLocal(git: Git, { sec }: Pick<Person, 'sec'>, mode: string): string {
  const zone = zoneText(git, sec);
  const text = formatDate(git, { sec, zone }, mode);
  return mode === 'default' ? text.slice(0, -zone.length - 1) : text;
}

const ago = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'} ago`;

/** Rounded as date.c rounds: minutes from seconds, hours from minutes, and so on. */
export function relative(seconds: number): string {
  if (seconds < 0) return 'in the future';
  if (seconds < 90) return ago(seconds, 'second');
  const minutes = Math.floor((seconds + 30) / 60);
  if (minutes < 90) return ago(minutes, 'minute');
  const hours = Math.floor((minutes + 30) / 60);
  if (hours < 36) return ago(hours, 'hour');
  const days = Math.floor((hours + 12) / 24);
  if (days < 14) return ago(days, 'day');
  if (days < 70) return ago(Math.floor((days + 3) / 7), 'week');
  if (days < 365) return ago(Math.floor((days + 15) / 30), 'month');
  const months = Math.floor((days * 12 * 2 + 365) / (365 * 2));
  const years = Math.floor(months / 12);
  if (days < 1825 && months % 12) {
    const rest = months % 12;
    return `${years} year${years === 1 ? '' : 's'}, ${ago(rest, 'month')}`;
  }
  return ago(days < 1825 ? years : Math.floor((days + 183) / 365), 'year');
}

function human({ sec, zone }: Pick<Person, 'sec' | 'zone'>, git: Git): string {
  const now = git.sys.now().sec;
  const [then, today] = [civil(sec, fixedZone(zone)), civil(now, zoneOf(git.sys))];
  const sameYear = then.year === today.year;
  if (sameYear && then.month === today.month) {
    if (then.day === today.day) return relative(now - sec);
    if (then.day < today.day && then.day + 5 > today.day) return strftime('%a %H:%M', sec, 0, fixedZone(zone));
  }
  return strftime(sameYear ? '%a %b %-d %H:%M' : '%b %-d %Y', sec, 0, fixedZone(zone));
}
