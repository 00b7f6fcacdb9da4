/** proxy_pass: the request goes on to another server, over the worker's own sockets. */
import { type HttpResponse, header, isErrno } from '../../../../spec/index.ts';
import { httpRequest } from '../../../net/http-client.ts';
import { ResolveError, resolveHost } from '../../../net/resolve.ts';
import { type Directive, findAll } from './config.ts';
import type { Exchange } from './request.ts';

export async function proxy(exchange: Exchange, { args }: Directive): Promise<HttpResponse> {
  const [, scheme, authority = '', path] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(exchange.expand(args[0]!)) ?? [];
  if (!scheme) {
    await exchange.error('error', `invalid URL prefix in "${args[0]}"`);
    return exchange.page(500);
  }
  const servers = upstreamServers(exchange, authority);
  exchange.variables.set('proxy_host', authority);
  const query = exchange.args ? `?${exchange.args}` : '';
  const prefix = exchange.location?.pattern ? '' : (exchange.location?.path ?? '/');
  const target = path === undefined ? exchange.request.target : path + exchange.uri.slice(prefix.length) + query;
  for (const server of servers) {
    const response = await attempt(exchange, server, scheme, target);
    if (response) return response;
  }
  return exchange.page(502);
}

/** Servers of an `upstream` block, each request beginning at the next; or the one that is named. */
function upstreamServers(exchange: Exchange, authority: string): string[] {
  const block = findAll(exchange.site.http, 'upstream').find((one) => one.args[0] === authority)?.block;
  if (!block) return [authority];
  const usable = findAll(block, 'server').filter((one) => !one.args.includes('down'));
  const backups = usable.filter((one) => one.args.includes('backup')).map((one) => one.args[0]!);
  const all = usable
    .filter((one) => !one.args.includes('backup'))
    .flatMap((one) => Array<string>(Number(/^weight=(\d+)$/m.exec(one.args.join('\n'))?.[1] ?? 1)).fill(one.args[0]!));
  const start = turns.get(block) ?? 0;
  turns.set(block, (start + 1) % all.length);
  return [...all.slice(start), ...all.slice(0, start), ...backups];
}

const turns = new WeakMap<Directive[], number>();

async function attempt(
  exchange: Exchange,
  server: string,
  scheme: string,
  target: string,
): Promise<HttpResponse | undefined> {
  const { sys, request } = exchange;
  const [host = '', port = scheme === 'https' ? '443' : '80'] = server.split(':');
  const upstream = `upstream: "${scheme}://${server}${target}"`;
  try {
    const address = (await resolveHost(sys, host))[0]!;
    const response = await httpRequest(
      sys,
      { family: 'inet', address, port: Number(port) },
      { method: request.method, target, headers: forwarded(exchange), ...(request.body && { body: request.body }) },
      { timeoutMs: milliseconds(exchange.nearest('proxy_read_timeout')?.args[0] ?? '60s') },
    );
    const hidden = new Set([
      ...['date', 'server', 'connection', 'keep-alive', 'transfer-encoding', 'x-pad'],
      ...exchange.nearestAll('proxy_hide_header').map(({ args }) => args[0]!.toLowerCase()),
    ]);
    const headers = response.headers
      .filter(([name]) => !hidden.has(name.toLowerCase()))
      .map(([name, value]): [string, string] =>
        name.toLowerCase() === 'location' ? [name, redirected(exchange, value, server)] : [name, value],
      );
    return { ...response, headers };
  } catch (error) {
    if (error instanceof ResolveError)
      await exchange.error('error', `${host} could not be resolved (3: Host not found)`);
    else if (isErrno(error)) {
      await exchange.error(
        'error',
        `connect() failed (${error.errno}: ${error.message}) while connecting to upstream, ${upstream}`,
      );
    } else
      await exchange.error(
        'error',
        `upstream prematurely closed connection while reading response header from upstream`,
      );
    return undefined;
  }
}

/** `60`, `60s`, `2m`, `500ms`. */
function milliseconds(text: string): number {
  const [, number = '60', unit = 's'] = /^(\d+)(ms|s|m|h|d)?$/.exec(text) ?? [];
  return Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit]!;
}

/** proxy_redirect default: the upstream's own address in Location becomes ours. */
function redirected(exchange: Exchange, location: string, server: string): string {
  const [from = 'default', to] = exchange.nearest('proxy_redirect')?.args ?? [];
  if (from === 'off') return location;
  if (to !== undefined) {
    const start = exchange.expand(from);
    return location.startsWith(start) ? exchange.expand(to) + location.slice(start.length) : location;
  }
  return location.replace(`http://${server}/`, `http://${header(exchange.request, 'host') ?? ''}/`);
}

function forwarded(exchange: Exchange): [string, string][] {
  const set = exchange
    .nearestAll('proxy_set_header')
    .map(({ args }): [string, string] => [args[0]!, exchange.expand(args[1]!)]);
  const own = new Set(set.map(([name]) => name.toLowerCase()));
  const all: [string, string][] = own.has('host') ? [] : [['Host', exchange.variable('proxy_host')!]];
  all.push(...set.filter(([, value]) => value !== ''));
  if (!own.has('connection')) all.push(['Connection', 'close']);
  for (const [name, value] of exchange.request.headers) {
    const key = name.toLowerCase();
    if (!own.has(key) && !['host', 'connection', 'keep-alive', 'upgrade', 'expect'].includes(key))
      all.push([name, value]);
  }
  return all;
}
