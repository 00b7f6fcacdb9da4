import { goDuration } from '../spec/index.ts';
import { cut } from './canonical.ts';
import { toBoolean, toFloat, toInt64 } from './interpolate.ts';
import { ProjectError } from './project.ts';
import { shellWords } from './shell-words.ts';
import type { Field, Scalar, Special, Type } from './types.ts';
import { parseBytes, parseDuration } from './units.ts';
import { type Dict, entriesOf, goType, isDict, newDict, shortFloat32, sprint, type Value } from './value.ts';

/**
 * A tree made to a type: what mapstructure and the types' own decoders do in compose-go. What is left out of YAML because
 * it is zero is left out here; keys come in the order of the type.
 */
export function decode(type: Type, value: Value, warn: (message: string) => void): Dict {
  const decoder = new Decoder(warn);
  const decoded = decoder.decode(type, value, '') as Dict;
  if (decoder.errors.length > 0)
    throw new ProjectError(`decoding failed due to the following error(s):\n\n${decoder.errors.join('\n')}`);
  return decoded;
}

class Decoder {
  readonly errors: string[] = [];

  constructor(private readonly warn: (message: string) => void) {}

  /** Undefined: nothing, left out. */
  decode(type: Type, value: Value | undefined, path: string): Value | undefined {
    if (value === null || value === undefined) return emptyOf(type);
    if (typeof type === 'string') return nonZero(this.guarded(path, () => this.scalar(type, value, path)));
    if ('pointer' in type) return this.guarded(path, () => this.scalar(type.pointer, value, path));
    if ('special' in type) return this.guarded(path, () => this.special(type.special, value));
    if ('struct' in type) return this.struct(type.struct, value, path);
    if ('map' in type) return this.map(type, value, path);
    if (!Array.isArray(value)) return this.unconvertible('[]interface {}', value, path);
    const items = value.map((item, i) => this.decode(type.list, item, `${path}[${i}]`) ?? newDict());
    return items.length > 0 ? items : undefined;
  }

  /** A decoder's error is told with its place; the others go on. */
  private guarded(path: string, work: () => Value | undefined): Value | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError) throw error;
      this.errors.push(`error decoding '${path}': ${(error as Error).message}`);
      return undefined;
    }
  }

  private unconvertible(wanted: string, value: Value, path: string): undefined {
    this.errors.push(
      `'${path}' expected type '${wanted}', got unconvertible type '${goType(value)}', value: '${sprint(value)}'`,
    );
    return undefined;
  }

  private struct(fields: Field[], value: Value, path: string): Value | undefined {
    if (!isDict(value)) {
      this.errors.push(`'${path}' expected a map, got '${kindOf(value)}'`);
      return undefined;
    }
    const out = newDict();
    for (const { key, type, always } of fields) {
      const decoded = this.decode(type, value[key], path ? `${path}.${key}` : key);
      if (decoded !== undefined) out[key] = decoded;
      else if (always) out[key] = zeroOf(type);
    }
    // Differs from Docker: where any key is free (environment, labels) compose-go takes those that begin with x- for
    // extensions, too, and makes one text of them under the key #extensions; here they are keys.
    for (const [key, item] of entriesOf(value)) if (key.startsWith('x-')) out[key] = item;
    return out;
  }

  private map(type: { map: Type; nullable?: true }, value: Value, path: string): Value | undefined {
    if (!isDict(value)) {
      this.errors.push(`'${path}' expected a map, got '${kindOf(value)}'`);
      return undefined;
    }
    const out = newDict();
    for (const [key, item] of entriesOf(value)) {
      if (item === null && type.nullable) out[key] = null;
      else out[key] = this.decode(type.map, item, `${path}[${key}]`) ?? zeroOf(type.map);
    }
    return Object.keys(out).length > 0 ? out : undefined;
  }

  private scalar(type: Scalar, value: Value, path: string): Value | undefined {
    switch (type) {
      case 'any':
        return value;
      case 'string':
        if (typeof value === 'string') return value;
        return Number.isInteger(value) || typeof value === 'bigint'
          ? String(value)
          : this.unconvertible('string', value, path);
      case 'bool':
        if (typeof value === 'string') return toBoolean(value, this.warn);
        return typeof value === 'boolean' ? value : this.unconvertible('bool', value, path);
      case 'int':
        if (typeof value === 'string') return toInt64(value, this.warn);
        return typeof value === 'number'
          ? Math.trunc(value)
          : typeof value === 'bigint'
            ? value
            : this.unconvertible('int64', value, path);
      case 'float32':
      case 'nanocpus':
        if (typeof value === 'string') return shortFloat32(toFloat(value, this.warn) as number);
        return typeof value === 'number' ? shortFloat32(value) : this.unconvertible('float32', value, path);
      default:
        return worded[type](value);
    }
  }

  private special(special: Special, value: Value): Value | undefined {
    const decoded = specials[special](value);
    const empty = Array.isArray(decoded) ? decoded.length === 0 : isDict(decoded) && Object.keys(decoded).length === 0;
    return empty && special !== 'command' ? undefined : decoded;
  }
}

const kindOf = (value: Value): string => (Array.isArray(value) ? 'slice' : goType(value));

const nonZero = (value: Value | undefined): Value | undefined =>
  value === '' || value === false || value === 0 || value === '0' || value === '0s' ? undefined : value;

/** What a key that is not there is: a struct held by value is there all the same, a command is the image's own. */
const emptyOf = (type: Type): Value | undefined => {
  if (typeof type !== 'object') return undefined;
  if ('struct' in type && type.byValue) return emptyStruct(type.struct);
  return 'special' in type && type.special === 'command' ? null : undefined;
};

const emptyStruct = (fields: Field[]): Dict => {
  const out = newDict();
  for (const { key, type, jsonAlways } of fields) if (jsonAlways) out[key] = emptyOf(type) ?? null;
  return out;
};

const zeroOf = (type: Type): Value => {
  if (typeof type === 'object') return newDict();
  return type === 'bool' ? false : type === 'int' ? 0 : type === 'bytes' ? '0' : '';
};

/** Scalars that are kept as the text they are printed as. */
const worded: Record<'bytes' | 'duration' | 'mode' | 'count', (value: Value) => Value | undefined> = {
  bytes: (value) => {
    if (typeof value === 'string') return String(parseBytes(value));
    return Number.isInteger(value) || typeof value === 'bigint' ? String(value) : undefined;
  },
  duration: (value) => goDuration(parseDuration(sprint(value))),
  mode: (value) => {
    if (Number.isInteger(value)) return `0${(value as number).toString(8)}`;
    if (typeof value !== 'string') throw new Error(`unexpected value type ${goType(value)} for mode`);
    if (!/^[+-]?[0-7]+$/.test(value)) throw new Error(`strconv.ParseInt: parsing "${value}": invalid syntax`);
    return `0${Number.parseInt(value, 8).toString(8)}`;
  },
  count: (value) => {
    if (Number.isInteger(value)) return value;
    if (typeof value !== 'string') throw new Error(`invalid type ${goType(value)} for device count`);
    if (value.toLowerCase() === 'all') return -1;
    if (/^[+-]?\d+$/.test(value)) return Number(value);
    throw new Error(`invalid value "${value}", the only value allowed is 'all' or a number`);
  },
};

const textOf = (value: Value): string => (value === null ? '' : sprint(value));

const texts = (value: Value): string[] => (Array.isArray(value) ? value.map(textOf) : [textOf(value)]);

function dictOrList(
  what: string,
  value: Value,
  one: (text: string) => [string, Value],
  map: (item: Value) => Value,
): Dict {
  const out = newDict();
  if (isDict(value)) for (const [key, item] of entriesOf(value)) out[key] = map(item);
  else if (Array.isArray(value)) {
    for (const item of value) {
      const [key, text] = one(sprint(item));
      out[key] = text;
    }
  } else throw new Error(`unexpected value type ${goType(value)} for ${what}`);
  return sorted(out);
}

const sorted = (dict: Dict): Dict => {
  const out = newDict();
  for (const [key, value] of entriesOf(dict)) out[key] = value;
  return out;
};

const specials: Record<Special, (value: Value) => Value | undefined> = {
  strings: texts,
  expose: texts,
  labels: (value) => dictOrList('labels', value, (text) => cut(text, '='), textOf),
  mapping: (value) => dictOrList('mapping', value, (text) => cut(text, '='), textOf),
  options: (value) => {
    if (isDict(value)) return dictOrList('options', value, (text) => cut(text, '='), textOf);
    throw new Error(`invalid type ${goType(value)} for options`);
  },
  multiOptions: (value) => {
    if (!isDict(value)) throw new Error(`invalid type ${goType(value)} for options`);
    return dictOrList('options', value, (text) => cut(text, '='), texts);
  },
  equals: (value) => dictOrList('mapping', value, assignment, (item) => (item === null ? null : sprint(item))),
  command: (value) => {
    if (typeof value === 'string') return shellWords(value);
    return Array.isArray(value) ? value.map(textOf) : null;
  },
  test: (value) => {
    if (typeof value === 'string') return ['CMD-SHELL', value];
    if (Array.isArray(value)) return value.map(textOf);
    throw new Error(`unexpected value type ${goType(value)} for healthcheck.test`);
  },
  hosts,
  ulimit: (value) => {
    if (Number.isInteger(value)) return value === 0 ? limits(0, 0) : value;
    if (isDict(value)) return limits(value.soft, value.hard);
    throw new Error(`unexpected value type ${goType(value)} for ulimit`);
  },
  ssh: (value) => {
    if (!isDict(value)) throw new Error(`invalid ssh config type ${goType(value)}`);
    return entriesOf(value).map(([id, path]) => (path === null || path === '' ? id : `${id}: ${sprint(path)}`));
  },
  envFiles: (value) => (Array.isArray(value) ? value.map(envFile) : undefined),
};

/** `required` may be a text, of variables. */
const envFile = (value: Value): Value =>
  isDict(value) && typeof value.required === 'string'
    ? { ...value, required: toBoolean(value.required, () => {}) }
    : value;

const limits = (soft: Value | undefined, hard: Value | undefined): Dict => {
  const out = newDict();
  out.soft = Number(soft ?? 0);
  out.hard = Number(hard ?? 0);
  return out;
};

/** `KEY=value`, or `KEY` whose value is still to be found. */
function assignment(text: string): [string, Value] {
  const [key, value] = cut(text, '=');
  if (/\s$/.test(key)) throw new Error(`environment variable ${key} is declared with a trailing space`);
  return [key, text.includes('=') ? value : null];
}

/** `extra_hosts`, as lines `HOST=IP`. */
function hosts(value: Value): string[] {
  const found = new Map<string, string[]>();
  const add = (host: string, addresses: string[]) => found.set(host, [...(found.get(host) ?? []), ...addresses]);
  if (isDict(value))
    for (const [host, item] of entriesOf(value)) add(host, Array.isArray(item) ? texts(item) : [textOf(item)]);
  else if (!Array.isArray(value)) throw new Error(`unexpected value type ${goType(value)} for extra_hosts`);
  else
    for (const line of value.map(textOf)) {
      const sign = line.includes('=') ? '=' : ':';
      if (!line.includes(sign)) throw new Error(`invalid additional host, missing IP: ${line}`);
      const [host, addresses] = cut(line, sign);
      add(host, addresses.split(','));
    }
  return [...found]
    .flatMap(([host, addresses]) => {
      if (host === '' || /[:=]/.test(host)) throw new Error(`bad host name '${host}'`);
      return addresses.map((address) => `${host}=${/^\[.+\]$/.exec(address) ? address.slice(1, -1) : address}`);
    })
    .sort();
}
