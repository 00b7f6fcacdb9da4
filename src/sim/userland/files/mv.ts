import { isErrno } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';
import { quoteShell } from '../core/quote.ts';
import { backUp } from './backup.ts';
import { Copier, targets } from './cp.ts';
import { removeTree } from './rm.ts';
import { confirm, intoDirectory, isDir, joinPath, lastPart } from './tree-walk.ts';

const stat = (c: Command, path: string): Stat | undefined => {
  try {
    return c.sys.lstat(path);
  } catch {
    return undefined;
  }
};

async function move(c: Command, from: string, to: string, verbose: boolean): Promise<void> {
  try {
    c.sys.rename(from, to);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EXDEV') return across(c, from, to, verbose);
    if (error.code === 'EINVAL' && isDirectory(stat(c, from)?.mode ?? 0)) {
      return c.error(
        c.bb
          ? `can't rename '${from}': Invalid argument`
          : `cannot move ${quoteShell(from)} to a subdirectory of itself, ${quoteShell(to)}`,
      );
    }
    return c.error(
      c.bb
        ? `can't rename '${from}': ${error.message}`
        : `cannot move ${quoteShell(from)} to ${quoteShell(to)}: ${error.message}`,
    );
  }
  if (verbose) c.out(c.bb ? `'${from}' -> '${to}'\n` : `renamed ${quoteShell(from)} -> ${quoteShell(to)}\n`);
}

/** Another filesystem: a copy with everything kept, then removal. */
async function across(c: Command, from: string, to: string, verbose: boolean): Promise<void> {
  const preserve = { mode: true, owner: true, times: true, links: true };
  const rules = {
    recursive: true,
    links: 'keep',
    preserve,
    force: true,
    interactive: false,
    noClobber: false,
  } as const;
  const rest = { update: false, verbose: false, hardLink: false, symbolic: false, oneFileSystem: false };
  const there = stat(c, to);
  if (there && !isDirectory(there.mode)) c.sys.unlink(to);
  if (
    !(await new Copier(c, { ...rules, ...rest, removeDestination: true, attributesOnly: false, backUp() {} }).copy(
      from,
      to,
    ))
  )
    return;
  await removeTree(c, from, {
    force: true,
    recursive: true,
    directories: true,
    verbose: false,
    ask: 'never',
    oneFileSystem: false,
  });
  if (verbose)
    c.out(
      c.bb
        ? `'${from}' -> '${to}'\n`
        : `copied ${quoteShell(from)} -> ${quoteShell(to)}\nremoved ${quoteShell(from)}\n`,
    );
}

export const mv: CommandSpec = {
  name: 'mv',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'backup=? b f,force i,interactive n,no-clobber strip-trailing-slashes S,suffix= t,target-directory= T,no-target-directory u,update v,verbose Z,context',
      busybox: 'f/force i/interactive n/no-clobber T,no-target-directory t,target-directory= v,verbose',
    });
    const { sources, destination, inDirectory } = targets(c, o);
    const mode = o.last('force', 'interactive', 'no-clobber');
    for (const from of sources) {
      const to = !inDirectory
        ? destination
        : isDir(c, destination)
          ? intoDirectory(c, destination, from)
          : joinPath(destination, lastPart(from));
      const source = stat(c, from);
      if (!source) {
        c.error(
          c.bb
            ? `can't rename '${from}': No such file or directory`
            : `cannot stat ${quoteShell(from)}: No such file or directory`,
        );
        continue;
      }
      const there = stat(c, to);
      if (there) {
        if (mode === 'no-clobber') continue;
        if (o.has('update') && there.mtime.sec >= source.mtime.sec) continue;
        if (there.ino === source.ino && there.dev === source.dev && !c.bb) {
          c.error(`${quoteShell(from)} and ${quoteShell(to)} are the same file`);
          continue;
        }
        if (isDirectory(there.mode) && !isDirectory(source.mode) && !c.bb) {
          c.error(`cannot overwrite directory ${quoteShell(to)} with non-directory`);
          continue;
        }
        if (!isDirectory(there.mode) && isDirectory(source.mode) && !c.bb) {
          c.error(`cannot overwrite non-directory ${quoteShell(to)} with directory ${quoteShell(from)}`);
          continue;
        }
        backUp(c, o, to);
        if (mode === 'interactive' && !(await confirm(c, `${c.name}: overwrite ${quoteShell(to)}? `))) continue;
      }
      await move(c, from, to, o.has('verbose'));
    }
    return c.status;
  },
};
