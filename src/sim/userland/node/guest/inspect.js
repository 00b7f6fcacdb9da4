// util.inspect: the text of a value as node prints it.
const { isObject, tagOf, typedArrayTag, types } = require('value-types');

const custom = Symbol.for('nodejs.util.inspect.custom');

const colors = {
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  black: [30, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  white: [37, 39],
  gray: [90, 39],
  grey: [90, 39],
  bgBlack: [40, 49],
  bgRed: [41, 49],
  bgGreen: [42, 49],
  bgYellow: [43, 49],
  bgBlue: [44, 49],
  bgMagenta: [45, 49],
  bgCyan: [46, 49],
  bgWhite: [47, 49],
};
const styles = {
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: 'red',
  module: 'underline',
};

const defaults = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

function inspect(value, options, ...legacy) {
  const ctx = { ...defaults, budget: {}, indentationLvl: 0, seen: [], currentDepth: 0, circular: undefined };
  if (typeof options === 'boolean') {
    ctx.showHidden = options;
    if (legacy[0] !== undefined) ctx.depth = legacy[0];
    if (legacy[1] !== undefined) ctx.colors = legacy[1];
  } else if (isObject(options)) {
    for (const key of Object.keys(options)) if (key in defaults || key === 'stylize') ctx[key] = options[key];
  }
  if (ctx.maxArrayLength === null) ctx.maxArrayLength = Infinity;
  if (ctx.maxStringLength === null) ctx.maxStringLength = Infinity;
  ctx.stylize = (text, style) => {
    const codes = ctx.colors && colors[styles[style]];
    return codes ? `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m` : String(text);
  };
  return formatValue(ctx, value, 0, true);
}
inspect.custom = custom;
inspect.colors = colors;
inspect.styles = styles;
inspect.defaultOptions = defaults;

const escapes = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };

function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  const body = text.replace(/[\x00-\x1f\x7f-\x9f\\'"`\ud800-\udfff]/gu, (char) => {
    if (char === mark) return `\\${char}`;
    if (char === "'" || char === '"' || char === '`') return char;
    const code = char.charCodeAt(0);
    if (code >= 0xd800) return `\\u${code.toString(16).toUpperCase()}`;
    return escapes[char] ?? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return mark + body + mark;
}

const stripColors = (text) => String(text).replace(/\u001b\[[\d;]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g, '');
const width = (ctx, text) => (ctx.colors ? stripColors(text).length : text.length);

function formatNumber(value) {
  return Object.is(value, -0) ? '-0' : `${value}`;
}

function formatPrimitive(ctx, value) {
  switch (typeof value) {
    case 'string': {
      let rest = '';
      if (value.length > ctx.maxStringLength) {
        const more = value.length - ctx.maxStringLength;
        value = value.slice(0, ctx.maxStringLength);
        rest = `... ${more} more character${more > 1 ? 's' : ''}`;
      }
      if (ctx.compact !== true && value.length > 16 && value.length > ctx.breakLength - ctx.indentationLvl - 4) {
        const lines = value.split(/(?<=\n)/);
        return (
          lines.map((line) => ctx.stylize(quote(line), 'string')).join(` +\n${' '.repeat(ctx.indentationLvl + 2)}`) +
          rest
        );
      }
      return ctx.stylize(quote(value), 'string') + rest;
    }
    case 'number':
      return ctx.stylize(formatNumber(value), 'number');
    case 'bigint':
      return ctx.stylize(`${value}n`, 'bigint');
    case 'boolean':
      return ctx.stylize(`${value}`, 'boolean');
    case 'undefined':
      return ctx.stylize('undefined', 'undefined');
    default:
      return ctx.stylize(Symbol.prototype.toString.call(value), 'symbol');
  }
}

function formatValue(ctx, value, depth, typedArray) {
  if (value === null) return ctx.stylize('null', 'null');
  if (typeof value !== 'object' && typeof value !== 'function') return formatPrimitive(ctx, value);
  if (ctx.customInspect) {
    const own = value[custom];
    if (typeof own === 'function' && own !== inspect && value.constructor?.prototype !== value) {
      const left = ctx.depth === null ? null : ctx.depth - depth;
      const shown = own.call(value, left, { ...ctx, depth: left, seen: undefined }, inspect);
      if (shown !== value) {
        if (typeof shown !== 'object') return `${shown}`;
        return formatValue(ctx, shown, depth).replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`);
      }
    }
  }
  if (ctx.seen.includes(value)) {
    ctx.circular ??= new Map();
    let index = ctx.circular.get(value);
    if (index === undefined) ctx.circular.set(value, (index = ctx.circular.size + 1));
    return ctx.stylize(`[Circular *${index}]`, 'special');
  }
  return formatRaw(ctx, value, depth, typedArray);
}

/** The class's name; null for an object without one. */
function constructorName(value) {
  let first;
  for (let object = value; object || first === undefined; object = Object.getPrototypeOf(object)) {
    if (object === null) break;
    const own = Object.getOwnPropertyDescriptor(object, 'constructor');
    const fn = own && (own.value ?? (object === Promise.prototype ? Promise : undefined));
    if (typeof fn === 'function' && fn.name !== '' && value instanceof fn) return fn.name;
    first = object;
  }
  return null;
}

function prefixOf(name, tag, fallback, size = '') {
  if (name === null) {
    if (tag !== '' && fallback !== tag) return `[${fallback}${size}: null prototype] [${tag}] `;
    return `[${fallback}${size}: null prototype] `;
  }
  return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
}

function keysOf(ctx, value) {
  let symbols = Object.getOwnPropertySymbols(value);
  if (ctx.showHidden) return [...Object.getOwnPropertyNames(value), ...symbols];
  let keys;
  try {
    keys = Object.keys(value);
  } catch {
    keys = Object.getOwnPropertyNames(value);
  }
  symbols = symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
  return symbols.length > 0 ? [...keys, ...symbols] : keys;
}

const otherKeys = (ctx, value) =>
  keysOf(ctx, value).filter((key) => typeof key === 'symbol' || !/^(0|[1-9]\d*)$/.test(key) || key >= 2 ** 32 - 1);

const remaining = (more) => `... ${more} more item${more > 1 ? 's' : ''}`;

function formatRaw(ctx, value, depth, typedArray) {
  const name = constructorName(value);
  let tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' || tag === '' || tag === name) tag = '';
  let keys;
  let base = '';
  let braces = ['{', '}'];
  let entries = () => [];
  let kind = 'object';
  if (Array.isArray(value)) {
    const prefix = name !== 'Array' || tag !== '' ? prefixOf(name, tag, 'Array', `(${value.length})`) : '';
    keys = otherKeys(ctx, value);
    braces = [`${prefix}[`, ']'];
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
    kind = 'array';
    entries = () => formatArray(ctx, value, depth);
  } else if (types.isSet(value)) {
    keys = keysOf(ctx, value);
    const prefix = prefixOf(name, tag, 'Set', `(${value.size})`);
    if (value.size === 0 && keys.length === 0) return `${prefix}{}`;
    braces = [`${prefix}{`, '}'];
    entries = () => formatSet(ctx, value, depth);
  } else if (types.isMap(value)) {
    keys = keysOf(ctx, value);
    const prefix = prefixOf(name, tag, 'Map', `(${value.size})`);
    if (value.size === 0 && keys.length === 0) return `${prefix}{}`;
    braces = [`${prefix}{`, '}'];
    entries = () => formatMap(ctx, value, depth);
  } else if (types.isTypedArray(value)) {
    keys = otherKeys(ctx, value);
    const fallback = typedArrayTag.call(value);
    const prefix = prefixOf(name, tag === fallback ? '' : tag, fallback, `(${value.length})`);
    braces = [`${prefix}[`, ']'];
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
    kind = 'array';
    entries = () => formatTyped(ctx, value, typedArray);
  } else if (types.isMapIterator(value) || types.isSetIterator(value)) {
    keys = keysOf(ctx, value);
    braces = [`[${tag}] {`, '}'];
    entries = () => [];
  } else {
    keys = keysOf(ctx, value);
    const special = formatSpecial(ctx, value, depth, name, tag, keys);
    if (special.whole !== undefined) return special.whole;
    ({ base = '', braces = ['{', '}'], entries = () => [], keys = keys } = special);
  }
  if (ctx.depth !== null && depth > ctx.depth) {
    const text = prefixOf(name, tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1);
    return ctx.stylize(`[${name === null ? text : text}]`, 'special');
  }
  depth += 1;
  ctx.seen.push(value);
  ctx.currentDepth = depth;
  let output;
  try {
    output = entries(depth);
    for (const key of keys) output.push(formatProperty(ctx, value, depth, key, kind));
  } finally {
    ctx.seen.pop();
  }
  const index = ctx.circular?.get(value);
  if (index !== undefined) {
    const reference = ctx.stylize(`<ref *${index}>`, 'special');
    if (ctx.compact !== true) base = base === '' ? reference : `${reference} ${base}`;
    else braces[0] = `${reference} ${braces[0]}`;
  }
  if (ctx.sorted) output.sort(typeof ctx.sorted === 'function' ? ctx.sorted : undefined);
  return reduce(ctx, output, base, braces, kind, depth, value);
}

function functionBase(value, name, tag) {
  const text = Function.prototype.toString.call(value);
  if (/^class[\s{]/.test(text)) {
    let out = `[class ${Object.hasOwn(value, 'name') && value.name ? value.name : '(anonymous)'}`;
    if (name !== 'Function' && name !== null) out += ` [${name}]`;
    if (tag !== '' && name !== tag) out += ` [${tag}]`;
    if (name !== null) {
      const parent = Object.getPrototypeOf(value).name;
      if (parent) out += ` extends ${parent}`;
    } else out += ' extends null';
    return `${out}]`;
  }
  const real = tagOf(value);
  let type = /Function$/.test(real) ? real : 'Function';
  if (/return __track\(async\(\)=>\{|=>\s*__track\(async\(\)=>/.test(text.slice(0, 200))) type = 'AsyncFunction';
  let out = `[${type}`;
  if (name === null) out += ' (null prototype)';
  out += value.name === '' || typeof value.name !== 'string' ? ' (anonymous)' : `: ${value.name}`;
  out += ']';
  if (name !== type && name !== 'Function' && name !== null) out += ` ${name}`;
  if (tag !== '' && name !== tag && tag !== type) out += ` [${tag}]`;
  return out;
}

function formatSpecial(ctx, value, depth, name, tag, keys) {
  const noKeys = keys.length === 0;
  const basis = (base) => (noKeys ? { whole: base } : { base, keys });
  if (tagOf(value) === 'Arguments' && name === 'Object') {
    const others = otherKeys(ctx, value);
    return value.length === 0 && others.length === 0
      ? { whole: '[Arguments] []' }
      : {
          braces: ['[Arguments] [', ']'],
          entries: (at) => Array.from(value, (one) => formatValue(ctx, one, at)),
          keys: others,
        };
  }
  if (typeof value === 'function') {
    const base = functionBase(value, name, tag);
    return noKeys ? { whole: ctx.stylize(base, 'special') } : { base, keys };
  }
  if (types.isModuleNamespaceObject(value)) {
    return { braces: ['[Module: null prototype] {', '}'], keys: Object.getOwnPropertyNames(value).sort() };
  }
  if (types.isRegExp(value)) return basis(ctx.stylize(RegExp.prototype.toString.call(value), 'regexp'));
  if (types.isDate(value)) {
    const text = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    const prefix = prefixOf(name, tag, 'Date');
    return basis(ctx.stylize(prefix === 'Date ' ? text : `${prefix}${text}`, 'date'));
  }
  if (types.isNativeError(value)) {
    require('errors').fix(value);
    const base = formatError(ctx, value, name, tag, keys);
    return keys.length === 0 ? { whole: base } : { base, keys };
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    const kind = value instanceof ArrayBuffer ? 'ArrayBuffer' : 'SharedArrayBuffer';
    const view = new Uint8Array(value);
    const shown = Array.from(view.subarray(0, Math.min(50, view.length)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join(' ');
    const more = view.length - 50;
    const contents = `<${shown}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
    return {
      braces: [`${prefixOf(name, tag, kind)}{`, '}'],
      entries: () => [`[Uint8Contents]: ${contents}`, `byteLength: ${ctx.stylize(value.byteLength, 'number')}`],
      keys,
    };
  }
  if (types.isPromise(value)) {
    const { type, value: result, reason } = host.native.promiseState(value);
    const entries = (at) => {
      if (type === 'pending') return [ctx.stylize('<pending>', 'special')];
      ctx.indentationLvl += 2;
      const text = formatValue(ctx, type === 'rejected' ? reason : result, at);
      ctx.indentationLvl -= 2;
      return [type === 'rejected' ? `${ctx.stylize('<rejected>', 'special')} ${text}` : text];
    };
    return { braces: [`${prefixOf(name, tag, 'Promise')}{`, '}'], entries, keys };
  }
  if (types.isWeakSet(value))
    return {
      braces: [`${prefixOf(name, tag, 'WeakSet')}{`, '}'],
      entries: () => [ctx.stylize('<items unknown>', 'special')],
      keys,
    };
  if (types.isWeakMap(value))
    return {
      braces: [`${prefixOf(name, tag, 'WeakMap')}{`, '}'],
      entries: () => [ctx.stylize('<items unknown>', 'special')],
      keys,
    };
  if (value instanceof WeakRef)
    return {
      braces: [`${prefixOf(name, tag, 'WeakRef')}{`, '}'],
      entries: (at) => [formatValue(ctx, value.deref(), at)],
      keys,
    };
  if (types.isBoxedPrimitive(value)) {
    const type = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].find((one) => types[`is${one}Object`](value));
    let base = `[${type}`;
    if (type !== name) base += name === null ? ' (null prototype)' : ` (${name})`;
    base += `: ${formatPrimitive({ ...ctx, stylize: String }, globalThis[type].prototype.valueOf.call(value))}`;
    if (tag !== '' && tag !== name) base += ` [${tag}]`;
    base += ']';
    const others = type === 'String' ? otherKeys(ctx, value) : keys;
    return others.length === 0 ? { whole: ctx.stylize(base, type.toLowerCase()) } : { base, keys: others };
  }
  if (name === 'Object' && tag === '') return noKeys ? { whole: '{}' } : { keys };
  const prefix = prefixOf(name, tag, 'Object');
  return noKeys
    ? { whole: ctx.depth !== null && depth > ctx.depth ? `[${prefix.slice(0, -1)}]` : `${prefix}{}` }
    : { braces: [`${prefix}{`, '}'], keys };
}

function improved(stack, error, name, tag) {
  let kind = name ?? 'Error';
  if (name === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    kind = start?.[1] ?? 'Error';
    return `[${kind}: null prototype] ${stack.slice(kind.length)}`;
  }
  const own = typeof error.name === 'string' ? error.name : 'Error';
  if (own !== kind && !stack.split('\n')[0].includes(kind) && (own === 'Error' || kind.endsWith('Error') || true)) {
    if (stack.startsWith(own)) {
      const rest = stack.slice(own.length);
      return kind.endsWith(own) || own === 'Error' || true ? `${kind}${rest}` : `${own} [${kind}]${rest}`;
    }
  }
  return tag !== '' && !stack.includes(tag) ? stack.replace(/^(\w+)/, `$1 [${tag}]`) : stack;
}

function formatError(ctx, error, name, tag, keys) {
  let stack = error.stack ? String(error.stack) : Error.prototype.toString.call(error);
  if (!ctx.showHidden) {
    for (const key of ['name', 'message', 'stack']) {
      const at = keys.indexOf(key);
      if (at >= 0 && (typeof error[key] !== 'string' || stack.includes(error[key]))) keys.splice(at, 1);
    }
  }
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  if (Array.isArray(error.errors) && !keys.includes('errors')) keys.push('errors');
  stack = improved(stack, error, name, tag);
  const at = error.message ? stack.indexOf(error.message) : -1;
  const begin = stack.indexOf('\n    at', at >= 0 ? at + error.message.length : 0);
  if (begin === -1) stack = `[${stack}]`;
  else if (ctx.colors) {
    const lines = stack.slice(begin + 1).split('\n');
    stack = stack.slice(0, begin);
    for (const line of lines) stack += `\n${/node:/.test(line) ? ctx.stylize(line, 'undefined') : line}`;
  }
  return ctx.indentationLvl !== 0 ? stack.replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`) : stack;
}

function formatArray(ctx, value, depth) {
  const output = [];
  const length = value.length;
  const shown = Math.min(Math.max(0, ctx.maxArrayLength), length);
  let index = 0;
  while (index < length && output.length < shown) {
    if (!Object.hasOwn(value, index)) {
      let holes = 0;
      while (index < length && !Object.hasOwn(value, index)) {
        holes++;
        index++;
      }
      output.push(ctx.stylize(`<${holes} empty item${holes > 1 ? 's' : ''}>`, 'undefined'));
    } else output.push(formatProperty(ctx, value, depth + 1, index++, 'element'));
  }
  if (index < length) output.push(remaining(length - index));
  return output;
}

function formatTyped(ctx, value) {
  const shown = Math.min(Math.max(0, ctx.maxArrayLength), value.length);
  const output = [];
  for (let i = 0; i < shown; i++) output.push(formatPrimitive(ctx, value[i]));
  if (value.length > shown) output.push(remaining(value.length - shown));
  return output;
}

function formatSet(ctx, value, depth) {
  const output = [];
  ctx.indentationLvl += 2;
  let i = 0;
  for (const one of value) {
    if (i++ >= ctx.maxArrayLength) break;
    output.push(formatValue(ctx, one, depth + 1));
  }
  if (value.size > ctx.maxArrayLength) output.push(remaining(value.size - ctx.maxArrayLength));
  ctx.indentationLvl -= 2;
  return output;
}

function formatMap(ctx, value, depth) {
  const output = [];
  ctx.indentationLvl += 2;
  let i = 0;
  for (const [key, one] of value) {
    if (i++ >= ctx.maxArrayLength) break;
    output.push(`${formatValue(ctx, key, depth + 1)} => ${formatValue(ctx, one, depth + 1)}`);
  }
  if (value.size > ctx.maxArrayLength) output.push(remaining(value.size - ctx.maxArrayLength));
  ctx.indentationLvl -= 2;
  return output;
}

function formatProperty(ctx, value, depth, key, kind) {
  const own = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
  let text;
  if (own.value !== undefined || (!own.get && !own.set)) {
    ctx.indentationLvl += 2;
    text = formatValue(ctx, own.value, depth);
    ctx.indentationLvl -= 2;
  } else if (own.get) text = ctx.stylize(own.set ? '[Getter/Setter]' : '[Getter]', 'special');
  else text = ctx.stylize('[Setter]', 'special');
  if (kind === 'element') return text;
  let name;
  if (typeof key === 'symbol') name = `[${ctx.stylize(Symbol.prototype.toString.call(key), 'symbol')}]`;
  else if (key === '__proto__') name = "['__proto__']";
  else if (own.enumerable === false) name = `[${key}]`;
  else if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) name = ctx.stylize(key, 'name');
  else name = ctx.stylize(quote(key), 'string');
  return `${name}: ${text}`;
}

function group(ctx, output, value) {
  let total = 0;
  let longest = 0;
  let count = output.length;
  if (ctx.maxArrayLength < output.length) count--; // the note of what is left out stands alone
  const lengths = [];
  for (let i = 0; i < count; i++) {
    lengths[i] = width(ctx, output[i]);
    total += lengths[i] + 2;
    longest = Math.max(longest, lengths[i]);
  }
  const widest = longest + 2;
  if (!(widest * 3 + ctx.indentationLvl < ctx.breakLength && (total / widest > 5 || longest <= 6))) return output;
  const bias = Math.sqrt(widest - total / output.length);
  const biased = Math.max(widest - bias, 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((ctx.breakLength - ctx.indentationLvl) / widest),
    ctx.compact * 4,
    15,
  );
  if (columns <= 1) return output;
  const widths = [];
  for (let i = 0; i < columns; i++) {
    let most = 0;
    for (let j = i; j < count; j += columns) most = Math.max(most, lengths[j]);
    widths.push(most + 2);
  }
  const numbers =
    value !== undefined && output.every((_, i) => typeof value[i] === 'number' || typeof value[i] === 'bigint');
  const pad = numbers ? String.prototype.padStart : String.prototype.padEnd;
  const rows = [];
  for (let i = 0; i < count; i += columns) {
    const end = Math.min(i + columns, count);
    let row = '';
    let j = i;
    for (; j < end - 1; j++) row += pad.call(`${output[j]}, `, widths[j - i] + output[j].length - lengths[j], ' ');
    row += numbers ? output[j].padStart(widths[j - i] + output[j].length - lengths[j] - 2, ' ') : output[j];
    rows.push(row);
  }
  if (ctx.maxArrayLength < output.length) rows.push(output[count]);
  return rows;
}

function reduce(ctx, output, base, braces, kind, depth, value) {
  if (ctx.compact !== true) {
    if (typeof ctx.compact === 'number' && ctx.compact >= 1) {
      const entries = output.length;
      if (kind === 'array' && entries > 6) output = group(ctx, output, value);
      if (ctx.currentDepth - depth < ctx.compact && entries === output.length) {
        const start = output.length + ctx.indentationLvl + braces[0].length + base.length + 10;
        let total = output.length + start;
        for (const one of output) total += width(ctx, one);
        if (total <= ctx.breakLength && !base.includes('\n')) {
          const joined = output.join(', ');
          if (!joined.includes('\n')) return `${base ? `${base} ` : ''}${braces[0]} ${joined} ${braces[1]}`;
        }
      }
    }
    const indent = `\n${' '.repeat(ctx.indentationLvl)}`;
    return `${base ? `${base} ` : ''}${braces[0]}${indent}  ${output.join(`,${indent}  `)}${indent}${braces[1]}`;
  }
  const joined = output.join(', ');
  return `${braces[0]}${base ? ` ${base}` : ''} ${joined} ${braces[1]}`;
}

module.exports = { custom, formatNumber, inspect, stripColors, quote };
