// Deep equality, strict and loose, as assert and util have it.
const { types } = require('value-types');
const tagOf = (value) => Object.prototype.toString.call(value);

module.exports = function equal(a, b, strict, seen = new Map()) {
  if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (types.isDate(a)) {
    if (a.getTime() !== b.getTime()) return false;
  } else if (types.isRegExp(a)) {
    if (String(a) !== String(b)) return false;
  } else if (types.isNativeError(a)) {
    if (a.message !== b.message || a.name !== b.name) return false;
  } else if (types.isBoxedPrimitive(a)) {
    if (!Object.is(a.valueOf(), b.valueOf())) return false;
  } else if (ArrayBuffer.isView(a)) {
    if (a.byteLength !== b.byteLength) return false;
  } else if (types.isSet(a)) {
    if (a.size !== b.size) return false;
    for (const one of a) if (!b.has(one) && ![...b].some((other) => equal(one, other, strict, seen))) return false;
  } else if (types.isMap(a)) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a) {
      if (
        b.has(key)
          ? !equal(value, b.get(key), strict, seen)
          : ![...b].some(([k, v]) => equal(key, k, strict, seen) && equal(value, v, strict, seen))
      )
        return false;
    }
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], strict, seen));
};
