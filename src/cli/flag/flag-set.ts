import { type Flag, isRepeated } from './flag.ts';
import { parseBool, parseBytes, parseCpus, parseDuration, parseInteger } from './number.ts';

/** What pflag says about a wrong command line. */
export class FlagError extends Error {}
/** `--help` or `-h` where no flag of that name is defined. */
export class HelpRequested extends Error {}

/**
 * The flags of one command line: definitions, and the values given. Parses as spf13/pflag 1.0.6 does.
 *
 * Flags are read anywhere before `--`; with `interspersed` false only before the first argument.
 */
export class FlagSet {
  private readonly byName = new Map<string, Flag>();
  private readonly byShort = new Map<string, Flag>();
  private readonly values = new Map<string, string[]>();
  private readonly order: [name: string, value: string][] = [];
  /** What is not a flag. */
  args: string[] = [];
  /** Deprecation notices to be printed, in order. */
  readonly notices: string[] = [];

  constructor(
    readonly flags: readonly Flag[],
    readonly interspersed = true,
  ) {
    for (const flag of flags) {
      this.byName.set(flag.name, flag);
      if (flag.short) this.byShort.set(flag.short, flag);
    }
  }

  parse(argv: readonly string[]): this {
    const rest = [...argv];
    while (rest.length > 0) {
      const arg = rest.shift()!;
      if (arg.length < 2 || arg[0] !== '-') {
        this.args.push(arg);
        if (this.interspersed) continue;
        this.args.push(...rest);
        return this;
      }
      if (arg === '--') {
        this.args.push(...rest);
        return this;
      }
      if (arg.startsWith('--')) this.long(arg, rest);
      else this.shorts(arg, rest);
    }
    return this;
  }

  private long(arg: string, rest: string[]): void {
    const body = arg.slice(2);
    if (body[0] === '-' || body[0] === '=') throw new FlagError(`bad flag syntax: ${arg}`);
    const at = body.indexOf('=');
    const name = at < 0 ? body : body.slice(0, at);
    const flag = this.byName.get(name);
    if (!flag) {
      if (name === 'help') throw new HelpRequested();
      throw new FlagError(`unknown flag: --${name}`);
    }
    if (at >= 0) this.set(flag, body.slice(at + 1));
    else if (flag.type === 'bool') this.set(flag, 'true');
    else if (rest.length > 0) this.set(flag, rest.shift()!);
    else throw new FlagError(`flag needs an argument: --${name}`);
  }

  private shorts(arg: string, rest: string[]): void {
    for (let letters = arg.slice(1); letters; letters = letters.slice(1)) {
      const flag = this.byShort.get(letters[0]!);
      if (!flag) {
        if (letters[0] === 'h') throw new HelpRequested();
        throw new FlagError(`unknown shorthand flag: '${letters[0]}' in -${letters}`);
      }
      if (letters.length > 2 && letters[1] === '=') {
        this.set(flag, letters.slice(2));
        return;
      }
      if (flag.type === 'bool') {
        this.set(flag, 'true');
        continue;
      }
      if (letters.length > 1) {
        this.set(flag, letters.slice(1));
        return;
      }
      if (rest.length === 0) throw new FlagError(`flag needs an argument: '${letters[0]}' in -${letters}`);
      this.set(flag, rest.shift()!);
      return;
    }
  }

  /** Gives a flag a value as if it stood on the command line. */
  set(flag: Flag, value: string): void {
    try {
      value = checked(flag, value);
    } catch (error) {
      const shown = flag.short && !flag.deprecated ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
      throw new FlagError(`invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${(error as Error).message}`);
    }
    if (flag.deprecated) this.notices.push(`Flag --${flag.name} has been deprecated, ${flag.deprecated}`);
    this.order.push([flag.name, value]);
    const values = this.values.get(flag.name);
    if (isRepeated(flag.type) && values) values.push(value);
    else this.values.set(flag.name, [value]);
  }

  find(name: string): Flag | undefined {
    return this.byName.get(name);
  }
  /** Whether it was given, whatever its value. */
  changed(name: string): boolean {
    return this.values.has(name);
  }
  /** Names of the flags given, in the order of definition. */
  given(): Flag[] {
    return this.flags.filter((flag) => this.values.has(flag.name));
  }
  string(name: string): string {
    return this.values.get(name)?.at(-1) ?? unquoted(this.byName.get(name)?.default);
  }
  bool(name: string): boolean {
    const text = this.values.get(name)?.at(-1) ?? this.byName.get(name)?.default;
    return text === undefined ? false : parseBool(text);
  }
  int(name: string): number {
    const text = this.string(name);
    return text === '' ? 0 : parseInteger(text);
  }
  bytes(name: string): number {
    const text = this.string(name);
    return text === '' ? 0 : text === '-1' ? -1 : parseBytes(text);
  }
  /** Nanoseconds. */
  duration(name: string): number {
    const text = this.string(name);
    return text === '' ? 0 : parseDuration(text);
  }
  /** The values of two names of one flag. */
  merged(one: string, other: string): string[] {
    return this.order.filter(([name]) => name === one || name === other).map(([, value]) => value);
  }
  /** Every value given, in order; comma-separated ones of a `strings` flag apart. */
  list(name: string): string[] {
    const values = this.values.get(name) ?? [];
    return this.byName.get(name)?.type === 'strings'
      ? values.flatMap((value) => (value ? value.split(',') : []))
      : values;
  }
  /** `key=value` values as an object; the last of a key wins, order of first appearance. */
  map(name: string): Record<string, string> {
    return keyValues(this.list(name));
  }
}

/** `k=v` texts as an object; no `=` means the empty value. */
export function keyValues(list: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const item of list) {
    const at = item.indexOf('=');
    out[at < 0 ? item : item.slice(0, at)] = at < 0 ? '' : item.slice(at + 1);
  }
  return out;
}

const unquoted = (text: string | undefined): string =>
  text === undefined
    ? ''
    : text.startsWith('"') && text.endsWith('"')
      ? text.slice(1, -1)
      : text === '[]' || text === 'map[]'
        ? ''
        : text;

function checked(flag: Flag, value: string): string {
  if (flag.check) return flag.check(value);
  switch (flag.type) {
    case 'bool':
      return String(parseBool(value));
    case 'int':
      parseInteger(value);
      return value;
    case 'uint':
    case 'uint16':
    case 'uint32':
      parseInteger(value, flag.type === 'uint' ? 64 : Number(flag.type.slice(4)), false);
      return value;
    case 'duration':
      parseDuration(value);
      return value;
    case 'bytes':
      if (!(value === '-1' && flag.name === 'memory-swap')) parseBytes(value);
      return value;
    case 'decimal':
      parseCpus(value);
      return value;
    case 'filter':
      return filter(value);
    default:
      return value;
  }
}

function filter(value: string): string {
  if (value === '') return value;
  const at = value.indexOf('=');
  if (at < 0) throw new Error('bad format of filter (expected name=value)');
  return `${value.slice(0, at).trim().toLowerCase()}=${value.slice(at + 1).trim()}`;
}
