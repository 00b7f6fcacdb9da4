/** Establishing TCP connections: routing, NAT, refusal. */
import { Errno } from '../../spec/index.ts';
import { blockUntil } from '../kernel/block.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { anyAddress, isLoopback, plainAddress } from './ip.ts';
import { countTraffic, findDestination } from './routing.ts';
import type { LinkState, NatRule, NetStack } from './stack.ts';
import { type StreamEnd, streamPair } from './stream-end.ts';
import type { Listener, PendingConnection, StreamSocket } from './stream-socket.ts';

/** tcp_syn_retries 6: about two minutes. */
const connectTimeoutMs = 127_000;

type InetAddress = Exclude<SocketAddress, { family: 'unix' }>;

export async function connectTcp(
  task: Task,
  socket: StreamSocket,
  to: InetAddress,
  timeoutMs?: number,
): Promise<PendingConnection> {
  const { stack } = socket;
  const bound = socket.local && socket.local.family !== 'unix' ? socket.local : undefined;
  const connection = openConnection(stack, to.address, to.port, bound);
  if (connection) return connection;
  await blockUntil(task, [], () => undefined, Math.min(timeoutMs ?? connectTimeoutMs, connectTimeoutMs));
  throw new Errno('ETIMEDOUT');
}

/** Undefined: nobody answers at all. Throws ECONNREFUSED, EHOSTUNREACH, ENETUNREACH. */
export function openConnection(
  stack: NetStack,
  toAddress: string,
  port: number,
  bound?: InetAddress,
): PendingConnection | undefined {
  const wanted = plainAddress(toAddress);
  const address = wanted === anyAddress ? '127.0.0.1' : wanted;
  const found = findDestination(stack, address);
  const result = reach(found, stack, address, port);
  trace(stack, address, port, result ? 'connected' : 'dropped');
  if (!result) return undefined;
  const source = bound && plainAddress(bound.address) !== anyAddress ? bound.address : stack.sourceFor(address);
  const local: InetAddress = {
    family: 'inet',
    address: source,
    port: bound?.port || stack.ephemeralPort(stack.listeners),
  };
  const remote: InetAddress = { family: 'inet', address, port };
  const [near, far] = streamPair();
  count(near, far, found.path);
  if (result.kind === 'reset') far.reset();
  else if (!result.listener.offer({ end: far, peer: local, local: result.local })) refuse(stack, address, port);
  return { end: near, peer: remote, local };
}

type Reached = { kind: 'listener'; listener: Listener; local: InetAddress } | { kind: 'reset' } | undefined;

function reach(found: ReturnType<typeof findDestination>, from: NetStack, address: string, port: number): Reached {
  if (found.kind === 'dropped') return undefined;
  if (found.kind === 'internet') return internetReach(from, address, port, found.path);
  const { stack } = found;
  const rule = natFor(stack, 'tcp', address, port);
  if (rule) return throughNat(stack, rule, address);
  const listener = listenerAt(stack, address, port);
  if (!listener) refuse(from, address, port);
  return { kind: 'listener', listener, local: { family: 'inet', address, port } };
}

function internetReach(from: NetStack, address: string, port: number, path: readonly LinkState[]): Reached {
  const internet = path.at(-1)?.stack.internet;
  const listener = internet?.listener(address, port);
  if (listener) return { kind: 'listener', listener, local: { family: 'inet', address, port } };
  if (internet?.knows(address)) refuse(from, address, port);
  return undefined;
}

export function listenerAt(stack: NetStack, address: string, port: number): Listener | undefined {
  return stack.listeners.get(`${address}:${port}`) ?? stack.listeners.get(`${anyAddress}:${port}`);
}

/** A published port that covers this address of the host. */
export function natFor(stack: NetStack, protocol: string, address: string, port: number): NatRule | undefined {
  return stack.natRules.find(
    (rule) =>
      rule.protocol === protocol && rule.hostPort === port && (rule.hostIp === anyAddress || rule.hostIp === address),
  );
}

/**
 * Over loopback docker-proxy accepts first and finds out later that the container refuses: the client sees a reset.
 * From elsewhere the packets are rewritten, and the container itself refuses.
 */
function throughNat(host: NetStack, rule: NatRule, address: string): Reached {
  const viaProxy = isLoopback(address);
  try {
    const inside = findDestination(host, rule.toIp);
    if (inside.kind !== 'stack') return viaProxy ? { kind: 'reset' } : undefined;
    const listener = listenerAt(inside.stack, rule.toIp, rule.toPort);
    if (listener) {
      return { kind: 'listener', listener, local: { family: 'inet', address: rule.toIp, port: rule.toPort } };
    }
  } catch (error) {
    if (!viaProxy) throw error;
    return { kind: 'reset' };
  }
  if (viaProxy) return { kind: 'reset' };
  refuse(host, address, rule.hostPort);
}

function refuse(from: NetStack, address: string, port: number): never {
  trace(from, address, port, 'ECONNREFUSED');
  throw new Errno('ECONNREFUSED');
}

function trace(from: NetStack, address: string, port: number, result: string): void {
  const { tracer } = from.kernel;
  if (!tracer.wants('net.connect')) return;
  const source = isLoopback(address)
    ? '127.0.0.1'
    : (from.addresses.find((own) => own.link.kind !== 'loopback')?.address ?? '127.0.0.1');
  tracer.emit({ type: 'net.connect', from: source, to: `${address}:${port}`, result });
}

function count(near: StreamEnd, far: StreamEnd, path: LinkState[]): void {
  if (path.length === 0) return;
  near.onSend = (bytes) => countTraffic(path, bytes);
  const back = [...path].reverse();
  far.onSend = (bytes) => countTraffic(back, bytes);
}
