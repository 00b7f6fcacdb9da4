/** chmod, chown, chgrp, touch, truncate. */
import { isErrno, type Timespec } from '../../../spec/index.ts';
import { Accounts, findGroup, findUser, userById } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseDate } from '../core/date-parse.ts';
import { toEpoch, zoneOf } from '../core/dates.ts';
import { isDirectory, isSymlink, modeText, parseMode } from '../core/modes.ts';
import { parseSize } from '../core/numbers.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { joinPath } from './tree-walk.ts';

/** Calls `change` for the path and, when `recursive`, for all below it (parents first). */
async function everyFile(
  c: Command,
  path: string,
  recursive: boolean,
  change: (path: string, operand: boolean) => void,
  operand = true,
): Promise<void> {
  change(path, operand);
  if (!recursive) return;
  try {
    if (!isDirectory(c.sys.lstat(path).mode)) return;
    for (const entry of c.sys.readdir(path)) await everyFile(c, joinPath(path, entry.name), true, change, false);
    await c.drain();
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) c.error(`cannot read directory ${quoteShell(path)}: ${c.reason(error)}`);
  }
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

export const chmod: CommandSpec = {
  name: 'chmod',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    // A mode such as -x looks like options.
    const at = c.args.findIndex((arg) => /^-[rwxXstugo0-7][rwxXstugo0-7,+=-]*$/.test(arg) && !/^-R$/.test(arg));
    const dashed = at >= 0 && !c.args.slice(0, at).includes('--') ? c.args.splice(at, 1)[0] : undefined;
    const o = c.options({
      gnu: 'c,changes f,silent quiet R,recursive v,verbose no-preserve-root preserve-root reference=',
      busybox: 'R/recursive v/verbose c/changes f/silent',
    });
    const reference = o.value('reference');
    const operands = [...o.operands];
    const text = dashed ?? (reference === undefined ? operands.shift() : undefined);
    if (text === undefined && reference === undefined) c.usage(c.bb ? undefined : 'missing operand');
    if (operands.length === 0) c.usage(c.bb ? undefined : `missing operand after ${quote(text ?? '')}`);
    const mode = reference === undefined ? undefined : c.sys.stat(reference).mode & 0o7777;
    const change = mode === undefined ? parseMode(text!) : () => mode;
    if (!change) {
      if (c.bb) c.fail(`invalid mode '${text}'`);
      c.usage(`invalid mode: ${quote(text!)}`);
    }
    const one = (path: string, operand: boolean) => {
      try {
        const link = c.sys.lstat(path);
        if (isSymlink(link.mode) && (!operand || o.has('recursive'))) return;
        const stat = c.sys.stat(path);
        const wanted = change!(stat.mode & 0o7777, isDirectory(stat.mode), c.sys.umask());
        c.sys.chmod(path, wanted);
        const changed = (stat.mode & 0o7777) !== wanted;
        if (o.has('verbose') || (o.has('changes') && changed)) describe(c, path, stat.mode, wanted, changed);
      } catch (error) {
        const reason = c.reason(error);
        c.status = 1;
        if (o.has('silent', 'quiet') && !c.bb) return;
        const dangling = isErrno(error, 'ENOENT') && isDangling(c, path);
        if (dangling && !c.bb) return c.error(`cannot operate on dangling symlink ${quoteShell(path)}`);
        c.error(
          c.bb
            ? `${path}: ${reason}`
            : isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')
              ? `cannot access ${quoteShell(path)}: ${reason}`
              : `changing permissions of ${quoteShell(path)}: ${reason}`,
        );
      }
    };
    for (const path of operands) await everyFile(c, path, o.has('recursive'), one);
    return c.status;
  },
};

const isDangling = (c: Command, path: string): boolean => {
  try {
    return isSymlink(c.sys.lstat(path).mode);
  } catch {
    return false;
  }
};

function describe(c: Command, path: string, before: number, after: number, changed: boolean): void {
  const show = (mode: number) => `${octal(mode)} (${modeText(mode).slice(1)})`;
  if (c.bb) c.out(`mode of '${path}' changed to ${show(after)}\n`);
  else
    c.out(
      changed
        ? `mode of ${quoteShell(path)} changed from ${show(before)} to ${show(after)}\n`
        : `mode of ${quoteShell(path)} retained as ${show(before)}\n`,
    );
}

interface OwnerWish {
  uid: number;
  gid: number;
}

/** USER, USER:GROUP, USER:, :GROUP; -1 leaves as is. */
function parseOwner(c: Command, text: string): OwnerWish {
  const at = text.search(c.bb ? /:/ : /[:.]/);
  const whole = findUser(c.sys, text);
  if (!whole && !c.bb && text[at] === '.' && !text.includes(':'))
    c.error(`warning: '.' should be ':': ${quote(text)}`, 0);
  if (whole || at < 0) return { uid: userId(c, text, text), gid: -1 };
  const [user, group] = [text.slice(0, at), text.slice(at + 1)];
  const uid = user === '' ? -1 : userId(c, user, text);
  if (group !== '') return { uid, gid: groupId(c, group, text, true) };
  if (user === '' || uid < 0) return { uid, gid: -1 };
  if (!userById(c.sys, uid) && /^\d+$/.test(user) && !c.bb) c.fail(`invalid spec: ${quote(text)}`);
  return { uid, gid: userById(c.sys, uid)?.gid ?? -1 };
}

function userId(c: Command, name: string, all: string): number {
  const found = findUser(c.sys, name)?.uid ?? (/^\+?\d+$/.test(name) ? Number(name) : undefined);
  if (found === undefined) c.fail(c.bb ? `unknown user ${name}` : `invalid user: ${quote(all)}`);
  return found!;
}

function groupId(c: Command, name: string, all: string, inOwner: boolean): number {
  const found = findGroup(c.sys, name)?.gid ?? (/^\+?\d+$/.test(name) ? Number(name) : undefined);
  if (found === undefined)
    c.fail(
      c.bb
        ? inOwner
          ? `unknown user/group ${all}`
          : `unknown group ${name}`
        : `invalid group: ${quote(inOwner ? all : name)}`,
    );
  return found!;
}

async function changeOwner(c: Command, group: boolean): Promise<number> {
  const o = c.options({
    gnu: 'c,changes f,silent quiet dereference h,no-dereference from= no-preserve-root preserve-root reference= R,recursive v,verbose H L P',
    busybox: 'R/recursive h/no-dereference L H P c/changes v/verbose f/silent',
  });
  const operands = [...o.operands];
  const reference = o.value('reference');
  const text = reference === undefined ? operands.shift() : undefined;
  if (text === undefined && reference === undefined) c.usage(c.bb ? undefined : 'missing operand');
  if (operands.length === 0) c.usage(c.bb ? undefined : `missing operand after ${quote(text ?? '')}`);
  const from = reference === undefined ? undefined : c.sys.stat(reference);
  const wish: OwnerWish = from
    ? { uid: group ? -1 : from.uid, gid: from.gid }
    : group
      ? { uid: -1, gid: text === '' ? -1 : groupId(c, text!, text!, false) }
      : parseOwner(c, text!);
  const only = o.has('from') ? parseOwner(c, o.value('from')!) : undefined;
  const accounts = new Accounts(c.sys);
  const one = (path: string) => {
    try {
      const before = c.sys.lstat(path);
      if (only && ((only.uid >= 0 && only.uid !== before.uid) || (only.gid >= 0 && only.gid !== before.gid))) return;
      if (o.has('no-dereference') || (o.has('recursive') && isSymlink(before.mode)))
        c.sys.lchown(path, wish.uid, wish.gid);
      else c.sys.chown(path, wish.uid, wish.gid);
      const after = c.sys.lstat(path);
      const changed = before.uid !== after.uid || before.gid !== after.gid;
      if (o.has('verbose') || (o.has('changes') && changed)) {
        const show = (uid: number, gid: number) =>
          group
            ? accounts.group(gid)
            : wish.gid < 0
              ? accounts.user(uid)
              : `${accounts.user(uid)}:${accounts.group(gid)}`;
        const kind = group ? 'group' : 'ownership';
        if (c.bb) c.out(`changed ownership of '${path}' to ${after.uid}:${after.gid}\n`);
        else
          c.out(
            changed
              ? `changed ${kind} of ${quoteShell(path)} from ${show(before.uid, before.gid)} to ${show(after.uid, after.gid)}\n`
              : `${kind} of ${quoteShell(path)} retained as ${show(after.uid, after.gid)}\n`,
          );
      }
    } catch (error) {
      const reason = c.reason(error);
      c.status = 1;
      if (o.has('silent', 'quiet')) return;
      const missing = isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR');
      c.error(
        c.bb
          ? `${path}: ${reason}`
          : missing
            ? `cannot access ${quoteShell(path)}: ${reason}`
            : `changing ${group ? 'group' : 'ownership'} of ${quoteShell(path)}: ${reason}`,
      );
    }
  };
  for (const path of operands) await everyFile(c, path, o.has('recursive'), one);
  return c.status;
}

export const chown: CommandSpec = {
  name: 'chown',
  suite: 'coreutils',
  applet: true,
  run: (c) => changeOwner(c, false),
};
export const chgrp: CommandSpec = { name: 'chgrp', suite: 'coreutils', applet: true, run: (c) => changeOwner(c, true) };

/** [[CC]YY]MMDDhhmm[.ss] */
function parseStamp(c: Command, text: string): Timespec | undefined {
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!match) return undefined;
  const digits = text.replace(/\..*/, '');
  const year =
    digits.length === 12
      ? Number(digits.slice(0, 4))
      : digits.length === 10
        ? Number(digits.slice(0, 2)) + (Number(digits.slice(0, 2)) < 69 ? 2000 : 1900)
        : new Date(c.sys.now().sec * 1000).getUTCFullYear();
  const [mo, d, h, mi] = [-8, -6, -4, -2].map((at) => Number(digits.slice(at, at + 2 || undefined)));
  return { sec: toEpoch(year, mo! - 1, d!, h!, mi!, Number(match[7] ?? 0), zoneOf(c.sys)), nsec: 0 };
}

export const touch: CommandSpec = {
  name: 'touch',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a c,no-create d,date= f h,no-dereference m r,reference= t: time=',
      busybox: 'c,no-create h/no-dereference a m r,reference= d,date= t:',
    });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing file operand');
    const time = timeOf(c, o.value('date'), o.value('t'), o.value('reference'));
    const onlyA = o.has('a') && !o.has('m');
    const onlyM = o.has('m') && !o.has('a');
    for (const path of o.operands) {
      try {
        let exists = true;
        try {
          c.sys.lstat(path);
        } catch (error) {
          if (!isErrno(error, 'ENOENT')) throw error;
          exists = false;
        }
        if (!exists) {
          if (o.has('no-create') || o.has('no-dereference')) continue;
          c.sys.close(await c.sys.open(path, { access: 'write', create: true, nonblock: true, noctty: true }, 0o666));
        }
        const when = time ?? ({ atime: 'now', mtime: 'now' } as const);
        if (exists || time)
          c.sys.utimens(path, onlyM ? undefined : when.atime, onlyA ? undefined : when.mtime, !o.has('no-dereference'));
      } catch (error) {
        const reason = c.reason(error);
        if (!c.bb && path.endsWith('/') && isErrno(error, 'EISDIR')) {
          c.error(`setting times of ${quoteShell(path)}: No such file or directory`);
          continue;
        }
        c.error(c.bb ? `${path}: ${reason}` : `cannot touch ${quoteShell(path)}: ${reason}`);
      }
    }
    return c.status;
  },
};

function timeOf(
  c: Command,
  date?: string,
  stamp?: string,
  reference?: string,
): { atime: Timespec; mtime: Timespec } | undefined {
  if (reference !== undefined) {
    try {
      const stat = c.sys.stat(reference);
      return { atime: stat.atime, mtime: stat.mtime };
    } catch (error) {
      return c.fail(
        c.bb
          ? `can't stat '${reference}': ${c.reason(error)}`
          : `failed to get attributes of ${quoteShell(reference)}: ${c.reason(error)}`,
      );
    }
  }
  if (date === undefined && stamp === undefined) return undefined;
  const time = stamp !== undefined ? parseStamp(c, stamp) : parseDate(date!, c.sys.now(), zoneOf(c.sys));
  if (!time) c.fail(c.bb ? `invalid date '${date ?? stamp}'` : `invalid date format ${quote(date ?? stamp!)}`);
  return { atime: time!, mtime: time! };
}

export const truncate: CommandSpec = {
  name: 'truncate',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'c,no-create o,io-blocks r,reference= s,size=', busybox: 'c/no-create s/size:' });
    const size = o.value('size');
    const reference = o.value('reference');
    if (size === undefined && reference === undefined)
      c.usage(c.bb ? undefined : `you must specify either ${quote('--size')} or ${quote('--reference')}`);
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing file operand');
    const mark = c.bb ? '' : (/^[-+<>/%]/.exec(size ?? '')?.[0] ?? '');
    const amount = size === undefined ? c.sys.stat(reference!).size : parseSize(size.slice(mark.length), 'kKMGTPE');
    if (amount === undefined) c.fail(c.bb ? `invalid number '${size}'` : `Invalid number: ${quote(size!)}`);
    const n = amount!;
    const wanted: Record<string, (now: number) => number> = {
      '': () => n,
      '+': (now) => now + n,
      '-': (now) => Math.max(0, now - n),
      '<': (now) => Math.min(now, n),
      '>': (now) => Math.max(now, n),
      '/': (now) => Math.floor(now / n) * n,
      '%': (now) => Math.ceil(now / n) * n,
    };
    for (const path of o.operands) {
      try {
        const fd = await c.sys.open(path, { access: 'write', create: !o.has('no-create') }, 0o666);
        c.sys.ftruncate(fd, wanted[mark]!(c.sys.fstat(fd).size));
        c.sys.close(fd);
      } catch (error) {
        if (o.has('no-create') && isErrno(error, 'ENOENT')) continue;
        c.error(
          c.bb
            ? `${path}: open: ${c.reason(error)}`
            : `cannot open ${quoteShell(path)} for writing: ${c.reason(error)}`,
        );
      }
    }
    return c.status;
  },
};
