import { display, goQuote, sprint, sprintf, typeName } from './print.ts';
import { Float, goJson, JsonNumber, type Method, StringMap, Struct, truth, type Value } from './value.ts';

/** Thrown by a function; becomes `error calling NAME: MESSAGE`. */
export class CallError extends Error {}

/** An argument of a type that the function does not take: `wrong type for value; …`, told at that argument. */
export class WrongType extends CallError {
  constructor(
    expected: string,
    readonly value: Value,
  ) {
    super(`wrong type for value; expected ${expected}; got ${typeName(value)}`);
  }
}
const wrongType = (expected: string, value: Value): never => {
  throw new WrongType(expected, value);
};

const fail = (message: string): never => {
  throw new CallError(message);
};

type Kind = 'bool' | 'integer' | 'float' | 'string' | 'other';

function kindOf(value: Value): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'integer';
  if (value instanceof Float) return 'float';
  return typeof value === 'string' || value instanceof JsonNumber ? 'string' : 'other';
}
const bare = (value: Value): Value => (value instanceof JsonNumber ? value.text : value);

function equal(given: Value, other: Value): boolean {
  const a = bare(given);
  const b = bare(other);
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  const kind = kindOf(a);
  if (kind === 'other' || kindOf(b) === 'other')
    return kind === kindOf(b) ? fail('non-comparable type') : fail('incompatible types for comparison');
  if (kind !== kindOf(b)) return fail('incompatible types for comparison');
  return a instanceof Float && b instanceof Float ? a.value === b.value : a === b;
}

function less(a: Value, b: Value): boolean {
  const kind = kindOf(a);
  if (kind === 'bool' || kind === 'other') return fail('invalid type for comparison');
  if (kind !== kindOf(b)) return fail('incompatible types for comparison');
  if (a instanceof Float && b instanceof Float) return a.value < b.value;
  return (bare(a) as number) < (bare(b) as number);
}

function index(value: Value, ...keys: Value[]): Value {
  return keys.reduce<Value>((item, key) => {
    if (item === undefined || item === null) return fail('index of untyped nil');
    if (item instanceof Map) {
      if (typeof key !== 'string') return fail(`value has type ${typeName(key)}; should be string`);
      return item.get(key) ?? (item instanceof StringMap ? '' : null);
    }
    if (!Array.isArray(item) && typeof item !== 'string') return fail(`can't index item of type ${typeName(item)}`);
    if (typeof key !== 'number')
      return fail(
        key === null || key === undefined
          ? 'cannot index slice/array with nil'
          : `cannot index slice/array with type ${typeName(key)}`,
      );
    if (key < 0 || key >= item.length)
      // The very end passes Go's own check.
      return fail(
        key === item.length
          ? `reflect: ${typeof item === 'string' ? 'string' : 'slice'} index out of range`
          : `index out of range: ${key}`,
      );
    return typeof item === 'string' ? new TextEncoder().encode(item)[key] : item[key];
  }, value);
}

function slice(value: Value, ...bounds: Value[]): Value {
  if (typeof value !== 'string' && !Array.isArray(value)) return fail(`can't slice item of type ${typeName(value)}`);
  const [from = 0, to = value.length] = bounds as number[];
  for (const bound of [from, to]) if (bound < 0 || bound > value.length) return fail(`index out of range: ${bound}`);
  return from > to ? fail(`invalid slice index: ${from} > ${to}`) : value.slice(from, to);
}

function length(value: Value): number {
  if (value instanceof JsonNumber) return value.text.length;
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  return value === null || value === undefined
    ? fail('len of nil pointer')
    : fail(`len of type ${typeName(value).replace(/^\*/, '')}`);
}

const html = (text: string): string =>
  text.replace(
    /[<>&'"\0]/g,
    (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;', '\0': '\uFFFD' })[char]!,
  );
const js = (text: string): string =>
  text.replace(
    /[\\'"<>&=\n\r\t]/g,
    (char) =>
      ({
        '\\': '\\\\',
        "'": "\\'",
        '"': '\\"',
        '<': '\\u003C',
        '>': '\\u003E',
        '&': '\\u0026',
        '=': '\\u003D',
        '\n': '\\n',
        '\r': '\\r',
        '\t': '\\t',
      })[char] ?? char,
  );
const words = (args: readonly Value[]): string => (args.length === 1 ? display(args[0]) : sprint(args));
const text = (value: Value): string => (typeof value === 'string' ? value : wrongType('string', value));

/** Go's built-in functions but `and` and `or`, which do not evaluate all of their arguments. */
const builtins: Record<string, Method> = {
  not: (value) => !truth(value),
  len: length,
  index,
  slice,
  html: (...args) => html(words(args)),
  js: (...args) => js(words(args)),
  urlquery: (...args) =>
    encodeURIComponent(words(args))
      .replaceAll('%20', '+')
      .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  print: (...args) => sprint(args),
  println: (...args) => `${args.map((arg) => display(arg)).join(' ')}\n`,
  printf: (format, ...args) => sprintf(text(format), args),
  eq: (first, ...rest) =>
    rest.length === 0 ? fail('missing argument for comparison') : rest.some((other) => equal(first, other)),
  ne: (a, b) => !equal(a, b),
  lt: less,
  le: (a, b) => less(a, b) || equal(a, b),
  gt: (a, b) => !less(a, b) && !equal(a, b),
  ge: (a, b) => !less(a, b),
  call: () => fail('call of nil'),
};

/** docker's own (templates/templates.go). */
const dockers: Record<string, Method> = {
  json: (value) => goJson(value, false),
  split: (value, by) => text(value).split(text(by)),
  join: (list, by) =>
    Array.isArray(list) ? list.map((item) => display(item)).join(text(by)) : wrongType('[]string', list),
  title: (value) =>
    text(value).replace(
      /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
      (_all, before: string, letter: string) => before + letter.toUpperCase(),
    ),
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  pad: (value, before, after) =>
    text(value) === '' ? '' : ' '.repeat(Number(before)) + text(value) + ' '.repeat(Number(after)),
  truncate: (value, size) => [...text(value)].slice(0, Number(size)).join(''),
};

/** How many arguments a function takes: [least, most]. */
export const arity: Record<string, [number, number]> = {
  not: [1, 1],
  len: [1, 1],
  ne: [2, 2],
  lt: [2, 2],
  le: [2, 2],
  gt: [2, 2],
  ge: [2, 2],
  json: [1, 1],
  split: [2, 2],
  join: [2, 2],
  title: [1, 1],
  lower: [1, 1],
  upper: [1, 1],
  pad: [3, 3],
  truncate: [2, 2],
  eq: [1, Number.POSITIVE_INFINITY],
  index: [1, Number.POSITIVE_INFINITY],
  slice: [1, 4],
  printf: [1, Number.POSITIVE_INFINITY],
};

export const functions: ReadonlyMap<string, Method> = new Map(Object.entries({ ...builtins, ...dockers }));
export const functionNames: ReadonlySet<string> = new Set([...functions.keys(), 'and', 'or']);
export { goQuote, Struct };
