/** `Netlink` over a stack, with the caller's right to change it. */
import { Errno } from '../../spec/index.ts';
import { requireCapability } from '../kernel/credentials.ts';
import { NamespaceInode } from '../kernel/nsfs.ts';
import type { Task } from '../kernel/task.ts';
import { broadcastOf, formatIp, isLoopback, networkOf, parseCidr, parseIp } from './ip.ts';
import type { Link, LinkAddress, Netlink, NetnsChoice, Route, SocketInfo } from './netlink.ts';
import { inOrder, neighbourOn, segment } from './routing.ts';
import { socketsOf } from './socket-info.ts';
import type { LinkState, NetStack } from './stack.ts';

type LinkChange = Parameters<Netlink['setLink']>[1];

export class NetlinkView implements Netlink {
  constructor(
    private readonly stack: NetStack,
    private readonly task: Task,
  ) {}

  links(): Link[] {
    return this.stack.links.map((link) => ({
      index: link.index,
      name: link.name,
      kind: link.kind,
      mac: link.mac,
      mtu: link.mtu,
      up: link.up,
      master: link.master?.name,
      peerIndex: link.peer?.index,
      peerUp: link.peer?.up,
      peerNetns: link.peer && link.peer.stack !== this.stack ? 0 : undefined,
      rxBytes: link.rxBytes,
      rxPackets: link.rxPackets,
      txBytes: link.txBytes,
      txPackets: link.txPackets,
    }));
  }

  addLink({ name, kind, peer, mac, netns = {}, peerNetns = {} }: Parameters<Netlink['addLink']>[0]): void {
    this.privileged();
    if (kind !== 'bridge' && kind !== 'veth' && kind !== 'dummy') throw new Errno('EOPNOTSUPP', kind);
    // The peer is registered first and has the lower index (veth_newlink).
    const there = this.otherStack(peerNetns) ?? this.stack;
    const here = this.otherStack(netns) ?? this.stack;
    const other = kind === 'veth' ? there.createLink(peer ?? this.freeName('veth'), 'veth') : undefined;
    try {
      const link = here.createLink(name, kind, mac);
      if (!other) return;
      link.peer = other;
      other.peer = link;
    } catch (error) {
      if (other) there.links.splice(there.links.indexOf(other), 1);
      throw error;
    }
  }

  deleteLink(name: string): void {
    this.privileged();
    const link = this.stack.link(name);
    if (link.kind === 'loopback' || link.kind === 'ethernet') throw new Errno('EOPNOTSUPP', name);
    removeLink(link);
    if (link.peer) removeLink(link.peer);
  }

  setLink(name: string, change: LinkChange): void {
    this.privileged();
    const link = this.stack.link(name);
    if (change.mac !== undefined) link.mac = change.mac;
    if (change.mtu !== undefined) link.mtu = change.mtu;
    if (change.master !== undefined) link.master = this.bridge(change.master);
    if (change.rename !== undefined) this.rename(link, change.rename);
    if (change.up !== undefined) this.setUp(link, change.up);
    const target = this.otherStack(change);
    if (target) moveLink(link, target);
  }

  private bridge(name: string | null): LinkState | undefined {
    if (name === null) return undefined;
    const bridge = this.stack.link(name);
    if (bridge.kind !== 'bridge') throw new Errno('EOPNOTSUPP', name);
    return bridge;
  }

  private rename(link: LinkState, name: string): void {
    if (link.up) throw new Errno('EBUSY', link.name);
    if (this.stack.links.some((other) => other !== link && other.name === name)) throw new Errno('EEXIST', name);
    link.name = name;
  }

  private setUp(link: LinkState, up: boolean): void {
    link.up = up;
    if (!up) this.stack.routes = this.stack.routes.filter((route) => route.link !== link);
    else for (const own of this.stack.addresses) if (own.link === link) this.connectedRoute(link, own.cidr);
    if (link.kind !== 'loopback') return;
    this.stack.addresses = this.stack.addresses.filter((own) => own.link !== link);
    if (up) this.stack.addresses.push({ link, cidr: '127.0.0.1/8', address: '127.0.0.1' });
  }

  private otherStack({ netnsPid, netnsPath }: NetnsChoice): NetStack | undefined {
    if (netnsPid !== undefined) {
      const target = this.task.ns.pid.tasks.get(netnsPid);
      if (!target) throw new Errno('ESRCH');
      return target.ns.net.stack;
    }
    if (netnsPath === undefined) return undefined;
    const { inode } = this.task.paths.resolve(netnsPath);
    if (!(inode instanceof NamespaceInode) || inode.namespace.kind !== 'net') throw new Errno('EINVAL', netnsPath);
    return inode.namespace.stack;
  }

  addresses(): LinkAddress[] {
    return this.stack.addresses.map(({ link, cidr }) => ({
      link: link.name,
      family: 'inet',
      cidr,
      broadcast: link.kind === 'loopback' ? undefined : formatIp(broadcastOf(parseCidr(cidr))),
      scope: link.kind === 'loopback' ? 'host' : 'global',
    }));
  }

  addAddress(name: string, cidr: string): void {
    this.privileged();
    const link = this.stack.link(name);
    const { address, prefix } = parseCidr(cidr);
    if (this.stack.addresses.some((own) => own.link === link && own.address === formatIp(address))) {
      throw new Errno('EEXIST', cidr);
    }
    const full = `${formatIp(address)}/${prefix}`;
    this.stack.addresses.push({ link, cidr: full, address: formatIp(address) });
    if (link.up) this.connectedRoute(link, full);
  }

  private connectedRoute(link: LinkState, cidr: string): void {
    const parsed = parseCidr(cidr);
    if (link.kind === 'loopback' || parsed.prefix === 32) return;
    const destination = `${formatIp(networkOf(parsed))}/${parsed.prefix}`;
    if (this.stack.routes.some((route) => route.destination === destination && route.link === link)) return;
    const source = formatIp(parsed.address);
    this.stack.routes.push({ destination, link, source, scope: 'link', proto: 'kernel' });
  }

  deleteAddress(name: string, cidr: string): void {
    this.privileged();
    const link = this.stack.link(name);
    const index = this.stack.addresses.findIndex((own) => own.link === link && own.cidr === cidr);
    if (index < 0) throw new Errno('EADDRNOTAVAIL', cidr);
    const [gone] = this.stack.addresses.splice(index, 1);
    this.stack.routes = this.stack.routes.filter((route) => route.link !== link || route.source !== gone!.address);
  }

  routes(): Route[] {
    return inOrder(this.stack.routes).map(({ link, ...route }) => ({ ...route, link: link.name }));
  }

  addRoute({ destination, gateway, link, source }: Parameters<Netlink['addRoute']>[0]): void {
    this.privileged();
    const normal = destination === '0.0.0.0/0' ? 'default' : destination;
    const out = link !== undefined ? this.stack.link(link) : this.linkTowards(gateway);
    if (this.stack.routes.some((route) => route.destination === normal && route.gateway === gateway)) {
      throw new Errno('EEXIST', destination);
    }
    this.stack.routes.unshift({ destination: normal, gateway, link: out, source });
  }

  private linkTowards(gateway: string | undefined): LinkState {
    if (gateway === undefined || parseIp(gateway) === undefined) throw new Errno('EINVAL');
    const route = this.stack.routeTo(gateway);
    if (route.gateway) throw new Errno('ENETUNREACH', gateway);
    return route.link;
  }

  deleteRoute(destination: string, gateway?: string): void {
    this.privileged();
    const normal = destination === '0.0.0.0/0' ? 'default' : destination;
    const index = this.stack.routes.findIndex(
      (route) => route.destination === normal && (gateway === undefined || route.gateway === gateway),
    );
    if (index < 0) throw new Errno('ESRCH', destination);
    this.stack.routes.splice(index, 1);
  }

  neighbours(): { address: string; mac: string; link: string; state: string }[] {
    return this.stack.links.flatMap((link) =>
      segment(link)
        .filter((other) => other !== link && other.stack !== this.stack)
        .flatMap((other) => other.stack.addresses.filter((own) => own.link === other))
        .filter((own) => !isLoopback(own.address) && neighbourOn(link, own.address))
        .map((own) => ({ address: own.address, mac: own.link.mac, link: link.name, state: 'REACHABLE' })),
    );
  }

  sockets(): SocketInfo[] {
    return socketsOf(this.stack, this.task);
  }

  nat(): ReturnType<Netlink['nat']> {
    return this.stack.natRules.map((rule) => ({ ...rule }));
  }

  private freeName(prefix: string): string {
    let index = 0;
    while (this.stack.links.some((link) => link.name === `${prefix}${index}`)) index++;
    return `${prefix}${index}`;
  }

  private privileged(): void {
    const { net } = this.task.ns;
    requireCapability(this.task.cred, 'CAP_NET_ADMIN', net.stack === this.stack ? net.user : undefined);
  }
}

function removeLink(link: LinkState): void {
  const { stack } = link;
  stack.links.splice(stack.links.indexOf(link), 1);
  stack.addresses = stack.addresses.filter((own) => own.link !== link);
  stack.routes = stack.routes.filter((route) => route.link !== link);
  for (const port of stack.links) if (port.master === link) port.master = undefined;
}

function moveLink(link: LinkState, to: NetStack): void {
  if (to === link.stack) return;
  if (to.links.some((other) => other.name === link.name)) throw new Errno('EEXIST', link.name);
  removeLink(link);
  link.up = false;
  link.master = undefined;
  to.adopt(link);
}
