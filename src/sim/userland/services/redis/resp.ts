/**
 * RESP, the protocol of Redis: redis.io/docs/latest/develop/reference/protocol-spec. Version 2, and what a server says in
 * version 3 to clients that ask for it. Bytes are held as strings of one character per byte, which serve as keys of maps.
 */

/** +OK */
export class Simple {
  constructor(readonly text: string) {}
}

/** -ERR ... : also what commands throw. */
export class Failure extends Error {}

/** *-1 */
export const nilArray = Symbol('nil array');

/** Of these version 2 knows only arrays and bulk strings. */
export class Pairs {
  /** Keys and values by turns. */
  constructor(readonly flat: readonly Reply[]) {}
}
export class Members {
  constructor(readonly items: readonly Reply[]) {}
}
/** What comes unasked. */
export class Push {
  constructor(readonly items: readonly Reply[]) {}
}
export class Double {
  constructor(readonly value: number) {}
}
/** A text that is meant to be read. */
export class Verbatim {
  constructor(readonly text: string) {}
}
/** Rows that version 2 has one after the other in one array. */
export class Rows {
  constructor(readonly rows: readonly (readonly Reply[])[]) {}
}

/** What a client reads, in version 2. Number: integer; string: bulk; null: $-1. */
export type Received = Simple | Failure | number | string | null | typeof nilArray | readonly Received[];

export type Reply = Received | Pairs | Members | Push | Double | Verbatim | Rows | readonly Reply[];

export type Protocol = 2 | 3;

/** As Redis prints doubles. */
export const floatText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? 'inf' : value === Number.NEGATIVE_INFINITY ? '-inf' : String(value);

export const ok = new Simple('OK');

export const fromBytes = (bytes: Uint8Array): string => {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
};
export const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export function encode(reply: Reply, protocol: Protocol = 2): string {
  const v3 = protocol === 3;
  const many = (mark: string, count: number, items: readonly Reply[]): string =>
    `${mark}${count}\r\n${items.map((one) => encode(one, protocol)).join('')}`;
  if (v3 && (reply === null || reply === nilArray)) return '_\r\n';
  if (reply === null) return '$-1\r\n';
  if (reply === nilArray) return '*-1\r\n';
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (reply instanceof Simple) return `+${reply.text}\r\n`;
  if (reply instanceof Failure) return `-${reply.message}\r\n`;
  if (reply instanceof Verbatim) {
    return v3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : encode(reply.text);
  }
  if (reply instanceof Double) return v3 ? `,${floatText(reply.value)}\r\n` : encode(floatText(reply.value));
  if (reply instanceof Pairs) {
    return v3 ? many('%', reply.flat.length / 2, reply.flat) : many('*', reply.flat.length, reply.flat);
  }
  if (reply instanceof Rows) return encode(v3 ? reply.rows : reply.rows.flat(), protocol);
  if (reply instanceof Members) return many(v3 ? '~' : '*', reply.items.length, reply.items);
  if (reply instanceof Push) return many(v3 ? '>' : '*', reply.items.length, reply.items);
  return many('*', reply.length, reply);
}

export const encodeCommand = (words: readonly string[]): string => encode(words);

/** Takes values off a growing buffer: `feed` bytes, then `next` until it gives undefined. Throws {@link Failure}. */
export class RespReader {
  private buffer = '';

  feed(bytes: Uint8Array): void {
    this.buffer += fromBytes(bytes);
  }

  /** A reply of a server. */
  next(): Received | undefined {
    const read = this.value(0);
    if (!read) return undefined;
    this.buffer = this.buffer.slice(read.end);
    return read.value;
  }

  /** A command of a client: an array of bulk strings, or words on a line (inline). */
  command(): string[] | undefined {
    if (this.buffer === '') return undefined;
    if (this.buffer.startsWith('*')) {
      const value = this.next();
      if (value === undefined) return undefined;
      if (!Array.isArray(value)) return [];
      return value.map((one) => {
        if (typeof one !== 'string') throw new Failure(`ERR Protocol error: expected '$', got ':'`);
        return one;
      });
    }
    const end = this.buffer.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.buffer.slice(0, end).replace(/\r$/, '');
    this.buffer = this.buffer.slice(end + 1);
    const words = splitWords(line);
    if (!words) throw new Failure('ERR Protocol error: unbalanced quotes in request');
    return words;
  }

  private value(at: number): { value: Received; end: number } | undefined {
    const eol = this.buffer.indexOf('\r\n', at);
    if (eol < 0) return undefined;
    const rest = this.buffer.slice(at + 1, eol);
    const end = eol + 2;
    switch (this.buffer[at]) {
      case '+':
        return { value: new Simple(rest), end };
      case '-':
        return { value: new Failure(rest), end };
      case ':':
        return { value: Number(rest), end };
      case '$':
        return this.bulk(Number(rest), end);
      case '*':
        return this.array(Number(rest), end);
      default:
        throw new Failure(`ERR Protocol error, got ${JSON.stringify(this.buffer[at])} as reply type byte`);
    }
  }

  private bulk(length: number, start: number): { value: Received; end: number } | undefined {
    if (length < 0) return { value: null, end: start };
    if (!(length <= 512 << 20)) throw new Failure('ERR Protocol error: invalid bulk length');
    if (this.buffer.length < start + length + 2) return undefined;
    return { value: this.buffer.slice(start, start + length), end: start + length + 2 };
  }

  private array(length: number, start: number): { value: Received; end: number } | undefined {
    if (length < 0) return { value: nilArray, end: start };
    if (!(length <= 1 << 20)) throw new Failure('ERR Protocol error: invalid multibulk length');
    const items: Received[] = [];
    let end = start;
    for (let i = 0; i < length; i++) {
      const item = this.value(end);
      if (!item) return undefined;
      items.push(item.value);
      end = item.end;
    }
    return { value: items, end };
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/** Words of a line, quoted as sdssplitargs reads them; undefined when quotes do not balance. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  const form = /\s*(?:"((?:\\x[0-9a-fA-F]{2}|\\[\s\S]|[^"\\])*)"(?=\s|$)|'((?:\\'|[^'])*)'(?=\s|$)|([^\s"']\S*))/y;
  const text = line.trim();
  while (form.lastIndex < text.length) {
    const match = form.exec(text);
    if (!match) return undefined;
    const [, double, single, plain] = match;
    if (plain !== undefined) words.push(plain);
    else if (single !== undefined) words.push(single.replace(/\\'/g, "'"));
    else {
      words.push(
        double!.replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, hex: string | undefined, c: string) =>
          hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[c] ?? c),
        ),
      );
    }
  }
  return words;
}
