/** What the trace tells of the network: who tried to reach whom, which way, and how it ended. */
import { isErrno } from '../../spec/index.ts';
import type { TraceEventOf } from '../../trace/index.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import { parseAnswer, parseQuestion } from './dns.ts';
import type { LinkState, NetStack } from './stack.ts';

/** A connection on its way: filled in as it goes, told once at its end. */
export class Attempt {
  path: readonly LinkState[] = [];
  private reached: { stack: NetStack; address: string; port: number } | undefined;

  constructor(
    private readonly pid: number,
    private readonly from: NetStack,
    private readonly address: string,
    private readonly port: number,
  ) {}

  /** The stack that it came to, and what it asks for there (after NAT). */
  arrive(stack: NetStack, address: string, port: number): void {
    this.reached = { stack, address, port };
  }

  tell(result: string): void {
    const { tracer } = this.from.kernel;
    if (!tracer.wants('net.connect')) return;
    const { reached } = this;
    const bound = reached && result !== 'connected' ? boundTo(reached.stack, reached.port) : [];
    tracer.emit({
      type: 'net.connect',
      pid: this.pid,
      namespace: this.from.ino,
      from: sourceOf(this.from, this.address),
      to: `${this.address}:${this.port}`,
      result,
      via: hops(this.path.length > 0 || reached ? this.path : firstHop(this.from, this.address)),
      ...(reached && { reached: `${reached.address}:${reached.port}`, target: reached.stack.ino }),
      ...(bound.length > 0 && { bound }),
    });
  }
}

export const hops = (path: readonly LinkState[]): string[] => path.map(({ stack, name }) => `${stack.ino}/${name}`);

/** The interface that a packet leaves by, though nobody may answer. */
function firstHop(stack: NetStack, address: string): LinkState[] {
  try {
    return [stack.routeTo(address).link];
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

/** Addresses on which someone listens at this port. */
const boundTo = (stack: NetStack, port: number): string[] =>
  [...stack.listeners.keys()]
    .filter((key) => key.slice(key.lastIndexOf(':') + 1) === String(port))
    .map((key) => key.slice(0, key.lastIndexOf(':')));

export function sourceOf(stack: NetStack, address: string): string {
  try {
    return stack.sourceFor(address);
  } catch (error) {
    if (isErrno(error)) return stack.addresses.find(({ link }) => link.kind !== 'loopback')?.address ?? '127.0.0.1';
    throw error;
  }
}

/** `answer` undefined: the name server could not be asked. */
export function tellLookup(
  { stack, owner }: DatagramSocket,
  server: string,
  query: Uint8Array,
  answer: Uint8Array | undefined,
): void {
  const { tracer } = stack.kernel;
  const pid = owner.hostPid;
  if (!tracer.wants('net.lookup')) return;
  const { rcode, values } = answer ? parseAnswer(answer) : { rcode: 'unreachable' as const, values: [] };
  const { name } = parseQuestion(query);
  tracer.emit({ type: 'net.lookup', pid, namespace: stack.ino, server, name, result: rcode, addresses: values });
}

export type PacketResult = TraceEventOf<'net.packet'>['result'];

/** The first of a socket to each receiver: a flood is one event. */
export function tellPacket(
  socket: DatagramSocket,
  { address, port }: { address: string; port: number },
  path: readonly LinkState[],
  size: number,
  result: PacketResult,
): void {
  const { stack, protocol, owner } = socket;
  const pid = owner.hostPid;
  const { tracer } = stack.kernel;
  const to = protocol === 'icmp' ? address : `${address}:${port}`;
  if (socket.toldTo === to || !tracer.wants('net.packet')) return;
  socket.toldTo = to;
  const from = sourceOf(stack, address);
  tracer.emit({ type: 'net.packet', pid, namespace: stack.ino, protocol, from, to, result, via: hops(path), size });
}
