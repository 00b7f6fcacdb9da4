import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { unescapeAwk } from './lexer.ts';
import { awkRegexp, Record, splitFields } from './record.ts';
import { RecordReader, Streams } from './streams.ts';
import type { Expression, Rule, Script, Statement } from './syntax.ts';
import { awkFormat, compareValues, Strnum, toBoolean, toNumber, toText, type Value } from './values.ts';

type AwkArray = Map<string, Value>;
type Cell = Value | AwkArray;

class Jump {
  constructor(
    readonly kind: 'next' | 'nextfile' | 'exit' | 'break' | 'continue' | 'return',
    readonly value?: Value,
  ) {}
}

export class AwkRuntimeError extends Error {}

/** Runs a script. Expressions are evaluated at once; only what reads, waits or calls is awaited. */
export class Interpreter {
  private readonly globals = new Map<string, Cell>();
  private locals: Map<string, Cell> | undefined;
  private readonly record: Record;
  private readonly streams: Streams;
  private reader: RecordReader | undefined;
  private argument = 1;
  private usedOperand = false;
  private readonly openRanges = new Set<Rule>();
  private readonly asynchronous = new WeakMap<object, boolean>();
  private seed = 0;
  private state = 1;
  private steps = 0;

  constructor(
    private readonly c: Command,
    private readonly script: Script,
    args: string[],
  ) {
    this.record = new Record({
      fs: () => this.text(this.globals.get('FS') as Value),
      ofs: () => this.text(this.globals.get('OFS') as Value),
      convfmt: () => this.convfmt,
      paragraphs: () => this.globals.get('RS') === '',
    });
    this.streams = new Streams(c);
    const defaults: [string, Value][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of defaults) this.globals.set(name, value);
    const argv: AwkArray = new Map([['0', 'awk']]);
    for (const [i, arg] of args.entries()) argv.set(String(i + 1), new Strnum(encodeText(arg)));
    this.globals.set('ARGV', argv);
    this.globals.set('ARGC', args.length + 1);
    this.globals.set(
      'ENVIRON',
      new Map(Object.entries(c.sys.env).map(([name, value]) => [encodeText(name), new Strnum(encodeText(value))])),
    );
  }

  private get convfmt(): string {
    const value = this.globals.get('CONVFMT');
    return typeof value === 'string' ? value : '%.6g';
  }
  private text(value: Value): string {
    return toText(value, this.convfmt);
  }

  /** name=value, as -v and operands give it. */
  assignOperand(name: string, value: string): void {
    this.globals.set(name, new Strnum(unescapeAwk(encodeText(value))));
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
    while (await this.readMain(true)) {
      try {
        for (const rule of rules) {
          if (!(await this.selects(rule))) continue;
          if (rule.body) await this.execute(rule.body);
          else this.c.raw(this.text(this.record.get(0)) + this.text(this.globals.get('ORS') as Value));
        }
      } catch (jump) {
        if (!(jump instanceof Jump) || (jump.kind !== 'next' && jump.kind !== 'nextfile')) throw jump;
        if (jump.kind === 'nextfile') this.closeReader();
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

  // ---- input

  private separator(): { text: string; regexp: RegExp | undefined } {
    const text = this.text(this.globals.get('RS') as Value);
    return { text, regexp: text.length > 1 ? awkRegexp(text) : undefined };
  }
  private closeReader(): void {
    if (this.reader && this.reader.fd > 2) this.c.sys.close(this.reader.fd);
    this.reader = undefined;
  }

  private async nextReader(): Promise<boolean> {
    const argv = this.globals.get('ARGV') as AwkArray;
    while (this.argument < toNumber(this.globals.get('ARGC') as Value)) {
      const operand = this.text(argv.get(String(this.argument++)));
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand);
      if (operand === '') continue;
      if (assignment) {
        this.globals.set(assignment[1]!, new Strnum(unescapeAwk(assignment[2]!)));
        continue;
      }
      this.usedOperand = true;
      try {
        this.reader = new RecordReader(this.c, await this.c.openInput(decodeText(operand)));
      } catch (error) {
        this.c.error(
          this.c.bb
            ? `${decodeText(operand)}: ${this.c.reason(error)}`
            : `cannot open ${decodeText(operand)} (${this.c.reason(error)})`,
          2,
        );
        if (!this.c.bb) throw new Jump('exit', 2);
        continue;
      }
      this.globals.set('FILENAME', operand);
      this.globals.set('FNR', 0);
      return true;
    }
    if (this.usedOperand) return false;
    this.usedOperand = true;
    this.reader = new RecordReader(this.c, 0);
    return true;
  }

  private async nextRecord(): Promise<string | undefined> {
    for (;;) {
      if (!this.reader && !(await this.nextReader())) return undefined;
      const { text, regexp } = this.separator();
      const record = await this.reader!.next(text, regexp);
      if (record !== undefined) {
        for (const name of ['NR', 'FNR']) this.globals.set(name, toNumber(this.globals.get(name) as Value) + 1);
        return record;
      }
      this.closeReader();
    }
  }
  private async readMain(whole: boolean): Promise<boolean> {
    const record = await this.nextRecord();
    if (record === undefined) return false;
    if (whole) this.record.setWhole(record);
    return true;
  }

  // ---- statements

  private execute(statement: Statement): Promise<void> | undefined {
    switch (statement.kind) {
      case 'block':
        return this.sequence(statement.body, 0);
      case 'expression':
        if (!this.isAsync(statement.value)) {
          this.ev(statement.value);
          return undefined;
        }
        return this.value(statement.value).then(() => {});
      case 'print':
        if (!statement.redirect && !statement.args.some((arg) => this.isAsync(arg))) {
          this.c.raw(
            this.printed(
              statement,
              statement.args.map((arg) => this.ev(arg)),
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
        const array = this.array(statement.array);
        if (statement.subscript) array.delete(this.subscript(statement.subscript));
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
        for (const key of forInOrder([...this.array(statement.array).keys()])) {
          this.setVariable(statement.name, new Strnum(key));
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
    if (statement.format) return awkFormat(this.text(values[0]), values.slice(1), this.convfmt);
    const ofmt = this.text(this.globals.get('OFMT') as Value);
    const parts = values.length ? values.map((value) => toText(value, ofmt)) : [this.text(this.record.get(0))];
    return parts.join(this.text(this.globals.get('OFS') as Value)) + this.text(this.globals.get('ORS') as Value);
  }
  private async print(statement: Statement & { kind: 'print' }): Promise<void> {
    const values: Value[] = [];
    for (const arg of statement.args) values.push(await this.value(arg));
    const text = this.printed(statement, values);
    if (!statement.redirect) return this.c.raw(text);
    const name = this.text(await this.value(statement.redirect.to));
    await this.streams.write(statement.redirect.operator, name, text);
  }

  // ---- variables

  private array(name: string): AwkArray {
    const scope = this.locals?.has(name) ? this.locals : this.globals;
    let cell = scope.get(name);
    if (!(cell instanceof Map)) {
      cell = new Map();
      scope.set(name, cell);
    }
    return cell;
  }
  private variable(name: string): Value {
    if (name === 'NF') return this.record.count;
    const cell = this.locals?.has(name) ? this.locals.get(name) : this.globals.get(name);
    return cell instanceof Map ? undefined : cell;
  }
  private setVariable(name: string, value: Value): void {
    if (name === 'NF') this.record.count = toNumber(value);
    else (this.locals?.has(name) ? this.locals : this.globals).set(name, value);
  }
  private subscript(parts: Expression[]): string {
    return parts
      .map((part) => this.text(this.ev(part)))
      .join(parts.length > 1 ? this.text(this.globals.get('SUBSEP') as Value) : '');
  }
  private assign(target: Expression, value: Value): Value {
    if (target.kind === 'variable') this.setVariable(target.name, value);
    else if (target.kind === 'field') this.record.set(Math.trunc(toNumber(this.ev(target.index))), value);
    else if (target.kind === 'element') this.array(target.array).set(this.subscript(target.subscript), value);
    return value;
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
    if (!this.isAsync(expression)) return this.ev(expression);
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
          return this.outside(expression.name, expression.args[0] && this.text(await this.value(expression.args[0])));
    }
    return this.ev(await this.settle(expression));
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
    if (expression.from === 'main') line = await this.nextRecord();
    else {
      const name = this.text(await this.value(expression.source!));
      const { text, regexp } = this.separator();
      try {
        line = await (await this.streams.input(name, expression.from === 'command')).next(text, regexp);
      } catch (error) {
        this.c.reason(error);
        return -1;
      }
      if (line !== undefined && expression.from === 'command')
        this.globals.set('NR', toNumber(this.globals.get('NR') as Value) + 1);
    }
    if (line === undefined) return 0;
    if (expression.target) this.assign(expression.target, new Strnum(line));
    else this.record.setWhole(line);
    return 1;
  }

  private async call(name: string, args: Expression[]): Promise<Value> {
    const made = this.script.functions.get(name);
    if (!made) throw new AwkRuntimeError(`function ${name} never defined`);
    const locals = new Map<string, Cell>();
    const borrowed: [string, string, AwkArray][] = [];
    for (const [i, parameter] of made.parameters.entries()) {
      const arg = args[i];
      if (arg?.kind === 'variable') {
        const cell = this.locals?.has(arg.name)
          ? this.locals.get(arg.name)
          : arg.name === 'NF'
            ? this.record.count
            : this.globals.get(arg.name);
        // An unset name may turn out to be an array: it is shared then.
        if (cell === undefined) {
          const shared: AwkArray = new Map();
          borrowed.push([arg.name, parameter, shared]);
        }
        locals.set(parameter, cell);
      } else locals.set(parameter, arg && (await this.value(arg)));
    }
    const saved = this.locals;
    this.locals = locals;
    try {
      await this.execute(made.body);
      return undefined;
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.kind !== 'return') throw jump;
      return jump.value;
    } finally {
      this.locals = saved;
      for (const [outer, parameter] of borrowed) {
        const cell = locals.get(parameter);
        if (cell instanceof Map) (saved?.has(outer) ? saved : this.globals).set(outer, cell);
      }
    }
  }

  private ev(e: Expression): Value {
    switch (e.kind) {
      case 'number':
      case 'string':
        return e.value;
      case 'regexp':
        return awkRegexp(e.source).test(this.text(this.record.get(0))) ? 1 : 0;
      case 'variable':
        return this.variable(e.name);
      case 'field': {
        const index = Math.trunc(toNumber(this.ev(e.index)));
        if (index < 0)
          throw new AwkRuntimeError(this.c.bb ? 'access to negative field' : `negative field index $${index}`);
        return this.record.get(index);
      }
      case 'element': {
        const array = this.array(e.array);
        const key = this.subscript(e.subscript);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case 'group':
        return this.ev(e.inner);
      case 'assign':
        if (e.operator === '') return this.assign(e.target, this.ev(e.value));
        return this.assign(
          e.target,
          this.arithmetic(e.operator, toNumber(this.ev(e.target)), toNumber(this.ev(e.value))),
        );
      case 'step': {
        const before = toNumber(this.ev(e.target));
        this.assign(e.target, before + e.by);
        return e.prefix ? before + e.by : before;
      }
      case 'unary': {
        const operand = this.ev(e.operand);
        if (e.operator === '!') return toBoolean(operand) ? 0 : 1;
        return e.operator === '-' ? -toNumber(operand) : toNumber(operand);
      }
      case 'binary':
        return this.binary(e);
      case 'match':
        return this.regexpOf(e.right).test(this.text(this.ev(e.left))) !== e.negated ? 1 : 0;
      case 'in':
        return this.array(e.array).has(this.subscript(e.subscript)) ? 1 : 0;
      case 'conditional':
        return toBoolean(this.ev(e.test)) ? this.ev(e.yes) : this.ev(e.no);
      case 'builtin':
        return this.builtin(e.name, e.args);
      default:
        throw new Error('an expression that must be awaited');
    }
  }

  private binary(e: Expression & { kind: 'binary' }): Value {
    const { operator } = e;
    if (operator === '&&') return toBoolean(this.ev(e.left)) && toBoolean(this.ev(e.right)) ? 1 : 0;
    if (operator === '||') return toBoolean(this.ev(e.left)) || toBoolean(this.ev(e.right)) ? 1 : 0;
    const left = this.ev(e.left);
    const right = this.ev(e.right);
    if (operator === ' ') return this.text(left) + this.text(right);
    if (/^[<>=!]/.test(operator)) {
      const order = compareValues(left, right, this.convfmt);
      return {
        '<': order < 0,
        '<=': order <= 0,
        '==': order === 0,
        '!=': order !== 0,
        '>': order > 0,
        '>=': order >= 0,
      }[operator]
        ? 1
        : 0;
    }
    return this.arithmetic(operator, toNumber(left), toNumber(right));
  }
  private arithmetic(operator: string, a: number, b: number): number {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '^':
        return a ** b;
      default:
        if (b === 0 && this.c.bb) throw new AwkRuntimeError('Division by zero');
        if (b === 0) throw new AwkRuntimeError(`division by zero${operator === '%' ? ' in %' : ''}`);
        return operator === '/' ? a / b : a % b;
    }
  }

  private regexpOf(e: Expression): RegExp {
    return awkRegexp(
      e.kind === 'regexp'
        ? e.source
        : e.kind === 'group' && e.inner.kind === 'regexp'
          ? e.inner.source
          : this.text(this.ev(e)),
    );
  }

  private builtin(name: string, args: Expression[]): Value {
    const text = (i: number) => this.text(this.ev(args[i]!));
    const number = (i: number) => toNumber(args[i] ? this.ev(args[i]) : 0);
    switch (name) {
      case 'length':
        if (
          args[0]?.kind === 'variable' &&
          (this.locals?.get(args[0].name) ?? this.globals.get(args[0].name)) instanceof Map
        )
          return this.array(args[0].name).size;
        return (args.length ? text(0) : this.text(this.record.get(0))).length;
      case 'substr': {
        const whole = text(0);
        const start = Math.round(number(1));
        const end = args.length > 2 ? Math.round(number(1) + number(2)) : Number.POSITIVE_INFINITY;
        return whole.slice(Math.max(0, start - 1), Math.max(0, end - 1));
      }
      case 'index':
        return text(0).indexOf(text(1)) + 1;
      case 'split':
        return this.split(text(0), (args[1] as { name: string }).name, args[2]);
      case 'sub':
      case 'gsub':
        return this.substitute(name === 'gsub', args);
      case 'gensub':
        return this.generalSubstitute(args);
      case 'match': {
        const match = this.regexpOf(args[1]!).exec(text(0));
        this.globals.set('RSTART', match ? match.index + 1 : 0);
        this.globals.set('RLENGTH', match ? match[0].length : -1);
        return match ? match.index + 1 : 0;
      }
      case 'sprintf':
        return awkFormat(
          text(0),
          args.slice(1).map((arg) => this.ev(arg)),
          this.convfmt,
        );
      case 'tolower':
        return text(0).replace(/[A-Z]+/g, (part) => part.toLowerCase());
      case 'toupper':
        return text(0).replace(/[a-z]+/g, (part) => part.toUpperCase());
      case 'int':
        return Math.trunc(number(0));
      case 'rand':
        return this.random();
      case 'srand': {
        const before = this.seed;
        this.seed = args.length ? number(0) : this.c.sys.now().sec;
        this.state = this.seed | 0;
        return before;
      }
      case 'systime':
        return this.c.sys.now().sec;
      case 'strftime': {
        const sec = args.length > 1 ? number(1) : this.c.sys.now().sec;
        return strftime(args.length ? text(0) : '%c', sec, 0, zoneOf(this.c.sys));
      }
      default: {
        const f = { sin: Math.sin, cos: Math.cos, exp: Math.exp, log: Math.log, sqrt: Math.sqrt }[name];
        if (f) return f(number(0));
        if (name === 'atan2') return Math.atan2(number(0), number(1));
        throw new AwkRuntimeError(`drydock: awk's ${name} is not simulated`);
      }
    }
  }

  private random(): number {
    // mulberry32: the sequence of a seed is fixed, though not that of any real awk.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  private split(text: string, name: string, separator: Expression | undefined): number {
    const array = this.array(name);
    array.clear();
    const how =
      separator === undefined
        ? this.text(this.globals.get('FS') as Value)
        : separator.kind === 'regexp'
          ? separator.source
          : this.text(this.ev(separator));
    const parts =
      separator?.kind === 'regexp' && how.length === 1 && how !== ' '
        ? splitFields(text, `(${how})`)
        : splitFields(text, separator?.kind === 'regexp' && how === ' ' ? '[ ]' : how);
    for (const [i, part] of parts.entries()) array.set(String(i + 1), new Strnum(part));
    return parts.length;
  }

  private substitute(global: boolean, args: Expression[]): number {
    const target: Expression = args[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } };
    const replacement = this.text(this.ev(args[1]!));
    const regexp = this.regexpOf(args[0]!);
    const before = this.text(this.ev(target));
    let count = 0;
    let last = -1;
    const after = before.replace(regexp, (match: string, ...rest: unknown[]) => {
      const at = rest.find((part) => typeof part === 'number') as number;
      if ((count > 0 && !global) || (match === '' && at === last)) return match;
      count++;
      last = at + match.length;
      return replacement.replace(/\\\\&|\\&|&/g, (mark) =>
        mark === '&' ? match : mark === '\\&' ? '&' : `\\${match}`,
      );
    });
    if (count > 0) this.assign(target, after);
    return count;
  }

  private generalSubstitute(args: Expression[]): string {
    const source = args[3] ? this.text(this.ev(args[3])) : this.text(this.record.get(0));
    const how = this.text(this.ev(args[2]!));
    const replacement = this.text(this.ev(args[1]!));
    let count = 0;
    return source.replace(this.regexpOf(args[0]!), (match: string, ...groups: string[]) => {
      count++;
      if (!/^[gG]/.test(how) && count !== Number(how)) return match;
      return replacement.replace(/\\(\d)|\\&|&/g, (mark, digit) =>
        mark === '\\&' ? '&' : digit === undefined || digit === '0' ? match : (groups[Number(digit) - 1] ?? ''),
      );
    });
  }
}

/** Differs from Linux: mawk walks its hash table, busybox another; here small integers come first, in order. */
function forInOrder(keys: string[]): string[] {
  const integer = /^(0|[1-9]\d{0,8})$/;
  const numbers = keys.filter((key) => integer.test(key)).sort((a, b) => Number(a) - Number(b));
  return [...numbers, ...keys.filter((key) => !integer.test(key))];
}
