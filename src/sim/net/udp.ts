/** Sending datagrams: UDP and ICMP echo. */
import { Errno } from '../../spec/index.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import { anyAddress, plainAddress } from './ip.ts';
import { type PacketResult, tellLookup, tellPacket } from './net-trace.ts';
import { countTraffic, type Destination, findDestination } from './routing.ts';
import type { NetStack } from './stack.ts';
import { natFor } from './tcp.ts';

type InetAddress = Exclude<SocketAddress, { family: 'unix' }>;

const dnsPort = 53;
const embeddedResolver = '127.0.0.11';

export function sendUdp(_task: Task, socket: DatagramSocket, bytes: Uint8Array, to: InetAddress): void {
  const { stack } = socket;
  const address = plainAddress(to.address) === anyAddress ? '127.0.0.1' : plainAddress(to.address);
  const target: InetAddress = { family: 'inet', address, port: to.port };
  if (address === embeddedResolver && to.port === dnsPort && stack.resolver) {
    answerName(socket, target, bytes, stack.resolver(bytes));
    return;
  }
  const found = findDestination(stack, address);
  countTraffic(found.path, bytes.length);
  const tell = (result: PacketResult) => tellPacket(socket, target, found.path, bytes.length, result);
  if (found.kind === 'dropped') {
    tell('dropped');
    return;
  }
  if (to.port !== dnsPort) tell(hears(found, socket, target) ? 'delivered' : 'refused');
  if (found.kind === 'internet') {
    sendToInternet(socket, bytes, target, found.path.at(-1)!.stack);
    return;
  }
  if (socket.protocol === 'icmp') {
    echo(socket, bytes, target, found.path.length === 0);
    return;
  }
  deliver(stack, found.stack, socket, bytes, target);
}

function deliver(from: NetStack, host: NetStack, socket: DatagramSocket, bytes: Uint8Array, to: InetAddress): void {
  const receiver = receiverAt(host, to);
  const local = socket.local as InetAddress | undefined;
  const source: InetAddress = { family: 'inet', address: from.sourceFor(to.address), port: local?.port ?? 0 };
  if (receiver) receiver.deliver({ bytes: bytes.slice(), from: source });
  // ICMP port unreachable reaches connected sockets only (udp(7)).
  else if (socket.peer) socket.fail(new Errno('ECONNREFUSED'));
}

/** Behind a published port, or on the stack itself. */
function receiverAt(host: NetStack, to: InetAddress): DatagramSocket | undefined {
  const rule = natFor(host, 'udp', to.address, to.port);
  const inside = rule ? findDestination(host, rule.toIp) : undefined;
  const stack = inside?.kind === 'stack' ? inside.stack : host;
  const address = rule?.toIp ?? to.address;
  const port = rule?.toPort ?? to.port;
  return stack.datagrams.get(`${address}:${port}`) ?? stack.datagrams.get(`${anyAddress}:${port}`);
}

/** Whether anyone is there for it. */
function hears(found: Destination, { protocol }: DatagramSocket, to: InetAddress): boolean {
  if (found.kind === 'stack') return protocol === 'icmp' || receiverAt(found.stack, to) !== undefined;
  return found.path.at(-1)?.stack.internet?.knows(to.address) ?? false;
}

function sendToInternet(socket: DatagramSocket, bytes: Uint8Array, to: InetAddress, edge: NetStack): void {
  const { internet } = edge;
  if (socket.protocol === 'icmp') {
    if (internet?.knows(to.address)) echo(socket, bytes, to, false);
    return;
  }
  if (to.port === dnsPort && internet) answerName(socket, to, bytes, internet.resolve(bytes));
}

function answerName(socket: DatagramSocket, from: InetAddress, query: Uint8Array, bytes: Uint8Array | undefined): void {
  tellLookup(socket, from.address, query, bytes);
  if (bytes) socket.deliver({ bytes, from });
}

/** ICMP echo request (type 8) -> reply (type 0), with the checksum made right again (RFC 792). */
function echo(socket: DatagramSocket, request: Uint8Array, from: InetAddress, local: boolean): void {
  if (request[0] !== 8) return;
  const reply = request.slice();
  reply[0] = 0;
  reply.set([0, 0], 2);
  const sum = checksum(reply);
  reply.set([sum >> 8, sum & 255], 2);
  // Round trip: tens of microseconds on this machine, more to the internet.
  socket.stack.kernel.clock.advance(local ? 20_000 : 60_000);
  socket.deliver({ bytes: reply, from: { ...from, port: 0 } });
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
