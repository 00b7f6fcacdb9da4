/** DNS messages (RFC 1035): the parts that A and PTR queries need. */
import { fromUtf8, utf8 } from '../../spec/index.ts';
import { formatIp, parseIp } from './ip.ts';

export const typeA = 1;
export const typePtr = 12;

export interface Question {
  id: number;
  name: string;
  type: number;
}

export type Rcode = 'ok' | 'nxdomain' | 'servfail';
const rcodes: Record<Rcode, number> = { ok: 0, servfail: 2, nxdomain: 3 };

export function makeQuery({ id, name, type }: Question): Uint8Array {
  return message(id, 0x0100, question(name, type), []);
}

export function parseQuestion(bytes: Uint8Array): Question {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { name, next } = readName(bytes, 12);
  return { id: view.getUint16(0), name, type: view.getUint16(next) };
}

/** Values are addresses for A, names for PTR. */
export function makeAnswer(
  { id, name, type }: Question,
  values: readonly string[],
  rcode: Rcode = 'ok',
  ttl = 600,
): Uint8Array {
  const records = values.map((value) => {
    const data = type === typeA ? ipBytes(value) : encodeName(value);
    const head = [0xc0, 12, 0, type, 0, 1, ttl >>> 24, (ttl >>> 16) & 255, (ttl >>> 8) & 255, ttl & 255];
    return Uint8Array.from([...head, data.length >> 8, data.length & 255, ...data]);
  });
  return message(id, 0x8180 | rcodes[rcode], question(name, type), records);
}

export function parseAnswer(bytes: Uint8Array): { id: number; rcode: Rcode; values: string[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const code = view.getUint16(2) & 15;
  const values: string[] = [];
  let at = readName(bytes, 12).next + 4;
  for (let left = view.getUint16(6); left > 0; left--) {
    at = readName(bytes, at).next;
    const type = view.getUint16(at);
    const size = view.getUint16(at + 8);
    if (type === typeA) values.push(formatIp(view.getUint32(at + 10)));
    else if (type === typePtr) values.push(readName(bytes, at + 10).name);
    at += 10 + size;
  }
  const rcode = code === 3 ? 'nxdomain' : code === 0 ? 'ok' : 'servfail';
  return { id: view.getUint16(0), rcode, values };
}

function message(id: number, flags: number, asked: Uint8Array, answers: readonly Uint8Array[]): Uint8Array {
  const head = [
    id >> 8,
    id & 255,
    flags >> 8,
    flags & 255,
    0,
    1,
    answers.length >> 8,
    answers.length & 255,
    0,
    0,
    0,
    0,
  ];
  return Uint8Array.from([...head, ...asked, ...answers.flatMap((record) => [...record])]);
}

const question = (name: string, type: number): Uint8Array => Uint8Array.from([...encodeName(name), 0, type, 0, 1]);

const encodeName = (name: string): number[] => [
  ...name
    .split('.')
    .filter(Boolean)
    .flatMap((label) => [label.length, ...utf8(label)]),
  0,
];

function ipBytes(text: string): number[] {
  const value = parseIp(text) ?? 0;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function readName(bytes: Uint8Array, start: number): { name: string; next: number } {
  const labels: string[] = [];
  let next = 0;
  for (let at = start, jumps = 0; jumps < 32; ) {
    const size = bytes[at] ?? 0;
    if ((size & 0xc0) === 0xc0) {
      next ||= at + 2;
      at = ((size & 0x3f) << 8) | bytes[at + 1]!;
      jumps++;
      continue;
    }
    if (size === 0) {
      next ||= at + 1;
      break;
    }
    labels.push(fromUtf8(bytes.subarray(at + 1, at + 1 + size)));
    at += 1 + size;
  }
  return { name: labels.join('.'), next };
}
