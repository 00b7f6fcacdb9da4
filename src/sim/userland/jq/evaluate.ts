/** Runs a program: every expression gives any number of values, one after the other, and the paths to them when these are asked for. */

import { arithmetic } from './arithmetic.ts';
import { formatText } from './formats.ts';
import { deletePaths, get, getPath, iterated, type Path, setPath } from './paths.ts';
import { boundBy, CompileError, type Definition, type Node, type Pattern } from './syntax.ts';
import { excerpt, isArray, isObject, JqError, type Json, kindOf, truthy } from './value.ts';

/** A value, and the path to it while paths are followed. */
export type Output = [value: Json, path: Path | undefined];

interface Closure {
  params: readonly string[];
  body: Node;
  /** Where its free names are looked up; itself, for a function that may call itself. */
  scope: Scope;
}

export interface Scope {
  up: Scope | undefined;
  functions?: ReadonlyMap<string, Closure>;
  variable?: { name: string; value: Json };
  label?: { name: string; id: object };
}

/** What the world outside gives a program. */
export interface World {
  inputs: Iterator<Json>;
  env: Json;
  now(): number;
  debug(text: string): void;
  fileName(): Json;
  line(): number;
}

/** A function written in TypeScript: its arguments are generators of values, as all. */
export type Builtin = (run: Evaluator, args: readonly Node[], scope: Scope, input: Output) => Iterable<Output>;

class Broken {
  constructor(readonly id: object) {}
}

export class Evaluator {
  private readonly root: Scope;

  constructor(
    readonly world: World,
    private readonly builtins: ReadonlyMap<string, Builtin>,
    definitions: readonly Definition[],
  ) {
    const functions = new Map<string, Closure>();
    const scope: Scope = { up: undefined, functions };
    for (const { name, params, body } of definitions)
      functions.set(`${name}/${params.length}`, { params, body, scope });
    this.root = scope;
  }

  /** Throws {@link CompileError} for a name that nothing defines. */
  scope(program: Node, variables: ReadonlyMap<string, Json>): Scope {
    let scope: Scope = this.root;
    for (const [name, value] of variables) scope = { up: scope, variable: { name, value } };
    this.check(program, scope);
    return scope;
  }

  /** `builtins`: those that a program may call. */
  names(): Json {
    const own = [...this.root.functions!.keys(), ...this.builtins.keys()];
    return own.filter((name) => !name.startsWith('_'));
  }

  private check(node: Node, scope: Scope): void {
    checkNames(node, {
      hasFunction: (name) => this.builtins.has(name) || find(scope, (one) => one.functions?.get(name)) !== undefined,
      hasVariable: (name) =>
        name === 'ENV' ||
        name === '__prog_args' ||
        find(scope, (one) => (one.variable?.name === name ? one : undefined)) !== undefined,
    });
  }

  *values(node: Node, scope: Scope, input: Json): Generator<Json> {
    for (const [value] of this.run(node, scope, [input, undefined])) yield value;
  }

  first(node: Node, scope: Scope, input: Json): Json | undefined {
    for (const value of this.values(node, scope, input)) return value;
    return undefined;
  }

  *paths(node: Node, scope: Scope, input: Json): Generator<Path> {
    for (const [, path] of this.run(node, scope, [input, []])) yield path!;
  }

  *run(node: Node, scope: Scope, input: Output): Generator<Output> {
    const [value, path] = input;
    switch (node.t) {
      case 'identity':
        yield input;
        return;
      case 'recurse':
        yield* recurse(input);
        return;
      case 'index':
        for (const key of this.values(node.key, scope, value))
          for (const [of, at] of this.run(node.of, scope, input)) yield [get(of, key), at && [...at, key]];
        return;
      case 'slice':
        yield* this.slice(node, scope, input);
        return;
      case 'each':
        for (const [of, at] of this.run(node.of, scope, input))
          for (const [key, one] of iterated(of)) yield [one, at && [...at, key]];
        return;
      case 'pipe':
        for (const middle of this.run(node.left, scope, input)) yield* this.run(node.right, scope, middle);
        return;
      case 'comma':
        yield* this.run(node.left, scope, input);
        yield* this.run(node.right, scope, input);
        return;
      case 'logic':
        yield* node.op === '//' ? this.alternative(node, scope, input) : this.logic(node, scope, input);
        return;
      case 'if':
        for (const condition of this.values(node.condition, scope, value)) {
          if (truthy(condition)) yield* this.run(node.yes, scope, input);
          else if (node.no) yield* this.run(node.no, scope, input);
          else yield input;
        }
        return;
      case 'try':
        yield* this.attempt(node, scope, input);
        return;
      case 'reduce':
        yield* this.reduce(node, scope, input);
        return;
      case 'foreach':
        yield* this.forEach(node, scope, input);
        return;
      case 'def': {
        const functions = new Map<string, Closure>();
        const inner: Scope = { up: scope, functions };
        functions.set(`${node.name}/${node.params.length}`, { params: node.params, body: node.body, scope: inner });
        yield* this.run(node.rest, inner, input);
        return;
      }
      case 'call':
        yield* this.call(node.name, node.args, scope, input);
        return;
      case 'as':
        for (const source of this.values(node.source, scope, value))
          yield* this.destructured(node, source, scope, input);
        return;
      case 'label': {
        const id = {};
        try {
          yield* this.run(node.body, { up: scope, label: { name: node.name, id } }, input);
        } catch (error) {
          if (!(error instanceof Broken) || error.id !== id) throw error;
        }
        return;
      }
      case 'break':
        throw new Broken(find(scope, (one) => (one.label?.name === node.name ? one.label.id : undefined))!);
      default:
        for (const made of this.made(node, scope, value)) {
          if (path) yield* noPath(made, path, value);
          else yield [made, undefined];
        }
    }
  }

  /** What is no part of its input. */
  private *made(node: Node, scope: Scope, input: Json): Generator<Json> {
    switch (node.t) {
      case 'literal':
        yield node.value;
        return;
      case 'string':
        yield* this.string(node.parts, node.format ?? '@text', scope, input);
        return;
      case 'format':
        yield formatText(node.name, input);
        return;
      case 'array':
        yield node.of ? [...this.values(node.of, scope, input)] : [];
        return;
      case 'object':
        yield* this.object(node.entries, scope, input);
        return;
      case 'negate':
        for (const of of this.values(node.of, scope, input)) {
          if (typeof of !== 'number') throw new JqError(`${kindOf(of)} (${excerpt(of)}) cannot be negated`);
          yield -of;
        }
        return;
      case 'binary':
        for (const right of this.values(node.right, scope, input))
          for (const left of this.values(node.left, scope, input)) yield arithmetic(node.op, left, right);
        return;
      case 'assign':
        yield* this.assign(node.op, node.left, node.right, scope, input);
        return;
      case 'var':
        yield this.variable(node.name, scope);
        return;
      default:
        throw new Error(`no ${node.t}`);
    }
  }

  private variable(name: string, scope: Scope): Json {
    if (name === 'ENV') return this.world.env;
    return find(scope, (one) => (one.variable?.name === name ? one.variable : undefined))!.value;
  }

  private *string(parts: readonly (string | Node)[], format: string, scope: Scope, input: Json): Generator<Json> {
    const [first, ...rest] = parts;
    if (first === undefined) {
      yield '';
      return;
    }
    for (const tail of this.string(rest, format, scope, input)) {
      if (typeof first === 'string') yield first + (tail as string);
      else for (const value of this.values(first, scope, input)) yield formatText(format, value) + (tail as string);
    }
  }

  private *object(entries: readonly [Node, Node][], scope: Scope, input: Json): Generator<Json> {
    const [last] = entries.slice(-1);
    if (!last) {
      yield new Map();
      return;
    }
    for (const before of this.object(entries.slice(0, -1), scope, input)) {
      for (const key of this.values(last[0], scope, input)) {
        if (typeof key !== 'string') throw new JqError(`Object keys must be strings`);
        for (const value of this.values(last[1], scope, input))
          yield new Map(before as Map<string, Json>).set(key, value);
      }
    }
  }

  private *slice(node: Extract<Node, { t: 'slice' }>, scope: Scope, input: Output): Generator<Output> {
    const ends = (end: Node | undefined): Iterable<Json> => (end ? this.values(end, scope, input[0]) : [null]);
    for (const to of ends(node.to)) {
      for (const from of ends(node.from)) {
        const key: Json = new Map([
          ['start', from],
          ['end', to],
        ]);
        for (const [of, at] of this.run(node.of, scope, input)) yield [get(of, key), at && [...at, key]];
      }
    }
  }

  private *logic(node: Extract<Node, { t: 'logic' }>, scope: Scope, [value, path]: Output): Generator<Output> {
    if (path) throw invalidPath(value);
    const decided = node.op === 'or';
    for (const left of this.values(node.left, scope, value)) {
      if (truthy(left) === decided) yield [decided, undefined];
      else for (const right of this.values(node.right, scope, value)) yield [truthy(right), undefined];
    }
  }

  private *alternative(node: Extract<Node, { t: 'logic' }>, scope: Scope, input: Output): Generator<Output> {
    let some = false;
    try {
      for (const left of this.run(node.left, scope, input)) {
        if (!truthy(left[0])) continue;
        some = true;
        yield left;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!some) yield* this.run(node.right, scope, input);
  }

  private *attempt(node: Extract<Node, { t: 'try' }>, scope: Scope, input: Output): Generator<Output> {
    const outputs = this.run(node.body, scope, input);
    for (;;) {
      let next: IteratorResult<Output>;
      // Only what the body does is caught, not what is done with its values.
      try {
        next = outputs.next();
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (isObject(error.value) && error.value.has('__jq')) return;
        if (node.handler) yield* this.run(node.handler, scope, [error.value, undefined]);
        return;
      }
      if (next.done) return;
      yield next.value;
    }
  }

  private *reduce(node: Extract<Node, { t: 'reduce' }>, scope: Scope, input: Output): Generator<Output> {
    for (const start of this.run(node.start, scope, input)) {
      let state: Output | undefined = start;
      for (const source of this.values(node.source, scope, input[0])) {
        for (const inner of this.bindings(node.pattern, source, scope, input[0])) {
          let last: Output | undefined;
          for (const next of this.run(node.update, inner, state ?? [null, undefined])) last = next;
          state = last ?? [null, state?.[1] && []];
        }
      }
      yield state;
    }
  }

  private *forEach(node: Extract<Node, { t: 'foreach' }>, scope: Scope, input: Output): Generator<Output> {
    for (const start of this.run(node.start, scope, input)) {
      let state = start;
      for (const source of this.values(node.source, scope, input[0])) {
        for (const inner of this.bindings(node.pattern, source, scope, input[0])) {
          for (const next of this.run(node.update, inner, state)) {
            state = next;
            if (node.extract) yield* this.run(node.extract, inner, next);
            else yield next;
          }
        }
      }
    }
  }

  /** Each way in which a pattern binds, as a scope. */
  private *bindings(pattern: Pattern, value: Json, scope: Scope, input: Json): Generator<Scope> {
    if ('var' in pattern) {
      yield { up: scope, variable: { name: pattern.var, value } };
    } else if ('array' in pattern) {
      if (!isArray(value) && value !== null) throw new JqError(`Cannot index ${kindOf(value)} with number`);
      yield* this.elements(pattern.array, 0, value ?? [], scope, input);
    } else yield* this.fields(pattern.object, value, scope, input);
  }

  private *elements(
    patterns: readonly Pattern[],
    at: number,
    all: readonly Json[],
    scope: Scope,
    input: Json,
  ): Generator<Scope> {
    const pattern = patterns[at];
    if (!pattern) yield scope;
    else
      for (const inner of this.bindings(pattern, all[at] ?? null, scope, input))
        yield* this.elements(patterns, at + 1, all, inner, input);
  }

  private *fields(
    entries: readonly [Node, Pattern | undefined, string?][],
    value: Json,
    scope: Scope,
    input: Json,
  ): Generator<Scope> {
    const [first, ...rest] = entries;
    if (!first) {
      yield scope;
      return;
    }
    const [keyNode, pattern, bind] = first;
    for (const key of this.values(keyNode, scope, input)) {
      if (typeof key !== 'string') throw new JqError(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
      const part = get(value, key);
      const bound: Scope = bind === undefined ? scope : { up: scope, variable: { name: bind, value: part } };
      for (const inner of pattern ? this.bindings(pattern, part, bound, input) : [bound])
        yield* this.fields(rest, value, inner, input);
    }
  }

  /** `as P1 ?// P2 | body`: the first whose binding and body do not fail; names that only others have are null. */
  private *destructured(
    node: Extract<Node, { t: 'as' }>,
    source: Json,
    scope: Scope,
    input: Output,
  ): Generator<Output> {
    const { patterns, body } = node;
    const names = patterns.length > 1 ? patterns.flatMap(boundBy) : [];
    const base = names.reduce<Scope>((up, name) => ({ up, variable: { name, value: null } }), scope);
    for (const [at, pattern] of patterns.entries()) {
      try {
        for (const inner of this.bindings(pattern, source, base, input[0])) yield* this.run(body, inner, input);
        return;
      } catch (error) {
        if (!(error instanceof JqError) || at === patterns.length - 1) throw error;
      }
    }
  }

  private *call(name: string, args: readonly Node[], scope: Scope, input: Output): Generator<Output> {
    const key = `${name}/${args.length}`;
    const closure = find(scope, (one) => one.functions?.get(key));
    if (!closure) {
      yield* this.builtins.get(key)!(this, args, scope, input);
      return;
    }
    yield* this.apply(closure, args, scope, input);
  }

  private *apply(closure: Closure, args: readonly Node[], scope: Scope, input: Output): Generator<Output> {
    const functions = new Map<string, Closure>();
    const inner: Scope = { up: closure.scope, functions };
    const values: [string, Node][] = [];
    for (const [i, param] of closure.params.entries()) {
      const body = args[i]!;
      functions.set(`${param.replace(/^\$/, '')}/0`, { params: [], body, scope });
      if (param.startsWith('$')) values.push([param.slice(1), body]);
    }
    for (const bound of this.bound(values, scope, inner, input[0])) yield* this.run(closure.body, bound, input);
  }

  /** Parameters that are values: every combination of theirs. */
  private *bound(values: readonly [string, Node][], scope: Scope, inner: Scope, input: Json): Generator<Scope> {
    const [first, ...rest] = values;
    if (!first) yield inner;
    else
      for (const value of this.values(first[1], scope, input))
        yield* this.bound(rest, scope, { up: inner, variable: { name: first[0], value } }, input);
  }

  private *assign(op: string, left: Node, right: Node, scope: Scope, input: Json): Generator<Json> {
    if (op === '|=') {
      yield this.update(left, right, scope, input);
      return;
    }
    for (const value of this.values(right, scope, input)) {
      let result = input;
      for (const path of [...this.paths(left, scope, input)]) {
        result = setPath(result, path, (before) => {
          if (op === '=') return value;
          if (op === '//=') return truthy(before) ? before : value;
          return arithmetic(op.slice(0, -1), before, value);
        });
      }
      yield result;
    }
  }

  /** `|=`: the first value of the right side; where there is none the path is deleted. */
  private update(left: Node, right: Node, scope: Scope, input: Json): Json {
    let result = input;
    const gone: Path[] = [];
    for (const path of [...this.paths(left, scope, input)]) {
      const next = this.first(right, scope, getPath(result, path));
      if (next === undefined) gone.push(path);
      else result = setPath(result, path, () => next);
    }
    return deletePaths(result, gone);
  }
}

function find<T>(scope: Scope | undefined, take: (scope: Scope) => T | undefined): T | undefined {
  for (let at = scope; at; at = at.up) {
    const found = take(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function* recurse([value, path]: Output): Generator<Output> {
  yield [value, path];
  if (isArray(value) || isObject(value))
    for (const [key, one] of iterated(value)) yield* recurse([one, path && [...path, key]]);
}

const invalidPath = (value: Json): JqError => new JqError(`Invalid path expression with result ${excerpt(value)}`);

/** A made value leads nowhere, unless it is the very one that is there: as the real one compares them. */
function* noPath(made: Json, path: Path, input: Json): Generator<Output> {
  if (made !== input || typeof made === 'string') throw invalidPath(made);
  yield [made, path];
}

interface Names {
  hasFunction(key: string): boolean;
  hasVariable(name: string): boolean;
}

const undefinedName = (what: string): CompileError => new CompileError(`${what} is not defined`);

/** Every name that is used must be defined where it is. */
function checkNames(node: Node, names: Names): void {
  const go = (one: Node | undefined, more: Names = names): void => {
    if (one) checkNames(one, more);
  };
  const withVariables = (bound: readonly string[]): Names => ({
    ...names,
    hasVariable: (name) => bound.includes(name) || names.hasVariable(name),
  });
  const withFunctions = (keys: readonly string[], base = names): Names => ({
    ...base,
    hasFunction: (key) => keys.includes(key) || base.hasFunction(key),
  });
  switch (node.t) {
    case 'var':
      if (!names.hasVariable(node.name)) throw undefinedName(`$${node.name}`);
      return;
    case 'break':
      if (!names.hasVariable(`*label-${node.name}`)) throw new CompileError(`$*label-${node.name} is not defined`);
      return;
    case 'label':
      go(node.body, withVariables([`*label-${node.name}`]));
      return;
    case 'call':
      if (!names.hasFunction(`${node.name}/${node.args.length}`))
        throw undefinedName(`${node.name}/${node.args.length}`);
      for (const one of node.args) go(one);
      return;
    case 'def': {
      const own = withFunctions([`${node.name}/${node.params.length}`]);
      const variables = node.params.filter((one) => one.startsWith('$')).map((one) => one.slice(1));
      const inside = withFunctions(
        node.params.map((one) => `${one.replace(/^\$/, '')}/0`),
        own,
      );
      go(node.body, { ...inside, hasVariable: (name) => variables.includes(name) || names.hasVariable(name) });
      go(node.rest, own);
      return;
    }
    case 'as':
      go(node.source);
      go(node.body, withVariables(node.patterns.flatMap(boundBy)));
      return;
    case 'reduce':
    case 'foreach': {
      go(node.source);
      go(node.start);
      const inner = withVariables(boundBy(node.pattern));
      go(node.update, inner);
      go(node.t === 'foreach' ? node.extract : undefined, inner);
      return;
    }
    case 'object':
      for (const [key, value] of node.entries) {
        go(key);
        go(value);
      }
      return;
    case 'string':
      for (const part of node.parts) if (typeof part !== 'string') go(part);
      return;
    default:
      for (const one of Object.values(node)) if (one && typeof one === 'object' && 't' in one) go(one as Node);
  }
}
