import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';
import { busyboxSize, humanSize, parseSize } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { joinPath } from './tree-walk.ts';

interface Rules {
  all: boolean;
  summary: boolean;
  depth: number;
  apparent: boolean;
  separate: boolean;
  oneDevice: boolean;
  inodes: boolean;
  follow: boolean;
  countLinks: boolean;
  exclude: RegExp[];
  show(bytes: number): string;
}

function shower(c: Command, o: Options): (bytes: number) => string {
  if (o.has('inodes')) return String;
  const unit = o.last('human-readable', 'si', 'k', 'm', 'bytes', 'block-size');
  if (unit === 'human-readable') return (n) => (c.bb ? busyboxSize(n) : humanSize(n));
  if (unit === 'si') return (n) => humanSize(n, 1000);
  const size =
    unit === 'bytes'
      ? 1
      : unit === 'm'
        ? 1 << 20
        : unit === 'block-size'
          ? parseSize(o.value('block-size')!.replace(/^(?=[A-Z])/, '1'))
          : 1024;
  if (!size) return c.fail(`invalid --block-size argument ${quote(o.value('block-size')!)}`);
  return (n) => String(Math.ceil(n / size));
}

function rulesOf(c: Command, o: Options): Rules {
  const depth = o.value('max-depth');
  if (depth !== undefined && !/^\d+$/.test(depth)) {
    if (c.bb) c.fail(`invalid number '${depth}'`);
    c.usage(`invalid maximum depth ${quote(depth)}`);
  }
  if (o.has('summarize') && o.has('all')) c.usage(c.bb ? undefined : 'cannot both summarize and show all entries');
  return {
    all: o.has('all'),
    summary: o.has('summarize'),
    depth: o.has('summarize') ? 0 : Number(depth ?? Infinity),
    apparent: o.has('apparent-size', 'bytes'),
    separate: o.has('separate-dirs'),
    oneDevice: o.has('one-file-system'),
    inodes: o.has('inodes'),
    follow: o.has('dereference'),
    countLinks: o.has('count-links'),
    exclude: o.values('exclude').map(
      (glob) =>
        new RegExp(
          `(^|/)${glob
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replace(/\*/g, '.*')
            .replace(/\?/g, '.')}$`,
        ),
    ),
    show: shower(c, o),
  };
}

class Walk {
  private readonly seen = new Set<string>();
  constructor(
    private readonly c: Command,
    private readonly rules: Rules,
    private readonly end: string,
  ) {}

  print(bytes: number, path: string): void {
    this.c.out(`${this.rules.show(bytes)}\t${path}${this.end}`);
  }

  /** Size of the tree at `path`; prints what is to be printed below and at it. */
  async add(path: string, level: number, device: number | undefined): Promise<number> {
    const { c, rules } = this;
    if (rules.exclude.some((pattern) => pattern.test(path))) return 0;
    let stat: ReturnType<Command['sys']['stat']>;
    try {
      stat = rules.follow || (level === 0 && path.endsWith('/')) ? c.sys.stat(path) : c.sys.lstat(path);
    } catch (error) {
      c.error(c.bb ? `${path}: ${c.reason(error)}` : `cannot access ${quoteShell(path)}: ${c.reason(error)}`);
      return 0;
    }
    if (rules.oneDevice && device !== undefined && stat.dev !== device) return 0;
    const directory = isDirectory(stat.mode);
    const key = `${stat.dev}:${stat.ino}`;
    if (!rules.countLinks && (stat.nlink > 1 || directory)) {
      if (this.seen.has(key)) return 0;
      this.seen.add(key);
    }
    let total = rules.inodes ? 1 : rules.apparent ? stat.size : stat.blocks * 512;
    if (directory) total += await this.children(path, level, stat.dev);
    if (level <= rules.depth && (directory || rules.all || level === 0)) this.print(total, path);
    await c.drain();
    return total;
  }

  private async children(path: string, level: number, device: number): Promise<number> {
    const { c, rules } = this;
    let total = 0;
    try {
      for (const entry of c.sys.readdir(path)) {
        const size = await this.add(joinPath(path, entry.name), level + 1, device);
        const skip = rules.separate && isDirectory(c.sys.lstat(joinPath(path, entry.name)).mode);
        if (!skip) total += size;
      }
    } catch (error) {
      c.error(
        c.bb
          ? `can't open '${path}': ${c.reason(error)}`
          : `cannot read directory ${quoteShell(path)}: ${c.reason(error)}`,
      );
    }
    return total;
  }
}

export const du: CommandSpec = {
  name: 'du',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: '0,null a,all apparent-size B,block-size= b,bytes c,total D,dereference-args H d,max-depth= h,human-readable si k m L,dereference l,count-links P,no-dereference S,separate-dirs s,summarize x,one-file-system inodes exclude= t,threshold= time=? time-style= files0-from= X,exclude-from=',
      busybox:
        'a/all b/bytes c/total H d/max-depth: h/human-readable k m L/dereference l/count-links s/summarize x/one-file-system',
    });
    if (o.has('time', 'threshold', 'files0-from', 'exclude-from'))
      c.fail('drydock: this option of du is not simulated');
    const walk = new Walk(c, rulesOf(c, o), o.has('null') ? '\0' : '\n');
    let total = 0;
    for (const path of o.operands.length ? o.operands : ['.']) total += await walk.add(path, 0, undefined);
    if (o.has('total')) walk.print(total, 'total');
    return c.status;
  },
};
