import { exchange, type PathContext, type ProcessHandle, S_IFDIR, S_IFMT, signalNumbers } from '../sim/index.ts';
import {
  type Content,
  type Duplex,
  fromUtf8,
  type Handler,
  type HttpRequest,
  type HttpResponse,
} from '../spec/index.ts';
import type { Inspection, LayerChange, ProcessInfo, Trace } from '../trace/index.ts';
import type { Parts } from './create-machine.ts';
import type { Machine, RunOptions, RunResult, RunStdio, Terminal } from './machine.ts';

const rootEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
};

/** The host that `createMachine` boots. */
export class MemoryMachine implements Machine {
  readonly trace: Trace;
  readonly engine: Handler;

  constructor(private readonly parts: Parts) {
    this.trace = parts.trace;
    this.engine = async (request, context) => (await parts.engine()).api(request, context);
  }

  openTerminal(options: Parameters<Machine['openTerminal']>[0]): Terminal {
    const { kernel } = this.parts;
    const pty = kernel.openPty(options);
    const shell = kernel.start('/bin/bash', {
      argv: ['-bash'],
      env: { ...rootEnv, TERM: 'xterm-256color' },
      cwd: '/root',
      stdio: { pty },
    });
    const pump = async () => {
      for (let bytes = await pty.read(); bytes; bytes = await pty.read()) await options.onData(bytes);
    };
    return {
      name: pty.slave.replace('/dev/', ''),
      write: (data) => void pty.write(data).catch(() => {}), // the shell may have ended meanwhile
      resize: (columns, rows) => pty.resize(columns, rows),
      close: () => pty.close(),
      ended: Promise.all([shell.then((process) => process.wait()), pump()]).then(([status]) => statusOf(status)),
    };
  }

  async run(argv: readonly string[], stdio: RunStdio, options: RunOptions = {}): Promise<number> {
    return statusOf(await this.execute(argv, stdio, options));
  }

  async execute(argv: readonly string[], stdio: RunStdio, options: RunOptions = {}): Promise<RunResult> {
    const { kernel, clock } = this.parts;
    const process = await kernel.start(argv[0]!, {
      argv,
      env: options.env ?? rootEnv,
      cwd: options.cwd ?? '/root',
      stdio,
    });
    const cancel =
      options.timeoutMs === undefined ? () => {} : clock.timer(options.timeoutMs, () => this.killSession(process));
    const status = await process.wait();
    cancel();
    return { code: status.code, signal: status.signal };
  }

  /** What a command started, in the background too, as long as it is in its session. */
  private killSession(process: ProcessHandle): void {
    const { kernel } = this.parts;
    for (const view of kernel.processes.values()) {
      if (view.sid === process.pid) kernel.sys.kill(view.pid, signalNumbers.KILL);
    }
  }

  async inspect(): Promise<Inspection> {
    const { engine, hub } = await this.parts.engine();
    const inspection = await engine.inspect();
    const registries = hub ? [await (await import('./hub.ts')).inspectHub(hub)] : [];
    const { kernel } = this.parts;
    const processes = [...kernel.processes.values()].map(
      ({ startedMs: _started, sid: _session, pids, args, ...process }): ProcessInfo => ({
        ...process,
        pids: [...pids],
        args: [...args],
      }),
    );
    return { ...inspection, logins: this.logins(), registries, processes, cgroups: kernel.cgroups };
  }

  async layerChanges(id: string): Promise<LayerChange[]> {
    return (await this.parts.engine()).engine.layerChanges(id);
  }

  async layerFile(id: string, path: string): Promise<Content | undefined> {
    return (await this.parts.engine()).engine.layerFile(id, path);
  }

  /** Registry key -> user name, from root's ~/.docker/config.json. */
  private logins(): Record<string, string> {
    const config = this.readFile('/root/.docker/config.json');
    if (!config) return {};
    try {
      const { auths = {} } = JSON.parse(fromUtf8(config.read(0, config.size))) as {
        auths?: Record<string, { auth?: string }>;
      };
      return Object.fromEntries(Object.entries(auths).map(([key, { auth = '' }]) => [key, atob(auth).split(':')[0]!]));
    } catch {
      return {}; // the student's own file, being edited
    }
  }

  private get files(): PathContext {
    return this.parts.kernel.kernelTask.paths;
  }

  readFile(path: string): Content | undefined {
    try {
      return this.files.open(path, {}).inode.content();
    } catch {
      return undefined;
    }
  }

  writeFile(path: string, content: Content): void {
    const parent = path.slice(0, path.lastIndexOf('/'));
    this.makeDirectories(parent);
    this.files.open(path, { write: true, create: true, truncate: true, mode: 0o644 }).inode.setContent(content);
  }

  private makeDirectories(path: string): void {
    if (path === '' || this.isDirectory(path)) return;
    this.makeDirectories(path.slice(0, path.lastIndexOf('/')));
    this.files.mkdir(path, 0o755);
  }

  private isDirectory(path: string): boolean {
    try {
      return (this.files.stat(path).mode & S_IFMT) === S_IFDIR;
    } catch {
      return false;
    }
  }

  listFiles(path: string): { name: string; directory: boolean }[] {
    return this.files.readdir(path).map(({ name, type }) => ({ name, directory: type === S_IFDIR }));
  }

  dial(host: string, port: number): Promise<Duplex> {
    return this.parts.kernel.dial({ host, port });
  }

  async request(port: number, request: HttpRequest): Promise<HttpResponse> {
    return exchange(await this.dial('127.0.0.1', port), request, false);
  }

  async shutdown(): Promise<void> {
    await this.parts.kernel.shutdown();
  }
}

const statusOf = (status: { code?: number; signal?: number }): number => status.code ?? 128 + (status.signal ?? 0);
