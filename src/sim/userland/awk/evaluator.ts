import type { Command } from '../core/command.ts';
import { Builtins } from './builtins.ts';
import { AwkRuntimeError } from './jump.ts';
import type { Memory } from './memory.ts';
import { awkRegexp } from './record.ts';
import type { Expression } from './syntax.ts';
import { compareValues, toBoolean, toNumber, type Value } from './values.ts';

/** Expressions that are computed at once. */
export class Evaluator {
  private readonly builtins: Builtins;

  constructor(
    private readonly c: Command,
    private readonly memory: Memory,
  ) {
    this.builtins = new Builtins(c, memory, this);
  }

  subscript(parts: Expression[]): string {
    return parts
      .map((part) => this.memory.text(this.ev(part)))
      .join(parts.length > 1 ? this.memory.settingText('SUBSEP') : '');
  }
  assign(target: Expression, value: Value): Value {
    if (target.kind === 'variable') this.memory.setVariable(target.name, value);
    else if (target.kind === 'field') this.memory.record.set(Math.trunc(toNumber(this.ev(target.index))), value);
    else if (target.kind === 'element') this.memory.array(target.array).set(this.subscript(target.subscript), value);
    if (typeof value !== 'number' || target.kind === 'element') this.memory.note(value);
    return value;
  }

  /** The value of an expression of which nothing has to be awaited. */
  ev(e: Expression): Value {
    switch (e.kind) {
      case 'number':
      case 'string':
        return e.value;
      case 'regexp':
        return awkRegexp(e.source).test(this.memory.text(this.memory.record.get(0))) ? 1 : 0;
      case 'variable':
        return this.memory.variable(e.name);
      case 'field': {
        const index = Math.trunc(toNumber(this.ev(e.index)));
        if (index < 0)
          throw new AwkRuntimeError(this.c.bb ? 'Access to negative field' : `negative field index $${index}`);
        return this.memory.record.get(index);
      }
      case 'element': {
        const array = this.memory.array(e.array);
        const key = this.subscript(e.subscript);
        if (!array.has(key)) {
          array.set(key, undefined);
          this.memory.note(undefined);
        }
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
        return this.regexpOf(e.right).test(this.memory.text(this.ev(e.left))) !== e.negated ? 1 : 0;
      case 'in':
        return this.memory.array(e.array).has(this.subscript(e.subscript)) ? 1 : 0;
      case 'conditional':
        return toBoolean(this.ev(e.test)) ? this.ev(e.yes) : this.ev(e.no);
      case 'builtin':
        return this.builtins.call(e.name, e.args);
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
    if (operator === ' ') return this.memory.text(left) + this.memory.text(right);
    if (/^[<>=!]/.test(operator)) {
      const order = compareValues(left, right, this.memory.numbers);
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
        return operator === '/' ? a / b : a % b;
    }
  }

  regexpOf(e: Expression): RegExp {
    return awkRegexp(
      e.kind === 'regexp'
        ? e.source
        : e.kind === 'group' && e.inner.kind === 'regexp'
          ? e.inner.source
          : this.memory.text(this.ev(e)),
    );
  }
}
