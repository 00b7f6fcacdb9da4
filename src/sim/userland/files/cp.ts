import { Errno, isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory, isRegular, isSymlink } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { quoteShell } from '../core/quote.ts';
import { backUp } from './backup.ts';
import { confirm, intoDirectory, isDir, joinPath, lastPart } from './tree-walk.ts';

export interface CopyRules {
  recursive: boolean;
  /** Symlinks: never follow, follow on the command line, always follow. */
  links: 'keep' | 'operands' | 'follow';
  preserve: { mode: boolean; owner: boolean; times: boolean; links: boolean };
  force: boolean;
  interactive: boolean;
  noClobber: boolean;
  update: boolean;
  verbose: boolean;
  hardLink: boolean;
  symbolic: boolean;
  oneFileSystem: boolean;
  removeDestination: boolean;
  attributesOnly: boolean;
  backUp(path: string): void;
}

/** Copies trees: `cp`, and `mv` across filesystems. */
export class Copier {
  /** Hard links within what is copied: dev:ino -> the first copy. */
  private readonly seen = new Map<string, string>();
  constructor(
    private readonly c: Command,
    private readonly rules: CopyRules,
  ) {}

  /** False when anything failed (and was reported). */
  async copy(from: string, to: string, operand = true, device?: number): Promise<boolean> {
    const { c, rules } = this;
    const follow = rules.links === 'follow' || (operand && rules.links === 'operands');
    let stat: Stat;
    try {
      stat = follow ? c.sys.stat(from) : c.sys.lstat(from);
    } catch (error) {
      return this.fail(c.bb ? `can't stat '${from}'` : `cannot stat ${quoteShell(from)}`, error);
    }
    if (rules.oneFileSystem && device !== undefined && stat.dev !== device) return true;
    if (isDirectory(stat.mode)) {
      if (rules.recursive) return this.directory(from, to, stat, device ?? stat.dev);
      if (c.bb) c.error(`omitting directory '${from}'`);
      else c.error(`-r not specified; omitting directory ${quoteShell(from)}`);
      return false;
    }
    try {
      return await this.file(from, to, stat);
    } catch (error) {
      return this.fail(this.createMessage(error, from, to), error);
    }
  }

  private createMessage(error: unknown, from: string, to: string): string {
    if (isErrno(error) && error.path === 'open-source') {
      return this.c.bb ? `can't open '${from}'` : `cannot open ${quoteShell(from)} for reading`;
    }
    return this.c.bb ? `can't create '${to}'` : `cannot create regular file ${quoteShell(to)}`;
  }

  private fail(what: string, error: unknown): false {
    this.c.error(`${what}: ${this.c.reason(error)}`);
    return false;
  }

  private existing(to: string): Stat | undefined {
    try {
      return this.c.sys.lstat(to);
    } catch (error) {
      if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
      throw error;
    }
  }

  private async directory(from: string, to: string, stat: Stat, device: number): Promise<boolean> {
    const { c } = this;
    const there = this.existing(to);
    const thereIsDirectory = there && isDir(c, to);
    if (there && !thereIsDirectory) {
      if (c.bb) c.error(`'${to}' exists and is not a directory`.replace(/.*/s, `target '${to}' is not a directory`));
      else c.error(`cannot overwrite non-directory ${quoteShell(to)} with directory ${quoteShell(from)}`);
      return false;
    }
    if (this.isInside(from, to)) {
      if (c.bb) c.error(`recursion detected, omitting directory '${to}'`);
      else c.error(`cannot copy a directory, ${quoteShell(from)}, into itself, ${quoteShell(to)}`);
      return false;
    }
    try {
      if (!there) c.sys.mkdir(to, (stat.mode & 0o7777) | 0o700);
    } catch (error) {
      return this.fail(c.bb ? `can't create directory '${to}'` : `cannot create directory ${quoteShell(to)}`, error);
    }
    if (this.rules.verbose && !there) this.say(from, to);
    let good = true;
    try {
      for (const entry of c.sys.readdir(from)) {
        const next = await this.copy(joinPath(from, entry.name), joinPath(to, entry.name), false, device);
        good = next && good;
      }
    } catch (error) {
      good = this.fail(c.bb ? `can't open '${from}'` : `cannot access ${quoteShell(from)}`, error);
    }
    if (!there) c.sys.chmod(to, stat.mode & 0o7777 & ~(this.rules.preserve.mode ? 0 : c.sys.umask()));
    this.attributes(to, stat);
    await c.drain();
    return good;
  }

  private isInside(from: string, to: string): boolean {
    try {
      const parent = this.c.sys.realpath(to.replace(/\/*[^/]*\/*$/, '') || (to.startsWith('/') ? '/' : '.'));
      const source = this.c.sys.realpath(from);
      return parent === source || parent.startsWith(`${source === '/' ? '' : source}/`);
    } catch {
      return false;
    }
  }

  private async file(from: string, to: string, stat: Stat): Promise<boolean> {
    const { c, rules } = this;
    const there = this.existing(to);
    if (there) {
      const verdict = await this.overwrite(from, to, stat, there);
      if (verdict !== 'go') return verdict === 'skip';
    }
    const key = `${stat.dev}:${stat.ino}`;
    const first = this.seen.get(key);
    if (first !== undefined && rules.preserve.links && stat.nlink > 1) {
      if (this.existing(to)) c.sys.unlink(to);
      c.sys.link(first, to);
      return true;
    }
    if (stat.nlink > 1) this.seen.set(key, to);
    if (rules.hardLink) c.sys.link(from, to);
    else if (rules.symbolic) c.sys.symlink(from, to);
    else if (isSymlink(stat.mode)) this.symlink(from, to, stat);
    else if (isRegular(stat.mode) || !rules.recursive) await this.data(from, to, stat, there);
    else c.sys.mknod(to, stat.mode, stat.rdev);
    if (rules.verbose) this.say(from, to);
    if (!isSymlink(stat.mode) && !rules.hardLink && !rules.symbolic) this.attributes(to, stat);
    return true;
  }

  private say(from: string, to: string): void {
    this.c.out(`${this.c.bb ? `'${from}'` : quoteShell(from)} -> ${this.c.bb ? `'${to}'` : quoteShell(to)}\n`);
  }

  private async overwrite(from: string, to: string, stat: Stat, there: Stat): Promise<'go' | 'skip' | 'failed'> {
    const { c, rules } = this;
    const target = isSymlink(there.mode) && !isSymlink(stat.mode) ? this.followed(to) : there;
    if (target && isDirectory(target.mode)) {
      c.error(
        c.bb
          ? `can't create '${to}': Is a directory`.replace(/^.*$/, `'${to}' is a directory`)
          : `cannot overwrite directory ${quoteShell(to)} with non-directory`,
      );
      return 'failed';
    }
    if (
      target &&
      target.dev === stat.dev &&
      target.ino === stat.ino &&
      !rules.hardLink &&
      !(rules.removeDestination && isSymlink(there.mode))
    ) {
      c.error(
        c.bb
          ? `'${from}' and '${to}' are the same file`
          : `${quoteShell(from)} and ${quoteShell(to)} are the same file`,
      );
      return 'failed';
    }
    if (rules.noClobber) return 'skip';
    if (
      rules.update &&
      (there.mtime.sec > stat.mtime.sec || (there.mtime.sec === stat.mtime.sec && there.mtime.nsec >= stat.mtime.nsec))
    )
      return 'skip';
    if (rules.interactive) {
      const question = `${c.name}: overwrite ${c.bb ? `'${to}'` : quoteShell(to)}? `;
      if (!(await confirm(c, question))) return 'skip';
    }
    rules.backUp(to);
    if (!this.existing(to)) return 'go';
    if (rules.removeDestination || isSymlink(stat.mode) || rules.hardLink || rules.symbolic) c.sys.unlink(to);
    return 'go';
  }

  private followed(path: string): Stat | undefined {
    try {
      return this.c.sys.stat(path);
    } catch {
      return undefined;
    }
  }

  private symlink(from: string, to: string, stat: Stat): void {
    this.c.sys.symlink(this.c.sys.readlink(from), to);
    if (this.rules.preserve.owner) quietly(() => this.c.sys.lchown(to, stat.uid, stat.gid));
    if (this.rules.preserve.times) quietly(() => this.c.sys.utimens(to, stat.atime, stat.mtime, false));
  }

  private async data(from: string, to: string, stat: Stat, there: Stat | undefined): Promise<void> {
    const { sys } = this.c;
    let input: number;
    try {
      input = await sys.open(from);
    } catch (error) {
      throw isErrno(error) ? new Errno(error.code, 'open-source') : error;
    }
    try {
      const output = await this.create(to, stat, there);
      try {
        if (!this.rules.attributesOnly && !sys.sendContent(input, output)) await this.stream(input, output);
      } finally {
        sys.close(output);
      }
    } finally {
      sys.close(input);
    }
  }

  private async create(to: string, stat: Stat, there: Stat | undefined): Promise<number> {
    const flags = { access: 'write', create: true, truncate: true } as const;
    try {
      return await this.c.sys.open(to, flags, stat.mode & 0o777);
    } catch (error) {
      if (!there || !this.rules.force || !isErrno(error)) throw error;
      this.c.sys.unlink(to);
      return this.c.sys.open(to, flags, stat.mode & 0o777);
    }
  }

  private async stream(input: number, output: number): Promise<void> {
    for (;;) {
      const bytes = await this.c.sys.read(input, 1 << 17);
      if (bytes.length === 0) return;
      await this.c.sys.write(output, bytes);
    }
  }

  private attributes(to: string, stat: Stat): void {
    const { sys } = this.c;
    const { preserve } = this.rules;
    if (preserve.owner) quietly(() => sys.chown(to, stat.uid, stat.gid));
    if (preserve.mode) quietly(() => sys.chmod(to, stat.mode & 0o7777));
    if (preserve.times) quietly(() => sys.utimens(to, stat.atime, stat.mtime));
  }
}

const quietly = (action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
};

function rulesOf(c: Command, o: Options): CopyRules {
  const archive = o.has('archive');
  const kept = o
    .values('preserve')
    .flatMap((text) => (text === '' ? ['mode', 'ownership', 'timestamps'] : text.split(',')));
  const keeps = (what: string) => archive || kept.includes(what) || kept.includes('all');
  const recursive = o.has('recursive', 'R') || archive;
  const links = c.bb && o.has('L', 'H') ? (o.has('L') ? 'L' : 'H') : o.last('P', 'L', 'H', 'archive', 'd');
  const basic = o.has('p');
  return {
    recursive,
    links: links === 'L' ? 'follow' : links === 'H' ? 'operands' : links || recursive ? 'keep' : 'follow',
    preserve: {
      mode: basic || keeps('mode'),
      owner: basic || keeps('ownership'),
      times: basic || keeps('timestamps'),
      links: keeps('links') || o.has('d'),
    },
    force: o.has('force'),
    interactive: o.last('interactive', 'no-clobber') === 'interactive',
    noClobber: o.last('interactive', 'no-clobber') === 'no-clobber',
    update: o.has('update'),
    verbose: o.has('verbose'),
    hardLink: o.has('link'),
    symbolic: o.has('symbolic-link'),
    oneFileSystem: o.has('one-file-system'),
    removeDestination: o.has('remove-destination'),
    attributesOnly: o.has('attributes-only'),
    backUp: (path) => backUp(c, o, path),
  };
}

/** The operands of cp, mv and install: sources and where they go. */
export function targets(c: Command, o: Options): { sources: string[]; destination: string; inDirectory: boolean } {
  const given = o.value('target-directory');
  const operands = [...o.operands];
  if (operands.length === 0) c.usage(c.bb ? undefined : 'missing file operand');
  if (given !== undefined) {
    if (!isDir(c, given))
      c.fail(
        c.bb
          ? `target '${given}' is not a directory`
          : `target directory ${quoteShell(given)}: No such file or directory`,
      );
    return { sources: operands, destination: given, inDirectory: true };
  }
  if (operands.length === 1)
    c.usage(c.bb ? undefined : `missing destination file operand after ${quoteShell(operands[0]!)}`);
  const destination = operands.pop()!;
  if (o.has('no-target-directory')) {
    if (operands.length > 1) c.usage(`extra operand ${quoteShell(operands[1]!)}`);
    return { sources: operands, destination, inDirectory: false };
  }
  const inDirectory = isDir(c, destination);
  if (operands.length > 1 && !inDirectory) {
    // BusyBox goes on and fails at each file.
    if (c.bb && existsAt(c, destination)) {
      for (const source of operands) c.error(`can't stat '${destination}/${lastPart(source)}': Not a directory`);
      c.exit(1);
    }
    if (c.bb) return { sources: operands, destination, inDirectory: true };
    c.fail(
      `target ${quoteShell(destination)}${existsAt(c, destination) ? ' is not a directory' : ': No such file or directory'}`.replace(
        /'([^']*)' is not a directory$/,
        "'$1': Not a directory",
      ),
    );
  }
  return { sources: operands, destination, inDirectory };
}

const existsAt = (c: Command, path: string): boolean => {
  try {
    c.sys.lstat(path);
    return true;
  } catch {
    return false;
  }
};

export const cp: CommandSpec = {
  name: 'cp',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,archive attributes-only backup=? b copy-contents d f,force i,interactive H l,link L n,no-clobber P p preserve=? no-preserve= parents R r,recursive reflink=? remove-destination sparse= strip-trailing-slashes s,symbolic-link S,suffix= t,target-directory= T,no-target-directory u,update v,verbose x,one-file-system Z',
      busybox:
        'a/archive R r/recursive d P L H p f/force i/interactive n/no-clobber l/link s/symbolic-link T/no-target-directory t/target-directory: u/update v/verbose x/one-file-system remove-destination parents',
    });
    const { sources, destination, inDirectory } = targets(c, o);
    if (o.has('parents') && !inDirectory) {
      if (c.bb) c.fail('with --parents, the destination must be a directory');
      c.usage('with --parents, the destination must be a directory');
    }
    const copier = new Copier(c, rulesOf(c, o));
    for (const source of sources) {
      const clean = source.replace(/(.)\/+$/, '$1');
      // What is not there yet has no directory to look into.
      let to = !inDirectory
        ? destination
        : isDir(c, destination)
          ? intoDirectory(c, destination, clean)
          : joinPath(destination, lastPart(clean));
      if (inDirectory && /(^|\/)\.{1,2}$/.test(clean)) to = joinPath(destination, clean.endsWith('..') ? '' : '.');
      if (o.has('parents') && inDirectory) {
        to = joinPath(destination, clean.replace(/^\/+/, ''));
        makeParents(c, destination, clean);
      }
      await copier.copy(source, to);
    }
    return c.status;
  },
};

function makeParents(c: Command, destination: string, source: string): void {
  const parts = source.replace(/^\/+/, '').split('/').slice(0, -1);
  let path = destination;
  for (const part of parts) {
    path = joinPath(path, part);
    if (!isDir(c, path)) c.sys.mkdir(path, 0o777);
  }
}
