import { type AuthConfig, BytesContent, eventJson, type HttpResponse, utf8 } from '../../spec/index.ts';
import type { Backend } from '../backend.ts';
import type { ApiRequest } from '../request.ts';
import { json, jsonLines } from '../response.ts';
import { type Route, route } from '../route.ts';

export const systemRoutes: readonly Route[] = [
  route('GET', '/_ping', ping),
  route('HEAD', '/_ping', ping),
  route('GET', '/version', async (backend) => json(await backend.systemVersion())),
  route('GET', '/info', async (backend) => json(await backend.systemInfo())),
  route('POST', '/auth', async (backend, request) => json(await backend.systemAuth(await request.json<AuthConfig>()))),
  route('GET', '/system/df', async (backend) => json(await backend.systemDataUsage())),
  route('GET', '/events', events),
];

async function ping(backend: Backend): Promise<HttpResponse> {
  const { builderVersion } = await backend.systemPing();
  return {
    status: 200,
    headers: [
      ['Cache-Control', 'no-cache, no-store, must-revalidate'],
      ['Pragma', 'no-cache'],
      ...(builderVersion ? ([['Builder-Version', builderVersion]] as const) : []),
      ['Content-Type', 'text/plain; charset=utf-8'],
    ],
    body: new BytesContent(utf8('OK')),
  };
}

async function events(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const { events: stream, cancel } = await backend.systemEvents({
    since: request.text('since'),
    until: request.text('until'),
    filters: request.filters(),
  });
  request.context.signal?.addEventListener('abort', cancel, { once: true });
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: jsonLines(stream, (event) => `${eventJson(event)}\n`),
  };
}
