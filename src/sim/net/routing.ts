/**
 * Where a packet goes: through links, bridges and forwarding namespaces to the namespace that owns the address.
 *
 *   container eth0 (veth) -> peer in the host -> docker0 (bridge) -> peer of another port -> container
 *                                                \-> the host itself (gateway) -> eth0 -> internet
 */
import { Errno } from '../../spec/index.ts';
import { networkOf, parseCidr } from './ip.ts';
import type { LinkState, NetStack } from './stack.ts';

export type Destination =
  | { kind: 'stack'; stack: NetStack; path: LinkState[] }
  | { kind: 'internet'; path: LinkState[] }
  /** A firewall throws it away: the sender hears nothing. */
  | { kind: 'dropped'; path: LinkState[] };

const maximumHops = 8;

/** ENETUNREACH without a route, EHOSTUNREACH when nobody has the address. */
export function findDestination(stack: NetStack, address: string, path: LinkState[] = []): Destination {
  if (stack.owns(address)) return { kind: 'stack', stack, path };
  if (path.length > maximumHops * 2) throw new Errno('EHOSTUNREACH', address);
  const route = stack.routeTo(address);
  const out = route.link;
  const nextHop = route.gateway ?? address;
  if (out.kind === 'ethernet') return { kind: 'internet', path: [...path, out] };
  const neighbour = neighbourOn(out, nextHop);
  if (!neighbour) throw new Errno('EHOSTUNREACH', address);
  const onward = [...path, out, neighbour.link];
  if (neighbour.link.stack.owns(address)) return { kind: 'stack', stack: neighbour.link.stack, path: onward };
  return forward(neighbour.link, address, onward);
}

/** The namespace behind `from` passes it on (net.ipv4.ip_forward is on where Docker runs). */
function forward(from: LinkState, address: string, path: LinkState[]): Destination {
  const { stack } = from;
  const route = stack.routeTo(address);
  // Docker's DOCKER-ISOLATION chains: from one bridge to another is dropped.
  if (from.kind === 'bridge' && route.link.kind === 'bridge' && route.link !== from) return { kind: 'dropped', path };
  if (from.kind === 'bridge' && isInternal(from) && route.link.kind === 'ethernet') return { kind: 'dropped', path };
  return findDestination(stack, address, path);
}

const internals = new WeakSet<LinkState>();
export const setInternal = (bridge: LinkState): void => void internals.add(bridge);
const isInternal = (bridge: LinkState): boolean => internals.has(bridge);

/** Who answers ARP for `address` on the segment that `link` is on. */
export function neighbourOn(link: LinkState, address: string): { link: LinkState } | undefined {
  for (const other of segment(link)) {
    if (other === link || !other.up) continue;
    if (other.stack.addresses.some((own) => own.link === other && own.address === address)) return { link: other };
  }
  return undefined;
}

/** All interfaces that hear each other: of a bridge, the bridge and the far ends of its ports. */
export function segment(link: LinkState): LinkState[] {
  if (link.kind === 'bridge') return [link, ...bridgeMembers(link)];
  const { peer } = link;
  if (!peer?.up) return [link];
  return peer.master ? [peer.master, ...bridgeMembers(peer.master)] : [link, peer];
}

function bridgeMembers(bridge: LinkState): LinkState[] {
  return bridge.stack.links
    .filter((port) => port.master === bridge && port.up)
    .flatMap((port) => (port.peer ? [port.peer] : []));
}

/** Counts traffic on the links it crosses; the first sends, the last receives. */
export function countTraffic(path: readonly LinkState[], bytes: number): void {
  const packets = Math.max(1, Math.ceil(bytes / 1448));
  path.forEach((link, index) => {
    if (index === path.length - 1 && path.length > 1) receive(link, bytes, packets);
    else send(link, bytes, packets);
    if (link.kind === 'veth' && link.peer) {
      if (index === path.length - 1 && path.length > 1) send(link.peer, bytes, packets);
      else receive(link.peer, bytes, packets);
    }
  });
}

function send(link: LinkState, bytes: number, packets: number): void {
  link.txBytes += bytes;
  link.txPackets += packets;
}

function receive(link: LinkState, bytes: number, packets: number): void {
  link.rxBytes += bytes;
  link.rxPackets += packets;
}

/** As the kernel's trie gives them: by address, then the longer prefix first. */
export function inOrder<T extends { destination: string }>(routes: readonly T[]): T[] {
  const key = ({ destination }: T): [number, number] => {
    if (destination === 'default') return [0, 0];
    const cidr = parseCidr(destination);
    return [networkOf(cidr), cidr.prefix];
  };
  return [...routes].sort((a, b) => {
    const [[at, prefix], [otherAt, otherPrefix]] = [key(a), key(b)];
    return at - otherAt || otherPrefix - prefix;
  });
}
