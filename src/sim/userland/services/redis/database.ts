/** What a Redis server holds: numbered databases of keys with values of five types, and when keys expire. */
import { Failure } from './resp.ts';

export type Value =
  | { type: 'string'; text: string }
  | { type: 'list'; items: string[] }
  | { type: 'set'; members: Set<string> }
  | { type: 'hash'; fields: Map<string, string> }
  | { type: 'zset'; scores: Map<string, number> };

export type TypeName = Value['type'];
type ValueOf<T extends TypeName> = Extract<Value, { type: T }>;

export const wrongType = (): Failure =>
  new Failure('WRONGTYPE Operation against a key holding the wrong kind of value');

export class Database {
  private readonly values = new Map<string, Value>();
  /** Milliseconds since the epoch. */
  private readonly deadlines = new Map<string, number>();
  /** How often a key was changed: what WATCH looks at. */
  private readonly changes = new Map<string, number>();
  expired = 0;

  constructor(private readonly now: () => number) {}

  get(key: string): Value | undefined {
    const deadline = this.deadlines.get(key);
    if (deadline !== undefined && deadline <= this.now()) {
      this.expired++;
      this.delete(key);
    }
    return this.values.get(key);
  }

  /** Throws WRONGTYPE. */
  typed<T extends TypeName>(key: string, type: T): ValueOf<T> | undefined {
    const value = this.get(key);
    if (value && value.type !== type) throw wrongType();
    return value as ValueOf<T> | undefined;
  }

  /** Replaces the value; an expiry goes unless it is kept. */
  set(key: string, value: Value, keepDeadline = false): void {
    this.values.set(key, value);
    if (!keepDeadline) this.deadlines.delete(key);
    this.touch(key);
  }

  /** After a value was changed in place: an empty collection is no key. */
  changed(key: string): void {
    const value = this.values.get(key);
    if (value && sizeOf(value) === 0) this.delete(key);
    else this.touch(key);
  }

  delete(key: string): boolean {
    this.deadlines.delete(key);
    if (!this.values.delete(key)) return false;
    this.touch(key);
    return true;
  }

  deadline(key: string): number | undefined {
    return this.get(key) ? this.deadlines.get(key) : undefined;
  }
  expireAt(key: string, at: number | undefined): void {
    if (at === undefined) this.deadlines.delete(key);
    else this.deadlines.set(key, at);
    this.touch(key);
  }

  /** In the order in which they came; those that have expired are gone. */
  keys(): string[] {
    return [...this.values.keys()].filter((key) => this.get(key));
  }
  get withDeadline(): number {
    return this.deadlines.size;
  }

  clear(): number {
    const count = this.values.size;
    for (const key of [...this.values.keys()]) this.delete(key);
    return count;
  }

  changesOf(key: string): number {
    this.get(key);
    return this.changes.get(key) ?? 0;
  }
  private touch(key: string): void {
    this.changes.set(key, (this.changes.get(key) ?? 0) + 1);
  }
}

function sizeOf(value: Value): number {
  switch (value.type) {
    case 'string':
      return 1;
    case 'list':
      return value.items.length;
    case 'set':
      return value.members.size;
    case 'hash':
      return value.fields.size;
    case 'zset':
      return value.scores.size;
  }
}

/** Members of a sorted set, lowest score first, equal scores bytewise. */
export const ranked = (scores: ReadonlyMap<string, number>): [member: string, score: number][] =>
  [...scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0));

/** Redis's own globs: * ? [abc] [^a] [a-z] and backslash. */
export function globTest(pattern: string): (text: string) => boolean {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    const set = c === '[' ? /^\[(\^?)((?:\\.|[^\]\\])*)\]/.exec(pattern.slice(i)) : null;
    if (set) {
      out += `[${set[1]}${set[2]!.replace(/[[\]^]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else if (c === '*') out += '[\\s\\S]*';
    else if (c === '?') out += '[\\s\\S]';
    else out += (c === '\\' && i + 1 < pattern.length ? pattern[++i]! : c).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  }
  const form = new RegExp(`^${out}$`);
  return (text) => form.test(text);
}
