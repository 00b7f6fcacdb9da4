/** A worker process: accepts on the master's sockets and answers, as the user it was given. */

import { header } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { acceptLoop } from '../http/serve.ts';
import { find } from './config.ts';
import { chooseServer } from './location.ts';
import type { Logs } from './log.ts';
import type { Socket } from './master.ts';
import { type Cycle, levelOf, log, product } from './nginx.ts';
import { Exchange, type Site } from './request.ts';

export async function runWorker(
  sys: Sys,
  cycle: Cycle,
  logs: Logs,
  sockets: readonly Socket[],
  owner: { uid: number; gid: number } | undefined,
): Promise<number> {
  sys.setTitle(['nginx: worker process']);
  if (owner) {
    sys.setgroups([owner.gid]);
    sys.setgid(owner.gid);
    sys.setuid(owner.uid);
  }
  let stopped = false;
  for (const signal of [3, 15]) {
    sys.signal(signal, () => {
      stopped = true;
    });
  }
  for (const signal of [1, 2, 10, 28]) sys.signal(signal, 'ignore');
  const site = siteOf(sys, cycle, logs);
  const counter = { requests: 0 };
  await Promise.all(sockets.map((socket) => serve(sys, cycle, site, socket, counter, () => stopped)));
  await log(sys, cycle, logs, 'notice', 'exit');
  return 0;
}

function siteOf(sys: Sys, cycle: Cycle, logs: Logs): Site {
  const types = new Map<string, string>([
    ['html', 'text/html'],
    ['gif', 'image/gif'],
    ['jpg', 'image/jpeg'],
  ]);
  for (const { name, args } of find(cycle.http, 'types')?.block ?? []) for (const one of args) types.set(one, name);
  return {
    http: cycle.http,
    logs,
    types,
    product: product(sys),
    errorLog(scopes) {
      for (const scope of scopes.toReversed()) {
        const own = find(scope, 'error_log');
        if (own) return { path: own.args[0]!, level: levelOf(own.args[1]) };
      }
      return cycle.errorLog;
    },
  };
}

function serve(
  sys: Sys,
  cycle: Cycle,
  site: Site,
  socket: Socket,
  counter: { requests: number },
  stopped: () => boolean,
): Promise<void> {
  const listens = (one: Cycle['servers'][number]) =>
    one.listens.find(
      ({ family, address, port }) => family === socket.family && address === socket.address && port === socket.port,
    );
  const servers = cycle.servers
    .filter(listens)
    .sort((a, b) => Number(listens(b)!.isDefault) - Number(listens(a)!.isDefault));
  return acceptLoop(sys, socket.fd, stopped, (request, client) => {
    const host = (header(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const exchange = new Exchange(sys, site, chooseServer(servers, host), request, client, ++counter.requests);
    return exchange.run();
  });
}
