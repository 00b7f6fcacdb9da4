// The client of http, over net: agents keep connections.
const EventEmitter = require('events');
const net = require('net');
const { coded } = require('errors');
const { Buffer } = require('buffer');
const { nextTick } = require('timers');
const { Parser, OutgoingMessage } = require('http-messages');

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

module.exports = { Agent, globalAgent, ClientRequest };
