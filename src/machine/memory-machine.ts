import {
  exchange,
  type MemInode,
  type PathContext,
  type ProcessHandle,
  S_IFDIR,
  S_IFMT,
  signalNumbers,
} from '../sim/index.ts';
import {
  type Content,
  type Duplex,
  fromUtf8,
  type Handler,
  type HttpRequest,
  type HttpResponse,
} from '../spec/index.ts';
import {
  createTrace,
  type Inspection,
  type LayerChange,
  type LookThrough,
  type StepState,
  type Trace,
} from '../trace/index.ts';
import type { FolderEntry, FolderMount, MountedFolder } from './folder-mount.ts';
import { Host } from './host.ts';
import type { OverlayOf } from './look-through.ts';
import type { Machine, MachineOptions, Past, RunOptions, RunResult, RunStdio, Terminal } from './machine.ts';
import { MachineTerminal, rootEnv } from './machine-terminal.ts';
import type { BuildRequest } from './rebuild.ts';
import { inspectHub, inspectRunning } from './registries.ts';
import type { Snapshot } from './snapshot.ts';

/** The machine that `createMachine` makes: a host, and another one after each restore. */
export class MemoryMachine implements Machine {
  readonly engine: Handler;
  private readonly terminals = new Set<MachineTerminal>();
  private readonly stepListeners = new Set<(state: StepState) => void>();
  private readonly folders = new Set<MountedFolder>();
  private stepping = false;

  constructor(
    private readonly options: MachineOptions,
    readonly trace: Trace,
    private host: Host,
  ) {
    this.watchSteps();
    this.engine = async (request, context) => (await this.host.engine()).api(request, context);
  }

  /** When the engine is there. */
  async started(): Promise<void> {
    await this.host.engine();
  }

  openTerminal(options: Parameters<Machine['openTerminal']>[0]): Terminal {
    const terminal = new MachineTerminal(options);
    this.terminals.add(terminal);
    void terminal.ended.then(() => this.terminals.delete(terminal));
    terminal.attach(this.host.kernel, '/root');
    return terminal;
  }

  snapshot(): Snapshot {
    return this.host.snapshot();
  }

  async restore(snapshot: Snapshot): Promise<void> {
    const before = this.host;
    const places = new Map([...this.terminals].map((terminal) => [terminal, terminal.detach(before.kernel)]));
    await before.powerOff();
    this.host = new Host(this.options, this.trace, snapshot);
    for (const folder of this.folders) folder.mountOn(this.host);
    // A terminal is there at once, as at boot; whatever asks for the engine waits for it.
    for (const [terminal, place] of places) terminal.attach(this.host.kernel, place);
    if (snapshot.engine) await this.host.engine();
    this.watchSteps();
  }

  beginning(seed: number): Snapshot {
    const fresh = new Host({ ...this.options, seed }, createTrace());
    const snapshot = fresh.snapshot();
    void fresh.powerOff();
    return snapshot;
  }

  stepMode(on: boolean): void {
    this.stepping = on;
    this.host.gate.set(on);
  }

  step(): void {
    this.host.gate.step();
  }

  onStep(listener: (state: StepState) => void): () => void {
    this.stepListeners.add(listener);
    return () => void this.stepListeners.delete(listener);
  }

  private watchSteps(): void {
    this.host.gate.listen((state) => {
      for (const listener of this.stepListeners) listener(state);
    });
    this.host.gate.set(this.stepping);
  }

  at(snapshot: Snapshot): Past {
    const past = this.host.engine().then((parts) => parts.at(snapshot));
    return {
      inspect: async () => {
        const { inspect, hub } = await past;
        return {
          ...(await inspect()),
          ...snapshot.processes,
          // Differs from Docker: what a registry in a container held at an earlier moment is not kept.
          registries: hub ? [inspectHub(hub)] : [],
          logins: loginsAt(snapshot),
        };
      },
      layerChanges: async (id) => (await past).layerChanges(id),
      layerFile: async (id, path) => (await past).layerFile(id, path),
      look: async (container, path) => {
        const { files, overlayOf } = await past;
        return lookAt(files, await overlayOf(container), path);
      },
    };
  }

  async run(argv: readonly string[], stdio: RunStdio, options: RunOptions = {}): Promise<number> {
    return statusOf(await this.execute(argv, stdio, options));
  }

  async execute(argv: readonly string[], stdio: RunStdio, options: RunOptions = {}): Promise<RunResult> {
    const { kernel, clock } = this.host;
    const process = await kernel.start(options.executable ?? argv[0]!, {
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
    const { kernel } = this.host;
    for (const view of kernel.processes.values()) {
      if (view.sid === process.pid) kernel.sys.kill(view.pid, signalNumbers.KILL);
    }
  }

  async inspect(): Promise<Inspection> {
    const { engine, hub } = await this.host.engine();
    const logins = loginsOf(this.readFile(loginsPath));
    const found = { ...(await engine.inspect()), ...this.host.processes() };
    const registries = [...(hub ? [inspectHub(hub)] : []), ...inspectRunning(this.host.registries, found)];
    return { ...found, logins, registries };
  }

  async layerChanges(id: string): Promise<LayerChange[]> {
    return (await this.host.engine()).engine.layerChanges(id);
  }

  async layerFile(id: string, path: string): Promise<Content | undefined> {
    return (await this.host.engine()).engine.layerFile(id, path);
  }

  async look(container: string, path: string): Promise<LookThrough | undefined> {
    const { engine } = await this.host.engine();
    return lookAt(this.files, await engine.overlayOf(container), path);
  }

  private get files(): PathContext {
    return this.host.kernel.kernelTask.paths;
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

  async mountFolder(path: string, name: string, entries: readonly FolderEntry[]): Promise<FolderMount> {
    const { MountedFolder } = await import('./folder-mount.ts');
    const folder = new MountedFolder(path, name, this.host, entries);
    folder.mountOn(this.host);
    this.folders.add(folder);
    return folder;
  }

  unmountFolder(mount: FolderMount): void {
    this.folders.delete(mount as MountedFolder);
    this.host.kernel.sys.umount(mount.path, { lazy: true });
  }

  dial(host: string, port: number): Promise<Duplex> {
    return this.host.kernel.dial({ host, port });
  }

  async request(port: number, request: HttpRequest): Promise<HttpResponse> {
    return exchange(await this.dial('127.0.0.1', port), request, false);
  }

  async fork(): Promise<Machine> {
    const { edit: _edit, refuse: _refuse, preload: _preload, ...rest } = this.options;
    const options: MachineOptions = { ...rest, pace: 'skip' };
    const trace = createTrace();
    const fork = new MemoryMachine(options, trace, new Host(options, trace, this.snapshot()));
    await fork.started();
    return fork;
  }

  async lastBuild(): Promise<BuildRequest | undefined> {
    return (await this.host.engine()).lastBuild();
  }

  async shutdown(): Promise<void> {
    await this.host.kernel.shutdown();
  }
}

const loginsPath = '/root/.docker/config.json';

/** Registry key -> user name, from root's ~/.docker/config.json. */
function loginsOf(config: Content | undefined): Record<string, string> {
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

/** The same, of a state's disk. */
function loginsAt({ disk }: Snapshot): Record<string, string> {
  let inode: MemInode | undefined = disk.tree.root;
  for (const name of loginsPath.slice(1).split('/')) inode = inode && disk.stateOf(inode).entries?.get(name);
  const data = inode && disk.stateOf(inode).data;
  return loginsOf(data);
}

const statusOf = (status: { code?: number; signal?: number }): number => status.code ?? 128 + (status.signal ?? 0);

async function lookAt(
  files: PathContext,
  overlay: OverlayOf | undefined,
  path: string,
): Promise<LookThrough | undefined> {
  const { lookThrough } = await import('./look-through.ts');
  return overlay && lookThrough(files, overlay, path);
}
