/** mkdir, rmdir, mktemp. */
import { Errno, isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseMode } from '../core/modes.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { isDir } from './tree-walk.ts';

function makeParents(c: Command, path: string, mode: number, verbose: boolean): void {
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const prefix = parts.slice(0, i).join('/');
    if (prefix === '' || parts[i - 1] === '') continue;
    const last = parts.slice(i).every((part) => part === '');
    if (isDir(c, prefix)) continue;
    if (!last && exists(c, prefix)) throw Object.assign(new Errno('ENOTDIR'), { at: c.bb ? `${prefix}/` : prefix });
    try {
      c.sys.mkdir(prefix, last ? mode : 0o777);
    } catch (error) {
      // What is in the way names itself.
      if (isErrno(error)) throw Object.assign(error, { at: prefix });
      throw error;
    }
    if (verbose)
      c.out(
        c.bb
          ? `created directory: '${prefix}${last ? '' : '/'}'\n`
          : `${c.name}: created directory ${quoteShell(prefix)}\n`,
      );
  }
}

function exists(c: Command, path: string): boolean {
  try {
    return !!c.sys.stat(path);
  } catch {
    return false;
  }
}

export const mkdir: CommandSpec = {
  name: 'mkdir',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'm,mode= p,parents v,verbose Z context=?', busybox: 'm,mode= p,parents v,verbose' });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const text = o.value('mode');
    const change = text === undefined ? undefined : parseMode(text);
    if (text !== undefined && !change) c.fail(c.bb ? `invalid mode '${text}'` : `invalid mode ${quote(text)}`);
    const mode = change ? change(0o777, true, c.sys.umask()) : 0o777;
    for (const path of o.operands) {
      try {
        if (o.has('parents')) makeParents(c, path, 0o777, o.has('verbose'));
        else {
          c.sys.mkdir(path, mode);
          if (o.has('verbose'))
            c.out(c.bb ? `created directory: '${path}'\n` : `${c.name}: created directory ${quoteShell(path)}\n`);
        }
        if (change) c.sys.chmod(path, mode);
      } catch (error) {
        const at = (error as { at?: string }).at ?? path;
        const reason = c.reason(error);
        c.error(c.bb ? `can't create directory '${at}': ${reason}` : `cannot create directory ${quote(at)}: ${reason}`);
      }
    }
    return c.status;
  },
};

export const rmdir: CommandSpec = {
  name: 'rmdir',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'ignore-fail-on-non-empty p,parents v,verbose',
      busybox: 'p,parents v,verbose ignore-fail-on-non-empty',
    });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    for (const operand of o.operands) {
      let path = operand;
      for (;;) {
        if (o.has('verbose')) c.out(`${c.name}: removing directory, ${quoteShell(path)}\n`);
        try {
          c.sys.rmdir(path);
        } catch (error) {
          if (o.has('ignore-fail-on-non-empty') && isErrno(error, 'ENOTEMPTY')) break;
          const what = path === operand ? quoteShell(path) : `directory ${quoteShell(path)}`;
          c.error(c.bb ? `'${path}': ${c.reason(error)}` : `failed to remove ${what}: ${c.reason(error)}`);
          break;
        }
        const at = path.replace(/\/+$/, '').lastIndexOf('/');
        if (!o.has('parents') || at <= 0) break;
        path = path.slice(0, at);
      }
    }
    return c.status;
  },
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const mktemp: CommandSpec = {
  name: 'mktemp',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'd,directory u,dry-run q,quiet suffix= p: tmpdir=? t',
      busybox: 'd/directory q/quiet u/dry-run t p:',
    });
    if (o.operands.length > 1) c.usage(c.bb ? undefined : 'too many templates');
    const template = o.operands[0] ?? (c.bb ? 'tmp.XXXXXX' : 'tmp.XXXXXXXXXX');
    const runs = template.match(/X{3,}(?=[^X]*$)/);
    if (!runs || (c.bb && !/X{6}$/.test(template))) {
      // mkstemp has emptied the template by the time it is named.
      if (c.bb) c.fail(': Invalid argument');
      c.fail(`too few X's in template ${quote(template)}`);
    }
    const base = o.value('p') || o.value('tmpdir') || c.sys.env.TMPDIR || '/tmp';
    const inTemporary = o.operands.length === 0 || o.has('p', 'tmpdir', 't');
    const at = runs!.index!;
    for (let attempt = 0; ; attempt++) {
      const letters = Array.from(c.sys.random(runs![0].length), (byte) => alphabet[byte % alphabet.length]).join('');
      const name = template.slice(0, at) + letters + template.slice(at + letters.length) + (o.value('suffix') ?? '');
      const path = inTemporary ? `${base.replace(/\/$/, '')}/${name}` : name;
      try {
        if (o.has('dry-run')) c.sys.lstat(path);
        else if (o.has('directory')) c.sys.mkdir(path, 0o700);
        else c.sys.close(c.sys.openSync(path, { access: 'readwrite', create: true, exclusive: true }, 0o600));
      } catch (error) {
        if (isErrno(error, 'EEXIST') && attempt < 100) continue;
        if (!(o.has('dry-run') && isErrno(error, 'ENOENT'))) {
          if (o.has('quiet')) return 1;
          const kind = o.has('directory') ? 'directory' : 'file';
          const shown = inTemporary ? `${base}/${template}` : template;
          return c.fail(
            c.bb ? `: ${c.reason(error)}` : `failed to create ${kind} via template ${quote(shown)}: ${c.reason(error)}`,
          );
        }
      }
      c.out(`${path}\n`);
      return 0;
    }
  },
};
