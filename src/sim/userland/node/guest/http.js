// http, as a program requires it.
const { Agent, globalAgent, ClientRequest } = require('http-client');
const { METHODS, STATUS_CODES, IncomingMessage, OutgoingMessage } = require('http-messages');
const { ServerResponse, Server } = require('http-server');

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
