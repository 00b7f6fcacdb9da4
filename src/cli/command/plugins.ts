import type { DockerCli } from '../docker-cli.ts';
import type { CliHost } from '../host.ts';

/** A plugin as its metadata tell of it. */
interface Plugin {
  SchemaVersion: string;
  Vendor: string;
  Version: string;
  ShortDescription: string;
  Name: string;
  Path: string;
}

const known = [
  ['buildx', 'v0.24.0', 'Docker Buildx'],
  ['compose', 'v2.36.2', 'Docker Compose'],
  ['scout', 'v1.17.1', 'Docker Scout'],
] as const;

/** Whether a plugin's commands are there. */
export const hasPlugin = ({ host }: DockerCli, name: string): boolean =>
  host.pluginPath ? host.pluginPath(name) !== undefined : true;

/** The plugins that `docker info` and the help screen tell of. */
export const installedPlugins = (host: CliHost): Plugin[] =>
  known.flatMap(([Name, Version, ShortDescription]) => {
    const Path = host.pluginPath?.(Name);
    return Path ? [{ SchemaVersion: '0.1.0', Vendor: 'Docker Inc.', Version, ShortDescription, Name, Path }] : [];
  });
