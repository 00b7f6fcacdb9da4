/** What jq computes with. Objects are maps, as they keep the order in which keys came; nothing is changed in place. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** What `error` raises, and `catch` gets. */
export class JqError extends Error {
  constructor(readonly value: Json) {
    super(typeof value === 'string' ? value : 'jq error');
  }
}

export const isObject = (value: Json): value is JsonObject => value instanceof Map;
export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : (typeof value as Kind);
}

export const truthy = (value: Json): boolean => value !== null && value !== false;

/** By code points, as bytes of UTF-8 order. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

export const sortedKeys = (object: JsonObject): string[] => [...object.keys()].sort(compareText);

const rank = (value: Json): number => {
  if (value === null) return 0;
  if (value === false) return 1;
  if (value === true) return 2;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return isArray(value) ? 5 : 6;
};

/** jq's order of all values. */
export function compare(a: Json, b: Json): number {
  const kinds = rank(a) - rank(b);
  if (kinds !== 0) return kinds;
  // A number that is none is below all, itself too.
  if (typeof a === 'number') return Number.isNaN(a) || a < (b as number) ? -1 : a === b ? 0 : 1;
  if (typeof a === 'string') return compareText(a, b as string);
  if (isArray(a)) return compareArrays(a, b as readonly Json[]);
  if (isObject(a)) return compareObjects(a, b as JsonObject);
  return 0;
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = compare(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const keys = sortedKeys(a);
  const difference = compareArrays(keys, sortedKeys(b));
  if (difference !== 0) return difference;
  for (const key of keys) {
    const one = compare(a.get(key)!, b.get(key)!);
    if (one !== 0) return one;
  }
  return 0;
}

export const equal = (a: Json, b: Json): boolean => compare(a, b) === 0;

/** As jq prints doubles (freedtoa's g_fmt): 17 digits at most, the shortest that read back. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) return value > 0 ? '1.7976931348623157e+308' : '-1.7976931348623157e+308';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const digits = mantissa.replace(/^-|\./g, '').replace('.', '');
  const point = Number(exponent) + 1;
  if (value === 0 || (point > -5 && point <= digits.length + 15)) return plainText(value, digits, point);
  const sign = Number(exponent) < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(Number(exponent))).padStart(2, '0')}`;
}

function plainText(value: number, digits: string, point: number): string {
  const minus = value < 0 ? '-' : '';
  if (point <= 0) return `${minus}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${minus}${digits}${'0'.repeat(point - digits.length)}`;
  return `${minus}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export interface PrintOptions {
  /** Of one level; '' puts all on one line. */
  indent: string;
  sort?: boolean;
  ascii?: boolean;
  colors?: readonly string[];
}

/** SGR of null, false, true, numbers, strings, arrays, objects, keys. */
export const defaultColors = ['1;30', '0;39', '0;39', '0;39', '0;32', '1;39', '1;39', '34;1'] as const;

const reset = '\x1b[0m';

export const compact: PrintOptions = { indent: '' };

export function print(value: Json, options: PrintOptions = compact, level = 0): string {
  const color = options.colors ? `\x1b[${options.colors[rank(value)]}m` : '';
  const end = color && reset;
  if (value === null) return `${color}null${end}`;
  if (typeof value === 'boolean') return `${color}${value}${end}`;
  if (typeof value === 'number') return `${color}${numberText(value)}${end}`;
  if (typeof value === 'string') return `${color}${quote(value, options.ascii)}${end}`;
  return isArray(value)
    ? printArray(value, options, level, color, end)
    : printObject(value as JsonObject, options, level, color, end);
}

const lineBreak = ({ indent }: PrintOptions, level: number): string => (indent ? `\n${indent.repeat(level)}` : '');

function printArray(value: readonly Json[], options: PrintOptions, level: number, color: string, end: string): string {
  if (value.length === 0) return `${color}[]${end}`;
  const inner = lineBreak(options, level + 1);
  const items = value.map((one) => inner + print(one, options, level + 1));
  return `${color}[${items.join(`${color},`)}${color}${lineBreak(options, level)}${color}]${end}`;
}

function printObject(value: JsonObject, options: PrintOptions, level: number, color: string, end: string): string {
  if (value.size === 0) return `${color}{}${end}`;
  const inner = lineBreak(options, level + 1);
  const keyColor = options.colors ? `\x1b[${options.colors[7]}m` : '';
  const keys = options.sort ? sortedKeys(value) : [...value.keys()];
  const items = keys.map((key) => {
    const name = `${keyColor}${quote(key, options.ascii)}${end}`;
    const colon = `${color}:${options.indent ? ' ' : ''}${end}`;
    return `${inner}${end}${name}${colon}${print(value.get(key)!, options, level + 1)}`;
  });
  return `${color}{${items.join(`${color},`)}${color}${lineBreak(options, level)}${color}}${end}`;
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
};

const unicode = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function quote(text: string, ascii = false): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f]/g, (c) => named[c] ?? unicode(c));
  return `"${ascii ? escaped.replace(/[\u0080-\uffff]/g, unicode) : escaped}"`;
}

/** A value in an error's text: cut as jq cuts it. */
export function excerpt(value: Json): string {
  const text = print(value);
  return text.length > 14 ? `${text.slice(0, 11)}...` : text;
}
