import { Accounts } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { isUtf8 } from '../core/locale.ts';
import { isDirectory, isSymlink, modeText } from '../core/modes.ts';
import { humanSize } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { joinPath } from './tree-walk.ts';

interface Count {
  directories: number;
  files: number;
}

const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^(?:${glob
      .replace(/[.+^${}()\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')})$`,
  );

interface Branches {
  entry: string;
  last: string;
  deeper: string;
}

const ascii: Branches = { entry: '|-- ', last: '`-- ', deeper: '|   ' };
const lines: Branches = { entry: '\u251c\u2500\u2500 ', last: '\u2514\u2500\u2500 ', deeper: '\u2502\u00a0\u00a0 ' };

function branchesOf(c: Command, o: Options): Branches {
  if (c.bb) return { ...lines, deeper: '\u2502   ' };
  return (o.has('charset') ? /utf-?8/i.test(o.value('charset')!) : isUtf8(c.sys)) ? lines : ascii;
}

class TreePrinter {
  readonly count: Count = { directories: 0, files: 0 };
  private readonly accounts: Accounts;
  private readonly depth: number;
  private readonly branches: Branches;
  private readonly wanted: RegExp | undefined;
  private readonly unwanted: RegExp | undefined;

  constructor(
    private readonly c: Command,
    private readonly o: Options,
  ) {
    this.accounts = new Accounts(c.sys);
    this.branches = branchesOf(c, o);
    this.depth = Number(o.value('L') ?? Infinity);
    this.wanted = o.has('P') ? globPattern(o.value('P')!) : undefined;
    this.unwanted = o.has('I') ? globPattern(o.value('I')!) : undefined;
  }

  private details(path: string): string {
    const { c, o } = this;
    const stat = c.sys.lstat(path);
    const parts: string[] = [];
    if (o.has('p')) parts.push(modeText(stat.mode));
    if (o.has('u')) parts.push(this.accounts.user(stat.uid).padEnd(8));
    if (o.has('g')) parts.push(this.accounts.group(stat.gid).padEnd(8));
    if (o.has('h')) parts.push(humanSize(stat.size).padStart(4));
    else if (o.has('s')) parts.push(String(stat.size).padStart(11));
    if (o.has('D')) parts.push(strftime('%b %e %H:%M', stat.mtime.sec, 0, zoneOf(c.sys)));
    return parts.length ? `[${parts.join(' ')}]  ` : '';
  }

  private name(path: string, shown: string): string {
    const stat = this.c.sys.lstat(path);
    const { o } = this;
    const mark = !o.has('F')
      ? ''
      : isDirectory(stat.mode)
        ? '/'
        : isSymlink(stat.mode)
          ? ''
          : stat.mode & 0o111
            ? '*'
            : '';
    return `${o.has('Q') ? `"${shown}"` : shown}${mark}${isSymlink(stat.mode) ? ` -> ${this.c.sys.readlink(path)}` : ''}`;
  }

  private entries(path: string): { name: string; directory: boolean }[] {
    const { c, o } = this;
    const list = c.sys
      .readdir(path)
      .filter(({ name }) => o.has('a') || name[0] !== '.')
      .map(({ name }) => ({ name, directory: isDirectory(c.sys.lstat(joinPath(path, name)).mode) }))
      .filter(
        ({ name, directory }) =>
          (directory || !o.has('d')) &&
          (directory || !this.wanted || this.wanted.test(name)) &&
          !this.unwanted?.test(name),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (o.has('r')) list.reverse();
    if (o.has('dirsfirst')) list.sort((a, b) => Number(b.directory) - Number(a.directory));
    return list;
  }

  async walk(path: string, prefix: string, level: number): Promise<void> {
    const { c, o } = this;
    if (level > this.depth) return;
    let list: { name: string; directory: boolean }[];
    try {
      list = this.entries(path);
    } catch (error) {
      c.out(` [error opening dir]\n`);
      c.reason(error);
      return;
    }
    for (const [i, { name, directory }] of list.entries()) {
      const last = i === list.length - 1;
      const full = joinPath(path, name);
      if (directory) this.count.directories++;
      else this.count.files++;
      const branch = o.has('i') ? '' : `${prefix}${last ? this.branches.last : this.branches.entry}`;
      c.out(`${branch}${this.details(full)}${this.name(full, o.has('f') ? full : name)}\n`);
      if (directory) await this.walk(full, `${prefix}${last ? '    ' : this.branches.deeper}`, level + 1);
      await c.drain();
    }
  }

  root(path: string): boolean {
    try {
      const found = this.c.sys.stat(path);
      this.c.out(`${this.details(path)}${this.name(path, path)}\n`);
      return isDirectory(found.mode);
    } catch {
      this.c.out(`${path}${this.c.bb ? '' : ' '} [error opening dir]\n`);
      if (!this.c.bb) this.c.status = 2;
      return false;
    }
  }
}

export const tree: CommandSpec = {
  name: 'tree',
  suite: 'tree',
  applet: true,
  async run(c) {
    if (c.bb) c.args.unshift('--');
    const o = c.options({ gnu: 'a d f i s h p u g D F Q r L= P= I= n C N q noreport dirsfirst charset=' });
    if (o.has('L') && !/^[1-9]\d*$/.test(o.value('L')!)) c.fail('Invalid level, must be greater than 0.');
    const printer = new TreePrinter(c, o);
    for (const path of o.operands.length ? o.operands : ['.']) {
      if (printer.root(path)) {
        if (!c.bb) printer.count.directories++;
        await printer.walk(path, '', 1);
      }
    }
    const { directories, files } = printer.count;
    const words = [`${directories} director${directories === 1 && !c.bb ? 'y' : 'ies'}`];
    if (!o.has('d')) words.push(`${files} file${files === 1 && !c.bb ? '' : 's'}`);
    if (!o.has('noreport')) c.out(`\n${words.join(', ')}\n`);
    return c.status;
  },
};
