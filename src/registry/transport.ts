import { bodyText, type Fetch, type HttpResponse } from '../spec/index.ts';
import { challengesOf } from './challenge.ts';
import { type ErrorItem, RegistryError, registryErrors } from './error.ts';

/** A request that did not get an answer: `Get "http://localhost:1/v2/": dial tcp …: connection refused`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  constructor(
    method: string,
    url: string,
    /** What went wrong on the way, authentication included: docker prints it alone when pushing. */
    override readonly cause: Error,
  ) {
    super(`${method[0]}${method.slice(1).toLowerCase()} "${url}": ${cause.message}`);
  }
}

/** Runs a part of a request; what it throws is told as Go's http.Client tells it. */
export async function onTheWay<T>(method: string, url: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof TransportError ? error : new TransportError(method, url, error as Error);
  }
}

export const goFetch = (fetch: Fetch, url: string, request: Parameters<Fetch>[1]): Promise<HttpResponse> =>
  onTheWay(request.method, url, () => fetch(url, request));

/** The error that a refusing response tells, as Docker's client reads it. */
export async function errorFrom(response: HttpResponse): Promise<RegistryError> {
  const items = [...challengeItems(response), ...(await bodyItems(response))];
  if (items.length > 0) return new RegistryError(items, response.status);
  return new RegistryError(
    [{ code: 'UNKNOWN', message: `received unexpected HTTP status: ${response.status}` }],
    response.status,
  );
}

// RFC 6750 3.1: what a challenge says of the token that was presented comes first.
function challengeItems(response: HttpResponse): ErrorItem[] {
  return challengesOf(response).flatMap(({ parameters }) => {
    const code = { insufficient_scope: 'DENIED' as const, invalid_token: 'UNAUTHORIZED' as const }[
      parameters.error ?? ''
    ];
    return code ? [{ code, message: parameters.error_description ?? registryErrors[code][1] }] : [];
  });
}

async function bodyItems(response: HttpResponse): Promise<ErrorItem[]> {
  const body = parse(await bodyText(response.body, 1 << 20)) as { errors?: ErrorItem[]; details?: string } | undefined;
  if (body?.errors?.length) {
    return body.errors.map(({ code, message, detail }) => ({ code, message, ...(detail !== undefined && { detail }) }));
  }
  // The token service's own form.
  if (response.status === 401) {
    return [{ code: 'UNAUTHORIZED', message: body?.details ?? registryErrors.UNAUTHORIZED[1] }];
  }
  return [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
