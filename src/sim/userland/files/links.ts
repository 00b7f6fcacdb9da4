/** ln, link, unlink, readlink, realpath, basename, dirname, pwd. */
import { isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory, isSymlink } from '../core/modes.ts';
import { quote, quoteInMessage, quoteShell } from '../core/quote.ts';
import { backUp } from './backup.ts';
import { confirm, isDir, joinPath, lastPart } from './tree-walk.ts';

export const ln: CommandSpec = {
  name: 'ln',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'backup=? b d,directory F f,force i,interactive L,logical n,no-dereference P,physical r,relative s,symbolic S,suffix= t,target-directory= T,no-target-directory v,verbose',
      busybox: 's/symbolic f/force n/no-dereference b S: T/no-target-directory v/verbose',
    });
    const operands = [...o.operands];
    if (operands.length === 0) c.usage(c.bb ? undefined : 'missing file operand');
    const symbolic = o.has('symbolic');
    const given = o.value('target-directory');
    const target = given ?? (operands.length > 1 ? operands.pop()! : '.');
    const linkToDirectory = o.has('no-dereference') && isLink(c, target);
    const into = given !== undefined || (!o.has('no-target-directory') && isDir(c, target) && !linkToDirectory);
    if (operands.length > 1 && !into)
      c.fail(
        c.bb
          ? `${target}: Not a directory`
          : `target ${quoteShell(target)}: ${exists(c, target) ? 'Not a directory' : 'No such file or directory'}`,
      );
    for (const source of operands) {
      const path = into ? joinPath(target, lastPart(source)) : target;
      const old = o.has('force') || o.has('interactive') ? path : undefined;
      if (old !== undefined && exists(c, path)) {
        if (o.has('interactive') && !(await confirm(c, `${c.name}: replace ${quoteShell(path)}? `))) continue;
        if (!isDirectory(c.sys.lstat(path).mode)) c.sys.unlink(path);
      } else backUp(c, o, path);
      try {
        if (symbolic) c.sys.symlink(o.has('relative') ? relativeTo(c, source, path) : source, path);
        else hard(c, source, path);
        if (o.has('verbose'))
          c.out(
            c.bb
              ? `'${path}' -> '${source}'\n`
              : `${quoteShell(path)} ${symbolic ? '->' : '=>'} ${quoteShell(source)}\n`,
          );
      } catch (error) {
        report(c, error, source, path, symbolic);
      }
    }
    return c.status;
  },
};

function hard(c: Command, source: string, path: string): void {
  if (isDir(c, source) && !isLink(c, source)) {
    c.error(
      c.bb ? `${path}: Operation not permitted` : `${quoteInMessage(source)}: hard link not allowed for directory`,
    );
    return;
  }
  c.sys.link(source, path);
}

function report(c: Command, error: unknown, source: string, path: string, symbolic: boolean): void {
  const reason = c.reason(error);
  if (c.bb) {
    c.error(`${!symbolic && isErrno(error, 'ENOENT') ? source : path}: ${reason}`);
    return;
  }
  if (!symbolic && isErrno(error, 'ENOENT') && !exists(c, source)) {
    c.error(`failed to access ${quoteShell(source)}: ${reason}`);
    return;
  }
  const kind = symbolic ? 'symbolic' : 'hard';
  const arrow =
    symbolic || isErrno(error, 'EEXIST') ? quoteShell(path) : `${quoteShell(path)} => ${quoteShell(source)}`;
  c.error(`failed to create ${kind} link ${arrow}: ${reason}`);
}

const exists = (c: Command, path: string): boolean => {
  try {
    c.sys.lstat(path);
    return true;
  } catch {
    return false;
  }
};
const isLink = (c: Command, path: string): boolean => {
  try {
    return isSymlink(c.sys.lstat(path).mode);
  } catch {
    return false;
  }
};

const relativeTo = (c: Command, source: string, path: string): string => {
  const from = canonical(c, path.includes('/') ? path.replace(/\/[^/]*$/, '') || '/' : '.', 'all') ?? '/';
  return relativePath(from, canonical(c, source, 'none') ?? source);
};

function relativePath(from: string, to: string): string {
  const a = from.split('/').filter(Boolean);
  const b = to.split('/').filter(Boolean);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

/**
 * Absolute path without symlinks. Missing components are allowed: none (`exist`), the last one (`last`), any (`all`,
 * `none` alike). Undefined when one is missing that must not be; `failure` then has the error.
 */
export function canonical(c: Command, path: string, missing: 'exist' | 'last' | 'all' | 'none'): string | undefined {
  if (path === '') return undefined;
  const todo = path.split('/').filter(Boolean);
  let done = path.startsWith('/') ? '' : c.sys.getcwd().replace(/^\/$/, '');
  for (let hops = 0; todo.length > 0; ) {
    const part = todo.shift()!;
    if (part === '.') continue;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const next = `${done}/${part}`;
    try {
      const stat = c.sys.lstat(next);
      if (isSymlink(stat.mode)) {
        if (++hops > 40) return undefined;
        const target = c.sys.readlink(next);
        todo.unshift(...target.split('/').filter(Boolean));
        if (target.startsWith('/')) done = '';
        continue;
      }
      if (todo.length > 0 && !isDirectory(stat.mode) && missing !== 'all' && missing !== 'none') return undefined;
    } catch {
      if (missing === 'exist' || (missing === 'last' && todo.some((rest) => rest !== '.'))) return undefined;
    }
    done = next;
  }
  return done || '/';
}

const failureReason = (c: Command, path: string): string => {
  try {
    c.sys.stat(path);
    return 'Not a directory';
  } catch (error) {
    return c.reason(error);
  }
};

/** The absolute path as written, dots taken out and symlinks left in. */
function lexical(c: Command, path: string): string {
  const out: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${c.sys.getcwd()}/${path}`).split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return `/${out.join('/')}`;
}

/** BusyBox's realpath knows no options: every argument is a path. */
function plainPaths(c: Command): number {
  if (c.args.length === 0) c.usage();
  for (const path of c.args) {
    const found = canonical(c, path, 'last');
    if (found === undefined || (path.startsWith('-') && !exists(c, path)))
      c.error(`${path}: ${found === undefined ? failureReason(c, path) : 'No such file or directory'}`);
    else c.out(`${found}\n`);
  }
  return c.status;
}

export const realpath: CommandSpec = {
  name: 'realpath',
  suite: 'coreutils',
  applet: true,
  run(c) {
    if (c.bb) return plainPaths(c);
    const o = c.options({
      gnu: 'e,canonicalize-existing m,canonicalize-missing L,logical P,physical q,quiet relative-to= relative-base= s,strip no-symlinks z,zero',
      busybox: '',
    });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const missing = o.has('canonicalize-existing') ? 'exist' : o.has('canonicalize-missing') ? 'all' : 'last';
    for (const path of o.operands) {
      const found = o.has('strip', 'no-symlinks') ? lexical(c, path) : canonical(c, path, missing);
      if (found === undefined) {
        if (!o.has('quiet')) c.error(`${c.bb ? path : quoteInMessage(path) || "''"}: ${failureReason(c, path)}`);
        c.status = 1;
        continue;
      }
      const root = o.value('relative-base');
      const below = root !== undefined && `${found}/`.startsWith(`${canonical(c, root, 'all')}/`);
      const base = o.value('relative-to') ?? (below ? root : undefined);
      const shown = base === undefined ? found : relativePath(canonical(c, base, 'all') ?? base, found);
      c.out(shown + (o.has('zero') ? '\0' : '\n'));
    }
    return c.status;
  },
};

export const readlink: CommandSpec = {
  name: 'readlink',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'f,canonicalize e,canonicalize-existing m,canonicalize-missing n,no-newline q,quiet s,silent v,verbose z,zero',
      busybox: 'f/canonicalize n/no-newline v/verbose q s',
    });
    if (o.operands.length === 0 || (c.bb && o.operands.length > 1)) c.usage(c.bb ? undefined : 'missing operand');
    const mode = o.last('canonicalize', 'canonicalize-existing', 'canonicalize-missing');
    const end = o.has('zero') ? '\0' : o.has('no-newline') && o.operands.length === 1 ? '' : '\n';
    for (const path of o.operands) {
      let found: string | undefined;
      let reason = 'No such file or directory';
      try {
        if (mode)
          found = canonical(
            c,
            path,
            mode === 'canonicalize' ? 'last' : mode === 'canonicalize-existing' ? 'exist' : 'all',
          );
        else found = c.sys.readlink(path);
      } catch (error) {
        reason = c.reason(error);
      }
      if (found !== undefined) c.out(found + end);
      else {
        c.status = 1;
        if (o.has('verbose'))
          c.error(c.bb && !mode ? `${path}: cannot read link: not a symlink` : `${path}: ${reason}`);
      }
    }
    return c.status;
  },
};

export const basename: CommandSpec = {
  name: 'basename',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'a,multiple s,suffix= z,zero', busybox: 'a/multiple s/suffix:', stopAtOperand: true });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const many = o.has('multiple', 'suffix');
    if (!many && o.operands.length > 2) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[2]!)}`);
    const suffix = o.value('suffix') ?? (many ? '' : (o.operands[1] ?? ''));
    for (const path of many ? o.operands : o.operands.slice(0, 1)) {
      let name = path === '' ? '' : lastPart(path);
      if (suffix && name.endsWith(suffix) && name !== suffix) name = name.slice(0, -suffix.length);
      c.out(name + (o.has('zero') ? '\0' : '\n'));
    }
    return 0;
  },
};

export const dirname: CommandSpec = {
  name: 'dirname',
  suite: 'coreutils',
  applet: true,
  run(c) {
    if (c.bb && c.args.length !== 1) c.usage();
    const o = c.options({ gnu: 'z,zero', busybox: '' });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    for (const path of o.operands) {
      const trimmed = path.replace(/\/+$/, '');
      const at = trimmed.lastIndexOf('/');
      const parent =
        at < 0 ? (trimmed === '' && path !== '' ? '/' : '.') : trimmed.slice(0, at).replace(/\/+$/, '') || '/';
      c.out(parent + (o.has('zero') ? '\0' : '\n'));
    }
    return 0;
  },
};

export const pwd: CommandSpec = {
  name: 'pwd',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'L,logical P,physical', busybox: 'L/logical P/physical' });
    if (o.operands.length && !c.bb) c.error('ignoring non-option arguments', 0);
    const logical = c.sys.env.PWD;
    c.out(`${o.last('logical', 'physical') === 'logical' && logical?.startsWith('/') ? logical : c.sys.getcwd()}\n`);
    return 0;
  },
};

export const link: CommandSpec = {
  name: 'link',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    const [from, to, extra] = o.operands;
    if (from === undefined) c.usage(c.bb ? undefined : 'missing operand');
    if (to === undefined) c.usage(c.bb ? undefined : `missing operand after ${quote(from!)}`);
    if (extra !== undefined) c.usage(c.bb ? undefined : `extra operand ${quote(extra)}`);
    try {
      c.sys.link(from!, to!);
    } catch (error) {
      c.error(
        `cannot create ${c.bb ? `hardlink '${to}' to '${from}'` : `link ${quoteShell(to!)} to ${quoteShell(from!)}`}: ${c.reason(error)}`.replace(
          'cannot create hardlink',
          "can't create hardlink",
        ),
      );
    }
    return c.status;
  },
};

export const unlink: CommandSpec = {
  name: 'unlink',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    if (o.operands.length > 1) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[1]!)}`);
    try {
      c.sys.unlink(o.operands[0]!);
    } catch (error) {
      c.error(
        c.bb
          ? `can't remove file '${o.operands[0]}': ${c.reason(error)}`
          : `cannot unlink ${quoteShell(o.operands[0]!)}: ${c.reason(error)}`,
      );
    }
    return c.status;
  },
};
