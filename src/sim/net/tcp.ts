/** Establishing TCP connections: routing, NAT, refusal. */
import { Errno, isErrno } from '../../spec/index.ts';
import { blockUntil } from '../kernel/block.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { anyAddress, isLoopback, plainAddress } from './ip.ts';
import { Attempt } from './net-trace.ts';
import { countTraffic, type Destination, findDestination } from './routing.ts';
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
  const bound = socket.local && socket.local.family !== 'unix' ? socket.local : undefined;
  const connection = openConnection(task, socket.stack, to, bound);
  if (connection) return connection;
  await blockUntil(task, [], () => undefined, Math.min(timeoutMs ?? connectTimeoutMs, connectTimeoutMs));
  throw new Errno('ETIMEDOUT');
}

/** Undefined: nobody answers at all. Throws ECONNREFUSED, EHOSTUNREACH, ENETUNREACH. */
export function openConnection(
  task: Task,
  stack: NetStack,
  to: Pick<InetAddress, 'address' | 'port'>,
  bound?: InetAddress,
): PendingConnection | undefined {
  const wanted = plainAddress(to.address);
  const target = { address: wanted === anyAddress ? '127.0.0.1' : wanted, port: to.port };
  const attempt = new Attempt(task.hostPid, stack, target.address, target.port);
  try {
    const found = findDestination(stack, target.address);
    attempt.path = found.path;
    const result = reach(found, target, attempt);
    const connection = result && establish(result, stack, target, found.path, bound);
    attempt.tell(!result ? 'dropped' : result.kind === 'reset' ? 'reset' : 'connected');
    return connection;
  } catch (error) {
    if (isErrno(error)) attempt.tell(error.code);
    throw error;
  }
}

interface Target {
  address: string;
  port: number;
}

function establish(
  result: NonNullable<Reached>,
  stack: NetStack,
  { address, port }: Target,
  path: LinkState[],
  bound: InetAddress | undefined,
): PendingConnection {
  const source = bound && plainAddress(bound.address) !== anyAddress ? bound.address : stack.sourceFor(address);
  const local: InetAddress = {
    family: 'inet',
    address: source,
    port: bound?.port || stack.ephemeralPort(stack.listeners),
  };
  const remote: InetAddress = { family: 'inet', address, port };
  const [near, far] = streamPair();
  count(near, far, path);
  if (result.kind === 'reset') far.reset();
  else if (!result.listener.offer({ end: far, peer: local, local: result.local })) throw new Errno('ECONNREFUSED');
  return { end: near, peer: remote, local };
}

type Reached = { kind: 'listener'; listener: Listener; local: InetAddress } | { kind: 'reset' } | undefined;

function reach(found: Destination, { address, port }: Target, attempt: Attempt): Reached {
  if (found.kind === 'dropped') return undefined;
  if (found.kind === 'internet') return internetReach(address, port, found.path);
  const { stack } = found;
  const rule = natFor(stack, 'tcp', address, port);
  if (rule) return throughNat(stack, rule, isLoopback(address), attempt);
  attempt.arrive(stack, address, port);
  const listener = listenerAt(stack, address, port);
  if (!listener) throw new Errno('ECONNREFUSED');
  return { kind: 'listener', listener, local: { family: 'inet', address, port } };
}

function internetReach(address: string, port: number, path: readonly LinkState[]): Reached {
  const internet = path.at(-1)?.stack.internet;
  const listener = internet?.listener(address, port);
  if (listener) return { kind: 'listener', listener, local: { family: 'inet', address, port } };
  if (internet?.knows(address)) throw new Errno('ECONNREFUSED');
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
function throughNat(host: NetStack, { toIp, toPort }: NatRule, viaProxy: boolean, attempt: Attempt): Reached {
  try {
    const inside = findDestination(host, toIp);
    attempt.path = [...attempt.path, ...inside.path];
    if (inside.kind !== 'stack') return viaProxy ? { kind: 'reset' } : undefined;
    attempt.arrive(inside.stack, toIp, toPort);
    const listener = listenerAt(inside.stack, toIp, toPort);
    if (listener) return { kind: 'listener', listener, local: { family: 'inet', address: toIp, port: toPort } };
  } catch (error) {
    if (!viaProxy || !isErrno(error)) throw error;
    return { kind: 'reset' };
  }
  if (viaProxy) return { kind: 'reset' };
  throw new Errno('ECONNREFUSED');
}

function count(near: StreamEnd, far: StreamEnd, path: LinkState[]): void {
  if (path.length === 0) return;
  near.onSend = (bytes) => countTraffic(path, bytes);
  const back = [...path].reverse();
  far.onSend = (bytes) => countTraffic(back, bytes);
}
