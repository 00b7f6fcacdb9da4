// The server of http, over net.
const net = require('net');
const { coded } = require('errors');
const { nextTick } = require('timers');
const { STATUS_CODES, Parser, OutgoingMessage } = require('http-messages');

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

module.exports = { ServerResponse, Server };
