import type { Volume } from '../../../spec/index.ts';
import { forEach } from '../../docker-cli.ts';
import { flag, keyValues } from '../../flag/index.ts';
import {
  chooseFormat,
  formatHelp,
  humanSize,
  inspectFormatHelp,
  type Listing,
  printListing,
} from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { checkLabel } from '../container/option-checks.ts';
import { filterQuery } from '../filters.ts';
import { inspectObjects } from '../inspect-objects.ts';
import { pruneCommand, prune as pruneObjects } from '../prune.ts';

const clusterFlags = [
  ...['availability', 'group', 'limit-bytes', 'required-bytes', 'scope', 'secret', 'sharing'],
  ...['topology-preferred', 'topology-required', 'type'],
];

const create: Command = {
  name: 'create',
  use: '[OPTIONS] [VOLUME]',
  short: 'Create a volume',
  flags: [
    flag('availability', '', 'string', 'Cluster Volume availability ("active", "pause", "drain")', {
      default: '"active"',
      since: '1.42',
    }),
    flag('driver', 'd', 'string', 'Specify volume driver name', { default: '"local"' }),
    flag('group', '', 'string', 'Cluster Volume group (cluster volumes)', { since: '1.42' }),
    flag('label', '', 'list', 'Set metadata for a volume', { check: checkLabel }),
    flag('name', '', 'string', 'Specify volume name', { hidden: true }),
    flag('limit-bytes', '', 'bytes', 'Minimum size of the Cluster Volume in bytes', { since: '1.42' }),
    flag('opt', 'o', 'map', 'Set driver specific options', { default: 'map[]' }),
    flag('required-bytes', '', 'bytes', 'Maximum size of the Cluster Volume in bytes', { since: '1.42' }),
    flag('scope', '', 'string', 'Cluster Volume access scope ("single", "multi")', {
      default: '"single"',
      since: '1.42',
    }),
    flag('secret', '', 'map', 'Cluster Volume secrets', { default: 'map[]', since: '1.42' }),
    flag('sharing', '', 'string', 'Cluster Volume access sharing ("none", "readonly", "onewriter", "all")', {
      default: '"none"',
      since: '1.42',
    }),
    flag('topology-preferred', '', 'list', 'A topology that the Cluster Volume would be preferred in', {
      since: '1.42',
    }),
    flag('topology-required', '', 'list', 'A topology that the Cluster Volume must be accessible from', {
      since: '1.42',
    }),
    flag('type', '', 'string', 'Cluster Volume access type ("mount", "block")', { default: '"block"', since: '1.42' }),
  ],
  args: { max: 1 },
  async run(cli, flags, [name]) {
    const cluster = clusterFlags.find((name) => flags.changed(name));
    if (cluster) throw new StatusError(1, `drydock: volume create --${cluster} is not simulated`);
    const own = flags.string('name');
    if (own && name !== undefined) {
      const why = 'cannot specify a volume-name through both --name and as a positional arg';
      throw new StatusError(1, `conflicting options: ${why}`);
    }
    const given = (map: Record<string, string>) => (Object.keys(map).length ? map : undefined);
    const json = {
      Driver: flags.string('driver') || undefined,
      DriverOpts: given(flags.map('opt')),
      Labels: given(keyValues(flags.list('label'))),
      Name: name || own || undefined,
    };
    await cli.println((await cli.client.json<Volume>('POST', '/volumes/create', { json })).Name);
    return 0;
  },
};

const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] VOLUME [VOLUME...]',
  short: 'Display detailed information on one or more volumes',
  flags: [flag('format', 'f', 'string', inspectFormatHelp)],
  args: { min: 1 },
  async run(cli, flags, args) {
    return inspectObjects(cli, args, flags.string('format'), (name) =>
      cli.client.text('GET', `/volumes/${encodeURIComponent(name)}`),
    );
  },
};

const ls: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List volumes',
  aliases: ['list'],
  aliasText: 'docker volume ls, docker volume list',
  flags: [
    flag('cluster', '', 'bool', 'Display only cluster volumes, and use cluster volume list formatting', {
      since: '1.42',
    }),
    flag('filter', 'f', 'filter', 'Provide filter values (e.g. "dangling=true")'),
    flag('format', '', 'string', formatHelp),
    flag('quiet', 'q', 'bool', 'Only display volume names'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    if (flags.bool('cluster')) throw new StatusError(1, 'drydock: volume ls --cluster is not simulated');
    const { Volumes } = await cli.client.json<{ Volumes: Volume[] | null }>('GET', '/volumes', {
      query: { filters: filterQuery(flags.list('filter')) },
    });
    const quiet = flags.bool('quiet');
    const format = chooseFormat(
      cli,
      flags.string('format'),
      quiet,
      'volumesFormat',
      '{{.Driver}}\t{{.Name}}',
      '{{.Name}}',
      quiet ? 'name: {{.Name}}' : 'name: {{.Name}}\ndriver: {{.Driver}}\n',
    );
    const volumes = [...(Volumes ?? [])].sort((a, b) => a.Name.localeCompare(b.Name, 'en', { numeric: true }));
    await printListing(cli, format, volumes, volumeListing);
    return 0;
  },
};

export const volumeListing: Listing<Volume> = {
  type: '*formatter.volumeContext',
  headers: {
    Name: 'VOLUME NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    Availability: 'AVAILABILITY',
    Mountpoint: 'MOUNTPOINT',
    Labels: 'LABELS',
    Links: 'LINKS',
    Size: 'SIZE',
    Group: 'GROUP',
    Status: 'STATUS',
  },
  methods: (item) => ({ Label: (name) => item.Labels?.[String(name)] ?? '' }),
  fields: (item) => ({
    Name: item.Name,
    Driver: item.Driver,
    Scope: item.Scope,
    Mountpoint: item.Mountpoint,
    Labels: Object.entries(item.Labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
    Links: item.UsageData ? String(item.UsageData.RefCount) : 'N/A',
    Size: item.UsageData ? humanSize(item.UsageData.Size) : 'N/A',
    Availability: 'N/A',
    Group: 'N/A',
    Status: 'N/A',
  }),
};

const rm: Command = {
  name: 'rm',
  use: '[OPTIONS] VOLUME [VOLUME...]',
  short: 'Remove one or more volumes',
  long: 'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
  aliases: ['remove'],
  aliasText: 'docker volume rm, docker volume remove',
  flags: [flag('force', 'f', 'bool', 'Force the removal of one or more volumes')],
  args: { min: 1 },
  async run(cli, flags, args) {
    await forEach(args, async (name) => {
      await cli.client.done('DELETE', `/volumes/${encodeURIComponent(name)}`, {
        query: { force: flags.bool('force') },
      });
      await cli.println(name);
    });
    return 0;
  },
};

const prune: Command = {
  name: 'prune',
  use: '[OPTIONS]',
  short: 'Remove unused local volumes',
  flags: [
    flag('all', 'a', 'bool', 'Remove all unused volumes, not just anonymous ones', { since: '1.42' }),
    flag('filter', '', 'filter', 'Provide filter values (e.g. "label=<label>")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
  ],
  ...pruneCommand(
    // A daemon before API 1.42 prunes the named ones too.
    async (flags, cli) =>
      `WARNING! This will remove ${flags.bool('all') || Number((await cli.client.ping()).apiVersion.split('.')[1]) < 42 ? 'all' : 'anonymous'} local volumes not used by at least one container.\nAre you sure you want to continue?`,
    (cli, flags) => pruneObjects(cli, 'volumes', [...flags.list('filter'), ...(flags.bool('all') ? ['all=true'] : [])]),
  ),
};

const update: Command = {
  name: 'update',
  use: '[OPTIONS] [VOLUME]',
  short: 'Update a volume (cluster volumes only)',
  since: '1.42',
  flags: [
    flag('availability', '', 'string', 'Cluster Volume availability ("active", "pause", "drain")', {
      default: '"active"',
    }),
  ],
  args: { exact: 1 },
  async run() {
    throw new StatusError(1, 'drydock: docker volume update is not simulated');
  },
};

export const volume: Command = {
  name: 'volume',
  use: 'COMMAND',
  short: 'Manage volumes',
  commands: [create, inspect, ls, prune, rm, update],
};
