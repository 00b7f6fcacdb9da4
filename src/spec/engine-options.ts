/** Options and streams of engine operations, as the API hands them to an engine: decoded, never wire text. */
import type { AuthConfig } from './engine-api.ts';

export interface OutputFrame {
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
}

/** A client's end of a container's (or exec'd process's) standard streams. Subscribed from the moment it is returned. */
export interface Attachment {
  /** With a terminal the output is one raw stream, without it is framed. */
  tty: boolean;
  /** Ends when the process has ended and everything was delivered, or after a detach. */
  output: AsyncIterable<OutputFrame>;
  /** To stdin, if it was asked for; resolves with backpressure. */
  write(bytes: Uint8Array): Promise<void>;
  /** The client half-closed: stdin ends where the container's configuration says so (StdinOnce). */
  closeWrite(): void;
  /** The client is gone. Idempotent. */
  close(): void;
}

export interface AttachOptions {
  logs: boolean;
  stream: boolean;
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  /** `ctrl-p,ctrl-q` when empty. */
  detachKeys: string;
}

export interface LogOptions {
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  timestamps: boolean;
  /** Unix time with fraction, as text; '' or '0' is none. */
  since: string;
  until: string;
  /** A number or 'all'. */
  tail: string;
  details: boolean;
}

export interface BuildOptions {
  tags: string[];
  dockerfile: string;
  remote: string;
  quiet: boolean;
  noCache: boolean;
  pull: boolean;
  rm: boolean;
  forceRm: boolean;
  target: string;
  networkMode: string;
  buildArgs: Record<string, string | null>;
  labels: Record<string, string>;
  cacheFrom: string[];
  extraHosts: string[];
  squash: boolean;
  platform: string;
  shmSize: number;
  memory: number;
  memorySwap: number;
  cpuShares: number;
  cpuPeriod: number;
  cpuQuota: number;
  cpusetCpus: string;
  cpusetMems: string;
  cgroupParent: string;
  ulimits: { Name: string; Soft: number; Hard: number }[];
  /** '1' classic, '2' BuildKit. */
  version: string;
  /** Auth by registry host. */
  auth: Record<string, AuthConfig>;
  /** Aborted when the client went away: the build stops. */
  signal?: AbortSignal;
  /** BuildKit `--secret`: content by id. */
  secrets: Record<string, Uint8Array>;
  /** BuildKit `--build-context`. */
  contexts: Record<string, string>;
  noCacheFilter: string[];
  /** BuildKit `--check`: lint only. */
  check: boolean;
  /** Where the result goes, when not into the image store: `local` or `tar`. */
  output?: 'local' | 'tar';
  /** BuildKit `--sbom`, `--provenance`: attributes by kind. */
  attests: Record<string, string>;
}

export interface CommitOptions {
  container: string;
  repo: string;
  tag: string;
  author: string;
  comment: string;
  changes: string[];
  pause: boolean;
  config?: Record<string, unknown>;
}
