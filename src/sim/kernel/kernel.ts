/**
 * The simulated kernel as `machine` and the ports see it (programs see `Sys`). `boot.ts` makes one.
 */

import type { Clock, Entropy } from '../../port/index.ts';
import type { Duplex, Handler, Mount } from '../../spec/index.ts';
import type { Tracer } from '../../trace/index.ts';
import type { Filesystem } from '../vfs/inode.ts';
import type { Program, ProgramTable } from './program.ts';
import type { NamespaceKind, Sys, WaitResult } from './sys.ts';

export interface KernelOptions {
  clock: Clock;
  entropy: Entropy;
  tracer: Tracer;
  /** The host's root filesystem. */
  root: Filesystem;
  hostname: string;
  programs: ProgramTable;
  /** Asked before a program runs at a terminal: why it may not. It then says so, and exits 126. */
  refuse?: ((argv: readonly string[]) => string | undefined) | undefined;
  /** Defaults: 6.8.0-drydock, 2 cpus, 2 GiB. */
  release?: string;
  cpus?: number;
  memory?: number;
  /**
   * Yields to the event loop so that the page stays responsive; called when a time slice (about 8 ms) is used up.
   * Resolves in a later macrotask.
   */
  breathe(): Promise<void>;
}

export interface ProcessHandle {
  /** In the host's PID namespace. */
  readonly pid: number;
  readonly sys: Sys;
  wait(): Promise<WaitResult>;
  kill(signal: number): void;
}

export interface PtyMaster extends Duplex {
  resize(columns: number, rows: number): void;
  /** /dev/pts/N */
  readonly slave: string;
}

export interface StartOptions {
  argv: readonly string[];
  env: Record<string, string>;
  cwd: string;
  uid?: number;
  gid?: number;
  /** Descriptors 0, 1, 2: streams of the caller's, or a pty (all three, as the controlling terminal of a new session). */
  stdio:
    | { pty: PtyMaster }
    | {
        stdin?: { read(): Promise<Uint8Array | null> } | null;
        stdout(bytes: Uint8Array): Promise<void> | void;
        stderr(bytes: Uint8Array): Promise<void> | void;
      };
}

export interface Kernel {
  /** Starts a program of the host, a child of init: a file by path, or a Program directly. */
  start(program: string | Program, options: StartOptions): Promise<ProcessHandle>;
  openPty(size: { columns: number; rows: number }): PtyMaster;
  /** A Sys of host root that belongs to the kernel itself: for set-up and for ports; never signalled. */
  readonly sys: Sys;
  readonly processes: ReadonlyMap<number, ProcessView>;
  /** Serves HTTP on a unix socket or TCP port of the host, from outside any program (dockerd, the Hub). */
  serveHttp(address: { unix: string } | { host: string; port: number }, handler: Handler): () => void;
  /** Connects to a TCP port of the host (published ports included) as a peer outside; ECONNREFUSED ... */
  dial(address: { host: string; port: number }): Promise<Duplex>;
  /** Names outside the simulated world: what DNS answers, and who serves the connection (the simulated internet). */
  internet: { hosts: Map<string, string>; listen(address: string, port: number, handler: Handler): () => void };
  mountAt(mount: Mount, target: string): void;
  /** Kills everything; the filesystem stays. */
  shutdown(): Promise<void>;
}

export interface ProcessView {
  readonly pid: number;
  readonly ppid: number;
  /** Session id, in the host's PID namespace. */
  readonly sid: number;
  /** PID in each namespace from the host's inwards. */
  readonly pids: readonly number[];
  readonly comm: string;
  readonly args: readonly string[];
  readonly state: 'R' | 'S' | 'D' | 'T' | 'Z';
  readonly uid: number;
  /** Inode numbers. */
  readonly namespaces: Readonly<Record<NamespaceKind, number>>;
  readonly cgroup: string;
  readonly startedMs: number;
}
