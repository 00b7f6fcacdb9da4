/**
 * `registry serve CONFIG.yml` (the program of the registry:2 image): our registry on the host's sockets; and `registry
 * garbage-collect CONFIG.yml`.
 */
import { compare } from 'bcryptjs';
import { parse } from 'yaml';
import { basicGuard, memoryRegistry, type Registry, registryServer } from '../registry/index.ts';
import { type Program, type Sys, serveConnection, socketDuplex } from '../sim/index.ts';
import { fromUtf8, type Handler, isErrno } from '../spec/index.ts';
import type { RunningRegistry } from './registries.ts';
import { garbageCollect } from './registry-garbage.ts';

interface Configuration {
  http?: { addr?: string };
  auth?: { htpasswd?: { realm?: string; path?: string } };
  storage?: { delete?: { enabled?: boolean } };
}

/**
 * Differs from Docker: of the configuration only http.addr, auth.htpasswd and storage.delete are obeyed, and blobs are
 * kept in memory for as long as the program runs.
 */
export const registryProgram =
  (running: Set<RunningRegistry>): Program =>
  async (sys) => {
    const [verb, ...rest] = sys.argv.slice(1);
    const path = rest.at(-1);
    if (verb === 'garbage-collect' && path) return garbageCollect(sys, running, rest);
    if (verb !== 'serve' || !path) {
      await sys.write(2, 'Usage:\n  registry serve <config> [flags]\n');
      return 1;
    }
    const config = (parse(readText(sys, path)) ?? {}) as Configuration;
    const [host = '', port = '5000'] = (config.http?.addr ?? ':5000').split(/:(?=\d+$)/);
    const fd = sys.socket('inet', 'stream');
    sys.bind(fd, { family: 'inet', address: host || '0.0.0.0', port: Number(port) });
    sys.listen(fd);
    await sys.write(
      2,
      `time="${new Date(sys.now().sec * 1000).toISOString().slice(0, 19)}Z" level=info msg="listening on ${host || '[::]'}:${port}"\n`,
    );
    const registry = memoryRegistry();
    const entry = { namespace: netNamespace(sys), port: Number(port), registry };
    running.add(entry);
    try {
      return await serve(sys, fd, asGoServes(sys, handler(sys, registry, config)));
    } finally {
      running.delete(entry);
    }
  };

/** Its inode number: `net:[4026532207]`. */
export function netNamespace(sys: Sys): number {
  try {
    return Number(/\d+/.exec(sys.readlink('/proc/self/ns/net'))?.[0] ?? 0);
  } catch (error) {
    if (isErrno(error)) return 0; // no /proc here: nobody draws it
    throw error;
  }
}

/** net/http writes a handler's headers by name, then the date; the length last when the handler did not say it. */
function asGoServes(sys: Sys, inner: Handler): Handler {
  return async (request, context) => {
    const answer = await inner(request, context);
    const headers = [...answer.headers].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return { ...answer, headers: [...headers, ['Date', new Date(sys.now().sec * 1000).toUTCString()]] };
  };
}

function handler(sys: Sys, registry: Registry, config: Configuration): Handler {
  const { htpasswd } = config.auth ?? {};
  if (!htpasswd) return registryServer(registry);
  const accounts = {
    check: (given: { username: string; password: string }) => verify(sys, htpasswd.path ?? '', given),
  };
  return registryServer(registry, { guard: basicGuard(accounts, htpasswd.realm) });
}

/** The file is read at each attempt, as the real one notices changes. Only bcrypt entries count. */
async function verify(sys: Sys, path: string, given: { username: string; password: string }): Promise<boolean> {
  const line = readText(sys, path)
    .split('\n')
    .find((one) => one.startsWith(`${given.username}:`));
  return line !== undefined && compare(given.password, line.slice(given.username.length + 1).trim());
}

async function serve(sys: Sys, fd: number, answer: Handler): Promise<number> {
  for (;;) {
    const { fd: connection, peer } = await sys.accept(fd);
    const stream = socketDuplex(sys, connection);
    const from = peer.family === 'unix' ? '' : `${peer.address}:${peer.port}`;
    void serveConnection(stream, answer, from).catch(() => stream.close());
  }
}

function readText(sys: Sys, path: string): string {
  const fd = sys.openSync(path);
  try {
    return fromUtf8(sys.pread(fd, 0, sys.fstat(fd).size));
  } finally {
    sys.close(fd);
  }
}
