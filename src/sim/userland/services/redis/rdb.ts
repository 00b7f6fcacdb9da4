/**
 * dump.rdb, the real format (version 10): REDIS0010, auxiliary fields, databases, 0xff, CRC-64. Collections are written
 * in their plain encodings (types 0 to 5), which every Redis reads; files with compact encodings are not read.
 */
import { Database, type Value } from './database.ts';
import { fromBytes, toBytes } from './resp.ts';

export interface Rdb {
  /** Number of a database -> what it holds. */
  databases: Map<number, Database>;
  version: string;
  /** Seconds since the epoch. */
  created: number;
}

/** A file that is none, or has what is not simulated. */
export class RdbError extends Error {}

const opcode = { aux: 0xfa, resize: 0xfb, expireMs: 0xfc, select: 0xfe, end: 0xff };

export function writeRdb(databases: readonly Database[], version: string, createdSeconds: number): Uint8Array {
  const out = new Writer();
  out.raw('REDIS0010');
  const aux: [string, string][] = [
    ['redis-ver', version],
    ['redis-bits', '64'],
    ['ctime', String(createdSeconds)],
    ['used-mem', '1000000'],
    ['aof-base', '0'],
  ];
  for (const [name, value] of aux) out.byte(opcode.aux).text(name).text(value);
  for (const [index, db] of databases.entries()) {
    const keys = db.keys();
    if (keys.length === 0) continue;
    out.byte(opcode.select).length(index).byte(opcode.resize).length(keys.length).length(db.withDeadline);
    for (const key of keys) writeKey(out, db, key);
  }
  out.byte(opcode.end);
  return out.finish();
}

function writeKey(out: Writer, db: Database, key: string): void {
  const deadline = db.deadline(key);
  if (deadline !== undefined) out.byte(opcode.expireMs).u64(BigInt(deadline));
  const value = db.get(key)!;
  switch (value.type) {
    case 'string':
      out.byte(0).text(key).text(value.text);
      break;
    case 'list':
      out.byte(1).text(key).length(value.items.length);
      for (const one of value.items) out.text(one);
      break;
    case 'set':
      out.byte(2).text(key).length(value.members.size);
      for (const one of value.members) out.text(one);
      break;
    case 'hash':
      out.byte(4).text(key).length(value.fields.size);
      for (const [name, one] of value.fields) out.text(name).text(one);
      break;
    case 'zset':
      out.byte(5).text(key).length(value.scores.size);
      for (const [member, score] of value.scores) out.text(member).double(score);
  }
}

class Writer {
  private readonly bytes: number[] = [];

  byte(value: number): this {
    this.bytes.push(value & 255);
    return this;
  }
  raw(text: string): this {
    for (const one of toBytes(text)) this.bytes.push(one);
    return this;
  }
  /** 6, 14 or 32 bits, the first two bits say which. */
  length(value: number): this {
    if (value < 64) return this.byte(value);
    if (value < 16384) return this.byte(0x40 | (value >> 8)).byte(value);
    return this.byte(0x80)
      .byte(value >>> 24)
      .byte(value >>> 16)
      .byte(value >>> 8)
      .byte(value);
  }
  text(value: string): this {
    return this.length(value.length).raw(value);
  }
  u64(value: bigint): this {
    for (let i = 0n; i < 8n; i++) this.byte(Number((value >> (8n * i)) & 255n));
    return this;
  }
  double(value: number): this {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.byte(view.getUint8(i));
    return this;
  }
  finish(): Uint8Array {
    this.u64(crc64(Uint8Array.from(this.bytes)));
    return Uint8Array.from(this.bytes);
  }
}

/** Jones's polynomial, reflected, no inversion: crc64.c. */
export function crc64(bytes: Uint8Array): bigint {
  let crc = 0n;
  for (const byte of bytes) crc = table[Number((crc ^ BigInt(byte)) & 255n)]! ^ (crc >> 8n);
  return crc;
}

const table = Array.from({ length: 256 }, (_, index) => {
  let crc = BigInt(index);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
  return crc;
});

/** Throws {@link RdbError}. */
export function readRdb(bytes: Uint8Array, now: () => number): Rdb {
  const reader = new Reader(bytes);
  if (!/^REDIS\d{4}$/.test(reader.raw(9))) throw new RdbError('Wrong signature trying to load DB from file');
  const stored = new Reader(bytes.subarray(-8)).u64();
  if (stored !== 0n && stored !== crc64(bytes.subarray(0, -8))) throw new RdbError('Wrong RDB checksum');
  const found: Rdb = { databases: new Map(), version: '', created: 0 };
  let db = new Database(now);
  found.databases.set(0, db);
  let deadline: number | undefined;
  for (;;) {
    const type = reader.byte();
    if (type === opcode.end) return found;
    if (type === opcode.aux) {
      const [name, value] = [reader.text(), reader.text()];
      if (name === 'redis-ver') found.version = value;
      if (name === 'ctime') found.created = Number(value);
    } else if (type === opcode.select) {
      const index = reader.length();
      db = found.databases.get(index) ?? new Database(now);
      found.databases.set(index, db);
    } else if (type === opcode.resize) {
      reader.length();
      reader.length();
    } else if (type === opcode.expireMs) deadline = Number(reader.u64());
    else {
      const key = reader.text();
      db.set(key, readValue(reader, type));
      if (deadline !== undefined) db.expireAt(key, deadline);
      deadline = undefined;
    }
  }
}

function readValue(reader: Reader, type: number): Value {
  const many = <T>(read: () => T): T[] => Array.from({ length: reader.length() }, read);
  switch (type) {
    case 0:
      return { type: 'string', text: reader.text() };
    case 1:
      return { type: 'list', items: many(() => reader.text()) };
    case 2:
      return { type: 'set', members: new Set(many(() => reader.text())) };
    case 4:
      return { type: 'hash', fields: new Map(many(() => [reader.text(), reader.text()] as const)) };
    case 5:
      return { type: 'zset', scores: new Map(many(() => [reader.text(), reader.double()] as const)) };
    default:
      throw new RdbError(`drydock: RDB value type ${type} is not simulated`);
  }
}

class Reader {
  private at = 0;
  private readonly view: DataView;
  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(count: number): number {
    const from = this.at;
    if (from + count > this.bytes.length) throw new RdbError('Unexpected EOF reading RDB file');
    this.at += count;
    return from;
  }
  byte = (): number => this.bytes[this.take(1)]!;
  raw = (length: number): string => {
    const from = this.take(length);
    return fromBytes(this.bytes.subarray(from, from + length));
  };
  u64 = (): bigint => this.view.getBigUint64(this.take(8), true);
  double = (): number => this.view.getFloat64(this.take(8), true);
  length = (): number => {
    const first = this.byte();
    if (first < 64) return first;
    if (first < 128) return ((first & 63) << 8) | this.byte();
    if (first === 0x80) return this.view.getUint32(this.take(4));
    throw new RdbError(`drydock: RDB length encoding ${first} is not simulated`);
  };
  /** Strings that are small integers have encodings of their own. */
  text = (): string => {
    const first = this.bytes[this.at]!;
    if (first === 0xc0) return String(this.view.getInt8(this.take(2) + 1));
    if (first === 0xc1) return String(this.view.getInt16(this.take(3) + 1, true));
    if (first === 0xc2) return String(this.view.getInt32(this.take(5) + 1, true));
    return this.raw(this.length());
  };
}
