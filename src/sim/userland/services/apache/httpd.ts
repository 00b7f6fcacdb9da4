/** Apache httpd: apache2(8), httpd(8). Command line, start, control by signals. */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { baseName } from '../../core/command.ts';
import {
  exists,
  idsByName,
  isDirectory,
  listNames,
  readText,
  removeQuietly,
  writeText,
} from '../../packages/sys-files.ts';
import { apacheDate } from '../http/date.ts';
import { acceptLoop, listenOn, upstreamVersion } from '../http/serve.ts';
import { all, ConfigReader, type Entry, isKnown, last, SyntaxProblem } from './config.ts';
import { NotSimulated, requireSimulated, requireSimulatedModules } from './not-simulated.ts';
import { Site } from './site.ts';

interface CommandLine {
  config: string;
  root: string;
  action: 'start' | 'stop' | 'restart' | 'graceful' | 'graceful-stop';
  foreground: boolean;
  test: boolean;
}

interface Setup {
  entries: Entry[];
  line: CommandLine;
  pidFile: string;
  errorLog: number;
}

const debianConfig = { root: '/etc/apache2', file: 'apache2.conf' };
const centosConfig = { root: '/etc/httpd', file: 'conf/httpd.conf' };
const ownConfig = { root: '/usr/local/apache2', file: 'conf/httpd.conf' };

export const httpd: Program = async (sys) => {
  const name = baseName(sys.argv[0] ?? 'apache2');
  const line = await readCommandLine(sys, name);
  if (typeof line === 'number') return line;
  if (!exists(sys, line.config)) {
    await sys.write(2, `${name}: Could not open configuration file ${line.config}: No such file or directory\n`);
    return 1;
  }
  let entries: Entry[];
  try {
    entries = await readEntries(sys, line);
  } catch (error) {
    if (error instanceof NotSimulated) {
      await sys.write(2, `${error.message}\n`);
      return 1;
    }
    if (!(error instanceof SyntaxProblem)) throw error;
    await sys.write(2, `${error.message}\n`);
    if (line.test) return 1;
    await sys.write(
      2,
      `Action '${line.test ? 'configtest' : line.action}' failed.\nThe Apache error log may have more information.\n`,
    );
    return 1;
  }
  await fullyQualifiedName(sys, entries, name);
  if (line.test) {
    await sys.write(2, 'Syntax OK\n');
    return 0;
  }
  const pidFile = absolute(line, last(entries, 'pidfile')?.args[0] ?? 'logs/httpd.pid');
  if (line.action !== 'start') return control(sys, line, pidFile, name);
  return start(sys, entries, line, pidFile, name);
};

const absolute = ({ root }: CommandLine, path: string): string => (path.startsWith('/') ? path : `${root}/${path}`);

async function readCommandLine(sys: Sys, name: string): Promise<CommandLine | number> {
  const base = [ownConfig, centosConfig].find(({ root }) => exists(sys, root)) ?? debianConfig;
  const line: CommandLine = { config: '', root: base.root, action: 'start', foreground: false, test: false };
  const args = sys.argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-v' || arg === '-V') {
      await sys.write(
        1,
        `Server version: Apache/${version(sys)} (${flavour(line)})\nServer built:   2025-01-01T00:00:00\n`,
      );
      return 0;
    }
    if (arg === '-t') line.test = true;
    else if (arg === '-X') line.foreground = true;
    else if (/^-D/.test(arg)) {
      if ((arg.slice(2) || args[++i]) === 'FOREGROUND') line.foreground = true;
    } else if (arg === '-f') line.config = args[++i] ?? '';
    else if (arg === '-d') line.root = args[++i] ?? '';
    else if (arg === '-k') line.action = (args[++i] ?? 'start') as CommandLine['action'];
    else if (arg === '-M' || arg === '-S' || arg === '-l') {
      await sys.write(2, `drydock: ${name} ${arg} is not simulated\n`);
      return 1;
    } else {
      await sys.write(
        2,
        `Usage: ${name} [-D name] [-d directory] [-f file]\n       [-C "directive"] [-c "directive"]\n       [-k start|restart|graceful|graceful-stop|stop]\n       [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]\n`,
      );
      return arg === '-h' ? 0 : 1;
    }
  }
  line.config = line.config ? absolute(line, line.config) : `${line.root}/${base.file}`;
  return line;
}

const version = (sys: Sys): string =>
  sys.env.HTTPD_VERSION ?? upstreamVersion(sys, ['apache2', 'apache2-bin', 'httpd'], '2.4.62');
const flavour = ({ root }: CommandLine): string =>
  root === ownConfig.root ? 'Unix' : root === centosConfig.root ? 'CentOS' : 'Debian';

/** Modules that mods-enabled or LoadModule bring, and those that are always there. */
function enabledModules(sys: Sys, line: CommandLine): Set<string> {
  const enabled = listNames(sys, `${line.root}/mods-enabled`).flatMap((one) => /^(.*)\.load$/.exec(one)?.[1] ?? []);
  const listed = [...(readText(sys, line.config) ?? '').matchAll(/^\s*LoadModule (\w+)/gm)].map((match) => match[1]!);
  return new Set([...enabled.map((one) => `${one}_module`), ...listed, 'unixd_module', 'log_config_module']);
}

/** Throws {@link SyntaxProblem}, {@link NotSimulated}. */
async function readEntries(sys: Sys, line: CommandLine): Promise<Entry[]> {
  const modules = enabledModules(sys, line);
  requireSimulatedModules(modules);
  const reader = new ConfigReader(sys, line.root, modules);
  const entries = reader.read(line.config);
  for (const text of new Set(reader.warnings))
    await sys.write(2, `[${apacheDate(sys.now())}] [core:warn] [pid ${sys.pid}] ${text}\n`);
  checkAll(entries, modules);
  const runtime = last(entries, 'defaultruntimedir');
  if (runtime && runtime.args[0]!.includes('${')) {
    throw new SyntaxProblem(
      runtime.file,
      runtime.line,
      'DefaultRuntimeDir must be a valid directory, absolute or relative to ServerRoot',
    );
  }
  for (const root of all(flatten(entries), 'documentroot')) {
    if (!isDirectory(sys, absolute(line, root.args[0]!))) {
      await sys.write(2, `AH00112: Warning: DocumentRoot [${absolute(line, root.args[0]!)}] does not exist\n`);
    }
  }
  return entries;
}

const flatten = (entries: readonly Entry[]): Entry[] => entries.flatMap((one) => [one, ...flatten(one.inner ?? [])]);

/** Throws {@link SyntaxProblem}, {@link NotSimulated}. */
function checkAll(entries: readonly Entry[], modules: ReadonlySet<string>): void {
  for (const one of flatten(entries)) {
    if (isKnown(one.name, modules)) {
      requireSimulated(one);
      continue;
    }
    const shown = one.inner ? `<${one.spelled}` : one.spelled;
    throw new SyntaxProblem(
      one.file,
      one.line,
      `Invalid command '${shown}', perhaps misspelled or defined by a module not included in the server configuration`,
    );
  }
}

async function fullyQualifiedName(sys: Sys, entries: Entry[], name: string): Promise<void> {
  if (last(entries, 'servername')) return;
  const host = sys.uname().nodename;
  const address = (readText(sys, '/etc/hosts') ?? '')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .find((row) => row.slice(1).includes(host))?.[0];
  await sys.write(
    2,
    `AH00558: ${name}: Could not reliably determine the server's fully qualified domain name, using ${address ?? '127.0.1.1'}. Set the 'ServerName' directive globally to suppress this message\n`,
  );
}

function runningPid(sys: Sys, pidFile: string): number | undefined {
  const pid = Number(readText(sys, pidFile)?.trim());
  if (!(pid > 0)) return undefined;
  try {
    sys.kill(pid, 0);
    return pid;
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

async function control(sys: Sys, line: CommandLine, pidFile: string, name: string): Promise<number> {
  const pid = runningPid(sys, pidFile);
  if (pid === undefined) {
    await sys.write(2, `${name} (no pid file) not running\n`);
    if (line.action.endsWith('stop')) return 1;
    return 1;
  }
  const signals: Record<string, number> = { stop: 15, restart: 1, graceful: 10, 'graceful-stop': 28 };
  sys.kill(pid, signals[line.action] ?? 15);
  return 0;
}

async function start(sys: Sys, entries: Entry[], line: CommandLine, pidFile: string, name: string): Promise<number> {
  const pid = runningPid(sys, pidFile);
  if (pid !== undefined && pid !== sys.pid) {
    await sys.write(2, `${name} (pid ${pid}) already running\n`);
    return 0;
  }
  const sockets = await openSockets(sys, entries);
  if (!sockets) return 1;
  const logPath = absolute(line, last(entries, 'errorlog')?.args[0] ?? 'logs/error_log');
  let errorLog: number;
  try {
    errorLog = sys.openSync(logPath, { access: 'write', create: true, append: true }, 0o640);
  } catch (error) {
    if (!isErrno(error)) throw error;
    await sys.write(
      2,
      `(${error.errno})${error.message}: AH00091: ${name}: could not open error log file ${logPath}.\nAH00015: Unable to open logs\n`,
    );
    return 1;
  }
  const setup: Setup = { entries, line, pidFile, errorLog };
  if (line.foreground) return parent(sys, setup, sockets);
  sys.fork((child) => {
    child.setsid();
    return parent(child, setup, sockets);
  });
  return 0;
}

async function openSockets(sys: Sys, entries: Entry[]): Promise<number[] | undefined> {
  const sockets: number[] = [];
  for (const { args } of all(entries, 'listen')) {
    const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(args[0]!) ?? [];
    const address = host && host !== '*' ? host.replace(/[[\]]/g, '') : '0.0.0.0';
    try {
      sockets.push(listenOn(sys, address.includes(':') ? 'inet6' : 'inet', address, Number(port)));
    } catch (error) {
      if (!isErrno(error)) throw error;
      await sys.write(
        2,
        `(${error.errno})${error.message}: AH00072: make_sock: could not bind to address ${address}:${port}\n`,
      );
      await sys.write(2, 'no listening sockets available, shutting down\nAH00015: Unable to open logs\n');
      return undefined;
    }
  }
  if (sockets.length === 0) {
    await sys.write(2, 'no listening sockets available, shutting down\nAH00015: Unable to open logs\n');
    return undefined;
  }
  return sockets;
}

/** Starts the children that serve, waits for signals, stops them. */
async function parent(sys: Sys, { entries, line, pidFile, errorLog }: Setup, sockets: number[]): Promise<number> {
  const received: number[] = [];
  for (const signal of [1, 10, 15, 2, 28]) sys.signal(signal, (number) => void received.push(number));
  writeText(sys, pidFile, `${sys.pid}\n`);
  const note = (module: string, text: string) =>
    sys.write(errorLog, `[${apacheDate(sys.now())}] [${module}] [pid ${sys.pid}:tid ${sys.pid}] ${text}\n`);
  await note(
    'mpm_event:notice',
    `AH00489: Apache/${version(sys)} (${flavour(line)}) configured -- resuming normal operations`,
  );
  await note('core:notice', `AH00094: Command line: '${sys.argv.join(' ')}'`);
  let current = entries;
  const readOverride = (worker: Sys, path: string): Entry[] => {
    const modules = enabledModules(worker, line);
    const found = new ConfigReader(worker, line.root, modules).read(path);
    checkAll(found, modules);
    return found;
  };
  const product = `Apache/${version(sys)} (${flavour(line)})`;
  const site = () => new Site(sys, current, line.root, product, errorLog, readOverride);
  let child = startChild(sys, site(), sockets, current);
  for (;;) {
    const signal = received.shift();
    if (signal === 1 || signal === 10) {
      await note(
        'mpm_event:notice',
        signal === 1
          ? 'AH00494: SIGHUP received.  Attempting to restart'
          : 'AH00493: SIGUSR1 received.  Doing graceful restart',
      );
      current = await readEntries(sys, line).catch((error) => {
        if (error instanceof SyntaxProblem || error instanceof NotSimulated) return current;
        throw error;
      });
      sys.kill(child, 15);
      child = startChild(sys, site(), sockets, current);
    } else if (signal !== undefined) {
      await note(
        'mpm_event:notice',
        signal === 28 ? 'AH00492: caught SIGWINCH, shutting down gracefully' : 'AH00491: caught SIGTERM, shutting down',
      );
      sys.kill(child, 15);
      await sys.wait(child).catch(() => null);
      removeQuietly(sys, pidFile);
      return 0;
    }
    try {
      const ended = received.length > 0 ? null : await sys.wait(-1);
      if (ended?.pid === child) child = startChild(sys, site(), sockets, current);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
}

function startChild(sys: Sys, site: Site, sockets: readonly number[], entries: readonly Entry[]): number {
  const uid = idsByName(sys, '/etc/passwd').get(last(entries, 'user')?.args[0] ?? '');
  const gid = idsByName(sys, '/etc/group').get(last(entries, 'group')?.args[0] ?? '');
  site.openLogs();
  return sys.fork(async (child) => {
    if (child.cred.euid === 0 && uid !== undefined) {
      child.setgroups([gid ?? uid]);
      child.setgid(gid ?? uid);
      child.setuid(uid);
    }
    let stopped = false;
    child.signal(15, () => {
      stopped = true;
    });
    for (const signal of [1, 2, 10, 28]) child.signal(signal, 'ignore');
    await Promise.all(
      sockets.map((fd) =>
        acceptLoop(
          child,
          fd,
          () => stopped,
          (request, client) => site.answer(child, request, client),
        ),
      ),
    );
    return 0;
  });
}
