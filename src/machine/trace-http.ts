/** HTTP as `http.request` and `http.response` events tell it. */
import {
  type Body,
  BytesContent,
  bodyBytes,
  fromUtf8,
  type Handler,
  type HeaderList,
  type HttpRequest,
  type HttpResponse,
  header,
  isContent,
} from '../spec/index.ts';
import { bodyShown, type Tracer } from '../trace/index.ts';
import type { StepGate } from './step-gate.ts';

/** Pairs requests with responses. */
export class HttpTrace {
  private last = 0;

  constructor(
    private readonly tracer: Tracer,
    private readonly gate: Pick<StepGate, 'passed'>,
  ) {}

  /** The handler, each of whose exchanges is told as one between `from` and `to`. */
  between(from: string, to: string, handler: Handler): Handler {
    return async (request, context) => {
      if (!this.tracer.wants('http.request')) return handler(request, context);
      const id = ++this.last;
      const { method, target } = request;
      const known = { ...request, ...(await shortBody(request)) };
      this.tracer.emit({ type: 'http.request', id, from, to, method, target, ...shown(known.headers, known.body) });
      await this.gate.passed();
      const response = await handler(known, context);
      return this.told(id, response);
    };
  }

  /** Told with its body: of a stream, when that has ended (or nobody reads on). */
  private told(id: number, response: HttpResponse): HttpResponse {
    const { status, headers, body } = response;
    if (body && !isContent(body) && isText(headers)) {
      return { ...response, body: this.watched(body, (text) => this.respond(id, status, text)) };
    }
    this.respond(id, status, shown(headers, body).body);
    return response;
  }

  private respond(id: number, status: number, body: string | undefined): void {
    this.tracer.emit({ type: 'http.response', id, status, ...(body ? { body } : {}) });
  }

  private async *watched(body: AsyncIterable<Uint8Array>, ended: (text: string) => void): AsyncGenerator<Uint8Array> {
    let text = '';
    try {
      for await (const chunk of body) {
        if (text.length < bodyShown) text += fromUtf8(chunk.subarray(0, bodyShown));
        yield chunk;
      }
    } finally {
      ended(withoutSecrets(text.slice(0, bodyShown)));
    }
  }
}

const isText = (headers: HeaderList): boolean =>
  /json|text\/|urlencoded/.test(header({ headers }, 'content-type') ?? '');

/** A short text that is on its way is waited for: whoever reads it would do no less. */
async function shortBody({ headers, body }: HttpRequest): Promise<{ body?: Body }> {
  if (!body || isContent(body) || !isText(headers)) return {};
  const length = Number(header({ headers }, 'content-length') ?? Number.NaN);
  return length <= 16 * bodyShown ? { body: new BytesContent(await bodyBytes(body)) } : {};
}

function shown(headers: HeaderList, body: Body | undefined): { body?: string } {
  if (!body || !isContent(body) || body.size === 0 || !isText(headers)) return {};
  return { body: withoutSecrets(fromUtf8(body.read(0, bodyShown))) };
}

/** Views are shown to a class. */
const withoutSecrets = (text: string): string =>
  text.replace(
    /("(?:password|identitytoken|registrytoken|auth|token|access_token|refresh_token)"\s*:\s*")[^"]*/gi,
    '$1***',
  );
