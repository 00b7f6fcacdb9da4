/** mod_proxy, mod_proxy_http: ProxyPass and ProxyPassReverse to one server each. */
import { type HttpRequest, type HttpResponse, header, isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { httpRequest } from '../../../net/http-client.ts';
import { ResolveError, resolveHost } from '../../../net/resolve.ts';
import type { Client } from '../http/serve.ts';
import { all, type Entry, last } from './config.ts';

/** The first ProxyPass that a path falls under; `!` keeps a path to this server. */
export function proxyFor(host: readonly Entry[], uri: string): { path: string; url: string } | undefined {
  const found = all(host, 'proxypass').find(({ args }) => uri.startsWith(args[0]!));
  return found && found.args[1] !== '!' ? { path: found.args[0]!, url: found.args[1]! } : undefined;
}

/** The other server's answer; a text says why there is none. */
export async function proxy(
  sys: Sys,
  host: readonly Entry[],
  request: HttpRequest,
  client: Client,
  uri: string,
  { path, url }: { path: string; url: string },
): Promise<HttpResponse | string> {
  const [, scheme = '', name = '', port, base = ''] = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
  if (!scheme) return `AH00898: Error parsing URL ${url}`;
  const authority = url.slice(scheme.length + 3).split('/')[0]!;
  const query = request.target.indexOf('?');
  const target = `${base || '/'}${uri.slice(path.length)}${query < 0 ? '' : request.target.slice(query)}`;
  const preserve = last(host, 'proxypreservehost')?.args[0]?.toLowerCase() === 'on';
  const own = header(request, 'host') ?? '';
  const number = Number(port ?? (scheme === 'https' ? 443 : 80));
  try {
    const address = (await resolveHost(sys, name))[0]!;
    const response = await httpRequest(
      sys,
      { family: 'inet', address, port: number },
      {
        method: request.method,
        target: target.replace(/^\/{2,}/, '/'),
        headers: forwarded(request, client, preserve ? own : authority, own),
        ...(request.body && { body: request.body }),
      },
      { timeoutMs: 60_000 },
    );
    return { ...response, headers: reversed(host, response, own) };
  } catch (error) {
    if (error instanceof ResolveError) return `AH00898: DNS lookup failure for: ${name}`;
    if (!isErrno(error)) return 'AH01102: error reading status line from remote server';
    return `(${error.errno})${error.message}: AH00957: http: attempt to connect to ${name}:${number} failed`;
  }
}

const hopByHop = new Set(['host', 'connection', 'keep-alive', 'upgrade', 'expect', 'transfer-encoding']);

function forwarded(request: HttpRequest, client: Client, host: string, own: string): [string, string][] {
  const rest = request.headers
    .filter(([name]) => !hopByHop.has(name.toLowerCase()) && !/^x-forwarded-(for|host|server)$/i.test(name))
    .map(([name, value]): [string, string] => [name, value]);
  const chain = [header(request, 'x-forwarded-for'), client.address].filter(Boolean).join(', ');
  return [
    ['Host', host],
    ...rest,
    ['X-Forwarded-For', chain],
    ['X-Forwarded-Host', own],
    ['X-Forwarded-Server', own.replace(/:\d+$/, '')],
    ['Connection', 'close'],
  ];
}

/** ProxyPassReverse: the other server's address in Location becomes ours. */
function reversed(host: readonly Entry[], response: HttpResponse, own: string): [string, string][] {
  const rules = all(host, 'proxypassreverse');
  return response.headers
    .filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name.toLowerCase()))
    .map(([name, value]): [string, string] => {
      if (!/^(location|content-location|uri)$/i.test(name)) return [name, value];
      const rule = rules.find(({ args }) => value.startsWith(args[1]!));
      return rule ? [name, `http://${own}${rule.args[0]}${value.slice(rule.args[1]!.length)}`] : [name, value];
    });
}
