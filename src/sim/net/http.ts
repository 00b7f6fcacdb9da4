/** HTTP/1.1 messages on a byte stream (RFC 9112): heads, bodies by length, chunks or until close. */
import {
  type Body,
  chunks,
  type Duplex,
  fromUtf8,
  type HeaderList,
  header,
  isContent,
  utf8,
} from '../../spec/index.ts';

export interface Head {
  /** Request: method, target, version. Response: version, status, reason. */
  start: [string, string, string];
  headers: [string, string][];
}

/** Longer heads are refused. */
const maximumHead = 65536;

/** Reads messages off a duplex, keeping what came too much. */
export class HttpReader {
  private buffer: Uint8Array = new Uint8Array(0);

  constructor(private readonly stream: Pick<Duplex, 'read'>) {}

  /** What is buffered and then the stream itself: after an upgrade. */
  takeRest(): Uint8Array {
    const rest = this.buffer;
    this.buffer = new Uint8Array(0);
    return rest;
  }

  /** Undefined at the end of the stream before any byte. */
  async head(): Promise<Head | undefined> {
    for (;;) {
      const end = headEnd(this.buffer);
      if (end >= 0) {
        const text = fromUtf8(this.buffer.subarray(0, end));
        this.buffer = this.buffer.subarray(end);
        return parseHead(text);
      }
      if (this.buffer.length > maximumHead) throw new Error('request header too large');
      if (!(await this.more())) {
        if (this.buffer.length > 0) throw new Error('unexpected EOF');
        return undefined;
      }
    }
  }

  /** The body that follows a head; empty when there is none. `untilClose` for responses without length. */
  async *body(headers: HeaderList, untilClose = false): AsyncGenerator<Uint8Array> {
    const message = { headers };
    if (/\bchunked\b/i.test(header(message, 'transfer-encoding') ?? '')) return yield* this.chunked();
    const length = header(message, 'content-length');
    if (length !== undefined) return yield* this.exactly(Number(length));
    if (!untilClose) return;
    do {
      const bytes = this.takeRest();
      if (bytes.length > 0) yield bytes;
    } while (await this.more());
  }

  private async *exactly(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.buffer.length === 0 && !(await this.more())) throw new Error('unexpected EOF');
      const piece = this.buffer.subarray(0, left);
      this.buffer = this.buffer.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  private async *chunked(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const size = Number.parseInt(await this.line(), 16);
      if (Number.isNaN(size)) throw new Error('invalid byte in chunk length');
      if (size === 0) break;
      yield* this.exactly(size);
      await this.line();
    }
    while ((await this.line()) !== '');
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf(10);
      if (end >= 0) {
        const text = fromUtf8(this.buffer.subarray(0, end)).replace(/\r$/, '');
        this.buffer = this.buffer.subarray(end + 1);
        return text;
      }
      if (!(await this.more())) throw new Error('unexpected EOF');
    }
  }

  private async more(): Promise<boolean> {
    const bytes = await this.stream.read();
    if (!bytes || bytes.length === 0) return false;
    if (this.buffer.length === 0) this.buffer = bytes;
    else {
      const joined = new Uint8Array(this.buffer.length + bytes.length);
      joined.set(this.buffer);
      joined.set(bytes, this.buffer.length);
      this.buffer = joined;
    }
    return true;
  }
}

function headEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

export function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [a = '', b = '', ...rest] = first.split(' ');
  const headers = lines
    .filter((line) => line.includes(':'))
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  return { start: [a, b, rest.join(' ')], headers };
}

export const formatHead = (start: string, headers: HeaderList): Uint8Array =>
  utf8(`${start}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);

/** Headers that say how the body is framed, added where they are missing. */
export function framing(headers: HeaderList, body: Body | undefined): [string, string][] {
  const list = headers.map(([name, value]): [string, string] => [name, value]);
  const has = (name: string): boolean => header({ headers }, name) !== undefined;
  if (has('content-length') || has('transfer-encoding')) return list;
  if (!body || isContent(body)) list.push(['Content-Length', String(body ? body.size : 0)]);
  else list.push(['Transfer-Encoding', 'chunked']);
  return list;
}

/** Writes a body as its headers say. */
export async function writeBody(
  stream: Pick<Duplex, 'write'>,
  body: Body | undefined,
  headers: HeaderList,
): Promise<void> {
  if (!body) return;
  const chunked = /\bchunked\b/i.test(header({ headers }, 'transfer-encoding') ?? '');
  for await (const piece of isContent(body) ? chunks(body) : body) {
    if (piece.length === 0) continue;
    if (chunked) await stream.write(utf8(`${piece.length.toString(16)}\r\n`));
    await stream.write(piece);
    if (chunked) await stream.write(utf8('\r\n'));
  }
  if (chunked) await stream.write(utf8('0\r\n\r\n'));
}

export const reasons: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'UPGRADED',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
