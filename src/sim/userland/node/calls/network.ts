/** Sockets and names. */
import type { SocketAddress } from '../../../kernel/sys.ts';
import { ResolveError, resolveHost } from '../../../net/resolve.ts';
import { listenOn } from '../../services/http/serve.ts';
import type { Value } from '../engine.ts';
import { CallError, type Calls, type EventLoop } from '../event-loop.ts';

const plain = (address: SocketAddress): Value =>
  address.family === 'unix'
    ? { path: address.path }
    : {
        address: address.address,
        port: address.port,
        family: address.address.includes(':') ? 'IPv6' : 'IPv4',
      };

export function networkCalls(loop: EventLoop): Calls {
  const { sys } = loop;
  return {
    now: {
      'net.listen': (host, port) => {
        const address = host as string;
        return listenOn(sys, address.includes(':') ? 'inet6' : 'inet', address, port as number);
      },
      'net.listenPath': (path) => {
        const fd = sys.socket('unix', 'stream');
        sys.bind(fd, { family: 'unix', path: path as string });
        sys.listen(fd, 511);
        return fd;
      },
      'net.local': (fd) => plain(sys.getsockname(fd as number)),
      'net.peer': (fd) => plain(sys.getpeername(fd as number)),
      'net.shutdown': (fd) => void sys.shutdown(fd as number, 'write'),
      'net.close': (fd) => {
        // Wakes who waits in a read or an accept of it.
        sys.close(fd as number);
      },
    },
    later: {
      'net.accept': async (fd) => {
        const { fd: connection } = await loop.retry(() => sys.accept(fd as number));
        sys.setCloexec(connection, true);
        return connection;
      },
      'net.connect': async (host, port) => {
        const address = host as string;
        const family = address.includes(':') ? 'inet6' : 'inet';
        const fd = sys.socket(family, 'stream');
        try {
          await loop.retry(() => sys.connect(fd, { family, address, port: port as number }));
          return fd;
        } catch (error) {
          sys.close(fd);
          throw error;
        }
      },
      'net.connectPath': async (path) => {
        const fd = sys.socket('unix', 'stream');
        try {
          await loop.retry(() => sys.connect(fd, { family: 'unix', path: path as string }));
          return fd;
        } catch (error) {
          sys.close(fd);
          throw error;
        }
      },
      'dns.lookup': async (name) => {
        try {
          return await loop.retry(() => resolveHost(sys, name as string));
        } catch (error) {
          if (!(error instanceof ResolveError)) throw error;
          throw new CallError(error.code === 'EAI_NONAME' ? 'ENOTFOUND' : error.code, error.message);
        }
      },
    },
  };
}
