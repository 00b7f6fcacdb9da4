import type { ContainerSummary } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import {
  chooseFormat,
  displayPorts,
  ellipsis,
  formatHelp,
  goTime,
  humanDuration,
  humanSize,
  type Listing,
  parseTemplate,
  printListing,
  rowStruct,
  shortId,
} from '../../format/index.ts';
import { ExecuteError, goQuote } from '../../template/index.ts';
import { type Command, StatusError } from '../command.ts';
import { filterQuery } from '../filters.ts';

const table = '{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';
/** `--format raw`. */
export const rawContainers =
  'container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n';

export const ls: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List containers',
  aliases: ['list', 'ps'],
  aliasText: 'docker container ls, docker container list, docker container ps, docker ps',
  flags: [
    flag('all', 'a', 'bool', 'Show all containers (default shows just running)'),
    flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
    flag('format', '', 'string', formatHelp),
    flag('last', 'n', 'int', 'Show n last created containers (includes all states)', { default: '-1' }),
    flag('latest', 'l', 'bool', 'Show the latest created container (includes all states)'),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
    flag('quiet', 'q', 'bool', 'Only display container IDs'),
    flag('size', 's', 'bool', 'Display total file sizes'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const quiet = flags.bool('quiet');
    const sized = flags.bool('size');
    if (quiet && flags.string('format') !== '') {
      await cli.err('WARNING: Ignoring custom format, because both --format and --quiet are set.\n');
    }
    const listing = containerListing(cli, flags.bool('no-trunc'), sized);
    // A format is tried on no container before any is asked for.
    if (flags.string('format')) {
      try {
        tryFormat(flags.string('format'), listing);
      } catch (error) {
        toldByList(error);
      }
    }
    const last = flags.bool('latest') && flags.int('last') === -1 ? 1 : flags.int('last');
    const format = chooseFormat(
      cli,
      // What -q shows is the id, whatever the format says.
      quiet ? '' : flags.string('format'),
      quiet,
      'psFormat',
      table + (sized ? '\t{{.Size}}' : ''),
      '{{.ID}}',
      quiet ? 'container_id: {{.ID}}' : rawContainers + (sized ? 'size: {{.Size}}\n' : ''),
    );
    // The word `json` alone asks for no sizes; a template that uses the whole container does.
    const asked = flags.string('format') === 'json' ? '' : format;
    const size = sized || (!flags.changed('size') && /\.Size\b|\{\{\s*json \.\s*\}\}/.test(asked));
    const query = {
      all: flags.bool('all') || last > 0,
      limit: last > 0 ? last : undefined,
      size,
      filters: filterQuery(flags.list('filter')),
    };
    const containers = await cli.client.json<ContainerSummary[]>('GET', '/containers/json', { query });
    await printListing(cli, format, containers, containerListing(cli, flags.bool('no-trunc'), size));
    return 0;
  },
};

export const ps: Command = { ...ls, name: 'ps', aliases: [], top: 3 };

const noContainer: ContainerSummary = {
  Id: '',
  Names: [],
  Image: '',
  ImageID: '',
  Command: '',
  Created: 0,
  Ports: [],
  Labels: {},
  State: 'created',
  Status: '',
  HostConfig: { NetworkMode: '' },
  NetworkSettings: { Networks: {} },
  Mounts: [],
};

export function containerListing(cli: DockerCli, whole: boolean, sized: boolean): Listing<ContainerSummary> {
  const now = cli.host.now();
  const cut = (text: string, size: number): string => (whole ? text : ellipsis(text, size));
  return {
    type: '*formatter.ContainerContext',
    headers: {
      ID: 'CONTAINER ID',
      Names: 'NAMES',
      Image: 'IMAGE',
      Command: 'COMMAND',
      CreatedAt: 'CREATED AT',
      RunningFor: 'CREATED',
      Ports: 'PORTS',
      State: 'STATE',
      Status: 'STATUS',
      Size: 'SIZE',
      Labels: 'LABELS',
      Mounts: 'MOUNTS',
      LocalVolumes: 'LOCAL VOLUMES',
      Networks: 'NETWORKS',
      Platform: 'PLATFORM',
    },
    methods: (item) => ({ Label: (name) => item.Labels?.[String(name)] ?? '' }),
    fields: (item) => ({
      ID: whole ? item.Id : shortId(item.Id),
      Names: names(item, whole),
      Image: imageName(item, whole),
      Command: goQuote(cut(item.Command, 20)),
      CreatedAt: goTime(item.Created, cli.host.timezone({ sec: item.Created, nsec: 0 })),
      RunningFor: `${humanDuration(now.sec + now.nsec / 1e9 - item.Created)} ago`,
      Ports: displayPorts(item.Ports ?? []),
      State: item.State,
      Status: item.Status,
      Size: sized || item.SizeRw || item.SizeRootFs ? sizeText(item) : '0B',
      Labels: Object.entries(item.Labels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(','),
      Mounts: (item.Mounts ?? []).map((mount) => cut(mount.Name || mount.Source, 15)).join(','),
      LocalVolumes: String((item.Mounts ?? []).filter((mount) => mount.Driver === 'local').length),
      Networks: Object.keys(item.NetworkSettings?.Networks ?? {})
        .sort()
        .join(','),
      Platform: null,
    }),
  };
}

const sizeText = (item: ContainerSummary): string =>
  humanSize(item.SizeRw ?? 0, 3) + (item.SizeRootFs ? ` (virtual ${humanSize(item.SizeRootFs, 3)})` : '');

/** Without truncation the names other containers link it by are shown as well. */
const names = (item: ContainerSummary, whole: boolean): string =>
  item.Names.map((name) => name.replace(/^\//, ''))
    .filter((name) => whole || !name.includes('/'))
    .join(',');

function imageName(item: ContainerSummary, whole: boolean): string {
  if (!item.Image) return '<no image>';
  if (whole) return item.Image;
  if (item.ImageID && shortId(item.ImageID) === shortId(item.Image)) return shortId(item.Image);
  return item.Image.replace(/@sha256:[0-9a-f]{64}$/, '');
}

/** docker ps reads its format once before it asks for containers, with texts of its own. */
/** The format as it was given, `table` and escapes too, is a template. */
function tryFormat(format: string, listing: Listing<ContainerSummary>): void {
  try {
    parseTemplate(format).execute(rowStruct(noContainer, listing));
  } catch (error) {
    throw error instanceof ExecuteError ? new StatusError(1, `template parsing error: ${error.message}`) : error;
  }
}

function toldByList(error: unknown): never {
  if (!(error instanceof StatusError)) throw error;
  const verb = error.message.includes(': executing ') ? 'execute' : 'parse';
  throw new StatusError(1, error.message.replace(/^template parsing error/, `failed to ${verb} template`));
}
