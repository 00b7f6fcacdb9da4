// net: TCP and unix sockets.
const EventEmitter = require('events');
const { Duplex } = require('stream');
const { coded, invalidType } = require('errors');
const { Buffer } = require('buffer');

const isIPv4 = (text) => /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(text);
const isIPv6 = (text) => typeof text === 'string' && text.includes(':') && /^[\da-f:.]+(%\w+)?$/i.test(text);
const isIP = (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

function failed(failure, syscall, where) {
  const place = where?.path ?? (where?.address !== undefined ? `${where.address}:${where.port}` : undefined);
  const error = new Error(
    `${syscall} ${failure.code}${syscall === 'listen' ? `: ${failure.text}` : ''}${place === undefined ? '' : ` ${place}`}`,
  );
  error.stack = error.stack.replace(
    /\n[^]*$/,
    syscall === 'connect'
      ? '\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)'
      : (whole) => whole,
  );
  Object.assign(error, { errno: failure.errno, code: failure.code, syscall });
  if (where?.path !== undefined) error.address = where.path;
  else if (where) Object.assign(error, { address: where.address, port: where.port });
  return error;
}

class Socket extends Duplex {
  constructor(options = {}) {
    super({
      allowHalfOpen: options.allowHalfOpen ?? false,
      autoDestroy: true,
      decodeStrings: true,
      highWaterMark: 65536,
    });
    this.connecting = false;
    this._fd = options.fd ?? -1;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.timeout = 0;
    this._refed = true;
    if (options.fd !== undefined && !options.handle) this._open(options.fd);
  }
  _open(fd) {
    this._fd = fd;
    this.connecting = false;
    try {
      this._local = host.call('net.local', fd);
      this._peer = host.call('net.peer', fd);
    } catch {
      this._peer ??= {};
    }
  }
  get remoteAddress() {
    return this._peer?.address;
  }
  get remotePort() {
    return this._peer?.port;
  }
  get remoteFamily() {
    return this._peer?.family;
  }
  get localAddress() {
    return this._local?.address;
  }
  get localPort() {
    return this._local?.port;
  }
  get pending() {
    return this._fd < 0;
  }
  get readyState() {
    return this.connecting
      ? 'opening'
      : this.readable && this.writable
        ? 'open'
        : this.readable
          ? 'readOnly'
          : this.writable
            ? 'writeOnly'
            : 'closed';
  }
  address() {
    return this._local ? { address: this._local.address, family: this._local.family, port: this._local.port } : {};
  }
  connect(...args) {
    let [options, host_, callback] = args;
    if (typeof options !== 'object')
      options = /^\d+$/.test(String(options))
        ? { port: Number(options), host: typeof host_ === 'string' ? host_ : undefined }
        : { path: options };
    callback = args.find((one) => typeof one === 'function') ?? callback;
    if (typeof callback === 'function') this.once('connect', callback);
    this.connecting = true;
    const done = (where) => (failure, fd) => {
      if (this.destroyed) {
        if (!failure) host.call('net.close', fd);
        return;
      }
      if (failure) return this.destroy(failed(failure, 'connect', where));
      this._open(fd);
      this.emit('connect');
      this.emit('ready');
      this._waiting?.();
      if (this._wanted) this._read();
      else this.read(0);
    };
    if (options.path) {
      host.async('net.connectPath', [options.path], done({ path: options.path }));
      return this;
    }
    const port = Number(options.port);
    if (!(port >= 0 && port < 65536))
      throw coded(
        RangeError,
        'ERR_SOCKET_BAD_PORT',
        `Port should be >= 0 and < 65536. Received type ${typeof options.port} (${require('util').inspect(options.port)}).`,
      );
    require('dns').lookup(options.host ?? 'localhost', {}, (error, address) => {
      this.emit('lookup', error, address, 4, options.host);
      if (error) return this.destroy(error);
      host.async('net.connect', [address, port], done({ address, port }), this._refed);
    });
    return this;
  }
  _read() {
    if (this._fd < 0) {
      this._wanted = true;
      return;
    }
    if (this._reading !== undefined) return;
    this._reading = host.async(
      'read',
      [this._fd, 65536],
      (failure, bytes) => {
        this._reading = undefined;
        if (this.destroyed) return;
        this._active();
        if (failure) return this.destroy(failed(failure, 'read'));
        this.bytesRead += bytes.byteLength;
        if (bytes.byteLength > 0) return this.push(Buffer.from(bytes));
        this.push(null);
        this.read(0);
      },
      this._refed,
    );
  }
  _write(chunk, encoding, callback) {
    if (this._fd < 0) {
      this._waiting = () => this._write(chunk, encoding, callback);
      return;
    }
    this._active();
    this.bytesWritten += chunk.length;
    host.async('writeAll', [this._fd, host.bytes(chunk)], (failure) =>
      callback(failure ? failed(failure, 'write') : null),
    );
  }
  _writev(chunks, callback) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', callback);
  }
  _final(callback) {
    if (this._fd < 0) {
      if (!this.connecting) return callback();
      this._waiting = () => this._final(callback);
      return;
    }
    try {
      host.call('net.shutdown', this._fd);
    } catch {
      // The other side may have gone first.
    }
    callback();
  }
  _destroy(error, callback) {
    clearTimeout(this._timer);
    if (this._fd >= 0) {
      if (this._reading !== undefined) host.ref(this._reading, false);
      host.call('net.close', this._fd);
      this._fd = -1;
    }
    this.connecting = false;
    callback(error);
    require('process').nextTick(() => this.server?._left(this));
  }
  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', this.destroy);
  }
  _active() {
    if (this._timer) this._timer.refresh();
  }
  setTimeout(ms, callback) {
    clearTimeout(this._timer);
    this.timeout = ms;
    if (callback) this.once('timeout', callback);
    this._timer = ms > 0 ? setTimeout(() => this.emit('timeout'), ms).unref() : undefined;
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    this._refed = true;
    if (this._reading !== undefined) host.ref(this._reading, true);
    return this;
  }
  unref() {
    this._refed = false;
    if (this._reading !== undefined) host.ref(this._reading, false);
    return this;
  }
  resetAndDestroy() {
    return this.destroy();
  }
}
Object.defineProperty(Socket.prototype, 'bufferSize', {
  get() {
    return this.writableLength;
  },
});

class Server extends EventEmitter {
  constructor(options, listener) {
    super();
    if (typeof options === 'function') listener = options;
    else this._options = options;
    if (listener) this.on('connection', listener);
    this._connections = new Set();
    this._fd = -1;
    this._refed = true;
  }
  get listening() {
    return this._fd >= 0;
  }
  listen(...args) {
    const callback = args.findLast((one) => typeof one === 'function');
    if (callback) this.once('listening', callback);
    let [port, host_] = args;
    let path;
    if (port !== null && typeof port === 'object') ({ port, host: host_, path } = port);
    else if (typeof port === 'string' && !/^\d+$/.test(port)) path = port;
    if (typeof port === 'function' || port === undefined || port === null) port = 0;
    if (this._fd >= 0)
      throw coded(Error, 'ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once without closing.');
    if (path === undefined && !(Number(port) >= 0 && Number(port) < 65536 && Number.isInteger(Number(port)))) {
      throw coded(
        RangeError,
        'ERR_SOCKET_BAD_PORT',
        `options.port should be >= 0 and < 65536. Received type ${typeof port} (${require('util').inspect(port)}).`,
      );
    }
    const begin = (address) => {
      try {
        this._fd =
          path === undefined ? host.call('net.listen', address, Number(port)) : host.call('net.listenPath', path);
      } catch (failure) {
        if (failure?.text === undefined) throw failure;
        const error = failed(failure, 'listen', path === undefined ? { address, port: Number(port) } : { path });
        require('process').nextTick(() => this.emit('error', error));
        return;
      }
      this._path = path;
      this._accept();
      require('process').nextTick(() => this._fd >= 0 && this.emit('listening'));
    };
    const address = typeof host_ === 'string' ? host_ : '::';
    if (path !== undefined || isIP(address)) begin(address);
    else require('dns').lookup(address, {}, (error, found) => (error ? this.emit('error', error) : begin(found)));
    return this;
  }
  _accept() {
    this._accepting = host.async(
      'net.accept',
      [this._fd],
      (failure, fd) => {
        if (this._fd < 0) {
          if (!failure) host.call('net.close', fd);
          return;
        }
        this._accept();
        if (failure) return;
        const socket = new Socket({ fd, allowHalfOpen: this._options?.allowHalfOpen ?? this._halfOpen });
        socket.server = this;
        this._connections.add(socket);
        this.emit('connection', socket);
        if (!socket._reading && !socket.destroyed) socket.read(0);
      },
      this._refed,
    );
  }
  _left(socket) {
    if (!this._connections.delete(socket)) return;
    this._over();
  }
  _over() {
    if (this._closing && this._connections.size === 0) {
      this._closing = false;
      require('process').nextTick(() => this.emit('close'));
    }
  }
  close(callback) {
    if (typeof callback === 'function') {
      if (this._fd < 0)
        this.once('close', () => callback(coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.')));
      else this.once('close', callback);
    }
    if (this._fd >= 0) {
      host.ref(this._accepting, false);
      host.call('net.close', this._fd);
      this._fd = -1;
      if (this._path !== undefined) host.call('fs.unlink', this._path);
    }
    this._closing = true;
    this._over();
    return this;
  }
  address() {
    if (this._fd < 0) return null;
    const found = host.call('net.local', this._fd);
    return found.path !== undefined ? found.path : { address: found.address, family: found.family, port: found.port };
  }
  getConnections(callback) {
    callback(null, this._connections.size);
  }
  ref() {
    this._refed = true;
    if (this._accepting !== undefined) host.ref(this._accepting, true);
    return this;
  }
  unref() {
    this._refed = false;
    if (this._accepting !== undefined) host.ref(this._accepting, false);
    return this;
  }
}
void invalidType;
const callable = (Class) => new Proxy(Class, { apply: (_t, _self, args) => new Class(...args) });
const connect = (...args) => new Socket(typeof args[0] === 'object' ? args[0] : {}).connect(...args);
module.exports = {
  Socket: callable(Socket),
  Stream: Socket,
  Server: callable(Server),
  createServer: (options, listener) => new Server(options, listener),
  connect,
  createConnection: connect,
  isIP,
  isIPv4: (text) => isIPv4(text),
  isIPv6,
  BlockList: class {},
  setDefaultAutoSelectFamily() {},
  getDefaultAutoSelectFamily: () => true,
};
