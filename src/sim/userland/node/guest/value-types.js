// util.types: what a value is, whatever it says of itself.
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

const brand = (name) => (value) => {
  if (value === null || typeof value !== 'object') return false;
  try {
    globalThis[name].prototype[brands[name]].call(value);
    return true;
  } catch {
    return false;
  }
};
const brands = { WeakMap: 'has', WeakSet: 'has' };
const getter = (Class, name) => {
  const { get } = Object.getOwnPropertyDescriptor(Class.prototype, name);
  return (value) => {
    try {
      get.call(value);
      return true;
    } catch {
      return false;
    }
  };
};
const isObject = (value) => value !== null && typeof value === 'object';
const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;
const method =
  (fn, ...args) =>
  (value) => {
    try {
      fn.call(value, ...args);
      return true;
    } catch {
      return false;
    }
  };
const NativeDate = Object.getPrototypeOf(new Date()).getTime;

const types = {
  isMap: (value) => isObject(value) && getter(Map, 'size')(value),
  isSet: (value) => isObject(value) && getter(Set, 'size')(value),
  isWeakMap: brand('WeakMap'),
  isWeakSet: brand('WeakSet'),
  isDate: (value) => isObject(value) && method(NativeDate)(value),
  isRegExp: (value) =>
    isObject(value) && value !== RegExp.prototype && getter(RegExp, 'flags')(value) && tagOf(value) === 'RegExp',
  isPromise: (value) => value instanceof Promise,
  isNativeError: (value) => value instanceof Error || tagOf(value) === 'Error',
  isTypedArray: (value) => isObject(value) && typedArrayTag.call(value) !== undefined,
  isUint8Array: (value) => isObject(value) && typedArrayTag.call(value) === 'Uint8Array',
  isArrayBuffer: (value) => value instanceof ArrayBuffer,
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isDataView: (value) => value instanceof DataView,
  isAsyncFunction: (value) => typeof value === 'function' && tagOf(value) === 'AsyncFunction',
  isGeneratorFunction: (value) => typeof value === 'function' && /GeneratorFunction$/.test(tagOf(value)),
  isGeneratorObject: (value) => isObject(value) && tagOf(value) === 'Generator',
  isNumberObject: (value) => isObject(value) && method(Number.prototype.valueOf)(value),
  isStringObject: (value) => isObject(value) && method(String.prototype.valueOf)(value),
  isBooleanObject: (value) => isObject(value) && method(Boolean.prototype.valueOf)(value),
  isBigIntObject: (value) => isObject(value) && method(BigInt.prototype.valueOf)(value),
  isSymbolObject: (value) => isObject(value) && method(Symbol.prototype.valueOf)(value),
  isBoxedPrimitive: (value) =>
    ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].some((name) => types[`is${name}Object`](value)),
  isMapIterator: (value) => isObject(value) && tagOf(value) === 'Map Iterator',
  isSetIterator: (value) => isObject(value) && tagOf(value) === 'Set Iterator',
  isModuleNamespaceObject: (value) =>
    isObject(value) && tagOf(value) === 'Module' && Object.getPrototypeOf(value) === null,
  isProxy: () => false,
  isExternal: () => false,
};

module.exports = { isObject, tagOf, typedArrayTag, types };
