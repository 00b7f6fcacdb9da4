/** tput: the capabilities of an xterm-like terminal (terminfo(5)). */
import type { Command, CommandSpec } from '../core/command.ts';

const strings: Record<string, string> = {
  bold: '\x1b[1m',
  dim: '\x1b[2m',
  sitm: '\x1b[3m',
  ritm: '\x1b[23m',
  smul: '\x1b[4m',
  rmul: '\x1b[24m',
  blink: '\x1b[5m',
  rev: '\x1b[7m',
  smso: '\x1b[7m',
  rmso: '\x1b[27m',
  invis: '\x1b[8m',
  sgr0: '\x1b(B\x1b[m',
  op: '\x1b[39;49m',
  clear: '\x1b[H\x1b[2J\x1b[3J',
  home: '\x1b[H',
  el: '\x1b[K',
  el1: '\x1b[1K',
  ed: '\x1b[J',
  smcup: '\x1b[?1049h\x1b[22;0;0t',
  rmcup: '\x1b[?1049l\x1b[23;0;0t',
  civis: '\x1b[?25l',
  cnorm: '\x1b[?12l\x1b[?25h',
  sc: '\x1b7',
  rc: '\x1b8',
  bel: '\x07',
  cr: '\r',
  cud1: '\n',
  cuu1: '\x1b[A',
  cuf1: '\x1b[C',
  cub1: '\b',
  ind: '\n',
  ri: '\x1bM',
  init: '\x1b[!p\x1b[?3;4l\x1b[4l\x1b>',
  reset: '\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>',
};

const flags = new Set(['am', 'bce', 'km', 'mc5i', 'mir', 'msgr', 'npc', 'xenl']);

const colour = (base: number, n: number): string =>
  n < 8 ? `\x1b[${base + n}m` : n < 16 ? `\x1b[${base + 52 + n}m` : `\x1b[${base + 8};5;${n}m`;

const withArguments: Record<string, (n: number[]) => string> = {
  setaf: ([n = 0]) => colour(30, n),
  setab: ([n = 0]) => colour(40, n),
  cup: ([row = 0, column = 0]) => `\x1b[${row + 1};${column + 1}H`,
  hpa: ([n = 0]) => `\x1b[${n + 1}G`,
  vpa: ([n = 0]) => `\x1b[${n + 1}d`,
  cuu: ([n = 0]) => `\x1b[${n}A`,
  cud: ([n = 0]) => `\x1b[${n}B`,
  cuf: ([n = 0]) => `\x1b[${n}C`,
  cub: ([n = 0]) => `\x1b[${n}D`,
  ech: ([n = 0]) => `\x1b[${n}X`,
  dch: ([n = 0]) => `\x1b[${n}P`,
  dl: ([n = 0]) => `\x1b[${n}M`,
  il: ([n = 0]) => `\x1b[${n}L`,
  csr: ([top = 0, bottom = 0]) => `\x1b[${top + 1};${bottom + 1}r`,
};

/** Of the first terminal among standard error, output and input; else the environment's, else terminfo's 80x24. */
function terminalSize(c: Command): { columns: number; rows: number } {
  const fd = [2, 1, 0].find((number) => c.sys.isatty(number));
  const size = fd === undefined ? { columns: 0, rows: 0 } : c.sys.winsize(fd);
  return {
    columns: Number(c.sys.env.COLUMNS) || size.columns || 80,
    rows: Number(c.sys.env.LINES) || size.rows || 24,
  };
}

function capability(c: Command, terminal: string, name: string, args: string[]): number {
  const { columns, rows } = terminalSize(c);
  const colours = terminal.includes('256color') ? 256 : /^(dumb|vt\d+)$/.test(terminal) ? -1 : 8;
  const numbers: Record<string, number> = {
    cols: columns,
    lines: rows,
    colors: colours,
    it: 8,
    pairs: colours === 256 ? 65536 : 64,
  };
  if (name in numbers) c.out(`${numbers[name]}\n`);
  else if (name === 'longname')
    c.out(`${terminal.startsWith('xterm') ? 'xterm terminal emulator (X Window System)' : terminal}`);
  else if (flags.has(name)) return 0;
  else if (name in withArguments) c.raw(terminal === 'dumb' ? '' : withArguments[name]!(args.map(Number)));
  else if (name in strings) c.raw(terminal === 'dumb' ? '' : strings[name]!);
  else c.fail(`unknown terminfo capability '${name}'`, 4);
  return 0;
}

export const tput: CommandSpec = {
  name: 'tput',
  suite: 'ncurses',
  usageStatus: 2,
  usageHint: 'usage: tput [-V] [-S] [-x] [-T term] capname\n',
  async run(c) {
    const o = c.options({ gnu: 'T: S V x', stopAtOperand: true });
    const terminal = o.value('T') ?? c.sys.env.TERM;
    if (!terminal) c.fail('No value for $TERM and no -T specified', 2);
    if (!/^(xterm|vt\d|linux|screen|tmux|ansi|rxvt|dumb|alacritty)/.test(terminal!))
      c.fail(`unknown terminal "${terminal}"`, 3);
    if (o.has('S')) {
      for (const line of (await c.readAllText(0)).split('\n').filter(Boolean)) {
        const [name, ...args] = line.trim().split(/\s+/);
        capability(c, terminal!, name!, args);
      }
      return c.status;
    }
    const [name, ...args] = o.operands;
    if (name === undefined) c.usage();
    return capability(c, terminal!, name!, args);
  },
};
