/** nginx: command line, -t, -s, and the start of the master. nginx(8). */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { readText } from '../../packages/sys-files.ts';
import { upstreamVersion } from '../http/serve.ts';
import { ConfigError, type Directive, find, NotSimulated, parseText, readConfig } from './config.ts';
import { readServers } from './location.ts';
import { errorLine, type Level, Logs, levels, wants } from './log.ts';
import { runMaster } from './master.ts';

export interface CommandLine {
  config: string;
  directives: string;
  test: boolean;
  quiet: boolean;
  dump: boolean;
  signal?: string;
}

/** A configuration that was read and holds together. */
export interface Cycle {
  path: string;
  main: Directive[];
  http: Directive[];
  servers: ReturnType<typeof readServers>;
  pidPath: string;
  errorLog: { path: string; level: Level };
}

export const nginx: Program = async (sys) => {
  const line = await readCommandLine(sys);
  if (typeof line === 'number') return line;
  if (line.signal) return sendSignal(sys, line);
  let cycle: Cycle;
  const logs = new Logs(sys);
  try {
    cycle = readCycle(sys, line);
    openLogs(cycle, logs);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await refuse(sys, error);
    if (line.test) await sys.write(2, `nginx: configuration file ${line.config} test failed\n`);
    return 1;
  }
  if (line.test) {
    if (!line.quiet) {
      await sys.write(
        2,
        `nginx: the configuration file ${line.config} syntax is ok\nnginx: configuration file ${line.config} test is successful\n`,
      );
    }
    if (line.dump) await sys.write(1, `# configuration file ${line.config}:\n${readText(sys, line.config)}\n`);
    return 0;
  }
  return runMaster(sys, line, cycle, logs);
};

/** Why a configuration is not taken. */
const refuse = (sys: Sys, error: ConfigError): Promise<void> =>
  error instanceof NotSimulated ? sys.write(2, `${error.message}\n`) : emergency(sys, error.message);

/** To standard error, and to the error log that is built in. */
export async function emergency(sys: Sys, text: string): Promise<void> {
  await sys.write(2, `nginx: [emerg] ${text}\n`);
}

const help = `Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /usr/share/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file

`;

export const product = (sys: Sys): string => `nginx/${upstreamVersion(sys, ['nginx', 'nginx-core'], '1.22.1')}`;

/** A number is the exit status. */
async function readCommandLine(sys: Sys): Promise<CommandLine | number> {
  const line: CommandLine = { config: '/etc/nginx/nginx.conf', directives: '', test: false, quiet: false, dump: false };
  const args = sys.argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('-')) return invalid(sys, `invalid option: "${arg}"`);
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k]!;
      if ('csgpe'.includes(letter)) {
        const value = arg.slice(k + 1) || args[++i];
        if (value === undefined) return invalid(sys, `option "-${letter}" requires ${argumentOf[letter]}`);
        if (letter === 'c') line.config = value.startsWith('/') ? value : `/etc/nginx/${value}`;
        else if (letter === 'g') line.directives = value;
        else if (letter === 's') {
          if (!signals[value]) return invalid(sys, `invalid option: "-s ${value}"`);
          line.signal = value;
        }
        break;
      }
      if (letter === 'v' || letter === 'V') return version(sys, letter === 'V');
      if (letter === 't') line.test = true;
      else if (letter === 'T') line.test = line.dump = true;
      else if (letter === 'q') line.quiet = true;
      else if (letter === 'h' || letter === '?') {
        await sys.write(2, `nginx version: ${product(sys)}\n${help}`);
        return 0;
      } else return invalid(sys, `invalid option: "${letter}"`);
    }
  }
  return line;
}

const argumentOf: Readonly<Record<string, string>> = {
  c: 'file name',
  g: 'parameter',
  s: 'parameter',
  p: 'directory name',
  e: 'file name',
};

async function invalid(sys: Sys, text: string): Promise<number> {
  await sys.write(2, `nginx: ${text}\n`);
  return 1;
}

async function version(sys: Sys, whole: boolean): Promise<number> {
  const more = whole
    ? 'built with OpenSSL 3.0.15 3 Sep 2024\nTLS SNI support enabled\nconfigure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf --http-log-path=/var/log/nginx/access.log --error-log-path=/var/log/nginx/error.log --pid-path=/run/nginx.pid\n'
    : '';
  await sys.write(2, `nginx version: ${product(sys)}\n${more}`);
  return 0;
}

/** Throws {@link ConfigError}. */
export function readCycle(sys: Sys, line: CommandLine): Cycle {
  const prefix = line.config.slice(0, line.config.lastIndexOf('/'));
  const main = [...parseText(sys, line.directives), ...readConfig(sys, line.config, prefix)];
  unique(main);
  if (!find(main, 'events')) throw new ConfigError('no "events" section in configuration');
  const http = find(main, 'http')?.block ?? [];
  const log = find(main, 'error_log')?.args ?? ['/var/log/nginx/error.log'];
  return {
    path: line.config,
    main,
    http,
    servers: readServers(http),
    pidPath: find(main, 'pid')?.args[0] ?? '/run/nginx.pid',
    errorLog: { path: log[0]!, level: levelOf(log[1]) },
  };
}

export const levelOf = (name: string | undefined): Level =>
  (levels as readonly string[]).includes(name ?? '') ? (name as Level) : 'error';

const once = ['user', 'worker_processes', 'pid', 'daemon', 'master_process', 'events', 'http'];

function unique(main: readonly Directive[]): void {
  for (const name of once) {
    const second = main.filter((one) => one.name === name)[1];
    if (second) throw new ConfigError(`"${name}" directive is duplicate in ${second.file}:${second.line}`);
  }
}

/** Opens every log that the configuration names. */
export function openLogs(cycle: Cycle, logs: Logs): void {
  logs.open(cycle.errorLog.path);
  const visit = (block: readonly Directive[]): void => {
    for (const one of block) {
      if ((one.name === 'access_log' || one.name === 'error_log') && !one.args[0]!.startsWith('syslog:'))
        logs.open(one.args[0]!);
      if (one.block) visit(one.block);
    }
  };
  visit(cycle.http);
}

export async function log(sys: Sys, cycle: Cycle, logs: Logs, level: Level, text: string): Promise<void> {
  if (wants(cycle.errorLog, level)) await logs.line(sys, cycle.errorLog.path, errorLine(sys, level, text));
}

const signals: Readonly<Record<string, number>> = { stop: 15, quit: 3, reopen: 10, reload: 1 };

async function sendSignal(sys: Sys, line: CommandLine): Promise<number> {
  const failed = async (text: string): Promise<number> => {
    await sys.write(2, `nginx: [error] ${text}\n`);
    return 1;
  };
  let path: string;
  try {
    path = readCycle(sys, line).pidPath;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await refuse(sys, error);
    return 1;
  }
  const text = readText(sys, path);
  if (text === undefined) return failed(`open() "${path}" failed (2: No such file or directory)`);
  const pid = Number(text.trim());
  if (!(pid > 0)) return failed(`invalid PID number "${text.trim()}" in "${path}"`);
  try {
    sys.kill(pid, signals[line.signal!]!);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return failed(`kill(${pid}, ${signals[line.signal!]}) failed (${error.errno}: ${error.message})`);
  }
}
