import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { Evaluator } from './evaluator.ts';
import { AwkRuntimeError, Jump } from './jump.ts';
import { unescapeAwk } from './lexer.ts';
import { MainInput } from './main-input.ts';
import { type AwkArray, type Cell, Memory } from './memory.ts';
import { Streams } from './streams.ts';
import type { Expression, Rule, Script, Statement } from './syntax.ts';
import { awkFormat, Strnum, toBoolean, toNumber, toText, type Value } from './values.ts';

/** Runs a script. Expressions are evaluated at once; only what reads, waits or calls is awaited. */
export class Interpreter {
  private readonly memory: Memory;
  private readonly evaluator: Evaluator;
  private readonly input: MainInput;
  private readonly streams: Streams;
  private readonly openRanges = new Set<Rule>();
  private readonly asynchronous = new WeakMap<object, boolean>();
  private steps = 0;

  constructor(
    private readonly c: Command,
    private readonly script: Script,
    args: string[],
  ) {
    this.memory = new Memory(c, args);
    this.evaluator = new Evaluator(c, this.memory);
    this.input = new MainInput(c, this.memory);
    this.streams = new Streams(c);
  }

  assignOperand(name: string, value: string): void {
    this.memory.globals.set(name, new Strnum(unescapeAwk(encodeText(value))));
  }

  /** What mawk adds to a message: where it was reading. */
  get place(): string {
    const of = (name: string) => toText(this.memory.variable(name), this.memory.numbers);
    return `FILENAME="${of('FILENAME')}" FNR=${of('FNR') || 0} NR=${of('NR') || 0}`;
  }

  async run(): Promise<number> {
    let status = 0;
    try {
      status = await this.phases();
    } finally {
      await this.streams.closeAll();
    }
    return status;
  }

  private async phases(): Promise<number> {
    const rules = this.script.rules;
    let status = 0;
    const guarded = async (work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (jump) {
        if (!(jump instanceof Jump) || jump.kind !== 'exit') throw jump;
        if (jump.value !== undefined) status = toNumber(jump.value) & 255;
        return false;
      }
    };
    const every = (kind: Rule['kind']) => async () => {
      for (const rule of rules) if (rule.kind === kind) await this.execute(rule.body!);
    };
    const started = await guarded(every('begin'));
    const reads = rules.some((rule) => rule.kind !== 'begin');
    if (started && reads)
      await guarded(() => this.main(rules.filter((rule) => rule.kind === 'pattern' || rule.kind === 'range')));
    await guarded(every('end'));
    return status || this.c.status;
  }

  private async main(rules: Rule[]): Promise<void> {
    for (;;) {
      const record = await this.input.nextRecord();
      if (record === undefined) return;
      this.memory.record.setWhole(record);
      try {
        for (const rule of rules) {
          if (!(await this.selects(rule))) continue;
          if (rule.body) await this.execute(rule.body);
          else this.c.raw(this.memory.text(this.memory.record.get(0)) + this.memory.settingText('ORS'));
        }
      } catch (jump) {
        if (!(jump instanceof Jump) || (jump.kind !== 'next' && jump.kind !== 'nextfile')) throw jump;
        if (jump.kind === 'nextfile') this.input.closeReader();
      }
      if ((++this.steps & 255) === 0) await this.c.drain();
    }
  }

  private async selects(rule: Rule): Promise<boolean> {
    if (!rule.pattern) return true;
    if (rule.kind === 'pattern') return toBoolean(await this.value(rule.pattern));
    if (!this.openRanges.has(rule)) {
      if (!toBoolean(await this.value(rule.pattern))) return false;
      this.openRanges.add(rule);
    }
    if (toBoolean(await this.value(rule.until!))) this.openRanges.delete(rule);
    return true;
  }

  // ---- statements

  private execute(statement: Statement): Promise<void> | undefined {
    switch (statement.kind) {
      case 'block':
        return this.sequence(statement.body, 0);
      case 'expression':
        if (!this.isAsync(statement.value)) {
          this.evaluator.ev(statement.value);
          return undefined;
        }
        return this.value(statement.value).then(() => {});
      case 'print':
        if (!statement.redirect && !statement.args.some((arg) => this.isAsync(arg))) {
          this.c.raw(
            this.printed(
              statement,
              statement.args.map((arg) => this.evaluator.ev(arg)),
            ),
          );
          return undefined;
        }
        return this.print(statement);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        throw new Jump(statement.kind);
      case 'delete': {
        const array = this.memory.array(statement.array);
        if (statement.subscript) array.delete(this.evaluator.subscript(statement.subscript));
        else array.clear();
        return undefined;
      }
      default:
        return this.control(statement);
    }
  }

  private sequence(body: Statement[], from: number): Promise<void> | undefined {
    for (let i = from; i < body.length; i++) {
      const wait = this.execute(body[i]!);
      if (wait) return wait.then(() => this.sequence(body, i + 1));
    }
    return undefined;
  }

  private async control(statement: Statement): Promise<void> {
    switch (statement.kind) {
      case 'if':
        if (toBoolean(await this.value(statement.test))) await this.execute(statement.yes);
        else if (statement.no) await this.execute(statement.no);
        return;
      case 'while':
        while (toBoolean(await this.value(statement.test))) if (await this.loopBody(statement.body)) return;
        return;
      case 'do':
        do if (await this.loopBody(statement.body)) return;
        while (toBoolean(await this.value(statement.test)));
        return;
      case 'for':
        if (statement.start) await this.execute(statement.start);
        while (!statement.test || toBoolean(await this.value(statement.test))) {
          if (await this.loopBody(statement.body)) return;
          if (statement.step) await this.execute(statement.step);
        }
        return;
      case 'forIn':
        for (const key of forInOrder([...this.memory.array(statement.array).keys()])) {
          this.memory.setVariable(statement.name, new Strnum(key));
          if (await this.loopBody(statement.body)) return;
        }
        return;
      case 'exit':
      case 'return':
        throw new Jump(statement.kind, statement.value && (await this.value(statement.value)));
    }
  }

  /** True when the loop is to end. */
  private async loopBody(body: Statement): Promise<boolean> {
    if ((++this.steps & 1023) === 0) await this.c.drain();
    try {
      const wait = this.execute(body);
      if (wait) await wait;
      return false;
    } catch (jump) {
      if (!(jump instanceof Jump) || (jump.kind !== 'break' && jump.kind !== 'continue')) throw jump;
      return jump.kind === 'break';
    }
  }

  private printed(statement: Statement & { kind: 'print' }, values: Value[]): string {
    if (statement.format) return awkFormat(this.memory.text(values[0]), values.slice(1), this.memory.numbers);
    const ofmt = { ...this.memory.numbers, format: this.memory.settingText('OFMT') };
    const parts = values.length
      ? values.map((value) => toText(value, ofmt))
      : [this.memory.text(this.memory.record.get(0))];
    return parts.join(this.memory.settingText('OFS')) + this.memory.settingText('ORS');
  }
  private async print(statement: Statement & { kind: 'print' }): Promise<void> {
    const values: Value[] = [];
    for (const arg of statement.args) values.push(await this.value(arg));
    const text = this.printed(statement, values);
    if (!statement.redirect) return this.c.raw(text);
    const name = this.memory.text(await this.value(statement.redirect.to));
    await this.streams.write(statement.redirect.operator, name, text);
  }

  // ---- expressions

  private isAsync(expression: Expression): boolean {
    const known = this.asynchronous.get(expression);
    if (known !== undefined) return known;
    let found =
      expression.kind === 'getline' ||
      expression.kind === 'call' ||
      (expression.kind === 'builtin' && /^(system|close|fflush)$/.test(expression.name));
    if (!found) {
      found = Object.values(expression).some((part) =>
        Array.isArray(part)
          ? part.some((one) => typeof one === 'object' && this.isAsync(one))
          : typeof part === 'object' && part !== null && 'kind' in part && this.isAsync(part as Expression),
      );
    }
    this.asynchronous.set(expression, found);
    return found;
  }

  /** Any expression. Parts that must be awaited are computed first, then stand as constants. */
  private async value(expression: Expression): Promise<Value> {
    if (!this.isAsync(expression)) return this.evaluator.ev(expression);
    switch (expression.kind) {
      case 'getline':
        return this.getline(expression);
      case 'call':
        return this.call(expression.name, expression.args);
      case 'group':
        return this.value(expression.inner);
      case 'conditional':
        return toBoolean(await this.value(expression.test)) ? this.value(expression.yes) : this.value(expression.no);
      case 'binary':
        if (expression.operator === '&&')
          return toBoolean(await this.value(expression.left)) && toBoolean(await this.value(expression.right)) ? 1 : 0;
        if (expression.operator === '||')
          return toBoolean(await this.value(expression.left)) || toBoolean(await this.value(expression.right)) ? 1 : 0;
        break;
      case 'builtin':
        if (/^(system|close|fflush)$/.test(expression.name))
          return this.outside(
            expression.name,
            expression.args[0] && this.memory.text(await this.value(expression.args[0])),
          );
    }
    return this.evaluator.ev(await this.settle(expression));
  }

  private async settle(expression: Expression): Promise<Expression> {
    const copy: { [key: string]: unknown } = { ...expression };
    for (const [key, part] of Object.entries(expression)) {
      if (Array.isArray(part)) {
        const parts: Expression[] = [];
        for (const one of part as Expression[])
          parts.push(this.isAsync(one) ? this.constant(await this.value(one)) : one);
        copy[key] = parts;
      } else if (typeof part === 'object' && part !== null && 'kind' in part && this.isAsync(part as Expression)) {
        copy[key] =
          key === 'target'
            ? await this.settle(part as Expression)
            : this.constant(await this.value(part as Expression));
      }
    }
    return copy as unknown as Expression;
  }
  private constant(value: Value): Expression {
    return { kind: 'number', value: value as number };
  }

  private async outside(name: string, argument: string | undefined): Promise<Value> {
    if (name === 'close') return this.streams.close(argument ?? '');
    await this.streams.flush();
    if (name === 'fflush') return 0;
    const status = await this.c.system(['/bin/sh', '-c', decodeText(argument ?? '')]);
    return status > 128 && this.c.bb ? status - 128 + 256 : status;
  }

  private async getline(expression: Expression & { kind: 'getline' }): Promise<Value> {
    let line: string | undefined;
    if (expression.from === 'main') line = await this.input.nextRecord();
    else {
      const name = this.memory.text(await this.value(expression.source!));
      const { text, regexp } = this.input.separator();
      try {
        line = await (await this.streams.input(name, expression.from === 'command')).next(text, regexp);
      } catch (error) {
        this.c.reason(error);
        return -1;
      }
      if (line !== undefined && expression.from === 'command') this.memory.count('NR');
    }
    if (line === undefined) return 0;
    if (expression.target) this.evaluator.assign(expression.target, new Strnum(line));
    else this.memory.record.setWhole(line);
    return 1;
  }

  private async call(name: string, args: Expression[]): Promise<Value> {
    const made = this.script.functions.get(name);
    if (!made) throw new AwkRuntimeError(this.c.bb ? 'Call to undefined function' : `function ${name} never defined`);
    const locals = new Map<string, Cell>();
    const borrowed: [string, string, AwkArray][] = [];
    for (const [i, parameter] of made.parameters.entries()) {
      const arg = args[i];
      if (arg?.kind === 'variable') {
        const cell = this.memory.locals?.has(arg.name)
          ? this.memory.locals.get(arg.name)
          : arg.name === 'NF'
            ? this.memory.record.count
            : this.memory.globals.get(arg.name);
        // An unset name may turn out to be an array: it is shared then.
        if (cell === undefined) {
          const shared: AwkArray = new Map();
          borrowed.push([arg.name, parameter, shared]);
        }
        locals.set(parameter, cell);
      } else locals.set(parameter, arg && (await this.value(arg)));
    }
    const saved = this.memory.locals;
    this.memory.locals = locals;
    try {
      await this.execute(made.body);
      return undefined;
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.kind !== 'return') throw jump;
      return jump.value;
    } finally {
      this.memory.locals = saved;
      for (const [outer, parameter] of borrowed) {
        const cell = locals.get(parameter);
        if (cell instanceof Map) (saved?.has(outer) ? saved : this.memory.globals).set(outer, cell);
      }
    }
  }
}

/** Differs from Linux: mawk walks its hash table, busybox another; here small integers come first, in order. */
function forInOrder(keys: string[]): string[] {
  const integer = /^(0|[1-9]\d{0,8})$/;
  const numbers = keys.filter((key) => integer.test(key)).sort((a, b) => Number(a) - Number(b));
  return [...numbers, ...keys.filter((key) => !integer.test(key))];
}
