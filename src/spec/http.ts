/**
 * HTTP as messages in process: what crosses every boundary of Drydock (CLI -> Engine API -> engine -> registry).
 *
 * Not WHATWG Request/Response: in Chromium those silently drop Host, Upgrade, Connection, Cookie and User-Agent, and
 * refuse status 101. Header names are case-insensitive; order and repetition are kept.
 */
import { BytesContent, type Content, contentBytes, fromUtf8, utf8 } from './content.ts';

export type HeaderList = ReadonlyArray<readonly [name: string, value: string]>;

/**
 * A body is a content whose length is known (and which a peer in the same process may keep by reference instead of
 * copying it), or a stream whose length is not.
 */
export type Body = Content | AsyncIterable<Uint8Array>;

/** A bidirectional byte stream: a TCP connection, a hijacked connection, a pty master. */
export interface Duplex {
  /** Next bytes as they come; null at the end of the stream. */
  read(): Promise<Uint8Array | null>;
  /** Resolves when the peer has room again (backpressure). Rejects with EPIPE when the peer is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Half close: the peer's read() ends; this side may still read. Idempotent. */
  closeWrite(): void;
  /** Idempotent. */
  close(): void;
}

export interface HttpRequest {
  method: string;
  /** Origin form: path and query, percent-encoded as on the wire. */
  target: string;
  headers: HeaderList;
  body?: Body;
}

export interface HttpResponse {
  status: number;
  headers: HeaderList;
  body?: Body;
  /**
   * The connection after the response head, when the handler hijacked it (`/attach`, `/exec/start`, `/session`):
   * the client's end. A socket server answers 101 if the client asked to upgrade, else 200, and pumps it.
   */
  hijacked?: Duplex;
}

export interface HttpContext {
  /** Aborted when the client went away before the response was complete. */
  signal?: AbortSignal;
  /** Who is asking, as far as the transport knows (uid of a unix socket's peer, remote address). */
  peer?: string;
}

export type Handler = (request: HttpRequest, context?: HttpContext) => Promise<HttpResponse>;

/**
 * Sends one request to a host. `url` is absolute (`https://registry-1.docker.io/v2/`). Rejects with an Error whose
 * message is the transport's as Go prints it (`dial tcp: lookup nosuch: no such host`).
 */
export type Fetch = (url: string, request: Omit<HttpRequest, 'target'>, context?: HttpContext) => Promise<HttpResponse>;

export function header(message: { headers: HeaderList }, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return message.headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

export const isContent = (body: Body): body is Content => 'size' in body && 'read' in body;

/** The whole body in memory, at most `limit` bytes (default 64 MiB); longer throws a RangeError. */
export async function bodyBytes(body: Body | undefined, limit = 64 << 20): Promise<Uint8Array> {
  if (!body) return new Uint8Array(0);
  if (isContent(body)) {
    if (body.size > limit) throw new RangeError(`body of ${body.size} bytes is over the limit of ${limit}`);
    return contentBytes(body);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw new RangeError(`body is over the limit of ${limit} bytes`);
    parts.push(part);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const bodyText = async (body: Body | undefined, limit?: number): Promise<string> =>
  fromUtf8(await bodyBytes(body, limit));

export const jsonBody = (value: unknown): Content => new BytesContent(utf8(JSON.stringify(value)));

const statusTexts = new Map<number, string>([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [410, 'Gone'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
]);

/** `404 Not Found`: a status as Go's client tells it; the number alone when it has no usual words. */
export const httpStatusText = (status: number): string => `${status} ${statusTexts.get(status) ?? ''}`.trimEnd();
