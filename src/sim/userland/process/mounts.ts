/** mount, umount, df. */
import { isErrno } from '../../../spec/index.ts';
import { slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { busyboxSize, humanSize } from '../core/numbers.ts';

interface MountLine {
  source: string;
  target: string;
  type: string;
  options: string;
}

const plain = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));

const mounts = (c: Command): MountLine[] =>
  slurp(c.sys, '/proc/mounts')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ').map(plain))
    .map(([source, target, type, options]) => ({ source: source!, target: target!, type: type!, options: options! }));

export const mount: CommandSpec = {
  name: 'mount',
  suite: 'util-linux',
  applet: true,
  usageStatus: 1,
  run(c) {
    const o = c.options({
      gnu: 'a,all B,bind R,rbind M,move t,types= o,options= r,read-only w,rw,read-write n,no-mtab v,verbose make-private make-rprivate make-shared make-rshared make-slave make-rslave make-unbindable make-runbindable',
      busybox: 'a t/types: o/options: r/read-only w n v i f',
    });
    const type = o.value('types');
    if (o.operands.length === 0) {
      for (const one of mounts(c)) {
        if (type === undefined || type.split(',').includes(one.type))
          c.out(`${one.source} on ${one.target} type ${one.type} (${one.options})\n`);
      }
      return 0;
    }
    const options = o
      .values('options')
      .flatMap((text) => text.split(','))
      .filter(Boolean);
    for (const name of [
      'bind',
      'rbind',
      'move',
      'make-private',
      'make-rprivate',
      'make-shared',
      'make-rshared',
      'make-slave',
      'make-rslave',
      'make-unbindable',
      'make-runbindable',
    ]) {
      if (o.has(name)) options.push(name.replace(/^make-/, ''));
    }
    if (o.has('read-only')) options.push('ro');
    const [source, target] = o.operands.length > 1 ? o.operands : ['none', o.operands[0]!];
    if (o.operands.length === 1 && !options.some((option) => /remount|private|shared|slave|unbindable/.test(option))) {
      c.fail(c.bb ? `can't find ${target} in /etc/fstab` : `${target}: can't find in /etc/fstab.`);
    }
    try {
      c.sys.mount(source!, target!, type ?? '', options);
    } catch (error) {
      const reason = c.reason(error);
      if (c.bb)
        c.fail(
          isErrno(error, 'EPERM')
            ? 'permission denied (are you root?)'
            : `mounting ${source} on ${target} failed: ${reason}`,
          isErrno(error, 'EPERM') ? 1 : 255,
        );
      const text = isErrno(error, 'ENOENT')
        ? 'mount point does not exist.'
        : isErrno(error, 'ENODEV')
          ? `unknown filesystem type '${type}'.`
          : isErrno(error, 'EPERM')
            ? 'permission denied.'
            : `${reason.toLowerCase()}.`;
      c.error(`${target}: ${text}`, 32);
      c.errorText('       dmesg(1) may have more information after failed mount system call.\n');
      c.exit(32);
    }
    return 0;
  },
};

export const umount: CommandSpec = {
  name: 'umount',
  suite: 'util-linux',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'a,all f,force l,lazy n,no-mtab q,quiet R,recursive v,verbose t,types=',
      busybox: 'a r l/lazy f n D d',
    });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'bad usage');
    const targets = o.has('recursive') ? o.operands.flatMap((target) => withMountsBelow(c, target)) : o.operands;
    for (const target of targets) {
      try {
        c.sys.umount(target, { lazy: o.has('lazy') });
      } catch (error) {
        const reason = c.reason(error);
        if (c.bb) c.error(`can't unmount ${target}: ${reason}`);
        else if (isErrno(error, 'EINVAL')) c.error(`${target}: not mounted.`, 32);
        else if (isErrno(error, 'ENOENT')) c.error(`${target}: no mount point specified.`, 32);
        else if (isErrno(error, 'EBUSY')) c.error(`${target}: target is busy.`, 32);
        else c.error(`${target}: ${reason.toLowerCase()}.`, 32);
      }
    }
    return c.status;
  },
};

/** Every mount at or below a path, the deepest first. */
function withMountsBelow(c: Command, target: string): string[] {
  const top = c.sys.realpath(target);
  return mounts(c)
    .map((one) => one.target)
    .filter((path) => path === top || path.startsWith(`${top}/`))
    .reverse();
}

/** The mount that holds a path: the longest mount point that is a prefix. */
function mountOf(c: Command, all: MountLine[], path: string): MountLine | undefined {
  const real = c.sys.realpath(path);
  const holds = (target: string) => target === '/' || real === target || real.startsWith(`${target}/`);
  return all.filter((one) => holds(one.target)).sort((a, b) => b.target.length - a.target.length)[0];
}

function rowsOf(c: Command, names: string[], all: boolean): MountLine[] {
  const known = mounts(c);
  if (names.length === 0)
    return all ? known : known.filter((one, i) => known.findIndex((other) => other.target === one.target) <= i);
  const rows: MountLine[] = [];
  for (const name of names) {
    try {
      c.sys.stat(name);
      const found = mountOf(c, known, name);
      if (found) rows.push(found);
    } catch (error) {
      c.error(c.bb ? `${name}: can't find mount point` : `${name}: ${c.reason(error)}`);
    }
  }
  return rows;
}

export const df: CommandSpec = {
  name: 'df',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'a,all B,block-size= h,human-readable H,si i,inodes k l,local P,portability T,print-type t,type= x,exclude-type= total no-sync sync',
      busybox: 'P/portability k m h/human-readable T/print-type a/all i/inodes B/block-size: t/type:',
    });
    const human = o.has('human-readable', 'si');
    const unit = o.has('m') || o.value('block-size') === 'M' ? 1 << 20 : 1024;
    const size = (bytes: number) =>
      human
        ? (c.bb ? busyboxSize(bytes) : humanSize(bytes, o.has('si') ? 1000 : 1024)).replace(/^0$/, '0')
        : String(Math.ceil(bytes / unit));
    const rows: string[][] = [];
    for (const one of rowsOf(c, o.operands, o.has('all'))) {
      if (o.has('type') && one.type !== o.value('type')) continue;
      const fs = c.sys.statfs(one.target);
      if (fs.blocks === 0 && !o.has('all') && o.operands.length === 0) continue;
      const [total, free] = o.has('inodes')
        ? [fs.files, fs.filesFree]
        : [fs.blocks * fs.blockSize, fs.free * fs.blockSize];
      const show = o.has('inodes') ? String : size;
      const share = total ? `${Math.ceil(((total - free) * 100) / total)}%` : c.bb ? '0%' : '-';
      rows.push([
        one.source,
        ...(o.has('print-type') ? [one.type] : []),
        show(total),
        show(total - free),
        show(free),
        share,
        one.target,
      ]);
    }
    if (rows.length === 0 && c.status && !c.bb) return c.status;
    const sizes = o.has('inodes')
      ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
      : human
        ? ['Size', 'Used', c.bb ? 'Available' : 'Avail', 'Use%']
        : [
            unit === 1024 ? (o.has('portability') ? '1024-blocks' : '1K-blocks') : '1M-blocks',
            'Used',
            'Available',
            o.has('portability') && !c.bb ? 'Capacity' : o.has('portability') ? 'Capacity' : 'Use%',
          ];
    table(
      c,
      [['Filesystem', ...(o.has('print-type') ? ['Type'] : []), ...sizes, c.bb ? 'Mounted on' : 'Mounted on'], ...rows],
      o.has('print-type'),
    );
    return c.status;
  },
};

/** BusyBox has fixed columns; GNU fits them (the first two at least 14 and 5 wide). */
function table(c: Command, rows: string[][], typed: boolean): void {
  const last = rows[0]!.length - 1;
  const leading = typed ? 2 : 1;
  const widths = rows[0]!.map((_, i) => {
    const fit = Math.max(...rows.map((row) => row[i]!.length));
    if (!c.bb)
      return i === 0
        ? Math.max(14, fit)
        : i === leading || i === leading + 1 || i === leading + 2
          ? Math.max(5, fit)
          : fit;
    return i === 0 ? 20 : i < leading ? 10 : i === last - 1 ? 4 : i === leading ? 10 : 9;
  });
  for (const row of rows) {
    const cells = row.map((cell, i) =>
      i === last ? cell : i < leading ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
    );
    c.out(`${cells.join(' ')}\n`);
  }
}
