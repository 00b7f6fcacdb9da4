import type { ContainerInspect, ContainerSummary, PortSummary } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import {
  displayPorts,
  ellipsis,
  formatHelp,
  goTime,
  humanDuration,
  humanSize,
  type Listing,
  printListing,
  shortId,
} from '../../format/index.ts';
import { goQuote, Struct, type Value } from '../../template/index.ts';
import { type Command, StatusError } from '../command.ts';
import { rawContainers } from '../container/list.ts';
import { type Compose, composeRun } from './compose.ts';
import { canonicalName, listContainers, ofServices, serviceOf } from './containers.ts';
import { label } from './labels.ts';
import { inspectContainer } from './lifecycle.ts';

const table = '{{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}';

export const ps: Command = {
  name: 'ps',
  use: '[OPTIONS] [SERVICE...]',
  short: 'List containers',
  flags: [
    flag('format', '', 'string', formatHelp, { default: '"table"' }),
    flag('filter', '', 'string', 'Filter services by a property (supported filters: status)'),
    flag(
      'status',
      '',
      'stringArray',
      'Filter services by status. Values: [paused | restarting | removing | running | dead | created | exited]',
    ),
    flag('quiet', 'q', 'bool', 'Only display IDs'),
    flag('services', '', 'bool', 'Display services'),
    flag('orphans', '', 'bool', 'Include orphaned services (not declared by project)', { default: 'true' }),
    flag('all', 'a', 'bool', 'Show all stopped containers (including those created by the run command)'),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
  ],
  run: composeRun(async (compose, flags, args) => {
    const statuses = [...flags.list('status'), ...filterStatus(flags.string('filter'))];
    const { project, name } = await compose.projectOrName(args);
    const names = Object.keys(project?.services ?? {});
    const unknown = project && args.find((service) => !names.includes(service));
    if (unknown !== undefined) throw new StatusError(1, `no such service: ${unknown}`);
    const services = project && args.length === 0 && !flags.bool('orphans') ? names : args;
    const all = flags.bool('all') || statuses.length > 0;
    const listed = await listContainers(compose, name, { oneOff: all ? 'include' : 'exclude', all, services });
    const chosen = services.length ? ofServices(listed, services) : listed;
    const containers = chosen
      .filter(({ State }) => statuses.length === 0 || statuses.includes(State))
      .sort((a, b) => (canonicalName(a) < canonicalName(b) ? -1 : 1));
    if (flags.bool('quiet')) return void (await compose.cli.out(containers.map(({ Id }) => `${Id}\n`).join('')));
    if (flags.bool('services'))
      return void (await compose.cli.println([...new Set(containers.map(serviceOf))].join('\n')));
    const rows = await Promise.all(
      containers.map(async (summary) => ({ summary, inspect: await inspectContainer(compose, summary.Id) })),
    );
    const given = flags.string('format') || compose.cli.config.text('psFormat') || 'table';
    const format = given === 'table' ? `table ${table}` : given === 'raw' ? rawContainers : given;
    await printListing(compose.cli, format, rows, listing(compose, !flags.bool('no-trunc')));
  }),
};

function filterStatus(filter: string): string[] {
  if (!filter) return [];
  const [key, value] = filter.split(/=(.*)/s);
  if (value === undefined) throw new StatusError(1, 'arguments to --filter should be in form KEY=VAL');
  if (key === 'status') return [value];
  throw new StatusError(1, key === 'source' ? 'not implemented' : `unknown filter ${key}`);
}

interface Row {
  summary: ContainerSummary;
  inspect: ContainerInspect;
}

function listing({ cli }: Compose, cut: boolean): Listing<Row> {
  const now = cli.host.now();
  return {
    type: '*formatter.ContainerContext',
    headers: {
      ID: 'CONTAINER ID',
      Name: 'NAME',
      Project: 'PROJECT',
      Service: 'SERVICE',
      Image: 'IMAGE',
      Command: 'COMMAND',
      CreatedAt: 'CREATED AT',
      RunningFor: 'CREATED',
      Ports: 'PORTS',
      State: 'STATE',
      Status: 'STATUS',
      Size: 'SIZE',
      Labels: 'LABELS',
    },
    methods: ({ summary }) => ({ Label: (name) => summary.Labels[String(name)] ?? '' }),
    fields: ({ summary, inspect }) => {
      const { Status, Health, ExitCode } = inspect.State;
      const mounts = summary.Mounts.map(({ Name, Source }) => (cut ? ellipsis(Name || Source, 15) : Name || Source));
      return {
        ID: cut ? shortId(summary.Id) : summary.Id,
        Name: canonicalName(summary),
        Names: summary.Names.map((name) => name.replace(/^\//, '')).join(','),
        Service: serviceOf(summary),
        Project: summary.Labels[label.project] ?? '',
        Image: summary.Image,
        Command: goQuote(cut ? ellipsis(summary.Command, 20) : summary.Command),
        CreatedAt: goTime(summary.Created, cli.host.timezone({ sec: summary.Created, nsec: 0 })),
        RunningFor: `${humanDuration(now.sec + now.nsec / 1e9 - summary.Created)} ago`,
        ExitCode: Status === 'exited' || Status === 'dead' ? ExitCode : 0,
        State: summary.State,
        Status: summary.Status,
        Health: Status === 'running' ? (Health?.Status ?? '') : '',
        Publishers: byPrivatePort(summary.Ports).map(publisher),
        Ports: displayPorts(summary.Ports),
        Labels: Object.entries(summary.Labels)
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(','),
        Mounts: mounts.join(','),
        LocalVolumes: String(summary.Mounts.filter(({ Driver }) => Driver === 'local').length),
        Networks: Object.keys(summary.NetworkSettings.Networks).sort().join(','),
        Size: humanSize(summary.SizeRw ?? 0, 3),
      };
    },
  };
}

const byPrivatePort = (ports: readonly PortSummary[]): PortSummary[] =>
  [...ports].sort((a, b) => a.PrivatePort - b.PrivatePort);

/** api.PortPublisher */
const publisher = ({ IP = '', PrivatePort, PublicPort = 0, Type }: PortSummary): Value =>
  new Struct(
    'api.PortPublisher',
    new Map<string, Value>([
      ['URL', IP],
      ['TargetPort', PrivatePort],
      ['PublishedPort', PublicPort],
      ['Protocol', Type],
    ]),
  );
