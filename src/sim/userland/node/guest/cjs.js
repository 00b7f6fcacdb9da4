// CommonJS: where `require` looks and what it runs.
const { fix, coded } = require('errors');
const path = require('path');

const builtins = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'child_process',
  'cluster',
  'console',
  'constants',
  'crypto',
  'dgram',
  'diagnostics_channel',
  'dns',
  'dns/promises',
  'domain',
  'events',
  'fs',
  'fs/promises',
  'http',
  'http2',
  'https',
  'inspector',
  'module',
  'net',
  'os',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'readline',
  'readline/promises',
  'repl',
  'stream',
  'stream/promises',
  'stream/web',
  'stream/consumers',
  'string_decoder',
  'sys',
  'timers',
  'timers/promises',
  'tls',
  'tty',
  'url',
  'util',
  'util/types',
  'v8',
  'vm',
  'wasi',
  'worker_threads',
  'zlib',
  'test',
];
const known = new Set(builtins);
const kind = (file) => host.call('fs.kind', file);
const sources = new Map();
host.sources = sources;

const builtinId = (name) => {
  const id = name.startsWith('node:') ? name.slice(5) : name;
  return known.has(id) && (name.startsWith('node:') || id !== 'test') ? id : undefined;
};

const views = new Map();
function loadBuiltin(id) {
  if (!views.has(id)) views.set(id, require('builtins')(id));
  return views.get(id);
}

const packages = new Map();
function readPackage(directory) {
  const file = path.join(directory, 'package.json');
  if (packages.has(file)) return packages.get(file);
  let found;
  if (kind(file) === 0) {
    try {
      found = JSON.parse(host.call('fs.text', file));
    } catch (error) {
      error.message = `Invalid package config ${file}.`;
      throw coded(Error, 'ERR_INVALID_PACKAGE_CONFIG', error.message);
    }
  }
  packages.set(file, found);
  return found;
}

function packageScope(file) {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (at.endsWith('/node_modules')) return undefined;
    const found = readPackage(at);
    if (found) return { directory: at, data: found };
    if (at === '/') return undefined;
  }
}

const asFile = (file) => {
  if (kind(file) === 0) return file;
  for (const extension of ['.js', '.json', '.node']) if (kind(file + extension) === 0) return file + extension;
  return undefined;
};
const asIndex = (directory) => {
  for (const extension of ['.js', '.json', '.node']) {
    const file = path.join(directory, `index${extension}`);
    if (kind(file) === 0) return file;
  }
  return undefined;
};
const asDirectory = (directory) => {
  if (kind(directory) !== 1) return undefined;
  const main = readPackage(directory)?.main;
  if (typeof main === 'string') {
    const target = path.resolve(directory, main);
    const found = asFile(target) ?? asIndex(target);
    if (found) return found;
  }
  return asIndex(directory);
};

/** What a value of "exports" or "imports" means under these conditions. */
function target(directory, value, star, conditions) {
  if (typeof value === 'string') {
    return value.startsWith('./')
      ? path.join(directory, star === undefined ? value : value.replaceAll('*', star))
      : value;
  }
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = target(directory, one, star, conditions);
      if (found) return found;
    }
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  for (const [name, one] of Object.entries(value)) {
    if (name !== 'default' && !conditions.includes(name)) continue;
    const found = target(directory, one, star, conditions);
    if (found) return found;
  }
  return undefined;
}

function matchPattern(map, wanted) {
  if (wanted in map && !wanted.includes('*')) return [map[wanted]];
  let best;
  for (const key of Object.keys(map)) {
    const star = key.indexOf('*');
    if (star < 0) continue;
    const before = key.slice(0, star);
    const after = key.slice(star + 1);
    if (!wanted.startsWith(before) || !wanted.endsWith(after) || wanted.length < key.length) continue;
    if (!best || before.length > best.before.length) best = { key, before, after };
  }
  return best && [map[best.key], wanted.slice(best.before.length, wanted.length - best.after.length)];
}

function fromExports(directory, data, subpath, conditions) {
  const { exports } = data;
  const isMap =
    exports !== null &&
    typeof exports === 'object' &&
    !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith('.'));
  const found = isMap ? matchPattern(exports, subpath) : subpath === '.' ? [exports] : undefined;
  const file = found && target(directory, found[0], found[1], conditions);
  if (file) return file;
  const where = path.join(directory, 'package.json');
  throw coded(
    Error,
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
    subpath === '.'
      ? `No "exports" main defined in ${where}`
      : `Package subpath '${subpath}' is not defined by "exports" in ${where}`,
  );
}

const split = (request) => {
  const match = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(request);
  return match && { name: match[1], rest: match[2] ?? '' };
};

const nodeModules = (from) => {
  const out = [];
  for (let at = from; ; at = path.dirname(at)) {
    if (path.basename(at) !== 'node_modules') out.push(path.join(at, 'node_modules'));
    if (at === '/') return out;
  }
};

function lookup(request, from, conditions, extra = []) {
  if (/^(\.{1,2}(\/|$)|\/)/.test(request)) {
    const file = path.resolve(from, request);
    return (/\/(\.{1,2})?$|^\.{1,2}$/.test(request) ? undefined : asFile(file)) ?? asDirectory(file);
  }
  if (request.startsWith('#')) {
    const scope = packageScope(path.join(from, 'x'));
    const found = scope?.data.imports && matchPattern(scope.data.imports, request);
    const goal = found && target(scope.directory, found[0], found[1], conditions);
    if (goal) return goal.startsWith('/') ? goal : lookup(goal, from, conditions);
    throw coded(
      TypeError,
      'ERR_PACKAGE_IMPORT_NOT_DEFINED',
      `Package import specifier "${request}" is not defined in package ${path.join(scope?.directory ?? from, 'package.json')}`,
    );
  }
  const parts = split(request);
  if (!parts) return undefined;
  const own = packageScope(path.join(from, 'x'));
  if (own?.data.name === parts.name && own.data.exports !== undefined) {
    return fromExports(own.directory, own.data, `.${parts.rest}`, conditions);
  }
  for (const modules of [...nodeModules(from), ...extra]) {
    const directory = path.join(modules, parts.name);
    if (kind(directory) === 1) {
      const data = readPackage(directory);
      if (data?.exports !== undefined && data.exports !== null)
        return fromExports(directory, data, `.${parts.rest}`, conditions);
    }
    const found = asFile(path.join(modules, request)) ?? asDirectory(path.join(modules, request));
    if (found) return found;
  }
  return undefined;
}

const real = (file) => host.call('fs.realpath', file);

function Module(id = '', parent) {
  this.id = id;
  this.path = path.dirname(id);
  this.exports = {};
  Object.defineProperty(this, 'parent', { value: parent, writable: true, configurable: true, enumerable: false });
  this.filename = null;
  this.loaded = false;
  this.children = [];
  this.paths = [];
  parent?.children?.push(this);
}
Module._cache = Object.create(null);
Module._extensions = Object.create(null);
Module.builtinModules = builtins.filter((name) => name !== 'test');
Module.isBuiltin = (name) => builtinId(name) !== undefined;
Module.Module = Module;
Module._nodeModulePaths = nodeModules;
Module.globalPaths = [];
Module.wrap = (code) => `(function (exports, require, module, __filename, __dirname) { ${code}\n});`;

Module._resolveFilename = function _resolveFilename(request, parent, _isMain, options) {
  if (builtinId(request)) return request;
  if (request.startsWith('node:'))
    throw coded(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${request}`);
  const extra = (require('process').env.NODE_PATH ?? '').split(':').filter(Boolean);
  const from = options?.paths ?? [parent?.filename ? path.dirname(parent.filename) : require('process').cwd()];
  for (const one of from) {
    const found = lookup(request, one, ['node', 'require', 'module-sync'], extra);
    if (found && kind(found) === 0) return real(found);
  }
  const stack = [];
  for (let at = parent; at; at = at.parent) stack.push(at.filename || at.id);
  const error = new Error(
    `Cannot find module '${request}'${stack.length ? `\nRequire stack:\n- ${stack.join('\n- ')}` : ''}`,
  );
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = stack;
  throw error;
};

Module._load = function _load(request, parent, isMain) {
  const id = builtinId(request);
  if (id) return loadBuiltin(id);
  const filename = Module._resolveFilename(request, parent, isMain);
  const cached = Module._cache[filename];
  if (cached) return cached.exports;
  const module = new Module(filename, parent);
  if (isMain) {
    require('process').mainModule = module;
    module.id = '.';
    host.main = module;
  }
  Module._cache[filename] = module;
  let done = false;
  try {
    module.load(filename);
    done = true;
  } finally {
    if (!done) delete Module._cache[filename];
  }
  return module.exports;
};

Module.prototype.load = function load(filename) {
  this.filename = filename;
  this.paths = nodeModules(path.dirname(filename));
  const extension = path.extname(filename);
  (Module._extensions[extension] ?? Module._extensions['.js'])(this, filename);
  this.loaded = true;
};
Object.defineProperty(Module.prototype.load, 'name', { value: 'Module.load' });

const isModule = (file) =>
  file.endsWith('.mjs') || (!file.endsWith('.cjs') && packageScope(file)?.data.type === 'module');

Module._extensions['.js'] = (module, filename) => {
  const code = host.call('fs.text', filename);
  if (isModule(filename)) {
    const by = module.parent?.filename;
    const error = coded(
      Error,
      'ERR_REQUIRE_ESM',
      `require() of ES Module ${filename}${by ? ` from ${by}` : ''} not supported.\n${filename.endsWith('.mjs') ? `Instead change the require of ${filename} to a dynamic import() which is available in all CommonJS modules.` : `Instead change the require of ${path.basename(filename)} in ${by} to a dynamic import() which is available in all CommonJS modules.`}`,
    );
    throw error;
  }
  module._compile(code, filename);
};
Object.defineProperty(Module._extensions['.js'], 'name', { value: 'Module._extensions..js' });
Module._extensions['.json'] = (module, filename) => {
  try {
    module.exports = JSON.parse(host.call('fs.text', filename).replace(/^\ufeff/, ''));
  } catch (error) {
    error.message = `${filename}: ${error.message}`;
    throw error;
  }
};
Module._extensions['.node'] = (_module, filename) => {
  throw coded(Error, 'ERR_DLOPEN_FAILED', `drydock: native addons are not simulated: ${filename}`);
};

/** The code as the engine takes it. */
const prepared = (code, filename) => require('prepare')(code, filename);

Module.prototype._compile = function (code, filename) {
  sources.set(filename, code);
  const compiled = compileFunction(prepared(code, filename), filename);
  const require = makeRequire(this);
  return compiled.call(this.exports, this.exports, require, this, filename, path.dirname(filename));
};
Object.defineProperty(Module.prototype._compile, 'name', { value: 'Module._compile' });

function compileFunction(code, filename) {
  try {
    return host.native.compile(code, filename, 'program');
  } catch (error) {
    throw require('syntax')(error, filename);
  }
}

Module.prototype.require = function (id) {
  if (typeof id !== 'string') throw require('errors').invalidType('id', 'string', id);
  if (id === '')
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'id' must be a non-empty string. Received ''");
  return Module._load(id, this, false);
};
Object.defineProperty(Module.prototype.require, 'name', { value: 'Module.require' });

function makeRequire(module) {
  const require = function require(id) {
    return module.require(id);
  };
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => (builtinId(request) ? null : nodeModules(path.dirname(module.filename)));
  require.main = host.main;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}
Module.createRequire = (from) => {
  const filename =
    typeof from === 'object' || String(from).startsWith('file:') ? require('url').fileURLToPath(from) : from;
  const module = new Module(filename);
  module.filename = filename;
  return makeRequire(module);
};
Module.runMain = () => undefined;
Module.register = () => undefined;
Module.syncBuiltinESMExports = () => undefined;
Module.findSourceMap = () => undefined;

for (const name of ['_resolveFilename', '_load'])
  Object.defineProperty(Module[name], 'name', { value: `Module.${name}` });

module.exports = {
  Module,
  lookup,
  isModule,
  builtinId,
  loadBuiltin,
  prepared,
  makeRequire,
  packageScope,
  kind,
  real,
  fix,
  compileFunction,
};
