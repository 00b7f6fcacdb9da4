// HTTP/1.1 messages: what node parses and writes, for server and client.
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

module.exports = { METHODS, STATUS_CODES, IncomingMessage, Parser, OutgoingMessage };
