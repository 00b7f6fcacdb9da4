/** Commands that look at a project, or reach into one of its containers. */
import type { ContainerSummary, TopResponse, WaitResponse } from '../../../spec/index.ts';
import { FlagSet, flag, parseInteger } from '../../flag/index.ts';
import { alignTabs } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';
import { cp as dockerCp } from '../container/cp.ts';
import { exportContainer as dockerExport } from '../container/export.ts';
import { stats as dockerStats } from '../container/stats.ts';
import { type Compose, composeRun } from './compose.ts';
import {
  canonicalName,
  labelFilters,
  listContainers,
  numberOf,
  ofServices,
  oneContainer,
  serviceOf,
} from './containers.ts';
import { downProject } from './down.ts';
import { settled } from './images.ts';
import { composeVersion, label } from './labels.ts';
import { printSection } from './print-section.ts';
import { projectEvents } from './watch-containers.ts';

const indexFlag = (text: string) => flag('index', '', 'int', text);
const indexText = 'Index of the container if service has multiple replicas';

export const version: Command = {
  name: 'version',
  use: '[OPTIONS]',
  short: 'Show the Docker Compose version information',
  flags: [
    flag('format', 'f', 'string', 'Format the output. Values: [pretty | json]. (Default: pretty)'),
    flag('short', '', 'bool', "Shows only Compose's version number"),
  ],
  args: { exact: 0 },
  cobraArgs: true,
  run: composeRun(async ({ cli }, flags) => {
    if (flags.bool('short')) await cli.println(composeVersion);
    else if (flags.string('format') === 'json') await cli.println(`{"version":"v${composeVersion}"}`);
    else await cli.println(`Docker Compose version v${composeVersion}`);
  }),
};

export const port: Command = {
  name: 'port',
  use: '[OPTIONS] SERVICE PRIVATE_PORT',
  short: 'Print the public port for a port binding',
  flags: [flag('protocol', '', 'string', 'tcp or udp', { default: '"tcp"' }), indexFlag(indexText)],
  args: { min: 2 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service, text]) => {
    const wanted = parseInteger(text!, 16, false);
    const protocol = flags.string('protocol').toLowerCase();
    const name = await compose.projectName();
    const options = { oneOff: 'include', all: false, index: flags.int('index') } as const;
    const container = await oneContainer(compose, name, service!, options);
    const found = container.Ports.find(({ PrivatePort, Type }) => PrivatePort === wanted && Type === protocol);
    if (!found) {
      const others = container.Ports.map(({ PublicPort = 0, Type }) => `${PublicPort}/${Type}`).join(', ');
      throw new StatusError(1, `no port ${wanted}/${protocol} for container ${canonicalName(container)}: ${others}`);
    }
    await compose.cli.println(`${found.IP ?? ''}:${found.PublicPort ?? 0}`);
  }),
};

export const top: Command = {
  name: 'top',
  use: '[SERVICES...]',
  short: 'Display the running processes',
  run: composeRun(async (compose, _flags, services) => {
    const name = await compose.projectName();
    const all = await listContainers(compose, name, { oneOff: 'include', all: false });
    const containers = (services.length ? ofServices(all, services) : all).sort((a, b) =>
      canonicalName(a) < canonicalName(b) ? -1 : 1,
    );
    const found = await Promise.all(
      containers.map(({ Id }) => compose.client.json<TopResponse>('GET', `/containers/${Id}/top`)),
    );
    const titles = ['SERVICE', '#'];
    const rows = containers.flatMap((container, index) => {
      const { Titles, Processes } = found[index]!;
      for (const title of Titles) if (!titles.includes(title)) titles.push(title);
      return (Processes ?? []).map((process) => ({
        SERVICE: serviceOf(container) || canonicalName(container),
        '#': container.Labels[label.number] ?? '',
        ...Object.fromEntries(Titles.map((title, column) => [title, process[column]!])),
      }));
    }) as Record<string, string>[];
    if (rows.length === 0) return;
    // The command, which may be long, comes last.
    const columns = [...titles.filter((title) => title !== 'CMD'), ...titles.filter((title) => title === 'CMD')];
    const lines = [columns, ...rows.map((row) => columns.map((title) => row[title] ?? '-'))];
    await compose.cli.out(alignTabs(lines.map((line) => `${line.join('\t')}\n`).join(''), 4, 2));
  }),
};

export const ls: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List running compose projects',
  flags: [
    flag('format', '', 'string', 'Format the output. Values: [table | json]', { default: '"table"' }),
    flag('quiet', 'q', 'bool', 'Only display project names'),
    flag('filter', '', 'filter', 'Filter output based on conditions provided'),
    flag('all', 'a', 'bool', 'Show all stopped Compose projects'),
  ],
  args: { exact: 0 },
  cobraArgs: true,
  run: composeRun(async (compose, flags) => {
    const names = flags.list('filter').map((text) => {
      const [key, value = ''] = text.split(/=(.*)/s);
      if (key !== 'name') throw new StatusError(1, `invalid filter '${key}'`);
      return value;
    });
    const containers = await compose.client.json<ContainerSummary[]>('GET', '/containers/json', {
      query: { all: flags.bool('all'), filters: labelFilters(label.project, label.configHash) },
    });
    const projects = [...new Set(containers.map(({ Labels }) => Labels[label.project]!))].sort();
    const stacks = projects
      .filter((name) => names.length === 0 || names.some((one) => new RegExp(one).test(name)))
      .map((Name) => {
        const own = containers.filter(({ Labels }) => Labels[label.project] === Name);
        const files = own.flatMap(({ Labels }) => (Labels[label.configFiles] ?? 'N/A').split(','));
        return { Name, Status: status(own), ConfigFiles: [...new Set(files)].join(',') };
      });
    if (flags.bool('quiet')) return void (await compose.cli.out(stacks.map(({ Name }) => `${Name}\n`).join('')));
    await printSection(compose, flags.string('format'), {
      json: stacks,
      headers: ['NAME', 'STATUS', 'CONFIG FILES'],
      rows: stacks.map(({ Name, Status, ConfigFiles }) => [Name, Status, ConfigFiles]),
    });
  }),
};

/** `exited(1), running(2)` */
function status(containers: readonly ContainerSummary[]): string {
  const states = [...new Set(containers.map(({ State }) => State))].sort();
  return states.map((state) => `${state}(${containers.filter(({ State }) => State === state).length})`).join(', ');
}

export const events: Command = {
  name: 'events',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Receive real time events from containers',
  flags: [flag('json', '', 'bool', 'Output events as a stream of json objects')],
  run: composeRun(async (compose, flags, services) => {
    const name = await compose.projectName();
    const stop = new AbortController();
    const release = compose.cli.host.onSignal(() => stop.abort());
    try {
      for await (const { Actor, Action, time, timeNano } of projectEvents(compose, name, services, stop.signal)) {
        const nano = String(BigInt(timeNano ?? 0) % 1_000_000_000n).padStart(9, '0');
        const attributes = Object.entries(Actor.Attributes)
          .filter(([key]) => !key.startsWith('com.docker.compose.'))
          .sort(([a], [b]) => (a < b ? -1 : 1));
        const date = new Date(time * 1000).toISOString();
        if (flags.bool('json')) {
          const event = {
            action: Action,
            attributes: Object.fromEntries(attributes),
            id: Actor.ID,
            service: Actor.Attributes[label.service] ?? '',
            time: `${date.slice(0, 19)}.${nano}`.replace(/\.?0*$/, 'Z'),
            type: 'container',
          };
          await compose.cli.println(JSON.stringify(event));
        } else {
          const list = attributes.map(([key, value]) => `${key}=${value}`).join(', ');
          await compose.cli.println(
            `${date.slice(0, 10)} ${date.slice(11, 19)}.${nano.slice(0, 6)} container ${Action} ${Actor.ID} (${list})`,
          );
        }
      }
    } finally {
      release();
    }
    return 130;
  }),
};

export const wait: Command = {
  name: 'wait',
  use: 'SERVICE [SERVICE...] [OPTIONS]',
  short: 'Block until containers of all (or specified) services stop.',
  flags: [flag('down-project', '', 'bool', 'Drops project when the first container stops')],
  args: { min: 1 },
  run: composeRun(async (compose, flags, services) => {
    const { name } = await compose.projectOrName();
    const containers = await listContainers(compose, name, { oneOff: 'include', all: false, services });
    if (containers.length === 0) throw new StatusError(1, `no containers for project ${JSON.stringify(name)}`);
    let code = 0;
    await settled(
      containers.map(async ({ Id }) => {
        const { StatusCode } = await compose.client.json<WaitResponse>('POST', `/containers/${Id}/wait`);
        await compose.cli.println(`container ${JSON.stringify(Id)} exited with status code ${StatusCode}`);
        code = StatusCode;
      }),
    );
    if (flags.bool('down-project'))
      await compose.progress('Running', (writer) => downProject(compose, writer, name, { removeOrphans: true }));
    return code;
  }),
};

export const stats: Command = {
  name: 'stats',
  use: '[OPTIONS] [SERVICE]',
  short: 'Display a live stream of container(s) resource usage statistics',
  flags: [
    flag('all', 'a', 'bool', 'Show all containers (default shows just running)'),
    flag(
      'format',
      '',
      'string',
      `Format output using a custom template:
'table':            Print output in table format with column headers (default)
'table TEMPLATE':   Print output in table format using the given Go template
'json':             Print in JSON format
'TEMPLATE':         Print output using the given Go template.
Refer to https://docs.docker.com/engine/cli/formatting/ for more information about formatting output with templates`,
    ),
    flag('no-stream', '', 'bool', 'Disable streaming stats and only pull the first result'),
    flag('no-trunc', '', 'bool', 'Do not truncate output'),
  ],
  args: { max: 1 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service]) => {
    const name = await compose.projectName();
    const filters = labelFilters(
      `${label.project}=${name}`,
      ...(service === undefined ? [] : [`${label.service}=${service}`]),
    );
    const containers = await compose.client.json<ContainerSummary[]>('GET', '/containers/json', {
      query: { all: flags.bool('all'), filters },
    });
    const argv = [
      `--no-stream=${flags.bool('no-stream')}`,
      `--no-trunc=${flags.bool('no-trunc')}`,
      ...(flags.string('format') ? [`--format=${flags.string('format')}`] : []),
    ];
    const ids = containers.map(({ Id }) => Id.slice(0, 12));
    // Without a name the plain command would show every container of the host.
    if (ids.length === 0) return void (await compose.cli.println(emptyStats));
    return dockerStats.run!(compose.cli, new FlagSet(dockerStats.flags!).parse(argv), ids);
  }),
};

const emptyStats = 'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS';

export const cp: Command = {
  name: 'cp',
  use: `[OPTIONS] SERVICE:SRC_PATH DEST_PATH|-
	docker compose cp [OPTIONS] SRC_PATH|- SERVICE:DEST_PATH`,
  short: 'Copy files/folders between a service container and the local filesystem',
  flags: [
    indexFlag(indexText),
    flag('all', '', 'bool', 'Include containers created by the run command'),
    flag('follow-link', 'L', 'bool', 'Always follow symbol link in SRC_PATH'),
    flag('archive', 'a', 'bool', 'Archive mode (copy all uid/gid information)'),
  ],
  args: { exact: 2 },
  run: composeRun(async (compose, flags, [source, target]) => {
    if (!source) throw new StatusError(1, 'source can not be empty');
    if (!target) throw new StatusError(1, 'destination can not be empty');
    const name = await compose.projectName();
    const [from, to] = [servicePath(source), servicePath(target)];
    if (from && to) throw new StatusError(1, 'copying between services is not supported');
    if (!from && !to) throw new StatusError(1, 'unknown copy direction');
    const { service } = (from ?? to)!;
    const containers = await copyTargets(compose, flags, name, service);
    const argv = ['--quiet', ...['follow-link', 'archive'].filter((one) => flags.bool(one)).map((one) => `--${one}`)];
    await compose.progress('Copying', async (writer) => {
      await settled(
        (from ? containers.slice(0, 1) : containers).map(async (container) => {
          const id = canonicalName(container);
          const text = from ? `copy ${id}:${from.path} to ${target}` : `copy ${source} to ${id}:${to!.path}`;
          writer.event({ id, text, status: 'working', statusText: 'Copying' });
          const args = from ? [`${container.Id}:${from.path}`, target] : [source, `${container.Id}:${to!.path}`];
          await dockerCp.run!(compose.cli, new FlagSet(dockerCp.flags!).parse(argv), args);
          writer.event({ id, text, status: 'done', statusText: 'Copied' });
        }),
      );
    });
  }),
};

function servicePath(text: string): { service: string; path: string } | undefined {
  if (text.startsWith('/') || text.startsWith('.') || !text.includes(':')) return undefined;
  const at = text.indexOf(':');
  return { service: text.slice(0, at), path: text.slice(at + 1) };
}

async function copyTargets(
  compose: Compose,
  flags: FlagSet,
  project: string,
  service: string,
): Promise<ContainerSummary[]> {
  const index = flags.int('index');
  if (index > 0) return [await oneContainer(compose, project, service, { oneOff: 'exclude', all: true, index })];
  const oneOff = flags.bool('all') ? 'include' : 'exclude';
  const found = await listContainers(compose, project, { oneOff, all: true, services: [service] });
  if (found.length === 0) throw new StatusError(1, `no container found for service ${JSON.stringify(service)}`);
  return found.sort((a, b) => numberOf(a) - numberOf(b));
}

export const exportService: Command = {
  name: 'export',
  use: '[OPTIONS] SERVICE',
  short: "Export a service container's filesystem as a tar archive",
  flags: [
    indexFlag('index of the container if service has multiple replicas.'),
    flag('output', 'o', 'string', 'Write to a file, instead of STDOUT'),
  ],
  args: { min: 1 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service]) => {
    const name = await compose.projectName();
    const options = { oneOff: 'include', all: false, index: flags.int('index') } as const;
    const container = await oneContainer(compose, name, service!, options);
    const output = flags.string('output');
    if (!output && compose.cli.host.stdout.isTty)
      throw new StatusError(1, 'output option is required when exporting to terminal');
    await compose.progress('Exporting', async (writer) => {
      const id = canonicalName(container);
      writer.event({ id, text: `export ${id} to ${output}`, status: 'working', statusText: 'Exporting' });
      const argv = output ? [`--output=${output}`] : [];
      await dockerExport.run!(compose.cli, new FlagSet(dockerExport.flags!).parse(argv), [container.Id]);
    });
  }),
};

export const commit: Command = {
  name: 'commit',
  use: '[OPTIONS] SERVICE [REPOSITORY[:TAG]]',
  short: "Create a new image from a service container's changes",
  flags: [
    indexFlag('index of the container if service has multiple replicas.'),
    flag('pause', 'p', 'bool', 'Pause container during commit', { default: 'true' }),
    flag('message', 'm', 'string', 'Commit message'),
    flag('author', 'a', 'string', 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")'),
    flag('change', 'c', 'list', 'Apply Dockerfile instruction to the created image'),
  ],
  args: { min: 1, max: 2 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service, reference = '']) => {
    const name = await compose.projectName();
    const options = { oneOff: 'include', all: false, index: flags.int('index') } as const;
    const container = await oneContainer(compose, name, service!, options);
    await compose.progress('Committing', async (writer) => {
      const id = canonicalName(container);
      const text = `Commit ${id}`;
      writer.event({ id, text, status: 'working', statusText: 'Committing' });
      const { Id } = await compose.client.json<{ Id: string }>('POST', '/commit', {
        query: {
          container: container.Id,
          ...nameAndTag(reference),
          comment: flags.string('message'),
          author: flags.string('author'),
          changes: flags.list('change'),
          pause: flags.bool('pause') ? '1' : '0',
        },
        json: {},
      });
      writer.event({ id, text, status: 'done', statusText: `Committed as ${Id}` });
    });
  }),
};

function nameAndTag(reference: string): { repo: string; tag: string } {
  const at = reference.lastIndexOf(':');
  return at > reference.lastIndexOf('/')
    ? { repo: reference.slice(0, at), tag: reference.slice(at + 1) }
    : { repo: reference, tag: '' };
}
