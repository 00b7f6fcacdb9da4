/** JSON texts one after the other, read character by character as jq reads them: so that errors are found where it finds them. */
import type { Json } from './value.ts';

export class ParseProblem extends Error {}

/** An array, or an object with the key that waits for its value. */
type Open = { array: Json[] } | { object: Map<string, Json>; key?: string };

const literals: Readonly<Record<string, Json>> = { null: null, true: true, false: false, nan: Number.NaN };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

export class JsonReader {
  private readonly open: Open[] = [];
  private next: Json | undefined;
  private token = '';
  private state: 'normal' | 'string' | 'escape' = 'normal';
  private lineNumber = 1;
  private column = 0;
  private ended = false;

  /** The values that `text` completes. Throws {@link ParseProblem}. */
  *read(text: string): Generator<Json> {
    for (const c of text) {
      if (c === '\n') {
        this.lineNumber++;
        this.column = 0;
      } else this.column++;
      const done = this.scan(c);
      if (done !== undefined) yield done;
    }
  }

  /** The value that the end completes. */
  *end(): Generator<Json> {
    this.ended = true;
    if (this.state !== 'normal') throw this.problem('Unfinished string');
    this.literal();
    if (this.open.length > 0) throw this.problem('Unfinished JSON term');
    if (this.next !== undefined) yield this.next;
    this.next = undefined;
  }

  private problem = (text: string): ParseProblem =>
    new ParseProblem(`${text}${this.ended ? ' at EOF' : ''} at line ${this.lineNumber}, column ${this.column}`);

  private scan(c: string): Json | undefined {
    if (this.state === 'escape') {
      this.token += c;
      this.state = 'string';
    } else if (this.state === 'string') {
      if (c === '"') {
        this.state = 'normal';
        this.value(this.unescaped());
        this.token = '';
      } else {
        this.token += c;
        if (c === '\\') this.state = 'escape';
      }
    } else return this.outside(c);
    return undefined;
  }

  private outside(c: string): Json | undefined {
    if (/[^\s"[\]{}:,]/.test(c)) {
      this.token += c;
      return undefined;
    }
    this.literal();
    if (c === '"') {
      const done = this.top();
      this.state = 'string';
      return done;
    }
    if (/\s/.test(c)) return this.top();
    const before = c === '[' || c === '{' ? this.top() : undefined;
    this.punctuation(c);
    return before ?? (c === ']' || c === '}' ? this.top() : undefined);
  }

  /** A value that is complete and in no other. */
  private top(): Json | undefined {
    if (this.open.length > 0 || this.next === undefined) return undefined;
    const done = this.next;
    this.next = undefined;
    return done;
  }

  private value(value: Json): void {
    if (this.next !== undefined) throw this.problem('Expected separator between values');
    this.next = value;
  }

  private literal(): void {
    const { token } = this;
    if (token === '') return;
    this.token = '';
    if (Object.hasOwn(literals, token)) {
      this.value(literals[token]!);
      return;
    }
    if (/^[ntf]/.test(token) && !/^nan/.test(token)) throw this.problem('Invalid literal');
    if (!/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(token)) throw this.problem('Invalid numeric literal');
    const number = Number(token);
    this.value(Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE);
  }

  private unescaped(): string {
    return this.token.replace(/\\(u([0-9a-fA-F]{4})|[\s\S])/g, (_, c: string, hex?: string) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
      if (c === 'u') throw this.problem('Invalid escape');
      if (!/["\\/bfnrt]/.test(c)) throw this.problem('Invalid escape');
      return escapes[c] ?? c;
    });
  }

  private punctuation(c: string): void {
    const top = this.open.at(-1);
    if (c === '[' || c === '{') {
      if (this.next !== undefined) throw this.problem('Expected separator between values');
      if (this.open.length >= 10_000) throw this.problem('Exceeds depth limit for parsing');
      this.open.push(c === '[' ? { array: [] } : { object: new Map() });
    } else if (c === ':') this.colon(top);
    else if (c === ',') this.comma(top);
    else if (c === ']') {
      if (!top || !('array' in top)) throw this.problem("Unmatched ']'");
      if (this.next !== undefined) top.array.push(this.next);
      else if (top.array.length > 0) throw this.problem('Expected another array element');
      this.close(top.array);
    } else {
      if (!top || !('object' in top)) throw this.problem("Unmatched '}'");
      if (this.next !== undefined) this.pair(top);
      else if (top.key !== undefined || top.object.size > 0)
        throw this.problem(
          top.key === undefined ? 'Expected another key-value pair' : 'Objects must consist of key:value pairs',
        );
      this.close(top.object);
    }
  }

  private close(value: Json): void {
    this.open.pop();
    this.next = value;
  }

  private colon(top: Open | undefined): void {
    if (this.next === undefined) throw this.problem("Expected string key before ':'");
    if (!top || !('object' in top)) throw this.problem("':' not as part of an object");
    if (top.key !== undefined) throw this.problem("':' should follow a key");
    if (typeof this.next !== 'string') throw this.problem('Object keys must be strings');
    top.key = this.next;
    this.next = undefined;
  }

  private comma(top: Open | undefined): void {
    if (this.next === undefined) throw this.problem("Expected value before ','");
    if (!top) throw this.problem("',' not as part of an array or object");
    if ('array' in top) top.array.push(this.next);
    else this.pair(top);
    this.next = undefined;
  }

  private pair(top: { object: Map<string, Json>; key?: string }): void {
    if (top.key === undefined) throw this.problem('Objects must consist of key:value pairs');
    top.object.set(top.key, this.next!);
    top.key = undefined;
  }
}

/** `fromjson`: exactly one value. */
export function parseJson(text: string): Json {
  const reader = new JsonReader();
  const all = [...reader.read(text), ...reader.end()];
  if (all.length > 1) throw new ParseProblem('Unexpected extra JSON values');
  return all[0] ?? null;
}
