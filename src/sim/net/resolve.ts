/** getaddrinfo(3) for programs: /etc/hosts, then the name servers of /etc/resolv.conf over UDP. IPv4. */
import { fromUtf8, isErrno } from '../../spec/index.ts';
import type { Sys } from '../kernel/sys.ts';
import { makeQuery, parseAnswer, typeA } from './dns.ts';
import { parseIp, plainAddress } from './ip.ts';

/** EAI_NONAME ("Name or service not known"), EAI_AGAIN ("Temporary failure in name resolution"). */
export class ResolveError extends Error {
  override readonly name = 'ResolveError';
  constructor(readonly code: 'EAI_NONAME' | 'EAI_AGAIN') {
    super(code === 'EAI_NONAME' ? 'Name or service not known' : 'Temporary failure in name resolution');
  }
}

const queryTimeoutMs = 5000;

/** Addresses of a host name, best first. Throws {@link ResolveError}. */
export async function resolveHost(sys: Sys, name: string): Promise<string[]> {
  if (parseIp(name) !== undefined) return [name];
  if (name.includes(':')) return [plainAddress(name)];
  const local = fromHostsFile(sys, name);
  if (local.length > 0) return local;
  if (name === 'localhost') return ['127.0.0.1'];
  const { nameservers, search } = resolverConfig(sys);
  const candidates = name.includes('.') ? [name] : [name, ...search.map((domain) => `${name}.${domain}`)];
  return ask(sys, nameservers, candidates);
}

async function ask(sys: Sys, servers: readonly string[], names: readonly string[]): Promise<string[]> {
  let answered = false;
  for (const name of names) {
    for (const server of servers) {
      const reply = await query(sys, server, name);
      if (!reply) continue;
      answered = true;
      if (reply.length > 0) return reply;
      break;
    }
  }
  throw new ResolveError(answered ? 'EAI_NONAME' : 'EAI_AGAIN');
}

/** Undefined when the server does not answer or fails; empty for no such name. */
async function query(sys: Sys, server: string, name: string): Promise<string[] | undefined> {
  const fd = sys.socket('inet', 'dgram');
  try {
    const id = sys.random(2);
    await sys.connect(fd, { family: 'inet', address: server, port: 53 });
    const message = makeQuery({ id: id[0]! * 256 + id[1]!, name: name.replace(/\.$/, ''), type: typeA });
    await sys.sendto(fd, message, { family: 'inet', address: server, port: 53 });
    const ready = await sys.poll([{ fd, read: true }], queryTimeoutMs);
    if (ready.length === 0) return undefined;
    const { rcode, values } = parseAnswer((await sys.recvfrom(fd)).bytes);
    return rcode === 'servfail' ? undefined : values;
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  } finally {
    sys.close(fd);
  }
}

function readLines(sys: Sys, path: string): string[] {
  try {
    const fd = sys.openSync(path);
    try {
      const text = fromUtf8(sys.pread(fd, 0, sys.fstat(fd).size));
      return text.split('\n').map((line) => line.replace(/#.*/, '').trim());
    } finally {
      sys.close(fd);
    }
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

function fromHostsFile(sys: Sys, name: string): string[] {
  return readLines(sys, '/etc/hosts').flatMap((line) => {
    const [address, ...names] = line.split(/\s+/);
    return address && names.includes(name) && parseIp(address) !== undefined ? [address] : [];
  });
}

/** Addresses of the name servers that a process is to ask. */
export const nameserversOf = (sys: Sys): string[] => resolverConfig(sys).nameservers;

function resolverConfig(sys: Sys): { nameservers: string[]; search: string[] } {
  const nameservers: string[] = [];
  let search: string[] = [];
  for (const line of readLines(sys, '/etc/resolv.conf')) {
    const [key, ...values] = line.split(/\s+/);
    if (key === 'nameserver' && values[0]) nameservers.push(values[0]);
    if (key === 'search' || key === 'domain') search = values;
  }
  return { nameservers: nameservers.length > 0 ? nameservers : ['127.0.0.1'], search };
}
