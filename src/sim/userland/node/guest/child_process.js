// child_process: programs of the simulated host. The synchronous forms would have to stop this one: they say so.
const EventEmitter = require('events');
const { Readable, Writable } = require('stream');
const { Buffer } = require('buffer');
const process = require('process');
const { invalidType } = require('errors');

const reader = (fd) => {
  const stream = new Readable({
    read() {
      host.async('read', [fd, 65536], (failure, bytes) => {
        if (failure || bytes.byteLength === 0) stream.push(null);
        else stream.push(Buffer.from(bytes));
      });
    },
    destroy(error, callback) {
      host.call('net.close', fd);
      callback(error);
    },
  });
  return stream;
};
const writer = (fd) =>
  new Writable({
    write: (chunk, _encoding, callback) =>
      host.async('writeAll', [fd, host.bytes(chunk)], (failure) =>
        callback(failure ? Object.assign(new Error(`write ${failure.code}`), { code: failure.code }) : null),
      ),
    final(callback) {
      host.call('net.close', fd);
      callback();
    },
  });

class ChildProcess extends EventEmitter {
  constructor() {
    super();
    Object.assign(this, {
      stdin: null,
      stdout: null,
      stderr: null,
      pid: undefined,
      connected: false,
      killed: false,
      exitCode: null,
      signalCode: null,
      spawnargs: [],
      spawnfile: null,
    });
  }
  kill(signal = 'SIGTERM') {
    if (this.exitCode !== null || this.signalCode !== null || !this.pid) return false;
    try {
      process.kill(this.pid, signal);
      this.killed = true;
      return true;
    } catch {
      return false;
    }
  }
  ref() {}
  unref() {
    if (this._wait !== undefined) host.ref(this._wait, false);
  }
}

function stdioOf(given = 'pipe') {
  const list = typeof given === 'string' ? [given, given, given] : [...given];
  while (list.length < 3) list.push('pipe');
  return list.map((how, fd) =>
    how === 'inherit'
      ? fd
      : how === 'ignore' || how === 'ipc'
        ? how
        : typeof how === 'number'
          ? how
          : typeof how?.fd === 'number'
            ? how.fd
            : 'pipe',
  );
}

function spawn(file, args, options) {
  if (!Array.isArray(args)) [args, options] = [[], args];
  options ??= {};
  if (typeof file !== 'string') throw invalidType('file', 'string', file);
  const child = new ChildProcess();
  let argv = [options.argv0 ?? file, ...args.map(String)];
  if (options.shell) {
    const shell = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    argv = [shell, '-c', [file, ...args].join(' ')];
    file = shell;
  }
  child.spawnfile = file;
  child.spawnargs = argv;
  const env = Object.fromEntries(
    Object.entries(options.env ?? process.env)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, String(value)]),
  );
  const cwd =
    options.cwd === undefined ? undefined : typeof options.cwd === 'string' ? options.cwd : options.cwd.pathname;
  // The pipes are there at once; what they lead to comes with the process.
  const pipes = stdioOf(options.stdio);
  const wait = [];
  const proxied = (fd, make, isInput) => {
    const { PassThrough } = require('stream');
    const through = new PassThrough();
    wait[fd] = (real_fd) => {
      const real = make(real_fd);
      if (isInput) through.pipe(real);
      else real.pipe(through);
      real.on('error', (error) => isInput && through.destroy(error));
    };
    return through;
  };
  child.stdio = pipes.map((how, fd) => (how === 'pipe' ? proxied(fd, fd === 0 ? writer : reader, fd === 0) : null));
  [child.stdin, child.stdout, child.stderr] = child.stdio;
  const channel = pipes.indexOf('ipc');
  if (channel >= 0) {
    env.NODE_CHANNEL_FD = String(channel);
    env.NODE_CHANNEL_SERIALIZATION_MODE = 'json';
    wait[channel] = require('ipc').attach(child);
  }
  const streams = [child.stdout, child.stderr].filter(Boolean);
  host.async(
    'spawn',
    [{ file, args: argv, cwd, env, stdio: pipes, detached: !!options.detached }],
    (failure, started) => {
      if (failure) {
        const error = Object.assign(new Error(`spawn ${child.spawnfile} ${failure.code}`), {
          errno: failure.errno,
          code: failure.code,
          syscall: `spawn ${child.spawnfile}`,
          path: child.spawnfile,
          spawnargs: argv.slice(1),
        });
        for (const stream of streams) stream.end();
        child.emit('error', error);
        child.emit('close', failure.errno, null);
        return;
      }
      child.pid = started.pid;
      pipes.forEach((_how, fd) => wait[fd]?.(started.fds[fd]));
      child.emit('spawn');
      child._wait = host.async('wait', [started.pid], (_failure, status) => {
        const { code, signal } = status ?? { code: 0, signal: null };
        child.exitCode = code;
        child.signalCode = signal;
        child.emit('exit', code, signal);
        let open = streams.filter((stream) => !stream.readableEnded).length;
        const close = () => child.emit('close', code, signal);
        if (open === 0) return close();
        for (const stream of streams) {
          if (stream.readableEnded) continue;
          stream.once('end', () => --open === 0 && close());
          if (stream.listenerCount('data') === 0 && !stream.readableFlowing) stream.resume();
        }
      });
    },
  );
  if (options.timeout) setTimeout(() => child.kill(options.killSignal), options.timeout).unref();
  options.signal?.addEventListener('abort', () => child.kill(options.killSignal), { once: true });
  return child;
}

function execFile(file, args, options, callback) {
  if (typeof args === 'function') [args, options, callback] = [[], {}, args];
  else if (!Array.isArray(args)) [args, options, callback] = [[], args, options];
  if (typeof options === 'function') [options, callback] = [{}, options];
  options ??= {};
  const child = spawn(file, args, { ...options, stdio: 'pipe' });
  const out = [[], []];
  child.stdout.on('data', (part) => out[0].push(part));
  child.stderr.on('data', (part) => out[1].push(part));
  const text = (parts) =>
    options.encoding === 'buffer' || options.encoding === null
      ? Buffer.concat(parts)
      : Buffer.concat(parts).toString(options.encoding ?? 'utf8');
  let failed;
  child.on('error', (error) => {
    failed = error;
  });
  child.on('close', (code, signal) => {
    const [stdout, stderr] = out.map(text);
    const cmd = options.shell ? file : [file, ...args].join(' ');
    if (!failed && code === 0 && signal === null) return callback?.(null, stdout, stderr);
    const error =
      failed ?? Object.assign(new Error(`Command failed: ${cmd}\n${stderr}`), { code, killed: child.killed, signal });
    error.cmd = cmd;
    Object.assign(error, { stdout, stderr });
    callback?.(error, stdout, stderr);
  });
  return child;
}
const exec = (command, options, callback) => {
  if (typeof options === 'function') [options, callback] = [{}, options];
  return execFile(command, [], { ...options, shell: options?.shell ?? true }, callback);
};
const promised =
  (fn) =>
  (...args) => {
    let child;
    const promise = new Promise((resolve, reject) => {
      child = fn(...args, (error, stdout, stderr) => (error ? reject(error) : resolve({ stdout, stderr })));
    });
    return Object.assign(promise, { child });
  };
const { custom } = require('util').promisify;
exec[custom] = promised(exec);
execFile[custom] = promised(execFile);
const absent = (name) => () => {
  throw new Error(
    `drydock: node's child_process.${name} is not simulated: a process cannot stand still for another here; use ${name.replace('Sync', '')}`,
  );
};
module.exports = {
  ChildProcess,
  spawn,
  exec,
  execFile,
  fork(file, args, options) {
    if (!Array.isArray(args)) [args, options] = [[], args];
    const given = options?.stdio ?? (options?.silent ? 'pipe' : 'inherit');
    const stdio = typeof given === 'string' ? [given, given, given, 'ipc'] : given;
    if (!stdio.includes('ipc')) {
      const { coded } = require('errors');
      throw coded(
        Error,
        'ERR_CHILD_PROCESS_IPC_REQUIRED',
        "Forked processes must have an IPC channel, missing value 'ipc' in options.stdio",
      );
    }
    const argv = [...(options?.execArgv ?? process.execArgv), file, ...args];
    return spawn(options?.execPath ?? process.execPath, argv, { ...options, stdio, shell: false });
  },
  execSync: absent('execSync'),
  execFileSync: absent('execFileSync'),
  spawnSync: absent('spawnSync'),
};
