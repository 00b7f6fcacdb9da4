/** An HTTP/1.1 client over a process's own sockets: what docker, curl, wget and apt speak with. One request, one connection. */
import type { Duplex, HttpRequest, HttpResponse } from '../../spec/index.ts';
import { header } from '../../spec/index.ts';
import type { SocketAddress, Sys } from '../kernel/sys.ts';
import { formatHead, framing, HttpReader, writeBody } from './http.ts';

/** Sends a request to a connected address; the body of the response streams. Throws Errno of connect and of the stream. */
export async function httpRequest(
  sys: Sys,
  address: SocketAddress,
  request: HttpRequest,
  options: { timeoutMs?: number; hijack?: boolean } = {},
): Promise<HttpResponse> {
  const fd = sys.socket(address.family, 'stream');
  try {
    await sys.connect(fd, address, options.timeoutMs);
  } catch (error) {
    sys.close(fd);
    throw error;
  }
  return exchange(socketDuplex(sys, fd), request, options.hijack ?? false);
}

/** A connected stream socket as a Duplex. */
export function socketDuplex(sys: Sys, fd: number): Duplex {
  let open = true;
  return {
    async read() {
      if (!open) return null;
      const bytes = await sys.read(fd);
      return bytes.length > 0 ? bytes : null;
    },
    write: (bytes) => sys.write(fd, bytes),
    closeWrite() {
      if (open) sys.shutdown(fd, 'write');
    },
    close() {
      if (!open) return;
      open = false;
      try {
        sys.close(fd);
      } catch {
        // A process that has ended has no descriptors left to close.
      }
    },
  };
}

/** One request and its response on a fresh stream, which is closed at the end of the body. */
export async function exchange(stream: Duplex, request: HttpRequest, hijack: boolean): Promise<HttpResponse> {
  const headers = request.body ? framing(request.headers, request.body) : [...request.headers];
  if (!request.body && !hijack && /^(POST|PUT|PATCH)$/.test(request.method)) headers.push(['Content-Length', '0']);
  await stream.write(formatHead(`${request.method} ${request.target} HTTP/1.1`, headers));
  await writeBody(stream, request.body, headers);
  const reader = new HttpReader(stream);
  let head = await reader.head();
  while (head?.start[1] === '100') head = await reader.head();
  if (!head) {
    stream.close();
    throw new Error('EOF');
  }
  const status = Number(head.start[1]);
  if (status === 101 || (hijack && status === 200)) {
    return { status, headers: head.headers, hijacked: withPrefix(reader.takeRest(), stream) };
  }
  return { status, headers: head.headers, body: bodyOf(reader, head.headers, stream, request.method, status) };
}

async function* bodyOf(
  reader: HttpReader,
  headers: HttpResponse['headers'],
  stream: Duplex,
  method: string,
  status: number,
): AsyncGenerator<Uint8Array> {
  try {
    if (method === 'HEAD' || status === 204 || status === 304) return;
    yield* reader.body(headers, header({ headers }, 'content-length') === undefined);
  } finally {
    stream.close();
  }
}

function withPrefix(prefix: Uint8Array, stream: Duplex): Duplex {
  let first = prefix.length > 0 ? prefix : undefined;
  return {
    async read() {
      const bytes = first ?? (await stream.read());
      first = undefined;
      return bytes;
    },
    write: (bytes) => stream.write(bytes),
    closeWrite: () => stream.closeWrite(),
    close: () => stream.close(),
  };
}
