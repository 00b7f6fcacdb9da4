/** pivot_root, switch_root, mountpoint, findmnt, losetup. */
import { slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';

export const pivotRoot: CommandSpec = {
  name: 'pivot_root',
  suite: 'util-linux',
  applet: true,
  run(c) {
    const [fresh, old] = c.args;
    if (fresh === undefined || old === undefined) c.usage(c.bb ? undefined : 'bad usage');
    try {
      c.sys.pivotRoot(fresh!, old!);
      return 0;
    } catch (error) {
      return c.fail(
        c.bb
          ? `pivot_root: ${c.reason(error)}`.replace('pivot_root: ', '')
          : `failed to change root from \`${fresh}' to \`${old}': ${c.reason(error)}`,
      );
    }
  },
};

export const switchRoot: CommandSpec = {
  name: 'switch_root',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'c:', busybox: 'c:', stopAtOperand: true });
    const [root, ...command] = o.operands;
    if (root === undefined || command.length === 0) c.usage(c.bb ? undefined : 'not enough arguments');
    if (c.sys.pid !== 1) c.bb ? c.fail('PID must be 1') : c.fail('failed. Sorry.');
    c.sys.chdir(root!);
    c.sys.mount('.', '/', '', ['move']);
    c.sys.chroot('.');
    c.sys.chdir('/');
    return c.execOrFail(command, (name) => name);
  },
};

export const mountpoint: CommandSpec = {
  name: 'mountpoint',
  suite: 'util-linux',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'q,quiet nofollow d,fs-devno x,devno', busybox: 'q/quiet d n x' });
    const [path] = o.operands;
    if (path === undefined || o.operands.length > 1) c.usage(c.bb ? undefined : 'bad usage');
    try {
      const here = c.sys.realpath(path!);
      c.sys.stat(path!);
      const is = mounts(c).some((one) => one.target === here);
      if (!o.has('quiet')) c.out(`${path} is ${is ? '' : 'not '}a mountpoint\n`);
      return is ? 0 : c.bb ? 1 : 32;
    } catch (error) {
      if (o.has('quiet')) return 1;
      return c.fail(`${path}: ${c.reason(error)}`);
    }
  },
};

interface MountLine {
  id: string;
  parent: string;
  target: string;
  source: string;
  type: string;
  options: string;
}

/** proc(5), /proc/[pid]/mountinfo. */
function mounts(c: Command): MountLine[] {
  const plain = (text: string) =>
    text.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
  return slurp(c.sys, '/proc/self/mountinfo')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [before, after] = line.split(' - ');
      const f = before!.split(' ');
      const [type, source, superOptions] = after!.split(' ');
      const inner = plain(f[3]!);
      const options = [...new Set([...f[5]!.split(','), ...(superOptions ?? '').split(',')])].filter(Boolean).join(',');
      return {
        id: f[0]!,
        parent: f[1]!,
        target: plain(f[4]!),
        source: plain(source!) + (inner === '/' ? '' : `[${inner}]`),
        type: type!,
        options,
      };
    });
}

export const findmnt: CommandSpec = {
  name: 'findmnt',
  suite: 'util-linux',
  run(c) {
    const o = c.options({
      gnu: 'A,all D,df J,json l,list n,noheadings o,output= P,pairs r,raw t,types= T,target= M,mountpoint= S,source= u,notruncate v,nofsroot f,first-only k,kernel',
    });
    if (o.has('json', 'pairs', 'df')) c.fail('drydock: this output of findmnt is not simulated');
    const columns = (o.value('output') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').toUpperCase().split(',');
    const all = mounts(c);
    const given = o.operands[0] ?? o.value('target') ?? o.value('mountpoint');
    const types = o.value('types')?.split(',');
    const filtered = given !== undefined || types !== undefined || o.has('source', 'list', 'raw');
    const rows: [MountLine, string][] = [];
    if (filtered) {
      const path = given === undefined ? undefined : o.has('target') ? holder(all, c.sys.realpath(given)) : given;
      for (const one of all)
        if (
          (path === undefined || one.target === path || one.source === path) &&
          (!types || types.includes(one.type)) &&
          (!o.has('source') || one.source === o.value('source'))
        )
          rows.push([one, one.target]);
    } else tree(all, rows);
    if (rows.length === 0) return 1;
    const cell = ([one, shown]: [MountLine, string], name: string): string =>
      ({ TARGET: shown, SOURCE: one.source, FSTYPE: one.type, OPTIONS: one.options, ID: one.id, PARENT: one.parent })[
        name
      ] ?? '';
    const table = [
      ...(o.has('noheadings') ? [] : [columns]),
      ...rows.map((row) => columns.map((name) => cell(row, name))),
    ];
    const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
    for (const row of table)
      c.out(
        `${row.map((text, i) => (i === row.length - 1 || o.has('raw') ? text : text.padEnd(widths[i]!))).join(' ')}\n`,
      );
    return 0;
  },
};

const holder = (all: MountLine[], path: string): string =>
  all
    .map((one) => one.target)
    .filter((target) => target === '/' || path === target || path.startsWith(`${target}/`))
    .sort((a, b) => b.length - a.length)[0] ?? '/';

function tree(all: MountLine[], rows: [MountLine, string][]): void {
  const ids = new Set(all.map((one) => one.id));
  const visit = (one: MountLine, lead: string, mark: string): void => {
    rows.push([one, lead + mark + one.target]);
    const children = all.filter((child) => child.parent === one.id && child !== one);
    const below = lead + (mark === '' ? '' : mark.startsWith('└') ? '  ' : '│ ');
    for (const child of children) visit(child, below, child === children.at(-1) ? '└─' : '├─');
  };
  for (const root of all.filter((one) => !ids.has(one.parent) || one.parent === one.id)) visit(root, '', '');
}

export const losetup: CommandSpec = {
  name: 'losetup',
  suite: 'util-linux',
  applet: true,
  run: (c) => c.fail('drydock: loop devices are not simulated'),
};
