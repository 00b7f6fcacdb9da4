/** Values as Go's templates see them. */

/** A method or function of a struct; receives the template's arguments. */
export type Method = (...args: Value[]) => Value;

/** A float64, which prints unlike an integer of the same value. */
export class Float {
  constructor(readonly value: number) {}
}

/** A number of bare JSON: Go's json.Number, a string that is written without quotes. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A map of strings: what it lacks is the empty string to `index`. */
export class StringMap extends Map<string, Value> {}

/** A struct, or a pointer to one: named fields in order, and methods. */
export class Struct {
  constructor(
    /** As Go names it in errors: `*formatter.ContainerContext`. */
    readonly type: string,
    readonly fields: ReadonlyMap<string, Value>,
    readonly methods: ReadonlyMap<string, Method> = new Map(),
    /** Keys of its JSON form, when they are not the fields' names: field -> [key, leave out when empty]. */
    readonly json?: ReadonlyMap<string, [key: string, omitEmpty: boolean]>,
  ) {}
}

/** A struct that makes its JSON itself, by json.Marshal: inside it `<`, `>` and `&` are escaped. */
export class MarshaledStruct extends Struct {
  constructor(
    type: string,
    fields: ReadonlyMap<string, Value>,
    methods: ReadonlyMap<string, Method>,
    /** Its fields in JSON, when they read differently there. */
    readonly marshaled: ReadonlyMap<string, Value> = fields,
  ) {
    super(type, fields, methods);
  }
}

/** A time.Time: printed as its String(), in JSON as it came. */
export class Time extends Struct {
  constructor(
    readonly shown: string,
    readonly sent: string,
  ) {
    super('time.Time', new Map(), new Map([['String', () => shown]]));
  }
}

/** undefined is "no value" (a missing map key); null is nil. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | JsonNumber
  | Value[]
  | Map<string, Value>
  | Struct;

/** A JSON text as values: objects become maps, numbers keep their digits. */
export function valueFromJson(text: string): Value {
  const guarded = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token[0] === '"' ? token : `{"\\u0000n":"${token}"}`,
  );
  return fromPlain(JSON.parse(guarded));
}

/** A plain JavaScript value (as JSON.parse gives) as a template value. */
export function fromPlain(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain === 'number') return Number.isInteger(plain) ? plain : new Float(plain);
  if (plain === null || plain === undefined || typeof plain !== 'object') return plain as Value;
  if (plain instanceof Map || plain instanceof Struct || plain instanceof Float) return plain as Value;
  const digits = (plain as Record<string, string>)['\u0000n'];
  if (digits !== undefined) return new JsonNumber(digits);
  return new Map(Object.entries(plain).map(([key, value]) => [key, fromPlain(value)]));
}

/** Go templates' truth: not the zero value, not empty. */
export function truth(value: Value): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof JsonNumber) return value.text !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Struct) return true;
  return Boolean(value);
}

export const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const sortedKeys = (map: ReadonlyMap<string, Value>): string[] => [...map.keys()].sort(compareBytes);

/** encoding/json: map keys sorted; `<`, `>` and `&` escaped when `html` says so. */
export function goJson(value: Value, html = true): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return goJsonString(value, html);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Float) return String(value.value).replace(/e\+?(-?)(\d)$/, 'e$10$2');
  if ((Array.isArray(value) || value instanceof Map) && 'toJSON' in value) return 'null';
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item, html)).join(',')}]`;
  if (value instanceof Map)
    return `{${sortedKeys(value)
      .map((key) => `${goJsonString(key, html)}:${goJson(value.get(key), html)}`)
      .join(',')}}`;
  if (value instanceof Time) return goJsonString(value.sent, html);
  if (value instanceof Struct) return structJson(value, html || value instanceof MarshaledStruct);
  return String(value);
}

function structJson(value: Struct, html: boolean): string {
  const fields = value instanceof MarshaledStruct ? value.marshaled : value.fields;
  const parts = [...fields].flatMap(([name, field]) => {
    const [key, omitEmpty] = value.json?.get(name) ?? [name, false];
    if (key === '-' || (omitEmpty && !(field instanceof Struct) && !truth(field))) return [];
    return [`${goJsonString(key, html)}:${goJson(field, html)}`];
  });
  return `{${parts.join(',')}}`;
}

export const goJsonString = (text: string, html = true): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029\u007f]/g, (char) =>
    char === '\u007f' || (!html && /[<>&]/.test(char))
      ? char
      : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
