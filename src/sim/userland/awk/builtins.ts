import type { Command } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import type { Evaluator } from './evaluator.ts';
import { AwkRuntimeError } from './jump.ts';
import type { Memory } from './memory.ts';
import { splitFields } from './record.ts';
import type { Expression } from './syntax.ts';
import { awkFormat, Strnum, toNumber, type Value } from './values.ts';

/** The functions every script has, but those that wait: system, close and fflush are the interpreter's. */
export class Builtins {
  private seed = 0;
  private state = 1;

  constructor(
    private readonly c: Command,
    private readonly memory: Memory,
    private readonly evaluator: Evaluator,
  ) {}

  call(name: string, args: Expression[]): Value {
    const text = (i: number) => this.memory.text(this.evaluator.ev(args[i]!));
    const number = (i: number) => toNumber(args[i] ? this.evaluator.ev(args[i]) : 0);
    switch (name) {
      case 'length':
        if (
          args[0]?.kind === 'variable' &&
          (this.memory.locals?.get(args[0].name) ?? this.memory.globals.get(args[0].name)) instanceof Map
        )
          return this.memory.array(args[0].name).size;
        return (args.length ? text(0) : this.memory.text(this.memory.record.get(0))).length;
      case 'substr': {
        const whole = text(0);
        const start = Math.round(number(1));
        const length = args.length > 2 ? number(2) : Number.POSITIVE_INFINITY;
        // Before the first character: BusyBox takes the length from there on, and mawk 1.3.4 adds the distance.
        if (start < 1) return whole.slice(0, Math.max(0, Math.round(this.c.bb ? length : length - start)));
        const end = args.length > 2 ? Math.round(number(1) + length) : length;
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
        if (!this.c.bb) throw new AwkRuntimeError('function gensub never defined');
        return this.generalSubstitute(args);
      case 'match': {
        const match = this.evaluator.regexpOf(args[1]!).exec(text(0));
        this.memory.globals.set('RSTART', match ? match.index + 1 : 0);
        this.memory.globals.set('RLENGTH', match ? match[0].length : -1);
        return match ? match.index + 1 : 0;
      }
      case 'sprintf':
        return awkFormat(
          text(0),
          args.slice(1).map((arg) => this.evaluator.ev(arg)),
          this.memory.numbers,
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
    const array = this.memory.array(name);
    array.clear();
    const how =
      separator === undefined
        ? this.memory.settingText('FS')
        : separator.kind === 'regexp'
          ? separator.source
          : this.memory.text(this.evaluator.ev(separator));
    const parts =
      separator?.kind === 'regexp' && how.length === 1 && how !== ' '
        ? splitFields(text, `(${how})`)
        : splitFields(text, separator?.kind === 'regexp' && how === ' ' ? '[ ]' : how);
    for (const [i, part] of parts.entries()) array.set(String(i + 1), new Strnum(part));
    return parts.length;
  }

  private substitute(global: boolean, args: Expression[]): number {
    const target: Expression = args[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } };
    const replacement = this.memory.text(this.evaluator.ev(args[1]!));
    const regexp = this.evaluator.regexpOf(args[0]!);
    const before = this.memory.text(this.evaluator.ev(target));
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
    if (count > 0) this.evaluator.assign(target, after);
    return count;
  }

  private generalSubstitute(args: Expression[]): string {
    const source = args[3] ? this.memory.text(this.evaluator.ev(args[3])) : this.memory.text(this.memory.record.get(0));
    const how = this.memory.text(this.evaluator.ev(args[2]!));
    const replacement = this.memory.text(this.evaluator.ev(args[1]!));
    let count = 0;
    return source.replace(this.evaluator.regexpOf(args[0]!), (match: string, ...groups: string[]) => {
      count++;
      if (!/^[gG]/.test(how) && count !== Number(how)) return match;
      return replacement.replace(/\\(\d)|\\&|&/g, (mark, digit) =>
        mark === '\\&' ? '&' : digit === undefined || digit === '0' ? match : (groups[Number(digit) - 1] ?? ''),
      );
    });
  }
}
