// Errors as V8 makes them: a stack that begins with the message, captureStackTrace, V8's words for what QuickJS throws.
const NativeError = Error;
const natives = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
};
const ours = /node:(internal\/boot|errors)|<border>/;

const arrays = new Set(
  'forEach map filter reduce reduceRight some every find findIndex findLast sort flatMap from'.split(' '),
);
const place = (name) => {
  if (arrays.has(name)) return `Array.${name}`;
  if (name === 'parse' || name === 'stringify') return `JSON.${name}`;
  if (name === 'Promise') return 'new Promise';
  if (name === 'replace') return 'String.replace';
  if (name === 'apply' || name === 'call' || name === 'bind') return `Function.${name}`;
  return name;
};

/** Node's names for files of ours that stand in stacks. */
const internal = {
  'node:cjs': 'node:internal/modules/cjs/loader',
  'node:esm': 'node:internal/modules/esm/loader',
  'node:main': 'node:internal/modules/run_main',
  'node:timers': 'node:internal/timers',
};

/** Frames of a QuickJS stack: { name, file, line, column }. */
function frames(text) {
  const out = [];
  for (const line of (text ?? '').split('\n')) {
    if (line === '' || ours.test(line)) continue;
    let match = /^ {4}at (.*?) \((.*?)(?::(\d+):(\d+))?\)$/.exec(line);
    if (match) {
      let [, name, file] = match;
      if (file === 'native' && /^(construct|get|set|call|apply)$/.test(name)) continue;
      if (file === 'native') out.push({ name: place(name), file: '<anonymous>' });
      else {
        if (name === '__module__') name = 'Object.<anonymous>';
        if (name === '<anonymous>' || name === '<eval>' || name === '<module>') name = '';
        out.push({ name, file, line: Number(match[3]), column: Number(match[4]) });
      }
      continue;
    }
    match = /^ {4}at (.*?):(\d+):(\d+)$/.exec(line);
    if (match) out.push({ name: '', file: match[1], line: Number(match[2]), column: Number(match[3]) });
  }
  for (const frame of out) frame.file = internal[frame.file] ?? frame.file;
  return merged(out);
}

/** An async function runs inside one that we put there (see `prepare`): the two are one. */
function merged(list) {
  const at = list.findIndex(({ name, file }) => name === '__track' && file === 'node:uncaught');
  if (at < 1 || at + 1 >= list.length) return list;
  list[at - 1].name = list[at + 1].name;
  list.splice(at, 2);
  return merged(list);
}

const where = ({ file, line, column }) => {
  const url = file.endsWith('.mjs') || esModules.has(file) ? `file://${file}` : file;
  return line ? `${url}:${line}:${column}` : url;
};
const asText = (list) =>
  list.map((frame) => `\n    at ${frame.name ? `${frame.name} (${where(frame)})` : where(frame)}`).join('');
/** Files that were loaded as ES modules: a stack names them by URL. */
const esModules = new Set();

class CallSite {
  constructor(frame) {
    this.frame = frame;
  }
  getThis() {}
  getTypeName() {
    return 'Object';
  }
  getFunction() {}
  getFunctionName() {
    return this.frame.name || null;
  }
  getMethodName() {
    return null;
  }
  getFileName() {
    return this.frame.file;
  }
  getScriptNameOrSourceURL() {
    return this.frame.file;
  }
  getLineNumber() {
    return this.frame.line ?? null;
  }
  getColumnNumber() {
    return this.frame.column ?? null;
  }
  getEvalOrigin() {}
  isToplevel() {
    return true;
  }
  isEval() {
    return false;
  }
  isNative() {
    return this.frame.line === undefined;
  }
  isConstructor() {
    return false;
  }
  isAsync() {
    return false;
  }
  toString() {
    return this.frame.name ? `${this.frame.name} (${where(this.frame)})` : where(this.frame);
  }
}

const head = (error) => {
  try {
    return NativeError.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
};

function setStack(error, list) {
  const limit = globalThis.Error.stackTraceLimit;
  const kept = typeof limit === 'number' ? list.slice(0, Math.max(0, limit)) : list;
  const prepare = globalThis.Error.prepareStackTrace;
  const value =
    typeof prepare === 'function'
      ? prepare(
          error,
          kept.map((frame) => new CallSite(frame)),
        )
      : head(error) + asText(kept);
  Object.defineProperty(error, 'stack', { value, writable: true, configurable: true, enumerable: false });
}

const seen = new WeakSet();

function wrap(name, Native) {
  const Wrapped = new Proxy(Native, {
    construct(target, args, newTarget) {
      const error = Reflect.construct(target, args, newTarget === Wrapped ? target : newTarget);
      seen.add(error);
      const list = frames(error.stack);
      // The constructors of subclasses are not part of what V8 shows.
      for (let proto = newTarget; list.length > 1 && proto !== Wrapped && proto?.name; ) {
        if (list[0].name !== proto.name) break;
        list.shift();
        proto = Object.getPrototypeOf(proto);
      }
      setStack(error, list);
      return error;
    },
    apply: (_target, _this, args) => new Wrapped(...args),
  });
  Object.defineProperty(Native.prototype, 'constructor', { value: Wrapped, writable: true, configurable: true });
  Object.defineProperty(globalThis, name, { value: Wrapped, writable: true, configurable: true });
  return Wrapped;
}

for (const [name, Native] of Object.entries(natives)) wrap(name, Native);
Error.stackTraceLimit = 10;
Error.captureStackTrace = (target, above) => {
  let list = frames(new NativeError().stack);
  if (list[0]?.name === 'captureStackTrace') list.shift();
  const at = above?.name ? list.findIndex(({ name }) => name === above.name) : -1;
  if (at >= 0) list = list.slice(at + 1);
  setStack(target, list);
};

/** The line of a program that a frame stands on. */
function sourceLine({ file, line } = {}) {
  if (!file || !line) return undefined;
  try {
    return (host.sources?.get(file) ?? host.call('fs.text', file)).split('\n')[line - 1];
  } catch {
    return undefined;
  }
}

/** The expression before a column: what is called there. */
function callee(frame) {
  const text = sourceLine(frame);
  if (text === undefined) return undefined;
  const before = text.slice(0, frame.column - 1);
  return /((?:[\w$]+|\([^()]*\)|\[[^[\]]*\])(?:\??\.[\w$]+|\[[^[\]]*\]|\([^()]*\))*)$/.exec(before)?.[1];
}

const words = [
  [/^cannot read property '(.*)' of (null|undefined)$/s, "Cannot read properties of $2 (reading '$1')"],
  [/^cannot set property '(.*)' of (null|undefined)$/s, "Cannot set properties of $2 (setting '$1')"],
  [/^'(.+)' is not defined$/, '$1 is not defined'],
  [/^'(.+)' is read-only$/, 'Assignment to constant variable.'],
  [/^(.+) is not initialized$/, "Cannot access '$1' before initialization"],
  [/^invalid array length$/, 'Invalid array length'],
  [/^invalid time value$|^Date value is NaN$/i, 'Invalid time value'],
  [/^cannot convert to object$/, 'Cannot convert undefined or null to object'],
  [/^cannot convert symbol to (string|number)$/, 'Cannot convert a Symbol value to a $1'],
  [/^circular reference$/, 'Converting circular structure to JSON'],
  [/^class constructors must be invoked with 'new'$/, "Class constructor cannot be invoked without 'new'"],
  [/^cannot mix bigint.*$/i, 'Cannot mix BigInt and other types, use explicit conversions'],
  [/^BigInt are forbidden in JSON\.stringify$/i, 'Do not know how to serialize a BigInt'],
];

function reword(error, frame) {
  const { message } = error;
  if (message === 'not a function') return `${callee(frame) ?? 'object'} is not a function`;
  if (message === 'not a constructor') return `${callee(frame) ?? 'object'} is not a constructor`;
  if (message === 'stack overflow') return 'Maximum call stack size exceeded';
  for (const [pattern, text] of words) if (pattern.test(message)) return message.replace(pattern, text);
  return message;
}

/** Gives an error of the engine's own V8's words and stack; anything else is left as it is. */
function fix(error) {
  if (typeof error !== 'object' || error === null || seen.has(error)) return error;
  const isError = error instanceof NativeError || Object.prototype.toString.call(error) === '[object Error]';
  if (!isError || typeof error.stack !== 'string') return error;
  seen.add(error);
  const list = frames(error.stack);
  if (error.name === 'InternalError' && error.message === 'stack overflow') {
    Object.setPrototypeOf(error, natives.RangeError.prototype);
  }
  const message = reword(error, list[0]);
  if (message !== error.message) {
    Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
  }
  if (error.name === 'SyntaxError') {
    delete error.fileName;
    delete error.lineNumber;
  }
  error.frame = undefined;
  delete error.frame;
  setStack(error, list);
  return error;
}
Object.defineProperty(globalThis, '__fix', { value: fix });

/** Frames of a stack as V8 prints it. */
const printed = (stack) =>
  [...String(stack).matchAll(/^ {4}at (?:.*? \()?(?:file:\/\/)?(\/.*?):(\d+):(\d+)\)?$/gm)].map(
    ([, file, line, column]) => ({
      file,
      line: Number(line),
      column: Number(column),
    }),
  );

/** An error with a code, as node's own are: `TypeError [ERR_X]: text`. */
function coded(Base, code, message, extra) {
  const error = new Base(message);
  Object.assign(error, extra);
  Object.defineProperty(error, 'stack', {
    value: error.stack.replace(/^(\w+)(: |$)/m, `$1 [${code}]$2`),
    writable: true,
    configurable: true,
  });
  error.code = code;
  return error;
}

/** A failed system call, in libuv's form. */
function systemError(failure, syscall, path, dest) {
  const names = path === undefined ? '' : dest === undefined ? ` '${path}'` : ` '${path}' -> '${dest}'`;
  const error = new Error(`${failure.code}: ${failure.text}, ${syscall}${names}`);
  error.errno = failure.errno;
  error.code = failure.code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

const kind = (value) => {
  if (value == null) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${name}` : ` Received ${host.load('util').inspect(value, { depth: -1 })}`;
  }
  let shown = host.load('util').inspect(value, { colors: false });
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${shown})`;
};

const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names[0]);

function invalidType(name, expected, actual) {
  const types = [];
  const classes = [];
  for (const one of [expected].flat()) (/^[A-Z]/.test(one) ? classes : types).push(one);
  const all = [];
  if (types.length) all.push(`${types.length > 1 ? 'one of type' : 'of type'} ${list(types)}`);
  if (classes.length) all.push(`an instance of ${list(classes)}`);
  const what = / argument$/.test(name)
    ? `The ${name}`
    : `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `${what} must be ${all.join(' or ')}.${kind(actual)}`);
}

module.exports = { fix, coded, systemError, invalidType, printed, sourceLine, esModules, NativeError };
