import type { Timespec } from '../../../spec/index.ts';
import { decodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { parseDate } from '../core/date-parse.ts';
import { type Civil, civil, strftime, utc, zoneOf } from '../core/dates.ts';
import { splitLines } from '../core/lines.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteShell } from '../core/quote.ts';

const iso: Record<string, string> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};

function formatOf(c: Command, o: Options): string {
  const given = o.operands.find((operand) => operand.startsWith('+'));
  if (given) return given.slice(1);
  if (o.has('rfc-email')) return '%a, %d %b %Y %H:%M:%S %z';
  if (o.has('iso-8601')) {
    const wanted = o.value('iso-8601') || 'date';
    const name = Object.keys(iso).find((key) => key.startsWith(wanted));
    if (!name) c.usage(`invalid argument ${quote(wanted)} for ${quote('--iso-8601')}`);
    return iso[name!]!;
  }
  const rfc = o.value('rfc-3339');
  if (rfc !== undefined)
    return rfc.startsWith('d') ? '%Y-%m-%d' : rfc === 'ns' ? '%Y-%m-%d %H:%M:%S.%N%:z' : '%Y-%m-%d %H:%M:%S%:z';
  return '%a %b %e %H:%M:%S %Z %Y';
}

const clock = '(\\d+):(\\d+)(?::(\\d+))?';
/** [YYYY.]MM.DD-hh:mm[:ss] or YYYY-MM-DD[ hh:mm[:ss]] or hh:mm[:ss], and a zone. */
const dotted = new RegExp(`^(?:(?:(\\d+)\\.)?(\\d+)\\.(\\d+)-)?${clock}(?: ?(Z|[+-]\\d{4}))?$`);
const dashed = new RegExp(`^(\\d+)-(\\d+)-(\\d+)(?: ${clock})?(?: ?(Z|[+-]\\d{4}))?$`);
/** [[[[[YY]YY]MM]DD]hh]mm[.ss] */
const digits = /^(?:(?:(?:(\d{2}|\d{4})?(\d\d))?(\d\d))?(\d\d))?(\d\d)(?:\.(\d\d))?$/;

/** What BusyBox reads, as GNU would have it written; GNU's words and offsets are not among it. */
function busyboxDate(text: string, today: Civil): string | undefined {
  if (/^@-?\d+$/.test(text)) return text;
  const [, y, mo, d, h, mi, s, zone] = dotted.exec(text) ?? dashed.exec(text) ?? digits.exec(text) ?? [];
  if (mi === undefined && d === undefined) return undefined;
  const two = (value: string | number) => String(value).padStart(2, '0');
  const year = y?.length === 2 ? `${Number(y) < 69 ? 20 : 19}${y}` : (y ?? today.year);
  const date = [String(year).padStart(4, '0'), two(mo ?? today.month + 1), two(d ?? today.day)].join('-');
  return `${date} ${two(h ?? (dashed.test(text) ? 0 : today.hour))}:${two(mi ?? 0)}:${two(s ?? 0)} ${zone ?? ''}`;
}

export async function runDate(c: Command): Promise<number> {
  const o = c.options({
    gnu: 'd,date= debug f,file= I/iso-8601:? iso-8601=? R,rfc-email rfc-822 rfc-2822 rfc-3339= r,reference= s,set= u,utc uct universal',
    busybox: 's/set: u/utc d/date: r/reference: R/rfc-email I/iso-8601:? D:',
  });
  const zone = o.has('utc', 'uct', 'universal') ? utc : zoneOf(c.sys);
  const now = c.sys.now();
  const format = formatOf(c, o);
  const show = (time: Timespec) => c.out(`${strftime(format, time.sec, time.nsec, zone)}\n`);
  const parse = (text: string): Timespec => {
    const wanted = c.bb ? busyboxDate(text, civil(now.sec, zone)) : text;
    const time = wanted === undefined ? undefined : parseDate(wanted, now, zone);
    if (!time) c.fail(c.bb ? `invalid date '${text}'` : `invalid date ${quote(text)}`);
    return time!;
  };
  const file = o.value('file');
  if (file !== undefined) {
    for (const line of splitLines(await c.readFile(file))) show(parse(decodeText(line)));
    return c.status;
  }
  const extra = o.operands.filter((operand) => !operand.startsWith('+'));
  if (c.bb && extra.length > 0 && o.has('date')) c.usage();
  if (!c.bb && extra.length && o.has('date', 'reference', 'file'))
    c.usage(
      `the argument ${quote(extra[0]!)} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'`,
    );
  if (!c.bb && extra.length && o.operands.length > 1) c.usage(`extra operand ${quote(extra[0]!)}`);
  if (extra.length && !c.bb)
    c.fail(
      /^\d{8,12}(\.\d\d)?$/.test(extra[0]!)
        ? 'cannot set date: Operation not permitted'
        : `invalid date ${quote(extra[0]!)}`,
    );
  if (extra.length) c.fail(`invalid date '${extra[0]}'`);
  if (o.has('set')) {
    const time = parse(o.value('set')!);
    try {
      c.sys.settime(time);
    } catch (error) {
      c.error(
        `cannot set date: ${c.reason(error)}`.replace(/^cannot set date/, c.bb ? "can't set date" : 'cannot set date'),
      );
    }
    show(time);
    return c.status;
  }
  const reference = o.value('reference');
  if (reference !== undefined) {
    try {
      show(c.sys.stat(reference).mtime);
    } catch (error) {
      c.fail(
        c.bb
          ? `can't stat '${reference}': ${c.reason(error)}`
          : `${quoteShell(reference).slice(1, -1)}: ${c.reason(error)}`,
      );
    }
    return 0;
  }
  show(o.has('date') ? parse(o.value('date')!) : now);
  return 0;
}
