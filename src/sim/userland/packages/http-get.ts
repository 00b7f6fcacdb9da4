/** GET over the process's own sockets: how package managers fetch. */
import {
  type Content,
  contentOf,
  emptyContent,
  header,
  isContent,
  isErrno,
  joinContents,
} from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import { httpRequest } from '../../net/http-client.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';

export interface Fetched {
  status: number;
  /** Empty unless 200. */
  body: Content;
  lastModified: string | undefined;
}

/** Why nothing came: the name did not resolve, or the connection failed. */
export type FetchFailure =
  | { kind: 'resolve'; temporary: boolean; host: string }
  | { kind: 'connect'; host: string; port: number; address: string; reason: string; code: string };

export class FetchError extends Error {
  constructor(readonly failure: FetchFailure) {
    super(failure.kind);
  }
}

/**
 * Throws {@link FetchError}. No TLS: https is spoken in plain text to port 443.
 * Differs from Linux: there is no TLS in the simulated internet.
 */
export async function httpGet(
  sys: Sys,
  url: string,
  headers: [string, string][] = [],
  /** What is posted; absent: it is a GET. */
  sent?: Content,
): Promise<Fetched> {
  const { protocol, hostname, port, pathname, search, host } = new URL(url);
  const address = await resolve(sys, hostname);
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const request = {
    method: sent ? 'POST' : 'GET',
    target: pathname + search,
    headers: [
      ['Host', host],
      ['Connection', 'close'],
      ...(sent ? [['Content-Length', String(sent.size)]] : []),
      ...headers,
    ] as [string, string][],
    ...(sent && { body: sent }),
  };
  try {
    const response = await httpRequest(sys, { family: 'inet', address, port: number }, request, { timeoutMs: 30_000 });
    return {
      status: response.status,
      body: await gather(response.body),
      lastModified: header(response, 'last-modified'),
    };
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new FetchError({
      kind: 'connect',
      host: hostname,
      port: number,
      address,
      reason: error.message,
      code: error.code,
    });
  }
}

async function resolve(sys: Sys, host: string): Promise<string> {
  try {
    return (await resolveHost(sys, host))[0]!;
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error;
    throw new FetchError({ kind: 'resolve', temporary: error.code === 'EAI_AGAIN', host });
  }
}

async function gather(body: Content | AsyncIterable<Uint8Array> | undefined): Promise<Content> {
  if (!body) return emptyContent;
  if (isContent(body)) return body;
  const parts: Content[] = [];
  for await (const bytes of body) parts.push(contentOf(bytes));
  return joinContents(parts);
}
