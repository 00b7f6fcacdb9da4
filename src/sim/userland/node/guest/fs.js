// fs: every call once, in its synchronous form; the others are made of it.
const { systemError, invalidType, coded } = require('errors');
const { Buffer } = require('buffer');
const path = require('path');

const constants = {
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  COPYFILE_EXCL: 1,
  COPYFILE_FICLONE: 2,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_SYNC: 0o4010000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  S_IFMT: 0o170000,
  S_IFREG: 0o100000,
  S_IFDIR: 0o040000,
  S_IFCHR: 0o020000,
  S_IFBLK: 0o060000,
  S_IFIFO: 0o010000,
  S_IFLNK: 0o120000,
  S_IFSOCK: 0o140000,
  UV_FS_COPYFILE_EXCL: 1,
};
const named = {
  r: 0,
  'r+': 2,
  rs: 0,
  w: 0o1101,
  wx: 0o1301,
  xw: 0o1301,
  'w+': 0o1102,
  'wx+': 0o1302,
  a: 0o2101,
  ax: 0o2301,
  'a+': 0o2102,
  'ax+': 0o2302,
};
const flagsOf = (flag = 'r') => {
  if (typeof flag === 'number') return flag;
  if (named[flag] === undefined)
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'flags' is invalid. Received '${flag}'`);
  return named[flag];
};

function text(given, name = 'path') {
  if (typeof given === 'string') {
    if (given.includes('\0'))
      throw coded(
        TypeError,
        'ERR_INVALID_ARG_VALUE',
        `The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${require('inspect').quote(given)}`,
      );
    return given;
  }
  if (given instanceof Uint8Array) return Buffer.from(given).toString();
  if (given?.href && given.protocol === 'file:') return decodeURIComponent(given.pathname);
  throw invalidType(name, ['string', 'Buffer', 'URL'], given);
}

function call(syscall, names, name, ...args) {
  try {
    return host.call(name, ...args);
  } catch (failure) {
    if (failure?.text === undefined) throw failure;
    throw systemError(failure, syscall, ...names);
  }
}
const onPath = (syscall, name, ...args) => call(syscall, [args[0]], name, ...args);

class Stats {
  constructor(found) {
    Object.assign(this, found);
    for (const kind of ['atime', 'mtime', 'ctime', 'birthtime']) this[kind] = new Date(found[`${kind}Ms`]);
  }
}
const kinds = {
  isFile: 0o100000,
  isDirectory: 0o040000,
  isSymbolicLink: 0o120000,
  isFIFO: 0o010000,
  isSocket: 0o140000,
  isCharacterDevice: 0o020000,
  isBlockDevice: 0o060000,
};
for (const [name, kind] of Object.entries(kinds)) {
  Object.defineProperty(Stats.prototype, name, {
    value() {
      return (this.mode & 0o170000) === kind;
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
class Dirent {
  constructor(name, directory, kind) {
    this.name = name;
    this.parentPath = directory;
    this.path = directory;
    this[Symbol.for('type')] = kind;
    Object.defineProperty(this, Symbol.for('type'), { enumerable: false });
  }
}
for (const [name, kind] of Object.entries({
  isFile: 1,
  isDirectory: 2,
  isSymbolicLink: 3,
  isFIFO: 4,
  isSocket: 5,
  isCharacterDevice: 6,
  isBlockDevice: 7,
})) {
  Object.defineProperty(Dirent.prototype, name, {
    value() {
      return this[Symbol.for('type')] === kind;
    },
    writable: true,
    configurable: true,
  });
}

const encodingOf = (options) => (typeof options === 'string' ? options : options?.encoding);
const decoded = (buffer, encoding) => (encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer);
const encoded = (data, encoding) => {
  if (typeof data === 'string') return Buffer.from(data, encoding ?? 'utf8');
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw invalidType('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
};
const modeOf = (mode, otherwise) => (typeof mode === 'string' ? Number.parseInt(mode, 8) : (mode ?? otherwise));
const standard = (fd) => {
  const kind = host.call('fdKind', fd);
  return kind !== 0o100000 && kind !== -1;
};

const sync = {
  access: (file, mode = 0) => void onPath('access', 'fs.access', text(file), mode),
  open: (file, flags, mode) => onPath('open', 'fs.open', text(file), flagsOf(flags), modeOf(mode, 0o666)),
  close: (fd) => void call('close', [], 'fs.close', fd),
  readFile(file, options) {
    if (typeof file === 'number') return decoded(readAll(file), encodingOf(options));
    const name = text(file);
    let bytes;
    try {
      bytes = host.call('fs.readFile', name);
    } catch (failure) {
      if (failure?.text === undefined) throw failure;
      throw failure.code === 'EISDIR' ? systemError(failure, 'read') : systemError(failure, 'open', name);
    }
    return decoded(Buffer.from(bytes), encodingOf(options));
  },
  writeFile(file, data, options) {
    const bytes = encoded(data, encodingOf(options));
    if (typeof file === 'number') return void sync.write(file, bytes);
    onPath(
      'open',
      'fs.writeFile',
      text(file),
      host.bytes(bytes),
      flagsOf(options?.flag ?? 'w'),
      modeOf(options?.mode, 0o666),
    );
  },
  appendFile: (file, data, options) =>
    sync.writeFile(file, data, {
      ...(typeof options === 'string' ? { encoding: options } : options),
      flag: options?.flag ?? 'a',
    }),
  read(fd, buffer, offset, length, position) {
    if (typeof offset === 'object' && offset !== null) ({ offset = 0, length, position } = offset);
    offset ??= 0;
    length ??= buffer.byteLength - offset;
    const bytes = new Uint8Array(
      call('read', [], 'fs.read', fd, length, typeof position === 'bigint' ? Number(position) : (position ?? -1)),
    );
    new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
    return bytes.length;
  },
  write(fd, data, offset, length, position) {
    let bytes;
    if (typeof data === 'string') {
      bytes = Buffer.from(data, typeof length === 'string' ? length : 'utf8');
      position = offset;
    } else {
      if (typeof offset === 'object' && offset !== null) ({ offset = 0, length, position } = offset);
      bytes = data.subarray(offset ?? 0, (offset ?? 0) + (length ?? data.byteLength - (offset ?? 0)));
    }
    if (standard(fd)) {
      host.call('write', fd, host.bytes(bytes));
      return bytes.byteLength;
    }
    return call('write', [], 'fs.write', fd, host.bytes(bytes), typeof position === 'number' ? position : -1, false);
  },
  stat: (file, options) => stats('stat', file, options),
  lstat: (file, options) => stats('lstat', file, options),
  fstat: (fd) => new Stats(call('fstat', [], 'fs.fstat', fd)),
  readdir(directory, options) {
    const name = text(directory);
    const out = [];
    const list = (at, prefix) => {
      for (const [entry, kind] of onPath('scandir', 'fs.readdir', at)) {
        out.push(options?.withFileTypes ? new Dirent(entry, at, kind) : prefix + entry);
        if (options?.recursive && kind === 2) list(path.join(at, entry), `${prefix}${entry}/`);
      }
    };
    list(name, '');
    return out;
  },
  mkdir(directory, options) {
    const name = text(directory);
    const mode = modeOf(typeof options === 'object' ? options?.mode : options, 0o777);
    if (!options?.recursive) return void onPath('mkdir', 'fs.mkdir', name, mode);
    let first;
    const make = (at) => {
      if (host.call('fs.kind', at) === 1) return;
      if (path.dirname(at) !== at) make(path.dirname(at));
      onPath('mkdir', 'fs.mkdir', at, mode);
      first ??= path.resolve(at);
    };
    make(name);
    return first;
  },
  rmdir: (directory, options) =>
    options?.recursive ? sync.rm(directory, { recursive: true }) : void onPath('rmdir', 'fs.rmdir', text(directory)),
  rm(file, options) {
    const name = text(file);
    let found;
    try {
      found = host.call('fs.lstat', name);
    } catch (failure) {
      if (failure?.code === 'ENOENT' && options?.force) return;
      throw failure?.text === undefined ? failure : systemError(failure, 'stat', name);
    }
    if ((found.mode & 0o170000) !== 0o040000) return void onPath('unlink', 'fs.unlink', name);
    if (!options?.recursive) {
      const error = coded(Error, 'ERR_FS_EISDIR', `Path is a directory: rm returned EISDIR (is a directory) ${name}`);
      throw Object.assign(error, { errno: 21, syscall: 'rm', path: name, name: 'SystemError' });
    }
    for (const [entry] of host.call('fs.readdir', name)) sync.rm(path.join(name, entry), options);
    onPath('rmdir', 'fs.rmdir', name);
  },
  unlink: (file) => void onPath('unlink', 'fs.unlink', text(file)),
  rename: (from, to) => void call('rename', [text(from), text(to)], 'fs.rename', text(from), text(to)),
  copyFile: (from, to, mode = 0) =>
    void call('copyfile', [text(from), text(to)], 'fs.copyFile', text(from), text(to), mode),
  cp(from, to, options) {
    const kind = host.call('fs.kind', text(from));
    if (kind !== 1) return sync.copyFile(from, to);
    if (!options?.recursive)
      throw coded(
        Error,
        'ERR_FS_EISDIR',
        `Recursive option not enabled, cannot copy a directory: cp returned EISDIR (${text(from)} is a directory (not copied)) ${text(from)}`,
      );
    sync.mkdir(to, { recursive: true });
    for (const entry of sync.readdir(from)) sync.cp(path.join(text(from), entry), path.join(text(to), entry), options);
    return undefined;
  },
  link: (existing, file) => void call('link', [text(existing), text(file)], 'fs.link', text(existing), text(file)),
  symlink: (target, file) => void call('symlink', [text(target), text(file)], 'fs.symlink', text(target), text(file)),
  readlink: (file) => onPath('readlink', 'fs.readlink', text(file)),
  realpath: (file) => onPath('lstat', 'fs.realpath', text(file)),
  chmod: (file, mode) => void onPath('chmod', 'fs.chmod', text(file), modeOf(mode)),
  chown: (file, uid, gid) => void onPath('chown', 'fs.chown', text(file), uid, gid),
  lchown: (file, uid, gid) => void onPath('lchown', 'fs.lchown', text(file), uid, gid),
  utimes: (file, atime, mtime) => void onPath('utime', 'fs.utimes', text(file), seconds(atime), seconds(mtime)),
  truncate: (file, size = 0) => void onPath('open', 'fs.truncate', text(file), size),
  ftruncate: (fd, size = 0) => void call('ftruncate', [], 'fs.ftruncate', fd, size),
  fsync: () => undefined,
  fdatasync: () => undefined,
  mkdtemp(prefix) {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const name =
      text(prefix) + Array.from(new Uint8Array(host.call('random', 6)), (byte) => letters[byte % 62]).join('');
    call('mkdtemp', [`${prefix}XXXXXX`], 'fs.mkdir', name, 0o700);
    return name;
  },
  opendir: (directory) => new Dir(text(directory)),
};

function seconds(time) {
  return time instanceof Date ? time.getTime() / 1000 : Number(time);
}
function stats(kind, file, options) {
  const name = text(file);
  try {
    return new Stats(host.call(`fs.${kind}`, name));
  } catch (failure) {
    if (failure?.text === undefined) throw failure;
    if (options?.throwIfNoEntry === false && /^(ENOENT|ENOTDIR)$/.test(failure.code)) return undefined;
    throw systemError(failure, kind, name);
  }
}
function readAll(fd) {
  if (fd === 0 && standard(0))
    throw coded(Error, 'ERR_FEATURE', 'drydock: reading standard input synchronously is not simulated');
  const parts = [];
  for (;;) {
    const part = Buffer.from(call('read', [], 'fs.read', fd, 65536, -1));
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
  }
}

class Dir {
  constructor(name) {
    this.path = name;
    this.entries = sync.readdir(name, { withFileTypes: true });
    Object.defineProperty(this, 'entries', { enumerable: false });
  }
  readSync() {
    return this.entries.shift() ?? null;
  }
  async read() {
    return this.readSync();
  }
  closeSync() {}
  async close() {}
  async *[Symbol.asyncIterator]() {
    while (this.entries.length > 0) yield this.entries.shift();
  }
}

const fs = { constants, Stats, Dirent, Dir, F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };
const promises = { constants };
const soon = (run) => host.async('soon', [], run);
const attempt = (fn, args) => {
  try {
    return [null, fn(...args)];
  } catch (error) {
    if (error?.code === 'EXITING') throw error;
    return [error];
  }
};

for (const [name, fn] of Object.entries(sync)) {
  const define = (target, key, value) => {
    Object.defineProperty(value, 'name', { value: key });
    target[key] = value;
  };
  define(fs, `${name}Sync`, (...args) => fn(...args));
  define(fs, name, (...args) => {
    const callback = args.pop();
    if (typeof callback !== 'function') throw invalidType('cb', 'function', callback);
    // A wrong argument is thrown at once, a failure of the system comes later.
    soon(() => {
      const [error, value] = attempt(fn, args);
      if (name === 'read' || name === 'write') callback(error, value, args[1]);
      else if (error) callback(error);
      else callback(null, value);
    });
  });
  define(
    promises,
    name,
    (...args) =>
      new Promise((resolve, reject) => {
        soon(() => {
          const [error, value] = attempt(fn, args);
          if (error) reject(error);
          else resolve(name === 'open' ? new FileHandle(value) : value);
        });
      }),
  );
}
fs.existsSync = (file) => {
  try {
    return host.call('fs.kind', text(file)) >= 0;
  } catch {
    return false;
  }
};
fs.exists = (file, callback) => soon(() => callback(fs.existsSync(file)));
fs.realpathSync.native = fs.realpathSync;
fs.realpath.native = fs.realpath;

class FileHandle {
  constructor(fd) {
    this.fd = fd;
  }
  async readFile(options) {
    return decoded(readAll(this.fd), encodingOf(options));
  }
  async writeFile(data, options) {
    sync.write(this.fd, encoded(data, encodingOf(options)));
  }
  appendFile(data, options) {
    return this.writeFile(data, options);
  }
  async read(buffer, offset, length, position) {
    return { bytesRead: sync.read(this.fd, buffer, offset, length, position), buffer };
  }
  async write(data, ...rest) {
    return { bytesWritten: sync.write(this.fd, data, ...rest), buffer: data };
  }
  async stat() {
    return sync.fstat(this.fd);
  }
  async truncate(size) {
    sync.ftruncate(this.fd, size);
  }
  async sync() {}
  async close() {
    sync.close(this.fd);
  }
  createReadStream(options) {
    return fs.createReadStream(null, { ...options, fd: this.fd });
  }
  createWriteStream(options) {
    return fs.createWriteStream(null, { ...options, fd: this.fd });
  }
  readLines(options) {
    return require('readline').createInterface({ input: this.createReadStream(options) });
  }
}

function ReadStream(file, options) {
  if (!(this instanceof ReadStream)) return new (readable())(file, options);
  const stream = this;
  const given = typeof options === 'string' ? { encoding: options } : (options ?? {});
  let { fd } = given;
  let at = given.start;
  require('stream').Readable.call(stream, {
    highWaterMark: given.highWaterMark ?? 65536,
    encoding: given.encoding,
    construct(callback) {
      if (typeof fd === 'number') return callback();
      fs.open(file, given.flags ?? 'r', given.mode, (error, opened) => {
        if (error) return callback(error);
        fd = opened;
        stream.fd = fd;
        stream.emit('open', fd);
        stream.emit('ready');
        callback();
      });
    },
    read(size) {
      const limit = given.end === undefined ? size : Math.min(size, given.end - (at ?? 0) + 1);
      if (limit <= 0) return void stream.push(null);
      const buffer = Buffer.alloc(Math.min(limit, 65536));
      fs.read(fd, buffer, 0, buffer.length, at, (error, count) => {
        if (error) return stream.destroy(error);
        if (given.end !== undefined && at === undefined) at = 0;
        if (at !== undefined) at += count;
        stream.bytesRead += count;
        stream.push(count === 0 ? null : buffer.subarray(0, count));
      });
    },
    destroy(error, callback) {
      if (typeof fd === 'number' && given.autoClose !== false) attempt(sync.close, [fd]);
      callback(error);
    },
  });
  stream.path = file;
  stream.bytesRead = 0;
  if (given.end !== undefined && at === undefined) at = 0;
  stream.close = (callback) => stream.destroy(null, callback);
}
function WriteStream(file, options) {
  if (!(this instanceof WriteStream)) return new (writable())(file, options);
  const stream = this;
  const given = typeof options === 'string' ? { encoding: options } : (options ?? {});
  let { fd } = given;
  require('stream').Writable.call(stream, {
    decodeStrings: true,
    construct(callback) {
      if (typeof fd === 'number') return callback();
      fs.open(file, given.flags ?? 'w', given.mode, (error, opened) => {
        if (error) return callback(error);
        fd = opened;
        stream.fd = fd;
        stream.emit('open', fd);
        stream.emit('ready');
        callback();
      });
    },
    write(chunk, _encoding, callback) {
      const append = /^a/.test(given.flags ?? '');
      soon(() => {
        const [error] = attempt(
          () => (append ? call('write', [], 'fs.write', fd, host.bytes(chunk), -1, true) : sync.write(fd, chunk)),
          [],
        );
        stream.bytesWritten += chunk.length;
        callback(error);
      });
    },
    destroy(error, callback) {
      if (typeof fd === 'number' && given.autoClose !== false) attempt(sync.close, [fd]);
      callback(error);
    },
  });
  stream.path = file;
  stream.bytesWritten = 0;
  stream.close = (callback) => {
    if (callback) stream.once('close', callback);
    stream.end();
  };
}
// Streams are much to load: these become streams when they are first asked for.
const streamType = (type, base) => {
  const own = (value) => ({ value, writable: true, configurable: true, enumerable: true });
  const made = () => {
    const Base = require('stream')[base];
    Object.setPrototypeOf(type.prototype, Base.prototype);
    Object.setPrototypeOf(type, Base);
    return type;
  };
  Object.defineProperty(fs, type.name, {
    ...{ configurable: true, enumerable: true },
    get() {
      Object.defineProperty(fs, type.name, own(made()));
      return type;
    },
    set: (value) => Object.defineProperty(fs, type.name, own(value)),
  });
  return made;
};
const readable = streamType(ReadStream, 'Readable');
const writable = streamType(WriteStream, 'Writable');
fs.createReadStream = (file, options) => new (readable())(file, options);
fs.createWriteStream = (file, options) => new (writable())(file, options);

// Differs from Linux: a change is seen by looking twice a second, as fs.watchFile does, not by inotify.
fs.watchFile = (file, options, listener = options) => {
  const emitter = new (require('events'))();
  let last =
    attempt(sync.stat, [file])[1] ??
    new Stats({ atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0, size: 0, mode: 0 });
  const timer = setInterval(() => {
    const now = attempt(sync.stat, [file])[1];
    if (now && now.mtimeMs !== last.mtimeMs) listener(now, last);
    if (now) last = now;
  }, options?.interval ?? 5007);
  watched.set(text(file), timer);
  emitter.unref = () => timer.unref();
  return emitter;
};
const watched = new Map();
fs.unwatchFile = (file) => clearInterval(watched.get(text(file)));
fs.watch = (file, options, listener = options) => {
  const emitter = new (require('events'))();
  if (typeof listener === 'function') emitter.on('change', listener);
  const look = () => {
    const found = new Map();
    const directory = host.call('fs.kind', text(file)) === 1;
    const scan = (at, prefix) => {
      for (const [name, kind] of attempt(() => host.call('fs.readdir', at), [])[1] ?? []) {
        const whole = path.join(at, name);
        found.set(prefix + name, attempt(sync.stat, [whole])[1]?.mtimeMs);
        if (options?.recursive && kind === 2) scan(whole, `${prefix}${name}/`);
      }
    };
    if (directory) scan(text(file), '');
    else found.set(path.basename(text(file)), sync.stat(file).mtimeMs);
    return found;
  };
  let last = look();
  const timer = setInterval(() => {
    const now = attempt(look, [])[1] ?? new Map();
    for (const [name, time] of now)
      if (last.get(name) !== time) emitter.emit('change', last.has(name) ? 'change' : 'rename', name);
    for (const name of last.keys()) if (!now.has(name)) emitter.emit('change', 'rename', name);
    last = now;
  }, 500);
  emitter.close = () => clearInterval(timer);
  emitter.unref = () => timer.unref();
  emitter.ref = () => timer.ref();
  return emitter;
};
fs.promises = promises;
module.exports = fs;
