import type { HttpResponse } from '../spec/index.ts';
import type { Backend } from './backend.ts';
import type { ApiRequest } from './request.ts';

export type RouteHandler = (backend: Backend, request: ApiRequest) => Promise<HttpResponse> | HttpResponse;

export interface Route {
  method: string;
  pattern: RegExp;
  handle: RouteHandler;
}

/** `{}` is one path segment, `{*}` may hold slashes (image names), as gorilla's `{name}` and `{name:.*}`. */
export function route(method: string, path: string, handle: RouteHandler): Route {
  const source = path.replaceAll('.', '\\.').replaceAll('{*}', '(.*)').replaceAll('{}', '([^/]*)');
  return { method, pattern: new RegExp(`^${source}$`), handle };
}
