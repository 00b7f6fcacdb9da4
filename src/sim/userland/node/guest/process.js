// process.
const EventEmitter = require('events');
const { coded, systemError, invalidType } = require('errors');
const timers = require('timers');

const { start } = host;
const signals = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGIOT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGSTKFLT: 16,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

function process() {}
const self = Object.create(
  Object.create(EventEmitter.prototype, { constructor: { value: process, writable: true, configurable: true } }),
);
Object.defineProperty(self, Symbol.toStringTag, { value: 'process', configurable: true });
EventEmitter.call(self);

const env = Object.assign(Object.create(null), host.call('env'));
const strings = new Proxy(Object.setPrototypeOf(env, Object.prototype), {
  set(target, key, value) {
    if (typeof key === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    target[key] = String(value);
    return true;
  },
  defineProperty(target, key, descriptor) {
    target[key] = String(descriptor.value);
    return true;
  },
});

const execPath = host.call('execPath');
const began = host.call('monotonic');
let exiting = false;
let exitCode;

const call = (syscall, name, ...args) => {
  try {
    return host.call(name, ...args);
  } catch (failure) {
    if (failure?.text === undefined) throw failure;
    throw systemError(failure, syscall);
  }
};

Object.assign(self, {
  version: `v${start.version}`,
  versions: {
    node: start.version,
    acorn: '8.14.0',
    ares: '1.34.5',
    modules: '115',
    quickjs: '2025-09-13',
    uv: '1.46.0',
    v8: '11.3.244.8-node.26',
    zlib: '1.3.0.1-motley-82a5fec',
    openssl: '3.0.15+quic',
    unicode: '16.0',
  },
  arch: 'x64',
  platform: 'linux',
  release: {
    name: 'node',
    lts: 'Iron',
    sourceUrl: `https://nodejs.org/download/release/v${start.version}/node-v${start.version}.tar.gz`,
    headersUrl: `https://nodejs.org/download/release/v${start.version}/node-v${start.version}-headers.tar.gz`,
  },
  argv: [execPath],
  execArgv: start.execArgv,
  execPath,
  argv0: start.argv0,
  env: strings,
  pid: host.call('pid'),
  title: start.argv0,
  config: { target_defaults: {}, variables: {} },
  features: { inspector: false, debug: false, uv: true, ipv6: true, tls: false },
  nextTick: timers.nextTick,
  cwd: () => call('uv_cwd', 'cwd'),
  chdir: (path) => call('chdir', 'chdir', path),
  umask: (mask) => host.call('umask', mask),
  getuid: () => host.call('ids').uid,
  geteuid: () => host.call('ids').euid,
  getgid: () => host.call('ids').gid,
  getegid: () => host.call('ids').egid,
  getgroups: () => host.call('ids').groups,
  setuid: (uid) => call('setuid', 'setuid', Number(uid)),
  setgid: (gid) => call('setgid', 'setgid', Number(gid)),
  uptime: () => (host.call('monotonic') - began) / 1000 + 0.03,
  memoryUsage() {
    const heap = host.call('memory');
    return {
      rss: heap + (24 << 20),
      heapTotal: heap,
      heapUsed: Math.floor(heap * 0.7),
      external: 1 << 20,
      arrayBuffers: 10_515,
    };
  },
  cpuUsage(previous = { user: 0, system: 0 }) {
    const { userMs, systemMs } = host.call('cpu');
    return { user: Math.round(userMs * 1000) - previous.user, system: Math.round(systemMs * 1000) - previous.system };
  },
  resourceUsage: () => ({ userCPUTime: Math.round(host.call('cpu').userMs * 1000), maxRSS: host.call('memory') >> 10 }),
  hrtime(previous) {
    const ns =
      BigInt(Math.round(host.call('monotonic') * 1e6)) -
      (previous ? BigInt(previous[0]) * 1_000_000_000n + BigInt(previous[1]) : 0n);
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  },
  kill(pid, signal = 'SIGTERM') {
    if (pid !== (pid | 0)) throw invalidType('pid', 'number', pid);
    const number = typeof signal === 'number' ? signal : signals[signal];
    if (number === undefined) throw coded(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`);
    try {
      host.call('kill', pid, number);
    } catch (failure) {
      if (failure?.text === undefined) throw failure;
      const error = new Error(`kill ${failure.code}`);
      throw Object.assign(error, { errno: failure.errno, code: failure.code, syscall: 'kill' });
    }
    return true;
  },
  abort() {
    host.call('kill', self.pid, 6);
  },
  exit(code) {
    if (code !== undefined) self.exitCode = code;
    self.reallyExit(exitCode);
  },
  reallyExit(code) {
    if (!exiting) {
      exiting = true;
      self.emit('exit', Number(code ?? exitCode ?? 0));
      code = exitCode ?? code;
    }
    host.call('exit', Number(code ?? 0));
    throw { code: 'EXITING' };
  },
  emitWarning(warning, type = 'Warning', code) {
    if (typeof type === 'object' && type !== null) ({ type = 'Warning', code } = type);
    if (start.execArgv.includes('--no-warnings')) return;
    const error = warning instanceof Error ? warning : Object.assign(new Error(warning), { name: type, code });
    timers.nextTick(() => {
      self.emit('warning', error);
      if (type === 'DeprecationWarning' && start.execArgv.includes('--no-deprecation')) return;
      const label = code ? `[${code}] ` : '';
      host.call(
        'write',
        2,
        `(node:${self.pid}) ${label}${error.name}: ${error.message}\n${warned ? '' : `(Use \`node --trace-${type === 'DeprecationWarning' ? 'deprecation' : 'warnings'} ...\` to show where the warning was created)\n`}`,
      );
      warned = true;
    });
  },
  binding(name) {
    throw coded(Error, 'ERR_INVALID_MODULE', `No such module: ${name}`);
  },
  getActiveResourcesInfo: () => [],
  setUncaughtExceptionCaptureCallback() {},
  hasUncaughtExceptionCaptureCallback: () => false,
  setSourceMapsEnabled() {},
});
let warned = false;
self.hrtime.bigint = () => BigInt(Math.round(host.call('monotonic') * 1e6));
self.memoryUsage.rss = () => self.memoryUsage().rss;
self.availableMemory = () => 2 << 30;
self.constrainedMemory = () => 0;

Object.defineProperty(self, 'ppid', { enumerable: true, get: () => host.call('ppid') });
Object.defineProperty(self, 'exitCode', {
  enumerable: true,
  get: () => exitCode,
  set(code) {
    if (code !== undefined && code !== null && !Number.isInteger(Number(code)))
      throw invalidType('code', 'number', code);
    exitCode = code === null || code === undefined ? undefined : Number(code);
  },
});

// Signals: listened to as long as there are listeners. They do not keep the process alive.
const listening = new Set();
let waiting = false;
function wait() {
  if (waiting) return;
  waiting = true;
  host.async(
    'signal',
    [],
    (_error, name) => {
      waiting = false;
      wait();
      self.emit(name, name, signals[name]);
    },
    false,
  );
}
EventEmitter.prototype.on.call(self, 'newListener', (name) => {
  if (typeof name !== 'string' || signals[name] === undefined || listening.has(name)) return;
  if (name === 'SIGKILL' || name === 'SIGSTOP')
    throw Object.assign(new Error(`uv_signal_start EINVAL`), {
      errno: -22,
      code: 'EINVAL',
      syscall: 'uv_signal_start',
    });
  listening.add(name);
  host.call('listen', name);
  wait();
});
EventEmitter.prototype.on.call(self, 'removeListener', (name) => {
  if (!listening.has(name) || self.listenerCount(name) > 0) return;
  listening.delete(name);
  host.call('unlisten', name);
});

for (const [name, fd] of [
  ['stdin', 0],
  ['stdout', 1],
  ['stderr', 2],
]) {
  let stream;
  Object.defineProperty(self, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      stream ??= (host.streams ??= [])[fd] = require('stdio')(fd);
      return stream;
    },
  });
}

self.signals = undefined;
delete self.signals;
module.exports = self;
