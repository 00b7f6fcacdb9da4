import type { Stat } from '../../vfs/inode.ts';
import { Accounts } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { civil, strftime, type Zone, zoneOf } from '../core/dates.ts';
import { isDevice, isDirectory, isSymlink, modeText } from '../core/modes.ts';
import { busyboxSize, humanSize } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteIfNeeded, quoteShell } from '../core/quote.ts';
import { compareVersions } from '../text/sort.ts';
import { columnsOf } from './columns.ts';
import { colorOf, terminalHasColours } from './ls-colors.ts';

interface Entry {
  name: string;
  path: string;
  stat?: Stat;
  /** What the link points to, for -l. */
  target?: string;
}

interface Style {
  long: boolean;
  all: boolean;
  almostAll: boolean;
  columns: 'one' | 'vertical' | 'across' | 'commas';
  color: boolean;
  human: false | 1024 | 1000;
  numeric: boolean;
  classify: '' | 'F' | 'p';
  quoting: boolean;
  width: number;
  time: 'mtime' | 'atime' | 'ctime';
  format?: string;
}

const gnuOptions =
  'a,all A,almost-all author b,escape block-size= B,ignore-backups c C color=? d,directory D,dired f F,classify=? file-type format= full-time g group-directories-first G,no-group h,human-readable si H,dereference-command-line dereference-command-line-symlink-to-dir hide= hyperlink=? indicator-style= i,inode I,ignore= k,kibibytes l L,dereference m n,numeric-uid-gid N,literal o p q,hide-control-chars show-control-chars Q,quote-name quoting-style= r,reverse R,recursive s,size S sort= time= time-style= t T,tabsize= u U v w,width= x X Z,context zero 1';
const busyboxOptions =
  '1 A/almost-all a/all C x d/directory L/dereference H/dereference-command-line R/recursive F/classify p l i/inode n/numeric-uid-gid s/size h/human-readable r/reverse S X v c t u Q/quote-name w/width: color=? full-time group-directories-first';

const whens = /^(|always|yes|force|never|no|none|auto|tty|if-tty)$/;

function styleOf(c: Command, o: Options): Style {
  const tty = c.sys.isatty(1);
  const long = o.has('l', 'g', 'o', 'numeric-uid-gid', 'full-time') || o.value('format') === 'long';
  const layout = o.last('1', 'C', 'x', 'm', 'l', 'g', 'o', 'numeric-uid-gid');
  const when = o.value('color');
  if (when !== undefined && !whens.test(when) && !c.bb) {
    c.error(`invalid argument ${quote(when)} for '--color'`);
    c.errorText(
      "Valid arguments are:\n  - 'always', 'yes', 'force'\n  - 'never', 'no', 'none'\n  - 'auto', 'tty', 'if-tty'\nTry 'ls --help' for more information.\n",
    );
    c.exit(1);
  }
  const color =
    o.has('color') &&
    terminalHasColours(c) &&
    (when === '' || /^(always|yes|force)$/.test(when!) || (/^(auto|tty|if-tty)$/.test(when!) && tty));
  const time = o.value('time');
  const kinds = { '1': 'one', C: 'vertical', x: 'across', m: 'commas' } as const;
  return {
    long,
    all: o.has('all', 'f'),
    almostAll: o.has('almost-all'),
    columns: kinds[layout as keyof typeof kinds] ?? (tty ? 'vertical' : 'one'),
    color,
    human: o.has('human-readable') ? 1024 : o.has('si') ? 1000 : false,
    numeric: o.has('numeric-uid-gid'),
    classify:
      o.has('classify') || o.value('indicator-style') === 'classify'
        ? 'F'
        : o.has('p') || o.value('indicator-style') === 'slash'
          ? 'p'
          : '',
    quoting: !c.bb && tty && !o.has('literal'),
    width: Number(o.value('width') ?? 0) || (tty ? c.sys.winsize(1).columns || 80 : 80),
    time:
      o.has('c') || time === 'ctime' || time === 'status'
        ? 'ctime'
        : o.has('u') || time === 'atime'
          ? 'atime'
          : 'mtime',
    format: o.has('full-time') ? 'full-iso' : o.value('time-style'),
  };
}

class Lister {
  private readonly accounts: Accounts;
  private readonly zone: Zone;
  private printed = false;
  constructor(
    private readonly c: Command,
    private readonly o: Options,
    private readonly style: Style,
  ) {
    this.accounts = new Accounts(c.sys);
    this.zone = zoneOf(c.sys);
  }

  async run(operands: string[]): Promise<void> {
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const path of operands.length ? operands : ['.']) {
      const entry = this.operand(path);
      if (!entry) continue;
      (isDirectory(entry.stat!.mode) && !this.o.has('directory') ? directories : files).push(entry);
    }
    if (files.length) {
      await this.print(this.sort(files));
      this.printed = true;
    }
    const headers = operands.length > 1 || this.o.has('recursive');
    for (const entry of this.sort(directories)) await this.directory(entry.path, headers);
  }

  private operand(path: string): Entry | undefined {
    const { sys } = this.c;
    try {
      let stat: Stat;
      const follow = this.o.has('dereference', 'dereference-command-line');
      stat = follow ? sys.stat(path) : sys.lstat(path);
      // A link to a directory on the command line is followed unless it is to be shown itself.
      if (isSymlink(stat.mode) && !this.style.long && !this.o.has('directory') && !this.style.classify) {
        try {
          const target = sys.stat(path);
          if (isDirectory(target.mode)) stat = target;
        } catch (error) {
          // GNU shows a broken link as a link.
          if (this.c.bb) throw error;
        }
      }
      return { name: path, path, stat };
    } catch (error) {
      this.fail(path, error, 'access', 2);
      return undefined;
    }
  }

  private fail(path: string, error: unknown, verb: string, status: number): void {
    const reason = this.c.reason(error);
    if (this.c.bb) this.c.error(`${verb === 'open directory' ? `can't open '${path}'` : path}: ${reason}`);
    else {
      this.c.error(`cannot ${verb} ${quoteShell(path)}: ${reason}`, status);
      this.c.status = Math.max(this.c.status, status);
    }
  }

  private async directory(path: string, header: boolean): Promise<void> {
    let entries: Entry[];
    let fd: number;
    try {
      fd = this.c.sys.openSync(path, { cloexec: true });
      entries = this.read(path);
    } catch (error) {
      this.fail(path, error, 'open directory', 2);
      return;
    }
    if (header) this.c.out(`${this.printed ? '\n' : ''}${this.style.quoting ? quoteIfNeeded(path) : path}:\n`);
    this.printed = true;
    const sorted = this.sort(entries);
    if (this.style.long || this.o.has('size')) this.total(sorted);
    await this.print(sorted);
    // Open until here: a list of descriptors shows it.
    this.c.sys.close(fd);
    await this.c.drain();
    if (!this.o.has('recursive')) return;
    for (const entry of sorted) {
      if (entry.stat && isDirectory(entry.stat.mode) && entry.name !== '.' && entry.name !== '..') {
        await this.directory(entry.path, true);
      }
    }
  }

  private read(path: string): Entry[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const names = this.c.sys.readdir(path).map((entry) => entry.name);
    const shown = names.filter((name) => this.isShown(name));
    if (this.style.all && !this.lastIsAlmost()) shown.unshift('.', '..');
    return shown.map((name) => {
      const entry: Entry = { name, path: prefix + name };
      try {
        entry.stat = this.o.has('dereference') ? this.c.sys.stat(entry.path) : this.c.sys.lstat(entry.path);
      } catch (error) {
        this.fail(entry.path, error, 'access', 1);
      }
      return entry;
    });
  }
  private lastIsAlmost(): boolean {
    return this.o.last('all', 'almost-all', 'f') === 'almost-all';
  }
  private isShown(name: string): boolean {
    if (name[0] === '.' && !this.style.all && !this.style.almostAll) return false;
    if (this.o.has('ignore-backups') && name.endsWith('~')) return false;
    const patterns = [
      ...this.o.values('ignore'),
      ...(this.style.all || this.style.almostAll ? [] : this.o.values('hide')),
    ];
    return !patterns.some((pattern) => glob(pattern).test(name));
  }

  private sort(entries: Entry[]): Entry[] {
    const key = this.o.value('sort');
    if (this.o.has('U', 'f') || key === 'none') return entries;
    const by =
      this.o.last('t', 'S', 'v', 'X', ...(this.style.long ? [] : ['c', 'u'])) ??
      { time: 't', size: 'S', version: 'v', extension: 'X' }[key ?? ''];
    const name = (a: Entry, b: Entry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const time = (entry: Entry) => entry.stat?.[this.style.time] ?? { sec: 0, nsec: 0 };
    const extension = (entry: Entry) => /\.[^.]*$/.exec(entry.name)?.[0] ?? '';
    const compare = (a: Entry, b: Entry): number => {
      if (by === 't' || by === 'c' || by === 'u') {
        return time(b).sec - time(a).sec || time(b).nsec - time(a).nsec || name(a, b);
      }
      if (by === 'S') return (b.stat?.size ?? 0) - (a.stat?.size ?? 0) || name(a, b);
      if (by === 'v') return compareVersions(a.name, b.name) || name(a, b);
      if (by === 'X') return extension(a) < extension(b) ? -1 : extension(a) > extension(b) ? 1 : name(a, b);
      return name(a, b);
    };
    const sign = this.o.has('reverse') ? -1 : 1;
    const sorted = [...entries].sort((a, b) => sign * compare(a, b));
    if (!this.o.has('group-directories-first')) return sorted;
    const first = (entry: Entry) => (entry.stat && isDirectory(entry.stat.mode) ? 0 : 1);
    return sorted.sort((a, b) => first(a) - first(b));
  }

  private total(entries: Entry[]): void {
    const blocks = entries.reduce((sum, entry) => sum + (entry.stat?.blocks ?? 0), 0) * 512;
    this.c.out(`total ${this.style.human ? this.human(blocks) : Math.ceil(blocks / 1024)}\n`);
  }
  private human(bytes: number): string {
    return this.c.bb ? busyboxSize(bytes) : humanSize(bytes, this.style.human || 1024);
  }

  private async print(entries: Entry[]): Promise<void> {
    if (this.style.long) return this.printLong(entries);
    const prefixes = this.prefixes(entries);
    const cells = entries.map((entry, i) => {
      const shown = this.shown(entry, entries);
      return {
        text: prefixes[i]! + this.painted(entry, shown) + this.mark(entry),
        width: prefixes[i]!.length + shown.length + this.mark(entry).length,
      };
    });
    if (this.style.columns === 'one') for (const cell of cells) this.c.out(`${cell.text}\n`);
    else if (this.style.columns === 'commas') this.commas(cells.map((cell) => cell.text));
    else this.c.out(columnsOf(cells, this.style.width, this.style.columns === 'across', this.c.bb));
  }

  private commas(names: string[]): void {
    let line = '';
    names.forEach((name, i) => {
      const piece = name + (i < names.length - 1 ? ',' : '');
      if (line && line.length + 1 + piece.length >= this.style.width) {
        this.c.out(`${line}\n`);
        line = piece;
      } else line += (line ? ' ' : '') + piece;
    });
    this.c.out(`${line}\n`);
  }

  /** Inode and size before each name, aligned. */
  private prefixes(entries: Entry[]): string[] {
    const cells = entries.map((entry) => {
      const inode = this.o.has('inode') ? String(entry.stat?.ino ?? '?') : undefined;
      const size = this.o.has('size')
        ? this.style.human
          ? this.human((entry.stat?.blocks ?? 0) * 512)
          : String(Math.ceil((entry.stat?.blocks ?? 0) / 2))
        : undefined;
      return [inode, size];
    });
    const pad = this.style.columns === 'one' && !this.style.long && !this.c.bb ? [0, 0] : [0, 0];
    for (const [i, s] of cells) {
      pad[0] = Math.max(pad[0]!, i?.length ?? 0);
      pad[1] = Math.max(pad[1]!, s?.length ?? 0);
    }
    if (this.c.bb) pad[0] = Math.max(pad[0]!, 7);
    if (this.c.bb) pad[1] = this.style.human ? 7 : 6;
    return cells.map((row) => row.map((cell, k) => (cell === undefined ? '' : `${cell.padStart(pad[k]!)} `)).join(''));
  }

  private shown(entry: Entry, all: Entry[]): string {
    if (this.o.has('quote-name')) return `"${entry.name.replace(/[\\"]/g, '\\$&')}"`;
    if (this.c.bb) return entry.name.replace(/[\x00-\x1f\x7f]/g, '?');
    if (!this.style.quoting) return entry.name;
    const quoted = quoteIfNeeded(entry.name);
    // Names that need no quotes are indented when another does.
    return quoted === entry.name && all.some((other) => quoteIfNeeded(other.name) !== other.name)
      ? ` ${quoted}`
      : quoted;
  }
  private painted(entry: Entry, shown: string): string {
    return this.style.color ? colorOf(this.c, entry.path, entry.stat, shown) : shown;
  }
  private mark(entry: Entry): string {
    const mode = entry.stat?.mode ?? 0;
    if (!this.style.classify) return '';
    if (isDirectory(mode)) return '/';
    if (this.style.classify === 'p') return '';
    const type = mode & 0o170000;
    if (type === 0o120000) return this.style.long ? '' : '@';
    if (type === 0o010000) return '|';
    if (type === 0o140000) return '=';
    return type === 0o100000 && mode & 0o111 ? '*' : '';
  }

  private printLong(entries: Entry[]): void {
    const rows = entries.map((entry) => this.row(entry));
    const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row.cells[column]!.length)));
    const prefixes = this.prefixes(entries);
    rows.forEach((row, i) => {
      const [mode, links, user, group, size] = row.cells as [string, string, string, string, string];
      const left = this.c.bb
        ? `${mode} ${links.padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${size.padStart(this.style.human ? 7 : 9)}`
        : [
            mode,
            links.padStart(widths[1]!),
            ...(this.o.has('g') ? [] : [this.style.numeric ? user.padStart(widths[2]!) : user.padEnd(widths[2]!)]),
            ...(this.o.has('o', 'no-group')
              ? []
              : [this.style.numeric ? group.padStart(widths[3]!) : group.padEnd(widths[3]!)]),
            size.padStart(widths[4]!),
          ].join(' ');
      this.c.out(`${prefixes[i]}${left} ${row.time} ${row.name}\n`);
    });
  }

  private row(entry: Entry): { cells: string[]; time: string; name: string } {
    const stat = entry.stat;
    const shown = this.shown(entry, []);
    if (!stat) return { cells: ['??????????', '?', '?', '?', '?'], time: '           ?', name: shown };
    const device = isDevice(stat.mode);
    const [major, minor] = [stat.rdev >> 8, stat.rdev & 255];
    const size = device
      ? this.c.bb
        ? `${String(major).padStart(4)},${String(minor).padStart(4)}`
        : `${major}, ${String(minor).padStart(3)}`
      : this.style.human
        ? this.human(stat.size)
        : String(stat.size);
    const user = this.style.numeric ? String(stat.uid) : this.accounts.user(stat.uid);
    const group = this.style.numeric ? String(stat.gid) : this.accounts.group(stat.gid);
    return {
      cells: [modeText(stat.mode), String(stat.nlink), user, group, size],
      time: this.time(stat),
      name: this.painted(entry, shown) + this.mark(entry) + this.arrow(entry),
    };
  }

  private arrow(entry: Entry): string {
    if (!entry.stat || !isSymlink(entry.stat.mode)) return '';
    try {
      const target = this.c.sys.readlink(entry.path);
      let mark = '';
      if (this.style.classify && !this.c.bb) {
        try {
          const stat = this.c.sys.stat(entry.path);
          mark = this.mark({ name: target, path: entry.path, stat });
        } catch {
          // Broken: no mark.
        }
      }
      return ` -> ${this.style.quoting ? quoteIfNeeded(target) : target}${mark}`;
    } catch {
      return '';
    }
  }

  private time(stat: Stat): string {
    const { sec, nsec } = stat[this.style.time];
    const format = this.style.format;
    if (format === 'full-iso') {
      return strftime(this.c.bb ? '%Y-%m-%d %H:%M:%S %z' : '%Y-%m-%d %H:%M:%S.%N %z', sec, nsec, this.zone);
    }
    if (format === 'long-iso') return strftime('%Y-%m-%d %H:%M', sec, nsec, this.zone);
    if (format?.startsWith('+')) return strftime(format.slice(1), sec, nsec, this.zone);
    const age = this.c.sys.now().sec - sec;
    const recent = age < 15778476 && age >= (this.c.bb ? -900 : 0);
    if (format === 'iso') return strftime(recent ? '%m-%d %H:%M' : '%Y-%m-%d ', sec, nsec, this.zone);
    const year = String(civil(sec, this.zone).year);
    return recent
      ? strftime('%b %e %H:%M', sec, nsec, this.zone)
      : `${strftime('%b %e', sec, nsec, this.zone)}  ${year}`;
  }
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );

async function run(c: Command, format?: 'long' | 'vertical'): Promise<number> {
  const o = c.options({ gnu: gnuOptions, busybox: busyboxOptions });
  const width = o.value('width');
  if (width !== undefined && !/^\d+$/.test(width) && !c.bb) c.fail(`invalid line width: ${quote(width)}`, 2);
  const style = styleOf(c, o);
  if (format === 'long') style.long = true;
  if (format === 'vertical' && style.columns === 'one' && !o.has('1')) style.columns = 'vertical';
  await new Lister(c, o, style).run(o.operands);
  return c.status;
}

export const ls: CommandSpec = {
  name: 'ls',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run: (c) => run(c),
};
export const dir: CommandSpec = { name: 'dir', suite: 'coreutils', usageStatus: 2, run: (c) => run(c, 'vertical') };
export const vdir: CommandSpec = { name: 'vdir', suite: 'coreutils', usageStatus: 2, run: (c) => run(c, 'long') };
