/**
 * The system calls: all that a program of the simulated host has. One `Sys` per process.
 *
 * Calls on paths are synchronous, as they never block here; calls that may block (open of a FIFO, read, write, wait,
 * sleep, poll, sockets) return promises. All throw Errno. A call that blocks is a preemption point: a signal with a
 * handler interrupts it with EINTR (after the handler ran), one with a deadly default ends the process by an exception
 * that no program may catch (`Killed`; use `finally` freely, never swallow what is not an Errno). Programs that compute
 * for long call `await sys.preempt()` now and then.
 *
 * Partial: see each call. Names and semantics are the Linux man pages', section 2.
 */
import type { Content, Timespec } from '../../spec/index.ts';
import type { DirectoryEntry, RenameFlags, Stat, StatFs } from '../vfs/inode.ts';
import type { GivenTime } from '../vfs/path-operations.ts';

export type SignalAction = 'default' | 'ignore' | ((signal: number) => void);

export interface WaitResult {
  pid: number;
  /** As WIFEXITED/WEXITSTATUS: set when it exited. */
  code?: number;
  /** Set when a signal ended it. */
  signal?: number;
  coreDumped?: boolean;
  /** WUNTRACED: the signal that stopped it. */
  stopped?: number;
  /** WCONTINUED. */
  continued?: boolean;
}

export interface SpawnOptions {
  /** NAME -> value; default: the caller's. */
  env?: Record<string, string>;
  cwd?: string;
  /** Child descriptor -> the caller's descriptor. Descriptors not named are inherited unless close-on-exec. */
  fds?: ReadonlyMap<number, number>;
  /** Descriptors of the child to close. */
  close?: readonly number[];
  /** setpgid in the child: 0 makes it a group leader. */
  pgid?: number;
  setsid?: boolean;
  /** Makes the child's group the foreground group of this tty (the caller's descriptor). */
  foreground?: number;
  /** Signals set to ignore (else: handlers become default, ignored stay ignored, as exec does). */
  ignore?: readonly number[];
  default?: readonly number[];
}

export interface ForkOptions extends SpawnOptions {
  /** CLONE_NEW* namespaces to create for the child. */
  unshare?: readonly NamespaceKind[];
  uidMap?: string;
  gidMap?: string;
}

export type NamespaceKind = 'mnt' | 'pid' | 'net' | 'uts' | 'ipc' | 'user' | 'cgroup';

export interface Termios {
  /** Flag names as stty prints them: icanon, echo, isig, icrnl, opost, onlcr, iexten, echoe, echok, echoctl, ixon ... */
  flags: Record<string, boolean>;
  /** Control characters by stty's name (intr, quit, erase, kill, eof, susp, werase, lnext, rprnt) as byte values. */
  chars: Record<string, number>;
  vmin: number;
  vtime: number;
  /** As stty prints: 38400. */
  speed: number;
}

export interface OpenFlags {
  /** Default: read. */
  access?: 'read' | 'write' | 'readwrite';
  create?: boolean;
  exclusive?: boolean;
  truncate?: boolean;
  append?: boolean;
  nofollow?: boolean;
  directory?: boolean;
  nonblock?: boolean;
  cloexec?: boolean;
  noctty?: boolean;
  /** O_PATH. */
  path?: boolean;
}

export type SocketAddress =
  | { family: 'inet'; address: string; port: number }
  | { family: 'inet6'; address: string; port: number }
  | { family: 'unix'; path: string };

export type SocketType = 'stream' | 'dgram' | 'raw';

export interface PollEvents {
  fd: number;
  read?: boolean;
  write?: boolean;
  hangup?: boolean;
  error?: boolean;
}

export interface Uname {
  sysname: string;
  nodename: string;
  release: string;
  version: string;
  machine: string;
}

export interface Credentials {
  uid: number;
  euid: number;
  suid: number;
  gid: number;
  egid: number;
  sgid: number;
  groups: readonly number[];
  /** CAP_* names. */
  effective: ReadonlySet<string>;
  permitted: ReadonlySet<string>;
  bounding: ReadonlySet<string>;
  /** The user namespace they hold in; absent: the first. Of the kernel, as is `covers`: what it maps. */
  user?: import('./namespaces.ts').UserNamespace;
  covers?: (uid: number, gid: number) => boolean;
}

export interface Rlimit {
  soft: number;
  hard: number;
}

export interface Sys {
  // ---- the process itself
  /** In its own PID namespace. */
  readonly pid: number;
  readonly ppid: number;
  /** argv of the running program; argv[0] as the caller gave it. */
  readonly argv: readonly string[];
  /** The environment; own copy, may be changed. */
  readonly env: Record<string, string>;
  readonly cred: Credentials;
  setuid(uid: number): void;
  setgid(gid: number): void;
  seteuid(uid: number): void;
  setegid(gid: number): void;
  setgroups(groups: readonly number[]): void;
  capset(effective: Iterable<string>, permitted: Iterable<string>): void;
  /** PR_CAPBSET_DROP of each. */
  dropBounding(names: readonly string[] | 'all'): void;
  /** PR_SET_NO_NEW_PRIVS. */
  setNoNewPrivileges(): void;
  umask(mask?: number): number;
  getcwd(): string;
  chdir(path: string): void;
  fchdir(fd: number): void;
  chroot(path: string): void;
  getrlimit(resource: string, pid?: number): Rlimit;
  setrlimit(resource: string, limit: Rlimit, pid?: number): void;
  getpriority(pid?: number): number;
  setpriority(nice: number, pid?: number): void;
  /** PR_SET_NAME: what ps shows as comm (15 bytes). */
  setComm(name: string): void;
  /** Changes what ps shows as the command line, as nginx and postgres do. */
  setTitle(args: readonly string[]): void;
  /**
   * Says how many bytes of memory the process is taken to use (servers, builds): counted in its cgroup; over memory.max
   * the OOM killer comes. ENOMEM over RLIMIT_AS.
   */
  setMemory(bytes: number): void;

  // ---- files by path
  stat(path: string): Stat;
  lstat(path: string): Stat;
  /** R_OK 4, W_OK 2, X_OK 1, F_OK 0, with the real uid unless `effective`. Throws EACCES, ENOENT ... */
  access(path: string, mode: number, effective?: boolean): void;
  /** Without . and .., in directory order. */
  readdir(path: string): DirectoryEntry[];
  readlink(path: string): string;
  /** realpath(3) as the process sees it. */
  realpath(path: string): string;
  mkdir(path: string, mode?: number): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string, flags?: RenameFlags): void;
  link(existing: string, path: string): void;
  symlink(target: string, path: string): void;
  mknod(path: string, mode: number, rdev?: number): void;
  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  lchown(path: string, uid: number, gid: number): void;
  /** Undefined leaves a time as it is; 'now' (UTIME_NOW) is what anyone may set who may write the file. */
  utimens(path: string, atime: GivenTime, mtime: GivenTime, follow?: boolean): void;
  truncate(path: string, size: number): void;
  getxattr(path: string, name: string, follow?: boolean): Uint8Array;
  setxattr(path: string, name: string, value: Uint8Array, follow?: boolean): void;
  removexattr(path: string, name: string, follow?: boolean): void;
  listxattr(path: string, follow?: boolean): string[];
  statfs(path: string): StatFs;
  mount(source: string, target: string, type: string, options: readonly string[]): void;
  umount(target: string, options?: { lazy?: boolean }): void;
  pivotRoot(newRoot: string, putOld: string): void;
  sync(): void;

  // ---- descriptors
  open(path: string, flags?: OpenFlags, mode?: number): Promise<number>;
  /** open for what never blocks: regular files and directories. EAGAIN for a FIFO that would. */
  openSync(path: string, flags?: OpenFlags, mode?: number): number;
  /** At most `max` bytes (64 KiB by default) as soon as there are any; empty at the end of file. */
  read(fd: number, max?: number): Promise<Uint8Array>;
  /** Writes all of it. EPIPE comes with SIGPIPE. Strings are UTF-8. */
  write(fd: number, data: Uint8Array | string): Promise<void>;
  pread(fd: number, offset: number, length: number): Uint8Array;
  pwrite(fd: number, offset: number, bytes: Uint8Array): number;
  lseek(fd: number, offset: number, whence: 'set' | 'cur' | 'end' | 'data' | 'hole'): number;
  ftruncate(fd: number, size: number): void;
  fstat(fd: number): Stat;
  fchmod(fd: number, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  /** Path behind a descriptor, as /proc/self/fd/N shows it. */
  fdPath(fd: number): string;
  /** Lowest free descriptor >= `min` (0). */
  dup(fd: number, min?: number): number;
  dup2(fd: number, to: number): void;
  close(fd: number): void;
  setCloexec(fd: number, on: boolean): void;
  setNonblock(fd: number, on: boolean): void;
  fds(): number[];
  pipe(): [read: number, write: number];
  /** An inode's content by reference: what `cp`, `cat` of big files and layers use instead of reading. */
  sendContent(fromFd: number, toFd: number): boolean;
  /** A regular file's data as an immutable value, by reference; undefined for anything else. */
  fileContent(fd: number): Content | undefined;
  /** Replaces a regular file's data by reference: what pwrite of all of it would do. EBADF when not open for writing. */
  setFileContent(fd: number, content: Content): void;
  poll(fds: readonly { fd: number; read?: boolean; write?: boolean }[], timeoutMs?: number): Promise<PollEvents[]>;
  flock(fd: number, operation: 'shared' | 'exclusive' | 'unlock', nonblock?: boolean): Promise<void>;

  // ---- tracepoints: what a shell says of itself to whoever traces the machine
  /** A command was typed (or a script's begins): what follows is its doing. */
  commandBegin(line: string, typed: boolean): void;
  commandEnd(status: number): void;

  // ---- terminals
  isatty(fd: number): boolean;
  ttyname(fd: number): string;
  tcgetattr(fd: number): Termios;
  tcsetattr(fd: number, termios: Termios): void;
  winsize(fd: number): { columns: number; rows: number };
  setWinsize(fd: number, size: { columns: number; rows: number }): void;
  tcgetpgrp(fd: number): number;
  tcsetpgrp(fd: number, pgid: number): void;
  /** posix_openpt: the master's descriptor and the slave's path. */
  openpt(): { master: number; slave: string };
  /** TIOCSCTTY. */
  setControllingTty(fd: number): void;

  // ---- processes
  /**
   * fork + exec (posix_spawn): runs the file at `path` (no PATH search; see `findProgram` in userland) and gives the
   * child's pid. Throws what execve throws (ENOENT, EACCES, ENOEXEC, ENOTDIR, ELOOP), in which case there is no child.
   */
  spawn(path: string, argv: readonly string[], options?: SpawnOptions): Promise<number>;
  /**
   * fork: the child runs `main` (the shell's subshell) with a Sys of its own: a copy of descriptors, cwd, environment,
   * umask, signal actions reset to default except ignored ones.
   */
  fork(main: (sys: Sys) => Promise<number> | number, options?: ForkOptions): number;
  /** Replaces the program; never returns normally. Throws as spawn when the file cannot be run. */
  exec(path: string, argv: readonly string[], env?: Record<string, string>): Promise<never>;
  exit(code: number): never;
  /** pid -1: any child; -pgid: any of that group. Null with `nohang` when none is ready. ECHILD. */
  wait(
    pid?: number,
    options?: { nohang?: boolean; untraced?: boolean; continued?: boolean },
  ): Promise<WaitResult | null>;
  kill(pid: number, signal: number): void;
  signal(signal: number, action: SignalAction): SignalAction;
  sigprocmask(how: 'block' | 'unblock' | 'set', signals: readonly number[]): number[];
  sigpending(): number[];
  /** pause(2): until a signal was handled; always throws EINTR. */
  pause(): Promise<never>;
  alarm(seconds: number): number;
  getpgid(pid?: number): number;
  setpgid(pid: number, pgid: number): void;
  getsid(pid?: number): number;
  setsid(): number;
  /** EINTR when a handled signal came first. */
  sleep(ms: number): Promise<void>;
  /**
   * Gives way when the time slice is used up; resolves at once otherwise. `units`: how many calls (of some 20 us) the
   * work since the last one stands for; 1.
   */
  preempt(units?: number): Promise<void>;
  /** Adds to the process's cpu time what it is taken to have cost beyond its calls (a compiler, a hash). */
  burn(cpuMs: number): Promise<void>;
  times(): { userMs: number; systemMs: number; childrenUserMs: number; childrenSystemMs: number };

  // ---- namespaces
  unshare(kinds: readonly NamespaceKind[]): void;
  /** `fd` of a /proc/PID/ns/KIND file. */
  setns(fd: number, kind?: NamespaceKind): void;
  sethostname(name: string): void;
  setdomainname(name: string): void;
  uname(): Uname;

  // ---- time and chance
  now(): Timespec;
  monotonic(): number;
  settime(time: Timespec): void;
  random(length: number): Uint8Array;

  // ---- sockets
  socket(family: SocketAddress['family'] | 'netlink' | 'packet', type: SocketType, protocol?: string): number;
  socketpair(type: SocketType): [number, number];
  bind(fd: number, address: SocketAddress): void;
  listen(fd: number, backlog?: number): void;
  accept(fd: number): Promise<{ fd: number; peer: SocketAddress }>;
  connect(fd: number, address: SocketAddress, timeoutMs?: number): Promise<void>;
  sendto(fd: number, bytes: Uint8Array, to?: SocketAddress): Promise<number>;
  recvfrom(fd: number, max?: number): Promise<{ bytes: Uint8Array; from: SocketAddress }>;
  shutdown(fd: number, how: 'read' | 'write' | 'both'): void;
  getsockname(fd: number): SocketAddress;
  getpeername(fd: number): SocketAddress;
  setsockopt(fd: number, option: string, value: unknown): void;
  getsockopt(fd: number, option: string): unknown;
  /**
   * The network configuration of the process's net namespace, as netlink would give and take it: used by ip, ifconfig,
   * ss, netstat, iptables, brctl.
   */
  readonly netlink: import('../net/netlink.ts').Netlink;
}
