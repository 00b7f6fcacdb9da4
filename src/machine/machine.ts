import type { Assets } from '../port/index.ts';
import type { Content, Duplex, Handler, HttpRequest, HttpResponse } from '../spec/index.ts';
import type { Inspection, LayerChange, LookThrough, StepState, Trace } from '../trace/index.ts';
import type { FolderEntry, FolderMount } from './folder-mount.ts';
import type { BuildRequest } from './rebuild.ts';
import type { Snapshot } from './snapshot.ts';

/** What the in-memory host needs of the world it runs in. */
export interface MachineOptions {
  /** The same seed and the same typed commands give the same ids, names, times and digests. */
  seed?: number;
  /**
   * 'real': timers take as long as they say (a person watches). 'skip': idle time is skipped (scripts, tests, lesson
   * checks).
   */
  pace?: 'real' | 'skip';
  /** CLOCK_REALTIME at boot, ms. Default: a fixed moment, so that digests are the same on every day. */
  startMs?: number;
  /** Resolves in a later macrotask; called when a time slice is used up, so that the page stays responsive. */
  breathe(): Promise<void>;
  /** A timer of the real world, for 'real' pace. */
  realTimer(ms: number, fire: () => void): () => void;
  /** Opens a file of the host or of a container in an editor; resolves when the editor was closed. */
  edit?(request: EditRequest): Promise<void>;
  /** Asked before a program runs at a terminal: why it may not; undefined lets it. */
  refuse?(argv: readonly string[]): string | undefined;
  /** Interpreters and files too big to be code, loaded when first needed; without it, the programs that need them say so. */
  assets?: Assets;
  /** Hostname and user of the prompt. */
  hostname?: string;
  /** SOURCE_DATE_EPOCH of the engine, in seconds: its layers carry no later time. */
  sourceDateEpoch?: number;
  /** What `docker pull` reaches: 'hub' (default) is the catalogue; 'none' is a host without network. */
  internet?: 'hub' | 'none' | StandIn;
  /** False: the host has no default route, so no name can be looked up and nothing outside reached. Default true. */
  uplink?: boolean;
  /** Which cgroup interface the kernel shows; default 2. */
  cgroups?: 1 | 2;
  /** What /etc/resolv.conf names; default 10.0.2.3. */
  nameserver?: string;
  /** Goes on from this state instead of a fresh one; `startMs`, `preload` and the seed's beginning do not count then. */
  from?: Snapshot;
  /** Images that are there at boot, as `docker save`/rootfs archives: reference -> how to import. */
  preload?: { reference: string; rootfs: Content; changes: string[] }[];
}

/** A Docker Hub that holds only what is pushed to it: for scenarios that were recorded against such a one. */
export interface StandIn {
  accounts: Readonly<Record<string, string>>;
  entries: readonly {
    name: string;
    description: string;
    is_official: boolean;
    is_automated: boolean;
    star_count: number;
  }[];
  /** Searches find these alone, and all of them. */
  fixedIndex?: boolean;
  /** The same registry without its guard, on this port of the host. */
  openPort: number;
}

export interface EditRequest {
  program: string;
  path: string;
  /** Undefined when the file does not exist yet. */
  text: string | undefined;
  readOnly: boolean;
  /** Throws Errno. May be called any number of times. */
  save(text: string): void;
}

/** A terminal: a pty with a login shell on it. */
export interface Terminal {
  /** As `command.begin` tells it: `pts/0`. */
  readonly name: string;
  /** What was typed. */
  write(data: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Hangs up. Idempotent. */
  close(): void;
  /** Resolves with the shell's exit status. */
  readonly ended: Promise<number>;
}

export interface RunStdio {
  stdin?: { read(): Promise<Uint8Array | null> } | null;
  stdout(bytes: Uint8Array): Promise<void> | void;
  stderr(bytes: Uint8Array): Promise<void> | void;
}

export interface RunOptions {
  /** Default: /root. */
  cwd?: string;
  env?: Record<string, string>;
  /** The program's path, when argv[0] is only what it is called. */
  executable?: string;
  /** Kills the command and what it started after so much of the host's time; the exit status is then 137. */
  timeoutMs?: number;
}

/** How a command ended: by exit (code) or by a signal's number. */
export interface RunResult {
  code?: number;
  signal?: number;
}

/** What can be asked of a state that the machine is not in. */
export interface Past {
  inspect(): Promise<Inspection>;
  layerChanges(id: string): Promise<LayerChange[]>;
  layerFile(id: string, path: string): Promise<Content | undefined>;
  look(container: string, path: string): Promise<LookThrough | undefined>;
}

/** A whole in-memory host: kernel, userland, engine, registries and `docker`. */
export interface Machine {
  readonly trace: Trace;
  openTerminal(options: { columns: number; rows: number; onData(bytes: Uint8Array): Promise<void> | void }): Terminal;
  /** Runs a command as root in `cwd` (default /root); resolves with its exit status when its output was delivered. */
  run(argv: readonly string[], stdio: RunStdio, options?: RunOptions): Promise<number>;
  /** As `run`, and tells a signal's death from an exit. */
  execute(argv: readonly string[], stdio: RunStdio, options?: RunOptions): Promise<RunResult>;
  /** The Engine API. */
  readonly engine: Handler;
  inspect(): Promise<Inspection>;
  /** What a layer (by chainId) or a container (by id) changes; every file, in path order. */
  layerChanges(id: string): Promise<LayerChange[]>;
  /** Content of a path as one layer or container holds it. */
  layerFile(id: string, path: string): Promise<Content | undefined>;
  /** How a container's overlay mount answers for an absolute path, layer by layer; undefined when there is no such. */
  look(container: string, path: string): Promise<LookThrough | undefined>;
  /** Files of the host. Undefined when absent; throws Errno. */
  readFile(path: string): Content | undefined;
  writeFile(path: string, content: Content): void;
  listFiles(path: string): { name: string; directory: boolean }[];
  /**
   * Mounts a folder of the real world at a path, which is made; it stays mounted over restores, and is in no snapshot.
   * Throws Errno.
   */
  mountFolder(path: string, name: string, entries: readonly FolderEntry[]): Promise<FolderMount>;
  unmountFolder(mount: FolderMount): void;
  dial(host: string, port: number): Promise<Duplex>;
  /** One HTTP request to a port of the host, as a browser outside would send it. */
  request(port: number, request: HttpRequest): Promise<HttpResponse>;
  /** The durable state, by reference: costs next to nothing, and later writes do not reach it. */
  snapshot(): Snapshot;
  /**
   * Goes to a state: everything durable is as it was, containers that ran are started again (same id, name, addresses),
   * each terminal gets a fresh shell in the directory it was in. Any snapshot of this or another machine, in any order.
   */
  restore(snapshot: Snapshot): Promise<void>;
  /** Whether commands wait at each significant event, until `step` lets them go on to the next. */
  stepMode(on: boolean): void;
  step(): void;
  /** Told of each stop, and of each step; returns the canceller. */
  onStep(listener: (state: StepState) => void): () => void;
  /** The state that a machine like this one begins with. */
  beginning(seed: number): Snapshot;
  /** Looks at a state without going there. */
  at(snapshot: Snapshot): Past;
  /** Another machine that goes on from here, alone and without waiting for idle time: for what is only tried out. */
  fork(): Promise<Machine>;
  /** The build that the engine was last asked for; undefined after a restore. */
  lastBuild(): Promise<BuildRequest | undefined>;
  shutdown(): Promise<void>;
}
