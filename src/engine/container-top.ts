import type { ProcessInfo } from '../port/index.ts';
import { contentText, type StatsSample, type TopResponse } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { conflict, engineError, serverError } from './errors.ts';

type Column = readonly [title: string, value: (process: ProcessInfo, context: Context) => string];

interface Context {
  userOf: (uid: number) => string;
}

const clock = (ms: number): string => {
  const total = Math.floor(ms / 1000);
  return [total / 3600, (total / 60) % 60, total % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
};
const shortClock = (ms: number): string =>
  `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
const startTime = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const command = (process: ProcessInfo): string => process.args.join(' ') || `[${process.comm}]`;

/** ps(1)'s output specifiers that can be told here. */
const columns: Record<string, Column> = {
  uid: ['UID', (p) => String(p.uid)],
  user: ['USER', (p, { userOf }) => userOf(p.uid)],
  pid: ['PID', (p) => String(p.pid)],
  ppid: ['PPID', (p) => String(p.ppid)],
  c: ['C', () => '0'],
  stime: ['STIME', (p) => startTime(p.startedMs)],
  tty: ['TTY', (p) => p.tty || '?'],
  time: ['TIME', (p) => clock(p.cpuMs)],
  cmd: ['CMD', command],
  args: ['COMMAND', command],
  command: ['COMMAND', command],
  comm: ['COMMAND', (p) => p.comm],
  stat: ['STAT', () => 'Ss'],
};

const full: Column[] = [
  ['UID', (p, { userOf }) => userOf(p.uid)],
  ...['pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd'].map((key) => columns[key]!),
];
const short: Column[] = [
  columns.pid!,
  columns.tty!,
  columns.stat!,
  ['TIME', (p) => shortClock(p.cpuMs)],
  columns.args!,
];
const bsd: Column[] = [
  columns.user!,
  columns.pid!,
  ['%CPU', () => '0.0'],
  ['%MEM', () => '0.0'],
  ['VSZ', () => '4400'],
  ['RSS', () => '0'],
  columns.tty!,
  columns.stat!,
  ['START', (p) => startTime(p.startedMs)],
  ['TIME', (p) => shortClock(p.cpuMs)],
  columns.args!,
];

/** GET /containers/{id}/top: what `ps` on the host says of the container's processes. */
export async function containerTop(daemon: Daemon, name: string, psArgs: string): Promise<TopResponse> {
  const container = daemon.containers.find(name);
  if (!container.isRunning || !container.task) throw conflict(`Container ${container.id} is not running`);
  if (container.state.restarting)
    throw conflict(`Container ${container.id} is restarting, wait until the container is running`);
  const wanted = selectColumns(psArgs || '-ef');
  const context = { userOf: hostUsers(daemon) };
  const processes = await container.task.processes();
  daemon.containerEvent(container, 'top');
  return {
    Processes: processes.map((process) => wanted.map(([, value]) => value(process, context))),
    Titles: wanted.map(([title]) => title),
  };
}

function selectColumns(psArgs: string): Column[] {
  const words = psArgs.split(/\s+/).filter(Boolean);
  const at = words.findIndex((word) => /^-?[a-z]*o$/.test(word) || word.startsWith('-o'));
  if (at >= 0) {
    const list = words[at]!.length > 2 && words[at]!.startsWith('-o') ? words[at]!.slice(2) : (words[at + 1] ?? '');
    const chosen = list.split(',').filter(Boolean);
    if (!chosen.includes('pid')) throw serverError("Couldn't find PID field in ps output");
    return chosen.map((key) => columns[key] ?? unknown(key));
  }
  if (words.some((word) => word === 'aux' || word === '-aux' || word === 'u')) return bsd;
  if (words.every((word) => /^[ax]+$/.test(word))) return short;
  if (words.every((word) => /^-[eflA]+$/.test(word))) return full;
  throw engineError(501, `drydock: ps ${psArgs} is not simulated`);
}

function unknown(key: string): never {
  throw serverError(`ps: exit status 1: error: unknown user-defined format specifier "${key}"`);
}

function hostUsers(daemon: Daemon): (uid: number) => string {
  const { hostTree } = daemon.ports;
  const text = hostTree.lstat('etc/passwd') ? contentText(hostTree.content('etc/passwd')) : '';
  const names = new Map(
    text
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid]) => [Number(uid), name ?? '']),
  );
  return (uid) => names.get(uid) ?? (uid === 0 ? 'root' : String(uid));
}

const interval = 1000;

/** GET /containers/{id}/stats: one sample a second, or one (measured over a second unless `oneShot`). */
export async function containerStats(
  daemon: Daemon,
  name: string,
  options: { stream: boolean; oneShot: boolean },
): Promise<AsyncIterable<StatsSample>> {
  const container = daemon.containers.find(name);
  return (async function* () {
    if (!container.isRunning) {
      yield idleSample(container.id, container.name);
      return;
    }
    let previous = options.oneShot ? undefined : await take();
    do {
      if (!options.oneShot) await new Promise<void>((resolve) => daemon.ports.clock.timer(interval, resolve));
      const sample = await take();
      if (!sample) {
        yield idleSample(container.id, container.name);
        return;
      }
      yield statsJson(container.id, container.name, sample, previous);
      previous = sample;
    } while (options.stream);
  })();

  async function take(): Promise<Sample | undefined> {
    const stats = await container.task?.stats();
    return stats && { read: daemon.now(), stats };
  }
}

interface Sample {
  read: string;
  stats: import('../port/index.ts').Stats;
}

const never = '0001-01-01T00:00:00Z';
const throttling = { periods: 0, throttled_periods: 0, throttled_time: 0 };
const emptyCpu = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: throttling,
};

const idleSample = (id: string, name: string): StatsSample => ({
  read: never,
  preread: never,
  pids_stats: {},
  blkio_stats: emptyBlkio(null),
  num_procs: 0,
  storage_stats: {},
  cpu_stats: emptyCpu,
  precpu_stats: emptyCpu,
  memory_stats: {},
  name: `/${name}`,
  id,
});

const emptyBlkio = (bytes: unknown) => ({
  io_service_bytes_recursive: bytes,
  io_serviced_recursive: null,
  io_queue_recursive: null,
  io_service_time_recursive: null,
  io_wait_time_recursive: null,
  io_merged_recursive: null,
  io_time_recursive: null,
  sectors_recursive: null,
});

const cpu = ({ stats }: Sample) => ({
  cpu_usage: { total_usage: stats.cpuNs, usage_in_kernelmode: 0, usage_in_usermode: stats.cpuNs },
  system_cpu_usage: stats.systemCpuNs,
  online_cpus: stats.onlineCpus,
  throttling_data: throttling,
});

function statsJson(id: string, name: string, sample: Sample, previous: Sample | undefined): StatsSample {
  const { stats } = sample;
  const blkio = [
    { major: 8, minor: 0, op: 'read', value: stats.blkio.read },
    { major: 8, minor: 0, op: 'write', value: stats.blkio.write },
  ];
  const networks = Object.entries(stats.network).map(([key, n]) => [
    key,
    {
      rx_bytes: n.rxBytes,
      rx_packets: n.rxPackets,
      rx_errors: 0,
      rx_dropped: 0,
      tx_bytes: n.txBytes,
      tx_packets: n.txPackets,
      tx_errors: 0,
      tx_dropped: 0,
    },
  ]);
  return {
    read: sample.read,
    preread: previous?.read ?? never,
    pids_stats: { current: stats.pids.current, ...(stats.pids.limit ? { limit: stats.pids.limit } : {}) },
    blkio_stats: emptyBlkio(blkio),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpu(sample),
    precpu_stats: previous ? cpu(previous) : emptyCpu,
    memory_stats: { usage: stats.memory.usage, max_usage: stats.memory.maxUsage, stats: {}, limit: stats.memory.limit },
    name: `/${name}`,
    id,
    ...(networks.length > 0 ? { networks: Object.fromEntries(networks) } : {}),
  };
}
