// http: messages, a server and a client over net.
const EventEmitter = require('events');
const net = require('net');
const { Readable, Writable } = require('stream');
const { coded, invalidType } = require('errors');
const { Buffer } = require('buffer');
const { nextTick } = require('timers');

const METHODS =
  'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE'.split(
    ' ',
  );
const STATUS_CODES = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Entity',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  509: 'Bandwidth Limit Exceeded',
  510: 'Not Extended',
  511: 'Network Authentication Required',
};

const single = new Set(
  'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent'.split(
    ' ',
  ),
);

class IncomingMessage extends Readable {
  constructor(socket) {
    super({ highWaterMark: 65536 });
    this.socket = socket;
    this.httpVersion = '1.1';
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.complete = false;
    this.rawHeaders = [];
    this.rawTrailers = [];
    this.headers = {};
    this.trailers = {};
    this.aborted = false;
    this.url = '';
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
  }
  get connection() {
    return this.socket;
  }
  get headersDistinct() {
    const out = {};
    for (let i = 0; i < this.rawHeaders.length; i += 2)
      (out[this.rawHeaders[i].toLowerCase()] ??= []).push(this.rawHeaders[i + 1]);
    return out;
  }
  _read() {
    this._consumed = true;
    this.socket?._parser?.resume();
  }
  _destroy(error, callback) {
    if (!this.complete && this.socket && !this.socket.destroyed) {
      this.aborted = true;
      this.socket.destroy(error ?? undefined);
    }
    callback(error);
  }
  setTimeout(ms, callback) {
    this.socket?.setTimeout(ms, callback);
    return this;
  }
  _take(lines) {
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).trim();
      this.rawHeaders.push(name, value);
      const key = name.toLowerCase();
      if (key === 'set-cookie') (this.headers[key] ??= []).push(value);
      else if (this.headers[key] === undefined) this.headers[key] = value;
      else if (!single.has(key)) this.headers[key] += key === 'cookie' ? `; ${value}` : `, ${value}`;
    }
  }
}

/** Takes a stream of bytes apart into messages. */
class Parser {
  constructor(socket, onHead, onError) {
    Object.assign(this, { socket, onHead, onError, rest: Buffer.alloc(0), message: undefined, state: 'head', left: 0 });
    socket._parser = this;
    this.data = (bytes) => {
      this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
      this.run();
    };
    socket.on('data', this.data);
    socket.on('end', () => this.end());
  }
  detach() {
    this.socket.removeListener('data', this.data);
    this.socket._parser = undefined;
    return this.rest;
  }
  resume() {
    this.socket.resume();
  }
  run() {
    try {
      while (this.step());
    } catch (error) {
      this.onError(error);
    }
  }
  step() {
    if (this.state === 'head') return this.head();
    if (this.state === 'length' || this.state === 'eof' || this.state === 'chunk') return this.body();
    return this.chunkLine();
  }
  head() {
    // An idle connection may send empty lines between messages.
    while (this.rest[0] === 13 || this.rest[0] === 10) this.rest = this.rest.subarray(1);
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.rest.length > 65536) throw coded(Error, 'HPE_HEADER_OVERFLOW', 'Parse Error: Header overflow');
      if (this.rest.length > 0 && this.request && !/^[A-Za-z-]*( |$)/.test(this.rest.toString('latin1', 0, 24)))
        this.invalid('HPE_INVALID_METHOD', 'Invalid method encountered');
      return false;
    }
    const lines = this.rest.toString('latin1', 0, end).split('\r\n');
    this.rest = this.rest.subarray(end + 4);
    const message = new IncomingMessage(this.socket);
    const start = lines.shift();
    const request = /^([A-Z-]+) (\S+) HTTP\/(1)\.([01])$/.exec(start);
    const status = /^HTTP\/(1)\.([01]) (\d{3})(?: (.*))?$/.exec(start);
    if (!request && !status) this.invalid('HPE_INVALID_CONSTANT', 'Expected HTTP/');
    message.httpVersionMinor = Number(request ? request[4] : status[2]);
    message.httpVersion = `1.${message.httpVersionMinor}`;
    if (request) [, message.method, message.url] = request;
    else {
      message.statusCode = Number(status[3]);
      message.statusMessage = status[4] ?? '';
    }
    message._take(lines);
    this.message = message;
    const bodyless = this.onHead(message);
    if (this.socket._parser !== this) return false;
    const chunked = /chunked\s*$/i.test(message.headers['transfer-encoding'] ?? '');
    const length = message.headers['content-length'];
    if (bodyless) this.finish();
    else if (chunked) this.state = 'size';
    else if (length !== undefined) {
      this.left = Number(length);
      this.state = 'length';
      if (this.left === 0) this.finish();
    } else if (request) this.finish();
    else this.state = 'eof';
    return this.rest.length > 0 || this.state === 'head';
  }
  invalid(code, reason) {
    throw Object.assign(coded(Error, code, `Parse Error: ${reason}`), { bytesParsed: 0, reason });
  }
  body() {
    if (this.rest.length === 0) return false;
    const take = this.state === 'eof' ? this.rest.length : Math.min(this.left, this.rest.length);
    const part = this.rest.subarray(0, take);
    this.rest = this.rest.subarray(take);
    this.left -= take;
    if (!this.message.push(part)) this.socket.pause();
    if (this.state !== 'eof' && this.left === 0) {
      if (this.state === 'chunk') this.state = 'after';
      else this.finish();
    }
    return this.rest.length > 0;
  }
  chunkLine() {
    const end = this.rest.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.rest.toString('latin1', 0, end);
    this.rest = this.rest.subarray(end + 2);
    if (this.state === 'after') this.state = 'size';
    else if (this.state === 'size') {
      this.left = Number.parseInt(line, 16);
      if (Number.isNaN(this.left)) this.invalid('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
      this.state = this.left === 0 ? 'trailer' : 'chunk';
    } else if (line === '') this.finish();
    return this.rest.length > 0;
  }
  finish() {
    const { message } = this;
    this.state = 'head';
    this.message = undefined;
    message.complete = true;
    message.push(null);
    this.onDone?.(message);
  }
  end() {
    if (this.state === 'eof') this.finish();
    else if (this.message) {
      this.message.aborted = true;
      this.message.emit('aborted');
      this.message.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    }
  }
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

class OutgoingMessage extends Writable {
  constructor() {
    super({ highWaterMark: 65536, autoDestroy: false, emitClose: false });
    this.headersSent = false;
    this.sendDate = true;
    this.shouldKeepAlive = true;
    this.chunkedEncoding = false;
    this.finished = false;
    this._headers = new Map();
    this._hasBody = true;
    this._held = [];
  }
  get connection() {
    return this.socket;
  }
  setHeader(name, value) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client');
    if (typeof name !== 'string' || !token.test(name))
      throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Header name must be a valid HTTP token ["${name}"]`);
    if (value === undefined)
      throw coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "undefined" for header "${name}"`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test([value].flat().join('')))
      throw coded(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
    this._headers.set(name.toLowerCase(), [name, value]);
    return this;
  }
  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }
  appendHeader(name, value) {
    const old = this.getHeader(name);
    return this.setHeader(name, old === undefined ? value : [old, value].flat());
  }
  getHeader(name) {
    return this._headers.get(String(name).toLowerCase())?.[1];
  }
  hasHeader(name) {
    return this._headers.has(String(name).toLowerCase());
  }
  removeHeader(name) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot remove headers after they are sent to the client');
    this._headers.delete(String(name).toLowerCase());
  }
  getHeaders() {
    return Object.assign(
      Object.create(null),
      Object.fromEntries([...this._headers].map(([key, [, value]]) => [key, value])),
    );
  }
  getHeaderNames() {
    return [...this._headers.keys()];
  }
  getRawHeaderNames() {
    return [...this._headers.values()].map(([name]) => name);
  }
  _head(first, length) {
    if (this._hasBody && !this.hasHeader('content-length') && !this.hasHeader('transfer-encoding')) {
      if (length !== undefined) this._headers.set('content-length', ['Content-Length', String(length)]);
      else if (this._chunks) {
        this._headers.set('transfer-encoding', ['Transfer-Encoding', 'chunked']);
      } else this.shouldKeepAlive = false;
    }
    this.chunkedEncoding = /chunked/i.test(this.getHeader('transfer-encoding') ?? '');
    this.headersSent = true;
    let out = `${first}\r\n`;
    for (const [name, value] of this._headers.values()) for (const one of [value].flat()) out += `${name}: ${one}\r\n`;
    return `${out}\r\n`;
  }
  _put(bytes, callback) {
    if (this.socket) this._flush(bytes, callback);
    else this._held.push([bytes, callback]);
  }
  _flush(bytes, callback) {
    if (this.socket.destroyed) return void nextTick(callback ?? (() => {}));
    this.socket.write(bytes, callback);
  }
  _assign(socket) {
    this.socket = socket;
    for (const [bytes, callback] of this._held.splice(0)) this._flush(bytes, callback);
    this.emit('socket', socket);
  }
  _frame(chunk) {
    if (!this._hasBody) return Buffer.alloc(0);
    return this.chunkedEncoding
      ? Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
      : chunk;
  }
  _write(chunk, _encoding, callback) {
    const head = this.headersSent && this._headOut === undefined ? '' : this._begin(undefined);
    const body = this._frame(chunk);
    const bytes = head === '' ? body : Buffer.concat([Buffer.from(head, 'latin1'), body]);
    if (bytes.length === 0) return callback();
    this._put(bytes, callback);
  }
  _final(callback) {
    const head = this.headersSent && this._headOut === undefined ? '' : this._begin(0);
    const tail = this.chunkedEncoding && this._hasBody ? '0\r\n\r\n' : '';
    if (head + tail === '') return callback();
    this._put(Buffer.from(head + tail, 'latin1'), () => callback());
  }
  /** The head as text, once; `length` when the whole body is known. */
  _begin(length) {
    if (this._headOut !== undefined) {
      const head = this._headOut;
      this._headOut = undefined;
      return head;
    }
    return this._makeHead(length);
  }
  write(chunk, encoding, callback) {
    if (this.finished) {
      const error = coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end');
      nextTick(() => this.destroyed || this.emit('error', error));
      return false;
    }
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw invalidType('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
    return super.write(chunk, encoding, callback);
  }
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk];
    else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    if (this.finished) {
      if (typeof callback === 'function') nextTick(callback);
      return this;
    }
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw invalidType('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
    const data =
      chunk === undefined || chunk === null
        ? undefined
        : typeof chunk === 'string'
          ? Buffer.from(chunk, encoding)
          : chunk;
    // All of it at once: its length is known.
    if (!this.headersSent && this.writableLength === 0) this._headOut = this._makeHead(data?.length ?? 0);
    if (data !== undefined && data.length > 0) super.write(data);
    this.finished = true;
    super.end(callback);
    return this;
  }
  flushHeaders() {
    if (!this.headersSent) this._put(Buffer.from(this._makeHead(undefined), 'latin1'));
  }
  setTimeout(ms, callback) {
    if (callback) this.once('timeout', callback);
    const set = (socket) => socket.setTimeout(ms, () => this.emit('timeout'));
    if (this.socket) set(this.socket);
    else this.once('socket', set);
    return this;
  }
  addTrailers() {}
  cork() {}
  uncork() {}
}

class ServerResponse extends OutgoingMessage {
  constructor(request) {
    super();
    this.req = request;
    this.statusCode = 200;
    this.statusMessage = undefined;
    this._chunks = request.httpVersionMinor === 1;
    this._hasBody = request.method !== 'HEAD';
    const wanted = (request.headers.connection ?? '').toLowerCase();
    this.shouldKeepAlive = request.httpVersionMinor === 1 ? !wanted.includes('close') : wanted.includes('keep-alive');
  }
  writeHead(status, reason, headers) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot write headers after they are sent to the client');
    if (typeof reason !== 'string') [reason, headers] = [undefined, reason];
    if (!(status >= 100 && status <= 999))
      throw coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${status}`);
    this.statusCode = status | 0;
    if (reason !== undefined) this.statusMessage = reason;
    if (Array.isArray(headers)) {
      const flat = headers.flat();
      for (let i = 0; i < flat.length; i += 2) this.setHeader(flat[i], flat[i + 1]);
    } else
      for (const name of Object.keys(headers ?? {}))
        if (headers[name] !== undefined) this.setHeader(name, headers[name]);
    this._decided = true;
    return this;
  }
  _makeHead(length) {
    const { statusCode } = this;
    const empty = statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode < 200);
    if (empty) {
      this._hasBody = false;
      if (statusCode !== 304) this._headers.delete('content-length');
    }
    this.statusMessage ??= STATUS_CODES[statusCode] ?? 'unknown';
    if (this.sendDate && !this.hasHeader('date')) this._headers.set('date', ['Date', new Date().toUTCString()]);
    const connection = this.getHeader('connection');
    if (connection !== undefined) this.shouldKeepAlive = !/close/i.test(connection);
    const framed =
      this.hasHeader('content-length') ||
      this.hasHeader('transfer-encoding') ||
      length !== undefined ||
      this._chunks ||
      empty;
    if (!framed) this.shouldKeepAlive = false;
    if (connection === undefined) {
      this._headers.set('connection', ['Connection', this.shouldKeepAlive ? 'keep-alive' : 'close']);
      if (this.shouldKeepAlive)
        this._headers.set('keep-alive', [
          'Keep-Alive',
          `timeout=${Math.floor((this.req.socket.server?.keepAliveTimeout ?? 5000) / 1000)}`,
        ]);
    }
    if (!this._hasBody && !empty && length !== undefined && !this.hasHeader('content-length') && length > 0)
      this._headers.set('content-length', ['Content-Length', String(length)]);
    return this._head(`HTTP/1.1 ${statusCode} ${this.statusMessage}`, length);
  }
  writeContinue(callback) {
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', callback);
  }
  assignSocket(socket) {
    this._assign(socket);
  }
  detachSocket() {
    this.socket = null;
  }
}

class Server extends net.Server {
  constructor(options, listener) {
    if (typeof options === 'function') [options, listener] = [{}, options];
    super(options ?? {});
    this._halfOpen = true;
    this.timeout = 0;
    this.keepAliveTimeout = options?.keepAliveTimeout ?? 5000;
    this.headersTimeout = 60000;
    this.requestTimeout = 300000;
    this.maxHeadersCount = null;
    if (listener) this.on('request', listener);
    this.on('connection', (socket) => serve(this, socket));
  }
  setTimeout(ms, callback) {
    this.timeout = ms;
    if (callback) this.on('timeout', callback);
    return this;
  }
  closeAllConnections() {
    for (const socket of this._connections) socket.destroy();
  }
  closeIdleConnections() {
    for (const socket of this._connections) if (!socket._busy) socket.destroy();
  }
  close(callback) {
    super.close(callback);
    this.closeIdleConnections();
    return this;
  }
}

function serve(server, socket) {
  const queue = [];
  socket._busy = 0;
  const next = () => {
    const [response] = queue;
    if (response && response.socket !== socket) response._assign(socket);
  };
  const idle = () => {
    socket.setTimeout(0);
    if (server.keepAliveTimeout > 0)
      socket.setTimeout(server.keepAliveTimeout, () => !socket._busy && socket.destroy());
  };
  const parser = new Parser(
    socket,
    (request) => {
      socket._busy++;
      socket.setTimeout(server.timeout);
      if (request.httpVersionMinor === 1 && request.headers.host === undefined) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return true;
      }
      if (
        request.headers.upgrade !== undefined &&
        /upgrade/i.test(request.headers.connection ?? '') &&
        server.listenerCount('upgrade') > 0
      ) {
        const rest = parser.detach();
        host.guard(() => server.emit('upgrade', request, socket, rest));
        return true;
      }
      const response = new ServerResponse(request);
      request.res = response;
      queue.push(response);
      next();
      response.on('finish', () => {
        queue.shift();
        socket._busy--;
        if (!request._consumed) request._dump?.();
        request.resume();
        if (!response.shouldKeepAlive || !server.listening) socket.destroySoon();
        else if (queue.length === 0) idle();
        response.emit('close');
        next();
      });
      if (/100-continue/i.test(request.headers.expect ?? '')) {
        if (server.listenerCount('checkContinue') > 0) {
          host.guard(() => server.emit('checkContinue', request, response));
          return false;
        }
        response.writeContinue();
      }
      nextTick(() => server.emit('request', request, response));
      return false;
    },
    (error) => {
      if (server.listenerCount('clientError') > 0) server.emit('clientError', error, socket);
      else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    },
  );
  parser.request = true;
  socket.on('end', () => queue.length === 0 && socket.end());
  socket.on('error', (error) => {
    if (server.listenerCount('clientError') > 0) server.emit('clientError', error, socket);
  });
  socket.on('close', () => {
    for (const response of queue) {
      response.req.aborted = true;
      response.req.emit('aborted');
      if (!response.writableFinished) response.emit('close');
      if (!response.req.complete) response.req.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      else response.req.emit('close');
    }
  });
}

class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.options = { ...options };
    this.keepAlive = options.keepAlive ?? false;
    this.maxSockets = options.maxSockets ?? Infinity;
    this.defaultPort = 80;
    this.protocol = 'http:';
    this.free = new Map();
    this.sockets = {};
    this.freeSockets = {};
    this.requests = {};
  }
  take(key) {
    const list = this.free.get(key) ?? [];
    for (let socket = list.pop(); socket; socket = list.pop()) {
      if (!socket.destroyed) {
        socket.ref();
        return socket;
      }
    }
    return undefined;
  }
  give(key, socket) {
    socket.unref();
    if (!this.free.has(key)) this.free.set(key, []);
    this.free.get(key).push(socket);
    socket.setTimeout(5000, () => socket.destroy());
  }
  destroy() {
    for (const list of this.free.values()) for (const socket of list) socket.destroy();
  }
  getName({ host: name, port }) {
    return `${name}:${port}:`;
  }
}
const globalAgent = new Agent({ keepAlive: true });

class ClientRequest extends OutgoingMessage {
  constructor(input, options, callback) {
    super();
    if (typeof input === 'string' || input?.href !== undefined) {
      const url = typeof input === 'string' ? new URL(input) : input;
      if (typeof options === 'function') [options, callback] = [undefined, options];
      const base = {
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || undefined,
        path: `${url.pathname}${url.search}`,
      };
      if (url.username) base.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      input = { ...base, ...options };
    } else if (typeof options === 'function') callback = options;
    const given = { ...input };
    const expected = given.secure ? 'https:' : 'http:';
    if (given.protocol && given.protocol !== expected && !(given.protocol === 'https:' && given.secure)) {
      throw coded(
        TypeError,
        'ERR_INVALID_PROTOCOL',
        `Protocol "${given.protocol}" not supported. Expected "${expected}"`,
      );
    }
    const name = given.hostname ?? given.host ?? 'localhost';
    const port = Number(given.port ?? given.defaultPort ?? (given.secure ? 443 : 80));
    this.method = (given.method ?? 'GET').toUpperCase();
    this.path = given.path ?? '/';
    if (/[\u0000-\u0020]/.test(this.path))
      throw coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters');
    this.host = name;
    this.protocol = given.secure ? 'https:' : 'http:';
    this.agent = given.agent === false ? new Agent() : (given.agent ?? globalAgent);
    this._chunks = true;
    this.aborted = false;
    this.reusedSocket = false;
    const headers = given.headers ?? {};
    if (Array.isArray(headers)) for (let i = 0; i < headers.length; i += 2) this.setHeader(headers[i], headers[i + 1]);
    else for (const key of Object.keys(headers)) if (headers[key] !== undefined) this.setHeader(key, headers[key]);
    if (!this.hasHeader('host') && given.setHost !== false)
      this.setHeader('Host', port === (given.secure ? 443 : 80) ? name : `${name}:${port}`);
    if (given.auth && !this.hasHeader('authorization'))
      this.setHeader('Authorization', `Basic ${Buffer.from(given.auth).toString('base64')}`);
    if (callback) this.once('response', callback);
    if (given.timeout) this.setTimeout(given.timeout);
    given.signal?.addEventListener('abort', () => this.destroy(given.signal.reason), { once: true });
    this._key = `${name}:${port}`;
    nextTick(() => this._connect(given, name, port));
  }
  _connect(given, name, port) {
    if (this.destroyed) return;
    if (given.secure) {
      // No program of the simulated host speaks TLS.
      this.destroy(Object.assign(new Error('drydock: TLS is not simulated: use http://'), { code: 'EPROTO' }));
      return;
    }
    const old = this.agent.keepAlive ? this.agent.take(this._key) : undefined;
    this.reusedSocket = old !== undefined;
    const socket =
      old ??
      (given.createConnection
        ? given.createConnection(given)
        : given.socketPath
          ? net.connect({ path: given.socketPath })
          : net.connect({ port, host: name }));
    socket.setTimeout(0);
    const failed = (error) => {
      if (this.res) this.res.destroy(error);
      else this.destroy(error);
    };
    const closed = () => {
      if (!this.res && !this.destroyed)
        this.destroy(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
      else if (this.res && !this.res.complete)
        this.res.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    };
    socket.on('error', failed);
    socket.on('close', closed);
    const parser = new Parser(socket, (response) => this._respond(response, socket, parser), failed);
    parser.onDone = () => {
      parser.detach();
      socket.removeListener('error', failed);
      socket.removeListener('close', closed);
      const close =
        !this.shouldKeepAlive ||
        !this.agent.keepAlive ||
        /close/i.test(this.res?.headers.connection ?? '') ||
        this.res?.httpVersionMinor === 0;
      if (close) socket.destroySoon();
      else {
        socket.on('error', () => socket.destroy());
        this.agent.give(this._key, socket);
      }
      nextTick(() => this.emit('close'));
    };
    this._assign(socket);
  }
  _respond(response, socket, parser) {
    if (response.statusCode === 100) return true;
    this.res = response;
    response.req = this;
    if (response.statusCode === 101 || this.method === 'CONNECT') {
      const rest = parser.detach();
      this.emit(this.method === 'CONNECT' ? 'connect' : 'upgrade', response, socket, rest);
      return true;
    }
    nextTick(() => {
      if (!this.emit('response', response)) response.resume();
    });
    return this.method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304;
  }
  _makeHead(length) {
    const body =
      /^(POST|PUT|PATCH|DELETE|OPTIONS)$/.test(this.method) ||
      this.writableLength > 0 ||
      length > 0 ||
      this.hasHeader('content-length') ||
      this.hasHeader('transfer-encoding');
    if (length === 0 && /^(GET|HEAD|DELETE|OPTIONS|TRACE|CONNECT)$/.test(this.method)) this._hasBody = false;
    else if (length === undefined && !body) this._hasBody = true;
    if (!this.hasHeader('connection'))
      this._headers.set('connection', ['Connection', this.agent.keepAlive ? 'keep-alive' : 'close']);
    return this._head(`${this.method} ${this.path} HTTP/1.1`, length);
  }
  _destroy(error, callback) {
    if (this.socket && !this.res?.complete) this.socket.destroy();
    callback(
      error ?? (this.res || this.aborted ? null : Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })),
    );
  }
  abort() {
    this.aborted = true;
    this.emit('abort');
    this.destroy();
  }
  setNoDelay() {}
  setSocketKeepAlive() {}
}

const callable = (Class) =>
  new Proxy(Class, {
    apply: (_t, self, args) =>
      self && Object.prototype.isPrototypeOf.call(Class.prototype, self)
        ? Object.assign(self, new Class(...args))
        : new Class(...args),
  });

const request = (...args) => new ClientRequest(...args);
const get = (...args) => {
  const out = request(...args);
  out.end();
  return out;
};
const secure = (fn) => (input, options, callback) => {
  if (typeof options === 'function') [options, callback] = [{}, options];
  return typeof input === 'string' || input?.href !== undefined
    ? fn(input, { ...options, secure: true }, callback)
    : fn({ ...input, secure: true }, callback);
};
const http = {
  METHODS,
  STATUS_CODES,
  Agent,
  ClientRequest: callable(ClientRequest),
  IncomingMessage: callable(IncomingMessage),
  OutgoingMessage: callable(OutgoingMessage),
  Server: callable(Server),
  ServerResponse: callable(ServerResponse),
  createServer: (options, listener) => new Server(options, listener),
  request,
  get,
  globalAgent,
  maxHeaderSize: 16384,
  validateHeaderName() {},
  validateHeaderValue() {},
};
module.exports = http;
Object.defineProperty(http, 'https', {
  enumerable: false,
  value: {
    Agent,
    globalAgent,
    request: secure(request),
    get: secure(get),
    Server: class {},
    createServer() {
      throw new Error('drydock: TLS is not simulated: node:https cannot serve');
    },
  },
});
