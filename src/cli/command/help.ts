import { type Flag, flagUsages } from '../flag/index.ts';
import type { Command } from './command.ts';

/** What the daemon can do, as far as help screens and flags depend on it. */
export interface DaemonTraits {
  apiVersion: string;
  experimental: boolean;
  osType: string;
}

/** Compares dotted versions: negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}

export const unsupported = (thing: Flag | Command, daemon: DaemonTraits): boolean =>
  (thing.since !== undefined && compareVersions(daemon.apiVersion, thing.since) < 0) ||
  (thing.experimental === true && !daemon.experimental) ||
  ('ostype' in thing && thing.ostype !== undefined && daemon.osType !== '' && thing.ostype !== daemon.osType);

export const helpFlag: Flag = { name: 'help', type: 'bool', usage: 'Print usage', hidden: true };

export const useLine = (path: readonly string[], command: Command): string => {
  const parent = path.slice(0, -1);
  return [...parent, command.use ? `${command.name} ${command.use}` : command.name].join(' ');
};

/** The help screen of a command, as docker's templates print it. */
export function helpScreen(path: readonly string[], command: Command, daemon: DaemonTraits, columns: number): string {
  const flags = (command.flags ?? []).filter((flag) => !unsupported(flag, daemon));
  const visible = flags.filter((flag) => !flag.hidden && !flag.deprecated);
  const subcommands = (command.commands ?? []).filter((sub) => !sub.hidden && !unsupported(sub, daemon));
  const title = path.join(' ');
  const usage =
    subcommands.length === 0 ? useLine(path, command) : `${title}${visible.length ? ' [OPTIONS]' : ''} COMMAND`;
  const sections = [`Usage:  ${usage}`, (command.long ?? command.short).trim()];
  if (command.experimentalCli) sections.push(experimentText(title));
  const aliases = aliasLine(path, command);
  if (aliases) sections.push(`Aliases:\n  ${aliases}`);
  const options = () => flagUsages(flags, columns - 1);
  if (path.length > 1 && visible.length) sections.push(`Options:\n${trimRight(options())}`);
  sections.push(...commandLists(subcommands, path.length === 1));
  if (path.length === 1) sections.push(`Global Options:\n${trimRight(options())}`);
  if (subcommands.length) sections.push(`Run '${title} COMMAND --help' for more information on a command.`);
  if (path.length === 1)
    sections.push('For more help on how to use Docker, head to https://docs.docker.com/go/guides/');
  return `${sections.join('\n\n')}\n`;
}

const experimentText = (title: string): string => `EXPERIMENTAL:
  ${title} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/`;
const trimRight = (text: string): string => text.trimEnd();

function aliasLine(path: readonly string[], command: Command): string {
  if (command.aliasText) return command.aliasText;
  if (!command.aliases?.length) return '';
  const parent = path.slice(0, -1).join(' ');
  return [path.join(' '), ...command.aliases.map((alias) => `${parent} ${alias}`)].join(', ');
}

function commandLists(subcommands: readonly Command[], root: boolean): string[] {
  const width = Math.max(11, ...subcommands.map((sub) => sub.name.length));
  const list = (title: string, commands: readonly Command[], extra: number): string[] =>
    commands.length === 0
      ? []
      : [`${title}:\n${commands.map((sub) => `  ${sub.name.padEnd(width + extra)} ${sub.short}`).join('\n')}`];
  const top = subcommands.filter((sub) => root && sub.top !== undefined).sort((a, b) => a.top! - b.top!);
  const groups = subcommands.filter((sub) => sub.commands);
  const byName = (a: Command, b: Command): number => (a.name < b.name ? -1 : 1);
  return [
    ...list('Common Commands', top, 0),
    ...list('Management Commands', groups.filter((sub) => !sub.swarm).sort(byName), 0),
    ...list('Swarm Commands', groups.filter((sub) => sub.swarm).sort(byName), 0),
    ...list('Commands', subcommands.filter((sub) => !sub.commands && !(root && sub.top !== undefined)).sort(byName), 0),
  ];
}
