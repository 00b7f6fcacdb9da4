/** One server side connection: requests off the stream to a `Handler`, its responses back, in turn. */
import type { Duplex, Handler, HeaderList, HttpRequest, HttpResponse } from '../../spec/index.ts';
import { header, textContent, utf8 } from '../../spec/index.ts';
import { formatHead, framing, type Head, HttpReader, reasons, writeBody } from './http.ts';

export async function serveConnection(stream: Duplex, handler: Handler, peer: string): Promise<void> {
  const reader = new HttpReader(stream);
  const gone = new AbortController();
  try {
    for (;;) {
      const head = await reader.head();
      if (!head) break;
      if (!(await serveOne(stream, reader, head, handler, peer, gone.signal))) break;
    }
  } catch {
    // The client went away or sent what is no HTTP: there is nobody to tell.
  } finally {
    gone.abort();
    stream.close();
  }
}

/** False when the connection is over. */
async function serveOne(
  stream: Duplex,
  reader: HttpReader,
  head: Head,
  handler: Handler,
  peer: string,
  signal: AbortSignal,
): Promise<boolean> {
  const [method, target, version] = head.start;
  const message = { headers: head.headers };
  if (/100-continue/i.test(header(message, 'expect') ?? '')) await stream.write(utf8('HTTP/1.1 100 Continue\r\n\r\n'));
  const body = hasBody(head.headers) ? reader.body(head.headers) : undefined;
  const request: HttpRequest = { method, target, headers: head.headers, body };
  const response = await answer(handler, request, { signal, peer });
  if (response.hijacked) {
    await hijack(stream, reader, response, header(message, 'upgrade'));
    return false;
  }
  const close = /\bclose\b/i.test(header(message, 'connection') ?? '') || version === 'HTTP/1.0';
  await writeResponse(stream, response, method === 'HEAD', close);
  // What was left unread belongs to this request, not to the next; a streamed answer may have read it meanwhile.
  if (body) for await (const _ of body);
  return !close;
}

async function answer(
  handler: Handler,
  request: HttpRequest,
  context: { signal: AbortSignal; peer: string },
): Promise<HttpResponse> {
  try {
    return await handler(request, context);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { status: 500, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: textContent(`${text}\n`) };
  }
}

const hasBody = (headers: HeaderList): boolean =>
  header({ headers }, 'transfer-encoding') !== undefined || Number(header({ headers }, 'content-length') ?? 0) > 0;

async function writeResponse(stream: Duplex, response: HttpResponse, headOnly: boolean, close: boolean): Promise<void> {
  const bodyless = response.status === 204 || response.status === 304;
  const headers = bodyless ? [...response.headers] : framing(response.headers, response.body);
  if (close) headers.push(['Connection', 'close']);
  await stream.write(formatHead(`HTTP/1.1 ${response.status} ${reasons[response.status] ?? ''}`, headers));
  if (!headOnly && !bodyless) await writeBody(stream, response.body, headers);
}

/** 101 if the client asked to upgrade, else 200; then bytes both ways until each side ends. */
async function hijack(
  stream: Duplex,
  reader: HttpReader,
  response: HttpResponse,
  upgrade: string | undefined,
): Promise<void> {
  const inner = response.hijacked!;
  const status = upgrade ? 101 : response.status;
  const extra: HeaderList = upgrade
    ? [
        ['Connection', 'Upgrade'],
        ['Upgrade', upgrade],
      ]
    : [];
  await stream.write(formatHead(`HTTP/1.1 ${status} ${reasons[status] ?? ''}`, [...response.headers, ...extra]));
  const rest = reader.takeRest();
  if (rest.length > 0) await inner.write(rest);
  const inwards = pump(stream, inner);
  await pump(inner, stream);
  inner.close();
  stream.close();
  await inwards;
}

/** Copies until the end, then half closes; ends quietly when either side is gone. */
export async function pump(from: Duplex, to: Duplex): Promise<void> {
  try {
    for (let bytes = await from.read(); bytes; bytes = await from.read()) await to.write(bytes);
    to.closeWrite();
  } catch {
    to.close();
  }
}
