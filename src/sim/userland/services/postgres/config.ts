/** Settings: postgresql.conf, and the command line over it. */
import type { Sys } from '../../../kernel/sys.ts';
import { readText } from '../../packages/sys-files.ts';

/** Of the engine that runs: what `SHOW server_version` says. */
export const serverVersion = '18.7';
export const serverBuild = `PostgreSQL ${serverVersion} (PGlite 0.5.17) on wasm32-unknown-emscripten`;

/** `name = value` lines; the last of a name counts. */
export function readSettings(file: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of file.split('\n')) {
    const [, name, quoted, plain] = /^\s*([\w.]+)\s*(?:=|\s)\s*(?:'((?:[^']|'')*)'|([^\s#']+))/.exec(line) ?? [];
    if (name) settings.set(name.toLowerCase(), quoted?.replaceAll("''", "'") ?? plain!);
  }
  return settings;
}

export class CommandLineProblem extends Error {}

export interface CommandLine {
  directory?: string;
  /** In their order. */
  settings: [name: string, value: string][];
  /** -C: print this one. */
  show?: string;
}

/** Letters with a value -> the setting that they stand for. */
const letters: Readonly<Record<string, string>> = {
  ...{ B: 'shared_buffers', h: 'listen_addresses', k: 'unix_socket_directories', N: 'max_connections', p: 'port' },
  ...{ S: 'work_mem', d: 'log_min_messages' },
};

/** postgres(1)'s arguments. Throws {@link CommandLineProblem}. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const line: CommandLine = { settings: [] };
  const rest = [...args];
  const assign = (text: string): void => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!name) throw new CommandLineProblem(`-c ${text} requires a value`);
    line.settings.push([name.replaceAll('-', '_'), value!]);
  };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg.startsWith('--')) assign(arg.slice(2));
    else if (arg === '-i') line.settings.push(['listen_addresses', '*']);
    else if (arg === '-F') line.settings.push(['fsync', 'off']);
    else if (/^-[cDCBhkNpSd]/.test(arg)) {
      const letter = arg[1]!;
      const value = arg.length > 2 ? arg.slice(2) : rest.shift();
      if (value === undefined) throw new CommandLineProblem(`option requires an argument -- '${letter}'`);
      if (letter === 'c') assign(value);
      else if (letter === 'D') line.directory = value;
      else if (letter === 'C') line.show = value;
      else line.settings.push([letters[letter]!, letter === 'd' ? `debug${value}` : value]);
    } else if (arg.startsWith('-')) throw new CommandLineProblem(`invalid option -- '${arg.slice(1, 2)}'`);
    else throw new CommandLineProblem(`invalid argument: "${arg}"`);
  }
  return line;
}

/** What holds: the configuration file's, then the command line's. */
export function effectiveSettings(sys: Sys, directory: string, line: CommandLine): Map<string, string> {
  const given = new Map(line.settings);
  const file = readText(sys, given.get('config_file') ?? `${directory}/postgresql.conf`) ?? '';
  const own = readText(sys, `${directory}/postgresql.auto.conf`) ?? '';
  return new Map([...readSettings(file), ...readSettings(own), ...given]);
}
