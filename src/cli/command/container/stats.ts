import type { ContainerSummary } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { bytesSize, chooseFormat, formatHelp, humanSize, printListing, shortId } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';

interface Sample {
  /** The name the user gave it. */
  asked?: string;
  id: string;
  name: string;
  cpu_stats: {
    cpu_usage: { total_usage: number; percpu_usage?: number[] | null };
    system_cpu_usage?: number;
    online_cpus?: number;
  };
  precpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage?: number };
  memory_stats: { usage?: number; limit?: number; stats?: Record<string, number> };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
  blkio_stats?: { io_service_bytes_recursive?: { op: string; value: number }[] | null };
  pids_stats?: { current?: number };
}

export const stats: Command = {
  name: 'stats',
  use: '[OPTIONS] [CONTAINER...]',
  short: 'Display a live stream of container(s) resource usage statistics',
  aliasText: 'docker container stats, docker stats',
  flags: [
    flag('all', 'a', 'bool', 'Show all containers (default shows just running)'),
    flag('format', '', 'string', formatHelp),
    flag('no-stream', '', 'bool', 'Disable streaming stats and only pull the first result'),
    flag('no-trunc', '', 'bool', 'Do not truncate output'),
  ],
  async run(cli, flags, args) {
    const names = args.length
      ? args
      : (
          await cli.client.json<ContainerSummary[]>('GET', '/containers/json', { query: { all: flags.bool('all') } })
        ).map(({ Id }) => shortId(Id));
    const show = async (samples: Sample[]): Promise<void> =>
      printSamples(cli, samples, flags.string('format'), flags.bool('no-trunc'));
    const sample = async (name: string): Promise<Sample> => ({
      ...(await cli.client.json<Sample>('GET', `/containers/${encodeURIComponent(name)}/stats`, {
        query: { stream: '0' },
      })),
      asked: name,
    });
    if (flags.bool('no-stream')) {
      const results = await Promise.allSettled(names.map(sample));
      const errors = results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
      if (errors.length) throw new StatusError(1, errors.join('\n'));
      await show(results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      return 0;
    }
    const stop = new AbortController();
    const release = cli.host.onSignal(() => stop.abort());
    while (!stop.signal.aborted) {
      const samples = await Promise.all(names.map(sample));
      await cli.out('\x1b[H');
      await show(samples);
      await cli.out('\x1b[J');
      await cli.host.sleep(500, stop.signal);
    }
    release();
    return 130;
  },
};

function printSamples(cli: DockerCli, samples: readonly Sample[], given: string, whole: boolean): Promise<void> {
  const format = chooseFormat(
    cli,
    given,
    false,
    'statsFormat',
    '{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}',
    '',
  );
  return printListing(cli, format, samples, {
    type: '*container.statsContext',
    headers: {
      Container: 'CONTAINER',
      ID: 'CONTAINER ID',
      Name: 'NAME',
      CPUPerc: 'CPU %',
      MemUsage: 'MEM USAGE / LIMIT',
      MemPerc: 'MEM %',
      NetIO: 'NET I/O',
      BlockIO: 'BLOCK I/O',
      PIDs: 'PIDS',
    },
    fields: (sample) => {
      const memory = usedMemory(sample);
      const limit = sample.memory_stats.limit ?? 0;
      const networks = Object.values(sample.networks ?? {});
      const blocks = (op: string): number =>
        (sample.blkio_stats?.io_service_bytes_recursive ?? [])
          .filter((entry) => entry.op.toLowerCase() === op)
          .reduce((sum, entry) => sum + entry.value, 0);
      const total = (key: 'rx_bytes' | 'tx_bytes'): number => networks.reduce((sum, network) => sum + network[key], 0);
      return {
        Container: sample.asked ?? shortId(sample.id),
        ID: whole ? sample.id : shortId(sample.id),
        Name: sample.name.replace(/^\//, ''),
        CPUPerc: `${cpuPercent(sample).toFixed(2)}%`,
        MemUsage: `${bytesSize(memory)} / ${bytesSize(limit)}`,
        MemPerc: `${(limit ? (memory / limit) * 100 : 0).toFixed(2)}%`,
        NetIO: `${humanSize(total('rx_bytes'), 3)} / ${humanSize(total('tx_bytes'), 3)}`,
        BlockIO: `${humanSize(blocks('read'), 3)} / ${humanSize(blocks('write'), 3)}`,
        PIDs: String(sample.pids_stats?.current ?? 0),
      };
    },
  });
}

/** Usage without the page cache that can be given back. */
function usedMemory({ memory_stats: { usage = 0, stats = {} } }: Sample): number {
  const cache = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}

function cpuPercent({ cpu_stats: now, precpu_stats: before }: Sample): number {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const system = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const cpus = now.online_cpus || now.cpu_usage.percpu_usage?.length || 1;
  return system > 0 && used > 0 ? (used / system) * cpus * 100 : 0;
}
