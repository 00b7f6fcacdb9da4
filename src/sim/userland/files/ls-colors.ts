import type { Stat } from '../../vfs/inode.ts';
import type { Command } from '../core/command.ts';

/** Built-in colours by type, then those of LS_COLORS (dircolors(1)). */
const defaults: Record<string, string> = {
  di: '01;34',
  ln: '01;36',
  pi: '33',
  so: '01;35',
  bd: '01;33',
  cd: '01;33',
  ex: '01;32',
  su: '37;41',
  sg: '30;43',
  tw: '30;42',
  ow: '34;42',
  st: '37;44',
};

function keyOf(stat: Stat): string {
  const { mode } = stat;
  switch (mode & 0o170000) {
    case 0o040000:
      return mode & 0o1000 ? (mode & 2 ? 'tw' : 'st') : mode & 2 ? 'ow' : 'di';
    case 0o120000:
      return 'ln';
    case 0o010000:
      return 'pi';
    case 0o140000:
      return 'so';
    case 0o060000:
      return 'bd';
    case 0o020000:
      return 'cd';
    default:
      return mode & 0o4000 ? 'su' : mode & 0o2000 ? 'sg' : mode & 0o111 ? 'ex' : 'fi';
  }
}

/** Terminals for which GNU ls colours without LS_COLORS. */
const coloured =
  /^(Eterm|ansi|.*color.*|con\d+x\d+|cons25|console|cygwin|.*direct.*|dtterm|gnome|hurd|jfbterm|konsole|kterm|linux|linux-c|mlterm|putty|rxvt.*|screen.*|st|terminator|tmux.*|vt100|vt220|xterm.*|alacritty)$/;

export const terminalHasColours = (c: Command): boolean =>
  c.bb || !!c.sys.env.LS_COLORS || !!c.sys.env.COLORTERM || coloured.test(c.sys.env.TERM ?? '');

/** BusyBox: attribute and colour by type. */
function busyboxColour(mode: number): string {
  const kinds: Record<number, string> = { 1: '0;35', 2: '1;35', 4: '1;34', 6: '1;37', 10: '1;36', 12: '1;35' };
  if ((mode & 0o170000) === 0o100000) return mode & 0o111 ? '1;32' : '0;0';
  return kinds[(mode >> 12) & 15] ?? '0;0';
}

export function colorOf(c: Command, path: string, stat: Stat | undefined, shown: string): string {
  if (!stat) return shown;
  if (c.bb) return `\x1b[${busyboxColour(stat.mode)}m${shown}\x1b[m`;
  const own = Object.fromEntries(
    (c.sys.env.LS_COLORS ?? '').split(':').map((pair) => pair.split('=') as [string, string]),
  );
  const key = keyOf(stat);
  let code = own[key] ?? defaults[key];
  if (key === 'fi') {
    const dot = path.lastIndexOf('.');
    code = dot >= 0 ? own[`*${path.slice(dot)}`] : undefined;
  }
  return code && code !== '0' && code !== 'target'
    ? `\x1b[0m\x1b[${code}m${shown}\x1b[0m`.replace('\x1b[0m', '')
    : shown;
}
