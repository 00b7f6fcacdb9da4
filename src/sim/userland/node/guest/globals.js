// The global object of a node program.
const hidden = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
const lazy = (name, id, key = name) =>
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get() {
      const value = require(id)[key];
      hidden(name, value);
      return value;
    },
    set: (value) => hidden(name, value),
  });
const shown = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });

hidden('global', globalThis);
Object.defineProperty(globalThis, Symbol.toStringTag, { value: 'global', configurable: true });

// Time and chance are the simulated host's.
const NativeDate = Date;
const clock = () => Math.floor(host.call('clock'));
const Dated = new Proxy(NativeDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [clock()] : args, newTarget === Dated ? target : newTarget),
  apply: () => new Dated().toString(),
});
Object.defineProperty(NativeDate, 'now', { value: clock, writable: true, configurable: true });
Object.defineProperty(NativeDate.prototype, 'constructor', { value: Dated, writable: true, configurable: true });
hidden('Date', Dated);
// The containers' time zone is UTC whatever the engine's host has.
for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
  for (const verb of ['get', 'set']) {
    const utc = NativeDate.prototype[`${verb}UTC${part}`];
    if (utc)
      Object.defineProperty(NativeDate.prototype, `${verb}${part}`, { value: utc, writable: true, configurable: true });
  }
}
const define = (prototype, name, value) =>
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
define(NativeDate.prototype, 'getTimezoneOffset', () => 0);
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n) => String(n).padStart(2, '0');
define(NativeDate.prototype, 'toDateString', function toDateString() {
  if (Number.isNaN(this.getTime())) return 'Invalid Date';
  return `${days[this.getDay()]} ${months[this.getMonth()]} ${two(this.getDate())} ${String(this.getFullYear()).padStart(4, '0')}`;
});
define(NativeDate.prototype, 'toTimeString', function toTimeString() {
  if (Number.isNaN(this.getTime())) return 'Invalid Date';
  return `${two(this.getHours())}:${two(this.getMinutes())}:${two(this.getSeconds())} GMT+0000 (Coordinated Universal Time)`;
});
define(NativeDate.prototype, 'toString', function toString() {
  return Number.isNaN(this.getTime()) ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`;
});

let chances = new Float64Array(0);
let next = 0;
Math.random = () => {
  if (next >= chances.length) {
    const words = new Uint32Array(host.call('random', 1024));
    chances = Float64Array.from(
      { length: words.length / 2 },
      (_, i) => (words[2 * i] * 2 ** 21 + (words[2 * i + 1] >>> 11)) / 2 ** 53,
    );
    next = 0;
  }
  return chances[next++];
};

// Forms of dates and numbers.
const date = (value, locale, options, otherwise) =>
  Number.isNaN(value.getTime())
    ? 'Invalid Date'
    : host.call(
        'intl.date',
        value.getTime(),
        [locale].flat()[0] ?? 'en-US',
        options && Object.keys(options).some((key) => key !== 'timeZone' && key !== 'hour12')
          ? options
          : { ...otherwise, ...options },
      );
const dateParts = { year: 'numeric', month: 'numeric', day: 'numeric' };
const timeParts = { hour: 'numeric', minute: 'numeric', second: 'numeric' };
define(NativeDate.prototype, 'toLocaleDateString', function toLocaleDateString(locale, options) {
  return date(this, locale, options, dateParts);
});
define(NativeDate.prototype, 'toLocaleTimeString', function toLocaleTimeString(locale, options) {
  return date(this, locale, options, timeParts);
});
define(NativeDate.prototype, 'toLocaleString', function toLocaleString(locale, options) {
  return date(this, locale, options, { ...dateParts, ...timeParts });
});
define(Number.prototype, 'toLocaleString', function toLocaleString(locale, options) {
  return host.call('intl.number', Number(this), [locale].flat()[0] ?? 'en-US', options ?? null);
});
define(BigInt.prototype, 'toLocaleString', function toLocaleString(locale, options) {
  return host.call('intl.number', Number(this), [locale].flat()[0] ?? 'en-US', options ?? null);
});
define(String.prototype, 'localeCompare', function localeCompare(other, locale, options) {
  return host.call('intl.compare', String(this), String(other), [locale].flat()[0] ?? 'en-US', options ?? null);
});

// JSON's errors in V8's words.
const nativeParse = JSON.parse;
JSON.parse = function parse(text, reviver) {
  try {
    return nativeParse(text, reviver);
  } catch (error) {
    if (error?.name !== 'SyntaxError') throw error;
    throw new SyntaxError(require('json-error')(String(text)));
  }
};
const nativeStringify = JSON.stringify;
JSON.stringify = function stringify(...args) {
  try {
    return nativeStringify(...args);
  } catch (error) {
    if (error?.message !== 'circular reference') throw error;
    throw new TypeError(require('json-error').circular(args[0]));
  }
};

shown('global', globalThis);
for (const name of ['clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval', 'setTimeout']) {
  shown(name, require('timers')[name]);
}
shown('queueMicrotask', (callback) => {
  if (typeof callback !== 'function') throw require('errors').invalidType('callback', 'function', callback);
  void Promise.resolve().then(() => host.guard(callback));
});
const wait = require('util').promisify;
setTimeout[wait.custom] = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
setImmediate[wait.custom] = (value) => new Promise((resolve) => setImmediate(resolve, value));
lazy('process', 'process-module');
lazy('Buffer', 'buffer');
lazy('atob', 'buffer');
lazy('btoa', 'buffer');
lazy('console', 'console', 'console');
for (const name of ['URL', 'URLSearchParams']) lazy(name, 'whatwg-url');
for (const name of [
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'AbortSignal',
  'Event',
  'EventTarget',
  'CustomEvent',
  'DOMException',
  'structuredClone',
  'performance',
  'Blob',
  'Intl',
  'MessageChannel',
  'MessagePort',
  'BroadcastChannel',
])
  lazy(name, 'web');
for (const name of ['fetch', 'Headers', 'Request', 'Response', 'FormData']) lazy(name, 'fetch');
lazy('crypto', 'crypto', 'webcrypto');
lazy('WebAssembly', 'web');
for (const name of ['ReadableStream', 'WritableStream', 'TransformStream']) lazy(name, 'web');
hidden('Promise', Promise);
Promise.withResolvers ??= undefined;
if (Promise.withResolvers) delete Promise.withResolvers; // not in node 20
hidden('Array', Array);
if (!Array.fromAsync) delete Array.fromAsync;
