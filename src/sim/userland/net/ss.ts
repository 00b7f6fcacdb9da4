/** ss (iproute2 6.1). */
import type { SocketInfo } from '../../net/netlink.ts';
import type { CommandSpec } from '../core/command.ts';
import { wantedSocket } from './net-tools.ts';

interface Row {
  netid: string;
  state: string;
  receive: string;
  send: string;
  local: [string, string];
  peer: [string, string];
  process: string;
}

const split = (text: string): [string, string] => {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
};

const user = ({ comm, pid, fd }: NonNullable<SocketInfo['holders']>[number]): string =>
  `("${comm}",pid=${pid},fd=${fd})`;

const rowOf = (socket: SocketInfo, processes: boolean): Row => ({
  netid: socket.protocol,
  state: socket.state,
  receive: String(socket.recvQueue),
  send: String(socket.backlog ?? socket.sendQueue),
  local: split(socket.local),
  peer: split(socket.remote),
  process: processes && socket.holders?.length ? ` users:(${socket.holders.map(user).join(',')})` : '',
});

export const ss: CommandSpec = {
  name: 'ss',
  suite: 'iproute2',
  usageStatus: 255,
  run(c) {
    const o = c.options({
      gnu: 'n,numeric r,resolve a,all l,listening o,options e,extended m,memory p,processes i,info s,summary 4,ipv4 6,ipv6 0,packet t,tcp u,udp w,raw x,unix f,family= H,no-header O,oneline',
    });
    const any = !o.has('tcp', 'udp', 'unix', 'raw');
    const rows = c.sys.netlink
      .sockets()
      .filter((socket) => any || o.has(socket.protocol))
      .filter((socket) => wantedSocket(socket, o.has('listening'), o.has('all')))
      .map((socket) => rowOf(socket, o.has('processes')))
      .sort((a, b) => (a.netid === b.netid ? 0 : a.netid === 'udp' ? -1 : 1));
    const kinds = ['tcp', 'udp', 'unix', 'raw'].filter((kind) => o.has(kind));
    const columns: [title: string, value: (row: Row) => string][] = [
      ...(kinds.length === 1 ? [] : [['Netid', (row: Row) => row.netid] as [string, (row: Row) => string]]),
      ['State', (row) => row.state],
      ['Recv-Q', (row) => row.receive],
      ['Send-Q', (row) => row.send],
    ];
    const table = (o.has('no-header') ? [] : [undefined as Row | undefined]).concat(rows);
    const widths = columns.map(([title, value]) => Math.max(title.length, ...rows.map((row) => value(row).length)));
    const wide = (title: string, pick: (row: Row) => string) =>
      Math.max(title.length, ...rows.map((row) => pick(row).length));
    const local = wide('Local Address', (row) => row.local[0]);
    const localPort = wide('Port', (row) => row.local[1]);
    const peer = wide('Peer Address', (row) => row.peer[0]);
    const peerPort = wide('Port', (row) => row.peer[1]);
    const process = wide('Process', (row) => row.process);
    for (const row of table) {
      const cells = columns.map(([title, value], i) => (row ? value(row) : title).padEnd(widths[i]!));
      const [a, b, d, e] = row ? [...row.local, ...row.peer] : ['Local Address', 'Port', 'Peer Address', 'Port'];
      c.out(
        `${cells.join(' ')} ${a!.padStart(local)}:${b!.padEnd(localPort)} ${d!.padStart(peer)}:${e!.padEnd(peerPort)}${(row ? row.process : 'Process').padEnd(process)}\n`,
      );
    }
    return 0;
  },
};
