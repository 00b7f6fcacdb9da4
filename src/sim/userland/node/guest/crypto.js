// crypto: digests and chance. Ciphers and keys are not simulated.
const { coded } = require('errors');
const { Buffer } = require('buffer');
const { Transform } = require('stream');
const { nextTick } = require('timers');

const absent = (name) => () => {
  throw new Error(`drydock: node's crypto.${name} is not simulated`);
};
const outside = (...args) => {
  try {
    return host.call(...args);
  } catch (failure) {
    throw failure?.text === undefined ? failure : coded(Error, failure.code, failure.text);
  }
};
const bytesOf = (data, encoding) =>
  typeof data === 'string'
    ? Buffer.from(data, encoding)
    : Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);

class Hash extends Transform {
  constructor(compute) {
    super();
    this._compute = compute;
    this._parts = [];
  }
  update(data, encoding) {
    if (this._done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this._parts.push(bytesOf(data, encoding));
    return this;
  }
  digest(encoding) {
    if (this._done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this._done = true;
    const out = Buffer.from(this._compute(host.bytes(Buffer.concat(this._parts))));
    return encoding && encoding !== 'buffer' ? out.toString(encoding) : out;
  }
  copy() {
    const out = new Hash(this._compute);
    out._parts = [...this._parts];
    return out;
  }
  _transform(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  }
  _flush(callback) {
    this.push(this.digest());
    callback();
  }
}

const createHash = (name) => {
  outside('hash', name, new ArrayBuffer(0)); // an unknown name fails here
  return new Hash((bytes) => outside('hash', name, bytes));
};
const createHmac = (name, key) => {
  const secret = host.bytes(bytesOf(key));
  return new Hash((bytes) => outside('hmac', name, secret, bytes));
};
function randomBytes(size, callback) {
  const parts = [];
  for (let left = size; left > 0; left -= 65536) parts.push(Buffer.from(host.call('random', Math.min(left, 65536))));
  const out = Buffer.concat(parts);
  if (!callback) return out;
  nextTick(callback, null, out);
  return undefined;
}
function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
function randomInt(low, high, callback) {
  if (high === undefined || typeof high === 'function') [low, high, callback] = [0, low, high];
  const value = low + Math.floor(Math.random() * (high - low));
  if (!callback) return value;
  nextTick(callback, null, value);
  return undefined;
}
const fill = (view) => {
  view.set(new view.constructor(host.bytes(randomBytes(view.byteLength))));
  return view;
};
const later =
  (fn) =>
  (...args) => {
    const callback = args.pop();
    nextTick(() => {
      let out;
      try {
        out = fn(...args);
      } catch (error) {
        return callback(error);
      }
      callback(null, out);
    });
  };
const pbkdf2Sync = (password, salt, rounds, length, name) =>
  Buffer.from(outside('pbkdf2', name, host.bytes(bytesOf(password)), host.bytes(bytesOf(salt)), rounds, length));
const scryptSync = (password, salt, length, { N = 16384, r = 8, p = 1, cost, blockSize, parallelization } = {}) =>
  Buffer.from(
    outside(
      'scrypt',
      host.bytes(bytesOf(password)),
      host.bytes(bytesOf(salt)),
      length,
      cost ?? N,
      blockSize ?? r,
      parallelization ?? p,
    ),
  );
const webcrypto = {
  getRandomValues: fill,
  randomUUID,
  subtle: {
    digest: async (algorithm, data) =>
      outside('hash', (algorithm.name ?? algorithm).replace('-', ''), host.bytes(bytesOf(data))),
  },
};
module.exports = {
  createHash,
  createHmac,
  hash: (name, data, encoding = 'hex') => createHash(name).update(data).digest(encoding),
  randomBytes,
  pseudoRandomBytes: randomBytes,
  randomUUID,
  randomInt,
  randomFillSync: fill,
  randomFill: (view, callback) => nextTick(callback, null, fill(view)),
  getRandomValues: fill,
  getHashes: () => host.call('hashes'),
  timingSafeEqual: (a, b) => {
    if (a.byteLength !== b.byteLength)
      throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
    return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
  },
  pbkdf2Sync,
  pbkdf2: later(pbkdf2Sync),
  scryptSync,
  scrypt: (password, salt, length, options, callback) =>
    typeof options === 'function'
      ? later(scryptSync)(password, salt, length, options)
      : later(scryptSync)(password, salt, length, options, callback),
  webcrypto,
  subtle: webcrypto.subtle,
  Hash,
  Hmac: Hash,
  constants: {},
  getCiphers: () => [],
  getCurves: () => [],
};
for (const name of [
  'createCipheriv',
  'createDecipheriv',
  'createSign',
  'createVerify',
  'sign',
  'verify',
  'generateKeyPair',
  'generateKeyPairSync',
  'createPublicKey',
  'createPrivateKey',
  'createSecretKey',
  'publicEncrypt',
  'privateDecrypt',
  'createDiffieHellman',
  'createECDH',
  'hkdf',
  'hkdfSync',
])
  module.exports[name] = absent(name);
