/** The state of one net namespace: links, addresses, routes, what listens. The verbs are in routing.ts and sockets. */
import { randomInt } from '../../port/index.ts';
import { Errno } from '../../spec/index.ts';
import type { KernelCore } from '../kernel/kernel-core.ts';
import type { Task } from '../kernel/task.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import type { Internet } from './internet.ts';
import { anyAddress, contains, isLoopback, parseCidr, parseIp } from './ip.ts';
import type { Netlink } from './netlink.ts';
import { NetlinkView } from './netlink-view.ts';
import type { Listener, StreamSocket } from './stream-socket.ts';

export interface LinkState {
  index: number;
  name: string;
  kind: 'loopback' | 'veth' | 'bridge' | 'dummy' | 'ethernet';
  mac: string;
  mtu: number;
  up: boolean;
  stack: NetStack;
  master: LinkState | undefined;
  peer: LinkState | undefined;
  rxBytes: number;
  rxPackets: number;
  txBytes: number;
  txPackets: number;
}

export interface AddressState {
  link: LinkState;
  cidr: string;
  address: string;
}

export interface RouteState {
  destination: string;
  gateway?: string;
  link: LinkState;
  source?: string;
  scope?: string;
  proto?: string;
}

export interface NatRule {
  protocol: string;
  hostIp: string;
  hostPort: number;
  toIp: string;
  toPort: number;
}

/** Answers a DNS query message (127.0.0.11 of a container on a user network). */
export type DnsResponder = (query: Uint8Array) => Uint8Array | undefined;

export const firstEphemeral = 32768;
const lastEphemeral = 60999;

export class NetStack {
  readonly links: LinkState[] = [];
  addresses: AddressState[] = [];
  routes: RouteState[] = [];
  natRules: NatRule[] = [];
  /** By "address:port". */
  readonly listeners = new Map<string, Listener>();
  readonly datagrams = new Map<string, DatagramSocket>();
  readonly streams = new Set<StreamSocket>();
  readonly abstractUnix = new Map<string, unknown>();
  resolver: DnsResponder | undefined;
  internet: Internet | undefined;
  /** net.ipv4.ip_unprivileged_port_start; Docker sets it to 0 in containers. */
  unprivilegedPortStart = 1024;
  private nextPort = firstEphemeral;
  private lastIndex = 0;

  constructor(
    readonly kernel: KernelCore,
    /** Of its namespace. */
    readonly ino: number,
  ) {
    this.createLink('lo', 'loopback', '00:00:00:00:00:00', 65536);
  }

  createLink(name: string, kind: LinkState['kind'], mac = this.newMac(), mtu = 1500): LinkState {
    if (this.links.some((link) => link.name === name)) throw new Errno('EEXIST', name);
    if (name.length > 15 || name === '' || name.includes('/')) throw new Errno('EINVAL', name);
    const link: LinkState = {
      index: ++this.lastIndex,
      name,
      kind,
      mac,
      mtu,
      up: false,
      stack: this,
      master: undefined,
      peer: undefined,
      rxBytes: 0,
      rxPackets: 0,
      txBytes: 0,
      txPackets: 0,
    };
    this.links.push(link);
    return link;
  }

  /** A link that comes from another namespace keeps its index, unless one here has it (dev_change_net_namespace). */
  adopt(link: LinkState): void {
    if (this.links.some((other) => other.index === link.index)) link.index = ++this.lastIndex;
    link.stack = this;
    this.links.push(link);
  }

  link(name: string): LinkState {
    const link = this.links.find((candidate) => candidate.name === name);
    if (!link) throw new Errno('ENODEV', name);
    return link;
  }

  /** A locally administered unicast address. */
  newMac(): string {
    const bytes = this.kernel.entropy.bytes(6);
    bytes[0] = (bytes[0]! & 0xfe) | 0x02;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }

  get loopbackUp(): boolean {
    return this.links.some((link) => link.kind === 'loopback' && link.up);
  }

  /** Whether packets to `address` are for this namespace itself. */
  owns(address: string): boolean {
    if (isLoopback(address)) return this.loopbackUp || this.resolver !== undefined;
    return this.addresses.some((own) => own.address === address && own.link.up);
  }

  /** Longest prefix first; ENETUNREACH. */
  routeTo(address: string): RouteState {
    const target = parseIp(address);
    if (target === undefined) throw new Errno('ENETUNREACH', address);
    let best: RouteState | undefined;
    let bestPrefix = -1;
    for (const route of this.routes) {
      const cidr = route.destination === 'default' ? { address: 0, prefix: 0 } : parseCidr(route.destination);
      if (!route.link.up || cidr.prefix <= bestPrefix || !contains(cidr, target)) continue;
      best = route;
      bestPrefix = cidr.prefix;
    }
    if (!best) throw new Errno('ENETUNREACH', address);
    return best;
  }

  /** The address packets to `address` carry as their source. */
  sourceFor(address: string): string {
    if (isLoopback(address)) return '127.0.0.1';
    if (this.owns(address)) return address;
    const route = this.routeTo(address);
    return route.source ?? this.addresses.find((own) => own.link === route.link)?.address ?? anyAddress;
  }

  /** A free port for a client; EADDRNOTAVAIL when all are taken. */
  ephemeralPort(table: ReadonlyMap<string, unknown>): number {
    const start = this.nextPort === firstEphemeral ? this.firstPort() : this.nextPort;
    for (let tried = 0, port = start; tried <= lastEphemeral - firstEphemeral; tried++) {
      const candidate = port > lastEphemeral ? firstEphemeral : port;
      port = candidate + 1;
      this.nextPort = port;
      if (![...table.keys()].some((key) => key.endsWith(`:${candidate}`))) return candidate;
    }
    throw new Errno('EADDRNOTAVAIL');
  }

  private firstPort(): number {
    return firstEphemeral + randomInt(this.kernel.entropy, lastEphemeral - firstEphemeral);
  }

  netlinkFor(task: Task): Netlink {
    return new NetlinkView(this, task);
  }
}
