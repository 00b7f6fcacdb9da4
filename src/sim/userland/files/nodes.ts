/** mkfifo, mknod, lsattr, chattr. */
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory, parseMode } from '../core/modes.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { joinPath } from './tree-walk.ts';

function modeOption(c: Command, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const change = parseMode(text);
  if (!change) return c.fail(c.bb ? `invalid mode '${text}'` : 'invalid mode');
  return change(0o666, false, c.sys.umask());
}

function make(c: Command, path: string, type: number, mode: number | undefined, rdev = 0): void {
  try {
    c.sys.mknod(path, type | (mode ?? 0o666), rdev);
    if (mode !== undefined) c.sys.chmod(path, mode);
  } catch (error) {
    const fifo = c.spec.name === 'mkfifo';
    c.error(
      c.bb
        ? `${path}: ${c.reason(error)}`
        : fifo
          ? `cannot create fifo ${quoteShell(path)}: ${c.reason(error)}`
          : `${path}: ${c.reason(error)}`,
    );
  }
}

export const mkfifo: CommandSpec = {
  name: 'mkfifo',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'm,mode= Z context=?', busybox: 'm/mode:' });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const mode = modeOption(c, o.value('mode'));
    for (const path of o.operands) make(c, path, 0o010000, mode);
    return c.status;
  },
};

export const mknod: CommandSpec = {
  name: 'mknod',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'm,mode= Z context=?', busybox: 'm/mode:' });
    const [path, type, major, minor] = o.operands;
    const needsNumbers = type !== undefined && type !== 'p' && (major === undefined || minor === undefined);
    if (needsNumbers && !c.bb) {
      c.error(`missing operand after ${quote(major ?? type)}`);
      if (major === undefined) c.errorText('Special files require major and minor device numbers.\n');
      c.usage();
    }
    if (path === undefined || type === undefined) {
      if (c.bb) c.usage();
      c.usage(path === undefined ? 'missing operand' : `missing operand after ${quote(path)}`);
    }
    const mode = modeOption(c, o.value('mode'));
    if (type === 'p') {
      if (major !== undefined && !c.bb) {
        c.error(`extra operand ${quote(major)}`);
        if (minor !== undefined) c.errorText('Fifos do not have major and minor device numbers.\n');
      }
      if (major !== undefined) c.usage();
      make(c, path!, 0o010000, mode);
      return c.status;
    }
    const kind = ({ b: 0o060000, c: 0o020000, u: 0o020000 } as Record<string, number>)[type!];
    if (kind === undefined) c.usage(c.bb ? undefined : `invalid device type ${quote(type!)}`);
    if (major === undefined || minor === undefined) c.usage();
    for (const [text, what] of [
      [major!, 'major'],
      [minor!, 'minor'],
    ] as const) {
      if (!/^(0x[\da-f]+|\d+)$/i.test(text))
        c.fail(c.bb ? `invalid number '${text}'` : `invalid ${what} device number ${quote(text)}`);
    }
    make(c, path!, kind!, mode, Number(major) * 256 + Number(minor));
    return c.status;
  },
};

/** Attribute letters in the order in which lsattr has them; the simulated filesystems set none but e (extents). */
export const lsattr: CommandSpec = {
  name: 'lsattr',
  suite: 'e2fsprogs',
  run(c) {
    const o = c.options({ gnu: 'R V a d l v p' });
    const show = (path: string) => c.out(`--------------e------- ${path}\n`);
    for (const path of o.operands.length ? o.operands : ['.']) {
      try {
        if (!isDirectory(c.sys.stat(path).mode) || o.has('d')) show(path);
        else
          for (const entry of c.sys.readdir(path))
            if (o.has('a') || entry.name[0] !== '.') show(joinPath(path, entry.name));
      } catch (error) {
        c.error(`${c.reason(error)} while trying to stat ${path}`);
      }
    }
    return c.status;
  },
};

export const chattr: CommandSpec = {
  name: 'chattr',
  suite: 'e2fsprogs',
  run: (c) => c.fail('drydock: chattr is not simulated'),
};
