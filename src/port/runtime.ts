import type { Mount, OciProcess, OciResources, RuntimeSpec } from '../spec/index.ts';

/** Where a process's output goes and its input comes from; bytes as they come. */
export interface Stdio {
  /** Null or absent: /dev/null. read() gives null at the end. */
  stdin?: { read(): Promise<Uint8Array | null> } | null;
  /** Resolving late is backpressure on the process. With a terminal everything comes on stdout. */
  stdout(bytes: Uint8Array): Promise<void> | void;
  stderr(bytes: Uint8Array): Promise<void> | void;
}

export interface ExitStatus {
  /** 0..255; 128+n when killed by signal n. */
  code: number;
  signal?: number;
  oomKilled?: boolean;
}

export interface Bundle {
  spec: RuntimeSpec;
  /** Mounted at spec.root.path before the container is created. */
  rootfs: Mount[];
}

export interface ProcessInfo {
  /** In the host's PID namespace. */
  pid: number;
  ppid: number;
  uid: number;
  tty: string;
  /** Milliseconds of cpu. */
  cpuMs: number;
  /** CLOCK_REALTIME ms at start. */
  startedMs: number;
  args: string[];
  comm: string;
}

export interface Stats {
  /** Nanoseconds. */
  cpuNs: number;
  systemCpuNs: number;
  onlineCpus: number;
  memory: { usage: number; limit: number; maxUsage: number };
  pids: { current: number; limit: number };
  blkio: { read: number; write: number };
  network: Record<string, { rxBytes: number; rxPackets: number; txBytes: number; txPackets: number }>;
}

/** A process that runs in a container: its init, or one that `exec` added. */
export interface RunningProcess {
  /** In the host's PID namespace. */
  readonly pid: number;
  /** Resolves once, for any number of callers, when the process has ended and its output was delivered. */
  wait(): Promise<ExitStatus>;
  /** ESRCH when it has ended. */
  kill(signal: number): Promise<void>;
  /** Sets the pty's window size; a no-op without a terminal. */
  resize(columns: number, rows: number): Promise<void>;
}

/**
 * Runs containers, by the OCI runtime life cycle:
 *
 *   create(id, bundle, stdio)   namespaces, mounts and cgroup exist, the process is set up but has not run
 *   start()                     the process runs
 *   kill, pause, resume, exec   while it runs
 *   wait()                      it ended; namespaces go with the last process
 *   delete()                    mounts and cgroup are gone; the id may be used again
 *
 * Errors of create, start and exec are {@link RuntimeError} with runc's own text (what Docker prints after
 * "OCI runtime create failed: ").
 */
export interface Runtime {
  /** As `docker info` names it: runc. */
  readonly name: string;
  create(id: string, bundle: Bundle, stdio: Stdio): Promise<Task>;
  /** Tasks that exist, after a restart of the engine too. */
  list(): Promise<string[]>;
}

export interface Task extends RunningProcess {
  readonly id: string;
  start(): Promise<void>;
  /**
   * Resolves when it waits for something, has ended, or as long has passed as a client needs to hear of its start.
   * Absent where time passes by itself.
   */
  underway?(): Promise<void>;
  exec(process: OciProcess, stdio: Stdio): Promise<RunningProcess>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  processes(): Promise<ProcessInfo[]>;
  stats(): Promise<Stats>;
  update(resources: OciResources): Promise<void>;
  /** Also kills what still runs. Idempotent. */
  delete(): Promise<void>;
}

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  constructor(
    message: string,
    /** Exit status docker gives: 127 not found, 126 not executable, else 128. */
    readonly exitCode: 126 | 127 | 128,
  ) {
    super(message);
  }
}
