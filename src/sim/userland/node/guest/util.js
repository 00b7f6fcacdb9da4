// util; what it prints of values is in ./inspect.
const { format, formatWithOptions } = require('format');
const { inspect, stripColors } = require('inspect');
const { types } = require('value-types');
const { invalidType, coded } = require('errors');

const custom = Symbol.for('nodejs.util.promisify.custom');

function promisify(original) {
  if (typeof original !== 'function') throw invalidType('original', 'function', original);
  if (original[custom]) return original[custom];
  function promised(...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, ...values) => (error ? reject(error) : resolve(values[0])));
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

const warned = new Set();
function deprecate(fn, text, code) {
  function deprecated(...args) {
    if (!warned.has(code ?? text)) {
      warned.add(code ?? text);
      require('process').emitWarning(text, 'DeprecationWarning', code);
    }
    return new.target ? Reflect.construct(fn, args, new.target) : fn.apply(this, args);
  }
  Object.setPrototypeOf(deprecated, fn);
  if (fn.prototype) deprecated.prototype = fn.prototype;
  return deprecated;
}

function debuglog(set, callback) {
  const wanted = (require('process').env.NODE_DEBUG ?? '').toUpperCase().split(/[\s,]+/);
  const enabled = wanted.includes(set.toUpperCase());
  const log = (...args) => {
    if (enabled) host.call('write', 2, `${set.toUpperCase()} ${require('process').pid}: ${format(...args)}\n`);
  };
  log.enabled = enabled;
  callback?.(log);
  return log;
}

function isDeepStrictEqual(a, b) {
  return require('deep-equal')(a, b, true);
}

function inherits(ctor, parent) {
  if (ctor === undefined || ctor === null) throw invalidType('ctor', 'function', ctor);
  if (parent === undefined || parent === null) throw invalidType('superCtor', 'function', parent);
  Object.defineProperty(ctor, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(ctor.prototype, parent.prototype);
}

const styles = inspect.colors;
function styleText(format, text) {
  let out = text;
  for (const name of [format].flat().reverse()) {
    const codes = styles[name];
    if (!codes)
      throw coded(
        TypeError,
        'ERR_INVALID_ARG_VALUE',
        `The argument 'format' must be one of: ${Object.keys(styles)
          .map((one) => `'${one}'`)
          .join(', ')}. Received '${name}'`,
      );
    out = `\u001b[${codes[0]}m${out}\u001b[${codes[1]}m`;
  }
  return out;
}

function parseArgs({ args, options = {}, strict = true, allowPositionals = !strict } = {}) {
  const given = args ?? require('process').argv.slice(2);
  const values = Object.create(null);
  const positionals = [];
  const byShort = Object.fromEntries(Object.entries(options).map(([name, { short }]) => [short, name]));
  const put = (name, value) => {
    if (options[name]?.multiple) values[name] = [...(values[name] ?? []), value];
    else values[name] = value;
  };
  for (let i = 0; i < given.length; i++) {
    const arg = given[i];
    if (arg === '--') {
      positionals.push(...given.slice(i + 1));
      break;
    }
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? (/^-\w$/.test(arg) ? [arg, byShort[arg[1]] ?? arg[1]] : null);
    if (!match) {
      if (!allowPositionals)
        throw coded(
          TypeError,
          'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
          `Unexpected argument '${arg}'. This command does not take positional arguments`,
        );
      positionals.push(arg);
      continue;
    }
    const [, name, value] = match;
    if (strict && !options[name]) throw coded(TypeError, 'ERR_PARSE_ARGS_UNKNOWN_OPTION', `Unknown option '${arg}'`);
    if (options[name]?.type === 'string') put(name, value ?? given[++i]);
    else put(name, value ?? true);
  }
  for (const [name, { default: value }] of Object.entries(options)) {
    if (value !== undefined && !(name in values)) values[name] = value;
  }
  return { values, positionals };
}

module.exports = {
  inspect,
  format,
  formatWithOptions,
  stripVTControlCharacters: stripColors,
  types,
  promisify,
  callbackify(original) {
    return function (...args) {
      const callback = args.pop();
      const { nextTick } = require('process');
      original.apply(this, args).then(
        (value) => nextTick(callback, null, value),
        (error) => nextTick(callback, error ?? new Error('null')),
      );
    };
  },
  deprecate,
  debuglog,
  debug: debuglog,
  inherits,
  isDeepStrictEqual,
  styleText,
  parseArgs,
  toUSVString: (text) => String(text).toWellFormed(),
  TextEncoder: globalThis.TextEncoder,
  TextDecoder: globalThis.TextDecoder,
  isArray: Array.isArray,
  isError: (value) => value instanceof Error,
  isString: (value) => typeof value === 'string',
  isFunction: (value) => typeof value === 'function',
  isObject: (value) => value !== null && typeof value === 'object',
  isBuffer: (value) => require('buffer').Buffer.isBuffer(value),
  aborted: (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
};
