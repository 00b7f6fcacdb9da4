import { type Duplex, Errno } from '../../spec/index.ts';
import type { Task } from '../kernel/task.ts';
import { duplexOf } from './stream-end.ts';
import { openConnection } from './tcp.ts';

/** Connects from the host's namespace, for those outside any process (the page's browser window). */
export async function dialHost(task: Task, { host, port }: { host: string; port: number }): Promise<Duplex> {
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const connection = openConnection(task, task.ns.net.stack, { address, port });
  if (!connection) throw new Errno('ETIMEDOUT');
  return duplexOf(connection.end);
}
