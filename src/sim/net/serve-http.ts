/** HTTP servers that belong to the kernel itself: dockerd's socket, the registries of the simulated internet. */
import type { Handler } from '../../spec/index.ts';
import { Errno } from '../../spec/index.ts';
import type { Task } from '../kernel/task.ts';
import { serveConnection } from './http-connection.ts';
import { duplexOf } from './stream-end.ts';
import type { Listener } from './stream-socket.ts';
import { bindPath } from './unix-socket.ts';

/** A listener whose connections a handler serves. */
export function httpListener(handler: Handler): Listener {
  return {
    offer({ end, peer }) {
      const name = peer.family === 'unix' ? 'unix' : `${peer.address}:${peer.port}`;
      void serveConnection(duplexOf(end), handler, name);
      return true;
    },
  };
}

/** Gives what stops it; a socket file is removed, as dockerd does. EADDRINUSE. */
export function serveHttpOn(
  task: Task,
  address: { unix: string } | { host: string; port: number },
  handler: Handler,
): () => void {
  const listener = httpListener(handler);
  if ('unix' in address) {
    bindPath(task, address.unix, listener);
    return () => task.paths.unlink(address.unix);
  }
  const { listeners } = task.ns.net.stack;
  const key = `${address.host}:${address.port}`;
  if (listeners.has(key)) throw new Errno('EADDRINUSE');
  listeners.set(key, listener);
  return () => void listeners.delete(key);
}
