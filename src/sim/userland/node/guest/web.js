// What node has of the web: events, abort signals, text, clones.
const { coded, invalidType } = require('errors');
const { inspect } = require('inspect');

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(text = '') {
    return new Uint8Array(host.call('encode', String(text)));
  }
  encodeInto(text, target) {
    const bytes = this.encode(text).subarray(0, target.length);
    target.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}
class TextDecoder {
  constructor(encoding = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.encoding = encoding.toLowerCase() === 'utf8' ? 'utf-8' : encoding.toLowerCase();
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
    Object.defineProperty(this, 'rest', { value: new Uint8Array(0), writable: true });
  }
  decode(bytes = new Uint8Array(0), { stream = false } = {}) {
    let view =
      bytes instanceof ArrayBuffer
        ? new Uint8Array(bytes)
        : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.rest.length > 0) view = Uint8Array.from([...this.rest, ...view]);
    this.rest = new Uint8Array(0);
    if (stream && this.encoding === 'utf-8') {
      let cut = view.length;
      for (let back = 1; back <= 3 && back <= view.length; back++) {
        const byte = view[view.length - back];
        if ((byte & 0xc0) === 0x80) continue;
        if (
          (byte >= 0xf0 && back < 4) ||
          (byte >= 0xe0 && byte < 0xf0 && back < 3) ||
          (byte >= 0xc0 && byte < 0xe0 && back < 2)
        )
          cut = view.length - back;
        break;
      }
      this.rest = view.slice(cut);
      view = view.slice(0, cut);
    }
    try {
      return host.call('decode', host.bytes(view), this.encoding, this.fatal, this.ignoreBOM);
    } catch (failure) {
      throw failure?.text === undefined
        ? failure
        : coded(failure.code === 'ERR_ENCODING_NOT_SUPPORTED' ? RangeError : TypeError, failure.code, failure.text);
    }
  }
}

const codes = { AbortError: 20, DataCloneError: 25, TimeoutError: 23, InvalidCharacterError: 5, NotFoundError: 8 };
class DOMException extends Error {
  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', {
      value: typeof name === 'object' ? (name.name ?? 'Error') : name,
      configurable: true,
    });
    this.stack = this.stack.replace(/^\w+/, this.name);
  }
  get code() {
    return codes[this.name] ?? 0;
  }
}

class Event {
  constructor(type, options = {}) {
    Object.assign(this, {
      type: `${type}`,
      bubbles: !!options.bubbles,
      cancelable: !!options.cancelable,
      composed: !!options.composed,
      defaultPrevented: false,
      timeStamp: host.call('monotonic'),
      target: null,
      currentTarget: null,
    });
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    Object.defineProperty(this, 'stopped', { value: true });
  }
}
class CustomEvent extends Event {
  constructor(type, options) {
    super(type, options);
    this.detail = options?.detail ?? null;
  }
}
const listeners = new WeakMap();
class EventTarget {
  addEventListener(type, listener, options) {
    if (!listener) return;
    if (!listeners.has(this)) listeners.set(this, new Map());
    const map = listeners.get(this);
    if (!map.has(type)) map.set(type, []);
    if (!map.get(type).some((one) => one.listener === listener))
      map.get(type).push({ listener, once: typeof options === 'object' && !!options?.once });
  }
  removeEventListener(type, listener) {
    const list = listeners.get(this)?.get(type);
    const at = list?.findIndex((one) => one.listener === listener) ?? -1;
    if (at >= 0) list.splice(at, 1);
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    for (const one of [...(listeners.get(this)?.get(event.type) ?? [])]) {
      if (one.once) this.removeEventListener(event.type, one.listener);
      host.guard(() =>
        typeof one.listener === 'function' ? one.listener.call(this, event) : one.listener.handleEvent(event),
      );
      if (event.stopped) break;
    }
    const own = this[`on${event.type}`];
    if (typeof own === 'function') host.guard(() => own.call(this, event));
    return !event.defaultPrevented;
  }
}

class AbortSignal extends EventTarget {
  constructor() {
    super();
    Object.defineProperty(this, 'state', { value: { aborted: false, reason: undefined } });
    this.onabort = null;
  }
  get aborted() {
    return this.state.aborted;
  }
  get reason() {
    return this.state.reason;
  }
  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }
  [inspect.custom]() {
    return `AbortSignal { aborted: ${this.aborted} }`;
  }
  static abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    const signal = new AbortSignal();
    abort(signal, reason);
    return signal;
  }
  static timeout(ms) {
    const signal = new AbortSignal();
    setTimeout(
      () => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      ms,
    ).unref();
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal();
    for (const one of signals) {
      if (one.aborted) abort(signal, one.reason);
      else one.addEventListener('abort', () => abort(signal, one.reason), { once: true });
    }
    return signal;
  }
}
function abort(signal, reason) {
  if (signal.aborted) return;
  Object.assign(signal.state, { aborted: true, reason });
  signal.dispatchEvent(new Event('abort'));
}
class AbortController {
  constructor() {
    Object.defineProperty(this, 'signal', { value: new AbortSignal(), enumerable: true });
  }
  abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    abort(this.signal, reason);
  }
  [inspect.custom]() {
    return `AbortController { signal: AbortSignal { aborted: ${this.signal.aborted} } }`;
  }
}

function structuredClone(value) {
  const seen = new Map();
  const clone = (one) => {
    if (typeof one === 'function' || typeof one === 'symbol') {
      throw new DOMException(`${typeof one === 'symbol' ? String(one) : one} could not be cloned.`, 'DataCloneError');
    }
    if (one === null || typeof one !== 'object') return one;
    if (seen.has(one)) return seen.get(one);
    const keep = (out) => {
      seen.set(one, out);
      return out;
    };
    if (one instanceof Date) return keep(new Date(one.getTime()));
    if (one instanceof RegExp) return keep(new RegExp(one.source, one.flags));
    if (one instanceof Map) {
      const out = keep(new Map());
      for (const [key, item] of one) out.set(clone(key), clone(item));
      return out;
    }
    if (one instanceof Set) {
      const out = keep(new Set());
      for (const item of one) out.add(clone(item));
      return out;
    }
    if (one instanceof ArrayBuffer) return keep(one.slice(0));
    if (ArrayBuffer.isView(one)) {
      const Kind =
        one.constructor.name === 'Buffer' || one.constructor.name === 'FastBuffer' ? Uint8Array : one.constructor;
      return keep(new Kind(one.buffer.slice(one.byteOffset, one.byteOffset + one.byteLength)));
    }
    if (one instanceof Error) {
      const out = keep(new (globalThis[one.name] ?? Error)(one.message));
      Object.defineProperty(out, 'stack', { value: one.stack, writable: true, configurable: true });
      return out;
    }
    const out = keep(Array.isArray(one) ? new Array(one.length) : {});
    for (const key of Object.keys(one)) out[key] = clone(one[key]);
    return out;
  };
  if (arguments.length === 0) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "value" argument must be specified');
  return clone(value);
}

const origin = host.call('monotonic');
const performance = {
  timeOrigin: host.call('clock'),
  now: () => host.call('monotonic') - origin + 30,
  mark: (name) => ({ name, entryType: 'mark', startTime: performance.now(), duration: 0 }),
  measure: (name) => ({ name, entryType: 'measure', startTime: 0, duration: performance.now() }),
  getEntriesByName: () => [],
  getEntries: () => [],
  clearMarks() {},
  toJSON: () => ({ timeOrigin: performance.timeOrigin }),
};

class Blob {
  constructor(parts = [], { type = '' } = {}) {
    const { Buffer } = require('buffer');
    const bytes = Buffer.concat(parts.map((part) => (part instanceof Blob ? part.bytesOf : Buffer.from(part))));
    Object.defineProperty(this, 'bytesOf', { value: bytes });
    this.size = bytes.length;
    this.type = type;
  }
  async text() {
    return this.bytesOf.toString();
  }
  async arrayBuffer() {
    return host.bytes(this.bytesOf);
  }
}

const localeOf = (locale) => [locale].flat()[0] ?? 'en-US';
class NumberFormat {
  constructor(locale, options) {
    this.format = (value) => host.call('intl.number', Number(value), localeOf(locale), options ?? null);
    this.resolvedOptions = () => ({ locale: localeOf(locale), numberingSystem: 'latn' });
  }
}
class DateTimeFormat {
  constructor(locale, options) {
    this.format = (value = new Date()) => host.call('intl.date', Number(value), localeOf(locale), options ?? null);
    this.resolvedOptions = () => ({
      locale: localeOf(locale),
      calendar: 'gregory',
      numberingSystem: 'latn',
      timeZone: options?.timeZone ?? 'UTC',
    });
  }
}
class Collator {
  constructor(locale, options) {
    this.compare = (a, b) => host.call('intl.compare', String(a), String(b), localeOf(locale), options ?? null);
  }
}
class PluralRules {
  constructor(locale, options) {
    this.select = (value) => host.call('intl.plural', value, localeOf(locale), options ?? null);
  }
}
const callable = (Class) => new Proxy(Class, { apply: (_t, _this, args) => new Class(...args) });
const Intl = {
  NumberFormat: callable(NumberFormat),
  DateTimeFormat: callable(DateTimeFormat),
  Collator: callable(Collator),
  PluralRules,
};
void invalidType;

module.exports = {
  TextEncoder,
  TextDecoder,
  DOMException,
  Event,
  CustomEvent,
  EventTarget,
  AbortSignal,
  AbortController,
  structuredClone,
  performance,
  Blob,
  Intl,
};
