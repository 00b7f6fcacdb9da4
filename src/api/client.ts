import {
  type Body,
  bodyText,
  type Duplex,
  fromUtf8,
  type Handler,
  type HeaderList,
  type HttpResponse,
  header,
  isContent,
  jsonBody,
} from '../spec/index.ts';

/** The newest API this client speaks (docker/cli 28.2.2). */
export const clientApiVersion = '1.50';

/** The daemon answered with an error. `message` is what the CLI prints. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The daemon's own text. */
    readonly reason: string,
  ) {
    super(`Error response from daemon: ${reason}`);
  }
}

/** The daemon could not be asked. `message` is what the CLI prints. */
export class ConnectionError extends Error {}

export type Query = Record<string, string | number | boolean | undefined | readonly string[]>;

export interface CallOptions {
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  body?: Body;
  headers?: HeaderList;
  signal?: AbortSignal;
}

/** What a ping tells. */
export interface Ping {
  apiVersion: string;
  osType: string;
  experimental: boolean;
  /** '1' classic, '2' BuildKit. */
  builderVersion: string;
}

/**
 * A client of the Engine API over a handler. It pings once, before the first call, and then speaks the older of the
 * two sides' versions. Answers of status 400 and above become {@link ApiError}.
 */
export class ApiClient {
  private version?: string;
  private pinged?: Promise<Ping>;

  constructor(
    private readonly handler: Handler,
    /** As the user names it: `unix:///var/run/docker.sock`. */
    readonly host: string,
    private readonly fixedVersion?: string,
    private readonly extraHeaders: HeaderList = [],
  ) {}

  /** Never rejects: a daemon that cannot be asked counts as new and not experimental. */
  ping(): Promise<Ping> {
    this.pinged ??= this.askPing();
    return this.pinged;
  }

  private async askPing(): Promise<Ping> {
    let found: HttpResponse | undefined;
    for (const method of ['HEAD', 'GET']) {
      found = await this.handler({ method, target: '/_ping', headers: this.headers() }).catch(() => undefined);
      if (!found || found.status < 400) break;
    }
    const apiVersion = (found && header(found, 'Api-Version')) || '';
    this.version = this.fixedVersion ?? older(apiVersion || clientApiVersion, clientApiVersion);
    return {
      apiVersion: this.version,
      osType: (found && header(found, 'Ostype')) || '',
      // One that could not be asked is taken to have everything.
      experimental: !found || header(found, 'Docker-Experimental') === 'true',
      builderVersion: (found && header(found, 'Builder-Version')) || '',
    };
  }

  private headers(more: HeaderList = []): HeaderList {
    return [
      ['Host', this.host.startsWith('unix:') ? 'api.moby.localhost' : this.host.replace(/^\w+:\/\//, '')],
      ['User-Agent', 'Docker-Client/28.2.2 (linux)'],
      ...this.extraHeaders,
      ...more,
    ];
  }

  /** One exchange. The body is not read. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<HttpResponse> {
    // Asked before the daemon is: an empty name would be another end point.
    const [, kind] = nameless.exec(path) ?? [];
    if (kind) throw new Error(`invalid ${kind} name or ID: value is empty`);
    await this.ping();
    // A name may begin with a slash, as Docker itself tells it.
    const target = `/v${this.version}${path.replaceAll('//', '/')}${queryText(options.query)}`;
    const json = options.json === undefined ? undefined : jsonBody(options.json);
    const headers = this.headers([
      ...(json ? ([['Content-Type', 'application/json']] as const) : []),
      ...(options.headers ?? []),
    ]);
    const response = await this.send(method, target, headers, json ?? options.body, options.signal);
    if (response.status < 400) return response;
    throw new ApiError(response.status, await errorReason(response));
  }

  private async send(
    method: string,
    target: string,
    headers: HeaderList,
    body?: Body,
    signal?: AbortSignal,
  ): Promise<HttpResponse> {
    try {
      return await this.handler({ method, target, headers, body }, { signal });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw connectionError(error as Error, method, this.host, target);
    }
  }

  async json<T>(method: string, path: string, options?: CallOptions): Promise<T> {
    return JSON.parse(await this.text(method, path, options)) as T;
  }
  async text(method: string, path: string, options?: CallOptions): Promise<string> {
    return bodyText((await this.call(method, path, options)).body);
  }
  /** For calls whose answer says nothing. */
  async done(method: string, path: string, options?: CallOptions): Promise<void> {
    const response = await this.call(method, path, options);
    if (response.body && !isContent(response.body)) await bodyText(response.body);
  }
  async stream(method: string, path: string, options?: CallOptions): Promise<AsyncIterable<Uint8Array>> {
    return bodyChunks((await this.call(method, path, options)).body);
  }
  /** The values of a JSON-stream answer, as they come. */
  async *values<T>(method: string, path: string, options?: CallOptions): AsyncGenerator<T> {
    yield* jsonValues<T>(await this.stream(method, path, options));
  }
  /** A call that turns its connection into a byte stream. */
  async hijack(path: string, options: CallOptions = {}): Promise<{ stream: Duplex; mediaType: string }> {
    const upgrade = [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'tcp'],
    ] as const;
    const headers = [...upgrade, ...(options.headers ?? [])];
    const response = await this.call('POST', path, { ...options, headers }).catch((error: unknown) => {
      // The real client does not read why.
      throw error instanceof ApiError ? notUpgraded(error.status) : error;
    });
    if (!response.hijacked) throw notUpgraded(response.status);
    return { stream: response.hijacked, mediaType: header(response, 'Content-Type') ?? '' };
  }
}

/** A path whose name is empty: what is done to the object follows at once. */
const nameless = new RegExp(
  '^/(container|volume|network)s/(?:/(?:json|start|stop|restart|kill|update|rename|pause|unpause|wait|attach|logs|top' +
    '|stats|changes|export|archive|exec|resize|connect|disconnect))?$',
);

const notUpgraded = (status: number): Error => new Error(`unable to upgrade to tcp, received ${status}`);

const older = (a: string, b: string): string => {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  return left[0]! - right[0]! || left[1]! - right[1]!
    ? left[0]! < right[0]! || (left[0] === right[0] && left[1]! < right[1]!)
      ? a
      : b
    : a;
};

/** Sorted by key, as Go's url.Values encodes it. */
export function queryText(query: Query = {}): string {
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  const pairs = Object.keys(query)
    .sort()
    .flatMap((key) => {
      const value = query[key];
      if (value === undefined || value === false) return [];
      const list = Array.isArray(value) ? value : [value === true ? '1' : String(value)];
      return list.map((item: string) => `${encode(key)}=${encode(item)}`);
    });
  return pairs.length ? `?${pairs.join('&')}` : '';
}

async function errorReason(response: HttpResponse): Promise<string> {
  const text = await bodyText(response.body);
  if (header(response, 'Content-Type')?.startsWith('application/json')) {
    try {
      const { message } = JSON.parse(text) as { message?: string };
      if (message) return message.trim();
    } catch {
      return text.trim();
    }
  }
  return text.trim() || `request returned ${response.status}`;
}

function connectionError(error: Error & { code?: string }, method: string, host: string, target: string): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new ConnectionError(
      `permission denied while trying to connect to the Docker daemon socket at ${host}: ${goMethod(method)} "${urlOf(host, target)}": dial unix ${host.replace(/^unix:\/\//, '')}: connect: permission denied`,
    );
  }
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTSOCK') {
    return new ConnectionError(`Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`);
  }
  return new ConnectionError(`error during connect: ${goMethod(method)} "${urlOf(host, target)}": ${error.message}`);
}

const goMethod = (method: string): string => method[0] + method.slice(1).toLowerCase();
const urlOf = (host: string, target: string): string =>
  host.startsWith('unix:')
    ? `http://${encodeURIComponent(host.replace(/^unix:\/\//, ''))}${target}`
    : `${host.replace(/^\w+:/, 'http:')}${target}`;

export async function* bodyChunks(body: Body | undefined): AsyncGenerator<Uint8Array> {
  if (!body) return;
  if (!isContent(body)) {
    yield* body;
    return;
  }
  for (let at = 0; at < body.size; at += 65536) yield body.read(at, 65536);
}

/** The JSON values of a byte stream, one after the other, with or without white space between. */
export async function* jsonValues<T>(source: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  const scanner = new JsonScanner();
  for await (const bytes of source) for (const text of scanner.push(bytes)) yield JSON.parse(text) as T;
}

/** Cuts bytes into top-level JSON objects or arrays. Bytes, because a chunk may end within a character. */
class JsonScanner {
  private held: number[] = [];
  private depth = 0;
  private quoted = false;
  private escaped = false;

  push(bytes: Uint8Array): string[] {
    const out: string[] = [];
    for (const byte of bytes) {
      if (this.depth === 0 && byte !== 0x7b && byte !== 0x5b) continue;
      this.held.push(byte);
      if (this.escaped) this.escaped = false;
      else if (this.quoted) {
        if (byte === 0x5c) this.escaped = true;
        else if (byte === 0x22) this.quoted = false;
      } else if (byte === 0x22) this.quoted = true;
      else if (byte === 0x7b || byte === 0x5b) this.depth++;
      else if (byte === 0x7d || byte === 0x5d) this.depth--;
      if (this.depth === 0) {
        out.push(fromUtf8(Uint8Array.from(this.held)));
        this.held = [];
      }
    }
    return out;
  }
}
