import type { ImageDeleteItem } from '../../spec/index.ts';
import type { DockerCli } from '../docker-cli.ts';
import type { FlagSet } from '../flag/index.ts';
import { humanSize } from '../format/index.ts';
import type { Command } from './command.ts';
import { filterQuery } from './filters.ts';

export interface Pruned {
  /** What was deleted, a heading and a name per line; '' when nothing was. */
  text: string;
  /** Bytes; undefined where docker does not say. */
  reclaimed?: number;
}

type Report = {
  SpaceReclaimed?: number;
  ContainersDeleted?: string[] | null;
  NetworksDeleted?: string[] | null;
  VolumesDeleted?: string[] | null;
  ImagesDeleted?: ImageDeleteItem[] | null;
  CachesDeleted?: string[] | null;
};

const headings = {
  containers: ['Deleted Containers', 'ContainersDeleted'],
  networks: ['Deleted Networks', 'NetworksDeleted'],
  volumes: ['Deleted Volumes', 'VolumesDeleted'],
  build: ['Deleted build cache objects', 'CachesDeleted'],
} as const;

/** Asks the daemon to remove what is unused of one kind. */
export async function prune(
  cli: DockerCli,
  kind: 'containers' | 'networks' | 'volumes' | 'images' | 'build',
  filters: readonly string[],
  query: Record<string, string> = {},
): Promise<Pruned> {
  const report = await cli.client.json<Report>('POST', `/${kind}/prune`, {
    query: { ...query, filters: filterQuery(filters) ?? (kind === 'build' ? undefined : '{}') },
  });
  const reclaimed = kind === 'networks' ? undefined : (report.SpaceReclaimed ?? 0);
  if (kind === 'images') return { text: imagesText(report.ImagesDeleted ?? []), reclaimed };
  const [heading, key] = headings[kind];
  const names = report[key] ?? [];
  return { text: names.length ? `${heading}:\n${names.map((name) => `${name}\n`).join('')}` : '', reclaimed };
}

const imagesText = (items: readonly ImageDeleteItem[]): string =>
  items.length
    ? `Deleted Images:\n${items.map((item) => ('Untagged' in item ? `untagged: ${item.Untagged}\n` : `deleted: ${item.Deleted}\n`)).join('')}`
    : '';

/** The run function of a `prune` command: asks unless forced, then reports. */
export function pruneCommand(
  warning: string | ((flags: FlagSet, cli: DockerCli) => string | Promise<string>),
  run: (cli: DockerCli, flags: FlagSet) => Promise<Pruned>,
): Pick<Command, 'args' | 'run'> {
  return {
    args: { exact: 0 },
    async run(cli, flags) {
      const question = typeof warning === 'string' ? warning : await warning(flags, cli);
      // Differs from Docker: nothing; a prune that is declined ends silently with 0 (cli v28).
      if (!flags.bool('force') && !(await cli.confirm(question))) return 0;
      const { text, reclaimed } = await run(cli, flags);
      if (text) await cli.println(text);
      if (reclaimed !== undefined) await cli.out(`Total reclaimed space: ${humanSize(reclaimed)}\n`);
      return 0;
    },
  };
}
