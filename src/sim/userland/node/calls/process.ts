/** The process itself: its identity, standard streams, signals, children. */
import { Errno, isErrno } from '../../../../spec/index.ts';
import { signalName, signalNumber } from '../../../kernel/signals.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { findProgram } from '../../core/find-program.ts';
import type { Engine, Value } from '../engine.ts';
import { CallError, type Calls, type EventLoop } from '../event-loop.ts';

interface SpawnRequest {
  file: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** Of the child's 0, 1, 2 and on: a pipe, nothing, a channel for messages, or the descriptor of ours. */
  stdio: ('pipe' | 'ignore' | 'ipc' | number)[];
  uid?: number;
  gid?: number;
  detached?: boolean;
}

async function spawn(sys: Sys, request: SpawnRequest): Promise<Value> {
  const path = findProgram(sys, request.file, request.env?.PATH ?? sys.env.PATH);
  const ours: number[] = [];
  const theirs = new Map<number, number>();
  const opened: number[] = [];
  request.stdio.forEach((how, fd) => {
    if (how === 'pipe' || how === 'ipc') {
      const [read, write] = how === 'ipc' ? sys.socketpair('stream') : sys.pipe();
      const [mine, child] = fd === 0 ? [write, read] : [read, write];
      sys.setCloexec(mine, true);
      ours.push(mine);
      theirs.set(fd, child);
      opened.push(child);
    } else if (how === 'ignore') {
      const nothing = sys.openSync('/dev/null', { access: 'readwrite' });
      ours.push(-1);
      theirs.set(fd, nothing);
      opened.push(nothing);
    } else {
      ours.push(-1);
      theirs.set(fd, how);
    }
  });
  try {
    const options = { cwd: request.cwd, env: request.env, fds: theirs, setsid: request.detached, close: opened };
    const pid = await sys.spawn(path, request.args, options);
    return { pid, fds: ours };
  } catch (error) {
    for (const fd of ours) if (fd >= 0) sys.close(fd);
    throw error;
  } finally {
    for (const fd of opened) sys.close(fd);
  }
}

export function processCalls(loop: EventLoop, engine: Engine): Calls {
  const { sys } = loop;
  const signals: number[] = [];
  let announce: (() => void) | undefined;
  return {
    now: {
      write: (fd, data) => loop.write(fd as number, data as string | Uint8Array),
      exit: (code) => loop.exit(code as number),
      pid: () => sys.pid,
      ppid: () => sys.ppid,
      env: () => ({ ...sys.env }),
      cwd: () => sys.getcwd(),
      chdir: (path) => sys.chdir(path as string) as undefined,
      umask: (mask) => sys.umask(mask as number | undefined),
      execPath: () => {
        try {
          return sys.readlink('/proc/self/exe');
        } catch {
          return '/usr/local/bin/node'; // a root without /proc
        }
      },
      ids: () => {
        const { uid, euid, gid, egid, groups } = sys.cred;
        return { uid, euid, gid, egid, groups: [...groups] };
      },
      setuid: (uid) => void sys.setuid(uid as number),
      setgid: (gid) => void sys.setgid(gid as number),
      title: (text) => sys.setTitle([text as string]),
      kill: (pid, signal) => {
        const number = typeof signal === 'number' ? signal : signalNumber(signal as string);
        if (number === undefined) throw new CallError('ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`);
        sys.kill(pid as number, number);
      },
      listen: (name) => {
        const number = signalNumber(name as string);
        if (number === undefined) return false;
        sys.signal(number, (signal) => {
          signals.push(signal);
          announce?.();
        });
        return true;
      },
      unlisten: (name) => void sys.signal(signalNumber(name as string)!, name === 'SIGPIPE' ? 'ignore' : 'default'),
      isatty: (fd) => sys.isatty(fd as number),
      winsize: (fd) => ({ ...sys.winsize(fd as number) }),
      rawMode: (fd, on) => {
        const termios = sys.tcgetattr(fd as number);
        const flags = { ...termios.flags };
        for (const flag of ['icanon', 'echo', 'isig', 'iexten', 'icrnl', 'ixon']) flags[flag] = !on;
        sys.tcsetattr(fd as number, { ...termios, flags });
      },
      clock: () => {
        const { sec, nsec } = sys.now();
        return sec * 1000 + nsec / 1e6;
      },
      monotonic: () => sys.monotonic(),
      random: (length) => sys.random(length as number),
      memory: () => engine.memory(),
      cpu: () => ({ ...sys.times() }),
      uname: () => ({ ...sys.uname() }),
      fdKind: (fd) => {
        try {
          return sys.fstat(fd as number).mode & 0o170000;
        } catch (error) {
          if (isErrno(error, 'EBADF')) return -1;
          throw error;
        }
      },
    },
    later: {
      sleep: async (ms) => void (await loop.retry(() => sys.sleep(ms as number))),
      /** The next signal that is listened to. */
      signal: () =>
        new Promise((resolve) => {
          const give = (): void => resolve(`SIG${signalName(signals.shift()!)}`);
          if (signals.length > 0) return give();
          announce = () => {
            announce = undefined;
            give();
          };
        }),
      read: (fd, max) => loop.retry(() => sys.read(fd as number, max as number | undefined)),
      writeAll: async (fd, bytes) => {
        const all = bytes as Uint8Array;
        const step = 16 << 10;
        for (let at = 0; at < all.length; at += step) {
          const part = all.subarray(at, at + step);
          await loop.retry(() => sys.write(fd as number, part));
        }
        return undefined;
      },
      spawn: (request) => spawn(sys, request as unknown as SpawnRequest),
      wait: async (pid) => {
        const result = await loop.retry(() => sys.wait(pid as number));
        if (!result) throw new Errno('ECHILD');
        return { code: result.code ?? null, signal: result.signal ? `SIG${signalName(result.signal)}` : null };
      },
    },
  };
}
