/** Reading and changing parts of values by their paths. */
import { utf8 } from '../../../spec/index.ts';
import { compare, excerpt, isArray, isObject, JqError, type Json, kindOf } from './value.ts';

export type Path = readonly Json[];

const sliceOf = (key: Json, length: number): [from: number, to: number] | undefined => {
  if (!isObject(key)) return undefined;
  const [from, to] = [key.get('start'), key.get('end')];
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number'))
    throw new JqError('Start and end indices of an array slice must be numbers');
  const place = (at: number | null, otherwise: number, round: (x: number) => number): number => {
    const rounded = at === null ? otherwise : round(at);
    return Math.min(length, Math.max(0, rounded < 0 ? length + rounded : rounded));
  };
  const start = place(from, 0, Math.floor);
  return [start, Math.max(start, place(to, length, Math.ceil))];
};

/** `.[key]` */
export function get(value: Json, key: Json): Json {
  if (typeof key === 'string' && (isObject(value) || value === null)) return value?.get(key) ?? null;
  if (typeof key === 'number' && (isArray(value) || value === null)) {
    const at = Math.floor(key);
    return value === null ? null : ((at < 0 ? value[value.length + at] : value[at]) ?? null);
  }
  if (isObject(key) && (value === null || isArray(value) || typeof value === 'string')) {
    if (value === null) return null;
    const text = typeof value === 'string' ? [...value] : undefined;
    const range = sliceOf(key, text ? text.length : value.length)!;
    return text ? text.slice(...range).join('') : (value as readonly Json[]).slice(...range);
  }
  if (isArray(key) && isArray(value)) return positions(value, key);
  throw cannotIndex(value, key);
}

/** A long key is not told. */
const cannotIndex = (value: Json, key: Json): JqError =>
  new JqError(
    `Cannot index ${kindOf(value)} with ${kindOf(key)}${typeof key === 'string' && utf8(key).length < 30 ? ` "${key}"` : ''}`,
  );

/** Where one array stands in another. */
export function positions(all: readonly Json[], part: readonly Json[]): Json {
  if (part.length === 0) return null;
  return all.flatMap((_, at) =>
    part.every((one, i) => at + i < all.length && compare(all[at + i]!, one) === 0) ? [at] : [],
  );
}

/** The value with another at `.[key]`; undefined takes it out. */
export function put(value: Json, key: Json, part: Json): Json {
  if (typeof key === 'string' && (isObject(value) || value === null)) return new Map(value).set(key, part);
  if (typeof key === 'number' && (isArray(value) || value === null)) return putAt(value ?? [], Math.floor(key), part);
  if (isObject(key) && (isArray(value) || value === null)) {
    if (!isArray(part)) throw new JqError('A slice of an array can only be assigned another array');
    const all = value ?? [];
    const [from, to] = sliceOf(key, all.length)!;
    return [...all.slice(0, from), ...part, ...all.slice(to)];
  }
  if (isObject(key)) throw new JqError(`Cannot update field at object index of ${kindOf(value)}`);
  throw cannotIndex(value, key);
}

function putAt(all: readonly Json[], at: number, part: Json): Json {
  const index = at < 0 ? all.length + at : at;
  if (index < 0) throw new JqError('Out of bounds negative array index');
  if (index > 1 << 29) throw new JqError('Array index too large');
  const copy = [...all];
  while (copy.length < index) copy.push(null);
  copy[index] = part;
  return copy;
}

export function getPath(value: Json, path: Path): Json {
  let at = value;
  for (const key of path) {
    if (at === null) return null;
    at = get(at, key);
  }
  return at;
}

export function setPath(value: Json, path: Path, change: (before: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const inner = value === null ? null : get(value, key);
  return put(value, key, setPath(inner, rest, change));
}

/** `delpaths`: the longest and last first, so that the others stay where they are. */
export function deletePaths(value: Json, paths: readonly Path[]): Json {
  return [...paths].sort((a, b) => compare(b, a)).reduce(deletePath, value);
}

function deletePath(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (key === undefined || value === null) return null;
  if (rest.length > 0) {
    const inner = get(value, key);
    return inner === null ? value : put(value, key, deletePath(inner, rest));
  }
  if (typeof key === 'string' && isObject(value)) {
    const copy = new Map(value);
    copy.delete(key);
    return copy;
  }
  if (typeof key === 'number' && isArray(value)) {
    const at = key < 0 ? value.length + key : key;
    return value.filter((_, index) => index !== at);
  }
  if (isObject(key) && isArray(value)) return put(value, key, []);
  const what = isObject(value) ? 'field' : isArray(value) ? 'element' : 'field';
  throw new JqError(
    isObject(value) || isArray(value)
      ? `Cannot delete ${what} at ${isObject(value) ? 'object' : 'array'} index of ${kindOf(value)}`
      : `Cannot delete field at ${typeof key === 'string' ? 'object' : 'array'} index of ${kindOf(value)}`,
  );
}

export function iterated(value: Json): [key: Json, value: Json][] {
  if (isArray(value)) return value.map((one, at) => [at, one]);
  if (isObject(value)) return [...value];
  throw new JqError(`Cannot iterate over ${kindOf(value)} (${excerpt(value)})`);
}
