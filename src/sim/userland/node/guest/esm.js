// ES modules: what a specifier names, and the source that stands for a CommonJS module or one of node's own.
const { coded, esModules } = require('errors');
const path = require('path');
const cjs = require('cjs');

const strip = (name) => (name.startsWith('file://') ? decodeURIComponent(name.slice(7)) : name);

function resolve(from, specifier) {
  specifier = strip(specifier);
  const id = cjs.builtinId(specifier);
  if (id) return `node:${id}`;
  if (specifier.startsWith('node:'))
    throw coded(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${specifier}`);
  if (/^(https?|data):/.test(specifier))
    throw coded(
      Error,
      'ERR_UNSUPPORTED_ESM_URL_SCHEME',
      `Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol '${specifier.split(':')[0]}:'`,
    );
  const base = strip(from);
  const directory = base.startsWith('/') ? path.dirname(base) : require('process').cwd();
  if (/^(\.{1,2}\/|\/)/.test(specifier)) {
    const file = path.resolve(directory, specifier);
    const found = cjs.kind(file);
    if (found === 1)
      throw coded(
        Error,
        'ERR_UNSUPPORTED_DIR_IMPORT',
        `Directory import '${file}' is not supported resolving ES modules imported from ${base}`,
      );
    if (found !== 0)
      throw Object.assign(coded(Error, 'ERR_MODULE_NOT_FOUND', `Cannot find module '${file}' imported from ${base}`), {
        url: `file://${file}`,
      });
    return cjs.real(file);
  }
  const found = cjs.lookup(specifier, directory, ['node', 'import', 'module-sync']);
  if (!found)
    throw coded(
      Error,
      'ERR_MODULE_NOT_FOUND',
      `Cannot find package '${/^((?:@[^/]+\/)?[^/]+)/.exec(specifier)[1]}' imported from ${base}`,
    );
  return cjs.real(found);
}

const names = new Set();
const reserved =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|eval|arguments)$/;

function facade(value, get) {
  const keys = value !== null && (typeof value === 'object' || typeof value === 'function') ? Object.keys(value) : [];
  const lines = [`const m = ${get}; export default m;`];
  keys.forEach((key, i) => {
    if (key === 'default' || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return;
    lines.push(
      reserved.test(key)
        ? `const x${i} = m[${JSON.stringify(key)}]; export { x${i} as ${key} };`
        : `const x${i} = m.${key}; export { x${i} as ${key} };`,
    );
  });
  return lines.join('\n');
}

const held = new Map();
Object.defineProperty(globalThis, '__held', { value: (name) => held.get(name) });

let failure;
function source(name) {
  try {
    return sourceOf(name);
  } catch (error) {
    failure = error;
    throw error;
  }
}

function sourceOf(name) {
  if (name.startsWith('node:')) {
    const value = cjs.loadBuiltin(name.slice(5));
    held.set(name, value);
    return facade(value, `__held(${JSON.stringify(name)})`);
  }
  if (name.endsWith('.json') || !cjs.isModule(name)) {
    const value = cjs.Module._load(name, undefined, false);
    held.set(name, value);
    return facade(value?.__esModule && value.default !== undefined ? value : value, `__held(${JSON.stringify(name)})`);
  }
  esModules.add(name);
  const code = host.call('fs.text', name);
  host.sources.set(name, code);
  names.add(name);
  return meta(name) + cjs.prepared(code, name);
}

const meta = (name) =>
  `import.meta.url=${JSON.stringify(`file://${name}`)};import.meta.filename=${JSON.stringify(name)};import.meta.dirname=${JSON.stringify(path.dirname(name))};import.meta.resolve=__resolver(${JSON.stringify(name)});`;
Object.defineProperty(globalThis, '__resolver', {
  value: (from) => (specifier) => {
    const found = resolve(from, specifier);
    return found.startsWith('node:') ? found : `file://${found}`;
  },
});

module.exports = {
  source,
  resolve(from, to) {
    try {
      return resolve(from, to);
    } catch (error) {
      failure = error;
      throw error;
    }
  },
  /** The error of the loader itself, which the engine has replaced with one of its own. */
  takeFailure() {
    const error = failure;
    failure = undefined;
    return error;
  },
  meta,
};
