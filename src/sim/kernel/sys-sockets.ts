/** `Sys`: sockets and the network's configuration. */
import { Errno } from '../../spec/index.ts';
import type { Netlink } from '../net/netlink.ts';
import {
  acceptSocket,
  bindSocket,
  connectSocket,
  createSocket,
  listenSocket,
  receiveFrom,
  sendTo,
  socketPair,
} from '../net/socket-calls.ts';
import { SocketFile } from '../net/socket-file.ts';
import type { SocketAddress, SocketType } from './sys.ts';
import { SysNamespaces } from './sys-namespaces.ts';

export abstract class SysSockets extends SysNamespaces {
  socket(family: SocketAddress['family'] | 'netlink' | 'packet', type: SocketType, protocol?: string): number {
    return this.task.files.install(createSocket(this.task, family, type, protocol));
  }
  socketpair(type: SocketType): [number, number] {
    const [a, b] = socketPair(this.task, type);
    return [this.task.files.install(a), this.task.files.install(b)];
  }
  bind(fd: number, address: SocketAddress): void {
    bindSocket(this.task, this.socketAt(fd), address);
  }
  listen(fd: number, backlog = 128): void {
    listenSocket(this.task, this.socketAt(fd), backlog);
  }
  async accept(fd: number): Promise<{ fd: number; peer: SocketAddress }> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    const { file, peer } = await acceptSocket(this.task, this.socketAt(fd));
    return { fd: this.task.files.install(file), peer };
  }
  async connect(fd: number, address: SocketAddress, timeoutMs?: number): Promise<void> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    await connectSocket(this.task, this.socketAt(fd), address, timeoutMs);
  }
  async sendto(fd: number, bytes: Uint8Array, to?: SocketAddress): Promise<number> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    return sendTo(this.task, this.socketAt(fd), bytes, to);
  }
  async recvfrom(fd: number, max = 65536): Promise<{ bytes: Uint8Array; from: SocketAddress }> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    return receiveFrom(this.task, this.socketAt(fd), max);
  }
  shutdown(fd: number, how: 'read' | 'write' | 'both'): void {
    this.socketAt(fd).shutdown(how);
  }
  getsockname(fd: number): SocketAddress {
    return this.socketAt(fd).localAddress();
  }
  getpeername(fd: number): SocketAddress {
    return this.socketAt(fd).peerAddress();
  }
  setsockopt(fd: number, option: string, value: unknown): void {
    this.socketAt(fd).options.set(option, value);
  }
  getsockopt(fd: number, option: string): unknown {
    return this.socketAt(fd).option(option);
  }
  get netlink(): Netlink {
    return this.task.ns.net.stack.netlinkFor(this.task);
  }

  private socketAt(fd: number): SocketFile {
    const file = this.file(fd);
    if (file instanceof SocketFile) return file;
    throw new Errno('ENOTSOCK');
  }
}
