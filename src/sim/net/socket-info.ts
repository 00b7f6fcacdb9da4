/** What ss, netstat and /proc/net show of sockets. */
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import type { SocketInfo } from './netlink.ts';
import type { SocketFile } from './socket-file.ts';
import type { NetStack } from './stack.ts';
import { StreamSocket } from './stream-socket.ts';

const text = (address: SocketAddress | undefined, otherwise: string): string =>
  !address ? otherwise : address.family === 'unix' ? address.path : `${address.address}:${address.port}`;

export function socketsOf(stack: NetStack, viewer: Task): SocketInfo[] {
  const listeners = [...stack.listeners.values()].flatMap(({ socket }) => (socket ? [socket] : []));
  const listening = [...stack.listeners.values()].filter(
    (entry): entry is StreamSocket => entry instanceof StreamSocket,
  );
  const held = holders(viewer);
  const row = (socket: SocketFile, protocol: 'tcp' | 'udp', state: string): SocketInfo => ({
    ...info(socket, viewer, protocol, state),
    holders: held.get(socket) ?? [],
  });
  return [
    ...[...new Set([...listeners, ...listening])].map((socket) => row(socket, 'tcp', 'LISTEN')),
    ...[...stack.streams]
      .filter((socket) => socket.family !== 'unix')
      .map((socket) => row(socket, 'tcp', streamState(socket))),
    ...[...stack.datagrams.values()].map((socket) => row(socket, 'udp', 'UNCONN')),
  ];
}

/** Who has which socket open, as a walk over /proc/PID/fd finds it. */
function holders(viewer: Task): Map<unknown, NonNullable<SocketInfo['holders']>> {
  const found = new Map<unknown, NonNullable<SocketInfo['holders']>>();
  for (const [pid, task] of viewer.ns.pid.tasks) {
    if (task.zombie || (viewer.cred.euid !== 0 && viewer.cred.euid !== task.cred.uid)) continue;
    for (const fd of task.files.numbers()) {
      const file = task.files.get(fd);
      const list = found.get(file) ?? [];
      found.set(file, [...list, { pid, comm: task.comm, fd }]);
    }
  }
  return found;
}

function streamState({ end }: StreamSocket): string {
  if (!end) return 'CLOSE';
  if (end.sentAll) return end.peer.sentAll ? 'TIME-WAIT' : 'FIN-WAIT-2';
  return end.peer.sentAll ? 'CLOSE-WAIT' : 'ESTAB';
}

function info(socket: SocketFile, viewer: Task, protocol: 'tcp' | 'udp', state: string): SocketInfo {
  const pid = socket.owner.pidSeenBy(viewer);
  const end = socket instanceof StreamSocket ? socket.end : undefined;
  const waiting = socket instanceof StreamSocket ? socket.backlog : undefined;
  const remote = socket instanceof StreamSocket ? socket.peer : undefined;
  return {
    protocol,
    state,
    local: text(socket.localAddress(), '0.0.0.0:*'),
    remote: text(remote, '0.0.0.0:*'),
    inode: socket.ino,
    pid: pid || undefined,
    comm: pid ? socket.owner.comm : undefined,
    uid: socket.owner.cred.uid,
    recvQueue: waiting?.length ?? end?.incoming.length ?? 0,
    sendQueue: end?.peer.incoming.length ?? 0,
    ...(waiting && socket instanceof StreamSocket ? { backlog: socket.backlogLimit } : {}),
  };
}
