/** pg_ctl(1): starts and stops a server by its data directory. */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { findProgram } from '../../core/find-program.ts';
import { exists, readText } from '../../packages/sys-files.ts';
import { serverVersion } from './config.ts';

interface Options {
  action: string;
  directory: string;
  wait: boolean;
  seconds: number;
  silent: boolean;
  options: string;
  mode: string;
  log?: string;
}

const modes: Readonly<Record<string, number>> = { smart: 15, fast: 2, immediate: 3, s: 15, f: 2, i: 3 };

export const pgCtl: Program = async (sys) => {
  const options = await readOptions(sys);
  if (typeof options === 'number') return options;
  const actions: Record<string, (sys: Sys, options: Options) => Promise<number>> = { start, stop, status, reload };
  const action = options.action === 'restart' ? restart : actions[options.action];
  if (action) return action(sys, options);
  await sys.write(2, options.action ? `drydock: pg_ctl ${options.action} is not simulated\n` : noAction);
  return 1;
};

const noAction = 'pg_ctl: no operation specified\nTry "pg_ctl --help" for more information.\n';

async function readOptions(sys: Sys): Promise<Options | number> {
  const given: Record<string, string> = {};
  const o = { action: '', wait: true, silent: false };
  const args = sys.argv.slice(1);
  const names: Record<string, string> = {
    ...{ '-D': 'directory', '--pgdata': 'directory', '-o': 'options', '--options': 'options' },
    ...{ '-m': 'mode', '--mode': 'mode', '-l': 'log', '--log': 'log', '-t': 'seconds', '--timeout': 'seconds' },
  };
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '-V' || arg === '--version') {
      await sys.write(1, `pg_ctl (PostgreSQL) ${serverVersion}\n`);
      return 0;
    }
    const [, long, value] = /^(--\w+)=(.*)$/s.exec(arg) ?? [];
    const name = long ?? (/^-[Domlt]./.test(arg) ? arg.slice(0, 2) : arg);
    if (names[name]) given[names[name]!] = value ?? (name !== arg ? arg.slice(2) : (args.shift() ?? ''));
    else if (arg === '-w' || arg === '--wait') o.wait = true;
    else if (arg === '-W' || arg === '--no-wait') o.wait = false;
    else if (arg === '-s' || arg === '--silent') o.silent = true;
    else if (arg.startsWith('-')) {
      await sys.write(2, `drydock: pg_ctl ${arg} is not simulated\n`);
      return 1;
    } else o.action = arg;
  }
  const directory = (given.directory ?? sys.env.PGDATA)?.replace(/(.)\/+$/, '$1');
  if (!directory) {
    await sys.write(
      2,
      'pg_ctl: no database directory specified and environment variable PGDATA unset\nTry "pg_ctl --help" for more information.\n',
    );
    return 1;
  }
  const mode = given.mode ?? 'fast';
  return { ...o, directory, mode, options: given.options ?? '', log: given.log, seconds: Number(given.seconds ?? 60) };
}

/** Of a server that lives. */
function serverPid(sys: Sys, directory: string): number | undefined {
  const pid = Number(readText(sys, `${directory}/postmaster.pid`)?.split('\n')[0]);
  if (!pid) return undefined;
  try {
    sys.kill(pid, 0);
    return pid;
  } catch (error) {
    return isErrno(error, 'EPERM') ? pid : undefined;
  }
}

const isReady = (sys: Sys, directory: string): boolean =>
  readText(sys, `${directory}/postmaster.pid`)?.split('\n')[7]?.trim() === 'ready';

/** Prints a dot a second until `done`; false when that took too long. */
async function waitUntil(sys: Sys, options: Options, done: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tenths = 0; tenths < options.seconds * 10; tenths++) {
    if (tenths % 10 === 0 && !options.silent) await sys.write(1, '.');
    if (await done()) return true;
    await sys.sleep(100);
  }
  return false;
}

async function start(sys: Sys, options: Options): Promise<number> {
  const say = async (text: string): Promise<void> => (options.silent ? undefined : sys.write(1, text));
  const { directory } = options;
  if (serverPid(sys, directory)) {
    await sys.write(2, 'pg_ctl: another server might be running; trying to start server anyway\n');
  }
  const program = findProgram(sys, 'postgres', sys.env.PATH);
  const output = options.log ? ` >> "${options.log}" 2>&1` : '';
  const command = `exec "${program}" -D "${directory}" ${options.options} < "/dev/null"${output}`;
  const pid = await sys.spawn('/bin/sh', ['/bin/sh', '-c', command], { setsid: true });
  if (!options.wait) {
    await say('server starting\n');
    return 0;
  }
  await say('waiting for server to start...');
  let ended = false;
  const result = await waitUntil(sys, options, async () => {
    if (isReady(sys, directory) && serverPid(sys, directory) === pid) return true;
    ended = (await sys.wait(pid, { nohang: true })) !== null;
    return ended;
  });
  if (result && !ended) {
    await say(' done\nserver started\n');
    return 0;
  }
  await say(' stopped waiting\n');
  await sys.write(2, 'pg_ctl: could not start server\nExamine the log output.\n');
  return 1;
}

async function noServer(sys: Sys, directory: string): Promise<number> {
  await sys.write(2, `pg_ctl: PID file "${directory}/postmaster.pid" does not exist\nIs server running?\n`);
  return 1;
}

async function stop(sys: Sys, options: Options): Promise<number> {
  const say = async (text: string): Promise<void> => (options.silent ? undefined : sys.write(1, text));
  const signal = modes[options.mode];
  if (!signal) {
    await sys.write(
      2,
      `pg_ctl: unrecognized shutdown mode "${options.mode}"\nTry "pg_ctl --help" for more information.\n`,
    );
    return 1;
  }
  const pid = serverPid(sys, options.directory);
  if (!pid) return noServer(sys, options.directory);
  sys.kill(pid, signal);
  if (!options.wait) {
    await say('server shutting down\n');
    return 0;
  }
  await say('waiting for server to shut down...');
  if (await waitUntil(sys, options, () => !exists(sys, `${options.directory}/postmaster.pid`))) {
    await say(' done\nserver stopped\n');
    return 0;
  }
  await say(' failed\n');
  await sys.write(2, 'pg_ctl: server does not shut down\n');
  return 1;
}

async function restart(sys: Sys, options: Options): Promise<number> {
  if (serverPid(sys, options.directory)) {
    const stopped = await stop(sys, options);
    if (stopped !== 0) return stopped;
  } else {
    const text = `pg_ctl: PID file "${options.directory}/postmaster.pid" does not exist\nIs server running?\ntrying to start server anyway\n`;
    await sys.write(2, text);
  }
  return start(sys, options);
}

async function status(sys: Sys, { directory }: Options): Promise<number> {
  if (!exists(sys, `${directory}/PG_VERSION`)) {
    const what = exists(sys, directory) ? 'is not a database cluster directory' : 'does not exist';
    await sys.write(2, `pg_ctl: directory "${directory}" ${what}\n`);
    return 4;
  }
  const pid = serverPid(sys, directory);
  await sys.write(1, pid ? `pg_ctl: server is running (PID: ${pid})\n` : 'pg_ctl: no server running\n');
  return pid ? 0 : 3;
}

async function reload(sys: Sys, { directory, silent }: Options): Promise<number> {
  const pid = serverPid(sys, directory);
  if (!pid) return noServer(sys, directory);
  sys.kill(pid, 1);
  if (!silent) await sys.write(1, 'server signaled\n');
  return 0;
}
