/**
 * What lies behind the host's network interface: the Hub by name, package mirrors, and hosts that texts ping; nothing
 * else.
 */
import { packageMirrors, type Userland } from '../catalog/index.ts';
import { type BootedKernel, exchange } from '../sim/index.ts';
import {
  type Fetch,
  type Handler,
  type HttpContext,
  type HttpRequest,
  type HttpResponse,
  header,
  textContent,
} from '../spec/index.ts';
import type { Hub } from './hub.ts';
import { lookupFailure } from './lookup-failure.ts';
import type { MachineOptions } from './machine.ts';
import type { HttpTrace } from './trace-http.ts';

/**
 * How the engine reaches registries. The Hub is called directly, so that a blob travels by reference; anything else is
 * dialled from the host as any program would.
 */
export function engineFetch(kernel: BootedKernel, hub: Hub | undefined, http: HttpTrace): Fetch {
  return async (url, request, context) => {
    const { host, pathname, search } = new URL(url);
    const message = { ...request, target: pathname + search, headers: withHost(request.headers, host) };
    return http.between('engine', host, (sent) => send(kernel, hub, new URL(url), sent, context))(message);
  };
}

async function send(
  kernel: BootedKernel,
  hub: Hub | undefined,
  { protocol, hostname, port }: URL,
  message: HttpRequest,
  context: HttpContext | undefined,
): Promise<HttpResponse> {
  const known = hub?.hosts[hostname];
  if (known && protocol === 'https:') return outsideTime(kernel, known)(message, context);
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : hostname === 'localhost' ? '127.0.0.1' : undefined;
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  if (!address) throw new Error(await lookupFailure(kernel.sys, hostname));
  if (protocol === 'https:') return plainInsteadOfTls(kernel, address, number);
  return exchange(await dial(kernel, address, number), message, false);
}

const withHost = (headers: Parameters<Fetch>[1]['headers'], host: string): Parameters<Fetch>[1]['headers'] =>
  header({ headers }, 'host') === undefined ? [['Host', host], ...headers] : headers;

/** No program of the simulated host speaks TLS: what Go's client says to a server that answers in plain HTTP. */
async function plainInsteadOfTls(kernel: BootedKernel, address: string, port: number): Promise<never> {
  (await dial(kernel, address, port)).close();
  throw new Error('http: server gave HTTP response to HTTPS client');
}

async function dial(kernel: BootedKernel, host: string, port: number) {
  try {
    return await kernel.dial({ host, port });
  } catch (error) {
    const text = (error as Error).message.toLowerCase();
    throw new Error(`dial tcp ${host}:${port}: connect: ${text}`);
  }
}

/** What a server of the internet does (load a module, make an image) takes no time of the simulated host. */
const outsideTime =
  (kernel: BootedKernel, handler: Handler): Handler =>
  async (request, context) => {
    const release = kernel.core.clock.hold();
    try {
      return await handler(request, context);
    } finally {
      release();
    }
  };

/** What `npm install` asks the registry about the versions that it has put down. */
const withAdvisories =
  (handler: Handler): Handler =>
  async (request, context) => {
    if (request.method !== 'POST' || !request.target.startsWith('/-/npm/v1/security/advisories/bulk'))
      return handler(request, context);
    return (await import('./scout/npm-advisories.ts')).bulkAdvisories(request);
  };

/** What texts ping to see whether a container reaches the world. */
const pinged =
  'example.com www.example.com google.com www.google.com github.com www.github.com docker.com www.docker.com docs.docker.com www.dockercon.com baidu.com www.baidu.com aliyun.com www.aliyun.com qq.com www.qq.com bing.com www.bing.com'.split(
    ' ',
  );

/** Differs from Linux: of these hosts there is the name and the echo; what they would serve is not simulated. */
const unserved =
  (name: string): Handler =>
  async () => {
    const body = textContent(`drydock: the pages of ${name} are not simulated\n`);
    return { status: 501, headers: [['Content-Type', 'text/plain']], body };
  };

/** Gives the simulated internet its names and servers. */
export function connectInternet(
  kernel: BootedKernel,
  hub: Hub | undefined,
  { internet, assets }: Pick<MachineOptions, 'internet' | 'assets'>,
  userland: Userland,
): void {
  let last = 10;
  const serve = (name: string, ports: number[], handler: Handler) => {
    const address = `198.51.100.${last++}`; // TEST-NET-2 (RFC 5737): nobody's
    kernel.internet.hosts.set(name, address);
    for (const port of ports) kernel.internet.listen(address, port, outsideTime(kernel, handler));
  };
  for (const [name, handler] of Object.entries(hub?.hosts ?? {})) serve(name, [443, 80], handler);
  if (internet !== 'none') {
    for (const [name, handler] of Object.entries(packageMirrors(userland.programAt, assets)))
      serve(name, [80, 443], name === 'registry.npmjs.org' ? withAdvisories(handler) : handler);
  }
  if (internet === undefined || internet === 'hub') for (const name of pinged) serve(name, [80, 443], unserved(name));
  if (typeof internet === 'object' && hub) kernel.serveHttp({ host: '127.0.0.1', port: internet.openPort }, hub.open);
}
