/** The interpreter's calls as system calls of its process. */
import type { PythonAnswer, PythonCall } from '../../../port/index.ts';
import { Errno, type ErrnoName, isErrno } from '../../../spec/index.ts';
import type { SocketAddress, Sys } from '../../kernel/sys.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';

type Operation = (sys: Sys, ...args: never[]) => unknown;

const access = ['read', 'write', 'readwrite'] as const;
const ms = (time: number | undefined | null) =>
  time === undefined || time === null
    ? undefined
    : { sec: Math.floor(time / 1000), nsec: Math.round((time % 1000) * 1e6) };

/** Calls on files never block. */
const fileCalls: Record<string, Operation> = {
  lstat: (sys, path: string) => sys.lstat(path),
  stat: (sys, path: string) => sys.stat(path),
  fstat: (sys, fd: number) => sys.fstat(fd),
  access: (sys, path: string, mode: number) => sys.access(path, mode),
  readdir: (sys, path: string) => sys.readdir(path).map(({ name }) => name),
  readlink: (sys, path: string) => sys.readlink(path),
  mkdir: (sys, path: string, mode: number) => sys.mkdir(path, mode),
  rmdir: (sys, path: string) => sys.rmdir(path),
  unlink: (sys, path: string) => sys.unlink(path),
  rename: (sys, from: string, to: string) => sys.rename(from, to),
  link: (sys, from: string, to: string) => sys.link(from, to),
  symlink: (sys, target: string, path: string) => sys.symlink(target, path),
  mknod: (sys, path: string, mode: number, rdev: number) => sys.mknod(path, mode, rdev),
  chmod: (sys, path: string, mode: number) => sys.chmod(path, mode),
  chown: (sys, path: string, uid: number, gid: number) => sys.chown(path, uid, gid),
  truncate: (sys, path: string, size: number) => sys.truncate(path, size),
  ftruncate: (sys, fd: number, size: number) => sys.ftruncate(fd, size),
  utimens: (sys, path: string, atime: number | undefined, mtime: number | undefined) =>
    sys.utimens(path, ms(atime), ms(mtime)),
  creat: (sys, path: string, mode: number) =>
    sys.close(sys.openSync(path, { access: 'write', create: true, cloexec: true }, mode)),
  open: (sys, path: string, mode: number, append: number) =>
    sys.openSync(path, { access: access[mode] ?? 'read', append: append !== 0, cloexec: true }),
  close: (sys, fd: number) => sys.close(fd),
  dup: (sys, fd: number) => sys.dup(fd, 3),
  dup2: (sys, fd: number, to: number) => sys.dup2(fd, to),
  lseek: (sys, fd: number, offset: number, whence: 'set' | 'cur') => sys.lseek(fd, offset, whence),
  size: (sys, fd: number) => sys.fstat(fd).size,
  pread: (sys, fd: number, offset: number, length: number) => pread(sys, fd, offset, length),
  pwrite: (sys, fd: number, offset: number, bytes: Uint8Array) => pwrite(sys, fd, offset, bytes),
  chdir: (sys, path: string) => sys.chdir(path),
  getcwd: (sys) => sys.getcwd(),
  umask: (sys, mask?: number) => sys.umask(mask),
  statfs: (sys, path: string) => sys.statfs(path),
};

/** Devices have no offset: what never blocks of them is answered here. */
function pread(sys: Sys, fd: number, offset: number, length: number): Uint8Array | Promise<Uint8Array> {
  try {
    return sys.pread(fd, offset, length);
  } catch (error) {
    if (!isErrno(error, 'ESPIPE')) throw error;
    return sys.read(fd, length);
  }
}

function pwrite(sys: Sys, fd: number, offset: number, bytes: Uint8Array): number | Promise<number> {
  try {
    return sys.pwrite(fd, offset, bytes);
  } catch (error) {
    if (!isErrno(error, 'ESPIPE')) throw error;
    return sys.write(fd, bytes).then(() => bytes.length);
  }
}

const inet = (address: unknown): SocketAddress =>
  typeof address === 'string'
    ? { family: 'unix', path: address }
    : { family: 'inet', address: (address as [string])[0] || '0.0.0.0', port: (address as [string, number])[1] };

const told = (address: SocketAddress) => (address.family === 'unix' ? address.path : [address.address, address.port]);

const processCalls: Record<string, Operation> = {
  isatty: (sys, fd: number) => isTty(sys, fd),
  winsize: (sys, fd: number) => sys.winsize(fd),
  ids: (sys) => {
    const { uid, euid, gid, egid, groups } = sys.cred;
    return { uid, euid, gid, egid, groups, pgid: sys.getpgid(), sid: sys.getsid(), ppid: sys.ppid };
  },
  setuid: (sys, uid: number) => sys.setuid(uid),
  setgid: (sys, gid: number) => sys.setgid(gid),
  uname: (sys) => sys.uname(),
  now: (sys) => sys.now(),
  kill: (sys, pid: number, signal: number) => sys.kill(pid, signal),
  alarm: (sys, seconds: number) => sys.alarm(seconds),
  socket: (sys, family: 'inet' | 'unix', type: 'stream' | 'dgram') => sys.socket(family, type),
  socketpair: (sys) => sys.socketpair('stream'),
  bind: (sys, fd: number, address: unknown) => sys.bind(fd, inet(address)),
  listen: (sys, fd: number, backlog: number) => sys.listen(fd, backlog),
  getsockname: (sys, fd: number) => told(sys.getsockname(fd)),
  getpeername: (sys, fd: number) => told(sys.getpeername(fd)),
  shutdown: (sys, fd: number, how: 'read' | 'write' | 'both') => sys.shutdown(fd, how),
  nonblock: (sys, fd: number, on: boolean) => sys.setNonblock(fd, on),
  pipe: (sys) => sys.pipe(),
  cloexec: (sys, fd: number, on: boolean) => sys.setCloexec(fd, on),
};

/** Calls that may block: the process sleeps meanwhile. */
const waitingCalls: Record<string, Operation> = {
  read: (sys, fd: number, max: number) => sys.read(fd, max),
  write: async (sys, fd: number, bytes: Uint8Array) => {
    await sys.write(fd, bytes);
    return bytes.length;
  },
  sleep: (sys, milliseconds: number) => sys.sleep(milliseconds),
  preempt: (sys) => sys.preempt(128),
  accept: async (sys, fd: number) => {
    const { fd: connection, peer } = await sys.accept(fd);
    return { fd: connection, peer: told(peer) };
  },
  connect: (sys, fd: number, address: unknown, timeout?: number) =>
    sys.connect(fd, inet(address), timeout ?? undefined),
  sendto: (sys, fd: number, to: unknown, bytes: Uint8Array) => sys.sendto(fd, bytes, to ? inet(to) : undefined),
  recvfrom: async (sys, fd: number, max: number) => {
    const { bytes, from } = await sys.recvfrom(fd, max);
    return { bytes, from: told(from) };
  },
  poll: (sys, fds: { fd: number; read?: boolean; write?: boolean }[], timeout?: number) =>
    sys.poll(fds, timeout ?? undefined),
  resolve: async (sys, host: string) => resolve(sys, host),
  spawn: (sys, path: string, argv: string[], options: SpawnWish) =>
    sys.spawn(path, argv, {
      env: options.env ?? undefined,
      cwd: options.cwd ?? undefined,
      fds: new Map(options.fds),
      close: options.close,
      setsid: options.session,
    }),
  exec: (sys, path: string, argv: string[], env: Record<string, string>) => sys.exec(path, argv, env),
  wait: (sys, pid: number, nohang: boolean) => sys.wait(pid, { nohang }),
  pause: (sys) => sys.pause(),
};

interface SpawnWish {
  env?: Record<string, string> | null;
  cwd?: string | null;
  fds: [number, number][];
  close: number[];
  session: boolean;
}

async function resolve(sys: Sys, host: string): Promise<{ addresses?: string[]; failure?: string }> {
  try {
    return { addresses: await resolveHost(sys, host) };
  } catch (error) {
    if (error instanceof ResolveError) return { failure: error.code };
    throw error;
  }
}

function isTty(sys: Sys, fd: number): boolean {
  try {
    return sys.isatty(fd);
  } catch {
    return false;
  }
}

const operations: Readonly<Record<string, Operation>> = { ...fileCalls, ...processCalls, ...waitingCalls };

/** Answers one call; what is not an Errno (the process was killed) comes through. */
export function answer(sys: Sys, [name, ...args]: PythonCall): PythonAnswer | Promise<PythonAnswer> {
  try {
    const operation = operations[name];
    if (!operation) throw new Errno('ENOSYS');
    const value = operation(sys, ...(args as never[]));
    return value instanceof Promise ? value.then((one) => ({ value: one }), failed) : { value };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): PythonAnswer {
  if (!isErrno(error)) throw error;
  return { errno: error.code satisfies ErrnoName };
}
