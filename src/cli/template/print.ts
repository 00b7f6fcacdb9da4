import { Float, goJsonString, JsonNumber, StringMap, Struct, sortedKeys, Time, type Value } from './value.ts';

/** fmt's %v. `plus` adds field names, `nested` is inside a composite. */
export function display(value: Value, plus = false): string {
  if (value === undefined) return '<no value>';
  if (value === null) return '<nil>';
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => display(item, plus)).join(' ')}]`;
  if (value instanceof Map)
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${display(value.get(key), plus)}`)
      .join(' ')}]`;
  if (value instanceof Time) return value.shown;
  if (value instanceof Struct) {
    return `{${[...value.fields].map(([name, field]) => (plus ? `${name}:` : '') + display(field, plus)).join(' ')}}`;
  }
  return String(value);
}

/** %v of a float64: %g with the shortest digits, exponent from 21 on. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

export function typeName(value: Value): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  if (value instanceof Float) return 'float64';
  if (value instanceof JsonNumber) return 'json.Number';
  if (value instanceof StringMap) return 'map[string]string';
  if (Array.isArray(value)) return '[]interface {}';
  return value instanceof Map ? 'map[string]interface {}' : value.type;
}

/** fmt.Sprintf for the verbs that make sense of these values. */
export function sprintf(format: string, args: readonly Value[]): string {
  let used = 0;
  let reordered = false;
  const out = format.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[(\d+)\])?([a-zA-Z%])|%(.)?/gsu,
    (_all, flags = '', width?: string, precision?: string, index?: string, verb?: string, bad?: string) => {
      if (verb === undefined) return bad === undefined ? '%!(NOVERB)' : `%!${bad}(NOVERB)`;
      if (verb === '%') return '%';
      const star = (text?: string): number | undefined =>
        text === undefined ? undefined : text === '*' ? Number(args[used++]) : Number(text || 0);
      const wide = star(width);
      const precise = star(precision);
      if (index) {
        used = Number(index) - 1;
        reordered = true;
      }
      if (used >= args.length) return `%!${verb}(MISSING)`;
      return pad(formatVerb(verb, flags, precise, args[used++]), wide, flags);
    },
  );
  const extra = args.slice(used);
  if (reordered || extra.length === 0) return out;
  return `${out}%!(EXTRA ${extra.map((arg) => (arg === null || arg === undefined ? '<nil>' : `${typeName(arg)}=${display(arg)}`)).join(', ')})`;
}

function pad(text: string, width: number | undefined, flags: string): string {
  if (width === undefined) return text;
  const missing = Math.abs(width) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-') || width < 0) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

const radix: Record<string, number> = { b: 2, o: 8, d: 10, x: 16, X: 16 };

function formatVerb(verb: string, flags: string, precision: number | undefined, value: Value): string {
  const wrong = (): string =>
    `%!${verb}(${value === null || value === undefined ? '<nil>' : `${typeName(value)}=${display(value)}`})`;
  const plus = (text: string): string =>
    flags.includes('+') && !text.startsWith('-')
      ? `+${text}`
      : flags.includes(' ') && !text.startsWith('-')
        ? ` ${text}`
        : text;
  if (verb === 'v') return flags.includes('#') ? goSyntax(value) : display(value, flags.includes('+'));
  if (verb === 'T') return typeName(value);
  if (Array.isArray(value)) return `[${value.map((item) => formatVerb(verb, flags, precision, item)).join(' ')}]`;
  if (value instanceof Map)
    return `map[${sortedKeys(value)
      .map((key) => `${formatVerb(verb, flags, precision, key)}:${formatVerb(verb, flags, precision, value.get(key))}`)
      .join(' ')}]`;
  if (typeof value === 'string') return stringVerb(verb, precision, value, flags) ?? wrong();
  if (value instanceof JsonNumber) return stringVerb(verb, precision, value.text, flags) ?? wrong();
  if (typeof value === 'boolean') return verb === 't' ? String(value) : wrong();
  if (value instanceof Float) return floatVerb(verb, precision, value.value, plus) ?? wrong();
  if (typeof value !== 'number' && typeof value !== 'bigint') return wrong();
  if (verb in radix) {
    const text = value.toString(radix[verb]);
    const prefix = flags.includes('#') && (verb === 'x' || verb === 'X') ? `0${verb}` : '';
    return plus(prefix + (verb === 'X' ? text.toUpperCase() : text).padStart(precision ?? 0, '0'));
  }
  if (verb === 'c') return String.fromCodePoint(Number(value));
  if (verb === 'q') return `'${String.fromCodePoint(Number(value))}'`;
  if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
  return wrong();
}

function stringVerb(verb: string, precision: number | undefined, value: string, flags: string): string | undefined {
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 's') return cut;
  if (verb === 'q') return flags.includes('#') ? `\`${cut}\`` : goQuote(cut);
  if (verb !== 'x' && verb !== 'X') return undefined;
  const hex = [...new TextEncoder().encode(cut)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return verb === 'X' ? hex.toUpperCase() : hex;
}

function floatVerb(
  verb: string,
  precision: number | undefined,
  value: number,
  plus: (text: string) => string,
): string | undefined {
  if (verb === 'f' || verb === 'F') return plus(value.toFixed(precision ?? 6));
  if (verb === 'e') return plus(value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2'));
  if (verb === 'g')
    return plus(precision === undefined ? floatText(value) : floatText(Number(value.toPrecision(precision || 1))));
  return undefined;
}

/** strconv.Quote. */
export const goQuote = (text: string): string =>
  JSON.stringify(text)
    .replace(/\\u00([01][0-9a-f])/g, (_all, hex: string) => (hex === '07' ? '\\a' : hex === '0b' ? '\\v' : `\\x${hex}`))
    .replaceAll('\x7f', '\\x7f');

function goSyntax(value: Value): string {
  if (typeof value === 'string') return goJsonString(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (value instanceof Map)
    return `map[string]interface {}{${sortedKeys(value)
      .map((key) => `${goJsonString(key)}:${goSyntax(value.get(key))}`)
      .join(', ')}}`;
  return display(value, true);
}

/** fmt.Sprint: a space between operands when neither is a string. */
export function sprint(args: readonly Value[]): string {
  return args
    .map((arg, index) => {
      const gap = index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : '';
      return gap + (arg === undefined ? '<nil>' : display(arg));
    })
    .join('');
}
