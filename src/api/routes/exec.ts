import { EngineError, type ExecCreateRequest, type HttpResponse } from '../../spec/index.ts';
import type { Backend } from '../backend.ts';
import { hijack } from '../hijack.ts';
import type { ApiRequest } from '../request.ts';
import { empty, json } from '../response.ts';
import { type Route, route } from '../route.ts';

export const execRoutes: readonly Route[] = [
  route('POST', '/containers/{*}/exec', create),
  route('POST', '/exec/{*}/start', start),
  route('POST', '/exec/{*}/resize', async (backend, request) => {
    await backend.execResize(request.name, request.integer('h') ?? 0, request.integer('w') ?? 0);
    return empty(201);
  }),
  route('GET', '/exec/{*}/json', async (backend, request) => json(await backend.execInspect(request.name))),
];

async function create(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const body = await request.json<ExecCreateRequest>();
  if (!body.Cmd?.length) throw new EngineError(400, 'No exec command specified');
  return json(await backend.containerExec(request.name, body), 201);
}

async function start(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const body = await request.json<{ Detach?: boolean; Tty?: boolean }>();
  const attachment = await backend.execStart(request.name, { detach: body.Detach ?? false, tty: body.Tty ?? false });
  return attachment ? hijack(request.http, attachment, request.context.signal) : empty(200);
}
