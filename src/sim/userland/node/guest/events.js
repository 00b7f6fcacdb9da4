// events.
const { coded, invalidType } = require('errors');

const captureRejections = Symbol.for('nodejs.rejection');
const errorMonitor = Symbol('events.errorMonitor');

function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}
EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;
let defaultMaxListeners = 10;

EventEmitter.init = function () {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null);
    this._eventsCount = 0;
  }
  this._maxListeners ??= undefined;
};

const check = (listener) => {
  if (typeof listener !== 'function') throw invalidType('listener', 'function', listener);
};

EventEmitter.prototype.setMaxListeners = function (n) {
  this._maxListeners = n;
  return this;
};
EventEmitter.prototype.getMaxListeners = function () {
  return this._maxListeners ?? defaultMaxListeners;
};

EventEmitter.prototype.emit = function (type, ...args) {
  const events = this._events;
  if (type === 'error') {
    if (events?.[errorMonitor]) this.emit(errorMonitor, ...args);
    if (!events?.error) {
      const [error] = args;
      if (error instanceof Error) throw error;
      const shown = require('util').inspect(error);
      throw coded(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. (${shown})`, { context: error });
    }
  }
  const handler = events?.[type];
  if (handler === undefined) return false;
  if (typeof handler === 'function') handler.apply(this, args);
  else for (const one of [...handler]) one.apply(this, args);
  return true;
};

function add(target, type, listener, prepend) {
  check(listener);
  if (target._events === undefined) {
    target._events = Object.create(null);
    target._eventsCount = 0;
  } else if (target._events.newListener !== undefined) target.emit('newListener', type, listener.listener ?? listener);
  const existing = target._events[type];
  if (existing === undefined) {
    target._events[type] = listener;
    target._eventsCount++;
    return target;
  }
  if (typeof existing === 'function') target._events[type] = prepend ? [listener, existing] : [existing, listener];
  else if (prepend) existing.unshift(listener);
  else existing.push(listener);
  const all = target._events[type];
  const most = target.getMaxListeners?.() ?? defaultMaxListeners;
  if (most > 0 && all.length > most && !all.warned) {
    all.warned = true;
    require('process').emitWarning(
      `Possible EventEmitter memory leak detected. ${all.length} ${String(type)} listeners added to [${target.constructor?.name}]. Use emitter.setMaxListeners() to increase limit`,
      'MaxListenersExceededWarning',
    );
  }
  return target;
}

EventEmitter.prototype.addListener = function (type, listener) {
  return add(this, type, listener, false);
};
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.prependListener = function (type, listener) {
  return add(this, type, listener, true);
};

function wrapOnce(target, type, listener) {
  check(listener);
  let fired = false;
  const wrapped = (...args) => {
    if (fired) return undefined;
    fired = true;
    target.removeListener(type, wrapped);
    return listener.apply(target, args);
  };
  wrapped.listener = listener;
  return wrapped;
}
EventEmitter.prototype.once = function (type, listener) {
  return this.on(type, wrapOnce(this, type, listener));
};
EventEmitter.prototype.prependOnceListener = function (type, listener) {
  return this.prependListener(type, wrapOnce(this, type, listener));
};

EventEmitter.prototype.removeListener = function (type, listener) {
  check(listener);
  const existing = this._events?.[type];
  if (existing === undefined) return this;
  const list = typeof existing === 'function' ? [existing] : [...existing];
  const at = list.findLastIndex((one) => one === listener || one.listener === listener);
  if (at < 0) return this;
  list.splice(at, 1);
  if (list.length === 0) {
    delete this._events[type];
    this._eventsCount--;
  } else this._events[type] = list.length === 1 ? list[0] : list;
  if (this._events.removeListener !== undefined) this.emit('removeListener', type, listener.listener ?? listener);
  return this;
};
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function (type) {
  if (this._events === undefined) return this;
  if (type === undefined) {
    for (const key of Reflect.ownKeys(this._events)) if (key !== 'removeListener') this.removeAllListeners(key);
    this._events = Object.create(null);
    this._eventsCount = 0;
  } else for (const one of this.rawListeners(type).reverse()) this.removeListener(type, one);
  return this;
};

EventEmitter.prototype.rawListeners = function (type) {
  const existing = this._events?.[type];
  if (existing === undefined) return [];
  return typeof existing === 'function' ? [existing] : [...existing];
};
EventEmitter.prototype.listeners = function (type) {
  return this.rawListeners(type).map((one) => one.listener ?? one);
};
EventEmitter.prototype.listenerCount = function (type) {
  return this.rawListeners(type).length;
};
EventEmitter.prototype.eventNames = function () {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

function once(emitter, name, options) {
  return new Promise((resolve, reject) => {
    if (typeof emitter.addEventListener === 'function' && typeof emitter.once !== 'function') {
      emitter.addEventListener(name, (event) => resolve([event]), { once: true });
      return;
    }
    const failed = (error) => {
      emitter.removeListener(name, done);
      reject(error);
    };
    const done = (...args) => {
      emitter.removeListener('error', failed);
      resolve(args);
    };
    emitter.once(name, done);
    if (name !== 'error') emitter.once('error', failed);
    options?.signal?.addEventListener('abort', () => failed(options.signal.reason), { once: true });
  });
}

async function* on(emitter, name) {
  const queue = [];
  let wake = () => {};
  let failure;
  emitter.on(name, (...args) => {
    queue.push(args);
    wake();
  });
  emitter.on('error', (error) => {
    failure = error;
    wake();
  });
  for (;;) {
    while (queue.length > 0) yield queue.shift();
    if (failure) throw failure;
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

module.exports = EventEmitter;
Object.assign(EventEmitter, {
  EventEmitter,
  once,
  on,
  errorMonitor,
  captureRejectionSymbol: captureRejections,
  captureRejections: false,
  listenerCount: (emitter, type) => emitter.listenerCount(type),
  getEventListeners: (emitter, type) => emitter.listeners(type),
  setMaxListeners: (n, ...targets) => {
    if (targets.length === 0) defaultMaxListeners = n;
    for (const one of targets) one.setMaxListeners?.(n);
  },
  addAbortListener(signal, listener) {
    signal.addEventListener('abort', listener, { once: true });
    return { [Symbol.dispose ?? Symbol.for('dispose')]: () => signal.removeEventListener('abort', listener) };
  },
});
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  enumerable: true,
  get: () => defaultMaxListeners,
  set: (n) => {
    defaultMaxListeners = n;
  },
});
