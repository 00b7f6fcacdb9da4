/** Lines of tar -tv and the names it prints. */
import type { TarEntry } from '../../../archive/index.ts';
import type { Command } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { modeText } from '../core/modes.ts';

const typeBits: Record<TarEntry['type'], number> = {
  file: 0o100000,
  link: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
};

const escapes: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\\': '\\\\', '\r': '\\r' };

/** GNU tar's `escape` quoting. */
const quoted = (name: string): string =>
  name.replace(/[\x00-\x1f\\\x7f]/g, (one) => escapes[one] ?? `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);

export class TarListing {
  /** The columns of owner and size widen as they need to, and stay so. */
  private width = 19;

  constructor(
    private readonly c: Command,
    private readonly numericOwner: boolean,
  ) {}

  name(entry: TarEntry): string {
    return this.c.bb ? entry.name : quoted(entry.name);
  }

  long(entry: TarEntry): string {
    return this.c.bb ? this.busyboxLine(entry) : this.gnuLine(entry);
  }

  private gnuLine(entry: TarEntry): string {
    const mode = modeText(typeBits[entry.type] | (entry.mode & 0o7777));
    const shown = entry.type === 'link' ? `h${mode.slice(1)}` : mode;
    const user = (!this.numericOwner && entry.uname) || String(entry.uid);
    const group = (!this.numericOwner && entry.gname) || String(entry.gid);
    const device = entry.type === 'char' || entry.type === 'block';
    const size = device ? `${entry.devmajor},${entry.devminor}` : String(entry.size);
    const used = user.length + 1 + group.length + 1 + size.length;
    this.width = Math.max(this.width, used);
    const time = strftime('%Y-%m-%d %H:%M', entry.mtime.sec, 0, zoneOf(this.c.sys));
    const link = { symlink: ` -> ${quoted(entry.linkname)}`, link: ` link to ${quoted(entry.linkname)}` }[
      entry.type as string
    ];
    return `${shown} ${user}/${group} ${' '.repeat(this.width - used)}${size} ${time} ${quoted(entry.name)}${link ?? ''}`;
  }

  private busyboxLine(entry: TarEntry): string {
    const mode = modeText(typeBits[entry.type] | (entry.mode & 0o7777));
    const owner = `${entry.uname || entry.uid}/${entry.gname || entry.gid}`;
    const time = strftime('%Y-%m-%d %H:%M:%S', entry.mtime.sec, 0, zoneOf(this.c.sys));
    const link = entry.linkname ? ` -> ${entry.linkname}` : '';
    return `${mode} ${owner} ${String(entry.size).padStart(9)} ${time} ${entry.name}${link}`;
  }
}
