import type { ContainerSummary, ImageSummary, NetworkResource, Volume } from '../spec/index.ts';
import type { Command } from './command/command.ts';
import { rootCommand } from './command/root.ts';
import { DockerCli } from './docker-cli.ts';
import type { CliHost } from './host.ts';
import { find, globalFlags } from './main.ts';

/**
 * Candidates for the last of `words` (which follow `docker`; the last may be empty): subcommands, flags, or names of
 * the kind the command takes, in order. An engine that does not answer has no names.
 */
export async function completions(host: CliHost, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const root: Command = { ...rootCommand, flags: globalFlags(host) };
  const { path, command } = find(root, words.slice(0, -1));
  const all = typed.startsWith('-')
    ? flagNames(command)
    : command.commands
      ? commandNames(command)
      : await names(host, path, command);
  return [...new Set(all)].filter((name) => name.startsWith(typed)).sort();
}

/** Every subcommand and flag that may follow `words`: docker's own grammar, which no engine is asked for. */
export function grammarWords(words: readonly string[]): string[] {
  const root: Command = { ...rootCommand, flags: globalFlags({ env: {} }) };
  const { command } = find(root, words);
  return [...(command.commands ? commandNames(command) : []), ...flagNames(command)];
}

const flagNames = (command: Command): string[] =>
  (command.flags ?? [])
    .filter((flag) => !flag.hidden)
    .map((flag) => `--${flag.name}`)
    .concat('--help');
const commandNames = (command: Command): string[] =>
  command.commands!.filter((sub) => !sub.hidden && !sub.swarm).map((sub) => sub.name);

async function names(host: CliHost, path: readonly string[], command: Command): Promise<string[]> {
  const configDir = host.env.DOCKER_CONFIG || `${host.env.HOME ?? ''}/.docker`;
  const cli = new DockerCli(host, { hosts: [], configDir, debug: false });
  const group = path[1];
  try {
    if (group === 'network')
      return (await cli.client.json<NetworkResource[]>('GET', '/networks')).map(({ Name }) => Name);
    if (group === 'volume')
      return ((await cli.client.json<{ Volumes: Volume[] | null }>('GET', '/volumes')).Volumes ?? []).map(
        ({ Name }) => Name,
      );
    const out: string[] = [];
    if (/CONTAINER|NAME\|ID/.test(command.use)) out.push(...(await containerNames(cli)));
    if (/IMAGE|NAME\[:TAG|NAME\|ID|REPOSITORY/.test(command.use)) out.push(...(await imageNames(cli)));
    return out;
  } catch {
    return [];
  }
}

async function containerNames(cli: DockerCli): Promise<string[]> {
  const list = await cli.client.json<ContainerSummary[]>('GET', '/containers/json', { query: { all: true } });
  return list.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, '')));
}
async function imageNames(cli: DockerCli): Promise<string[]> {
  const list = await cli.client.json<ImageSummary[]>('GET', '/images/json');
  return list.flatMap(({ RepoTags }) =>
    (RepoTags ?? []).flatMap((tag) => (tag.endsWith(':latest') ? [tag, tag.slice(0, -7)] : [tag])),
  );
}
