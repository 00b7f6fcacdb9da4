// URL and URLSearchParams; parsed outside the engine.
const { coded, invalidType } = require('errors');
const { inspect } = require('inspect');

const encode = (text) =>
  encodeURIComponent(String(text).toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const decode = (text) => {
  const { Buffer } = require('buffer');
  const bytes = [];
  const raw = Buffer.from(text.replaceAll('+', ' '));
  for (let i = 0; i < raw.length; i++) {
    const hex = raw[i] === 37 ? raw.toString('latin1', i + 1, i + 3) : '';
    if (/^[\da-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(raw[i]);
  }
  return Buffer.from(bytes).toString();
};

class URLSearchParams {
  #list = [];
  #url;
  constructor(init = '', url) {
    this.#url = url;
    if (typeof init === 'object' && init !== null) {
      if (typeof init[Symbol.iterator] === 'function')
        for (const [key, value] of init) this.#list.push([`${key}`, `${value}`]);
      else for (const key of Object.keys(init)) this.#list.push([key, `${init[key]}`]);
    } else this.read(`${init}`);
  }
  read(text) {
    this.#list = text
      .replace(/^\?/, '')
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
      });
  }
  #changed() {
    if (this.#url) this.#url.search = this.toString();
  }
  append(name, value) {
    this.#list.push([`${name}`, `${value}`]);
    this.#changed();
  }
  delete(name, value) {
    this.#list = this.#list.filter(([key, one]) => key !== `${name}` || (value !== undefined && one !== `${value}`));
    this.#changed();
  }
  get(name) {
    return this.#list.find(([key]) => key === `${name}`)?.[1] ?? null;
  }
  getAll(name) {
    return this.#list.filter(([key]) => key === `${name}`).map(([, value]) => value);
  }
  has(name) {
    return this.#list.some(([key]) => key === `${name}`);
  }
  set(name, value) {
    const at = this.#list.findIndex(([key]) => key === `${name}`);
    if (at < 0) this.#list.push([`${name}`, `${value}`]);
    else {
      this.#list[at][1] = `${value}`;
      this.#list = this.#list.filter(([key], i) => i <= at || key !== `${name}`);
    }
    this.#changed();
  }
  sort() {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }
  forEach(callback, self) {
    for (const [key, value] of this.#list) callback.call(self, value, key, this);
  }
  *entries() {
    yield* this.#list.map(([key, value]) => [key, value]);
  }
  *keys() {
    for (const [key] of this.#list) yield key;
  }
  *values() {
    for (const [, value] of this.#list) yield value;
  }
  get size() {
    return this.#list.length;
  }
  toString() {
    return this.#list.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  }
  [inspect.custom]() {
    return this.#list.length === 0
      ? 'URLSearchParams {}'
      : `URLSearchParams { ${this.#list.map(([key, value]) => `${inspect(key)} => ${inspect(value)}`).join(', ')} }`;
  }
}
Object.defineProperty(URLSearchParams.prototype, 'read', { enumerable: false });
URLSearchParams.prototype[Symbol.iterator] = URLSearchParams.prototype.entries;
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, { value: 'URLSearchParams' });

class URL {
  #parts;
  #params;
  constructor(text, base) {
    if (arguments.length === 0) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "url" argument must be specified');
    try {
      this.#parts = host.call('url.parse', `${text}`, base === undefined ? undefined : `${base}`);
    } catch (failure) {
      if (failure?.text === undefined) throw failure;
      const error = coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL', {});
      throw Object.assign(error, { input: `${text}`, ...(base !== undefined && { base: `${base}` }) });
    }
  }
  static canParse(text, base) {
    try {
      return Boolean(new URL(text, base));
    } catch {
      return false;
    }
  }
  get origin() {
    return this.#parts.origin;
  }
  get searchParams() {
    this.#params ??= new URLSearchParams(this.#parts.search, this);
    return this.#params;
  }
  toString() {
    return this.#parts.href;
  }
  toJSON() {
    return this.#parts.href;
  }
  put(name, value) {
    this.#parts = host.call('url.set', this.#parts.href, name, `${value}`);
    if (name === 'href') this.#params?.read(this.#parts.search);
  }
  part(name) {
    return this.#parts[name];
  }
  [inspect.custom](depth, options) {
    if (typeof depth === 'number' && depth < 0) return '[URL]';
    const shown = {};
    for (const name of [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'searchParams',
      'hash',
    ])
      shown[name] = this[name];
    return `URL ${inspect(shown, { ...options, depth: 2 })}`;
  }
}
for (const name of [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
]) {
  Object.defineProperty(URL.prototype, name, {
    enumerable: true,
    configurable: true,
    get() {
      return this.part(name);
    },
    set(value) {
      this.put(name, value);
    },
  });
}
Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL' });
void invalidType;
module.exports = { URL, URLSearchParams };
