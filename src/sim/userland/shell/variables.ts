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

export class AssociativeArray {
  readonly items = new Map<string, string>();
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

const copyValue = (value: Value | undefined): Value | undefined =>
  value === undefined || typeof value === 'string' ? value : value.copy();

/** Assignment to a readonly variable, or a bad subscript. */
export class VariableError extends Error {
  constructor(
    readonly variable: string,
    readonly reason: 'readonly' | 'subscript',
  ) {
    super(reason);
  }
}

export class Variables {
  readonly table = new Map<string, Variable>();
  private readonly scopes: Map<string, Variable | undefined>[] = [];
  /** Called after a change of a variable somebody watches (PATH, OPTIND, IFS ...). */
  readonly watchers = new Map<string, () => void>();
  /** Values computed when asked: RANDOM, SECONDS, LINENO ... */
  readonly dynamic = new Map<string, { get(): string | undefined; set?(value: string): void }>();

  clone(): Variables {
    const copy = new Variables();
    for (const [name, v] of this.table) copy.table.set(name, { ...v, value: copyValue(v.value) });
    for (const scope of this.scopes) copy.scopes.push(new Map(scope));
    return copy;
  }

  lookup(name: string): Variable | undefined {
    const found = this.table.get(name);
    if (!found?.nameref || typeof found.value !== 'string' || found.value === name) return found;
    return this.lookup(found.value);
  }

  /** The name that a nameref stands for. */
  resolve(name: string): string {
    const found = this.table.get(name);
    return found?.nameref && typeof found.value === 'string' && found.value !== name ? this.resolve(found.value) : name;
  }

  get(name: string): string | undefined {
    const computed = this.dynamic.get(name);
    if (computed) return computed.get();
    const value = this.lookup(name)?.value;
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
    name = this.resolve(name);
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (element) {
      this.setElement(element[1]!, element[2]!, value);
      return;
    }
    const computed = this.dynamic.get(name);
    if (computed) {
      if (computed.set) computed.set(value);
      return;
    }
    const variable = this.writable(name);
    if (variable.lower) value = value.toLowerCase();
    if (variable.upper) value = value.toUpperCase();
    if (variable.value instanceof IndexedArray) variable.value.set(0, value);
    else if (variable.value instanceof AssociativeArray) variable.value.items.set('0', value);
    else variable.value = value;
    this.watchers.get(name)?.();
  }

  setArray(name: string, value: IndexedArray | AssociativeArray): void {
    name = this.resolve(name);
    this.writable(name).value = value;
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
      variable.value.items.set(key, value);
      return;
    }
    const array = this.indexed(variable);
    let index = Number(key);
    if (index < 0) index += array.next();
    if (!(index >= 0)) throw new VariableError(`${name}[${key}]`, 'subscript');
    array.set(index, value);
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
    this.table.delete(name);
    this.dynamic.delete(name);
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
      if (v.exported && typeof v.value === 'string') env[name] = v.value;
    }
    return env;
  }

  names(): string[] {
    return [...this.table.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  // ---- scopes
  get depth(): number {
    return this.scopes.length;
  }
  push(): void {
    this.scopes.push(new Map());
  }
  pop(): void {
    for (const [name, old] of this.scopes.pop() ?? []) {
      if (old) this.table.set(name, old);
      else this.table.delete(name);
      this.watchers.get(name)?.();
    }
  }
  isLocal(name: string): boolean {
    return this.scopes.at(-1)?.has(name) ?? false;
  }
  localNames(): string[] {
    return [...(this.scopes.at(-1)?.keys() ?? [])];
  }
  /** Makes `name` local to the innermost function; keeps the value where the shell does (dash, ash). */
  makeLocal(name: string, inherit: boolean): Variable {
    const scope = this.scopes.at(-1)!;
    const old = this.table.get(name);
    if (scope.has(name)) return this.attributes(name);
    scope.set(name, old);
    const fresh: Variable =
      inherit && old ? { ...old, value: copyValue(old.value) } : { value: undefined, exported: old?.exported };
    if (old?.readonly) fresh.readonly = old.readonly;
    this.table.set(name, fresh);
    return fresh;
  }
}
