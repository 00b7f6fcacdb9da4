/** postgres(1): the postmaster. Differs from PostgreSQL: no helper processes, as one backend does all work. */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { SocketAddress, Sys } from '../../../kernel/sys.ts';
import { readContent, readText, removeQuietly, writeText } from '../../packages/sys-files.ts';
import { listenOn } from '../http/serve.ts';
import { Cluster } from './cluster.ts';
import {
  type CommandLine,
  CommandLineProblem,
  effectiveSettings,
  readCommandLine,
  readSettings,
  serverBuild,
  serverVersion,
} from './config.ts';
import { Connection, type Host } from './connection.ts';
import type { PostgresFiles } from './files.ts';
import { logTime, ServerLog } from './log.ts';

const SIG = { HUP: 1, INT: 2, QUIT: 3, TERM: 15, CHLD: 17 };

const asRoot = `"root" execution of the PostgreSQL server is not permitted.
The server must be started under an unprivileged user ID to prevent
possible system security compromise.  See the documentation for
more information on how to properly start the server.
`;
const nowhere = (name: string): string => `${name} does not know where to find the server configuration file.
You must specify the --config-file or -D invocation option or set the PGDATA environment variable.
`;

export const postgresProgram =
  (files: () => PostgresFiles | undefined, hold: () => () => void): Program =>
  async (sys) => {
    const name = sys.argv[0]!.slice(sys.argv[0]!.lastIndexOf('/') + 1);
    const args = sys.argv.slice(1);
    if (args[0] === '-V' || args[0] === '--version') {
      await sys.write(1, `postgres (PostgreSQL) ${serverVersion}\n`);
      return 0;
    }
    if (args[0] === '--single' || args[0] === '--boot' || args[0] === '--help' || args[0] === '-?') {
      await sys.write(2, `drydock: postgres ${args[0]} is not simulated\n`);
      return 1;
    }
    if (sys.cred.euid === 0) {
      await sys.write(2, asRoot);
      return 1;
    }
    let line: CommandLine;
    try {
      line = readCommandLine(args);
    } catch (error) {
      if (!(error instanceof CommandLineProblem)) throw error;
      await sys.write(2, `${name}: ${error.message}\nTry "${name} --help" for more information.\n`);
      return 1;
    }
    const directory = (line.directory ?? sys.env.PGDATA)?.replace(/(.)\/+$/, '$1');
    if (!directory) {
      await sys.write(2, nowhere(name));
      return 2;
    }
    if (readText(sys, `${directory}/postgresql.conf`) === undefined) {
      const text = `could not access the server configuration file "${directory}/postgresql.conf"`;
      await sys.write(2, `${name}: ${text}: No such file or directory\n`);
      return 2;
    }
    const loaded = files();
    if (!loaded) {
      await sys.write(2, 'drydock: postgres: this host was started without its assets\n');
      return 126;
    }
    return new Postmaster(sys, loaded, hold, directory, line).run();
  };

/** What -C is asked for before there is an engine that would know. */
const defaults: Readonly<Record<string, string>> = {
  ...{ password_encryption: 'scram-sha-256', port: '5432', listen_addresses: 'localhost', ssl: 'off' },
};

class Postmaster {
  private readonly log: ServerLog;
  private readonly settings: Map<string, string>;
  private readonly children = new Set<number>();
  private cluster!: Cluster;
  private refusal: string | undefined = 'the database system is starting up';
  private stop!: (how: 'smart' | 'fast' | 'immediate') => void;
  private readonly stopped: Promise<'smart' | 'fast' | 'immediate'>;
  private lastChild: (() => void) | undefined;

  constructor(
    private readonly sys: Sys,
    private readonly files: PostgresFiles,
    private readonly hold: () => () => void,
    private readonly directory: string,
    private readonly line: CommandLine,
  ) {
    this.log = new ServerLog(sys);
    this.settings = effectiveSettings(sys, directory, line);
    this.stopped = new Promise((resolve) => {
      this.stop = resolve;
    });
  }

  private get port(): number {
    return Number(this.settings.get('port') ?? 5432);
  }
  private get lock(): string {
    return `${this.directory}/postmaster.pid`;
  }

  async run(): Promise<number> {
    const { sys } = this;
    if (this.line.show) {
      const value = this.settings.get(this.line.show) ?? defaults[this.line.show];
      await sys.write(
        value === undefined ? 2 : 1,
        `${value ?? `drydock: postgres -C ${this.line.show} is not simulated`}\n`,
      );
      return value === undefined ? 1 : 0;
    }
    const other = this.runningPid();
    if (other) {
      await this.log.say('lock file "postmaster.pid" already exists', 'FATAL');
      const hint = `Is another postmaster (PID ${other}) running in data directory "${this.directory}"?`;
      await this.log.say(hint, 'HINT');
      return 1;
    }
    removeQuietly(sys, this.lock);
    await this.log.say(`starting ${serverBuild}`);
    const sockets = await this.listen();
    if (!sockets) return 1;
    this.catchSignals();
    const accepting = sockets.map((fd) => this.accept(fd));
    for (const loop of accepting) loop.catch(() => undefined);
    if (!(await this.startCluster())) return 1;
    this.refusal = undefined;
    // What the real one takes after its start; as a limit of the container's counts it.
    sys.setMemory(38 << 20);
    this.writeLock('ready');
    await this.log.say('database system is ready to accept connections');
    const how = await Promise.race([this.stopped, ...accepting]);
    return this.shutDown(how as 'smart' | 'fast' | 'immediate', sockets);
  }

  private runningPid(): number | undefined {
    const pid = Number(readText(this.sys, this.lock)?.split('\n')[0]);
    if (!pid || pid === this.sys.pid) return undefined;
    try {
      this.sys.kill(pid, 0);
      return pid;
    } catch (error) {
      return isErrno(error, 'EPERM') ? pid : undefined;
    }
  }

  private async startCluster(): Promise<boolean> {
    const { sys, directory, hold } = this;
    await this.tellState();
    const release = hold();
    const code = await this.files.code().finally(release);
    let told = false;
    const own = (line: string): void => {
      if (/\bFATAL: /.test(line)) told = true;
      const speaker = this.cluster.speaker ?? sys.pid;
      void this.log.line(line.replace(/^(\S+ \S+ \w+ )\[42\]/, (_all, time: string) => `${time}[${speaker}]`));
    };
    const config = this.line.settings.find(([name]) => name === 'config_file')?.[1];
    const fromFile = config ? [...readSettings(readText(sys, config) ?? '')] : [];
    const settings = [...fromFile, ...this.line.settings]
      .filter(([name]) => !['config_file', 'hba_file', 'shared_buffers'].includes(name))
      .map(([name, value]) => `${name}=${value}`);
    const started = (): void => this.writeLock(this.refusal ? 'starting' : 'ready');
    this.cluster = new Cluster({ sys, code, directory, settings, hold, log: own, started });
    try {
      await this.cluster.open('postgres');
      return true;
    } catch (error) {
      if (isErrno(error)) throw error;
      if (!told) await this.log.say(`drydock: PostgreSQL did not start: ${(error as Error).message}`, 'FATAL');
      await this.log.say('database system is shut down');
      return false;
    }
  }

  /** How the last server left the cluster, as pg_control has it: its state, and when it was written. */
  private async tellState(): Promise<void> {
    const control = readContent(this.sys, `${this.directory}/global/pg_control`)?.read(0, 32);
    if (!control || control.length < 32) return;
    const view = new DataView(control.buffer, control.byteOffset);
    const time = logTime(Number(view.getBigInt64(24, true)));
    // Of a crash the engine tells itself.
    if (view.getInt32(16, true) === 1) await this.log.say(`database system was shut down at ${time}`);
  }

  private writeLock(state: 'starting' | 'ready'): void {
    const { sys, settings } = this;
    const lines = [sys.pid, this.directory, sys.now().sec, this.port, this.socketDirectories()[0] ?? ''];
    const address = (settings.get('listen_addresses') ?? 'localhost').split(',')[0];
    writeText(sys, this.lock, `${lines.join('\n')}\n${address}\n\n${state.padEnd(8)}\n`, 0o600);
  }

  private socketDirectories(): string[] {
    return (this.settings.get('unix_socket_directories') ?? '/var/run/postgresql').split(/\s*,\s*/).filter(Boolean);
  }

  private async listen(): Promise<number[] | undefined> {
    const sockets: number[] = [];
    const wanted = (this.settings.get('listen_addresses') ?? 'localhost').split(/\s*,\s*/).filter(Boolean);
    const addresses = wanted.flatMap((one) =>
      one === '*' ? ['0.0.0.0', '::'] : one === 'localhost' ? ['127.0.0.1', '::1'] : [one],
    );
    for (const address of addresses) {
      const six = address.includes(':');
      try {
        sockets.push(listenOn(this.sys, six ? 'inet6' : 'inet', address, this.port));
        await this.log.say(`listening on IPv${six ? 6 : 4} address "${address}", port ${this.port}`);
      } catch (error) {
        if (!isErrno(error)) throw error;
        // One socket serves both families here, or there is no IPv6.
        if (six && sockets.length > 0) continue;
        await this.log.say(`could not bind IPv${six ? 6 : 4} address "${address}": ${error.message}`);
        if (isErrno(error, 'EADDRINUSE')) {
          const hint = `Is another postmaster already running on port ${this.port}? If not, wait a few seconds and retry.`;
          await this.log.say(hint, 'HINT');
        }
      }
    }
    if (addresses.length > 0 && sockets.length === 0) {
      await this.log.say(`could not create listen socket for "${wanted[0]}"`, 'WARNING');
      await this.log.say('could not create any TCP/IP sockets', 'FATAL');
      return undefined;
    }
    for (const directory of this.socketDirectories()) {
      const fd = await this.listenUnix(`${directory}/.s.PGSQL.${this.port}`);
      if (fd === undefined) return undefined;
      sockets.push(fd);
    }
    return sockets;
  }

  private async listenUnix(path: string): Promise<number | undefined> {
    const { sys } = this;
    const fd = sys.socket('unix', 'stream');
    try {
      removeQuietly(sys, path);
      sys.bind(fd, { family: 'unix', path });
      sys.chmod(path, 0o777);
      sys.listen(fd, 128);
      writeText(sys, `${path}.lock`, `${sys.pid}\n${this.directory}\n`, 0o600);
    } catch (error) {
      if (!isErrno(error)) throw error;
      await this.log.say(`could not create lock file "${path}.lock": ${error.message}`, 'FATAL');
      return undefined;
    }
    await this.log.say(`listening on Unix socket "${path}"`);
    return fd;
  }

  private catchSignals(): void {
    const { sys, log } = this;
    sys.signal(SIG.HUP, () => void log.say('received SIGHUP, reloading configuration files'));
    const stopBy = (signal: number, how: 'smart' | 'fast' | 'immediate'): void => {
      sys.signal(signal, () => {
        void log.say(`received ${how} shutdown request`);
        if (how !== 'smart' || !this.refusal) this.refusal = 'the database system is shutting down';
        this.stop(how);
        if (how !== 'smart') for (const pid of this.children) this.tell(pid, how === 'fast' ? SIG.TERM : SIG.QUIT);
      });
    };
    stopBy(SIG.TERM, 'smart');
    stopBy(SIG.INT, 'fast');
    stopBy(SIG.QUIT, 'immediate');
    sys.signal(SIG.CHLD, () => void this.reap().catch(() => undefined));
  }

  private tell(pid: number, signal: number): void {
    try {
      this.sys.kill(pid, signal);
    } catch (error) {
      if (!isErrno(error, 'ESRCH')) throw error;
    }
  }

  private async reap(): Promise<void> {
    try {
      for (;;) {
        const ended = await this.sys.wait(-1, { nohang: true });
        if (!ended) return;
        this.children.delete(ended.pid);
        if (this.children.size === 0) this.lastChild?.();
      }
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  private async accept(listening: number): Promise<undefined> {
    const { sys } = this;
    for (;;) {
      try {
        const { fd, peer } = await sys.accept(listening);
        this.serve(fd, peer);
        sys.close(fd);
      } catch (error) {
        if (!isErrno(error)) throw error;
        if (error.code !== 'EINTR' && error.code !== 'EAGAIN') return undefined;
      }
    }
  }

  private serve(fd: number, peer: SocketAddress): void {
    const { sys, log } = this;
    const from =
      peer.family === 'unix' ? undefined : { address: peer.address.replace(/^::ffff:/, ''), port: peer.port };
    const host: Host = {
      cluster: this.cluster,
      directory: this.directory,
      refusal: () => (this.smart ? undefined : this.refusal),
      log: (pid, level, text) => log.say(text, level, pid),
    };
    const pid = sys.fork((child) => {
      child.signal(SIG.TERM, () => undefined);
      child.signal(SIG.INT, 'ignore');
      child.signal(SIG.HUP, 'ignore');
      return new Connection(child, host, fd, from).serve();
    });
    this.children.add(pid);
  }

  /** A smart shutdown lets those who are in go on. */
  private smart = false;

  private async shutDown(how: 'smart' | 'fast' | 'immediate' | undefined, sockets: readonly number[]): Promise<number> {
    const { sys } = this;
    this.smart = how === 'smart';
    for (const fd of sockets) sys.close(fd);
    if (how !== 'immediate') {
      if (how === 'fast') await this.log.say('aborting any active transactions');
      if (this.children.size > 0) {
        await new Promise<void>((resolve) => {
          this.lastChild = resolve;
        });
      }
      await this.cluster.close();
    }
    for (const directory of this.socketDirectories()) {
      removeQuietly(sys, `${directory}/.s.PGSQL.${this.port}`);
      removeQuietly(sys, `${directory}/.s.PGSQL.${this.port}.lock`);
    }
    if (how === 'immediate') await this.log.say('database system is shut down');
    removeQuietly(sys, this.lock);
    await this.log.flushed();
    return 0;
  }
}
