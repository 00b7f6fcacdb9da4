/** Options of a subcommand as git's parse-options reads them: anywhere among the operands, names shortened, negated. */
import type { Git } from './git.ts';
import { Misuse, Quit } from './problem.ts';

type Kind = 'flag' | 'value' | 'optional';

interface Rule {
  long: string;
  short: string | undefined;
  kind: Kind;
}

/**
 * `m,message= a,all n,dry-run track=?`: one letter, a long name or both; `=` takes a value, `=?` may take one in the
 * same word.
 */
function rulesOf(spec: string): Rule[] {
  return spec
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const kind: Kind = word.endsWith('=?') ? 'optional' : word.endsWith('=') ? 'value' : 'flag';
      const [first = '', second] = word.replace(/=\??$/, '').split(',');
      const short = first.length === 1 ? first : undefined;
      return { long: second ?? first, short, kind };
    });
}

export class Options {
  readonly list: { name: string; value: string | undefined; negated: boolean }[] = [];
  operands: string[] = [];
  /** How many operands stand before `--`; undefined without it. */
  dash: number | undefined;

  /** Given, and not taken back by --no-. */
  has(...names: string[]): boolean {
    return names.some((name) => this.find(name)?.negated === false);
  }
  /** `--no-NAME` was the last word on it. */
  off(name: string): boolean {
    return this.find(name)?.negated === true;
  }
  value(name: string): string | undefined {
    const found = this.find(name);
    return found && !found.negated ? found.value : undefined;
  }
  values(name: string): string[] {
    return this.list.filter((one) => one.name === name).flatMap(({ value }) => value ?? []);
  }
  count(name: string): number {
    return this.list.filter((one) => one.name === name).length;
  }
  /** Which of them came last. */
  last(...names: string[]): string | undefined {
    return this.list.findLast((one) => names.includes(one.name) && !one.negated)?.name;
  }
  private find(name: string) {
    return this.list.findLast((one) => one.name === name);
  }
}

export interface ParseRules {
  /** Words that end with the first operand. */
  stop?: boolean;
  /** What else there is: log's and diff's options with their values. */
  unknown?(word: string): boolean;
}

export function parse(git: Git, args: readonly string[], spec: string, how: ParseRules = {}): Options {
  const rules = rulesOf(spec);
  const out = new Options();
  const rest = [...args];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      out.dash = out.operands.length;
      out.operands.push(...rest);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      out.operands.push(word);
      if (how.stop) out.operands.push(...rest.splice(0));
    } else if (how.unknown?.(word)) continue;
    else if (word === '-h' && !rules.some(({ short }) => short === 'h')) throw new Misuse('');
    else if (word.startsWith('--')) long(git, out, rules, word.slice(2), rest);
    else letters(git, out, rules, word.slice(1), rest);
  }
  return out;
}

function refuse(git: Git, message: string): never {
  git.err(`error: ${message}\n`);
  throw new Quit(129);
}

function long(git: Git, out: Options, rules: readonly Rule[], text: string, rest: string[]): void {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const given = equals < 0 ? undefined : text.slice(equals + 1);
  const { rule, negated } = findLong(git, rules, name);
  if (negated) {
    if (given !== undefined) refuse(git, `option \`${name}' takes no value`);
    out.list.push({ name: rule.long, value: undefined, negated });
    return;
  }
  if (rule.kind === 'flag' && given !== undefined) refuse(git, `option \`${rule.long}' takes no value`);
  const value = rule.kind === 'value' && given === undefined ? rest.shift() : given;
  if (rule.kind === 'value' && value === undefined) refuse(git, `option \`${rule.long}' requires a value`);
  out.list.push({ name: rule.long, value, negated: false });
}

function findLong(git: Git, rules: readonly Rule[], name: string): { rule: Rule; negated: boolean } {
  const longs = rules.filter(({ long }) => long.length > 1);
  const exact = longs.find((rule) => rule.long === name);
  if (exact) return { rule: exact, negated: false };
  const opposite = longs.find(({ long }) => name === `no-${long}` || long === `no-${name}`);
  if (opposite) return { rule: opposite, negated: true };
  const near = longs.flatMap((rule) => [
    ...(rule.long.startsWith(name) ? [{ rule, negated: false }] : []),
    ...(`no-${rule.long}`.startsWith(name) && name.length > 3 ? [{ rule, negated: true }] : []),
  ]);
  if (near.length === 0) throw new Misuse(`unknown option \`${name}'`);
  if (near.length > 1 && new Set(near.map(({ rule }) => rule)).size > 1) {
    const text = near.map((one) => `--${one.negated ? 'no-' : ''}${one.rule.long}`);
    return refuse(git, `ambiguous option: ${name} (could be ${text[0]} or ${text[1]})`);
  }
  return near[0]!;
}

function letters(git: Git, out: Options, rules: readonly Rule[], text: string, rest: string[]): void {
  for (let i = 0; i < text.length; i++) {
    const digits = /^\d+/.exec(text.slice(i))?.[0];
    const number = rules.find(({ short }) => short === '#');
    if (digits && number) {
      out.list.push({ name: number.long, value: digits, negated: false });
      i += digits.length - 1;
      continue;
    }
    const rule = rules.find(({ short }) => short === text[i]);
    if (!rule) throw new Misuse(`unknown switch \`${text[i]}'`);
    if (rule.kind === 'flag') {
      out.list.push({ name: rule.long, value: undefined, negated: false });
      continue;
    }
    const own = text.slice(i + 1);
    const value = own !== '' ? own : rule.kind === 'value' ? rest.shift() : undefined;
    if (rule.kind === 'value' && value === undefined) refuse(git, `switch \`${text[i]}' requires a value`);
    out.list.push({ name: rule.long, value, negated: false });
    return;
  }
}
