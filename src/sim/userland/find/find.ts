import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';
import { quoteShell } from '../core/quote.ts';
import { joinPath, lastPart } from '../files/tree-walk.ts';
import { Parser, type Settings, type Test, type Visit } from './expression.ts';

class Walker {
  private count = 0;
  constructor(
    private readonly c: Command,
    private readonly parser: Parser,
    private readonly test: Test,
    private readonly settings: Settings,
  ) {}

  async start(path: string): Promise<void> {
    const follow = this.settings.follow !== 'never';
    await this.visit(path, path, lastPart(path), 0, follow, undefined);
  }

  private statOf(path: string, follow: boolean): Stat {
    if (!follow) return this.c.sys.lstat(path);
    try {
      return this.c.sys.stat(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      return this.c.sys.lstat(path);
    }
  }

  private fail(path: string, error: unknown): void {
    const reason = this.c.reason(error);
    this.c.error(this.c.bb ? `${path}: ${reason}` : `${quoteShell(path)}: ${reason}`);
  }

  private async visit(
    path: string,
    start: string,
    name: string,
    depth: number,
    follow: boolean,
    device: number | undefined,
  ): Promise<void> {
    const { settings } = this;
    let stat: Stat;
    try {
      stat = this.statOf(path, follow);
    } catch (error) {
      return this.fail(path, error);
    }
    if (settings.sameDevice && device !== undefined && stat.dev !== device) return;
    const visit: Visit = { path, name, depth, stat, start, prune: false };
    if ((++this.count & 31) === 0) await this.c.drain();
    if (!settings.depthFirst) await this.apply(visit);
    if (this.parser.quit) return;
    if (isDirectory(stat.mode) && depth < settings.maxDepth && !(visit.prune && !settings.depthFirst)) {
      await this.children(path, start, depth, stat.dev);
    }
    if (settings.depthFirst && !this.parser.quit) await this.apply(visit);
  }

  private async children(path: string, start: string, depth: number, device: number): Promise<void> {
    let names: string[];
    let fd: number;
    try {
      fd = this.c.sys.openSync(path, { cloexec: true });
      names = this.c.sys.readdir(path).map((entry) => entry.name);
    } catch (error) {
      return this.fail(path, error);
    }
    for (const name of names) {
      await this.visit(joinPath(path, name), start, name, depth + 1, this.settings.follow === 'always', device);
      if (this.parser.quit) break;
    }
    // Open until here: a list of descriptors shows it.
    this.c.sys.close(fd);
  }

  private async apply(visit: Visit): Promise<void> {
    if (visit.depth >= this.settings.minDepth) await this.test(visit);
  }
}

export const find: CommandSpec = {
  name: 'find',
  suite: 'findutils',
  applet: true,
  async run(c) {
    const args = [...c.args];
    let follow: Settings['follow'] = 'never';
    while (/^-(H|L|P|O\d|D)$/.test(args[0] ?? '')) {
      const flag = args.shift();
      follow = flag === '-L' ? 'always' : flag === '-H' ? 'operands' : flag === '-P' ? 'never' : follow;
    }
    const first = args.findIndex((arg) => (arg.startsWith('-') && arg.length > 1) || arg === '(' || arg === '!');
    const paths = first < 0 ? args : args.slice(0, first);
    const parser = new Parser(c, first < 0 ? [] : args.slice(first));
    const test = parser.parse();
    if (parser.settings.follow === 'never') parser.settings.follow = follow;
    const walker = new Walker(c, parser, test, parser.settings);
    for (const path of paths.length ? paths : ['.']) {
      await walker.start(path);
      if (parser.quit) break;
    }
    for (const finisher of parser.finishers) await finisher.finish();
    return c.status;
  },
};
