import type { Content, Descriptor, Digest, Handler, Pause, Timespec } from '../spec/index.ts';

/** lstat(2) as `docker cp` and a build context need it. The same shape as a tree's stat. */
export interface FileStat {
  type: 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';
  /** Permission bits with setuid, setgid and sticky: 0..07777. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: Timespec;
  dev: number;
  ino: number;
  nlink: number;
  rdev: { major: number; minor: number };
}

/** A file being written: bytes in order, then close. Write resolves when there is room again. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * The files `docker` sees, with the rights of whoever runs it. Paths are absolute, or relative to {@link CliHost.cwd}.
 * All calls throw an Error that carries an errno name as `code` ('ENOENT', 'EACCES', ...), as both `Errno` and Node's
 * errors do.
 */
export interface CliFiles {
  /** Does not follow the last symlink. Undefined when there is no such name. */
  lstat(path: string): FileStat | undefined;
  /** Follows symlinks. Undefined when there is no such name. */
  stat(path: string): FileStat | undefined;
  /** Base names, sorted bytewise. */
  readdir(path: string): string[];
  readlink(path: string): string;
  /** What the file holds now. */
  content(path: string): Content;
  /** A FIFO or a device, read to its end. */
  drain(path: string): Promise<Uint8Array>;
  /** Creates or replaces; `mode` (default 0644) is for a new file. */
  writeFile(path: string, content: Content, mode?: number): void;
  /** For what is too long to hold: creates or truncates at once, then streams. */
  create(path: string, mode?: number): FileWriter;
  mkdir(path: string, mode: number): void;
  symlink(path: string, target: string): void;
  link(path: string, existing: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  utimes(path: string, mtime: Timespec): void;
}

export interface CliInput {
  readonly isTty: boolean;
  /** Next bytes as they come; null at the end. A second call before the first is answered is not allowed. */
  read(): Promise<Uint8Array | null>;
  /**
   * Gives up a pending read (it then answers null) without losing bytes; later reads work again. `docker run -i`
   * needs it when the container ended before its input did.
   */
  cancel(): void;
}

export interface CliOutput {
  readonly isTty: boolean;
  /** Rejects with code EPIPE when the reader is gone. */
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * A registry as the client itself speaks to it, for `docker manifest`. What the registry refuses rejects with an Error
 * that carries the distribution API's `code`; what never reached it, with the transport's text as Go prints it.
 */
export interface CliRegistry {
  /** Learns how the registry wants to be authenticated. */
  probe(): Promise<void>;
  getManifest(repository: string, reference: string): Promise<{ descriptor: Descriptor; content: Content }>;
  getBlob(repository: string, digest: Digest): Promise<Content>;
  mountBlob(
    repository: string,
    digest: Digest,
    from: string,
  ): Promise<{ mounted: Descriptor } | { upload: { id: string } }>;
  cancelUpload(repository: string, upload: string): Promise<void>;
  putManifest(repository: string, reference: string, mediaType: string, content: Content): Promise<Descriptor>;
}

/** The signals `docker` may be sent and passes on to a container (`--sig-proxy`). */
export type SignalName = string;

/**
 * Everything `docker` needs of its surroundings. Two worlds provide it: a process of the simulated host (`machine`),
 * and a Node process (`drydock docker`).
 */
export interface CliHost {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly stdin: CliInput;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** Of the terminal; undefined when there is none. */
  windowSize(): { rows: number; columns: number } | undefined;
  /** SIGWINCH. Returns how to stop listening. */
  onResize(listener: () => void): () => void;
  /** Terminal of stdin: raw (no echo, no line editing, no signals from keys) or as it was. */
  setRaw(raw: boolean): void;
  /** Echo off and on again, line editing kept: for passwords. */
  setEcho(echo: boolean): void;
  /**
   * While at least one listener is there, the signals that can be caught (SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1,
   * ...; not SIGCHLD, SIGPIPE, SIGWINCH, SIGURG) do not have their default action but come here, by name ('SIGINT').
   */
  onSignal(listener: (signal: SignalName) => void): () => void;
  readonly files: CliFiles;
  /**
   * The Engine API behind an endpoint: `unix:///var/run/docker.sock`, `tcp://host:port`, `http://…`. Connecting
   * happens per request: a request to an endpoint that nobody listens on rejects with an Error whose `code` is
   * ECONNREFUSED, ENOENT or EACCES, or whose message is the transport's as Go prints it.
   */
  connect(endpoint: string): Handler;
  /** The registry behind an origin (`https://registry-1.docker.io`). Absent: this host reaches none. */
  registry?(origin: string, credentials?: { username: string; password: string }): CliRegistry;
  now(): Timespec;
  /** Gives way in long work. */
  pause?: Pause;
  /** While code is loaded, the host's time stands. */
  loading?<T>(code: Promise<T>): Promise<T>;
  /** Resolves after `ms` of the host's clock, or at once when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Offset east of UTC in minutes, and its abbreviation, at a moment. */
  timezone(at: Timespec): { offset: number; name: string };
  /**
   * Where a plugin of the client (`buildx`) is installed, if it is. Absent: this client has all built in, and tells of
   * none.
   */
  pluginPath?(name: string): string | undefined;
  /** `GOOS/GOARCH` of the client; linux/amd64 when not told. */
  readonly osArch?: string;
}
