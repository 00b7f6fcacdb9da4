/** lsblk, vmstat, pstree, w, last: the machine's disks, load, processes and people. */
import { slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isUtf8 } from '../core/locale.ts';
import { humanSize } from '../core/numbers.ts';
import { type ProcessInfo, processes } from '../process/processes.ts';
import { memory, uptimeLine } from './memory.ts';

/** `64G`, `1.5G`: as util-linux writes sizes, without a fraction that is nought. */
const blockSize = (bytes: number): string => humanSize(bytes).replace('.0', '');

/** The block devices of /sys/class/block, or, where sysfs has none, those that something is mounted from. */
export const lsblk: CommandSpec = {
  name: 'lsblk',
  suite: 'util-linux',
  run(c) {
    const o = c.options({ gnu: 'a,all b,bytes d,nodeps f,fs l,list m,perms n,noheadings o,output= p,paths J,json' });
    if (o.has('json', 'output', 'fs', 'perms')) c.fail('drydock: lsblk -J, -o, -f and -m are not simulated');
    const rows = mounted(c).map(({ name, target, device }) => [
      o.has('paths') ? `/dev/${name}` : name,
      device,
      '0',
      o.has('bytes') ? String(sizeOf(c, target)) : blockSize(sizeOf(c, target)),
      '0',
      name.startsWith('loop') ? 'loop' : 'disk',
      target,
    ]);
    const titles = ['NAME', 'MAJ:MIN', 'RM', 'SIZE', 'RO', 'TYPE', 'MOUNTPOINTS'];
    const all = o.has('noheadings') ? rows : [titles, ...rows];
    const width = (i: number) => Math.max(...all.map((row) => row[i]!.length));
    // The device numbers stand around their colon.
    for (const [name, device, rm, size, ro, type, target] of all) {
      const [major, minor] = device!.split(':') as [string, string];
      const number = `${major.padStart(3)}:${minor.padEnd(3)}`;
      c.out(
        `${name!.padEnd(width(0))} ${number} ${rm!.padStart(2)} ${size!.padStart(width(3))} ${ro!.padStart(2)} ${type!.padEnd(width(5))} ${target}\n`,
      );
    }
    return 0;
  },
};

const sizeOf = (c: Command, path: string): number => {
  const fs = c.sys.statfs(path);
  return fs.blocks * fs.blockSize;
};

/** /proc/self/mountinfo: what comes from /dev. The mount of a subtree is no disk of its own. */
function mounted(c: Command): { name: string; target: string; device: string }[] {
  const out = new Map<string, { name: string; target: string; device: string }>();
  for (const line of slurp(c.sys, '/proc/self/mountinfo').split('\n')) {
    const [before, after] = line.split(' - ');
    const [, , device, , target] = before!.split(' ');
    const source = after?.split(' ')[1];
    if (!source?.startsWith('/dev/') || out.has(source)) continue;
    out.set(source, { name: source.slice(5), target: target!, device: device! });
  }
  return [...out.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const vmstat: CommandSpec = {
  name: 'vmstat',
  suite: 'procps',
  async run(c) {
    const o = c.options({
      gnu: 'a,active n,one-header w,wide S,unit= t,timestamp s,stats d,disk f,forks m,slabs D,disk-sum',
    });
    if (o.has('stats', 'disk', 'forks', 'slabs', 'disk-sum'))
      c.fail('drydock: vmstat -d, -D, -f, -m and -s are not simulated');
    const [delay, count] = o.operands.map(Number);
    c.out('procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n');
    c.out(' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n');
    for (let i = 0; i < (count ?? (delay ? Infinity : 1)); i++) {
      if (i > 0) await c.sys.sleep(delay! * 1000);
      vmstatRow(c);
      await c.flush();
    }
    return 0;
  },
};

/** Swap, disk and interrupts are none: nothing here swaps, and no device interrupts. */
function vmstatRow(c: Command): void {
  const all = processes(c);
  const m = memory(c);
  const [, user = 0, nice = 0, system = 0, idle = 0] = (/^cpu .*$/m.exec(slurp(c.sys, '/proc/stat'))?.[0] ?? '')
    .split(/\s+/)
    .map(Number);
  const total = user + nice + system + idle || 1;
  const share = (ticks: number) => Math.round((100 * ticks) / total);
  const busy = share(user + nice) + share(system);
  const cells: [number, number][] = [
    [all.filter(({ state }) => state === 'R').length, 2],
    [all.filter(({ state }) => state === 'D').length, 3],
    [0, 7],
    [m.MemFree ?? 0, 7],
    [m.Buffers ?? 0, 7],
    [m.Cached ?? 0, 7],
    [0, 5],
    [0, 5],
    [0, 6],
    [0, 6],
    [0, 5],
    [0, 5],
    [share(user + nice), 3],
    [share(system), 3],
    [100 - busy, 3],
    [0, 3],
    [0, 3],
  ];
  c.out(`${cells.map(([value, width]) => String(value).padStart(width)).join('')}\n`);
}

interface TreeMarks {
  first: string;
  only: string;
  next: string;
  last: string;
  bar: string;
}

const asciiMarks: TreeMarks = { first: '-+-', only: '---', next: ' |-', last: ' `-', bar: ' | ' };
const lineMarks: TreeMarks = {
  first: '\u2500\u252c\u2500',
  only: '\u2500\u2500\u2500',
  next: ' \u251c\u2500',
  last: ' \u2514\u2500',
  bar: ' \u2502 ',
};

/** Names of a process's children, equal ones without children told as one: `2*[sleep]`. */
class ProcessTree {
  private readonly below = new Map<number, ProcessInfo[]>();
  constructor(
    private readonly c: Command,
    all: readonly ProcessInfo[],
    private readonly show: { pids: boolean; args: boolean; compact: boolean },
    private readonly marks: TreeMarks,
  ) {
    for (const info of all) this.below.set(info.ppid, [...(this.below.get(info.ppid) ?? []), info]);
  }

  private name(info: ProcessInfo): string {
    const pid = this.show.pids ? `(${info.pid})` : '';
    const rest = this.show.args && info.args.length > 1 ? ` ${info.args.slice(1).join(' ')}` : '';
    return `${info.comm}${pid}${rest}`;
  }

  print(info: ProcessInfo, before = '', indent = ''): void {
    const name = this.name(info);
    const children = this.grouped([...(this.below.get(info.pid) ?? [])].sort((a, b) => (a.comm < b.comm ? -1 : 1)));
    if (children.length === 0) {
      this.c.out(`${before}${name}\n`);
      return;
    }
    const { marks } = this;
    const under = indent + ' '.repeat(name.length);
    children.forEach(({ child, times }, i) => {
      const last = i === children.length - 1;
      const mark = i === 0 ? (last ? marks.only : marks.first) : last ? marks.last : marks.next;
      const lead = (i === 0 ? before + name : under) + mark;
      const further = under + (last ? '   ' : marks.bar);
      if (times > 1) this.c.out(`${lead}${times}*[${this.name(child)}]\n`);
      else this.print(child, lead, further);
    });
  }

  private grouped(children: readonly ProcessInfo[]): { child: ProcessInfo; times: number }[] {
    const out: { child: ProcessInfo; times: number }[] = [];
    for (const child of children) {
      const last = out.at(-1);
      const leaf = !this.below.has(child.pid);
      if (
        this.show.compact &&
        leaf &&
        last &&
        !this.below.has(last.child.pid) &&
        this.name(last.child) === this.name(child)
      )
        last.times++;
      else out.push({ child, times: 1 });
    }
    return out;
  }
}

export const pstree: CommandSpec = {
  name: 'pstree',
  suite: 'psmisc',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'a,arguments A,ascii c,compact-not h,highlight-all l,long n,numeric-sort p,show-pids s,show-parents u,uid-changes U,unicode T,hide-threads',
      busybox: 'p/show-pids',
    });
    const all = processes(c);
    const wanted = o.operands[0];
    const roots =
      wanted === undefined
        ? all.filter(({ pid }) => pid === 1)
        : all.filter(({ pid, comm }) => String(pid) === wanted || comm === wanted);
    if (roots.length === 0 && wanted !== undefined) c.fail(c.bb ? `no processes found` : 'No processes found.');
    const unicode = !c.bb && (o.has('unicode') || (isUtf8(c.sys) && !o.has('ascii')));
    const show = {
      pids: o.has('show-pids'),
      args: o.has('arguments'),
      compact: !o.has('compact-not', 'show-pids'),
    };
    const printer = new ProcessTree(c, all, show, unicode ? lineMarks : asciiMarks);
    for (const root of roots) printer.print(root);
    return 0;
  },
};

/** Nobody logs in here: there is no utmp. */
export const w: CommandSpec = {
  name: 'w',
  suite: 'procps',
  run(c) {
    const o = c.options({ gnu: 'h,no-header u,no-current s,short f,from o,old-style i,ip-addr' });
    if (o.has('no-header')) return 0;
    c.out(`${uptimeLine(c)}\n`);
    c.out('USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n');
    return 0;
  },
};
