// buffer: the library of that name, with its conversions of text done outside the engine where they are long.
const library = require('npm-buffer');
const { inspect } = require('inspect');
const { Buffer } = library;
const { coded, invalidType } = require('errors');

const plainSlices = { utf8: Buffer.prototype.utf8Slice };
const toString = Buffer.prototype.toString;
Buffer.prototype.toString = function (encoding, start = 0, end = this.length) {
  const name = encoding === undefined ? 'utf8' : String(encoding).toLowerCase();
  start = Math.max(0, start | 0);
  end = Math.min(this.length, end);
  if (end <= start) return '';
  if (name === 'utf8' || name === 'utf-8')
    return host.call('decode', host.bytes(this.subarray(start, end)), 'utf-8', false, true);
  if (name === 'latin1' || name === 'binary') return host.call('latin1', host.bytes(this.subarray(start, end)));
  return toString.call(this, encoding, start, end);
};
void plainSlices;

const from = Buffer.from;
Buffer.from = (value, encoding, length) => {
  if (typeof value === 'string' && (encoding === undefined || /^utf-?8$/i.test(encoding))) {
    return from(host.call('encode', value));
  }
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    throw invalidType('first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
  }
  if (typeof value === 'string' && !Buffer.isEncoding(encoding)) {
    throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
  }
  return from(value, encoding, length);
};
const byteLength = Buffer.byteLength;
Buffer.byteLength = (value, encoding) =>
  typeof value === 'string' && (encoding === undefined || /^utf-?8$/i.test(encoding))
    ? host.call('encode', value).byteLength
    : byteLength(value, encoding);

Buffer.prototype[inspect.custom] = function (depth, options) {
  const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const more = this.length - 50;
  void depth;
  void options;
  return `<${this.constructor.name}${shown ? ` ${shown}` : ''}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
};
Buffer.prototype.toLocaleString = Buffer.prototype.toString;

const aliases = /^(utf8|utf-8|ucs2|ucs-2|utf16le|utf-16le|latin1|binary|base64|base64url|hex|ascii)$/i;
Buffer.isEncoding = (encoding) => typeof encoding === 'string' && aliases.test(encoding);
const url = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const base64 = Buffer.prototype.toString;
Buffer.prototype.toString = function (encoding, start, end) {
  return /^base64url$/i.test(encoding ?? '')
    ? url(base64.call(this, 'base64', start, end))
    : base64.call(this, encoding, start, end);
};
const withUrl = Buffer.from;
Buffer.from = (value, encoding, length) => {
  if (typeof value === 'string' && /^base64url$/i.test(encoding ?? '')) encoding = 'base64';
  return withUrl(value, encoding, length);
};

const latin = (text) => Buffer.from(text, 'latin1');
module.exports = {
  Buffer,
  SlowBuffer: library.SlowBuffer,
  kMaxLength: 0x100000000,
  INSPECT_MAX_BYTES: 50,
  constants: { MAX_LENGTH: 0x100000000, MAX_STRING_LENGTH: 0x1fffffe8 },
  atob: (text) => Buffer.from(String(text), 'base64').toString('latin1'),
  btoa: (text) => latin(String(text)).toString('base64'),
  isUtf8: (bytes) => {
    try {
      host.call('decode', host.bytes(bytes), 'utf-8', true, true);
      return true;
    } catch {
      return false;
    }
  },
  isAscii: (bytes) => bytes.every((byte) => byte < 128),
  get Blob() {
    return globalThis.Blob;
  },
};
