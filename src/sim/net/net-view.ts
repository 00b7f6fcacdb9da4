/** Network namespaces as they are now, for inspection. */
import type { ListenInfo, NetLinkInfo, NetNamespaceInfo } from '../../trace/index.ts';
import type { Task } from '../kernel/task.ts';
import { anyAddress } from './ip.ts';
import { firstEphemeral, type LinkState, type NatRule, type NetStack } from './stack.ts';
import { StreamSocket } from './stream-socket.ts';

/** Those that a process is in, in the order that they came to be: the host's first. */
export function viewNetworks(tasks: Iterable<Task>): NetNamespaceInfo[] {
  const stacks = new Set([...tasks].filter(({ zombie }) => !zombie).map(({ ns }) => ns.net.stack));
  return [...stacks].sort((a, b) => a.ino - b.ino).map(viewOf);
}

const viewOf = (stack: NetStack): NetNamespaceInfo => ({
  inode: stack.ino,
  links: stack.links.map((link) => viewLink(link, stack)),
  routes: stack.routes.map(({ destination, gateway, link }) => ({
    destination,
    ...(gateway !== undefined && { gateway }),
    link: link.name,
  })),
  listening: listening(stack),
  nat: stack.natRules.map(viewRule),
  resolver: stack.resolver !== undefined,
});

const viewLink = (link: LinkState, stack: NetStack): NetLinkInfo => ({
  name: link.name,
  kind: link.kind,
  mac: link.mac,
  up: link.up,
  addresses: stack.addresses.filter((own) => own.link === link).map(({ cidr }) => cidr),
  ...(link.master && { master: link.master.name }),
  ...(link.peer && { peer: { namespace: link.peer.stack.ino, link: link.peer.name } }),
});

const viewRule = ({ protocol, hostIp, hostPort, toIp, toPort }: NatRule): NetNamespaceInfo['nat'][number] => ({
  protocol,
  host: `${hostIp}:${hostPort}`,
  to: `${toIp}:${toPort}`,
});

function listening(stack: NetStack): ListenInfo[] {
  const found: ListenInfo[] = [];
  const add = (protocol: ListenInfo['protocol'], key: string, owner: Task | undefined) => {
    const at = key.lastIndexOf(':');
    const port = Number(key.slice(at + 1));
    found.push({ protocol, address: key.slice(0, at), port, pid: owner?.hostPid ?? 0, comm: owner?.comm ?? '' });
  };
  for (const [key, entry] of stack.listeners) {
    const socket = entry instanceof StreamSocket ? entry : entry.socket;
    add('tcp', key, socket?.owner);
  }
  // A client's own port waits for nothing but its answers.
  for (const [key, { local, owner }] of stack.datagrams) {
    const client = local?.family !== 'unix' && (local?.port ?? 0) >= firstEphemeral && key.startsWith(anyAddress);
    if (!client) add('udp', key, owner);
  }
  return found;
}
