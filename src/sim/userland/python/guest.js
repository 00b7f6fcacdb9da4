/**
 * What runs beside the interpreter, in whatever thread it has: Pyodide with the container's filesystem as its own. No
 * imports: it is also sent as text to threads that cannot load our modules.
 *
 * `call` asks the kernel and has the answer at once; `wait` may take long: where the thread may block it answers the same
 * way, elsewhere it gives a promise and Python's stack is switched (JSPI). `pending` gives a signal that came, or 0;
 * `interrupts` is where the interpreter itself looks for one while it computes; `awake` is told when a switched stack is
 * back.
 */

/** Where Python looks for its library before any directory: here the interpreter's own lies, shown by no listing. */
const zipOf = (start) => start.path[0];

/** The module is compiled once and instantiated for each; what its loader adds to the imports is added here. */
function loaderOf({ createModule, module }) {
  const marker = Symbol('error');
  return async (settings) => {
    settings.instantiateWasm = (imports, done) => {
      imports.env.Jsv_GetError_import = () => marker;
      imports.env.JsvError_Check = (value) => value === marker;
      WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
      return {};
    };
    const made = await createModule(settings);
    if (settings.noInitialRun) made.HEAP8.set = setWithoutZeros; // the next call restores the snapshot
    return made;
  };
}

/** Half of a snapshot's pages are zero, as a fresh memory's are: these are never touched, and so take no memory. */
function setWithoutZeros(bytes) {
  delete this.set;
  const page = 4096;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let at = 0; at < bytes.length; at += page) {
    if (words.subarray(at >> 2, (at + page) >> 2).every((word) => word === 0)) continue;
    this.set(bytes.subarray(at, at + page), at);
  }
}

const load = (files, options) =>
  files.loadPyodide({
    indexURL: files.indexURL,
    stdLibURL: files.stdLibURL,
    lockFileContents: { ...files.lock, packages: {} }, // none is installed this way
    createPyodideModule: loaderOf(files),
    env: { HOME: '/root' },
    stdout() {},
    stderr() {},
    ...options,
  });

const loadModules = `
import sys, types
def load(name, source):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = []
    exec(compile(source, f"<{name.replace('.', '/')}>", "exec"), vars(module))
`;

/** The memory of an interpreter that has our modules, for others to start from. */
export async function prepare(files, modules) {
  const py = await load(files, { _makeSnapshot: true });
  py.runPython(loadModules);
  const python = JSON.stringify; // a string of JSON is one of Python
  py.runPython('load("_drydock", "")');
  for (const [name, source] of modules) {
    py.runPython(`load(${python(`_drydock.${name}`)}, ${python(source)})`);
    py.runPython(`sys.modules["_drydock"].${name} = sys.modules["_drydock.${name}"]`);
  }
  py.runPython('del load');
  return py.makeMemorySnapshot();
}

export async function interpret({ files, snapshot, start, call, wait, blocks, interrupts, pending, awake }) {
  const py = await load(files, { _loadSnapshot: snapshot });
  const library = py.FS.readFile(py.FS.analyzePath('/lib/python314.zip').exists ? '/lib/python314.zip' : zipOf(start));
  mountRoot(py, start, library, (operation, ...args) => unwrap(py, call([operation, ...args])));
  quietly(py);
  py.setInterruptBuffer(interrupts);
  const host = {
    blocks,
    start: JSON.stringify(start),
    pending,
    awake,
    /** The kernel's descriptor of an open file; its offset is the kernel's from now on, as others may move it. */
    shared(fd) {
      const stream = py.FS.getStream(fd);
      if (!stream.byKernel) call(['lseek', stream.kernel, stream.position, 'set']);
      stream.byKernel = true;
      return stream.kernel;
    },
    compiled: (key) => call(['compiled', key]).value,
    keepCompiled: (key, code) => void call(['keepCompiled', key, code]),
    call: (text, bytes) => answerOf(call(callOf(text, bytes))),
    wait(text, bytes) {
      const answer = wait(callOf(text, bytes));
      return blocks ? answerOf(answer) : answer.then(answerOf);
    },
  };
  const program = py.pyimport('_drydock.program');
  const main = program.main.copy();
  program.destroy(); // by us: it must not happen while Python sleeps
  try {
    const status = blocks ? main(host) : await main.callPromising(host);
    if (typeof status === 'string') throw new Error(status);
    return status;
  } finally {
    main.destroy();
  }
}

/** No device of the tree is made to catch the text of an error that escapes: `main` gives it. */
function quietly(py) {
  py._api.capture_stderr = () => {};
  py._api.restore_stderr = () => '';
}

/** Python gives its arguments as JSON; the bytes among them, of which there is at most one, apart. */
const callOf = (text, bytes) => (bytes === undefined ? JSON.parse(text) : [...JSON.parse(text), bytes]);

/**
 * JSON of [errno's name or '', value], with bytes beside it. Nothing of Python is made here: it sleeps when an answer
 * comes late, and what JavaScript holds of it would be let go of at any moment.
 */
function answerOf(answer) {
  if (answer.errno) return JSON.stringify([answer.errno, null]);
  const { value } = answer;
  if (value instanceof Uint8Array) return { text: '["", null]', bytes: value };
  if (value?.bytes instanceof Uint8Array) {
    const { bytes, ...rest } = value;
    return { text: JSON.stringify(['', rest]), bytes };
  }
  return JSON.stringify(['', value ?? null]);
}

function unwrap(py, answer) {
  if (answer.errno) throw new py.FS.ErrnoError(py.ERRNO_CODES[answer.errno] ?? py.ERRNO_CODES.EIO);
  return answer.value;
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

/** Puts the container's root where Emscripten has its own. */
function mountRoot(py, start, library, ask) {
  const { FS } = py;
  const zip = zipOf(start);
  const pathOf = (node) => node.fullPath;
  const join = (parent, name) => (pathOf(parent) === '/' ? `/${name}` : `${pathOf(parent)}/${name}`);
  const toMs = (time) => new Date(time.sec * 1000 + time.nsec / 1e6);
  const libraryStat = () => {
    const time = { sec: 0, nsec: 0 };
    const common = {
      dev: 1,
      ino: 1,
      mode: S_IFREG | 0o644,
      nlink: 1,
      uid: 0,
      gid: 0,
      rdev: 0,
      blksize: 4096,
      blocks: 1,
    };
    return { ...common, size: library.length, atime: time, mtime: time, ctime: time };
  };
  const isLibrary = (path) => path === zip || path.endsWith('/python314.zip');
  const statOf = (path, operation) => {
    if (isLibrary(path)) return libraryStat();
    try {
      return ask(operation, path);
    } catch (error) {
      if (!zip.startsWith(`${path}/`) && path !== '/lib') throw error;
      return { ...libraryStat(), mode: S_IFDIR | 0o755, size: 4096 }; // the library is found whatever was removed
    }
  };

  const lstat = (path) => statOf(path, 'lstat');

  // Not in the table of names: what other processes do to the tree shall be seen.
  const nodeOf = (parent, name, stat) => {
    const node = new FS.FSNode(parent, name, stat.mode, stat.rdev);
    node.node_ops = nodeOps;
    node.stream_ops = streamOps;
    node.fullPath = parent ? join(parent, name) : name;
    return node;
  };
  const attributes = (stat) => ({
    ...stat,
    atime: toMs(stat.atime),
    mtime: toMs(stat.mtime),
    ctime: toMs(stat.ctime),
  });
  const nodeOps = {
    getattr(node) {
      const stat = node.fresh ?? statOf(pathOf(node), node.followed ? 'stat' : 'lstat');
      node.fresh = undefined;
      node.mode = stat.mode;
      return attributes(stat);
    },
    setattr(node, attr) {
      const path = pathOf(node);
      if (attr.mode !== undefined) {
        ask('chmod', path, attr.mode & 0o7777);
        node.mode = attr.mode;
      }
      if (attr.size !== undefined) ask('truncate', path, attr.size);
      const time = (value) => (value === undefined ? undefined : +value);
      if (attr.atime !== undefined || attr.mtime !== undefined) {
        ask('utimens', path, time(attr.atime), time(attr.mtime));
      }
    },
    lookup: (parent, name) => nodeOf(parent, name, lstat(join(parent, name))),
    mknod(parent, name, mode, rdev) {
      const path = join(parent, name);
      if ((mode & S_IFMT) === S_IFDIR) ask('mkdir', path, mode & 0o7777);
      else if ((mode & S_IFMT) === S_IFREG) ask('creat', path, mode & 0o7777);
      else ask('mknod', path, mode, rdev);
      return nodeOf(parent, name, lstat(path));
    },
    rename(node, parent, name) {
      ask('rename', pathOf(node), join(parent, name));
      node.name = name;
      node.fullPath = join(parent, name);
    },
    unlink: (parent, name) => ask('unlink', join(parent, name)),
    rmdir: (parent, name) => ask('rmdir', join(parent, name)),
    readdir: (node) => ['.', '..', ...ask('readdir', pathOf(node))],
    symlink(parent, name, target) {
      ask('symlink', target, join(parent, name));
      return nodeOf(parent, name, lstat(join(parent, name)));
    },
    readlink: (node) => ask('readlink', pathOf(node)),
  };
  // The interpreter adds to its own idea of the position what was read or written.
  const moved = (stream, at, count) => {
    stream.position = at;
    ask('lseek', stream.kernel, at + count, 'set');
  };
  const streamOps = {
    open(stream) {
      const path = pathOf(stream.node);
      stream.node.fresh = undefined;
      stream.library = isLibrary(path);
      stream.kernel =
        stream.library || FS.isDir(stream.node.mode) ? -1 : ask('open', path, stream.flags & 3, stream.flags & 1024);
    },
    close(stream) {
      if (stream.kernel >= 0) ask('close', stream.kernel);
    },
    // By the descriptor, as the name may be gone.
    getattr: (stream) => attributes(stream.kernel >= 0 ? ask('fstat', stream.kernel) : lstat(pathOf(stream.node))),
    setattr(stream, attr) {
      if (attr.size !== undefined && stream.kernel >= 0) ask('ftruncate', stream.kernel, attr.size);
      else nodeOps.setattr(stream.node, attr);
    },
    dup(stream) {
      if (stream.kernel >= 0) stream.kernel = ask('dup', stream.kernel);
    },
    read(stream, buffer, offset, length, position) {
      if (stream.library) {
        const part = library.subarray(position, position + length);
        buffer.set(part, offset);
        return part.length;
      }
      const at = stream.byKernel ? ask('lseek', stream.kernel, 0, 'cur') : position;
      const bytes = ask('pread', stream.kernel, at, Math.min(length, 1 << 20));
      buffer.set(bytes, offset);
      if (stream.byKernel) moved(stream, at, bytes.length);
      return bytes.length;
    },
    write(stream, buffer, offset, length, position) {
      const at = stream.byKernel ? ask('lseek', stream.kernel, 0, 'cur') : position;
      const bytes = new Uint8Array(buffer.slice(offset, offset + length).buffer);
      const count = ask('pwrite', stream.kernel, at, bytes);
      if (stream.byKernel) moved(stream, at, count);
      return count;
    },
    llseek(stream, offset, whence) {
      if (stream.byKernel && whence === 1) stream.position = ask('lseek', stream.kernel, 0, 'cur');
      const base =
        whence === 0
          ? 0
          : whence === 1
            ? stream.position
            : stream.library
              ? library.length
              : ask('size', stream.kernel);
      if (base + offset < 0) throw new FS.ErrnoError(py.ERRNO_CODES.EINVAL);
      if (stream.byKernel) ask('lseek', stream.kernel, base + offset, 'set');
      return base + offset;
    },
    mmap(stream, length, position) {
      const ptr = py._module._malloc(length);
      streamOps.read(stream, py._module.HEAPU8, ptr, length, position);
      return { ptr, allocated: true };
    },
    msync: () => 0,
  };
  FS.ignorePermissions = true;
  const rootStat = ask('lstat', '/');
  const type = {
    mount(mount) {
      const node = nodeOf(null, '/', rootStat);
      node.mount = mount;
      return node;
    },
  };
  FS.root = null;
  FS.mounts = [];
  FS.mount(type, {}, '/');
  FS.getPath = pathOf;
  // A path is the kernel's to walk, in one call: it knows links and permissions.
  FS.lookupPath = (given, { follow = false, parent = false, noent_okay: mayLack = false } = {}) => {
    const text = String(given);
    if (!text) throw new FS.ErrnoError(py.ERRNO_CODES.ENOENT);
    const whole = text.startsWith('/') ? text : `${FS.cwd().replace(/\/$/, '')}/${text}`;
    const path = parent ? whole.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/' : whole;
    try {
      const stat = statOf(path, follow || parent ? 'stat' : 'lstat');
      const node = nodeOf(null, path, stat);
      return {
        path,
        node: Object.assign(node, { mount: FS.root.mount, followed: follow || parent, fresh: stat }),
      };
    } catch (error) {
      if (mayLack && error.errno === py.ERRNO_CODES.ENOENT) return { path, node: null };
      throw error;
    }
  };
  FS.chdir(start.cwd);
}
