/** free, uptime, vmstat, dmesg, lscpu, watch: the state of the machine. */
import { slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { busyboxSize, humanSize } from '../core/numbers.ts';

/** /proc/meminfo, in KiB. */
export function memory(c: Command): Record<string, number> {
  const out: Record<string, number> = {};
  for (const match of slurp(c.sys, '/proc/meminfo').matchAll(/^(\S+):\s+(\d+)/gm)) out[match[1]!] = Number(match[2]);
  return out;
}

export const free: CommandSpec = {
  name: 'free',
  suite: 'procps',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'b,bytes k,kibi m,mebi g,giga h,human si l,lohi t,total s,seconds= c,count= w,wide tebi',
      busybox: 'b/bytes k/kibi m/mebi g/giga h/human',
    });
    const unit = o.has('bytes') ? 1 / 1024 : o.has('mebi') ? 1024 : o.has('giga') ? 1024 * 1024 : 1;
    const m = memory(c);
    const show = (kib: number): string => {
      if (!o.has('human')) return String(Math.floor(kib / unit));
      return c.bb
        ? busyboxSize(kib * 1024)
        : humanSize(kib * 1024)
            .replace(/^(\d+(?:\.\d)?)([KMGT])$/, '$1$2i')
            .replace(/^(\d+)$/, '$1B');
    };
    const cached = (m.Buffers ?? 0) + (m.Cached ?? 0) + (m.SReclaimable ?? 0);
    const total = m.MemTotal ?? 0;
    const left = m.MemFree ?? 0;
    const available = m.MemAvailable ?? left;
    const used = c.bb ? total - left - cached : total - available;
    const swap = [m.SwapTotal ?? 0, (m.SwapTotal ?? 0) - (m.SwapFree ?? 0), m.SwapFree ?? 0];
    const lead = c.bb ? 7 : 8;
    const row = (name: string, cells: string[]) =>
      `${name.padEnd(lead)}${cells
        .map((cell) => cell.padStart(12))
        .join('')
        .slice(c.bb ? 1 : 0)}\n`;
    const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
    c.out(
      c.bb
        ? `       ${titles.map((title) => title.padStart(12)).join('')}\n`
        : `${' '.repeat(8)}${titles.map((title) => title.padStart(12)).join('')}\n`,
    );
    const values = [total, used, left, m.Shmem ?? 0, cached, available].map(show);
    c.out(c.bb ? `Mem:   ${values.map((value) => value.padStart(12)).join('')}\n` : row('Mem:', values));
    c.out(c.bb ? `Swap:  ${swap.map((value) => show(value).padStart(12)).join('')}\n` : row('Swap:', swap.map(show)));
    return 0;
  },
};

/** ` 03:58:25 up  1:29,  0 users,  load average: 0.00, 0.00, 0.00` */
export function uptimeLine(c: Command): string {
  const up = Math.floor(Number(slurp(c.sys, '/proc/uptime').split(' ')[0] || 0));
  const load = slurp(c.sys, '/proc/loadavg').split(' ').slice(0, 3);
  const days = Math.floor(up / 86400);
  const hours = Math.floor((up % 86400) / 3600);
  const minutes = Math.floor((up % 3600) / 60);
  const dayText = days ? `${days} day${days === 1 ? '' : 's'}, ` : '';
  const clock = hours ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`;
  const now = strftime('%H:%M:%S', c.sys.now().sec, 0, zoneOf(c.sys));
  return ` ${now} up ${dayText}${clock},  0 user${c.bb ? 's' : ''},  load average: ${load.join(', ')}`;
}

export const uptime: CommandSpec = {
  name: 'uptime',
  suite: 'procps',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'p,pretty s,since', busybox: '' });
    const up = Number(slurp(c.sys, '/proc/uptime').split(' ')[0] || 0);
    if (o.has('since')) c.out(`${strftime('%Y-%m-%d %H:%M:%S', Math.floor(c.sys.now().sec - up), 0, zoneOf(c.sys))}\n`);
    else if (o.has('pretty')) {
      const minutes = Math.floor(up / 60);
      c.out(`up ${minutes} minute${minutes === 1 ? '' : 's'}\n`);
    } else c.out(`${uptimeLine(c)}\n`);
    return 0;
  },
};

export const dmesg: CommandSpec = {
  name: 'dmesg',
  suite: 'util-linux',
  applet: true,
  run: (c) => c.fail('drydock: the kernel log is not simulated'),
};

export const lscpu: CommandSpec = {
  name: 'lscpu',
  suite: 'util-linux',
  run(c) {
    c.options({ gnu: 'a,all b,online e,extended=? J,json p,parse=?' });
    const info = slurp(c.sys, '/proc/cpuinfo');
    const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(info)?.[1];
    const count = info.match(/^processor\s/gm)?.length ?? 1;
    const row = (name: string, value: string | undefined) => value && c.out(`${`${name}:`.padEnd(33)}${value}\n`);
    row('Architecture', c.sys.uname().machine);
    row('CPU(s)', String(count));
    row('On-line CPU(s) list', count === 1 ? '0' : `0-${count - 1}`);
    row('Vendor ID', field('vendor_id'));
    row('Model name', field('model name'));
    return 0;
  },
};

export const watch: CommandSpec = {
  name: 'watch',
  suite: 'procps',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'n,interval= t,no-title d,differences=? b,beep e,errexit g,chgexit c,color x,exec p,precise',
      busybox: 'n/interval: t/no-title',
      stopAtOperand: true,
    });
    if (o.operands.length === 0) c.usage();
    const seconds = Number(o.value('interval') ?? 2);
    const command = o.operands.join(' ');
    for (;;) {
      const width = (c.sys.isatty(1) && c.sys.winsize(1).columns) || 80;
      const left = `Every ${c.bb ? seconds : seconds.toFixed(1)}${c.bb ? '.0' : ''}s: ${command}`;
      const right = `${c.bb ? '' : `${c.sys.uname().nodename}: `}${strftime(c.bb ? '%Y-%m-%d %H:%M:%S' : '%a %b %e %H:%M:%S %Y', c.sys.now().sec, 0, zoneOf(c.sys))}`;
      c.raw('\x1b[H\x1b[J');
      if (!o.has('no-title')) c.out(`${left}${right.padStart(Math.max(1, width - left.length))}\n\n`);
      const status = o.has('exec') ? await c.system(o.operands) : await c.system(['sh', '-c', command]);
      if (status && o.has('errexit')) return 8;
      await c.sys.sleep(seconds * 1000);
    }
  },
};
