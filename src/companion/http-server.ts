/** Handlers behind real sockets: Node's http server in front of a `Handler`, hijacked connections included. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  type Body,
  chunks,
  type Duplex,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  isContent,
} from '../spec/index.ts';
import { onceAny } from './http-client.ts';

export function httpServer(handler: Handler): Server {
  const server = createServer({ keepAliveTimeout: 5_000 });
  server.on('request', (incoming, outgoing) => void answer(handler, incoming, outgoing));
  server.on('upgrade', (incoming, socket: Socket, head) => void upgrade(handler, incoming, socket, head));
  server.on('checkContinue', (incoming, outgoing) => {
    outgoing.writeContinue();
    void answer(handler, incoming, outgoing);
  });
  return server;
}

/** Listens on a unix socket path, or on host and port; rejects with Node's error (EADDRINUSE ...). */
export const listen = (server: Server, at: { path: string } | { host: string; port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });

function toRequest(incoming: IncomingMessage, body?: Body): HttpRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!]);
  return { method: incoming.method ?? 'GET', target: incoming.url ?? '/', headers, body };
}

async function answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const response = await handler(toRequest(incoming, incoming), { signal: gone.signal });
    if (response.hijacked) return await hijack(response, incoming.socket, false);
    outgoing.writeHead(response.status, headerObject(response));
    outgoing.flushHeaders();
    if (response.body && incoming.method !== 'HEAD') await sendBody(response.body, outgoing);
    outgoing.end();
  } catch (error) {
    if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ message: (error as Error).message }));
  }
}

function headerObject(response: HttpResponse): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) {
    const known = out[name];
    out[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  if (response.body && isContent(response.body)) out['Content-Length'] = String(response.body.size);
  return out;
}

async function sendBody(body: Body, outgoing: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
  const parts = isContent(body) ? chunks(body, 1 << 20) : body;
  for await (const part of parts) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(part)) await onceAny(outgoing, ['drain', 'close', 'error']);
  }
}

async function upgrade(handler: Handler, incoming: IncomingMessage, socket: Socket, head: Uint8Array): Promise<void> {
  socket.on('error', () => socket.destroy());
  if (head.length > 0) socket.unshift(head);
  const response = await handler(toRequest(incoming, await upgradeBody(incoming, socket)));
  if (response.hijacked) return hijack(response, socket, true);
  socket.write(`HTTP/1.1 ${response.status} -\r\n${headerLines(response)}Connection: close\r\n\r\n`);
  if (response.body) await sendBody(response.body, socket);
  socket.end();
}

/** Node gives an upgrade request's body (the CLI sends JSON with `exec start`) as the first bytes of the socket. */
async function upgradeBody(incoming: IncomingMessage, socket: Socket): Promise<Body | undefined> {
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (length === 0) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const part = socket.read() as Uint8Array | null;
    if (part) {
      parts.push(part);
      size += part.length;
    } else if (socket.readableEnded || socket.destroyed) break;
    else await onceAny(socket, ['readable', 'end', 'close']);
  }
  const all = Buffer.concat(parts);
  if (all.length > length) socket.unshift(all.subarray(length));
  const bytes = all.subarray(0, length);
  return { size: bytes.length, read: (offset, count) => bytes.subarray(offset, offset + count) };
}

const headerLines = (response: HttpResponse): string =>
  Object.entries(headerObject(response))
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
    .join('');

/** moby's hijack: 101 UPGRADED when the client asked to upgrade, else 200, then raw bytes both ways. */
async function hijack(response: HttpResponse, socket: Socket, upgraded: boolean): Promise<void> {
  const type =
    response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ??
    'application/vnd.docker.raw-stream';
  socket.write(
    upgraded
      ? `HTTP/1.1 101 UPGRADED\r\nContent-Type: ${type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`
      : `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n`,
  );
  await pump(response.hijacked!, socket);
}

async function pump(duplex: Duplex, socket: Socket): Promise<void> {
  socket.on('data', (part: Uint8Array) => {
    socket.pause();
    duplex.write(part).then(
      () => socket.resume(),
      () => socket.destroy(),
    );
  });
  socket.on('end', () => duplex.closeWrite());
  socket.on('close', () => duplex.close());
  for (let part = await duplex.read(); part; part = await duplex.read()) {
    if (socket.destroyed) return;
    if (!socket.write(part)) await onceAny(socket, ['drain', 'close']);
  }
  socket.end();
}
