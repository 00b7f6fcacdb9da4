/** Messages of PostgreSQL's protocol, version 3 ("Message Formats" of its documentation). */
import { fromUtf8, utf8 } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';

export interface Message {
  /** One letter; '' for the first one of a connection. */
  type: string;
  body: Uint8Array;
  /** With its letter and length, as it came. */
  whole: Uint8Array;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const int32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value);
  return bytes;
};
export const int16 = (value: number): Uint8Array => int32(value).subarray(2);
/** Text, ended by a zero. */
export const text = (value: string): Uint8Array => utf8(`${value}\0`);

/** Without `type`: the first message of a connection. */
export function message(type: string, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return joinBytes([utf8(type), int32(length), ...parts]);
}

/** Reads what a message's body holds, from front to back. */
export class Fields {
  private at = 0;
  private readonly view: DataView;
  constructor(readonly body: Uint8Array) {
    this.view = new DataView(body.buffer, body.byteOffset, body.length);
  }
  get left(): number {
    return this.body.length - this.at;
  }
  byte(): number {
    return this.body[this.at++] ?? 0;
  }
  int16(): number {
    this.at += 2;
    return this.view.getInt16(this.at - 2);
  }
  int32(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }
  bytes(length = this.left): Uint8Array {
    this.at += length;
    return this.body.subarray(this.at - length, this.at);
  }
  text(): string {
    let end = this.at;
    while (end < this.body.length && this.body[end] !== 0) end++;
    const found = fromUtf8(this.body.subarray(this.at, end));
    this.at = end + 1;
    return found;
  }
}

/** Cuts a stream of bytes into messages. */
export class MessageCutter {
  private bytes: Uint8Array = new Uint8Array(0);

  feed(more: Uint8Array): void {
    this.bytes = this.bytes.length === 0 ? more : joinBytes([this.bytes, more]);
  }
  /** `typed`: it begins with a letter. */
  next(typed = true): Message | undefined {
    const { bytes } = this;
    const head = typed ? 1 : 0;
    if (bytes.length < head + 4) return undefined;
    const end = head + new DataView(bytes.buffer, bytes.byteOffset).getInt32(head);
    if (bytes.length < end) return undefined;
    this.bytes = bytes.subarray(end);
    const type = typed ? String.fromCharCode(bytes[0]!) : '';
    return { type, body: bytes.subarray(head + 4, end), whole: bytes.subarray(0, end) };
  }
}

export class MessageReader {
  private readonly cutter = new MessageCutter();
  constructor(
    private readonly sys: Sys,
    private readonly fd: number,
  ) {}
  /** Undefined at the end of the stream. */
  async next(typed = true): Promise<Message | undefined> {
    for (;;) {
      const found = this.cutter.next(typed);
      if (found) return found;
      const bytes = await this.sys.read(this.fd);
      if (bytes.length === 0) return undefined;
      this.cutter.feed(bytes);
    }
  }
  /** What was read already. */
  ready(): Message | undefined {
    return this.cutter.next();
  }
}

/** All messages of a run of bytes. */
export function messagesIn(bytes: Uint8Array): Message[] {
  const cutter = new MessageCutter();
  cutter.feed(bytes);
  const out: Message[] = [];
  for (let one = cutter.next(); one; one = cutter.next()) out.push(one);
  return out;
}

/** ErrorResponse and NoticeResponse: field letter -> text. */
export function readReport(body: Uint8Array): Map<string, string> {
  const fields = new Fields(body);
  const report = new Map<string, string>();
  for (let letter = fields.byte(); letter !== 0; letter = fields.byte())
    report.set(String.fromCharCode(letter), fields.text());
  return report;
}

export const report = (type: 'E' | 'N', fields: Readonly<Record<string, string>>): Uint8Array =>
  message(type, ...Object.entries(fields).flatMap(([letter, value]) => [utf8(letter), text(value)]), utf8('\0'));

/** The columns of a row; null where there is none. */
export function readRow(body: Uint8Array): (string | null)[] {
  const fields = new Fields(body);
  return Array.from({ length: fields.int16() }, () => {
    const length = fields.int32();
    return length < 0 ? null : fromUtf8(fields.bytes(length));
  });
}
