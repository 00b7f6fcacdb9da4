import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory, typeName } from '../core/modes.ts';
import { quoteShell } from '../core/quote.ts';
import { confirm, joinPath, lastPart } from './tree-walk.ts';

export interface RemoveRules {
  force: boolean;
  recursive: boolean;
  directories: boolean;
  verbose: boolean;
  ask: 'never' | 'always' | 'protected';
  oneFileSystem: boolean;
}

const fail = (c: Command, path: string, error: unknown): false => {
  const reason = c.reason(error);
  c.error(c.bb ? `can't remove '${path}': ${reason}` : `cannot remove ${quoteShell(path)}: ${reason}`);
  return false;
};

async function mayRemove(c: Command, path: string, stat: Stat, rules: RemoveRules): Promise<boolean> {
  const kind = typeName(stat.mode, stat.size);
  if (rules.ask === 'always') {
    return confirm(c, c.bb ? `${c.name}: remove '${path}'? ` : `${c.name}: remove ${kind} ${quoteShell(path)}? `);
  }
  if (rules.ask !== 'protected' || rules.force || !c.sys.isatty(0) || kind === 'symbolic link') return true;
  try {
    c.sys.access(path, 2);
    return true;
  } catch {
    return confirm(c, `${c.name}: remove ${c.bb ? '' : 'write-protected '}${kind} ${quoteShell(path)}? `);
  }
}

/** Removes a file, or a directory with what it holds. False when something was left. */
export async function removeTree(c: Command, path: string, rules: RemoveRules): Promise<boolean> {
  let stat: Stat;
  try {
    stat = c.sys.lstat(path);
  } catch (error) {
    if (rules.force && (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR'))) return true;
    return fail(c, path, error);
  }
  if (isDirectory(stat.mode)) return removeDirectory(c, path, stat, rules);
  if (!(await mayRemove(c, path, stat, rules))) return false;
  try {
    c.sys.unlink(path);
  } catch (error) {
    return fail(c, path, error);
  }
  if (rules.verbose) c.out(`removed ${quoteShell(path)}\n`);
  return true;
}

async function removeDirectory(c: Command, path: string, stat: Stat, rules: RemoveRules): Promise<boolean> {
  if (!rules.recursive && !rules.directories) {
    c.error(c.bb ? `'${path}' is a directory` : `cannot remove ${quoteShell(path)}: Is a directory`);
    return false;
  }
  if (rules.recursive) {
    let entries: { name: string }[];
    try {
      entries = c.sys.readdir(path);
    } catch (error) {
      return fail(c, path, error);
    }
    if (entries.length && rules.ask === 'always') {
      const question = c.bb ? `descend into directory '${path}'? ` : `descend into directory ${quoteShell(path)}? `;
      if (!(await confirm(c, `${c.name}: ${question}`))) return false;
    }
    let good = true;
    for (const entry of entries) good = (await removeTree(c, joinPath(path, entry.name), rules)) && good;
    await c.drain();
    if (!good) return false;
  }
  if (rules.ask === 'always' && !(await mayRemove(c, path, stat, rules))) return false;
  try {
    c.sys.rmdir(path);
  } catch (error) {
    return fail(c, path, error);
  }
  if (rules.verbose) c.out(c.bb ? `removed directory: '${path}'\n` : `removed directory ${quoteShell(path)}\n`);
  return true;
}

function refused(c: Command, path: string): boolean {
  const last = lastPart(path);
  if (last === '.' || last === '..') {
    if (c.bb) c.error("can't remove '.' or '..'");
    else c.error(`refusing to remove '.' or '..' directory: skipping ${quoteShell(path)}`);
    return true;
  }
  return false;
}

export const rm: CommandSpec = {
  name: 'rm',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'f,force i I interactive=? one-file-system no-preserve-root preserve-root=? r,recursive R d,dir v,verbose',
      busybox: 'i r/recursive R f/force v/verbose',
    });
    const force = o.last('force', 'i', 'I', 'interactive') === 'force';
    if (o.operands.length === 0) {
      if (o.has('force')) return 0;
      c.usage(c.bb ? undefined : 'missing operand');
    }
    const rules: RemoveRules = {
      force,
      recursive: o.has('recursive', 'R'),
      directories: o.has('dir'),
      verbose: o.has('verbose'),
      ask: o.has('i') && !force ? 'always' : 'protected',
      oneFileSystem: o.has('one-file-system'),
    };
    for (const path of o.operands) {
      if ((rules.recursive || c.bb) && refused(c, path)) continue;
      if (rules.recursive && !c.bb && !o.has('no-preserve-root') && isRoot(c, path)) {
        c.error("it is dangerous to operate recursively on '/'");
        c.error('use --no-preserve-root to override this failsafe');
        continue;
      }
      await removeTree(c, path, rules);
    }
    return c.status;
  },
};

function isRoot(c: Command, path: string): boolean {
  try {
    const [a, b] = [c.sys.lstat(path), c.sys.lstat('/')];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}
