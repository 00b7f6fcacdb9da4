/** unix(7): names in the filesystem, and abstract ones that start with NUL. */
import { Errno } from '../../spec/index.ts';
import type { SocketAddress } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { type Inode, S_IFMT, S_IFSOCK } from '../vfs/inode.ts';
import { DatagramSocket } from './datagram-socket.ts';
import { streamPair } from './stream-end.ts';
import type { Listener, PendingConnection, StreamSocket } from './stream-socket.ts';

type Bound = Listener | DatagramSocket;

/** Who is bound to a socket file. The file outlives it: connecting then is ECONNREFUSED. */
const bound = new WeakMap<Inode, Bound>();

/** Makes the socket file. EADDRINUSE when the name exists. */
export function bindPath(task: Task, path: string, server: Bound): Inode {
  try {
    task.paths.mknod(path, S_IFSOCK | 0o777);
  } catch (error) {
    if (error instanceof Errno && error.code === 'EEXIST') throw new Errno('EADDRINUSE', path);
    throw error;
  }
  const { inode } = task.paths.resolve(path);
  bound.set(inode, server);
  return inode;
}

export function bindUnix(task: Task, socket: StreamSocket | DatagramSocket, path: string): void {
  if (socket.family !== 'unix') throw new Errno('EINVAL');
  if (path.startsWith('\0')) {
    const names = socket.stack.abstractUnix;
    if (names.has(path)) throw new Errno('EADDRINUSE');
    names.set(path, socket);
    socket.unregister = () => void names.delete(path);
  } else {
    const inode = bindPath(task, path, socket);
    socket.unregister = () => void (bound.get(inode) === socket && bound.delete(inode));
  }
  socket.local = { family: 'unix', path };
}

function serverAt(task: Task, path: string): Bound {
  if (path.startsWith('\0')) {
    const server = task.ns.net.stack.abstractUnix.get(path) as Bound | undefined;
    if (!server) throw new Errno('ECONNREFUSED');
    return server;
  }
  const location = task.paths.resolve(path);
  if ((location.inode.getattr().mode & S_IFMT) !== S_IFSOCK) throw new Errno('ECONNREFUSED', path);
  task.paths.permission(location, 2);
  const server = bound.get(location.inode);
  if (!server) throw new Errno('ECONNREFUSED', path);
  return server;
}

export function connectUnix(task: Task, path: string): PendingConnection {
  const server = serverAt(task, path);
  if (server instanceof DatagramSocket) throw new Errno('EPROTOTYPE', path);
  const [near, far] = streamPair();
  const peer: SocketAddress = { family: 'unix', path };
  const client: SocketAddress = { family: 'unix', path: '' };
  if (!server.offer({ end: far, peer: client, local: peer })) throw new Errno('ECONNREFUSED', path);
  return { end: near, peer, local: client };
}

export function sendUnix(task: Task, socket: DatagramSocket, bytes: Uint8Array, path: string): void {
  const server = serverAt(task, path);
  if (!(server instanceof DatagramSocket)) throw new Errno('EPROTOTYPE', path);
  server.deliver({ bytes: bytes.slice(), from: socket.localAddress() });
}
