/** PAX extended header records (POSIX pax, "pax Extended Header"): `<length> <key>=<value>\n`, repeated. */
import type { Timespec } from '../spec/index.ts';
import { utf8 } from '../spec/index.ts';
import { invalidHeader } from './tar-format.ts';

export type PaxRecords = Map<string, Uint8Array>;

/** Records sorted by key, as Go writes them. */
export function formatPax(records: PaxRecords): Uint8Array {
  const lines = [...records.keys()].sort(bytewise).map((key) => formatRecord(key, records.get(key)!));
  const out = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
  let at = 0;
  for (const line of lines) {
    out.set(line, at);
    at += line.length;
  }
  return out;
}

const bytewise = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The length counts its own digits. */
function formatRecord(key: string, value: Uint8Array): Uint8Array {
  const head = utf8(` ${key}=`);
  const body = head.length + value.length + 1;
  let length = body + String(body).length;
  if (body + String(length).length !== length) length = body + String(length).length;
  const out = new Uint8Array(length);
  const digits = utf8(String(length));
  out.set(digits);
  out.set(head, digits.length);
  out.set(value, digits.length + head.length);
  out[length - 1] = 0x0a;
  return out;
}

/** Throws TarError on anything malformed. */
export function parsePax(data: Uint8Array): PaxRecords {
  const records: PaxRecords = new Map();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? 0 : decimal(data.subarray(at, space));
    const end = at + length;
    if (length < 5 || end > data.length || data[end - 1] !== 0x0a) throw invalidHeader();
    const equals = data.indexOf(0x3d, space + 1);
    if (equals <= space + 1 || equals >= end) throw invalidHeader();
    const key = text(data.subarray(space + 1, equals));
    const value = data.subarray(equals + 1, end - 1);
    if (key.includes('\0') || (textKeys.has(key) && value.includes(0))) throw invalidHeader();
    records.set(key, value);
    at = end;
  }
  return records;
}

const textKeys = new Set(['path', 'linkpath', 'uname', 'gname']);

function decimal(digits: Uint8Array): number {
  const value = text(digits);
  return /^\d{1,10}$/.test(value) ? Number(value) : 0;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Decimal seconds with up to nine digits of fraction; negative times count down from zero: -1.5 is sec -2, nsec 5e8. */
export function formatPaxTime({ sec, nsec }: Timespec): string {
  if (nsec === 0) return String(sec);
  const [sign, seconds, fraction] = sec < 0 ? ['-', -(sec + 1), 1e9 - nsec] : ['', sec, nsec];
  return `${sign}${seconds}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
}

export function parsePaxTime(value: string): Timespec {
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(value);
  if (!match) throw invalidHeader();
  const seconds = Number(match[2]);
  const fraction = Number((match[3] ?? '').padEnd(9, '0').slice(0, 9));
  if (!match[1]) return { sec: seconds, nsec: fraction };
  return fraction ? { sec: -seconds - 1, nsec: 1e9 - fraction } : { sec: 0 - seconds, nsec: 0 };
}
