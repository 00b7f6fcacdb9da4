/** SOCK_DGRAM and SOCK_RAW: UDP, ICMP echo, unix datagrams. */
import { Errno } from '../../spec/index.ts';
import { block } from '../kernel/block.ts';
import type { Readiness } from '../kernel/open-file.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { SocketFile } from './socket-file.ts';

export interface Datagram {
  bytes: Uint8Array;
  from: SocketAddress;
}

/** Datagrams that wait to be read; more are dropped, as UDP does. */
const queueLimit = 256;

export class DatagramSocket extends SocketFile {
  protocol: 'udp' | 'icmp' | 'unix' = 'udp';
  local: SocketAddress | undefined;
  peer: SocketAddress | undefined;
  readonly queue: Datagram[] = [];
  unregister: (() => void) | undefined;
  /** The receiver that the trace was told of last. */
  toldTo: string | undefined;
  /** How a write without an address is sent; set by connect. */
  sender: ((task: Task, bytes: Uint8Array) => void) | undefined;

  deliver(datagram: Datagram): void {
    if (this.queue.length < queueLimit) this.queue.push(datagram);
    this.changed.wake();
  }

  /** An ICMP error came back for something this socket sent. */
  fail(error: Errno): void {
    this.error = error;
    this.changed.wake();
  }

  async receive(task: Task): Promise<Datagram> {
    return block(task, [this.changed], () => {
      const { error } = this;
      if (error) {
        this.error = undefined;
        throw error;
      }
      const first = this.queue.shift();
      if (!first && this.flags.nonblock) throw new Errno('EAGAIN');
      return first;
    });
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    return (await this.receive(task)).bytes.subarray(0, max);
  }
  write(task: Task, bytes: Uint8Array): void {
    if (!this.sender) throw new Errno('EDESTADDRREQ');
    this.sender(task, bytes);
  }
  shutdown(): void {
    if (!this.peer) throw new Errno('ENOTCONN');
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
    return { read: this.queue.length > 0 || this.error !== undefined, write: true };
  }
  protected override closed(): void {
    this.unregister?.();
  }
}
