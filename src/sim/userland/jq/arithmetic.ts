/** `+ - * / %` and the comparisons. */
import { compare, equal, excerpt, isArray, isObject, JqError, type Json, type JsonObject, kindOf } from './value.ts';

const failed = (a: Json, b: Json, what: string): JqError =>
  new JqError(`${kindOf(a)} (${excerpt(a)}) and ${kindOf(b)} (${excerpt(b)}) cannot be ${what}`);

export function arithmetic(op: string, a: Json, b: Json): Json {
  switch (op) {
    case '+':
      return add(a, b);
    case '-':
      if (typeof a === 'number' && typeof b === 'number') return a - b;
      if (isArray(a) && isArray(b)) return a.filter((one) => !b.some((other) => equal(one, other)));
      throw failed(a, b, 'subtracted');
    case '*':
      return multiply(a, b);
    case '/':
      return divide(a, b);
    case '%':
      return modulo(a, b);
    case '==':
      return equal(a, b);
    case '!=':
      return !equal(a, b);
    case '<':
      return compare(a, b) < 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>':
      return compare(a, b) > 0;
    default:
      return compare(a, b) >= 0;
  }
}

export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isArray(a) && isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) return new Map([...a, ...b]);
  throw failed(a, b, 'added');
}

function multiply(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  const [text, times] = typeof a === 'string' ? [a, b] : [b, a];
  if (typeof text === 'string' && typeof times === 'number') {
    if (!(times > 0)) return null;
    const count = Math.max(1, Math.ceil(times));
    if (text.length * count > 1 << 28) throw new JqError('Repeat string result too long');
    return text.repeat(count);
  }
  if (isObject(a) && isObject(b)) return merged(a, b);
  throw failed(a, b, 'multiplied');
}

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const result = new Map(a);
  for (const [key, value] of b) {
    const before = result.get(key);
    result.set(key, before !== undefined && isObject(before) && isObject(value) ? merged(before, value) : value);
  }
  return result;
}

function divide(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') {
    if (b === 0) throw failed(a, b, 'divided because the divisor is zero');
    return a / b;
  }
  if (typeof a === 'string' && typeof b === 'string') return split(a, b);
  throw failed(a, b, 'divided');
}

export const split = (text: string, by: string): string[] =>
  text === '' ? [] : by === '' ? [...text] : text.split(by);

function modulo(a: Json, b: Json): Json {
  if (typeof a !== 'number' || typeof b !== 'number') throw failed(a, b, 'divided');
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const divisor = Math.abs(Math.trunc(b));
  if (divisor === 0) throw failed(a, b, 'divided because the divisor is zero');
  return (Math.trunc(a) % divisor) + 0;
}
