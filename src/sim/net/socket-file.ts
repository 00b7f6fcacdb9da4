/** What all sockets have in common as open files. */
import { Errno } from '../../spec/index.ts';
import { anonymousStat, OpenFile, readWrite } from '../kernel/open-file.ts';
import type { SocketAddress, SocketType } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { WaitQueue } from '../kernel/wait-queue.ts';
import { S_IFSOCK, type Stat } from '../vfs/inode.ts';
import type { NetStack } from './stack.ts';

export type Family = SocketAddress['family'];

export abstract class SocketFile extends OpenFile {
  readonly options = new Map<string, unknown>();
  readonly changed = new WaitQueue();
  readonly ino: number;
  readonly stack: NetStack;
  /** Who made it, for ss and netstat. */
  readonly owner: Task;
  /** SO_ERROR: told once. */
  error: Errno | undefined;

  constructor(
    task: Task,
    readonly family: Family,
    readonly type: SocketType,
  ) {
    const ino = task.kernel.newIno();
    super(`socket:[${ino}]`, readWrite());
    this.ino = ino;
    this.stack = task.ns.net.stack;
    this.owner = task;
  }

  abstract localAddress(): SocketAddress;
  abstract peerAddress(): SocketAddress;
  abstract shutdown(how: 'read' | 'write' | 'both'): void;

  option(name: string): unknown {
    if (name === 'SO_TYPE') return this.type;
    if (name === 'SO_ERROR') return this.error?.errno ?? 0;
    return this.options.get(name) ?? 0;
  }
  stat(): Stat {
    return anonymousStat(S_IFSOCK | 0o777, this.ino);
  }
  override queues(): readonly WaitQueue[] {
    return [this.changed];
  }
  protected inetAddress(address: string, port: number): SocketAddress {
    if (this.family !== 'inet6') return { family: 'inet', address, port };
    return { family: 'inet6', address: address === '0.0.0.0' ? '::' : `::ffff:${address}`, port };
  }
}

export function requirePort(task: Task, port: number): void {
  const { unprivilegedPortStart } = task.ns.net.stack;
  if (port > 0 && port < unprivilegedPortStart && !task.cred.effective.has('CAP_NET_BIND_SERVICE'))
    throw new Errno('EACCES');
}
