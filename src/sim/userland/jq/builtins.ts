/** The functions of jq that are not defined by others. */
import { add, split } from './arithmetic.ts';
import type { Builtin, Evaluator, Output, Scope } from './evaluate.ts';
import { formatText, textOf } from './formats.ts';
import { deletePaths, get, getPath, positions, setPath } from './paths.ts';
import { ParseProblem, parseJson } from './read-json.ts';
import { matches } from './regex.ts';
import type { Node } from './syntax.ts';
import { breakDown, epochOf, formatTime, parseTime } from './times.ts';
import { compare, equal, excerpt, isArray, isObject, JqError, type Json, kindOf, print, sortedKeys } from './value.ts';

/** Ends the program. */
export class Halt extends Error {
  constructor(
    readonly status: number,
    readonly output: string,
  ) {
    super('halt');
  }
}

const described = (value: Json): string => `${kindOf(value)} (${excerpt(value)})`;

type Plain = (input: Json, ...args: Json[]) => Json;

/** A function of values, called with every combination of what its arguments give. */
const plain = (run: Plain): Builtin =>
  function* (evaluator, args, scope, [value, path]) {
    for (const given of combinations(evaluator, args, scope, value)) {
      const made = run(value, ...given);
      if (path && (made !== value || typeof made === 'string'))
        throw new JqError(`Invalid path expression with result ${excerpt(made)}`);
      yield [made, path];
    }
  };

function* combinations(evaluator: Evaluator, args: readonly Node[], scope: Scope, value: Json): Generator<Json[]> {
  const [first, ...rest] = args;
  if (!first) {
    yield [];
    return;
  }
  for (const tail of combinations(evaluator, rest, scope, value))
    for (const one of evaluator.values(first, scope, value)) yield [one, ...tail];
}

function lengthOf(value: Json): Json {
  if (value === null) return 0;
  if (typeof value === 'boolean') throw new JqError(`${described(value)} has no length`);
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return [...value].length;
  return isArray(value) ? value.length : (value as Map<string, Json>).size;
}

function keysOf(value: Json, sorted: boolean): Json {
  if (isObject(value)) return sorted ? sortedKeys(value) : [...value.keys()];
  if (isArray(value)) return value.map((_, at) => at);
  throw new JqError(`${described(value)} has no keys`);
}

function has(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return value.has(key);
  if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqError(
    `Cannot check whether ${kindOf(value)} has a ${typeof key === 'string' ? 'string' : kindOf(key)} key`,
  );
}

function contains(a: Json, b: Json): boolean {
  if (kindOf(a) !== kindOf(b))
    throw new JqError(`${described(a)} and ${described(b)} cannot have their containment checked`);
  if (isObject(a)) return [...(b as Map<string, Json>)].every(([key, one]) => a.has(key) && within(a.get(key)!, one));
  if (isArray(a)) return (b as Json[]).every((one) => a.some((other) => within(other, one)));
  if (typeof a === 'string') return a.includes(b as string);
  return equal(a, b);
}

const within = (a: Json, b: Json): boolean => kindOf(a) === kindOf(b) && contains(a, b);

function array(value: Json, what: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${described(value)} cannot be ${what}`);
  return value;
}

/** Elements with what `f` gives of each, in the order of these. */
function keyed(
  run: Evaluator,
  f: Node | undefined,
  scope: Scope,
  value: Json,
  what: string,
): { key: Json; value: Json }[] {
  const all = array(value, what).map((one) => ({ key: f ? [...run.values(f, scope, one)] : one, value: one }));
  return all.sort((a, b) => compare(a.key, b.key));
}

function groups(sorted: readonly { key: Json; value: Json }[]): Json[][] {
  const found: { key: Json; all: Json[] }[] = [];
  for (const { key, value } of sorted) {
    const last = found.at(-1);
    if (last && equal(last.key, key)) last.all.push(value);
    else found.push({ key, all: [value] });
  }
  return found.map(({ all }) => all);
}

const byKey = (what: string, take: (sorted: { key: Json; value: Json }[]) => Json): Builtin =>
  function* (run, [f], scope, [value]) {
    yield [take(keyed(run, f, scope, value, what)), undefined];
  };

/** The first of the least, or the last of the greatest. */
const extreme = (greatest: boolean): Builtin =>
  function* (run, [f], scope, [value]) {
    const all = array(value, 'iterated over').map((one) => ({
      key: f ? [...run.values(f, scope, one)] : one,
      value: one,
    }));
    const best = all.reduce<{ key: Json; value: Json } | undefined>((before, one) => {
      if (!before) return one;
      const order = compare(one.key, before.key);
      return (greatest ? order >= 0 : order < 0) ? one : before;
    }, undefined);
    yield [best?.value ?? null, undefined];
  };

function flatten(value: readonly Json[], depth: number): Json[] {
  return value.flatMap((one) => (isArray(one) && depth > 0 ? flatten(one, depth - 1) : [one]));
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' ? fromJson(value) : undefined;
  if (typeof parsed !== 'number') throw new JqError(`${described(value)} cannot be parsed as a number`);
  return parsed;
}

function string(value: Json, what: string): string {
  if (typeof value !== 'string') throw new JqError(what);
  return value;
}

const trimmed =
  (form: RegExp): Plain =>
  (value) => {
    if (typeof value !== 'string') throw new JqError(`${described(value)} cannot be trimmed`);
    return value.replace(form, '');
  };

function implode(value: Json): Json {
  if (!isArray(value)) throw new JqError('implode input must be an array');
  return value.map((one) => String.fromCodePoint(one as number)).join('');
}

function join(value: Json, by: Json): Json {
  if (!isArray(value)) throw new JqError(`Cannot iterate over ${described(value)}`);
  if (value.length === 0) return '';
  return value.reduce<Json>((text, one, at) => {
    const part = typeof one === 'number' || typeof one === 'boolean' ? print(one) : (one ?? '');
    return add(at === 0 ? text : add(text, by), part);
  }, '');
}

function indices(value: Json, part: Json): Json {
  if (value === null) return null;
  if (typeof value === 'string' && typeof part === 'string') {
    if (part === '') return null;
    const found: number[] = [];
    for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + 1))
      found.push([...value.slice(0, at)].length);
    return found;
  }
  if (isArray(value)) {
    return isArray(part) ? positions(value, part) : value.flatMap((one, at) => (equal(one, part) ? [at] : []));
  }
  return get(value, part);
}

const edge =
  (last: boolean): Plain =>
  (value, part) => {
    const all = indices(value, part);
    return isArray(all) ? ((last ? all.at(-1) : all[0]) ?? null) : null;
  };

function binarySearch(value: Json, wanted: Json): Json {
  const all = array(value, 'searched from');
  let [low, high] = [0, all.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(all[middle]!, wanted);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

function* range(run: Evaluator, args: readonly Node[], scope: Scope, [value]: Output): Generator<Output> {
  const [from, to, by] = args as [Node, Node, Node];
  for (const start of run.values(from, scope, value)) {
    for (const end of run.values(to, scope, value)) {
      for (const step of run.values(by, scope, value)) {
        if (typeof start !== 'number' || typeof end !== 'number' || typeof step !== 'number')
          throw new JqError('Range bounds must be numeric');
        if (step > 0) for (let at = start; at < end; at += step) yield [at, undefined];
        else if (step < 0) for (let at = start; at > end; at += step) yield [at, undefined];
      }
    }
  }
}

const math = (name: string & keyof Math, rename: string = name): [string, Builtin] => [
  `${rename}/0`,
  plain((value) => {
    if (typeof value !== 'number') throw new JqError(`${described(value)} number required`);
    return (Math[name] as (x: number) => number)(value);
  }),
];

const numbers = (run: (...all: number[]) => number): Builtin =>
  plain((_, ...all) => {
    const wrong = all.find((one) => typeof one !== 'number');
    if (wrong !== undefined) throw new JqError(`${described(wrong)} number required`);
    return run(...(all as number[]));
  });

const simple: Readonly<Record<string, Plain>> = {
  'not/0': (value) => value === null || value === false,
  'length/0': lengthOf,
  'utf8bytelength/0': (value) =>
    new TextEncoder().encode(string(value, `${described(value)} only strings have UTF-8 byte length`)).length,
  'keys/0': (value) => keysOf(value, true),
  'keys_unsorted/0': (value) => keysOf(value, false),
  'has/1': has,
  'contains/1': contains,
  'type/0': kindOf,
  'tostring/0': textOf,
  'tonumber/0': toNumber,
  'tojson/0': (value) => print(value),
  'fromjson/0': (value) => fromJson(string(value, `${described(value)} cannot be parsed as JSON`)),
  'ascii_downcase/0': (value) =>
    string(value, 'ascii_downcase input must be a string').replace(/[A-Z]/g, (c) => c.toLowerCase()),
  'ascii_upcase/0': (value) =>
    string(value, 'ascii_upcase input must be a string').replace(/[a-z]/g, (c) => c.toUpperCase()),
  'explode/0': (value) => [...string(value, `${described(value)} cannot be exploded`)].map((c) => c.codePointAt(0)!),
  'implode/0': implode,
  'trim/0': trimmed(/^\s+|\s+$/g),
  'ltrim/0': trimmed(/^\s+/),
  'rtrim/0': trimmed(/\s+$/),
  'startswith/1': (value, part) => bothTexts('startswith', value, part) && (value as string).startsWith(part as string),
  'endswith/1': (value, part) => bothTexts('endswith', value, part) && (value as string).endsWith(part as string),
  'ltrimstr/1': (value, part) =>
    typeof value === 'string' && typeof part === 'string' && value.startsWith(part) ? value.slice(part.length) : value,
  'rtrimstr/1': (value, part) =>
    typeof value === 'string' && typeof part === 'string' && part !== '' && value.endsWith(part)
      ? value.slice(0, -part.length)
      : value,
  'split/1': (value, by) => {
    if (typeof value !== 'string' || typeof by !== 'string')
      throw new JqError('split input and separator must be strings');
    return split(value, by);
  },
  'join/1': join,
  'flatten/1': (value, depth) => {
    if ((depth as number) < 0) throw new JqError('flatten depth must not be negative');
    if (!isArray(value)) throw new JqError(`Cannot iterate over ${described(value)}`);
    return flatten(value, depth as number);
  },
  'reverse/0': (value) => {
    if (value === null) return [];
    if (typeof value === 'string') return [...value].reverse().join('');
    if (!isArray(value)) throw new JqError(`Cannot index ${kindOf(value)} with number`);
    return [...value].reverse();
  },
  'indices/1': indices,
  'index/1': edge(false),
  'rindex/1': edge(true),
  'bsearch/1': binarySearch,
  'setpath/2': (value, path, part) => {
    if (!isArray(path)) throw new JqError('Path must be specified as an array');
    return setPath(value, path, () => part);
  },
  'delpaths/1': (value, paths) => {
    if (!isArray(paths)) throw new JqError('Paths must be specified as an array');
    return deletePaths(value, paths as Json[][]);
  },
  'format/1': (value, name) => formatText(`@${name}`, value),
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'isinfinite/0': (value) => Math.abs(value as number) === Number.POSITIVE_INFINITY,
  'isnan/0': (value) => Number.isNaN(value),
  'isnormal/0': (value) => Number.isFinite(value) && Math.abs(value as number) >= 2.2250738585072014e-308,
  'gmtime/0': (value) => breakDown(value),
  'localtime/0': (value) => breakDown(value),
  'mktime/0': (value) => epochOf(value),
  'strftime/1': (value, form) => formatTime(value, form, 'strftime/1'),
  'strflocaltime/1': (value, form) => formatTime(value, form, 'strflocaltime/1'),
  'strptime/1': (value, form) => parseTime(value, form),
  'significand/0': (value) => (value as number) / 2 ** Math.floor(Math.log2(Math.abs(value as number))),
};

function bothTexts(name: string, value: Json, part: Json): boolean {
  if (typeof value !== 'string' || typeof part !== 'string') throw new JqError(`${name}() requires string inputs`);
  return true;
}

function fromJson(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof ParseProblem)) throw error;
    throw new JqError(`${error.message} (while parsing '${text}')`);
  }
}

const special: Readonly<Record<string, Builtin>> = {
  'empty/0': () => [],
  'error/0': (_run, _args, _scope, [value]) => {
    throw new JqError(value);
  },
  *'path/1'(run, [f], scope, [value]) {
    for (const path of run.paths(f!, scope, value)) yield [path as Json, undefined];
  },
  *'getpath/1'(run, [f], scope, [value, at]) {
    for (const path of run.values(f!, scope, value)) {
      if (!isArray(path)) throw new JqError('Path must be specified as an array');
      let found: Json = null;
      try {
        found = getPath(value, path);
      } catch (error) {
        // A path being followed may lead to nothing.
        if (!at || !(error instanceof JqError)) throw error;
      }
      yield [found, at && [...at, ...path]];
    }
  },
  'range/3': range,
  'sort/0': byKey('sorted, as it is not an array', (all) => all.map(({ value }) => value)),
  'sort_by/1': byKey('sorted, as it is not an array', (all) => all.map(({ value }) => value)),
  'group_by/1': byKey('grouped, as it is not an array', (all) => groups(all)),
  'unique/0': byKey('sorted, as it is not an array', (all) => groups(all).map((one) => one[0]!)),
  'unique_by/1': byKey('grouped, as it is not an array', (all) => groups(all).map((one) => one[0]!)),
  'min/0': extreme(false),
  'max/0': extreme(true),
  'min_by/1': extreme(false),
  'max_by/1': extreme(true),
  'match/2': function* (run, args, scope, [value]) {
    for (const [re = null, flags = null] of combinations(run, args, scope, value))
      for (const one of matches(value, re, flags)) yield [one, undefined];
  },
  *'input/0'(run) {
    const next = run.world.inputs.next();
    if (next.done) throw new JqError('No more inputs');
    yield [next.value, undefined];
  },
  *'inputs/0'(run) {
    for (let next = run.world.inputs.next(); !next.done; next = run.world.inputs.next()) yield [next.value, undefined];
  },
  *'debug/0'(run, _args, _scope, output) {
    run.world.debug(`["DEBUG:",${print(output[0])}]\n`);
    yield output;
  },
  *'stderr/0'(run, _args, _scope, output) {
    run.world.debug(textOf(output[0]));
    yield output;
  },
  *'input_filename/0'(run) {
    yield [run.world.fileName(), undefined];
  },
  *'input_line_number/0'(run) {
    yield [run.world.line(), undefined];
  },
  *'now/0'(run) {
    yield [run.world.now(), undefined];
  },
  'halt/0': () => {
    throw new Halt(0, '');
  },
  'halt_error/1': (run, [f], scope, [value]) => {
    const status = run.first(f!, scope, value);
    if (status === undefined) return [];
    if (typeof status !== 'number') throw new JqError('halt_error/1: number required');
    throw new Halt(status, typeof value === 'string' ? value : `${print(value)}\n`);
  },
  *'builtins/0'(run) {
    yield [run.names(), undefined];
  },
};

export const builtins: ReadonlyMap<string, Builtin> = new Map([
  ...Object.entries(simple).map(([name, run]): [string, Builtin] => [name, plain(run)]),
  ...Object.entries(special),
  ...(
    [
      'floor',
      'sqrt',
      'ceil',
      'trunc',
      'exp',
      'log',
      'log2',
      'log10',
      'sin',
      'cos',
      'tan',
      'asin',
      'acos',
      'atan',
    ] as const
  ).map((name) => math(name)),
  ...(['sinh', 'cosh', 'tanh', 'cbrt'] as const).map((name) => math(name)),
  math('abs', 'fabs'),
  ['round/0', numbersOf((x) => Math.sign(x) * Math.round(Math.abs(x)))],
  ['exp2/0', numbersOf((x) => 2 ** x)],
  ['exp10/0', numbersOf((x) => 10 ** x)],
  ['pow/2', numbers((x, y) => x ** y)],
  ['atan2/2', numbers(Math.atan2)],
  ['fmin/2', numbers(Math.min)],
  ['fmax/2', numbers(Math.max)],
  ['fmod/2', numbers((x, y) => x % y)],
  ['ldexp/2', numbers((x, y) => x * 2 ** y)],
]);

function numbersOf(run: (x: number) => number): Builtin {
  return plain((value) => {
    if (typeof value !== 'number') throw new JqError(`${described(value)} number required`);
    return run(value);
  });
}
