/** ngx_http_gzip_module: which responses are compressed, and what that changes in them. */
import { gzip } from '../../../../archive/index.ts';
import { type HttpResponse, header, isContent } from '../../../../spec/index.ts';
import type { Exchange } from './request.ts';

export function gzipped(exchange: Exchange, response: HttpResponse): HttpResponse {
  const { body, status } = response;
  if (!body || !isContent(body) || exchange.nearest('gzip')?.args[0] !== 'on') return response;
  if (![200, 403, 404].includes(status) || header(response, 'content-encoding') !== undefined) return response;
  const type = (header(response, 'content-type') ?? '').split(';')[0]!.trim();
  const types = ['text/html', ...(exchange.nearest('gzip_types')?.args ?? [])];
  if (!types.includes(type) && !types.includes('*')) return response;
  if (body.size < Number(exchange.nearest('gzip_min_length')?.args[0] ?? 20)) return response;
  const vary: [string, string][] = exchange.nearest('gzip_vary')?.args[0] === 'on' ? [['Vary', 'Accept-Encoding']] : [];
  if (!wanted(exchange)) return { ...response, headers: [...response.headers, ...vary] };
  const headers = response.headers
    .filter(([name]) => !['content-length', 'accept-ranges'].includes(name.toLowerCase()))
    .map(([name, value]): [string, string] =>
      name.toLowerCase() === 'etag' && !value.startsWith('W/') ? [name, `W/${value}`] : [name, value],
    );
  // Compressed as it is sent: the length is not known when the headers go.
  const packed = gzip(body);
  const stream = (async function* () {
    yield packed.read(0, packed.size);
  })();
  return { ...response, headers: [...headers, ...vary, ['Content-Encoding', 'gzip']], body: stream };
}

function wanted(exchange: Exchange): boolean {
  const { request } = exchange;
  if (!/(^|[\s,])(gzip|\*)(?!\s*;\s*q=0(\.0*)?(\s|,|$))/i.test(header(request, 'accept-encoding') ?? '')) return false;
  if (header(request, 'via') !== undefined && !exchange.nearest('gzip_proxied')?.args.includes('any')) return false;
  const agent = header(request, 'user-agent') ?? '';
  const disabled = exchange.nearest('gzip_disable')?.args ?? [];
  return !disabled.some((one) => (one === 'msie6' ? /MSIE [4-6]\./ : new RegExp(one)).test(agent));
}
