/** What `date -d`, `touch -d` and `find -newermt` understand of dates. */

import type { Timespec } from '../../../spec/index.ts';
import { civil, toEpoch, utc, type Zone } from './dates.ts';

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');
const units: Record<string, number> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86400,
  week: 604800,
  fortnight: 1209600,
};

interface State {
  y: number;
  mo: number;
  d: number;
  h: number;
  mi: number;
  s: number;
  nsec: number;
  timeGiven: boolean;
  dateGiven: boolean;
  zone: Zone;
  seconds: number;
  months: number;
  days: number;
  weekday?: number;
}

type Rule = [RegExp, (m: RegExpExecArray, state: State, now: Timespec) => void];

const setTime = (state: State, h: string, mi: string, s?: string, fraction?: string) => {
  state.h = Number(h);
  state.mi = Number(mi);
  state.s = Number(s ?? 0);
  state.nsec = Number((fraction ?? '').slice(0, 9).padEnd(9, '0'));
  state.timeGiven = true;
};
const setDate = (state: State, y: string | number, mo: number, d: string | number) => {
  state.y = Number(y);
  state.mo = mo;
  state.d = Number(d);
  state.dateGiven = true;
};
const month = (name: string): number => monthNames.indexOf(name.slice(0, 3).toLowerCase());
const monthPattern = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';

const rules: Rule[] = [
  [/^[\s,]+/, () => {}],
  [/^(\d{4})-(\d\d?)-(\d\d?)(?:T|\b)/i, (m, s) => setDate(s, m[1]!, Number(m[2]) - 1, m[3]!)],
  [/^(\d\d?)\/(\d\d?)\/(\d{4})\b/, (m, s) => setDate(s, m[3]!, Number(m[1]) - 1, m[2]!)],
  [
    /^(\d\d?):(\d\d?)(?::(\d\d?)(?:[.,](\d+))?)?(?:\s*([ap])\.?m\b\.?)?/i,
    (m, s) => {
      setTime(s, m[1]!, m[2]!, m[3], m[4]);
      if (m[5]) s.h = (s.h % 12) + (m[5].toLowerCase() === 'p' ? 12 : 0);
    },
  ],
  [
    /^(\d\d?)\s*([ap])m\b/i,
    (m, s) => setTime(s, String((Number(m[1]) % 12) + (m[2]!.toLowerCase() === 'p' ? 12 : 0)), '0'),
  ],
  [/^(utc|gmt|z)\b/i, (_m, s) => void (s.zone = utc)],
  [
    /^([+-])(\d\d):?(\d\d)\b(?!\s*(sec|min|hour|day|week|month|year))/,
    (m, s) => {
      const offset = (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 3600 + Number(m[3]) * 60);
      s.zone = { at: () => ({ offset, name: '' }) };
    },
  ],
  [
    new RegExp(`^(\\d{1,2})[\\s-]*${monthPattern}[\\s,-]*(\\d{4})\\b`, 'i'),
    (m, s) => setDate(s, m[3]!, month(m[2]!), m[1]!),
  ],
  [
    new RegExp(`^${monthPattern}\\s+(\\d{1,2})(?:,?\\s+(\\d{4}))?\\b(?!:)`, 'i'),
    (m, s) => setDate(s, m[3] ?? s.y, month(m[1]!), m[2]!),
  ],
  [new RegExp(`^(\\d{1,2})\\s+${monthPattern}`, 'i'), (m, s) => setDate(s, s.y, month(m[2]!), m[1]!)],
  [/^now\b/i, () => {}],
  [/^today\b/i, () => {}],
  [/^yesterday\b/i, (_m, s) => void (s.days -= 1)],
  [/^tomorrow\b/i, (_m, s) => void (s.days += 1)],
  [/^midnight\b/i, (_m, s) => setTime(s, '0', '0')],
  [/^noon\b/i, (_m, s) => setTime(s, '12', '0')],
  [
    /^(next|last|this|[+-]?\s*\d+)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b(\s+ago\b)?/i,
    (m, s) => {
      const word = m[1]?.toLowerCase().replace(/\s/g, '');
      let count = word === undefined ? 1 : ({ next: 1, last: -1, this: 0 }[word] ?? Number(word));
      if (m[3]) count = -count;
      const unit = m[2]!.toLowerCase();
      if (unit === 'month') s.months += count;
      else if (unit === 'year') s.months += 12 * count;
      else if (unit === 'day' || unit === 'week' || unit === 'fortnight') s.days += (count * units[unit]!) / 86400;
      else s.seconds += count * units[unit]!;
    },
  ],
  [
    /^(?:(next|last)\s+)?(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b/i,
    (m, s) => {
      s.weekday = dayNames.indexOf(m[2]!.slice(0, 3).toLowerCase());
      if (m[1]?.toLowerCase() === 'next') s.days += 7;
      if (m[1]?.toLowerCase() === 'last') s.days -= 7;
    },
  ],
  [/^(\d{4})(\d\d)(\d\d)\b/, (m, s) => setDate(s, m[1]!, Number(m[2]) - 1, m[3]!)],
  [/^(\d{4})\b/, (m, s) => void (s.dateGiven ? (s.y = Number(m[1])) : setTime(s, m[1]!.slice(0, 2), m[1]!.slice(2)))],
];

/** Undefined when the text is no date. */
export function parseDate(text: string, now: Timespec, zone: Zone): Timespec | undefined {
  const stamp = /^\s*@(-?\d+)(?:\.(\d+))?\s*$/.exec(text);
  if (stamp) return { sec: Number(stamp[1]), nsec: Number((stamp[2] ?? '').slice(0, 9).padEnd(9, '0')) };
  const today = civil(now.sec, zone);
  const state: State = {
    y: today.year,
    mo: today.month,
    d: today.day,
    h: today.hour,
    mi: today.minute,
    s: today.second,
    nsec: now.nsec,
    timeGiven: false,
    dateGiven: false,
    zone,
    seconds: 0,
    months: 0,
    days: 0,
  };
  for (let rest = text; rest !== ''; ) {
    const rule = rules.find(([pattern]) => pattern.test(rest));
    if (!rule) return undefined;
    const match = rule[0].exec(rest)!;
    rule[1](match, state, now);
    rest = rest.slice(match[0].length);
  }
  return finish(state, text);
}

function finish(state: State, text: string): Timespec | undefined {
  if (state.mo < 0 || state.mo > 11 || state.d < 1 || state.d > 31 || state.h > 24 || state.mi > 59 || state.s > 60) {
    return undefined;
  }
  // Undefined for a 30th of February.
  if (state.dateGiven && state.d > new Date(Date.UTC(state.y, state.mo + 1, 0)).getUTCDate()) return undefined;
  const bare = text.trim() === '';
  if ((state.dateGiven || state.weekday !== undefined || bare) && !state.timeGiven) {
    state.h = state.mi = state.s = state.nsec = 0;
  }
  if (state.weekday !== undefined && !state.dateGiven) {
    const current = new Date(Date.UTC(state.y, state.mo, state.d)).getUTCDay();
    state.d += (state.weekday - current + 7) % 7;
  }
  const sec = toEpoch(state.y, state.mo + state.months, state.d + state.days, state.h, state.mi, state.s, state.zone);
  return { sec: sec + state.seconds, nsec: state.nsec };
}
