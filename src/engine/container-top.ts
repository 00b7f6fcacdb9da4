import { contentText, type StatsSample, type TopResponse } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { conflict, serverError } from './errors.ts';
import { PsOutput } from './ps-output.ts';

/** GET /containers/{id}/top: what `ps` on the host says of the container's processes. */
export async function containerTop(daemon: Daemon, name: string, psArgs: string): Promise<TopResponse> {
  const container = daemon.containers.find(name);
  if (!container.isRunning || !container.task) throw conflict(`Container ${container.id} is not running`);
  if (container.state.restarting)
    throw conflict(`Container ${container.id} is restarting, wait until the container is running`);
  const { columns, pids, headers } = new PsOutput(psArgs || '-ef');
  if (!headers || !columns.some(([title]) => title === 'PID'))
    throw serverError("Couldn't find PID field in ps output");
  const context = { userOf: hostUsers(daemon) };
  const own = await container.task.processes();
  const processes = pids ? own.filter(({ pid }) => pids.includes(pid)) : own;
  daemon.containerEvent(container, 'top');
  return {
    Processes: processes.map((process) => columns.map(([, value]) => value(process, context))),
    Titles: columns.map(([title]) => title),
  };
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
