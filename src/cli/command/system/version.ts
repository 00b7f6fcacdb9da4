import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { inspectFormatHelp, inspectValue, parseTemplate } from '../../format/index.ts';
import { ExecuteError, Struct, type Value } from '../../template/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

interface Component {
  Name: string;
  Version: string;
  Details?: Record<string, string>;
}
type Server = Record<string, unknown> & { Platform?: { Name: string }; Components?: Component[] };

/** The client imitated. */
const clientVersion = {
  Version: '28.2.2',
  GoVersion: 'go1.24.3',
  GitCommit: 'e6534b4',
  BuildTime: 'Fri May 30 12:07:14 2025',
};

export const version: Command = {
  name: 'version',
  use: '[OPTIONS]',
  short: 'Show the Docker version information',
  flags: [flag('format', 'f', 'string', inspectFormatHelp)],
  top: 11,
  args: { exact: 0 },
  async run(cli, flags) {
    const format = flags.string('format');
    let server: Server | undefined;
    let failure: Error | undefined;
    try {
      server = await cli.client.json<Server>('GET', '/version');
    } catch (error) {
      failure = error as Error;
    }
    const { apiVersion } = await cli.client.ping();
    const client = {
      Version: clientVersion.Version,
      ApiVersion: apiVersion,
      DefaultAPIVersion: '1.50',
      GitCommit: clientVersion.GitCommit,
      GoVersion: clientVersion.GoVersion,
      Os: 'linux',
      Arch: 'amd64',
      BuildTime: clientVersion.BuildTime,
      Context: cli.contextName,
    };
    if (format) await showFormatted(cli, format, client, server);
    else await cli.out(clientText(client) + (server ? `\n${serverText(server)}` : ''));
    if (failure) throw new StatusError(1, failure.message);
    return 0;
  },
};

/** The client's types, as templates name them: APIVersion where the JSON says ApiVersion. */
function typed(type: string, plain: object): Struct {
  const fields = Object.entries(plain).map(([key, value]): [string, Value] => [
    key === 'ApiVersion' ? 'APIVersion' : key,
    inspectValue(value, key),
  ]);
  // Not sent when it is not so.
  const names = new Map<string, [string, boolean]>([['APIVersion', ['ApiVersion', false]]]);
  if (type === '*types.Version' && !('Experimental' in plain)) {
    fields.push(['Experimental', false]);
    names.set('Experimental', ['Experimental', true]);
  }
  return new Struct(type, new Map(fields), new Map(), names);
}

/** What had been written before an error stays written. */
async function showFormatted(
  cli: DockerCli,
  format: string,
  client: Record<string, string>,
  server: Server | undefined,
): Promise<void> {
  const fields: [string, Value][] = [
    ['Client', typed('system.clientVersion', client)],
    ['Server', server ? typed('*types.Version', ordered(server)) : null],
  ];
  const data = new Struct('system.versionInfo', new Map(fields));
  const template = parseTemplate(format === 'json' ? '{{json .}}' : format, 'version', 64);
  try {
    await cli.println(template.execute(data));
  } catch (error) {
    if (!(error instanceof ExecuteError)) throw error;
    await cli.println(error.output);
    throw new StatusError(1, error.message);
  }
}

const serverFields = [
  'Platform Components Version ApiVersion MinAPIVersion GitCommit GoVersion Os Arch KernelVersion Experimental BuildTime',
].flatMap((names) => names.split(' '));

/** The daemon's answer in the order of the client's type. */
function ordered(server: Server): Server {
  const { Components, ...rest } = server;
  const components = Components?.map(({ Name, Version, Details = {} }) => ({
    Name,
    Version,
    Details: Details.BuildTime ? { ...Details, BuildTime: builtText(Details.BuildTime) } : Details,
  }));
  const all: Server = { ...rest, ...(components ? { Components: components } : {}) };
  return Object.fromEntries(serverFields.filter((name) => name in all).map((name) => [name, all[name]]));
}

const line = (indent: string, name: string, value: unknown): string =>
  `${indent}${`${name}:`.padEnd(19 - indent.length + 1)}${value}\n`;

function clientText(client: Record<string, string>): string {
  const api =
    client.ApiVersion === client.DefaultAPIVersion
      ? client.ApiVersion
      : `${client.ApiVersion} (downgraded from ${client.DefaultAPIVersion})`;
  const rows: [string, string][] = [
    ['Version', client.Version!],
    ['API version', api!],
    ['Go version', client.GoVersion!],
    ['Git commit', client.GitCommit!],
    ['Built', client.BuildTime!],
    ['OS/Arch', `${client.Os}/${client.Arch}`],
    ['Context', client.Context!],
  ];
  return `Client:\n${rows.map(([name, value]) => line(' ', name, value)).join('')}`;
}

function serverText(server: Server): string {
  const components = server.Components ?? [
    {
      Name: 'Engine',
      Version: String(server.Version),
      Details: {
        ApiVersion: String(server.ApiVersion),
        MinAPIVersion: String(server.MinAPIVersion),
        GoVersion: String(server.GoVersion),
        GitCommit: String(server.GitCommit),
        BuildTime: String(server.BuildTime),
        Os: String(server.Os),
        Arch: String(server.Arch),
        Experimental: String(server.Experimental ?? false),
      },
    },
  ];
  return `Server:${server.Platform?.Name ? ` ${server.Platform.Name}` : ''}\n${components.map(componentText).join('')}`;
}

function componentText({ Name, Version, Details = {} }: Component): string {
  const rows: [string, string][] = [['Version', Version]];
  if (Name === 'Engine') {
    rows.push(
      ['API version', `${Details.ApiVersion} (minimum version ${Details.MinAPIVersion})`],
      ['Go version', Details.GoVersion ?? ''],
      ['Git commit', Details.GitCommit ?? ''],
      ['Built', builtText(Details.BuildTime ?? '')],
      ['OS/Arch', `${Details.Os}/${Details.Arch}`],
      ['Experimental', Details.Experimental ?? 'false'],
    );
  } else for (const key of Object.keys(Details).sort()) rows.push([key, Details[key]!]);
  return ` ${Name}:\n${rows.map(([name, value]) => line('  ', name, value)).join('')}`;
}

/** time.ANSIC, when it is RFC 3339. */
function builtText(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || !/T/.test(text)) return text;
  const [day, dayOfMonth, month, year] = date.toUTCString().replace(',', '').split(' ') as [
    string,
    string,
    string,
    string,
  ];
  return `${day} ${month} ${String(Number(dayOfMonth)).padStart(2)} ${date.toISOString().slice(11, 19)} ${year}`;
}
