/** socket(2), bind, listen, connect, accept, send and receive. */
import { Errno } from '../../spec/index.ts';
import { block } from '../kernel/block.ts';
import { requireCapability } from '../kernel/credentials.ts';
import type { SocketAddress, SocketType } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { type Datagram, DatagramSocket } from './datagram-socket.ts';
import { anyAddress, plainAddress } from './ip.ts';
import { tellPacket } from './net-trace.ts';
import { requirePort, type SocketFile } from './socket-file.ts';
import type { NetStack } from './stack.ts';
import { streamPair } from './stream-end.ts';
import { type PendingConnection, StreamSocket } from './stream-socket.ts';
import { connectTcp } from './tcp.ts';
import { sendUdp } from './udp.ts';
import { bindUnix, connectUnix, sendUnix } from './unix-socket.ts';

export function createSocket(
  task: Task,
  family: SocketAddress['family'] | 'netlink' | 'packet',
  type: SocketType,
  protocol?: string,
): SocketFile {
  if (family === 'netlink' || family === 'packet') throw new Errno('EAFNOSUPPORT');
  if (type === 'stream') return new StreamSocket(task, family, type);
  if (type === 'raw') requireCapability(task.cred, 'CAP_NET_RAW', task.ns.net.user);
  const socket = new DatagramSocket(task, family, type);
  socket.protocol = family === 'unix' ? 'unix' : protocol?.startsWith('icmp') || type === 'raw' ? 'icmp' : 'udp';
  return socket;
}

export function socketPair(task: Task, type: SocketType): [SocketFile, SocketFile] {
  if (type !== 'stream') throw new Errno('EOPNOTSUPP');
  const [a, b] = streamPair();
  const unnamed: SocketAddress = { family: 'unix', path: '' };
  const make = (end: typeof a): StreamSocket => {
    const socket = new StreamSocket(task, 'unix', type);
    socket.establish({ end, local: unnamed, peer: unnamed });
    return socket;
  };
  return [make(a), make(b)];
}

export function bindSocket(task: Task, socket: SocketFile, address: SocketAddress): void {
  if (!(socket instanceof StreamSocket) && !(socket instanceof DatagramSocket)) throw new Errno('EINVAL');
  if (socket.local) throw new Errno('EINVAL');
  if (address.family === 'unix') {
    bindUnix(task, socket, address.path);
    return;
  }
  if (socket.family === 'unix') throw new Errno('EINVAL');
  requirePort(task, address.port);
  const ip = plainAddress(address.address);
  const { stack } = socket;
  if (ip !== anyAddress && !stack.owns(ip)) throw new Errno('EADDRNOTAVAIL');
  if (socket instanceof StreamSocket) {
    const port = address.port || stack.ephemeralPort(stack.listeners);
    requireFreePort(stack, ip, port);
    socket.local = { ...address, port };
    return;
  }
  const port = address.port || stack.ephemeralPort(stack.datagrams);
  registerDatagram(socket, ip, port);
  socket.local = { ...address, port };
}

/** EADDRINUSE when a listener has the port on this address, or either is the wildcard. */
function requireFreePort(stack: NetStack, ip: string, port: number): void {
  if (conflicts(stack.listeners, ip, port)) throw new Errno('EADDRINUSE');
}

function conflicts(table: ReadonlyMap<string, unknown>, ip: string, port: number): boolean {
  if (table.has(`${ip}:${port}`) || table.has(`${anyAddress}:${port}`)) return true;
  return ip === anyAddress && [...table.keys()].some((key) => key.endsWith(`:${port}`));
}

function registerDatagram(socket: DatagramSocket, ip: string, port: number): void {
  const { datagrams } = socket.stack;
  if (conflicts(datagrams, ip, port)) throw new Errno('EADDRINUSE');
  const key = `${ip}:${port}`;
  datagrams.set(key, socket);
  socket.unregister = () => void datagrams.delete(key);
}

export function listenSocket(_task: Task, socket: SocketFile, backlog: number): void {
  if (!(socket instanceof StreamSocket)) throw new Errno('EOPNOTSUPP');
  if (socket.end) throw new Errno('EINVAL');
  socket.backlogLimit = Math.max(1, backlog);
  if (socket.backlog) return;
  const { local, stack } = socket;
  if (local?.family === 'unix') {
    socket.backlog = [];
    return;
  }
  if (socket.family === 'unix') throw new Errno('EINVAL');
  const ip = local ? plainAddress(local.address) : anyAddress;
  const port = local?.port ?? stack.ephemeralPort(stack.listeners);
  requireFreePort(stack, ip, port);
  socket.backlog = [];
  socket.local ??= { family: 'inet', address: ip, port };
  const key = `${ip}:${port}`;
  stack.listeners.set(key, socket);
  socket.unregister = () => void stack.listeners.delete(key);
}

export async function acceptSocket(
  task: Task,
  socket: SocketFile,
): Promise<{ file: StreamSocket; peer: SocketAddress }> {
  if (!(socket instanceof StreamSocket)) throw new Errno('EOPNOTSUPP');
  const connection = await block(task, [socket.changed], (): PendingConnection | undefined => {
    if (!socket.backlog) throw new Errno('EINVAL');
    const next = socket.backlog.shift();
    if (!next && socket.flags.nonblock) throw new Errno('EAGAIN');
    return next;
  });
  const file = new StreamSocket(task, socket.family, 'stream');
  file.establish(connection);
  return { file, peer: connection.peer };
}

export async function connectSocket(
  task: Task,
  socket: SocketFile,
  address: SocketAddress,
  timeoutMs?: number,
): Promise<void> {
  if (socket instanceof DatagramSocket) return connectDatagram(task, socket, address);
  if (!(socket instanceof StreamSocket)) throw new Errno('EOPNOTSUPP');
  if (socket.end) throw new Errno('EISCONN');
  if (socket.backlog) throw new Errno('EINVAL');
  const connection =
    address.family === 'unix' ? connectUnix(task, address.path) : await connectTcp(task, socket, address, timeoutMs);
  socket.establish(connection);
}

function connectDatagram(task: Task, socket: DatagramSocket, address: SocketAddress): void {
  // A route is looked up already now, and with it the address that datagrams come from: udp(7).
  if (address.family === 'inet') {
    const source = requireRoute(task, socket, address);
    if (socket.protocol === 'udp' && !socket.local)
      bindSocket(task, socket, { family: 'inet', address: source, port: 0 });
  }
  socket.peer = address;
  socket.sender = (task, bytes) => sendDatagram(task, socket, bytes, address);
}

function requireRoute(
  { ns }: Task,
  socket: DatagramSocket,
  { address, port }: { address: string; port: number },
): string {
  try {
    return ns.net.stack.sourceFor(plainAddress(address));
  } catch (error) {
    tellPacket(socket, { address, port }, [], 0, 'unreachable');
    throw error;
  }
}

function sendDatagram(task: Task, socket: DatagramSocket, bytes: Uint8Array, to: SocketAddress): void {
  if (to.family === 'unix') {
    sendUnix(task, socket, bytes, to.path);
    return;
  }
  if (socket.protocol === 'udp' && !socket.local) {
    bindSocket(task, socket, { family: 'inet', address: anyAddress, port: 0 });
  }
  sendUdp(task, socket, bytes, to);
}

export async function sendTo(task: Task, socket: SocketFile, bytes: Uint8Array, to?: SocketAddress): Promise<number> {
  if (socket instanceof DatagramSocket && to) sendDatagram(task, socket, bytes, to);
  else await socket.write(task, bytes);
  return bytes.length;
}

export async function receiveFrom(task: Task, socket: SocketFile, max: number): Promise<Datagram> {
  if (socket instanceof DatagramSocket) {
    const { bytes, from } = await socket.receive(task);
    return { bytes: bytes.subarray(0, max), from };
  }
  return { bytes: (await socket.read(task, max)) as Uint8Array, from: socket.peerAddress() };
}
