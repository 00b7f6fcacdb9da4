import { compareTime, type Filters, parseRfc3339, type Timespec, timespecFromMs } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { labelsMatch, parseTimestamp } from './event-log.ts';

/** 400 `Invalid filter 'x'` for one the operation does not know. */
export function requireFilters(filters: Filters, known: readonly string[]): void {
  for (const name of Object.keys(filters)) if (!known.includes(name)) throw badRequest(`Invalid filter '${name}'`);
  for (const text of filters.until ?? []) untilTime({ sec: 0, nsec: 0 }, text);
}

const yes = ['true', '1'];
const no = ['false', '0'];

/** A filter that is true or false; 400 for other values. `digits` false: only these two words. */
export function boolFilter(filters: Filters, name: string, digits = true): boolean | undefined {
  const values = filters[name];
  if (!values?.length) return undefined;
  const truth = values.map((value) => {
    if (yes.slice(0, digits ? 2 : 1).includes(value)) return true;
    if (no.slice(0, digits ? 2 : 1).includes(value)) return false;
    throw badRequest(`Invalid filter '${name}=[${values.join(' ')}]'`);
  });
  return truth[0];
}

/** A filter whose values are regular expressions or parts of a name (moby filters.Args.Match). */
export function matchesAny(values: readonly string[] | undefined, text: string): boolean {
  if (!values?.length) return true;
  return values.some((value) => {
    if (value === text) return true;
    try {
      return new RegExp(value).test(text);
    } catch {
      return false;
    }
  });
}

const units: Record<string, number> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `until`: a Go duration before now, a Unix time or RFC 3339. */
export function untilTime(now: Timespec, text: string): Timespec {
  if (/^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)];
    const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
    return timespecFromMs(now.sec * 1000 + now.nsec / 1e6 - ms);
  }
  try {
    return parseTimestamp(text)!;
  } catch {
    throw badRequest(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  }
}

/** `until`, `label` and `label!` of the prune operations. */
export function pruneMatches(
  daemon: Daemon,
  filters: Filters,
  created: string,
  labels: Record<string, string> | null | undefined,
): boolean {
  const time = parseRfc3339(created);
  if (filters.until?.[0] && time && compareTime(time, untilTime(daemon.ports.clock.now(), filters.until[0])) > 0)
    return false;
  if (!labelsMatch(labels, filters.label)) return false;
  return !filters['label!']?.length || !labelsMatch(labels, filters['label!']);
}
