import { ApiError } from '../../../api/index.ts';
import type { ContainerSummary, Volume } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import { chooseFormat, formatHelp, humanSize, inspectFormatHelp, printListing } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { pruneImages } from '../image/prune.ts';
import { inspectObjects } from '../inspect-objects.ts';
import { prune as pruneObjects } from '../prune.ts';
import { formattedUsage, type Usage, verboseUsage } from './disk-usage.ts';
import { events } from './events.ts';
import { info } from './info.ts';

interface UsageRow {
  type: string;
  total: number;
  active: number;
  size: number;
  reclaimable: number;
  share: boolean;
}

function usageRows(usage: Usage): UsageRow[] {
  const images = usage.Images ?? [];
  const containers = usage.Containers ?? [];
  const volumes = usage.Volumes ?? [];
  const cache = usage.BuildCache ?? [];
  const sum = <T>(list: readonly T[], size: (item: T) => number): number =>
    list.reduce((total, item) => total + size(item), 0);
  const used = sum(
    images.filter((image) => image.Containers > 0),
    (image) => (image.Size < 0 || image.SharedSize < 0 ? 0 : image.Size - image.SharedSize),
  );
  const running = (item: ContainerSummary): boolean => ['running', 'paused', 'restarting'].includes(item.State);
  const volumeSize = (item: Volume): number => Math.max(0, item.UsageData?.Size ?? 0);
  const active = volumes.filter((item) => (item.UsageData?.RefCount ?? 0) > 0);
  return [
    {
      type: 'Images',
      total: images.length,
      active: images.filter((image) => image.Containers > 0).length,
      size: usage.LayersSize,
      reclaimable: usage.LayersSize - used,
      share: true,
    },
    {
      type: 'Containers',
      total: containers.length,
      active: containers.filter(running).length,
      size: sum(containers, (item) => item.SizeRw ?? 0),
      reclaimable: sum(
        containers.filter((item) => !running(item)),
        (item) => item.SizeRw ?? 0,
      ),
      share: true,
    },
    {
      type: 'Local Volumes',
      total: volumes.length,
      active: active.length,
      size: sum(volumes, volumeSize),
      reclaimable: sum(
        volumes.filter((item) => !active.includes(item)),
        volumeSize,
      ),
      share: true,
    },
    {
      type: 'Build Cache',
      total: cache.length,
      active: cache.filter((item) => item.InUse).length,
      size: sum(cache, (item) => item.Size),
      reclaimable: sum(
        cache.filter((item) => !item.InUse && !item.Shared),
        (item) => item.Size,
      ),
      share: false,
    },
  ];
}

const df: Command = {
  name: 'df',
  use: '[OPTIONS]',
  short: 'Show docker disk usage',
  flags: [
    flag('format', '', 'string', formatHelp),
    flag('verbose', 'v', 'bool', 'Show detailed information on space usage'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const usage = await cli.client.json<Usage>('GET', '/system/df');
    if (flags.bool('verbose') && !flags.string('format')) {
      await cli.out(verboseUsage(cli, usage));
      return 0;
    }
    if (flags.bool('verbose')) {
      await cli.out(formattedUsage(cli, usage, flags.string('format')));
      return 0;
    }
    await printListing(
      cli,
      chooseFormat(
        cli,
        flags.string('format'),
        false,
        '',
        '{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}',
        '',
      ),
      usageRows(usage),
      {
        type: '*formatter.diskUsageContext',
        headers: { Type: 'TYPE', TotalCount: 'TOTAL', Active: 'ACTIVE', Size: 'SIZE', Reclaimable: 'RECLAIMABLE' },
        fields: (row) => ({
          Type: row.type,
          TotalCount: String(row.total),
          Active: String(row.active),
          Size: humanSize(row.size),
          Reclaimable:
            humanSize(row.reclaimable) +
            (row.share && row.size > 0 ? ` (${Math.trunc((row.reclaimable * 100) / row.size)}%)` : ''),
        }),
      },
    );
    return 0;
  },
};

const prune: Command = {
  name: 'prune',
  use: '[OPTIONS]',
  short: 'Remove unused data',
  flags: [
    flag('all', 'a', 'bool', 'Remove all unused images not just dangling ones'),
    flag('filter', '', 'filter', 'Provide filter values (e.g. "label=<key>=<value>")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
    flag('volumes', '', 'bool', 'Prune anonymous volumes'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const filters = flags.list('filter');
    const volumes = flags.bool('volumes');
    const all = flags.bool('all');
    if (volumes && filters.some((filter) => filter.startsWith('until=')))
      throw new StatusError(1, 'ERROR: The "until" filter is not supported with "--volumes"');
    if (!flags.bool('force')) {
      const warnings = [
        'all stopped containers',
        'all networks not used by at least one container',
        ...(volumes ? ['all anonymous volumes not used by at least one container'] : []),
        all ? 'all images without at least one container associated to them' : 'all dangling images',
        all ? 'all build cache' : 'unused build cache',
      ];
      const shown = filters.length
        ? `\n  Items to be pruned will be filtered with:\n${[...filters]
            .sort()
            .map((filter) => `  - ${filter}\n`)
            .join('')}`
        : '';
      const question = `WARNING! This will remove:\n${warnings.map((text) => `  - ${text}\n`).join('')}${shown}\nAre you sure you want to continue?`;
      if (!(await cli.confirm(question))) return 0;
    }
    const steps = [
      () => pruneObjects(cli, 'containers', filters),
      () => pruneObjects(cli, 'networks', filters),
      ...(volumes ? [() => pruneObjects(cli, 'volumes', filters)] : []),
      () => pruneImages(cli, all, filters),
      () => pruneObjects(cli, 'build', filters, all ? { all: '1' } : {}),
    ];
    let total = 0;
    for (const step of steps) {
      const { text, reclaimed = 0 } = await step();
      total += reclaimed;
      if (text) await cli.println(text);
    }
    await cli.out(`Total reclaimed space: ${humanSize(total)}\n`);
    return 0;
  },
};

const paths: [type: string, path: (name: string) => string][] = [
  ['container', (name) => `/containers/${name}/json`],
  ['image', (name) => `/images/${name}/json`],
  ['network', (name) => `/networks/${name}`],
  ['volume', (name) => `/volumes/${name}`],
  ['service', (name) => `/services/${name}`],
  ['task', (name) => `/tasks/${name}`],
  ['node', (name) => `/nodes/${name}`],
  ['plugin', (name) => `/plugins/${name}/json`],
  ['secret', (name) => `/secrets/${name}`],
  ['config', (name) => `/configs/${name}`],
];
const types = ['config', 'container', 'image', 'network', 'node', 'plugin', 'secret', 'service', 'task', 'volume'];

export const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] NAME|ID [NAME|ID...]',
  short: 'Return low-level information on Docker objects',
  flags: [
    flag('format', 'f', 'string', inspectFormatHelp),
    flag('size', 's', 'bool', 'Display total file sizes if the type is container'),
    flag('type', '', 'string', 'Only inspect objects of the given type'),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    const type = flags.string('type');
    if (flags.changed('type') && !types.includes(type)) {
      const problem = type ? `unknown type: ${JSON.stringify(type)}` : 'type is empty';
      throw new StatusError(1, `${problem}: must be one of ${types.map((name) => JSON.stringify(name)).join(', ')}`);
    }
    const size = flags.bool('size');
    const tried = paths.filter(([name]) => !type || name === type);
    return inspectObjects(cli, args, flags.string('format'), async (name) => {
      for (const [kind, path] of tried) {
        try {
          const query = kind === 'container' ? { size } : {};
          const text = await cli.client.text('GET', path(encodeURI(name)), { query });
          if (size && kind !== 'container') await cli.err(`WARNING: --size ignored for ${kind}\n`);
          return text;
        } catch (error) {
          const absent =
            error instanceof ApiError &&
            (error.status === 404 ||
              (!type && (error.status === 503 || /invalid reference format/.test(error.message))));
          if (type || !absent) throw error;
        }
      }
      throw new Error(`Error: No such object: ${name}`);
    });
  },
};

const dialStdio: Command = {
  name: 'dial-stdio',
  use: '',
  short: 'Proxy the stdio stream to the daemon connection. Should not be invoked manually.',
  hidden: true,
  args: { exact: 0 },
  async run() {
    throw new StatusError(1, 'drydock: docker system dial-stdio is not simulated');
  },
};

export const system: Command = {
  name: 'system',
  use: '',
  short: 'Manage Docker',
  commands: [df, dialStdio, events, info, prune],
};
