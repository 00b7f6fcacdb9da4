import { arity, CallError, functionNames, functions, WrongType } from './functions.ts';
import type { At, Node, Operand, Pipe } from './node.ts';
import { type Parsed, parse } from './parse.ts';
import { display, typeName } from './print.ts';
import { Float, Struct, sortedKeys, truth, type Value } from './value.ts';

class Break extends Error {}
class Continue extends Error {}

/** An error while executing; Go's text. `output` is what had been written before. */
export class ExecuteError extends Error {
  output = '';
}

/** A parsed template (Go's text/template with docker's functions). */
export class Template {
  private readonly parsed: Parsed;
  /** Throws TemplateError with Go's text (`template: :1: unclosed action`). */
  constructor(
    source: string,
    /** Functions that stand for docker's of the same name (`json` of a table header). */
    private readonly overrides: ReadonlyMap<string, (...args: Value[]) => Value> = new Map(),
    /** `missingkey=error`: a missing map key is an error, not `<no value>`. */
    private readonly strict = false,
    /** As errors of execution call it. */
    private readonly name = '',
  ) {
    this.parsed = parse(source, functionNames, name);
  }

  /** Throws {@link ExecuteError}. */
  execute(data: Value): string {
    const run = new Execution(this.parsed, this.overrides, this.strict, data, 0, this.name);
    try {
      run.walk(this.parsed.root, data);
    } catch (error) {
      if (error instanceof ExecuteError) error.output = run.output;
      throw error;
    }
    return run.output;
  }
}

class Execution {
  output = '';
  private variables: [name: string, value: Value][];

  constructor(
    private readonly parsed: Parsed,
    private readonly overrides: ReadonlyMap<string, (...args: Value[]) => Value>,
    private readonly strict: boolean,
    data: Value,
    private readonly depth = 0,
    private readonly name = '',
  ) {
    this.variables = [['$', data]];
  }

  private fail(at: At, message: string): never {
    const before = this.parsed.source.slice(0, at.pos);
    const line = before.split('\n').length;
    const column = new TextEncoder().encode(before.slice(before.lastIndexOf('\n') + 1)).length;
    throw new ExecuteError(
      `template: ${this.name}:${line}:${column}: executing ${JSON.stringify(this.name)} at <${at.text}>: ${message}`,
    );
  }

  walk(nodes: readonly Node[], dot: Value): void {
    for (const node of nodes) this.step(node, dot);
  }

  private step(node: Node, dot: Value): void {
    switch (node.kind) {
      case 'text':
        this.output += node.text;
        return;
      case 'action': {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) {
          // In bare JSON a null is a nil interface: a pipeline unwraps it to no value at all.
          this.output += value === null && this.strict ? '<no value>' : display(value);
        }
        return;
      }
      case 'if':
      case 'with': {
        const mark = this.variables.length;
        const value = this.pipe(node.pipe, dot);
        if (truth(value)) this.walk(node.list, node.kind === 'with' ? value : dot);
        else if (node.otherwise) this.walk(node.otherwise, dot);
        this.variables.length = mark;
        return;
      }
      case 'range':
        this.range(node, dot);
        return;
      case 'template':
        this.template(node, dot);
        return;
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
    }
  }

  private range(node: Node & { kind: 'if' | 'with' | 'range' }, dot: Value): void {
    const mark = this.variables.length;
    const value = this.pipe(node.pipe, dot);
    const pairs = this.pairs(node.pipe, value);
    const inner = this.variables.length;
    for (const [key, item] of pairs) {
      const { variables } = node.pipe;
      if (variables.length === 1) this.setTop(1, item);
      if (variables.length === 2) {
        this.setTop(2, key);
        this.setTop(1, item);
      }
      try {
        this.walk(node.list, item);
      } catch (error) {
        if (error instanceof Break) break;
        if (!(error instanceof Continue)) throw error;
      } finally {
        this.variables.length = inner;
      }
    }
    if (pairs.length === 0 && node.otherwise) this.walk(node.otherwise, dot);
    this.variables.length = mark;
  }
  private setTop(back: number, value: Value): void {
    this.variables[this.variables.length - back]![1] = value;
  }
  private pairs(pipe: Pipe, value: Value): [Value, Value][] {
    if (Array.isArray(value)) return value.map((item, index) => [index, item]);
    if (value instanceof Map) return sortedKeys(value).map((key) => [key, value.get(key)]);
    if (typeof value === 'number')
      return Array.from({ length: Math.max(0, value) }, (_unused, index) => [index, index]);
    if (value === null || value === undefined) return [];
    return this.fail(pipe, `range can't iterate over ${display(value)}`);
  }

  private template(node: Node & { kind: 'template' }, dot: Value): void {
    const body = this.parsed.defined.get(node.name);
    if (!body) this.fail({ pos: node.pos, text: node.text }, `template ${JSON.stringify(node.name)} not defined`);
    if (this.depth > 1000) this.fail({ pos: node.pos, text: node.text }, 'exceeded maximum template depth (100000)');
    const data = node.pipe ? this.pipe(node.pipe, dot) : null;
    const inner = new Execution(this.parsed, this.overrides, this.strict, data, this.depth + 1, this.name);
    inner.walk(body!, data);
    this.output += inner.output;
  }

  private pipe(pipe: Pipe, dot: Value): Value {
    let value: Value;
    pipe.commands.forEach((command, index) => {
      value = this.command(command, dot, index > 0 ? [value] : []);
    });
    pipe.variables.forEach((name) => {
      if (pipe.declare) this.variables.push([name, value]);
      else this.variables.findLast(([known]) => known === name)![1] = value;
    });
    return value;
  }

  private command(operands: Operand[], dot: Value, final: Value[]): Value {
    const [first, ...rest] = operands as [Operand, ...Operand[]];
    switch (first.kind) {
      case 'field':
        return this.links(first, dot, first.names, () => [...this.values(rest, dot), ...final]);
      case 'variable':
        return this.links(first, this.variable(first.names[0]!), first.names.slice(1), () => [
          ...this.values(rest, dot),
          ...final,
        ]);
      case 'chain':
        return this.links(first, this.value(first.base, dot), first.names, () => [...this.values(rest, dot), ...final]);
      case 'function':
        return this.call(first, rest, dot, final);
      default:
        if (rest.length || final.length) this.fail(first, `can't give argument to non-function ${first.text}`);
        if (first.kind === 'nil') this.fail(first, 'nil is not a command');
        return this.value(first, dot);
    }
  }

  private values(operands: readonly Operand[], dot: Value): Value[] {
    return operands.map((operand) => this.value(operand, dot));
  }
  private variable(name: string): Value {
    return this.variables.findLast(([known]) => known === name)![1];
  }

  private value(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'bool':
      case 'string':
        return operand.value;
      case 'number':
        return operand.float ? new Float(operand.value) : operand.value;
      case 'pipe':
        return this.pipe(operand.pipe, dot);
      default:
        return this.command([operand], dot, []);
    }
  }

  /** `.A.B.C`: only the last may take arguments. */
  private links(at: Operand, start: Value, names: readonly string[], args: () => Value[]): Value {
    const given = args();
    if (names.length === 0 && given.length) this.fail(at, `${at.text} is not a method but has arguments`);
    let value = start;
    // What a struct holds has a type of its own; what a map or a list holds is an interface.
    let typed = false;
    names.forEach((name, index) => {
      const from = value;
      value = this.field(at, value, name, index === names.length - 1 ? given : [], typed);
      typed = from instanceof Struct;
    });
    return value;
  }

  private field(at: Operand, value: Value, name: string, args: Value[], typed: boolean): Value {
    // What a map lacks has no fields either, and prints as no value.
    if (value === undefined && !this.strict) return undefined;
    if (value === undefined || value === null) {
      return this.fail(
        at,
        value === null
          ? `nil pointer evaluating interface {}.${name}`
          : `nil data; no entry for key ${JSON.stringify(name)}`,
      );
    }
    if (value instanceof Struct) {
      const method = value.methods.get(name);
      if (method && method.length !== args.length) {
        this.fail(at, `wrong number of args for ${name}: want ${method.length} got ${args.length}`);
      }
      if (method) return this.guard(at, name, () => method(...args));
      if (value.fields.has(name)) {
        if (args.length) this.fail(at, `${name} has arguments but cannot be invoked as function`);
        return value.fields.get(name);
      }
      return this.fail(at, `can't evaluate field ${name} in type ${value.type}`);
    }
    if (value instanceof Map) {
      if (args.length) this.fail(at, `${name} is not a method but has arguments`);
      if (!value.has(name) && this.strict) this.fail(at, `map has no entry for key ${JSON.stringify(name)}`);
      return value.get(name);
    }
    return this.fail(at, `can't evaluate field ${name} in type ${typed ? typeName(value) : 'interface {}'}`);
  }

  private call(at: Operand & { kind: 'function' }, rest: readonly Operand[], dot: Value, final: Value[]): Value {
    const { name } = at;
    if (name === 'and' || name === 'or') return this.shortCircuit(at, rest, dot, final);
    const count = rest.length + final.length;
    const [least, most] = arity[name] ?? [0, Number.POSITIVE_INFINITY];
    if (count < least || count > most) {
      this.fail(
        at,
        `wrong number of args for ${name}: want ${most === least ? least : `at least ${least}`} got ${count}`,
      );
    }
    const args = [...this.values(rest, dot), ...final];
    const whole = { ...at, text: [at, ...rest].map((operand) => operand.text).join(' ') };
    if (name === 'call' && args[0] !== undefined && args[0] !== null) {
      const operand = rest[0]?.text ?? '';
      this.fail(whole, `error calling call: non-function ${operand} of type ${typeName(args[0])}`);
    }
    const run = this.overrides.get(name) ?? functions.get(name)!;
    try {
      return this.guard(whole, name, () => run(...args));
    } catch (error) {
      if (!(error instanceof WrongType)) throw error;
      return this.fail(rest[args.indexOf(error.value)] ?? { pos: at.pos, text: name }, error.message);
    }
  }

  private shortCircuit(
    at: Operand & { kind: 'function' },
    rest: readonly Operand[],
    dot: Value,
    final: Value[],
  ): Value {
    if (rest.length + final.length === 0) this.fail(at, `wrong number of args for ${at.name}: want at least 1 got 0`);
    let value: Value;
    for (const operand of rest) {
      value = this.value(operand, dot);
      if (truth(value) === (at.name === 'or')) return value;
    }
    return final.length ? final[0] : value;
  }

  private guard(at: Operand, name: string, run: () => Value): Value {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof CallError) || error instanceof WrongType) throw error;
      return this.fail(at, `error calling ${name}: ${error.message}`);
    }
  }
}

export { typeName };
