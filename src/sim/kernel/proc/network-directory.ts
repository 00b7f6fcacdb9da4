/** /proc/PID/net: interfaces, routes and sockets of the process's network namespace (proc(5), "/proc/net"). */
import { maskOf, networkOf, parseCidr, parseIp } from '../../net/ip.ts';
import type { SocketInfo } from '../../net/netlink.ts';
import { inOrder, segment } from '../../net/routing.ts';
import type { NetStack, RouteState } from '../../net/stack.ts';
import type { Inode } from '../../vfs/inode.ts';
import { GeneratedFile, type Produce } from '../generated-file.ts';
import { FixedDirectory, type SyntheticFilesystem } from '../synthetic-inode.ts';
import type { Task } from '../task.ts';

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** As the kernel prints an address: the bytes in memory order, read as a little-endian number. */
function hexAddress(value: number): string {
  const swapped = ((value & 255) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  return hex(swapped >>> 0, 8);
}

const deviceHead =
  'Inter-|   Receive                                                |  Transmit\n' +
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';

function deviceText({ links }: NetStack): string {
  const rows = links.map(({ name, rxBytes, rxPackets, txBytes, txPackets }) => {
    const received = `${String(rxBytes).padStart(8)} ${String(rxPackets).padStart(7)}    0    0    0     0          0         0`;
    return `${name.padStart(6)}: ${received} ${String(txBytes).padStart(8)} ${String(txPackets).padStart(7)}    0    0    0     0       0          0\n`;
  });
  return deviceHead + rows.join('');
}

function routeRow({ destination, gateway, link }: RouteState): string {
  const cidr = destination === 'default' ? { address: 0, prefix: 0 } : parseCidr(destination);
  const flags = 1 | (gateway ? 2 : 0) | (cidr.prefix === 32 ? 4 : 0);
  const to = hexAddress(networkOf(cidr));
  const fields = [link.name, to, hexAddress(parseIp(gateway ?? '') ?? 0), hex(flags, 4), 0, 0, 0];
  return `${[...fields, hexAddress(maskOf(cidr.prefix)), 0, 0, 0].join('\t').padEnd(127)}\n`;
}

/** Without any route there is no table, and the file is empty. */
function routeText({ routes }: NetStack): string {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  return routes.length === 0 ? '' : `${head.padEnd(127)}\n${inOrder(routes).map(routeRow).join('')}`;
}

/** include/net/tcp_states.h */
const states: Record<string, number> = {
  ESTAB: 1,
  'FIN-WAIT-2': 5,
  'TIME-WAIT': 6,
  CLOSE: 7,
  UNCONN: 7,
  'CLOSE-WAIT': 8,
  LISTEN: 10,
};

function endpoint(text: string): string {
  const at = text.lastIndexOf(':');
  return `${hexAddress(parseIp(text.slice(0, at)) ?? 0)}:${hex(Number(text.slice(at + 1)) || 0, 4)}`;
}

function socketRow(socket: SocketInfo): string {
  const queues = `${hex(socket.sendQueue, 8)}:${hex(socket.recvQueue, 8)} 00:00000000 00000000`;
  const state = hex(states[socket.state] ?? 7, 2);
  const owner = `${String(socket.uid).padStart(5)}        0 ${socket.inode}`;
  return `${endpoint(socket.local)} ${endpoint(socket.remote)} ${state} ${queues} ${owner}`;
}

const tcpHead = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const udpHead =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';

function socketText(task: Task, reader: Task, protocol: 'tcp' | 'udp'): string {
  const [head, width, index] = protocol === 'tcp' ? [tcpHead, 149, 4] : [udpHead, 127, 5];
  const tail = protocol === 'tcp' ? ' 1 0000000000000000 100 0 0 10 0' : ' 2 0000000000000000 0';
  const rows = task.ns.net.stack
    .netlinkFor(reader)
    .sockets()
    .filter((socket) => socket.protocol === protocol)
    .map((socket, row) => `${`${String(row).padStart(index)}: ${socketRow(socket)}${tail}`.padEnd(width)}\n`);
  return `${head.padEnd(width)}\n${rows.join('')}`;
}

/** Everyone who shares a segment with one of our addresses counts as heard of. */
function arpText({ links }: NetStack): string {
  const rows = links
    .filter(({ up, kind }) => up && (kind === 'veth' || kind === 'bridge'))
    .flatMap((link) =>
      segment(link)
        .filter((other) => other !== link && other.up)
        .flatMap((other) =>
          other.stack.addresses
            .filter((own) => own.link === other)
            .map(
              ({ address }) => `${address.padEnd(16)} 0x1         0x2         ${other.mac}     *        ${link.name}\n`,
            ),
        ),
    );
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join('')}`;
}

/** Differs from Linux: sockets without a name in the file system are not listed. */
function unixText({ abstractUnix }: NetStack): string {
  const rows = [...abstractUnix.keys()].map(
    (name) => `0000000000000000: 00000002 00000000 00010000 0001 01 ${' '.repeat(4)}0 ${name.replaceAll('\0', '@')}\n`,
  );
  return `Num       RefCount Protocol Flags    Type St Inode Path\n${rows.join('')}`;
}

/** Differs from Linux: of IPv6 there is the loopback address alone. */
const inet6Text = ({ links }: NetStack): string =>
  links
    .filter(({ kind, up }) => kind === 'loopback' && up)
    .map(({ name, index }) => `${'1'.padStart(32, '0')} ${hex(index, 2)} 80 10 80 ${name.padStart(8)}\n`)
    .join('');

export function networkDirectory(fs: SyntheticFilesystem, task: Task, anyReader: () => Task): Inode {
  const file = (produce: Produce) => () => new GeneratedFile(fs, produce, undefined, 0o444, anyReader);
  const empty = (protocol: 'tcp' | 'udp'): Produce => {
    const head = protocol === 'tcp' ? tcpHead.replaceAll('address ', `address${' '.repeat(25)}`) : udpHead;
    return () => `${head}\n`;
  };
  return new FixedDirectory(
    fs,
    new Map<string, () => Inode>([
      ['arp', file(() => arpText(task.ns.net.stack))],
      ['if_inet6', file(() => inet6Text(task.ns.net.stack))],
      ['dev', file(() => deviceText(task.ns.net.stack))],
      ['route', file(() => routeText(task.ns.net.stack))],
      ['tcp', file((reader) => socketText(task, reader, 'tcp'))],
      // There is one address family below: sockets of IPv6 are among those of IPv4.
      ['tcp6', file(empty('tcp'))],
      ['udp', file((reader) => socketText(task, reader, 'udp'))],
      ['udp6', file(empty('udp'))],
      ['unix', file(() => unixText(task.ns.net.stack))],
    ]),
  );
}
