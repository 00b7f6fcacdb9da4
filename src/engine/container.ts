import type { RunningProcess, Task } from '../port/index.ts';
import type {
  ContainerConfig,
  ContainerStatus,
  Digest,
  ExecInspect,
  Health,
  HostConfig,
  MountPoint,
  PortMap,
  WaitResponse,
} from '../spec/index.ts';
import type { LogFile } from './log-file.ts';
import { Mutex } from './mutex.ts';
import type { EndpointRecord } from './network-record.ts';
import type { Held } from './resume.ts';
import { StreamHub } from './stream-hub.ts';

export const zeroTime = '0001-01-01T00:00:00Z';

/** What of a container outlives the daemon. JSON. */
export interface ContainerRecord {
  id: string;
  /** Without the slash. */
  name: string;
  created: string;
  path: string;
  args: string[];
  imageId: Digest | '';
  /** chainID it stands on; '' from scratch. */
  chainId: string;
  config: ContainerConfig;
  hostConfig: HostConfig;
  state: ContainerStateRecord;
  restartCount: number;
  mounts: MountRecord[];
  /** By network name, as asked for and, while it runs, as allocated. */
  networks: Record<string, EndpointRecord>;
  ports: PortMap;
  sandboxId: string;
  /** `docker stop` and `kill` keep `unless-stopped` from starting again. */
  manuallyStopped: boolean;
}

export interface ContainerStateRecord {
  running: boolean;
  paused: boolean;
  restarting: boolean;
  removing: boolean;
  oomKilled: boolean;
  dead: boolean;
  pid: number;
  exitCode: number;
  error: string;
  startedAt: string;
  finishedAt: string;
  health?: Health;
}

export interface MountRecord extends MountPoint {
  /** Written by the user as `volume:nocopy`. */
  noCopy?: boolean;
  /** Options of a tmpfs. */
  tmpfsOptions?: string[];
  /** A volume that was made for this container (`-v /data`): removed with `rm -v` and `--rm`. */
  anonymous?: boolean;
  /** From `--mount type=bind`: the source must exist. */
  mustExist?: boolean;
  /** As written, for `Mounts` given by `--mount`. */
  fromSpec?: boolean;
}

export interface Exec {
  id: string;
  container: Container;
  inspect: ExecInspect;
  /** What to run, resolved when it starts. */
  env: string[];
  user: string;
  workingDir: string;
  hub: StreamHub;
  process?: RunningProcess;
  started: boolean;
}

export type WaitCondition = '' | 'not-running' | 'next-exit' | 'removed';

interface Waiter {
  condition: 'next-exit' | 'removed';
  resolve: (response: WaitResponse) => void;
}

/** A container while the daemon runs: its record, its process, its streams, and who waits for it. */
export class Container {
  readonly lock = new Mutex();
  readonly hub = new StreamHub();
  task?: Task;
  log?: LogFile;
  /** Only while it is started again after the machine was restored. */
  held?: Held;
  /** How many interfaces it was given since it started: no number comes twice. */
  interfaces = 0;
  readonly execs = new Map<string, Exec>();
  /** Cancels the wait before the next restart. */
  cancelRestart?: () => void;
  /** Cancels the health probe's timer. */
  cancelHealth?: () => void;
  /** Settles when the exit of the current task has been dealt with. */
  exited: Promise<void> = Promise.resolve();
  /** Milliseconds before the next restart, doubling (moby restartmanager). */
  restartDelay = 100;
  private waiters = new Set<Waiter>();

  constructor(public record: ContainerRecord) {}

  get id(): string {
    return this.record.id;
  }
  get name(): string {
    return this.record.name;
  }
  get state(): ContainerStateRecord {
    return this.record.state;
  }
  get isRunning(): boolean {
    return this.record.state.running;
  }

  get status(): ContainerStatus {
    const state = this.record.state;
    if (state.running) {
      if (state.paused) return 'paused';
      return state.restarting ? 'restarting' : 'running';
    }
    if (state.removing) return 'removing';
    if (state.dead) return 'dead';
    return state.startedAt === zeroTime ? 'created' : 'exited';
  }

  get exitResponse(): WaitResponse {
    const { error, exitCode } = this.record.state;
    return { Error: error ? { Message: error } : null, StatusCode: exitCode };
  }

  waitFor(condition: WaitCondition): { result: Promise<WaitResponse>; cancel: () => void } {
    if ((condition === '' || condition === 'not-running') && !this.isRunning) {
      return { result: Promise.resolve(this.exitResponse), cancel() {} };
    }
    let waiter: Waiter;
    const result = new Promise<WaitResponse>((resolve) => {
      waiter = { condition: condition === 'removed' ? 'removed' : 'next-exit', resolve };
      this.waiters.add(waiter);
    });
    return { result, cancel: () => void this.waiters.delete(waiter) };
  }

  notify(condition: 'next-exit' | 'removed'): void {
    for (const waiter of [...this.waiters]) {
      // What waits for an exit of a container that is removed must not wait for ever.
      if (waiter.condition !== condition && condition !== 'removed') continue;
      this.waiters.delete(waiter);
      const { StatusCode } = this.exitResponse;
      waiter.resolve(condition === 'removed' ? { Error: null, StatusCode } : this.exitResponse);
    }
  }
}
