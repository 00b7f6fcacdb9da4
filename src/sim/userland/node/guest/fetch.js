// fetch and its kin, over http.
const { Buffer } = require('buffer');

class Headers {
  #map = new Map();
  constructor(init) {
    const pairs =
      init === undefined || init === null
        ? []
        : typeof init[Symbol.iterator] === 'function'
          ? init
          : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }
  append(name, value) {
    const key = String(name).toLowerCase();
    this.#map.set(key, this.#map.has(key) ? `${this.#map.get(key)}, ${value}` : String(value).trim());
  }
  set(name, value) {
    this.#map.set(String(name).toLowerCase(), String(value).trim());
  }
  get(name) {
    return this.#map.get(String(name).toLowerCase()) ?? null;
  }
  has(name) {
    return this.#map.has(String(name).toLowerCase());
  }
  delete(name) {
    this.#map.delete(String(name).toLowerCase());
  }
  forEach(callback) {
    for (const [key, value] of this) callback(value, key, this);
  }
  *entries() {
    yield* [...this.#map].sort(([a], [b]) => (a < b ? -1 : 1));
  }
  *keys() {
    for (const [key] of this.entries()) yield key;
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  [require('inspect').inspect.custom](depth, options, inspect) {
    return `Headers ${inspect(Object.fromEntries(this.entries()), options)}`;
  }
}

class Body {
  constructor(body) {
    Object.defineProperty(this, '_body', { value: body, writable: true });
    this.bodyUsed = false;
  }
  async _bytes() {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    this.bodyUsed = true;
    if (this._body === null || this._body === undefined) return Buffer.alloc(0);
    if (typeof this._body[Symbol.asyncIterator] === 'function') {
      const parts = [];
      for await (const part of this._body) parts.push(Buffer.from(part));
      return Buffer.concat(parts);
    }
    return Buffer.from(
      typeof this._body === 'string'
        ? this._body
        : (this._body.bytesOf ?? (this._body instanceof URLSearchParams ? String(this._body) : this._body)),
    );
  }
  get body() {
    return this._body ?? null;
  }
  async text() {
    return (await this._bytes()).toString();
  }
  async json() {
    return JSON.parse(await this.text());
  }
  async arrayBuffer() {
    return host.bytes(await this._bytes());
  }
  async bytes() {
    return new Uint8Array(await this.arrayBuffer());
  }
  async blob() {
    return new Blob([await this._bytes()]);
  }
}

class Request extends Body {
  constructor(input, init = {}) {
    super(init.body ?? input?._body);
    this.url = new URL(typeof input === 'string' || input instanceof URL ? input : input.url).href;
    this.method = (init.method ?? input?.method ?? 'GET').toUpperCase();
    this.headers = new Headers(init.headers ?? input?.headers);
    this.redirect = init.redirect ?? 'follow';
    this.signal = init.signal ?? input?.signal;
  }
}
class Response extends Body {
  constructor(body = null, { status = 200, statusText = '', headers, url = '', redirected = false } = {}) {
    super(body);
    Object.assign(this, { status, statusText, url, redirected, type: 'basic', headers: new Headers(headers) });
  }
  get ok() {
    return this.status >= 200 && this.status < 300;
  }
  static json(data, init) {
    return new Response(JSON.stringify(data), {
      ...init,
      headers: { 'content-type': 'application/json', ...init?.headers },
    });
  }
  clone() {
    return new Response(this._body, this);
  }
}

const failed = (cause) => new TypeError('fetch failed', { cause });

async function fetch(input, init) {
  let url;
  try {
    url = input instanceof Request ? input.url : new URL(String(input)).href;
  } catch (error) {
    throw new TypeError(`Failed to parse URL from ${input}`, { cause: error });
  }
  const request = input instanceof Request ? new Request(input, init) : new Request(url, init);
  if (request.signal?.aborted) throw request.signal.reason;
  for (let hops = 0; ; hops++) {
    const response = await once(request, url);
    const location = response.headers.get('location');
    if (request.redirect !== 'follow' || ![301, 302, 303, 307, 308].includes(response.status) || location === null)
      return response;
    if (hops === 20) throw failed(new Error('redirect count exceeded'));
    url = new URL(location, url).href;
    if (response.status === 303 || (response.status < 303 && request.method === 'POST')) {
      request.method = 'GET';
      request._body = null;
    }
  }
}

async function once(request, url) {
  const { http } = { http: require('http') };
  const target = new URL(url);
  if (!/^https?:$/.test(target.protocol)) throw failed(new Error('unknown scheme'));
  const headers = { ...Object.fromEntries(request.headers) };
  headers.accept ??= '*/*';
  headers['accept-language'] ??= '*';
  headers['sec-fetch-mode'] ??= 'cors';
  headers['user-agent'] ??= 'node';
  const body = request._body === null || request._body === undefined ? undefined : await request._bytes();
  if (body !== undefined) {
    if (request._body instanceof URLSearchParams)
      headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
    else if (typeof request._body === 'string') headers['content-type'] ??= 'text/plain;charset=UTF-8';
    headers['content-length'] = String(body.length);
    request.bodyUsed = false;
  }
  return new Promise((resolve, reject) => {
    const make = target.protocol === 'https:' ? http.https.request : http.request;
    const outgoing = make(target, { method: request.method, headers }, (incoming) => {
      const pairs = [];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        pairs.push([incoming.rawHeaders[i], incoming.rawHeaders[i + 1]]);
      resolve(
        new Response(incoming, {
          status: incoming.statusCode,
          statusText: incoming.statusMessage,
          headers: pairs,
          url,
        }),
      );
    });
    outgoing.on('error', (error) => reject(request.signal?.aborted ? request.signal.reason : failed(error)));
    request.signal?.addEventListener('abort', () => outgoing.destroy(request.signal.reason), { once: true });
    outgoing.end(body);
  });
}

class FormData {
  #list = [];
  append(name, value) {
    this.#list.push([name, value]);
  }
  get(name) {
    return this.#list.find(([key]) => key === name)?.[1] ?? null;
  }
  *[Symbol.iterator]() {
    yield* this.#list;
  }
}
module.exports = { fetch, Headers, Request, Response, FormData };
