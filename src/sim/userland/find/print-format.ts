import type { Accounts } from '../core/accounts.ts';
import type { Command } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { oneEscape } from '../core/escapes.ts';
import { isSymlink, modeText, typeLetter } from '../core/modes.ts';
import { pad } from '../core/printf.ts';
import type { Visit } from './expression.ts';

/** find -printf. */
export function formatEntry(c: Command, format: string, visit: Visit, accounts: Accounts): string {
  let out = '';
  for (let i = 0; i < format.length; ) {
    if (format[i] === '\\') {
      const [text, used] = oneEscape(format.slice(i + 1, i + 6), false);
      out += text;
      i += used + 1;
    } else if (format[i] === '%') {
      const match = /^%([-+ #0]*)(\d*)(?:\.(\d+))?([ACBT]?.)/s.exec(format.slice(i));
      if (!match) return out + format.slice(i);
      const value = directive(c, match[4]!, visit, accounts);
      out += pad(match[3] ? value.slice(0, Number(match[3])) : value, {
        flags: match[1]!,
        width: Number(match[2] || 0),
        letter: 's',
      });
      i += match[0].length;
    } else out += format[i++];
  }
  return out;
}

function directive(c: Command, letter: string, visit: Visit, accounts: Accounts): string {
  const { stat, path } = visit;
  const below = path.slice(visit.start.length).replace(/^\//, '');
  if (letter.length === 2) return timeDirective(c, letter, visit);
  switch (letter) {
    case '%':
      return '%';
    case 'f':
      return path.replace(/\/+$/, '').replace(/^.*\//, '') || path;
    case 'h':
      return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    case 'p':
      return path;
    case 'P':
      return below;
    case 'H':
      return visit.start;
    case 's':
      return String(stat.size);
    case 'b':
      return String(stat.blocks);
    case 'k':
      return String(Math.ceil(stat.blocks / 2));
    case 'd':
      return String(visit.depth);
    case 'm':
      return (stat.mode & 0o7777).toString(8);
    case 'M':
      return modeText(stat.mode);
    case 'n':
      return String(stat.nlink);
    case 'i':
      return String(stat.ino);
    case 'u':
      return accounts.user(stat.uid);
    case 'U':
      return String(stat.uid);
    case 'g':
      return accounts.group(stat.gid);
    case 'G':
      return String(stat.gid);
    case 'l':
      return isSymlink(stat.mode) ? c.sys.readlink(path) : '';
    case 'y':
      return typeLetter(stat.mode).replace('-', 'f');
    case 't':
      return strftime('%a %b %e %H:%M:%S.%N0 %Y', stat.mtime.sec, stat.mtime.nsec, zoneOf(c.sys));
    case 'D':
      return String(stat.dev);
    default:
      return `%${letter}`;
  }
}

function timeDirective(c: Command, letter: string, { stat }: Visit): string {
  const time = ({ A: stat.atime, C: stat.ctime, T: stat.mtime, B: stat.ctime } as const)[letter[0] as 'A'];
  const fraction = `${String(time.nsec).padStart(9, '0')}0`;
  if (letter[1] === '@') return `${time.sec}.${fraction}`;
  if (letter[1] === '+') return strftime(`%Y-%m-%d+%H:%M:%S.${fraction}`, time.sec, time.nsec, zoneOf(c.sys));
  if (letter[1] === 'S') return `${strftime('%S', time.sec, time.nsec, zoneOf(c.sys))}.${fraction}`;
  if (letter[1] === 'T') return `${strftime('%T', time.sec, time.nsec, zoneOf(c.sys))}.${fraction}`;
  return strftime(`%${letter[1]}`, time.sec, time.nsec, zoneOf(c.sys));
}

/** find -ls: as `ls -dils`. */
export function longEntry(c: Command, { path, stat }: Visit, accounts: Accounts): string {
  const { sec, nsec } = stat.mtime;
  const age = c.sys.now().sec - sec;
  const time = strftime(age >= 0 && age < 15778476 ? '%b %e %H:%M' : '%b %e  %Y', sec, nsec, zoneOf(c.sys));
  const owner = `${accounts.user(stat.uid).padEnd(8)} ${accounts.group(stat.gid).padEnd(8)}`;
  const head = `${String(stat.ino).padStart(9)} ${String(Math.ceil(stat.blocks / 2)).padStart(6)} ${modeText(stat.mode)}`;
  const link = isSymlink(stat.mode) ? ` -> ${c.sys.readlink(path)}` : '';
  return `${head} ${String(stat.nlink).padStart(3)} ${owner} ${String(stat.size).padStart(8)} ${time} ${path}${link}\n`;
}
