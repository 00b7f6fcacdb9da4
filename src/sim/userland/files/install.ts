import { isErrno } from '../../../spec/index.ts';
import { findGroup, findUser } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseMode } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { backUp } from './backup.ts';
import { isDir, joinPath, lastPart } from './tree-walk.ts';

interface Wish {
  o: Options;
  mode: number;
  uid: number;
  gid: number;
}

function makeDirectories(c: Command, path: string, mode: number | undefined, verbose: boolean): void {
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const prefix = parts.slice(0, i).join('/');
    if (prefix === '' || parts[i - 1] === '' || isDir(c, prefix)) continue;
    try {
      c.sys.mkdir(prefix, 0o755);
      if (verbose) c.out(`install: creating directory ${quoteShell(prefix)}\n`);
    } catch (error) {
      c.fail(
        c.bb
          ? `can't create directory '${prefix}': ${c.reason(error)}`
          : `cannot create directory ${quote(prefix)}: ${c.reason(error)}`,
      );
    }
  }
  if (mode !== undefined) c.sys.chmod(path, mode);
}

function idOf(c: Command, text: string | undefined, kind: 'user' | 'group'): number {
  if (text === undefined) return -1;
  const id = kind === 'user' ? findUser(c.sys, text)?.uid : findGroup(c.sys, text)?.gid;
  if (id !== undefined) return id;
  if (/^\d+$/.test(text)) return Number(text);
  return c.fail(c.bb ? `unknown ${kind} ${text}` : `invalid ${kind} ${quote(text)}`);
}

async function copyFile(c: Command, source: string, target: string, wish: Wish): Promise<void> {
  const { o } = wish;
  try {
    const from = await c.sys.open(source);
    const stat = c.sys.fstat(from);
    if (isDir(c, source)) {
      c.sys.close(from);
      return c.error(c.bb ? `${source}: Is a directory` : `omitting directory ${quoteShell(source)}`);
    }
    if (!c.bb) backUp(c, o, target);
    try {
      c.sys.unlink(target);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    const to = await c.sys.open(target, { access: 'write', create: true, exclusive: true }, 0o600);
    const content = c.sys.fileContent(from);
    if (content) c.sys.setFileContent(to, content);
    else
      for (let bytes = await c.sys.read(from); bytes.length; bytes = await c.sys.read(from))
        await c.sys.write(to, bytes);
    c.sys.close(from);
    c.sys.close(to);
    if (wish.uid >= 0 || wish.gid >= 0) c.sys.chown(target, wish.uid, wish.gid);
    c.sys.chmod(target, wish.mode);
    if (o.has('preserve-timestamps')) c.sys.utimens(target, stat.atime, stat.mtime);
    if (o.has('verbose')) c.out(`${quoteShell(source)} -> ${quoteShell(target)}\n`);
  } catch (error) {
    const path = isErrno(error) ? (error.path ?? source) : source;
    const what =
      path === source ? `cannot stat ${quoteShell(source)}` : `cannot create regular file ${quoteShell(target)}`;
    c.error(
      c.bb
        ? `can't ${path === source ? 'stat' : 'create'} '${path === source ? source : target}': ${c.reason(error)}`
        : `${what}: ${c.reason(error)}`,
    );
  }
}

export const install: CommandSpec = {
  name: 'install',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'b backup=? c C,compare d,directory D g,group= m,mode= o,owner= p,preserve-timestamps s,strip strip-program= S,suffix= t,target-directory= T,no-target-directory v,verbose Z',
      busybox:
        'c d/directory D m/mode: o/owner: g/group: p/preserve-timestamps s/strip t/target-directory: v/verbose b C',
    });
    const text = o.value('mode') ?? '755';
    const change = parseMode(text);
    if (!change) c.fail(c.bb ? `invalid mode '${text}'` : `invalid mode ${quote(text)}`);
    const mode = change!(0, o.has('directory'), c.sys.umask());
    const wish: Wish = { o, mode, uid: idOf(c, o.value('owner'), 'user'), gid: idOf(c, o.value('group'), 'group') };
    const operands = [...o.operands];
    if (operands.length === 0) c.usage(c.bb ? undefined : 'missing file operand');
    if (o.has('directory')) {
      for (const path of operands) {
        makeDirectories(c, path, mode, o.has('verbose'));
        if (wish.uid >= 0 || wish.gid >= 0) c.sys.chown(path, wish.uid, wish.gid);
      }
      return c.status;
    }
    const into = o.value('target-directory');
    const target = into ?? operands.pop()!;
    if (operands.length === 0) c.usage(c.bb ? undefined : `missing destination file operand after ${quote(target)}`);
    const directory = into !== undefined || (!o.has('no-target-directory') && isDir(c, target));
    if (!directory && operands.length > 1)
      c.fail(c.bb ? `${target}: Not a directory` : `target ${quoteShell(target)}: Not a directory`);
    if (o.has('D'))
      makeDirectories(c, into ?? target.slice(0, Math.max(0, target.lastIndexOf('/'))), undefined, o.has('verbose'));
    for (const source of operands)
      await copyFile(c, source, directory ? joinPath(target, lastPart(source)) : target, wish);
    return c.status;
  },
};
