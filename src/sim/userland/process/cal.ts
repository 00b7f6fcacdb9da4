import type { Command, CommandSpec } from '../core/command.ts';
import { civil, zoneOf } from '../core/dates.ts';

const months = 'January February March April May June July August September October November December'.split(' ');

/** Days of a month; the calendar changed in September 1752, as cal has it. */
function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year <= 1752 || year % 100 !== 0 || year % 400 === 0);
  return month === 1 ? (leap ? 29 : 28) : [3, 5, 8, 10].includes(month) ? 30 : 31;
}

/** 0 Sunday. Before September 14th, 1752 by the Julian calendar. */
function weekday(year: number, month: number, day: number): number {
  const julian = year < 1752 || (year === 1752 && (month < 8 || (month === 8 && day < 14)));
  const [y, m] = month < 2 ? [year - 1, month + 13] : [year, month + 1];
  const centuries = julian ? 5 : Math.floor(y / 400) - Math.floor(y / 100);
  const h = day + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) + centuries;
  return (((h - 1) % 7) + 7) % 7;
}

const center = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return `${' '.repeat(Math.max(0, left))}${text}`;
};

interface Style {
  monday: boolean;
  julian: boolean;
}

/** Title, names of the days, and six weeks. */
function monthBlock(year: number, month: number, style: Style, title: string): string[] {
  const cell = style.julian ? 3 : 2;
  const width = 7 * (cell + 1) - 1;
  const names = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'];
  const order = style.monday ? [...names.slice(1), names[0]!] : names;
  const rows = [center(title, width), order.map((name) => name.padStart(cell)).join(' ')];
  let before = 0;
  for (let m = 0; m < month; m++) before += daysOf(year, m);
  let week: string[] = Array((weekday(year, month, 1) + (style.monday ? 6 : 0)) % 7).fill(' '.repeat(cell));
  for (let day = 1; day <= daysOf(year, month); day++) {
    if (year === 1752 && month === 8 && day > 2 && day < 14) continue;
    week.push(String(style.julian ? before + day : day).padStart(cell));
    if (week.length === 7) {
      rows.push(week.join(' '));
      week = [];
    }
  }
  if (week.length) rows.push(week.join(' '));
  while (rows.length < 8) rows.push('');
  return rows.map((row) => row.padEnd(width));
}

/** ncal's cal ends every month in two spaces; BusyBox's trims, but for the rows that are empty. */
function yearText(c: Command, year: number, style: Style): string {
  const across = style.julian ? 2 : 3;
  const width = (style.julian ? 27 : 20) * across + 2 * (across - 1);
  let out = c.bb ? `${center(String(year), width).padEnd(width)}\n\n` : `${center(String(year), width - 4)}\n`;
  for (let first = 0; first < 12; first += across) {
    const blocks = Array.from({ length: across }, (_, i) => monthBlock(year, first + i, style, months[first + i]!));
    for (let row = 0; row < 8; row++) {
      const line = blocks.map((block) => block[row]!);
      if (!c.bb) out += `${line.map((part) => `${part}  `).join('')}\n`;
      else if (row === 0) out += `${line.join('  ')}\n`;
      else out += line.join('').trim() === '' ? `${' '.repeat(width + 15)}\n` : `${line.join('  ').trimEnd()}\n`;
    }
    if (!c.bb && first + across < 12) out += '\n';
  }
  return out;
}

function parse(c: Command, operands: readonly string[]): { year: number; month: number | undefined } {
  const now = c.sys.now();
  const today = civil(now.sec, zoneOf(c.sys));
  if (operands.length === 0) return { year: today.year, month: today.month };
  const year = Number(operands.at(-1));
  if (!Number.isInteger(year) || year < 1 || year > 9999)
    c.fail(
      c.bb ? `number ${operands.at(-1)} is not in 1..9999 range` : `year \`${operands.at(-1)}' not in range 1..9999`,
      c.bb ? 1 : 64,
    );
  if (operands.length === 1) return { year, month: undefined };
  const text = operands.at(-2)!;
  const named = months.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase().slice(0, 3)));
  const month = /^\d+$/.test(text) ? Number(text) - 1 : named;
  if ((month < 0 || month > 11) && c.bb) c.fail(`number ${text} is not in 1..12 range`);
  if (month < 0 || month > 11) c.fail(`${text} is neither a month number (1..12) nor a name`, 64);
  return { year, month };
}

export const cal: CommandSpec = {
  name: 'cal',
  suite: 'ncal',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'j m y h 3 1', busybox: 'j m y' });
    const { year, month } = parse(c, o.operands);
    const style = { monday: o.has('m'), julian: o.has('j') };
    if (month === undefined || o.has('y')) c.out(yearText(c, year, style));
    else if (o.has('3')) {
      const around = [-1, 0, 1].map((step) => new Date(Date.UTC(year, month + step, 1)));
      const blocks = around.map((at) => {
        const name = `${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
        return monthBlock(at.getUTCFullYear(), at.getUTCMonth(), style, name);
      });
      for (let row = 0; row < 8; row++)
        c.out(
          `${blocks
            .map((block) => block[row])
            .join('  ')
            .trimEnd()}\n`,
        );
    } else
      c.out(
        monthBlock(year, month, style, `${months[month]} ${year}`)
          .map((row) => (c.bb ? `${row.trim() === '' ? `${row} ` : row.trimEnd()}\n` : `${row}  \n`))
          .join(''),
      );
    return c.status;
  },
};
