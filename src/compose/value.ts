import { goQuote } from '../spec/index.ts';

/** What YAML says, as compose-go holds it in `any`. A bigint is an integer that a double cannot hold. */
export type Value = null | boolean | number | bigint | string | Value[] | Dict;
export interface Dict {
  [key: string]: Value;
}

/** Where in the tree: keys, and `[]` for an element of a list. */
export type Path = readonly string[];

/** Without a prototype: any key of a file is a key and nothing else. */
export const newDict = (): Dict => Object.create(null) as Dict;

export const isDict = (value: Value | undefined): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Differs from Docker: Go walks maps in an order of chance, so of several errors it tells any; here keys come in order of
 * the alphabet and the same file always gives the same error.
 */
export const entriesOf = (dict: Dict): [string, Value][] =>
  Object.keys(dict)
    .sort()
    .map((key) => [key, dict[key]!]);

export function dictOf(entries: Iterable<readonly [string, Value]>): Dict {
  const dict = newDict();
  for (const [key, value] of entries) dict[key] = value;
  return dict;
}

export const mapDict = (dict: Dict, change: (value: Value, key: string) => Value): Dict =>
  dictOf(entriesOf(dict).map(([key, value]) => [key, change(value, key)]));

export function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map(clone);
  return isDict(value) ? mapDict(value, clone) : value;
}

/** %T */
export function goType(value: Value | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'int' : 'string';
}

/** A number as strconv's 'g' prints it with the fewest digits; a whole number as the integer it will have been. */
export function goFloat(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainFloat(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const plainFloat = (value: number): string => {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
};

/** The fewest digits that read back as the same float32. */
export function shortFloat32(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

/** %v */
export function sprint(value: Value | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(sprint).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${entriesOf(value)
      .map(([k, v]) => `${k}:${sprint(v)}`)
      .join(' ')}]`;
  return typeof value === 'number' ? goFloat(value) : String(value);
}

/** %s, which tells a type that is no text: `%!s(int=5)`. */
export function goString(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(goString).join(' ')}]`;
  if (isDict(value))
    return `map[${entriesOf(value)
      .map(([k, v]) => `${k}:${goString(v)}`)
      .join(' ')}]`;
  return value === null || value === undefined ? '%!s(<nil>)' : `%!s(${goType(value)}=${sprint(value)})`;
}

/** %#v of a map's key. */
export const goSyntax = (value: Value): string => (typeof value === 'string' ? goQuote(value) : sprint(value));

export const showPath = (path: Path): string => path.join('.');

/** What is said of paths that match a pattern, where `*` is any one part. */
export class Rules<T> {
  private readonly byLength = new Map<number, [string[], T][]>();

  constructor(table: Record<string, T>) {
    for (const [pattern, value] of Object.entries(table)) {
      const parts = pattern.split('.');
      this.byLength.set(parts.length, [...(this.byLength.get(parts.length) ?? []), [parts, value]]);
    }
  }

  find(path: Path): T | undefined {
    return this.byLength.get(path.length)?.find(([pattern]) => matches(path, pattern))?.[1];
  }
}

export const matches = (path: Path, pattern: Path): boolean =>
  path.length === pattern.length && pattern.every((part, i) => part === '*' || part === path[i]);
