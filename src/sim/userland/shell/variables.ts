import { encodeText } from '../core/escaped-bytes.ts';
import { OutOfMemory } from './control.ts';

/** Shell variables: values, attributes, and the dynamic scopes of `local`. */

export type Value = string | IndexedArray | AssociativeArray;

/** Index -> element; iterate through `sorted`. */
export class IndexedArray {
  readonly items = new Map<number, string>();
  private order: number[] | undefined;

  static of(values: readonly string[]): IndexedArray {
    const array = new IndexedArray();
    values.forEach((v, i) => {
      array.set(i, v);
    });
    return array;
  }
  set(index: number, value: string): void {
    if (!this.items.has(index)) this.order = undefined;
    this.items.set(index, value);
  }
  delete(index: number): void {
    this.order = undefined;
    this.items.delete(index);
  }
  sorted(): number[] {
    this.order ??= [...this.items.keys()].sort((a, b) => a - b);
    return this.order;
  }
  /** One more than the highest index. */
  next(): number {
    return (this.sorted().at(-1) ?? -1) + 1;
  }
  values(): string[] {
    return this.sorted().map((i) => this.items.get(i)!);
  }
  copy(): IndexedArray {
    const array = new IndexedArray();
    for (const [k, v] of this.items) array.items.set(k, v);
    return array;
  }
}

/** FNV-1 in 32 bits, as bash's hashlib computes a key's bucket. */
const bucketOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (const byte of encodeText(key)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash & 1023;
};

export class AssociativeArray {
  readonly items = new Map<string, string>();
  private order: string[] | undefined;

  set(key: string, value: string): void {
    if (!this.items.has(key)) this.order = undefined;
    this.items.set(key, value);
  }
  delete(key: string): void {
    this.order = undefined;
    this.items.delete(key);
  }
  /** In the order of bash's hash table: by bucket, the newest first within one. */
  keys(): string[] {
    if (this.order?.length !== this.items.size) {
      const buckets = [...this.items.keys()].reverse().map((key) => ({ key, bucket: bucketOf(key) }));
      this.order = buckets.sort((a, b) => a.bucket - b.bucket).map((b) => b.key);
    }
    return this.order;
  }
  values(): string[] {
    return this.keys().map((k) => this.items.get(k)!);
  }
  copy(): AssociativeArray {
    const array = new AssociativeArray();
    for (const [k, v] of this.items) array.items.set(k, v);
    return array;
  }
}

export interface Variable {
  /** Undefined: declared (exported, readonly, local) but not set. */
  value: Value | undefined;
  exported?: boolean;
  readonly?: boolean;
  integer?: boolean;
  lower?: boolean;
  upper?: boolean;
  nameref?: boolean;
  /** `declare -a`/-A without a value yet. */
  array?: 'indexed' | 'associative';
}

/** What the names of one function call, or of the assignments before one command, meant outside it. */
interface Scope {
  saved: Map<string, Variable | undefined>;
  /** Assignments before a command: `local` inside goes to the function around it. */
  temporary: boolean;
}

const copyValue = (value: Value | undefined): Value | undefined =>
  value === undefined || typeof value === 'string' ? value : value.copy();

/** Assignment to a readonly variable, or a bad subscript. */
export class VariableError extends Error {
  constructor(
    readonly variable: string,
    readonly reason: 'readonly' | 'subscript' | 'circular',
  ) {
    super(reason);
  }
}

/** Bytes that a value holds, near enough. */
const sizeOf = (value: Value | undefined): number => {
  if (value === undefined) return 0;
  if (typeof value === 'string') return value.length;
  let bytes = 0;
  for (const item of value.items.values()) bytes += item.length + elementBytes;
  return bytes;
};
/** Of an element without its text. */
const elementBytes = 64;
/** Values that grew by less are not counted anew. */
const notableBytes = 1 << 20;
/** Differs from Linux: one value has a limit of its own, below what a string may hold here. */
const longestValue = 1 << 25;

/** dash and ash keep variables in a table of 39 chains, and hand them on in its order. */
export function inHashOrder(env: Record<string, string>): Record<string, string> {
  const chain = (name: string): number =>
    [...name].reduce((sum, char) => sum + char.charCodeAt(0), name.charCodeAt(0) << 4) % 39;
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => chain(a) - chain(b)));
}

export class Variables {
  /** Told what all values hold together when they have grown notably. */
  grew: ((bytes: number) => void) | undefined;
  /** Bytes of all values when they were last counted. */
  held = 0;
  private uncounted = 0;
  readonly table = new Map<string, Variable>();
  private readonly scopes: Scope[] = [];
  /** `set -a`: what is assigned is exported. */
  exportsAll: (() => boolean) | undefined;
  /** Unsetting another function's local variable reveals what it hid (bash). */
  dynamicScope = false;
  /** Arrays computed when asked: PIPESTATUS, DIRSTACK. */
  readonly dynamicArrays = new Map<string, () => IndexedArray>();
  /** Called after a change of a variable somebody watches (PATH, OPTIND, IFS ...). */
  readonly watchers = new Map<string, () => void>();
  /** Values computed when asked: RANDOM, SECONDS, LINENO ... */
  readonly dynamic = new Map<string, { get(): string | undefined; set?(value: string): void }>();

  clone(): Variables {
    const copy = new Variables();
    copy.dynamicScope = this.dynamicScope;
    for (const [name, v] of this.table) copy.table.set(name, { ...v, value: copyValue(v.value) });
    for (const s of this.scopes) copy.scopes.push({ ...s, saved: new Map(s.saved) });
    return copy;
  }

  /** After `bytes` more were assigned. What was freed meanwhile shows at the next count. */
  private note(bytes: number): void {
    if (bytes > longestValue) throw new OutOfMemory(bytes);
    this.uncounted += bytes;
    if (this.uncounted < Math.max(notableBytes, this.held / 8)) return;
    this.uncounted = 0;
    this.held = 0;
    for (const { value } of this.table.values()) this.held += sizeOf(value);
    for (const { saved } of this.scopes) for (const hidden of saved.values()) this.held += sizeOf(hidden?.value);
    this.grew?.(this.held);
  }

  lookup(name: string): Variable | undefined {
    const computed = this.dynamicArrays.get(name);
    if (computed) return { value: computed() };
    const found = this.table.get(name);
    if (!found?.nameref || typeof found.value !== 'string') return found;
    const target = this.resolve(name);
    return target === name ? undefined : this.table.get(target);
  }

  /** The name that a nameref stands for; itself when its references go in a circle. */
  resolve(name: string): string {
    let at = name;
    for (let depth = 0; depth < 9; depth++) {
      const found = this.table.get(at);
      if (!found?.nameref || typeof found.value !== 'string' || found.value === '') return at;
      at = found.value;
    }
    return name;
  }

  /** As `resolve`, for an assignment, which a circle cannot take. */
  private target(name: string): string {
    const found = this.table.get(name);
    const resolved = this.resolve(name);
    if (found?.nameref && found.value && resolved === name) throw new VariableError(name, 'circular');
    return resolved;
  }

  /** What a nameref to `a[i]` stands for. */
  private element(reference: string): string | undefined {
    const [, name, key] = /^(\w+)\[(.*)\]$/s.exec(reference) ?? [];
    const value = name === undefined ? undefined : this.lookup(name)?.value;
    if (value instanceof AssociativeArray) return value.items.get(key!);
    return value instanceof IndexedArray ? value.items.get(Number(key)) : undefined;
  }

  get(name: string): string | undefined {
    const computed = this.dynamic.get(name);
    if (computed) return computed.get();
    const value = this.lookup(name)?.value;
    if (value === undefined && this.table.get(name)?.nameref) return this.element(this.resolve(name));
    if (value instanceof IndexedArray) return value.items.get(0);
    if (value instanceof AssociativeArray) return value.items.get('0');
    return value;
  }

  private writable(name: string): Variable {
    let variable = this.table.get(name);
    if (!variable) {
      variable = { value: undefined };
      this.table.set(name, variable);
    }
    if (variable.readonly) throw new VariableError(name, 'readonly');
    return variable;
  }

  set(name: string, value: string): void {
    name = this.target(name);
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (element) {
      this.setElement(element[1]!, element[2]!, value);
      return;
    }
    const computed = this.dynamic.get(name);
    if (computed) {
      if (this.table.get(name)?.readonly) throw new VariableError(name, 'readonly');
      if (computed.set) computed.set(value);
      return;
    }
    const variable = this.writable(name);
    if (variable.lower) value = value.toLowerCase();
    if (variable.upper) value = value.toUpperCase();
    if (this.exportsAll?.()) variable.exported = true;
    if (variable.value instanceof IndexedArray) variable.value.set(0, value);
    else if (variable.value instanceof AssociativeArray) variable.value.set('0', value);
    else variable.value = value;
    this.note(value.length);
    this.watchers.get(name)?.();
  }

  setArray(name: string, value: IndexedArray | AssociativeArray): void {
    name = this.resolve(name);
    this.writable(name).value = value;
    this.note(sizeOf(value));
  }

  /** `key` is a number's text for indexed arrays. Negative indexes count from the end. */
  setElement(name: string, key: string, value: string): void {
    const variable = this.writable(this.resolve(name));
    if (variable.lower) value = value.toLowerCase();
    if (variable.upper) value = value.toUpperCase();
    if (variable.array === 'associative' && !(variable.value instanceof AssociativeArray)) {
      variable.value = new AssociativeArray();
    }
    if (variable.value instanceof AssociativeArray) {
      variable.value.set(key, value);
      this.note(value.length + elementBytes);
      return;
    }
    const array = this.indexed(variable);
    let index = Number(key);
    if (index < 0) index += array.next();
    if (!(index >= 0)) throw new VariableError(`${name}[${key}]`, 'subscript');
    array.set(index, value);
    this.note(value.length + elementBytes);
  }

  private indexed(variable: Variable): IndexedArray {
    if (variable.value instanceof IndexedArray) return variable.value;
    const array = new IndexedArray();
    if (typeof variable.value === 'string') array.set(0, variable.value);
    variable.value = array;
    return array;
  }

  unset(name: string): void {
    name = this.resolve(name);
    if (this.table.get(name)?.readonly) throw new VariableError(name, 'readonly');
    this.dynamic.delete(name);
    const scope = this.dynamicScope ? this.scopes.findLast((s) => s.saved.has(name)) : undefined;
    if (scope && scope !== this.scopes.findLast((s) => !s.temporary)) {
      // Not this function's own: what it hid comes back (bash).
      const old = scope.saved.get(name);
      scope.saved.delete(name);
      this.reveal(name, old);
      return;
    }
    if (scope) this.table.set(name, { value: undefined });
    else this.table.delete(name);
    this.watchers.get(name)?.();
  }

  attributes(name: string): Variable {
    let variable = this.table.get(name);
    if (!variable) {
      variable = { value: undefined };
      this.table.set(name, variable);
    }
    return variable;
  }

  /** NAME -> value of what children inherit. */
  environment(): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, v] of this.table) {
      if (v.exported && typeof v.value === 'string') env[name] = this.dynamic.get(name)?.get() ?? v.value;
    }
    return env;
  }

  names(): string[] {
    return [...this.table.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  // ---- scopes
  /** Runs `change` with `name` meaning the outermost variable of that name (declare -g). */
  async globally<T>(name: string, change: () => Promise<T>): Promise<T> {
    const scope = this.scopes.find((s) => s.saved.has(name));
    if (!scope) return change();
    const inner = this.table.get(name)!;
    this.reveal(name, scope.saved.get(name));
    try {
      return await change();
    } finally {
      scope.saved.set(name, this.table.get(name));
      this.table.set(name, inner);
    }
  }
  push(temporary = false): void {
    this.scopes.push({ saved: new Map(), temporary });
  }
  pop(): void {
    for (const [name, old] of this.scopes.pop()?.saved ?? []) this.reveal(name, old);
  }
  private reveal(name: string, old: Variable | undefined): void {
    if (old) this.table.set(name, old);
    else this.table.delete(name);
    this.watchers.get(name)?.();
  }
  /** The names that are local to the innermost function. */
  localNames(): string[] {
    return [...(this.scopes.findLast((s) => !s.temporary)?.saved.keys() ?? [])];
  }
  /** Makes `name` mean something of its own until the matching `pop`. */
  makeTemporary(name: string): void {
    this.shadow(this.scopes.at(-1)!, name, true);
  }
  /** Makes `name` local to the innermost function; keeps the value where the shell does (dash). */
  makeLocal(name: string, inherit: boolean): Variable {
    const function_ = this.scopes.findLastIndex((s) => !s.temporary);
    const scope = this.scopes[function_] ?? this.scopes.at(-1)!;
    // `v=1 local v`: the assignment's value becomes the local one's.
    for (const above of this.scopes.slice(function_ + 1)) {
      if (!above.saved.has(name)) continue;
      if (!scope.saved.has(name)) scope.saved.set(name, above.saved.get(name));
      above.saved.delete(name);
      return this.attributes(name);
    }
    return this.shadow(scope, name, inherit);
  }
  private shadow(scope: Scope, name: string, inherit: boolean): Variable {
    const old = this.table.get(name);
    if (scope.saved.has(name)) return this.attributes(name);
    scope.saved.set(name, old);
    const fresh: Variable =
      inherit && old ? { ...old, value: copyValue(old.value) } : { value: undefined, exported: old?.exported };
    if (old?.readonly) fresh.readonly = old.readonly;
    this.table.set(name, fresh);
    return fresh;
  }
}
