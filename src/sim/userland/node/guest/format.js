// util.format: printf's marks, and values after them.
const { custom, formatNumber, inspect } = require('inspect');
const { isObject, types } = require('value-types');

const hasOwnToString = (value) => {
  if (!isObject(value) && typeof value !== 'function') return true;
  if (value[custom]) return false;
  const own = value.toString;
  if (typeof own !== 'function' || own === Object.prototype.toString || own === Error.prototype.toString) return false;
  if (Object.hasOwn(value, 'toString')) return true;
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return (
    !['Object', 'Array', 'Map', 'Set', 'Date', 'RegExp', 'Function', 'Promise'].includes(name) &&
    !Array.isArray(value) &&
    typeof value !== 'function' &&
    !types.isNativeError(value)
  );
};

function formatOne(mark, value, options) {
  switch (mark) {
    case 's':
      if (typeof value === 'number') return formatNumber(value);
      if (typeof value === 'bigint') return `${value}n`;
      if (!isObject(value) && typeof value !== 'function') return String(value);
      return hasOwnToString(value)
        ? String(value)
        : inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
    case 'd':
      if (typeof value === 'bigint') return `${value}n`;
      if (typeof value === 'symbol') return 'NaN';
      return formatNumber(Number(value));
    case 'i':
      if (typeof value === 'bigint') return `${value}n`;
      return typeof value === 'symbol' ? 'NaN' : formatNumber(Number.parseInt(value, 10));
    case 'f':
      return typeof value === 'symbol' ? 'NaN' : formatNumber(Number.parseFloat(value));
    case 'j':
      try {
        return JSON.stringify(value);
      } catch (error) {
        if (/circular/i.test(error.message)) return '[Circular]';
        throw error;
      }
    case 'o':
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O':
      return inspect(value, options);
    default:
      return '';
  }
}

function formatWithOptions(options, ...args) {
  let out = '';
  let next = 0;
  if (args.length > 1 && typeof args[0] === 'string') {
    next = 1;
    out = args[0].replace(/%([sdifjoOc%])/g, (whole, mark) => {
      if (mark === '%') return '%';
      if (next >= args.length) return whole;
      return formatOne(mark, args[next++], options);
    });
  } else if (args.length > 0) {
    next = 1;
    out = typeof args[0] === 'string' ? args[0] : inspect(args[0], options);
  }
  for (; next < args.length; next++) {
    out += ` ${typeof args[next] === 'string' ? args[next] : inspect(args[next], options)}`;
  }
  return out;
}

module.exports = { format: (...args) => formatWithOptions({}, ...args), formatWithOptions };
