import {
  type Body,
  base64,
  type ContainerCreateRequest,
  EngineError,
  type HostConfig,
  type HttpResponse,
  type PathStat,
  utf8,
} from '../../spec/index.ts';
import type { Backend } from '../backend.ts';
import { hijack } from '../hijack.ts';
import type { ApiRequest } from '../request.ts';
import { empty, goJson, json, jsonLines, noContent } from '../response.ts';
import { type Route, route } from '../route.ts';
import { encodeFrame } from '../stdcopy.ts';

export const containerRoutes: readonly Route[] = [
  route('GET', '/containers/json', list),
  route('POST', '/containers/create', create),
  route('POST', '/containers/prune', async (backend, request) => json(await backend.containerPrune(request.filters()))),
  route('GET', '/containers/{*}/json', async (backend, request) =>
    json(await backend.containerInspect(request.name, request.bool('size'))),
  ),
  route('GET', '/containers/{*}/top', async (backend, request) =>
    json(await backend.containerTop(request.name, request.text('ps_args'))),
  ),
  route('GET', '/containers/{*}/logs', logs),
  route('GET', '/containers/{*}/changes', async (backend, request) =>
    json(await backend.containerChanges(request.name)),
  ),
  route('GET', '/containers/{*}/export', async (backend, request) => ({
    status: 200,
    headers: [['Content-Type', 'application/octet-stream']],
    body: await backend.containerExport(request.name),
  })),
  route('GET', '/containers/{*}/stats', stats),
  route('GET', '/containers/{*}/archive', archiveGet),
  route('HEAD', '/containers/{*}/archive', async (backend, request) => ({
    status: 200,
    headers: [statHeader(await backend.containerArchiveInfo(request.name, archivePath(request)))],
  })),
  route('PUT', '/containers/{*}/archive', archivePut),
  route('POST', '/containers/{*}/start', start),
  route(
    'POST',
    '/containers/{*}/stop',
    done((b, r) => b.containerStop(r.name, r.integer('t'))),
  ),
  route(
    'POST',
    '/containers/{*}/restart',
    done((b, r) => b.containerRestart(r.name, r.integer('t'))),
  ),
  route(
    'POST',
    '/containers/{*}/kill',
    done((b, r) => b.containerKill(r.name, r.text('signal'))),
  ),
  route(
    'POST',
    '/containers/{*}/pause',
    done((b, r) => b.containerPause(r.name)),
  ),
  route(
    'POST',
    '/containers/{*}/unpause',
    done((b, r) => b.containerUnpause(r.name)),
  ),
  route(
    'POST',
    '/containers/{*}/rename',
    done((b, r) => b.containerRename(r.name, r.text('name'))),
  ),
  route('POST', '/containers/{*}/resize', async (backend, request) => {
    await backend.containerResize(request.name, size(request, 'h'), size(request, 'w'));
    return empty(200);
  }),
  route('POST', '/containers/{*}/update', async (backend, request) =>
    json(await backend.containerUpdate(request.name, await request.json<Partial<HostConfig>>())),
  ),
  route('POST', '/containers/{*}/wait', wait),
  route('POST', '/containers/{*}/attach', attach),
  route(
    'DELETE',
    '/containers/{*}',
    done((b, r) => b.containerDelete(r.name, { force: r.bool('force'), volumes: r.bool('v'), link: r.bool('link') })),
  ),
];

/** An operation that answers 204. */
function done(operation: (backend: Backend, request: ApiRequest) => Promise<void>): Route['handle'] {
  return async (backend, request) => {
    await operation(backend, request);
    return noContent();
  };
}

async function list(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const options = {
    all: request.bool('all'),
    size: request.bool('size'),
    limit: request.integer('limit') ?? 0,
    filters: request.filters(),
  };
  return json(await backend.containerList(options));
}

async function create(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const body = await request.json<ContainerCreateRequest | null>();
  // moby runconfig.ErrEmptyConfig
  if (body === null || Object.keys(body).length === 0) {
    throw new EngineError(400, 'Config cannot be empty in order to create a container');
  }
  return json(await backend.containerCreate(request.text('name'), body, request.text('platform')), 201);
}

async function start(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  await backend.containerStart(request.name, request.text('detachKeys'));
  return noContent();
}

async function logs(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const [stdout, stderr] = [request.bool('stdout'), request.bool('stderr')];
  if (!stdout && !stderr) throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  const { tty, frames } = await backend.containerLogs(request.name, {
    stdout,
    stderr,
    follow: request.bool('follow'),
    timestamps: request.bool('timestamps'),
    since: request.text('since'),
    until: request.text('until'),
    tail: request.text('tail'),
    details: request.bool('details'),
  });
  return { status: 200, headers: [], body: framed(frames, tty) };
}

async function* framed(
  frames: AsyncIterable<{ stream: 'stdout' | 'stderr'; bytes: Uint8Array }>,
  raw: boolean,
): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) {
    yield raw ? frame.bytes : encodeFrame(frame.stream === 'stderr' ? 2 : 1, frame.bytes);
  }
}

async function stats(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const options = { stream: request.bool('stream', true), oneShot: request.bool('one-shot') };
  const samples = await backend.containerStats(request.name, options);
  return { status: 200, headers: [['Content-Type', 'application/json']], body: jsonLines(samples, goJson) };
}

/** The head goes out at once: the client starts the container only after it. */
async function wait(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const condition = request.text('condition');
  if (!isWaitCondition(condition)) throw new EngineError(400, `invalid condition: ${JSON.stringify(condition)}`);
  const { result, cancel } = await backend.containerWait(request.name, condition);
  request.context.signal?.addEventListener('abort', cancel, { once: true });
  const body = (async function* () {
    yield utf8(goJson(await result));
  })();
  return { status: 200, headers: [['Content-Type', 'application/json']], body };
}

const isWaitCondition = (text: string): text is '' | 'not-running' | 'next-exit' | 'removed' =>
  ['', 'not-running', 'next-exit', 'removed'].includes(text);

async function attach(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const attachment = await backend.containerAttach(request.name, {
    logs: request.bool('logs'),
    stream: request.bool('stream'),
    stdin: request.bool('stdin'),
    stdout: request.bool('stdout'),
    stderr: request.bool('stderr'),
    detachKeys: request.text('detachKeys'),
  });
  return hijack(request.http, attachment, request.context.signal);
}

function size(request: ApiRequest, key: 'h' | 'w'): number {
  const value = request.text(key);
  if (!/^\d+$/.test(value))
    throw new EngineError(400, `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

function archivePath(request: ApiRequest): string {
  const path = request.text('path');
  if (path === '') throw new EngineError(400, 'bad parameter: pathcannot be empty');
  return path;
}

const statHeader = (stat: PathStat): [string, string] => [
  'X-Docker-Container-Path-Stat',
  base64(utf8(JSON.stringify(stat))),
];

async function archiveGet(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const { stat, body } = await backend.containerArchive(request.name, archivePath(request));
  return { status: 200, headers: [['Content-Type', 'application/x-tar'], statHeader(stat)], body };
}

async function archivePut(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const body: Body | undefined = request.http.body;
  await backend.putContainerArchive(request.name, archivePath(request), body, {
    noOverwriteDirNonDir: request.bool('noOverwriteDirNonDir'),
    copyUIDGID: request.bool('copyUIDGID'),
  });
  return empty(200);
}
