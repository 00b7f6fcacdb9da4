import { flag } from '../../flag/index.ts';
import { bytesSize, inspectFormatHelp, inspectValue, parseTemplate } from '../../format/index.ts';
import { ExecuteError, Struct, type Template } from '../../template/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { installedPlugins } from '../plugins.ts';

type Info = Record<string, unknown> & { Plugins?: Record<string, string[] | null>; Warnings?: string[] | null };

export const info: Command = {
  name: 'info',
  use: '[OPTIONS]',
  short: 'Display system-wide information',
  aliasText: 'docker system info, docker info',
  flags: [flag('format', 'f', 'string', inspectFormatHelp)],
  args: { exact: 0 },
  async run(cli, flags) {
    const format = flags.string('format');
    let found: Info | undefined;
    let failure: Error | undefined;
    try {
      found = await cli.client.json<Info>('GET', '/info');
    } catch (error) {
      failure = error as Error;
    }
    const client = {
      Debug: cli.global.debug,
      Version: '28.2.2',
      GitCommit: 'e6534b4',
      GoVersion: 'go1.24.3',
      Os: 'linux',
      Arch: 'amd64',
      BuildTime: 'Fri May 30 12:07:14 2025',
      Context: cli.contextName,
      Plugins: installedPlugins(cli.host),
      Warnings: null,
    };
    if (format) {
      const data = { ...(found ?? {}), ...(failure ? { ServerErrors: [failure.message] } : {}), ClientInfo: client };
      const template = parsed(format === 'json' ? '{{json .}}' : format);
      const { fields, methods, json } = inspectValue(data) as Struct;
      try {
        await cli.println(template.execute(new Struct('system.dockerInfo', fields, methods, json)));
      } catch (error) {
        if (!(error instanceof ExecuteError)) throw error;
        await cli.println(error.output);
        throw new StatusError(1, error.message);
      }
      if (failure) throw new StatusError(1, '');
      return 0;
    }
    const plugins = client.Plugins.map(
      ({ Name, ShortDescription, Vendor, Version, Path }) =>
        `  ${Name}: ${ShortDescription} (${Vendor})\n    Version:  ${Version}\n    Path:     ${Path}\n`,
    );
    const told = plugins.length ? ` Plugins:\n${plugins.join('')}` : '';
    await cli.out(
      `Client:\n Version:    28.2.2\n Context:    ${client.Context}\n Debug Mode: ${client.Debug}\n${told}\nServer:\n`,
    );
    if (!found) {
      await cli.err(`${failure!.message}\n`);
      return 1;
    }
    await cli.out(serverText(found, cli.config.credentials(String(found.IndexServerAddress ?? ''))?.username));
    for (const warning of found.Warnings ?? []) await cli.err(`${warning}\n`);
    return 0;
  },
};

function serverText(info: Info, username: string | undefined): string {
  const value = (key: string): string => String(info[key] ?? '');
  const rows: string[] = [
    `Containers: ${value('Containers')}`,
    ` Running: ${value('ContainersRunning')}`,
    ` Paused: ${value('ContainersPaused')}`,
    ` Stopped: ${value('ContainersStopped')}`,
    `Images: ${value('Images')}`,
    `Server Version: ${value('ServerVersion')}`,
    `Storage Driver: ${value('Driver')}`,
    ...((info.DriverStatus as [string, string][] | null) ?? []).map(([key, text]) => ` ${key}: ${text}`),
    `Logging Driver: ${value('LoggingDriver')}`,
    `Cgroup Driver: ${value('CgroupDriver')}`,
    ...(info.CgroupVersion ? [`Cgroup Version: ${value('CgroupVersion')}`] : []),
    'Plugins:',
    ` Volume: ${(info.Plugins?.Volume ?? []).join(' ')}`,
    ` Network: ${(info.Plugins?.Network ?? []).join(' ')}`,
    ...(info.Plugins?.Authorization?.length ? [` Authorization: ${info.Plugins.Authorization.join(' ')}`] : []),
    ` Log: ${(info.Plugins?.Log ?? []).join(' ')}`,
    `Swarm: ${(info.Swarm as { LocalNodeState?: string } | undefined)?.LocalNodeState ?? 'inactive'}`,
    `Runtimes: ${Object.keys((info.Runtimes as object | undefined) ?? {})
      .sort()
      .join(' ')}`,
    `Default Runtime: ${value('DefaultRuntime')}`,
    `Init Binary: ${value('InitBinary')}`,
    ...(['Containerd', 'Runc', 'Init'] as const).map(
      (name) =>
        `${name === 'Containerd' ? 'containerd' : name.toLowerCase()} version: ${(info[`${name}Commit`] as { ID?: string } | undefined)?.ID ?? ''}`,
    ),
    ...securityRows((info.SecurityOptions as string[] | null) ?? []),
    `Kernel Version: ${value('KernelVersion')}`,
    `Operating System: ${value('OperatingSystem')}`,
    `OSType: ${value('OSType')}`,
    `Architecture: ${value('Architecture')}`,
    `CPUs: ${value('NCPU')}`,
    `Total Memory: ${bytesSize(Number(info.MemTotal ?? 0))}`,
    `Name: ${value('Name')}`,
    `ID: ${value('ID')}`,
    `Docker Root Dir: ${value('DockerRootDir')}`,
    `Debug Mode: ${value('Debug')}`,
    ...(info.HttpProxy ? [`HTTP Proxy: ${value('HttpProxy')}`] : []),
    ...(info.HttpsProxy ? [`HTTPS Proxy: ${value('HttpsProxy')}`] : []),
    ...(info.NoProxy ? [`No Proxy: ${value('NoProxy')}`] : []),
    ...(username ? [`Username: ${username}`] : []),
    ...labelRows((info.Labels as string[] | null) ?? []),
    `Experimental: ${value('ExperimentalBuild')}`,
    'Insecure Registries:',
    ...insecureRows(info.RegistryConfig as RegistryConfig | undefined),
    ...mirrorRows(info.RegistryConfig as RegistryConfig | undefined),
    `Live Restore Enabled: ${value('LiveRestoreEnabled')}`,
    ...(info.ProductLicense ? [`Product License: ${value('ProductLicense')}`] : []),
  ];
  return `${rows.map((row) => ` ${row}\n`).join('')}\n`;
}

interface RegistryConfig {
  InsecureRegistryCIDRs?: string[];
  IndexConfigs?: Record<string, { Secure?: boolean; Name?: string }>;
  Mirrors?: string[] | null;
}
const insecureRows = (config: RegistryConfig | undefined): string[] => [
  ...Object.values(config?.IndexConfigs ?? {})
    .filter((index) => index.Secure === false)
    .map((index) => `  ${index.Name}`.slice(1)),
  ...(config?.InsecureRegistryCIDRs ?? []).map((cidr) => ` ${cidr}`),
];
const mirrorRows = (config: RegistryConfig | undefined): string[] =>
  config?.Mirrors?.length ? ['Registry Mirrors:', ...config.Mirrors.map((mirror) => ` ${mirror}`)] : [];
const labelRows = (labels: string[]): string[] =>
  labels.length ? ['Labels:', ...labels.map((label) => ` ${label}`)] : [];
function securityRows(options: string[]): string[] {
  if (options.length === 0) return [];
  return [
    'Security Options:',
    ...options.flatMap((option) =>
      option
        .split(',')
        .map((part) =>
          part.startsWith('name=')
            ? ` ${part.slice(5)}`
            : `  ${part.replace('=', ': ').replace(/^./, (letter) => letter.toUpperCase())}`,
        ),
    ),
  ];
}

/** A format that is none ends this command with a status of its own. */
function parsed(format: string): Template {
  try {
    return parseTemplate(format);
  } catch (error) {
    throw new StatusError(64, (error as Error).message);
  }
}
