/** redis-server(1): command line, start, clients, signals. */
import { isErrno } from '../../../../spec/index.ts';
import { Killed } from '../../../kernel/killed.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { baseName } from '../../core/command.ts';
import { readText, removeQuietly, writeText } from '../../packages/sys-files.ts';
import { listenOn, upstreamVersion } from '../http/serve.ts';
import { ConfigProblem, RedisConfig } from './config.ts';
import { RdbError } from './rdb.ts';
import { encode, Failure, type Reply, RespReader, toBytes } from './resp.ts';
import { RedisServer } from './server.ts';
import { Session } from './session.ts';

/** redis's official image says its version in the environment; elsewhere the package database does. */
export const redisVersion = (sys: Sys): string =>
  sys.env.REDIS_VERSION ?? upstreamVersion(sys, ['redis-server', 'redis-tools', 'redis'], '7.0.15');

const usage = `Usage: ./redis-server [/path/to/redis.conf] [options] [-]
       ./redis-server - (read config from stdin)
       ./redis-server -v or --version
       ./redis-server -h or --help
`;

export const redisServer: Program = async (sys) => {
  const name = baseName(sys.argv[0] ?? '');
  if (/^redis-(check|sentinel)/.test(name)) {
    await sys.write(2, `drydock: ${name} is not simulated\n`);
    return 1;
  }
  const args = sys.argv.slice(1);
  const version = redisVersion(sys);
  if (args[0] === '-v' || args[0] === '--version') {
    await sys.write(1, `Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n`);
    return 0;
  }
  if (args[0] === '-h' || args[0] === '--help') {
    await sys.write(2, usage);
    return 1;
  }
  const file = args[0] !== undefined && !args[0].startsWith('-') ? args.shift()! : '';
  const config = new RedisConfig();
  try {
    if (file !== '') {
      const text = readText(sys, file);
      if (text === undefined) {
        await sys.write(2, `Fatal error, can't open config file '${file}': No such file or directory\n`);
        return 1;
      }
      config.read(text);
    }
    config.read(optionLines(args));
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    await sys.write(
      2,
      `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line ${error.line}\n>>> '${error.text}'\n${error.message}\n`,
    );
    return 1;
  }
  return start(sys, version, config.values, file);
};

/** `--port 1 --save ''` as lines of a configuration file. */
function optionLines(args: readonly string[]): string {
  const lines: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('--')) lines.push(arg.slice(2));
    else lines.push(`${lines.pop() ?? ''} ${arg === '' || /\s/.test(arg) ? JSON.stringify(arg) : arg}`);
  }
  return lines.join('\n');
}

async function start(sys: Sys, version: string, config: Map<string, string>, file: string): Promise<number> {
  try {
    sys.chdir(config.get('dir')!);
  } catch (error) {
    if (!isErrno(error)) throw error;
    await sys.write(
      2,
      `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line 1\n>>> 'dir ${config.get('dir')}'\n${error.message}\n`,
    );
    return 1;
  }
  config.set('dir', sys.getcwd());
  if (config.get('daemonize') === 'yes') {
    sys.fork((child) => {
      child.setsid();
      return main(child, version, config, file);
    });
    return 0;
  }
  return main(sys, version, config, file);
}

async function main(sys: Sys, version: string, config: Map<string, string>, file: string): Promise<number> {
  const logFile = config.get('logfile');
  let logFd = 1;
  try {
    if (logFile) logFd = sys.openSync(logFile, { access: 'write', create: true, append: true }, 0o644);
  } catch (error) {
    if (!isErrno(error)) throw error;
    await sys.write(2, `Can't open the log file: ${error.message}\n`);
    return 1;
  }
  const server = new RedisServer(sys, version, config, file, logFd);
  await greet(sys, server, file);
  const sockets = await listen(sys, server);
  if (!sockets) return 1;
  try {
    await server.load();
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    await server.log(`${error.message}. Fatal error loading the DB, check server logs. Exiting.`, 'warning');
    return 1;
  }
  const { port, pidfile } = { port: config.get('port')!, pidfile: config.get('pidfile')! };
  if (pidfile || config.get('daemonize') === 'yes') writeText(sys, pidfile || '/var/run/redis.pid', `${sys.pid}\n`);
  const first = config.get('bind')!.split(' ')[0]!;
  sys.setTitle([`${sys.argv[0]} ${first}:${port}`]);
  sys.setMemory(8 << 20);
  await server.log('Ready to accept connections tcp');
  for (const signal of [2, 15]) sys.signal(signal, (number) => void ended(sys, server, number).catch(unlessKilled));
  await Promise.all(sockets.map((fd) => accept(sys, server, fd)));
  if (pidfile) removeQuietly(sys, pidfile);
  return 0;
}

async function greet(sys: Sys, server: RedisServer, file: string): Promise<void> {
  const log = (text: string, level: 'notice' | 'warning' = 'notice') => server.log(text, level, 'C');
  if (readText(sys, '/proc/sys/vm/overcommit_memory')?.trim() === '0') {
    await log(
      "WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition. Being disabled, it can also cause failures without low memory condition, see https://github.com/jemalloc/jemalloc/issues/1328. To fix this issue add 'vm.overcommit_memory = 1' to /etc/sysctl.conf and then reboot or run the command 'sysctl vm.overcommit_memory=1' for this to take effect.",
      'warning',
    );
  }
  await log('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  await log(`Redis version=${server.version}, bits=64, commit=00000000, modified=0, pid=${sys.pid}, just started`);
  if (file === '' && sys.argv.length === 1) {
    await log(
      'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      'warning',
    );
  } else await log('Configuration loaded');
  await server.log('monotonic clock: POSIX clock_gettime');
  // Differs from Redis: on a terminal the real one draws its logo here.
  await server.log(`Running mode=standalone, port=${server.config.get('port')}.`);
  await server.log('Server initialized');
}

async function listen(sys: Sys, server: RedisServer): Promise<number[] | undefined> {
  const port = Number(server.config.get('port'));
  const sockets: number[] = [];
  for (const word of server.config.get('bind')!.split(/\s+/)) {
    const optional = word.startsWith('-');
    const address = word
      .replace(/^-/, '')
      .replace(/^\*$/, '0.0.0.0')
      .replace(/^::\*$/, '::');
    try {
      sockets.push(listenOn(sys, address.includes(':') ? 'inet6' : 'inet', address, port));
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (optional) continue;
      await server.log(
        `Warning: Could not create server TCP listening socket ${word}:${port}: bind: ${error.message}`,
        'warning',
      );
      await server.log(`Failed listening on port ${port} (tcp), aborting.`, 'warning');
      return undefined;
    }
  }
  return sockets;
}

async function ended(sys: Sys, server: RedisServer, signal: number): Promise<void> {
  if (server.stopped) return;
  const name = signal === 2 ? 'SIGINT' : 'SIGTERM';
  await sys.write(1, `${sys.pid}:signal-handler (${sys.now().sec}) Received ${name} scheduling shutdown...\n`);
  await server.log('User requested shutdown...');
  await server.shutdown(true);
  sys.kill(sys.pid, 10);
}

async function accept(sys: Sys, server: RedisServer, listening: number): Promise<void> {
  // Wakes the loops that wait for clients.
  sys.signal(10, () => undefined);
  while (!server.stopped) {
    try {
      const { fd, peer } = await sys.accept(listening);
      const address = peer.family === 'unix' ? peer.path : `${peer.address}:${peer.port}`;
      void serve(sys, server, fd, address).catch(unlessKilled);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code === 'EBADF') return;
    }
  }
}

/** The main loop hears of it too. */
function unlessKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}

async function serve(sys: Sys, server: RedisServer, fd: number, address: string): Promise<void> {
  const send = (reply: Reply): ReturnType<Sys['write']> => sys.write(fd, toBytes(encode(reply, session.protocol)));
  const session = new Session(server, ++server.connections, address, send);
  server.sessions.add(session);
  const reader = new RespReader();
  try {
    while (!session.closing) {
      const bytes = await sys.read(fd);
      if (bytes.length === 0) break;
      reader.feed(bytes);
      for (let words = reader.command(); words && !session.closing; words = reader.command()) {
        if (words.length > 0) await send(await session.execute(words));
      }
    }
  } catch (error) {
    if (error instanceof Failure) await send(error).catch(() => undefined);
    else if (!isErrno(error)) throw error;
  } finally {
    server.sessions.delete(session);
    sys.close(fd);
    if (server.stopped) sys.kill(sys.pid, 10);
  }
}
