import { EngineError, type Handler, type HttpContext, type HttpRequest, type HttpResponse } from '../spec/index.ts';
import type { Backend } from './backend.ts';
import { ApiRequest } from './request.ts';
import { errorResponse } from './response.ts';
import type { Route } from './route.ts';
import { containerRoutes } from './routes/containers.ts';
import { execRoutes } from './routes/exec.ts';
import { imageRoutes } from './routes/images.ts';
import { networkRoutes } from './routes/networks.ts';
import { otherRoutes } from './routes/other.ts';
import { systemRoutes } from './routes/system.ts';
import { volumeRoutes } from './routes/volumes.ts';

export interface ServerOptions {
  /** Header Api-Version: what a client is told to speak. */
  apiVersion: string;
  /** The newest version that is not refused. */
  maxApiVersion: string;
  minApiVersion: string;
  /** As in `Server: Docker/20.10.24+dfsg1 (linux)`. */
  serverVersion: string;
}

const defaults: ServerOptions = {
  apiVersion: '1.41',
  maxApiVersion: '1.50',
  minApiVersion: '1.12',
  serverVersion: '20.10.24+dfsg1',
};

const routes: readonly Route[] = [
  ...systemRoutes,
  ...containerRoutes,
  ...execRoutes,
  ...imageRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...otherRoutes,
];

/** The Docker Engine API over a backend. Never rejects: what fails is an answer. */
export function createServer(backend: Backend, options: Partial<ServerOptions> = {}): Handler {
  const settings = { ...defaults, ...options };
  return async (request, context = {}) => {
    const response = await answer(backend, settings, request, context).catch(errorResponse);
    const complete = { ...response, headers: [...commonHeaders(settings), ...response.headers] };
    return request.method === 'HEAD' ? { ...complete, body: undefined } : complete;
  };
}

const commonHeaders = (settings: ServerOptions): [string, string][] => [
  ['Api-Version', settings.apiVersion],
  ['Docker-Experimental', 'false'],
  ['Ostype', 'linux'],
  ['Server', `Docker/${settings.serverVersion} (linux)`],
];

async function answer(
  backend: Backend,
  settings: ServerOptions,
  request: HttpRequest,
  context: HttpContext,
): Promise<HttpResponse> {
  const full = request.target.split('?', 1)[0]!;
  const versioned = /^\/v(\d[\d.]*)(\/.*)$/.exec(full);
  const path = decodePath(versioned ? versioned[2]! : full);
  const found = findRoute(request.method, path);
  if (versioned) checkVersion(versioned[1]!, settings);
  return await found.route.handle(backend, new ApiRequest(request, found.params, context));
}

function findRoute(method: string, path: string): { route: Route; params: string[] } {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match) return { route: candidate, params: match.slice(1) };
  }
  throw new EngineError(404, 'page not found');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new EngineError(400, `parse ${JSON.stringify(path)}: invalid URL escape`);
  }
}

// moby api/server/middleware/version.go
function checkVersion(version: string, { minApiVersion, maxApiVersion, apiVersion }: ServerOptions): void {
  if (compareVersions(version, minApiVersion) < 0) {
    throw new EngineError(
      400,
      `client version ${version} is too old. Minimum supported API version is ${minApiVersion}, please upgrade your client to a newer version`,
    );
  }
  // Differs from Docker: versions after the one announced are served too, to clients that ask for them.
  if (compareVersions(version, maxApiVersion) > 0) {
    throw new EngineError(400, `client version ${version} is too new. Maximum supported API version is ${apiVersion}`);
  }
}

/** Numeric, part by part: 1.9 before 1.41. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
