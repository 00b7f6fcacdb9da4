/** Port Runtime over runc: the same config.json, namespaces and cgroups by the real thing. */
import { type ExecFileOptions, execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import {
  type Bundle,
  type ProcessInfo,
  type RunningProcess,
  type Runtime,
  RuntimeError,
  type Stats,
  type Stdio,
  type Task,
} from '../port/index.ts';
import { isErrno, type Mount, type OciProcess, type OciResources, type RuntimeSpec } from '../spec/index.ts';
import { cgroupPids, oomKills } from './cgroup.ts';
import { mountAll, unmount, upperOf } from './mounter.ts';
import { describeProcess, networkCounters, systemCpuNs } from './proc.ts';
import { RuncFailure, startShim } from './shim.ts';

export class LinuxRuntime implements Runtime {
  readonly name = 'runc';
  private readonly tasks = new Map<string, Container>();

  /** Bundles and runc's own state are kept in `directory`. */
  constructor(private readonly directory: string) {
    mkdirSync(`${directory}/bundles`, { recursive: true });
  }

  async create(id: string, bundle: Bundle, stdio: Stdio): Promise<Task> {
    if (this.tasks.has(id)) throw new RuntimeError('runc create failed: container with given ID already exists', 128);
    const runc = new Runc(`${this.directory}/runc`);
    const container = new Container(id, bundle, runc, `${this.directory}/bundles/${id}`, () => this.tasks.delete(id));
    this.tasks.set(id, container);
    try {
      await container.create(stdio);
    } catch (error) {
      await container.delete();
      throw error;
    }
    return container;
  }

  async list(): Promise<string[]> {
    return [...this.tasks.keys()];
  }

  /** Where the root filesystem that these mounts make is mounted now, for a running container. */
  mountedAt(mounts: readonly Mount[]): string | undefined {
    const upper = upperOf(mounts);
    if (upper === undefined) return undefined;
    return [...this.tasks.values()].find((task) => task.mounted && upperOf(task.bundle.rootfs) === upper)?.root;
  }

  /** Ends all containers. */
  async close(): Promise<void> {
    for (const task of [...this.tasks.values()]) await task.delete();
  }

  /** Removes what an engine that crashed has left. */
  async sweep(): Promise<void> {
    const runc = new Runc(`${this.directory}/runc`);
    for (const id of readdirSync(`${this.directory}/bundles`)) {
      await runc.call('delete', '--force', id).catch(() => {}); // it may have ended by itself
      rmSync(`${this.directory}/bundles/${id}`, { recursive: true });
    }
  }
}

/** The program, with its state in a directory of its own. */
class Runc {
  constructor(readonly root: string) {}

  command(...args: string[]): string[] {
    return ['runc', '--root', this.root, ...args];
  }

  /** What it printed. Throws {@link RuncFailure}. */
  call(...args: string[]): Promise<string> {
    return this.feed('', ...args);
  }

  feed(input: string, ...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const options: ExecFileOptions = { encoding: 'utf8', maxBuffer: 1 << 26 };
      const [program = '', ...rest] = this.command(...args);
      const child = execFile(program, rest, options, (error, stdout, stderr) =>
        error ? reject(new RuncFailure(String(stderr).trim())) : resolve(String(stdout)),
      );
      child.stdin?.on('error', () => {}); // it ended without reading
      child.stdin?.end(input);
    });
  }
}

class Container implements Task {
  mounted = false;
  private init: RunningProcess | undefined;
  private execs = 0;

  constructor(
    readonly id: string,
    readonly bundle: Bundle,
    private readonly runc: Runc,
    private readonly directory: string,
    private readonly gone: () => void,
  ) {}

  get root(): string {
    return this.bundle.spec.root.path;
  }

  get pid(): number {
    return this.init?.pid ?? 0;
  }

  async create(stdio: Stdio): Promise<void> {
    const { spec, rootfs } = this.bundle;
    mkdirSync(this.directory, { recursive: true });
    mkdirSync(this.root, { recursive: true });
    try {
      mountAll(rootfs, this.root);
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new RuntimeError(`error mounting the root filesystem: ${error.message.toLowerCase()}`, 128);
    }
    this.mounted = true;
    writeFileSync(`${this.directory}/config.json`, JSON.stringify(withPossibleSysctls(spec)));
    this.init = await this.startProcess('init', spec.process, stdio, (pidFile, console) =>
      this.runc.command('create', '--bundle', this.directory, '--pid-file', pidFile, ...console, this.id),
    );
  }

  async start(): Promise<void> {
    try {
      await this.runc.call('start', this.id);
    } catch (error) {
      throw toRuntimeError(error, 'runc create failed');
    }
  }

  exec(process: OciProcess, stdio: Stdio): Promise<RunningProcess> {
    const name = `exec-${++this.execs}`;
    const file = `${this.directory}/${name}.json`;
    writeFileSync(file, JSON.stringify(process));
    return this.startProcess(name, process, stdio, (pidFile, console) =>
      this.runc.command('exec', '--detach', '--process', file, '--pid-file', pidFile, ...console, this.id),
    );
  }

  /** One process with its shim; `command` is runc's with the options that name the files. */
  private async startProcess(
    name: string,
    process: OciProcess,
    stdio: Stdio,
    command: (pidFile: string, console: string[]) => string[],
  ): Promise<RunningProcess> {
    const pidFile = `${this.directory}/${name}.pid`;
    // A socket's path has room for 107 bytes.
    const consoleSocket = process.terminal ? `/tmp/drydock-${this.id.slice(0, 12)}-${name}.sock` : undefined;
    const { linux } = this.bundle.spec;
    try {
      return await startShim({
        command: command(pidFile, consoleSocket ? ['--console-socket', consoleSocket] : []),
        pidFile,
        consoleSocket,
        directory: this.directory,
        stdio,
        oomKilled: () => oomKills(linux.cgroupsPath ?? '') > 0,
      });
    } catch (error) {
      throw toRuntimeError(error, name === 'init' ? 'runc create failed' : 'exec failed');
    } finally {
      if (consoleSocket) rmSync(consoleSocket, { force: true });
    }
  }

  wait(): ReturnType<RunningProcess['wait']> {
    return this.init!.wait();
  }
  kill(signal: number): Promise<void> {
    return this.init!.kill(signal);
  }
  resize(columns: number, rows: number): Promise<void> {
    return this.init!.resize(columns, rows);
  }
  async pause(): Promise<void> {
    await this.runc.call('pause', this.id);
  }
  async resume(): Promise<void> {
    await this.runc.call('resume', this.id);
  }

  async processes(): Promise<ProcessInfo[]> {
    return cgroupPids(this.bundle.spec.linux.cgroupsPath ?? '').flatMap((pid) => describeProcess(pid) ?? []);
  }

  async stats(): Promise<Stats> {
    const { data } = JSON.parse(await this.runc.call('events', '--stats', this.id)) as RuncStats;
    const memory = data.memory?.usage ?? {};
    const moved = (operation: string): number =>
      (data.blkio?.ioServiceBytesRecursive ?? [])
        .filter(({ op }) => op?.toLowerCase() === operation)
        .reduce((sum, { value = 0 }) => sum + value, 0);
    return {
      cpuNs: data.cpu?.usage?.total ?? 0,
      systemCpuNs: systemCpuNs(),
      onlineCpus: cpus().length,
      memory: {
        usage: memory.usage ?? 0,
        limit: Math.min(memory.limit || Number.POSITIVE_INFINITY, totalmem()),
        maxUsage: memory.max ?? 0,
      },
      pids: { current: data.pids?.current ?? 0, limit: data.pids?.limit ?? 0 },
      blkio: { read: moved('read'), write: moved('write') },
      network: networkCounters(this.pid),
    };
  }

  async update(resources: OciResources): Promise<void> {
    await this.runc.feed(JSON.stringify(resources), 'update', '--resources', '-', this.id);
  }

  async delete(): Promise<void> {
    await this.runc.call('delete', '--force', this.id).catch(() => {}); // it was never made
    await this.init?.wait();
    if (this.mounted) for (const _ of this.bundle.rootfs) unmount(this.root);
    this.mounted = false;
    rmSync(this.directory, { recursive: true, force: true });
    this.gone();
  }
}

/** `runc events --stats`, as far as it is used. */
interface RuncStats {
  data: {
    cpu?: { usage?: { total?: number } };
    memory?: { usage?: { usage?: number; limit?: number; max?: number } };
    pids?: { current?: number; limit?: number };
    blkio?: { ioServiceBytesRecursive?: { op?: string; value?: number }[] };
  };
}

/** runc refuses to set net.* where the container has the host's network namespace. */
function withPossibleSysctls(spec: RuntimeSpec): RuntimeSpec {
  const namespaced = spec.linux.namespaces.some(({ type }) => type === 'network');
  const sysctl = Object.fromEntries(
    Object.entries(spec.linux.sysctl ?? {}).filter(([name]) => namespaced || !name.startsWith('net.')),
  );
  return { ...spec, linux: { ...spec.linux, sysctl } };
}

/** runc's last line, with the exit status that docker makes of it. */
function toRuntimeError(error: unknown, prefix: string): unknown {
  if (!(error instanceof RuncFailure)) return error;
  const text = error.message
    .split('\n')
    .at(-1)!
    .replace(/^time=.* level=error msg="(.*)"$/, '$1')
    .replaceAll('\\"', '"');
  const message = text.startsWith(prefix) ? text : `${prefix}: ${text}`;
  const code = /no such file or directory|executable file not found/.test(text)
    ? 127
    : /permission denied|is a directory|exec format error|not a directory/.test(text)
      ? 126
      : 128;
  return new RuntimeError(message, code);
}
