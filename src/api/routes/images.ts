import { type BuildOptions, EngineError, fromBase64, type HttpResponse, parsePlatform } from '../../spec/index.ts';
import type { Backend } from '../backend.ts';
import { type ApiRequest, parseJson } from '../request.ts';
import { empty, json, messageStream, messageStreamAlways } from '../response.ts';
import { type Route, route } from '../route.ts';

export const imageRoutes: readonly Route[] = [
  route('GET', '/images/json', async (backend, request) =>
    json(
      await backend.imageList({
        all: request.bool('all'),
        digests: request.bool('digests'),
        filters: request.filters(),
      }),
    ),
  ),
  route('GET', '/images/search', search),
  route('GET', '/images/get', (backend, request) => save(backend, request.all('names'))),
  route('GET', '/images/{*}/get', (backend, request) => save(backend, [request.name])),
  route('GET', '/images/{*}/history', async (backend, request) => json(await backend.imageHistory(request.name))),
  route('GET', '/images/{*}/json', async (backend, request) => json(await backend.imageInspect(request.name))),
  route('POST', '/images/load', (backend, request) =>
    messageStreamAlways(backend.imageLoad(request.http.body, request.bool('quiet', true))),
  ),
  route('POST', '/images/create', (backend, request) =>
    messageStream(
      backend.imageCreate({
        fromImage: request.text('fromImage'),
        tag: request.text('tag'),
        fromSrc: request.text('fromSrc'),
        repo: request.text('repo'),
        message: request.text('message'),
        changes: request.all('changes'),
        platform: request.text('platform'),
        auth: request.registryAuth(),
        body: request.http.body,
      }),
    ),
  ),
  route('POST', '/images/prune', async (backend, request) => json(await backend.imagePrune(request.filters()))),
  route('POST', '/images/{*}/push', (backend, request) =>
    messageStream(backend.imagePush(request.name, request.text('tag'), request.registryAuth())),
  ),
  route('POST', '/images/{*}/tag', async (backend, request) => {
    await backend.imageTag(request.name, request.text('repo'), request.text('tag'));
    return empty(201);
  }),
  route('DELETE', '/images/{*}', async (backend, request) =>
    json(await backend.imageDelete(request.name, { force: request.bool('force'), noprune: request.bool('noprune') })),
  ),
  route('POST', '/commit', commit),
  route('POST', '/build', (backend, request) =>
    messageStream(backend.imageBuild(request.http.body, buildOptions(request))),
  ),
  route('POST', '/build/prune', async (backend, request) =>
    json(
      await backend.buildPrune({
        all: request.bool('all'),
        keepStorage: request.integer('keep-storage') ?? 0,
        filters: request.filters(),
      }),
    ),
  ),
  route('POST', '/build/cancel', () => empty(200)),
  route('GET', '/distribution/{*}/json', async (backend, request) =>
    json(await backend.distributionInspect(request.name, request.registryAuth())),
  ),
];

async function save(backend: Backend, names: string[]): Promise<HttpResponse> {
  const body = await backend.imageGet(names);
  return { status: 200, headers: [['Content-Type', 'application/x-tar']], body };
}

async function search(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const limit = request.integer('limit') ?? 25;
  if (limit < 1 || limit > 100) throw new EngineError(400, `Limit ${limit} is outside the range of [1, 100]`);
  return json(await backend.imageSearch(request.text('term'), limit, request.filters(), request.registryAuth()));
}

async function commit(backend: Backend, request: ApiRequest): Promise<HttpResponse> {
  const config = request.header('content-type') ? await request.json<Record<string, unknown>>() : undefined;
  const created = await backend.imageCommit({
    container: request.text('container'),
    repo: request.text('repo'),
    tag: request.text('tag'),
    author: request.text('author'),
    comment: request.text('comment'),
    changes: request.all('changes'),
    pause: request.bool('pause', true),
    config,
  });
  return json(created, 201);
}

const map = <T>(request: ApiRequest, key: string): Record<string, T> =>
  (request.text(key) && parseJson<Record<string, T> | null>(request.text(key))) || {};
const list = <T = string>(request: ApiRequest, key: string): T[] =>
  (request.text(key) && parseJson<T[] | null>(request.text(key))) || [];

/** moby's `outputs`: types with attributes. */
function outputOf([output, more]: { Type: string }[]): Pick<BuildOptions, 'output'> {
  if (!output) return {};
  if (more) throw new EngineError(400, 'multiple outputs not supported');
  if (output.Type !== 'local' && output.Type !== 'tar') return {};
  return { output: output.Type };
}

function checkPlatform(text: string): void {
  try {
    if (text) parsePlatform(text);
  } catch (error) {
    throw new EngineError(400, (error as Error).message);
  }
}

// moby api/server/router/build/build_routes.go newImageBuildOptions
function buildOptions(request: ApiRequest): BuildOptions {
  const isolation = request.text('isolation');
  if (isolation && !['default', 'process', 'hyperv'].includes(isolation.toLowerCase()))
    throw new EngineError(400, `Unsupported isolation: ${JSON.stringify(isolation)}`);
  if (list(request, 'securityopt').length > 0)
    throw new EngineError(400, 'The daemon on this platform does not support setting security options on build');
  if (request.text('version', '1') === '1') checkPlatform(request.text('platform'));
  return {
    tags: request.all('t'),
    dockerfile: request.text('dockerfile'),
    remote: request.text('remote'),
    quiet: request.bool('q'),
    noCache: request.bool('nocache'),
    pull: request.bool('pull'),
    rm: request.bool('rm', true),
    forceRm: request.bool('forcerm'),
    target: request.text('target'),
    networkMode: request.text('networkmode'),
    buildArgs: map<string | null>(request, 'buildargs'),
    labels: map<string>(request, 'labels'),
    cacheFrom: list(request, 'cachefrom'),
    extraHosts: request.text('extrahosts').split(',').filter(Boolean),
    squash: request.bool('squash'),
    platform: request.text('platform'),
    shmSize: request.integer('shmsize') ?? 0,
    memory: request.integer('memory') ?? 0,
    memorySwap: request.integer('memswap') ?? 0,
    cpuShares: request.integer('cpushares') ?? 0,
    cpuPeriod: request.integer('cpuperiod') ?? 0,
    cpuQuota: request.integer('cpuquota') ?? 0,
    cpusetCpus: request.text('cpusetcpus'),
    cpusetMems: request.text('cpusetmems'),
    cgroupParent: request.text('cgroupparent'),
    ulimits: list(request, 'ulimits'),
    version: request.text('version', '1'),
    auth: request.registryConfig(),
    signal: request.context.signal,
    secrets: secrets(request),
    contexts: map<string>(request, 'contexts'),
    noCacheFilter: list(request, 'nocachefilter'),
    check: request.bool('check'),
    // Differs from Docker: attestations are asked for in the request instead of over a gRPC session.
    attests: map<string>(request, 'attests'),
    ...outputOf(list<{ Type: string }>(request, 'outputs')),
  };
}

// Differs from Docker: BuildKit secrets travel with the request instead of over a gRPC session.
function secrets(request: ApiRequest): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(map<string>(request, 'secrets')).map(([id, value]) => [id, fromBase64(value)]),
  );
}
