// Node's modules by name.
const own = {
  'fs/promises': () => require('fs').promises,
  'path/posix': () => require('path'),
  process: () => require('process'),
  'timers/promises': () => {
    const { promisify } = require('util');
    const setTimeout = promisify(globalThis.setTimeout);
    return {
      setTimeout,
      setImmediate: promisify(globalThis.setImmediate),
      scheduler: { wait: (ms) => setTimeout(ms) },
      async *setInterval(ms, value) {
        for (;;) {
          await setTimeout(ms);
          yield value;
        }
      },
    };
  },
  'stream/promises': () => require('stream').promises,
  'stream/consumers': () => {
    const { Buffer } = require('buffer');
    const buffer = async (stream) => {
      const parts = [];
      for await (const part of stream) parts.push(Buffer.from(part));
      return Buffer.concat(parts);
    };
    const text = async (stream) => (await buffer(stream)).toString();
    return { buffer, text, json: async (stream) => JSON.parse(await text(stream)) };
  },
  'dns/promises': () => require('dns').promises,
  'readline/promises': () => require('readline').promises,
  'assert/strict': () => require('assert').strict,
  'util/types': () => require('util').types,
  sys: () => require('util'),
  constants: () => ({ ...require('os').constants.signals, ...require('fs').constants }),
  module: () => require('cjs').Module,
  console: () => require('console').console,
  perf_hooks: () => ({
    performance: globalThis.performance,
    PerformanceObserver: class {
      observe() {}
      disconnect() {}
    },
  }),
  tty: () => ({ isatty: (fd) => host.call('isatty', fd) }),
  timers: () => {
    const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = require('timers');
    return {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      clearInterval,
      clearImmediate,
      promises: own['timers/promises'](),
    };
  },
  https: () => require('http').https,
  string_decoder: () => require('string_decoder'),
  async_hooks: () => require('async_hooks'),
  diagnostics_channel: () => {
    const channels = new Map();
    const channel = (name) => {
      if (!channels.has(name))
        channels.set(name, {
          name,
          hasSubscribers: false,
          publish() {},
          subscribe() {},
          unsubscribe: () => false,
          bindStore() {},
          runStores: (_, fn, self, ...args) => fn.apply(self, args),
        });
      return channels.get(name);
    };
    return {
      channel,
      hasSubscribers: () => false,
      subscribe() {},
      unsubscribe: () => false,
      tracingChannel: () => ({
        hasSubscribers: false,
        start: channel('s'),
        end: channel('e'),
        asyncStart: channel('as'),
        asyncEnd: channel('ae'),
        error: channel('er'),
      }),
    };
  },
  v8: () => ({
    getHeapStatistics: () => ({
      total_heap_size: host.call('memory'),
      used_heap_size: host.call('memory'),
      heap_size_limit: 512 << 20,
    }),
    serialize: (value) => require('buffer').Buffer.from(JSON.stringify(value)),
    deserialize: (bytes) => JSON.parse(bytes.toString()),
    setFlagsFromString() {},
  }),
  vm: () => require('vm'),
  punycode: () => ({ toASCII: (name) => new URL(`http://${name}`).hostname, toUnicode: (name) => name }),
};

/** What we do not have says so when it is used, not when it is loaded: many packages load more than they use. */
function absent(id) {
  const complain = () => {
    throw new Error(`drydock: node's ${id} is not simulated`);
  };
  const stub = () => {
    complain();
  };
  return new Proxy(stub, {
    get: (_target, key) =>
      typeof key === 'symbol' || key === '__esModule' || key === 'default' || key === 'then'
        ? undefined
        : key === 'constants'
          ? {}
          : key === 'promises'
            ? absent(id)
            : key === 'prototype'
              ? {}
              : key === 'Agent' || /^[A-Z]/.test(key)
                ? class {
                    constructor() {
                      complain();
                    }
                  }
                : complain,
    ownKeys: () => ['prototype'],
    apply: complain,
  });
}

const missing = new Set([
  'cluster',
  'dgram',
  'domain',
  'http2',
  'inspector',
  'tls',
  'wasi',
  'worker_threads',
  'zlib',
  'path/win32',
  'stream/web',
  'test',
]);

module.exports = (id) => {
  if (own[id]) return own[id]();
  if (id === 'worker_threads') return Object.assign(absent(id), {});
  return missing.has(id) ? absent(id) : require(id);
};
