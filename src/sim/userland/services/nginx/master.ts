/** The master process: sockets, pid file, workers, signals (nginx.org/en/docs/control.html). */
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { idsByName, readText, removeQuietly, writeText } from '../../packages/sys-files.ts';
import { listenOn } from '../http/serve.ts';
import { ConfigError, find } from './config.ts';
import type { Listen } from './location.ts';
import type { Logs } from './log.ts';
import { type CommandLine, type Cycle, emergency, log, openLogs, product, readCycle } from './nginx.ts';
import { runWorker } from './worker.ts';

export interface Socket extends Listen {
  fd: number;
}

const SIG = { HUP: 1, INT: 2, QUIT: 3, USR1: 10, TERM: 15, WINCH: 28 };

export async function runMaster(sys: Sys, line: CommandLine, cycle: Cycle, logs: Logs): Promise<number> {
  const sockets = await openSockets(sys, cycle, logs, []);
  if (!sockets) return 1;
  if (find(cycle.main, 'daemon')?.args[0] !== 'off') {
    // The parent ends once the child has everything open.
    sys.fork((child) => {
      child.setsid();
      return new Master(child, line, cycle, logs, sockets).run();
    });
    return 0;
  }
  return new Master(sys, line, cycle, logs, sockets).run();
}

const key = ({ family, address, port }: Listen): string => `${family} ${address} ${port}`;
const shown = ({ family, address, port }: Listen): string =>
  family === 'inet6' ? `[${address}]:${port}` : `${address}:${port}`;

/** Keeps what is open already; tries five times, as nginx does. Undefined when an address stays taken. */
async function openSockets(sys: Sys, cycle: Cycle, logs: Logs, open: readonly Socket[]): Promise<Socket[] | undefined> {
  const wanted = new Map(cycle.servers.flatMap((server) => server.listens).map((one) => [key(one), one]));
  const sockets = open.filter((one) => wanted.has(key(one)));
  for (let attempt = 0; attempt < 5; attempt++) {
    let failed = false;
    for (const one of wanted.values()) {
      if (sockets.some((socket) => key(socket) === key(one))) continue;
      try {
        sockets.push({ ...one, fd: listenOn(sys, one.family, one.address, one.port) });
      } catch (error) {
        if (!isErrno(error)) throw error;
        // A kernel without IPv6, or one socket that serves both families.
        if (one.family === 'inet6' && (error.code === 'EAFNOSUPPORT' || sharesPort(wanted, one))) {
          wanted.delete(key(one));
          continue;
        }
        const text = `bind() to ${shown(one)} failed (${error.errno}: ${error.message})`;
        await emergency(sys, text);
        await log(sys, cycle, logs, 'emerg', text);
        if (error.code !== 'EADDRINUSE') return undefined;
        failed = true;
      }
    }
    if (!failed) return sockets;
    await sys.sleep(500);
  }
  await emergency(sys, 'still could not bind()');
  await log(sys, cycle, logs, 'emerg', 'still could not bind()');
  return undefined;
}

const sharesPort = (wanted: ReadonlyMap<string, Listen>, one: Listen): boolean =>
  [...wanted.values()].some((other) => other.family === 'inet' && other.port === one.port);

class Master {
  private readonly received: number[] = [];
  private workers = new Set<number>();
  private stopping = false;

  constructor(
    private readonly sys: Sys,
    private readonly line: CommandLine,
    private cycle: Cycle,
    private readonly logs: Logs,
    private sockets: Socket[],
  ) {}

  async run(): Promise<number> {
    const { sys } = this;
    try {
      writeText(sys, this.cycle.pidPath, `${sys.pid}\n`);
    } catch (error) {
      if (!isErrno(error)) throw error;
      await emergency(sys, `open() "${this.cycle.pidPath}" failed (${error.errno}: ${error.message})`);
      return 1;
    }
    sys.setComm('nginx');
    sys.setTitle([`nginx: master process ${sys.argv.join(' ')}`]);
    for (const signal of Object.values(SIG)) sys.signal(signal, (number) => void this.received.push(number));
    await this.notice('using the "epoll" event method');
    await this.notice(product(sys));
    const { sysname, release } = sys.uname();
    await this.notice(`OS: ${sysname} ${release}`);
    await this.notice('start worker processes');
    await this.startWorkers();
    await this.loop();
    removeQuietly(sys, this.cycle.pidPath);
    await this.notice('exit');
    return 0;
  }

  private notice(text: string): Promise<void> {
    return log(this.sys, this.cycle, this.logs, 'notice', text);
  }

  private async startWorkers(): Promise<void> {
    const setting = find(this.cycle.main, 'worker_processes')?.args[0] ?? '1';
    const count = setting === 'auto' ? this.processors() : Math.max(1, Number(setting));
    for (let i = 0; i < count; i++) {
      const { cycle, logs, sockets } = this;
      const pid = this.sys.fork((child) => runWorker(child, cycle, logs, sockets, this.owner()));
      this.workers.add(pid);
      await this.notice(`start worker process ${pid}`);
    }
  }

  private processors(): number {
    return Math.max(1, (readText(this.sys, '/proc/cpuinfo') ?? '').match(/^processor/gm)?.length ?? 1);
  }

  /** Whom workers run as; undefined when the master is nobody special. */
  private owner(): { uid: number; gid: number } | undefined {
    if (this.sys.cred.euid !== 0) return undefined;
    const [user = 'nobody', group = user] = find(this.cycle.main, 'user')?.args ?? [];
    const uid = idsByName(this.sys, '/etc/passwd').get(user);
    const gid = idsByName(this.sys, '/etc/group').get(group);
    return uid === undefined ? undefined : { uid, gid: gid ?? uid };
  }

  private async loop(): Promise<void> {
    for (;;) {
      while (this.received.length > 0) await this.handle(this.received.shift()!);
      if (this.stopping && this.workers.size === 0) return;
      try {
        const ended = await this.sys.wait(-1);
        if (ended) await this.workerEnded(ended.pid, ended.signal ?? 0, ended.code ?? 0);
      } catch (error) {
        if (!isErrno(error)) throw error;
        if (error.code === 'ECHILD') this.workers.clear();
      }
    }
  }

  private async workerEnded(pid: number, signal: number, code: number): Promise<void> {
    if (!this.workers.delete(pid)) return;
    if (signal) await log(this.sys, this.cycle, this.logs, 'alert', `worker process ${pid} exited on signal ${signal}`);
    else await this.notice(`worker process ${pid} exited with code ${code}`);
    if (!this.stopping && this.workers.size === 0) await this.startWorkers();
  }

  private async handle(signal: number): Promise<void> {
    const names: Record<number, string> = {
      1: 'SIGHUP',
      2: 'SIGINT',
      3: 'SIGQUIT',
      10: 'SIGUSR1',
      15: 'SIGTERM',
      28: 'SIGWINCH',
    };
    const what: Record<number, string> = {
      1: 'reconfiguring',
      2: 'exiting',
      3: 'shutting down',
      10: 'reopening logs',
      15: 'exiting',
      28: 'gracefully shutting down workers',
    };
    await this.notice(`signal ${signal} (${names[signal]}) received, ${what[signal]}`);
    if (signal === SIG.HUP) await this.reload();
    else if (signal === SIG.USR1) this.logs.reopen();
    else if (signal !== SIG.WINCH) {
      this.stopping = true;
      this.tell(this.workers, signal === SIG.QUIT ? SIG.QUIT : SIG.TERM);
    }
  }

  private tell(pids: Iterable<number>, signal: number): void {
    for (const pid of pids) {
      try {
        this.sys.kill(pid, signal);
      } catch (error) {
        if (!isErrno(error)) throw error;
      }
    }
  }

  /** A configuration that is wrong changes nothing. */
  private async reload(): Promise<void> {
    try {
      const fresh = readCycle(this.sys, this.line);
      openLogs(fresh, this.logs);
      const sockets = await openSockets(this.sys, fresh, this.logs, this.sockets);
      if (!sockets) return;
      for (const old of this.sockets) if (!sockets.includes(old)) this.sys.close(old.fd);
      this.sockets = sockets;
      this.cycle = fresh;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      await log(this.sys, this.cycle, this.logs, 'emerg', error.message);
      return;
    }
    const old = [...this.workers];
    await this.notice('start worker processes');
    await this.startWorkers();
    this.tell(old, SIG.QUIT);
  }
}
