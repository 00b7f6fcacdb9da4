import { parseRfc3339 } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { parseDuration } from '../../flag/index.ts';
import { StatusError } from '../command.ts';

/** `--since`, `--until`: a duration back from now, RFC 3339, a date, or UNIX seconds, as the API wants it (time.GetTimestamp). */
export function eventTime(cli: DockerCli, text: string): string | undefined {
  if (text === '') return undefined;
  try {
    const now = cli.host.now();
    // A bare 0 is the epoch, not a duration.
    const back = text === '0' ? Number.NaN : parseDuration(text);
    const nano = BigInt(now.sec) * 1_000_000_000n + BigInt(now.nsec) - BigInt(back);
    return `${nano / 1_000_000_000n}.${String(nano % 1_000_000_000n).padStart(9, '0')}`;
  } catch {
    const date = /^(\d{4}-\d\d-\d\d)(?:T(\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text);
    if (!date) {
      if (/^-?\d+(\.\d+)?$/.test(text)) return text;
      throw new StatusError(1, `failed to parse value as time or duration: ${JSON.stringify(text)}`);
    }
    const clock = (date[2] ?? '00').split(':');
    while (clock.length < 3) clock.push('00');
    const range = outOfRange(date[1]!, clock);
    if (range) throw new StatusError(1, `parsing time ${JSON.stringify(text)}: ${range} out of range`);
    const time = parseRfc3339(`${date[1]}T${clock.join(':')}${date[3] ?? 'Z'}`);
    return time ? `${time.sec}.${String(time.nsec).padStart(9, '0')}` : text;
  }
}

function outOfRange(date: string, clock: readonly string[]): string | undefined {
  const [, month, day] = date.split('-').map(Number) as [number, number, number];
  const [hour, minute, second] = clock.map(Number) as [number, number, number];
  if (month < 1 || month > 12) return 'month';
  if (hour > 23) return 'hour';
  if (minute > 59) return 'minute';
  if (second >= 60) return 'second';
  return day < 1 || day > 31 ? 'day' : undefined;
}
