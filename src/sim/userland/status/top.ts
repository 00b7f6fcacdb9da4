/** top: procps 4.0 and BusyBox; batch mode, and a screen that q ends. */
import { Accounts, slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { commandLine, type ProcessInfo, processes } from '../process/processes.ts';
import { memory, uptimeLine } from './memory.ts';

interface Sample {
  atMs: number;
  ticks: Map<number, number>;
}

export const top: CommandSpec = {
  name: 'top',
  suite: 'procps',
  applet: true,
  shortName: true,
  async run(c) {
    const o = c.options({ gnu: 'b n: d: p: u: U: H c i o: S s w: 1 e: E: h v', busybox: 'b n: d: H m' });
    const rounds = o.value('n') === undefined ? Number.POSITIVE_INFINITY : Number(o.value('n'));
    const seconds = Number(o.value('d') ?? (c.bb ? 5 : 3));
    const batch = o.has('b');
    if (!batch && !c.bb && !c.sys.isatty(1)) c.fail('failed tty get');
    const before = !batch && c.sys.isatty(0) ? c.sys.tcgetattr(0) : undefined;
    if (before) c.sys.tcsetattr(0, { ...before, flags: { ...before.flags, icanon: false, echo: false } });
    let last: Sample | undefined;
    try {
      for (let round = 0; round < rounds; round++) {
        last = page(c, batch, last, o.value('p'));
        await c.flush();
        if (round + 1 < rounds && (await quits(c, before !== undefined, seconds))) break;
      }
    } finally {
      if (before) c.sys.tcsetattr(0, before);
    }
    return 0;
  },
};

/** Waits for the next round; true when q was typed. */
async function quits(c: Command, keys: boolean, seconds: number): Promise<boolean> {
  if (!keys) {
    await c.sys.sleep(seconds * 1000);
    return false;
  }
  const ready = await c.sys.poll([{ fd: 0, read: true }], seconds * 1000);
  if (ready.length === 0) return false;
  const typed = await c.sys.read(0);
  return typed.length === 0 || typed.includes(0x71) || typed.includes(3);
}

function page(c: Command, batch: boolean, last: Sample | undefined, pid: string | undefined): Sample {
  const infos = processes(c).filter((info) => pid === undefined || pid.split(',').includes(String(info.pid)));
  const now = { atMs: c.sys.monotonic(), ticks: new Map(infos.map((info) => [info.pid, info.cpuTicks])) };
  const share = (info: ProcessInfo): number => {
    const spanMs = last
      ? now.atMs - last.atMs
      : Number(slurp(c.sys, '/proc/uptime').split(' ')[0]) * 1000 - info.startTicks * 10;
    const ticks = info.cpuTicks - (last?.ticks.get(info.pid) ?? 0);
    return spanMs > 0 ? Math.min(100, (ticks * 1000) / spanMs) : 0;
  };
  const sorted = [...infos].sort((a, b) => share(b) - share(a) || a.pid - b.pid);
  const lines = c.bb ? busyboxPage(c, sorted, share) : gnuPage(c, sorted, share);
  if (batch) c.out(`${lines.join('\n')}\n${c.bb ? '' : '\n'}`.replace(/\n\n$/, '\n'));
  else {
    // BusyBox draws on what is no terminal as on one of 80 by 24.
    const { columns, rows } = c.sys.isatty(1) ? c.sys.winsize(1) : { columns: 80, rows: 24 };
    const fit = lines.slice(0, (rows || 24) - 1).map((line) => `${line.slice(0, columns || 80)}\x1b[K\r\n`);
    c.raw(`\x1b[H${fit.join('')}\x1b[J`);
  }
  return now;
}

const mib = (kib: number): string => (kib / 1024).toFixed(1);
const counts = (infos: ProcessInfo[], states: string): number =>
  infos.filter((info) => states.includes(info.state)).length;

function gnuPage(c: Command, infos: ProcessInfo[], share: (info: ProcessInfo) => number): string[] {
  const m = memory(c);
  const accounts = new Accounts(c.sys);
  const cached = (m.Buffers ?? 0) + (m.Cached ?? 0);
  const busy = Math.min(
    100,
    infos.reduce((sum, info) => sum + share(info), 0),
  );
  const cell = (kib: number) => mib(kib).padStart(8);
  const tasks = `${String(infos.length).padStart(3)} total, ${String(counts(infos, 'R')).padStart(3)} running, ${String(counts(infos, 'SDI')).padStart(3)} sleeping, ${String(counts(infos, 'Tt')).padStart(3)} stopped, ${String(counts(infos, 'Z')).padStart(3)} zombie`;
  const available = m.MemAvailable ?? m.MemFree ?? 0;
  const head = [
    `top -${uptimeLine(c)}`,
    `Tasks: ${tasks}`,
    `%Cpu(s): ${busy.toFixed(1).padStart(4)} us,  0.0 sy,  0.0 ni, ${(100 - busy).toFixed(1).padStart(4)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st `,
    `MiB Mem : ${cell(m.MemTotal ?? 0)} total, ${cell(m.MemFree ?? 0)} free, ${cell((m.MemTotal ?? 0) - available)} used, ${cell(cached)} buff/cache     `,
    `MiB Swap: ${cell(m.SwapTotal ?? 0)} total, ${cell(m.SwapFree ?? 0)} free, ${cell((m.SwapTotal ?? 0) - (m.SwapFree ?? 0))} used. ${cell(available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ];
  const rows = infos.map((info) => {
    const resident = info.rssPages * 4;
    const hundredths = info.cpuTicks % 100;
    const time = `${Math.floor(info.cpuTicks / 6000)}:${String(Math.floor(info.cpuTicks / 100) % 60).padStart(2, '0')}.${String(hundredths).padStart(2, '0')}`;
    const user = accounts.user(info.uid);
    return [
      String(info.pid).padStart(7),
      (user.length > 8 ? `${user.slice(0, 7)}+` : user).padEnd(8),
      String(20 + info.nice).padStart(3),
      String(info.nice).padStart(3),
      String(Math.floor(info.vsize / 1024)).padStart(7),
      String(resident).padStart(6),
      '0'.padStart(6),
      info.state,
      share(info).toFixed(1).padStart(5),
      ((resident * 100) / (m.MemTotal || 1)).toFixed(1).padStart(5),
      time.padStart(9),
      info.comm,
    ].join(' ');
  });
  return [...head, ...rows];
}

function busyboxPage(c: Command, infos: ProcessInfo[], share: (info: ProcessInfo) => number): string[] {
  const m = memory(c);
  const accounts = new Accounts(c.sys);
  const left = m.MemFree ?? 0;
  const busy = Math.round(
    Math.min(
      100,
      infos.reduce((sum, info) => sum + share(info), 0),
    ),
  );
  const load = slurp(c.sys, '/proc/loadavg').trim().split(' ');
  const percent = (value: number) => `${String(Math.round(value)).padStart(3)}%`;
  const head = [
    `Mem: ${(m.MemTotal ?? 0) - left}K used, ${left}K free, ${m.Shmem ?? 0}K shrd, ${m.Buffers ?? 0}K buff, ${m.Cached ?? 0}K cached`,
    `CPU: ${percent(busy)} usr ${percent(0)} sys ${percent(0)} nic ${percent(100 - busy)} idle ${percent(0)} io ${percent(0)} irq ${percent(0)} sirq`,
    `Load average: ${load.join(' ')}`,
    '  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND',
  ];
  const rows = infos.map((info) => {
    const kib = Math.floor(info.vsize / 1024);
    const size = kib < 100000 ? String(kib) : `${Math.floor(kib / 1024)}m`;
    const state = `${info.state}${info.nice < 0 ? '<' : info.nice > 0 ? 'N' : ''}`;
    return `${String(info.pid).padStart(5)} ${String(info.ppid).padStart(5)} ${accounts.user(info.uid).slice(0, 8).padEnd(8)} ${state.padEnd(4)} ${size.padStart(5)} ${percent((kib * 100) / (m.MemTotal || 1))} ${percent(share(info))} ${commandLine(info)}`;
  });
  return [...head, ...rows];
}
