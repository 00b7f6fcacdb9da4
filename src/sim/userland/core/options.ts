/**
 * Options as getopt_long(3) reads them, with its messages: glibc's (`unrecognized option '--x'`) or musl's
 * (`unrecognized option: x`, as on Alpine).
 *
 * A table is a string of words, one per option:
 *
 *   a,all        -a and --all, no argument        w,width=     with an argument
 *   color=?      --color[=WHEN]                   z            -z alone
 *   k:           -k ARG                           i:?          -i[ARG]
 *   a/all        -a alone, under the name `all`
 *
 * An option is known by its long name when it has one, else by its letter.
 */
export interface OptionDefinition {
  name: string;
  argument: 'none' | 'required' | 'optional';
}

export interface OptionTable {
  short: Map<string, OptionDefinition>;
  long: Map<string, OptionDefinition>;
}

export interface GivenOption {
  name: string;
  value?: string;
}

export class Options {
  constructor(
    /** In the order given. */
    readonly list: readonly GivenOption[],
    readonly operands: string[],
  ) {}
  has(...names: string[]): boolean {
    return this.list.some((option) => names.includes(option.name));
  }
  /** Value of the last one given. */
  value(name: string): string | undefined {
    for (let i = this.list.length - 1; i >= 0; i--) if (this.list[i]!.name === name) return this.list[i]!.value ?? '';
    return undefined;
  }
  values(name: string): string[] {
    return this.list.filter((option) => option.name === name).map((option) => option.value ?? '');
  }
  /** The one of `names` that was given last. */
  last(...names: string[]): string | undefined {
    for (let i = this.list.length - 1; i >= 0; i--) if (names.includes(this.list[i]!.name)) return this.list[i]!.name;
    return undefined;
  }
  count(name: string): number {
    return this.list.filter((option) => option.name === name).length;
  }
}

export class OptionError extends Error {}

const tables = new Map<string, OptionTable>();

export function optionTable(words: string): OptionTable {
  const known = tables.get(words);
  if (known) return known;
  const table: OptionTable = { short: new Map(), long: new Map() };
  for (const word of words.split(/\s+/)) if (word) addOption(table, word);
  tables.set(words, table);
  return table;
}

function addOption(table: OptionTable, word: string): void {
  const [, names, mark] = /^(.*?)(=\?|=|:\?|:)?$/.exec(word)!;
  const argument = !mark ? 'none' : mark.endsWith('?') ? 'optional' : 'required';
  const alias = names!.length > 2 && names![1] === '/';
  const parts = alias ? [names![0]!, names!.slice(2)] : names!.length === 1 ? [names!] : names!.split(',');
  const definition: OptionDefinition = { name: parts.at(-1)!, argument };
  for (const part of parts) {
    if (part.length === 1) table.short.set(part, definition);
    else if (!alias) table.long.set(part, definition);
  }
}

export interface ParseRules {
  /** Stop at the first operand (POSIXLY_CORRECT or a leading '+'). */
  stopAtOperand?: boolean;
  musl?: boolean;
  /** Operands also stand among the options, under the name '': where each stood (`tar -C a x -C b y`). */
  inOrder?: boolean;
  /** Return operands that look like negative numbers instead of complaining (`head -5`, `nice -5`). */
  isOperand?(argument: string): boolean;
}

/** Throws {@link OptionError} with getopt's text, without the program's name. */
export function parseOptions(args: readonly string[], table: OptionTable, rules: ParseRules = {}): Options {
  const given: GivenOption[] = [];
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      if (rules.inOrder) given.push(...args.slice(i + 1).map((value) => ({ name: '', value })));
      break;
    }
    if (arg.startsWith('--')) i = longOption(args, i, table, rules, given);
    else if (arg.length > 1 && arg[0] === '-' && !rules.isOperand?.(arg))
      i = shortOptions(args, i, table, rules, given);
    else {
      operands.push(arg);
      if (rules.inOrder) given.push({ name: '', value: arg });
      if (rules.stopAtOperand) {
        operands.push(...args.slice(i + 1));
        break;
      }
    }
  }
  return new Options(given, operands);
}

function longOption(args: readonly string[], at: number, table: OptionTable, rules: ParseRules, given: GivenOption[]) {
  const arg = args[at]!;
  const equals = arg.indexOf('=');
  const typed = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const [name, option] = findLong(typed, arg, table, rules);
  const value = equals < 0 ? undefined : arg.slice(equals + 1);
  if (option.argument === 'none' && value !== undefined) {
    throw new OptionError(
      rules.musl ? `option does not take an argument: ${name}` : `option '--${name}' doesn't allow an argument`,
    );
  }
  if (option.argument === 'required' && value === undefined) {
    if (at + 1 >= args.length) {
      throw new OptionError(
        rules.musl ? `option requires an argument: ${name}` : `option '--${name}' requires an argument`,
      );
    }
    given.push({ name: option.name, value: args[at + 1]! });
    return at + 1;
  }
  given.push({ name: option.name, value });
  return at;
}

function findLong(typed: string, arg: string, table: OptionTable, rules: ParseRules): [string, OptionDefinition] {
  const exact = table.long.get(typed);
  if (exact) return [typed, exact];
  const found = [...table.long].filter(([name]) => name.startsWith(typed));
  const different = new Set(found.map(([, option]) => option));
  if (different.size === 1) return found[0]!;
  if (found.length === 0) {
    throw new OptionError(rules.musl ? `unrecognized option: ${arg.slice(2)}` : `unrecognized option '${arg}'`);
  }
  const choices = found.map(([name]) => `'--${name}'`).join(' ');
  throw new OptionError(
    rules.musl ? `option is ambiguous: ${typed}` : `option '${arg}' is ambiguous; possibilities: ${choices}`,
  );
}

function shortOptions(
  args: readonly string[],
  at: number,
  table: OptionTable,
  rules: ParseRules,
  given: GivenOption[],
) {
  const arg = args[at]!;
  for (let k = 1; k < arg.length; k++) {
    const letter = arg[k]!;
    const option = table.short.get(letter);
    if (!option) throw new OptionError(rules.musl ? `unrecognized option: ${letter}` : `invalid option -- '${letter}'`);
    if (option.argument === 'none') {
      given.push({ name: option.name });
      continue;
    }
    const rest = arg.slice(k + 1);
    if (rest !== '' || option.argument === 'optional') {
      given.push({ name: option.name, value: rest === '' ? undefined : rest });
      return at;
    }
    if (at + 1 >= args.length) {
      throw new OptionError(
        rules.musl ? `option requires an argument: ${letter}` : `option requires an argument -- '${letter}'`,
      );
    }
    given.push({ name: option.name, value: args[at + 1]! });
    return at + 1;
  }
  return at;
}
