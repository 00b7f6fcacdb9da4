/** How links look: what ip and ifconfig derive from what netlink tells. */

import type { Link, LinkAddress } from '../../net/netlink.ts';
import type { Command } from '../core/command.ts';

export interface LinkView extends Link {
  /** A bridge without a port that is up, or a veth whose other end is down, has none. */
  carrier: boolean;
  addresses: LinkAddress[];
}

export function linkViews(c: Command): LinkView[] {
  const links = c.sys.netlink.links();
  const addresses = c.sys.netlink.addresses();
  return links
    .map((link) => ({
      ...link,
      carrier: hasCarrier(link, links),
      addresses: addresses.filter((address) => address.link === link.name),
    }))
    .sort((a, b) => a.index - b.index);
}

function hasCarrier(link: Link, all: readonly Link[]): boolean {
  if (!link.up) return false;
  if (link.kind === 'bridge') return all.some((port) => port.master === link.name && hasCarrier(port, all));
  return link.kind !== 'veth' || link.peerUp !== false;
}

/** eth0@if5: the other end of a veth pair by its index, by its name when it is here too. */
export function fullName(link: LinkView, all: readonly LinkView[]): string {
  if (link.peerIndex === undefined) return link.name;
  const here = link.peerNetns === undefined ? all.find((other) => other.index === link.peerIndex) : undefined;
  return `${link.name}@${here?.name ?? `if${link.peerIndex}`}`;
}

export function flagNames(link: LinkView, busybox: boolean): string[] {
  const flags = link.kind === 'loopback' ? ['LOOPBACK'] : ['BROADCAST', link.kind === 'dummy' ? 'NOARP' : 'MULTICAST'];
  if (link.up) flags.push('UP');
  if (link.carrier) flags.push('LOWER_UP');
  else if (link.up) flags.unshift('NO-CARRIER');
  const peerDown = link.peerIndex !== undefined && link.peerNetns === undefined && link.peerUp === false;
  if (peerDown || (busybox && link.peerNetns !== undefined)) flags.push('M-DOWN');
  return flags;
}

export function stateOf(link: LinkView): string {
  if (!link.up) return 'DOWN';
  if (link.kind === 'loopback' || link.kind === 'dummy') return 'UNKNOWN';
  if (link.carrier) return 'UP';
  return link.kind === 'veth' ? 'LOWERLAYERDOWN' : 'DOWN';
}

export const queueOf = (link: LinkView): string =>
  link.kind === 'ethernet' ? 'fq_codel' : !link.up && link.kind !== 'bridge' ? 'noop' : 'noqueue';
export const queueLength = (link: LinkView): string =>
  link.kind === 'loopback' || link.kind === 'ethernet' || link.kind === 'dummy' ? 'qlen 1000' : '';
export const broadcastMac = (link: LinkView): string =>
  link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';

export function maskText(prefix: number): string {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return [mask >>> 24, (mask >>> 16) & 255, (mask >>> 8) & 255, mask & 255].join('.');
}
