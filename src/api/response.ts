import {
  BytesContent,
  EngineError,
  type HttpRequest,
  type HttpResponse,
  header,
  type JsonMessage,
  utf8,
} from '../spec/index.ts';

/** JSON as Go's encoder writes it, in streams: `<`, `>`, `&` and the line separators escaped, a newline at the end. */
export const goJson = (value: unknown): string =>
  `${JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;

/** An answer; the daemon's encoder leaves `<`, `>` and `&` in these (moby httputils.WriteJSON). */
export const json = (value: unknown, status = 200): HttpResponse => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: new BytesContent(utf8(`${JSON.stringify(value)}\n`)),
});

export const empty = (status: number): HttpResponse => ({ status, headers: [['Content-Length', '0']] });

export const noContent = (): HttpResponse => ({ status: 204, headers: [] });

export function errorResponse(error: unknown): HttpResponse {
  const status = error instanceof EngineError ? error.status : 500;
  if (status === 304) return { status, headers: [] };
  return json({ message: messageOf(error) }, status);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A stream of JSON lines. What fails before the first message is an HTTP error (thrown here); what fails later is an
 * `errorDetail` line, as moby's streamformatter writes it.
 */
export async function messageStream(messages: AsyncIterable<JsonMessage>): Promise<HttpResponse> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = iterator.next();
  await first;
  return streamed(messageLines(first, iterator));
}

/** The same for an operation whose every failure is such a line, the first one too (moby postImagesLoad). */
export async function messageStreamAlways(messages: AsyncIterable<JsonMessage>): Promise<HttpResponse> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = iterator.next();
  await first.catch(() => {}); // told in the stream
  return streamed(messageLines(first, iterator));
}

const streamed = (body: AsyncGenerator<Uint8Array>): HttpResponse => ({
  status: 200,
  headers: [['Content-Type', 'application/json']],
  body,
});

async function* messageLines(
  first: Promise<IteratorResult<JsonMessage>>,
  iterator: AsyncIterator<JsonMessage>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let item = await first; !item.done; item = await iterator.next()) yield utf8(crlf(goJson(item.value)));
  } catch (error) {
    const message = messageOf(error);
    yield utf8(crlf(goJson({ errorDetail: { message }, error: message })));
  } finally {
    await iterator.return?.();
  }
}

// streamformatter ends its lines so.
const crlf = (line: string): string => `${line.slice(0, -1)}\r\n`;

/** Lines of values that are not progress messages: stats, events. */
export async function* jsonLines<T>(values: AsyncIterable<T>, write: (value: T) => string): AsyncGenerator<Uint8Array> {
  for await (const value of values) yield utf8(write(value));
}

/** Head of a hijacked answer: 101 for a client that asked to upgrade, else 200 (moby's postContainersAttach). */
export function hijackHead(request: HttpRequest, contentType: string): Pick<HttpResponse, 'status' | 'headers'> {
  const upgrade = header(request, 'upgrade');
  if (!upgrade) return { status: 200, headers: [['Content-Type', contentType]] };
  return {
    status: 101,
    headers: [
      ['Content-Type', contentType],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'tcp'],
    ],
  };
}
