/** SOCK_STREAM: TCP and unix stream sockets. */
import { Errno } from '../../spec/index.ts';
import { block } from '../kernel/block.ts';
import type { Readiness } from '../kernel/open-file.ts';
import { breakPipe } from '../kernel/pipe.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import type { WaitQueue } from '../kernel/wait-queue.ts';
import { SocketFile } from './socket-file.ts';
import type { StreamEnd } from './stream-end.ts';

export interface PendingConnection {
  end: StreamEnd;
  peer: SocketAddress;
  local: SocketAddress;
}

/** Something that takes connections: a listening socket, or a server of the kernel's own. */
export interface Listener {
  /** False: the backlog is full or nobody is there. */
  offer(connection: PendingConnection): boolean;
  readonly socket?: StreamSocket;
}

export class StreamSocket extends SocketFile implements Listener {
  local: SocketAddress | undefined;
  peer: SocketAddress | undefined;
  end: StreamEnd | undefined;
  /** Waiting to be accepted; set when listening. */
  backlog: PendingConnection[] | undefined;
  backlogLimit = 0;
  unregister: (() => void) | undefined;
  private readClosed = false;

  offer(connection: PendingConnection): boolean {
    if (!this.backlog || this.backlog.length > this.backlogLimit) return false;
    this.backlog.push(connection);
    this.changed.wake();
    return true;
  }

  /** Becomes the socket of an established connection. */
  establish(connection: PendingConnection): void {
    this.end = connection.end;
    this.peer = connection.peer;
    this.local = connection.local;
    this.stack.streams.add(this);
    this.changed.wake();
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    const end = this.connected();
    return block(task, [end.changed], () => {
      if (this.readClosed) return new Uint8Array(0);
      const bytes = end.take(max);
      if (!bytes && this.flags.nonblock) throw new Errno('EAGAIN');
      return bytes;
    });
  }

  async write(task: Task, bytes: Uint8Array): Promise<void> {
    const end = this.connected();
    let rest = bytes;
    await block(task, [end.changed], () => {
      rest = rest.subarray(this.offerBytes(task, end, rest));
      if (rest.length === 0) return true;
      if (this.flags.nonblock) throw new Errno('EAGAIN');
      return undefined;
    });
  }

  private offerBytes(task: Task, end: StreamEnd, bytes: Uint8Array): number {
    try {
      return end.offer(bytes);
    } catch (error) {
      if (error instanceof Errno && error.code === 'EPIPE') breakPipe(task);
      throw error;
    }
  }

  private connected(): StreamEnd {
    if (!this.end) throw new Errno('ENOTCONN');
    return this.end;
  }

  shutdown(how: 'read' | 'write' | 'both'): void {
    const end = this.connected();
    if (how !== 'write') this.readClosed = true;
    if (how !== 'read') end.endWrite();
    end.changed.wake();
  }

  localAddress(): SocketAddress {
    if (this.local) return this.local;
    return this.family === 'unix' ? { family: 'unix', path: '' } : this.inetAddress('0.0.0.0', 0);
  }
  peerAddress(): SocketAddress {
    if (!this.peer) throw new Errno('ENOTCONN');
    return this.peer;
  }

  override ready(): Readiness {
    if (this.backlog) return { read: this.backlog.length > 0, write: false };
    const { end } = this;
    if (!end) return { read: false, write: false, hangup: false };
    const over = end.peer.sentAll || end.wasReset || this.readClosed;
    const hangup = over && end.sentAll;
    return { read: end.incoming.length > 0 || over, write: end.peer.incoming.room > 0 || end.peer.closed, hangup };
  }

  override queues(): readonly WaitQueue[] {
    return this.end ? [this.end.changed, this.changed] : [this.changed];
  }

  protected override closed(): void {
    this.unregister?.();
    this.stack.streams.delete(this);
    for (const waiting of this.backlog ?? []) waiting.end.reset();
    this.backlog = undefined;
    this.end?.close();
    this.changed.wake();
  }
}
