/** Requests over real sockets: a `Handler` or `Fetch` in front of Node's http client. */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import {
  type Body,
  chunks,
  type Duplex,
  type Fetch,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  isContent,
} from '../spec/index.ts';

/** The Engine API behind `unix:///path`, `tcp://host:port` or `http(s)://host:port`. */
export function connect(endpoint: string): Handler {
  const unix = /^unix:\/\/(.*)$/.exec(endpoint)?.[1];
  const url = unix ? undefined : new URL(endpoint.replace(/^tcp:/, 'http:'));
  return (request, context) =>
    exchange(
      unix ? { socketPath: unix } : { host: url!.hostname, port: url!.port || 80 },
      request,
      url?.protocol === 'https:',
      context?.signal,
    );
}

export const nodeFetch: Fetch = (url, request, context) => {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = { host, port: Number(port || (secure ? 443 : 80)) };
  return exchange(at, { ...request, target: pathname + search }, secure, context?.signal).catch((error) => {
    throw asGoSays(error, at);
  });
};

/** Go's net package's texts for what keeps a connection from being made; anything else as Node says it. */
function asGoSays(error: NodeJS.ErrnoException & { address?: string }, to: { host: string; port: number }): Error {
  const reason = error.code && dialErrors[error.code];
  if (
    error.code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    (error.code === 'EPROTO' && /wrong version number/.test(error.message))
  )
    return new Error('http: server gave HTTP response to HTTPS client', { cause: error });
  if (error.code === 'ENOTFOUND') return new Error(`dial tcp: lookup ${to.host}: no such host`, { cause: error });
  if (!reason) return error;
  return new Error(`dial tcp ${error.address ?? to.host}:${to.port}: connect: ${reason}`, { cause: error });
}

const dialErrors: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

function exchange(
  to: RequestOptions,
  request: HttpRequest,
  secure: boolean,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of request.headers) headers[name] = headers[name] ? [headers[name], value].flat() : value;
    if (request.body && isContent(request.body)) headers['Content-Length'] = String(request.body.size);
    const send = secure ? httpsRequest : httpRequest;
    const outgoing = send({ ...to, method: request.method, path: request.target, headers, signal, agent: false });
    outgoing.on('error', (error) => reject(error));
    outgoing.on('response', (incoming) => resolve(toResponse(incoming, { body: incoming })));
    outgoing.on('upgrade', (incoming, socket: Socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(toResponse(incoming, { hijacked: socketDuplex(socket) }));
    });
    sendBody(outgoing, request).catch(reject);
  });
}

function toResponse(incoming: IncomingMessage, rest: Partial<HttpResponse>): HttpResponse {
  const headers: [string, string][] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!]);
  // A hijacked stream is "200 OK" to clients in this process; 101 is a matter of sockets.
  return { status: incoming.statusCode === 101 ? 200 : (incoming.statusCode ?? 0), headers, ...rest };
}

async function sendBody(outgoing: ClientRequest, request: HttpRequest): Promise<void> {
  // A request that means to be upgraded must be on its way before its stream begins.
  if (!request.body) return void outgoing.end();
  const body: Body = request.body;
  for await (const part of isContent(body) ? chunks(body, 1 << 20) : body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(part)) await onceAny(outgoing, ['drain', 'close']);
  }
  outgoing.end();
}

/** Resolves at the first of these events. */
export const onceAny = (emitter: NodeJS.EventEmitter, names: string[]): Promise<void> =>
  new Promise((resolve) => {
    const fire = (): void => {
      for (const name of names) emitter.off(name, fire);
      resolve();
    };
    for (const name of names) emitter.on(name, fire);
  });

export function socketDuplex(socket: Socket): Duplex {
  socket.pause();
  let ended = false;
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', () => {
    ended = true;
  });
  return {
    async read() {
      for (;;) {
        const part = socket.read() as Uint8Array | null;
        if (part) return part;
        if (ended || socket.destroyed || socket.readableEnded) return null;
        await onceAny(socket, ['readable', 'end', 'close', 'error']);
      }
    },
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    closeWrite: () => void socket.end(),
    close: () => void socket.destroy(),
  };
}
