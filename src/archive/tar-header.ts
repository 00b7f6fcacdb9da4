/**
 * Headers as Go's archive/tar writes them with Format PAX (what Docker's layers are made with): plain ustar where
 * everything fits, the 155-byte prefix for long ASCII names, else a PAX header in front. diffIDs depend on every byte.
 */
import { utf8 } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';
import { formatPax, formatPaxTime, type PaxRecords } from './pax.ts';
import {
  blockSize,
  checksum,
  fields,
  fieldTooLong,
  magicAt,
  maxSpecialSize,
  padding,
  typeAt,
  typeFlags,
  xattrPrefix,
} from './tar-format.ts';

/** Bytes of the header(s) of an entry, without its data. Cheap for the ordinary entry: nothing is serialised. */
export function headerSize(entry: TarEntry): number {
  if (isOrdinary(entry)) return blockSize;
  const plan = planHeader(entry);
  if (!plan.pax) return blockSize;
  const length = formatPax(plan.pax).length;
  return 2 * blockSize + length + padding(length);
}

/** The header block(s) of an entry: ustar, or PAX header, its records and the main header. */
export function encodeHeader(entry: TarEntry): Uint8Array {
  if (isOrdinary(entry)) return mainHeader(entry, entry.name, '', (value) => value);
  const plan = planHeader(entry);
  if (!plan.pax) return mainHeader(entry, plan.name, plan.prefix, (value) => value);
  const records = formatPax(plan.pax);
  if (records.length > maxSpecialSize) throw fieldTooLong();
  const out = new Uint8Array(2 * blockSize + records.length + padding(records.length));
  out.set(paxHeader(entry.name, records.length));
  out.set(records, blockSize);
  out.set(mainHeader(entry, entry.name, '', toAscii), out.length - blockSize);
  return out;
}

/** Whether all of it fits a ustar header as it is: nearly every entry, told without making a plan. */
function isOrdinary({ name, linkname, uname = '', gname = '', uid, gid, size, mtime, xattrs }: TarEntry): boolean {
  if (name.length > 100 || linkname.length > 100 || uname.length > 32 || gname.length > 32) return false;
  if (mtime.nsec !== 0 || xattrs.size > 0) return false;
  if (!fitsOctal(8, uid) || !fitsOctal(8, gid) || !fitsOctal(12, size) || !fitsOctal(12, mtime.sec)) return false;
  return isAscii(name) && isAscii(linkname) && isAscii(uname) && isAscii(gname);
}

interface HeaderPlan {
  /** Absent: ustar alone. */
  pax?: PaxRecords;
  prefix: string;
  name: string;
}

function planHeader(entry: TarEntry): HeaderPlan {
  const records: PaxRecords = new Map();
  const split = splitPath(entry.name);
  // A splittable name alone needs no PAX header, but once there is one for another reason it holds the name as well.
  let ustar = true;
  const string = (key: string, value: string, width: number, fitsAnyway = false): void => {
    if (isAscii(value) && value.length <= width) return;
    records.set(key, utf8(value));
    if (!fitsAnyway) ustar = false;
  };
  const record = (key: string, value: string): void => {
    records.set(key, utf8(value));
    ustar = false;
  };
  string('path', entry.name, 100, split !== undefined);
  string('linkpath', entry.linkname, 100);
  string('uname', entry.uname ?? '', 32);
  string('gname', entry.gname ?? '', 32);
  if (!fitsOctal(8, entry.uid)) record('uid', String(entry.uid));
  if (!fitsOctal(8, entry.gid)) record('gid', String(entry.gid));
  if (!fitsOctal(12, entry.size)) record('size', String(entry.size));
  if (entry.mtime.nsec || !fitsOctal(12, entry.mtime.sec)) record('mtime', formatPaxTime(entry.mtime));
  for (const [name, value] of entry.xattrs) {
    records.set(xattrPrefix + name, value);
    ustar = false;
  }
  if (!ustar) return { pax: records, prefix: '', name: entry.name };
  return split ? { prefix: split[0], name: split[1] } : { prefix: '', name: entry.name };
}

/** At the last slash that leaves both parts short enough; undefined when there is none or no need. */
function splitPath(name: string): [prefix: string, name: string] | undefined {
  if (name.length <= 100 || !isAscii(name)) return undefined;
  const length = name.length > 156 ? 156 : name.endsWith('/') ? name.length - 1 : name.length;
  const slash = name.lastIndexOf('/', length - 1);
  const rest = name.length - slash - 1;
  return slash <= 0 || rest > 100 || rest === 0 ? undefined : [name.slice(0, slash), name.slice(slash + 1)];
}

function mainHeader(entry: TarEntry, name: string, prefix: string, ascii: (text: string) => string): Uint8Array {
  const block = new Uint8Array(blockSize);
  putString(block, 'name', ascii(name));
  putOctal(block, 'mode', entry.mode);
  putOctal(block, 'uid', entry.uid);
  putOctal(block, 'gid', entry.gid);
  putOctal(block, 'size', entry.size);
  putOctal(block, 'mtime', entry.mtime.sec);
  block[typeAt] = typeFlags[entry.type].charCodeAt(0);
  putString(block, 'linkname', ascii(entry.linkname));
  putString(block, 'uname', ascii(entry.uname ?? ''));
  putString(block, 'gname', ascii(entry.gname ?? ''));
  putOctal(block, 'devmajor', entry.devmajor);
  putOctal(block, 'devminor', entry.devminor);
  putString(block, 'prefix', prefix);
  return seal(block);
}

/** The block before PAX records: no names, no device fields. */
function paxHeader(name: string, size: number): Uint8Array {
  const block = new Uint8Array(blockSize);
  const slash = name.lastIndexOf('/') + 1;
  const path = cleanPath(`${name.slice(0, slash)}/PaxHeaders.0/${name.slice(slash)}`, name.startsWith('/'));
  putString(block, 'name', toAscii(path).slice(0, 100).replace(/\/+$/, ''));
  for (const field of ['mode', 'uid', 'gid', 'mtime'] as const) putOctal(block, field, 0);
  putOctal(block, 'size', size);
  block[typeAt] = 'x'.charCodeAt(0);
  return seal(block);
}

/** Go's path.Clean of a joined path. */
function cleanPath(path: string, rooted: boolean): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.length && out[out.length - 1] !== '..') out.pop();
    else if (!rooted) out.push(part);
  }
  return (rooted ? '/' : '') + out.join('/');
}

const magic = utf8('ustar\x0000');

function seal(block: Uint8Array): Uint8Array {
  block.set(magic, magicAt);
  const [at] = fields.checksum;
  octalDigits(block, at, 6, checksum(block));
  block[at + 7] = 0x20;
  return block;
}

function putString(block: Uint8Array, field: keyof typeof fields, value: string): void {
  if (value === '') return;
  const [at, width] = fields[field];
  const bytes = utf8(value);
  block.set(bytes.subarray(0, width), at);
  // A cut name must not end in a slash: some readers would take the file for a directory.
  if (bytes.length > width && block[at + width - 1] === 0x2f) {
    block[at + value.slice(0, width - 1).replace(/\/+$/, '').length] = 0;
  }
}

/** Zero when it does not fit: a PAX record has it then. */
function putOctal(block: Uint8Array, field: keyof typeof fields, value: number): void {
  const [at, width] = fields[field];
  octalDigits(block, at, width - 1, fitsOctal(width, value) ? value : 0);
}

/** Written from the last digit, without going by a text: a layer has ten such fields for each of its files. */
function octalDigits(block: Uint8Array, at: number, digits: number, value: number): void {
  for (let i = digits - 1, rest = value; i >= 0; i--) {
    block[at + i] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

const limits = new Map([8, 12].map((width) => [width, 8 ** (width - 1)]));
const fitsOctal = (width: number, value: number): boolean => value >= 0 && value < limits.get(width)!;

function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 0x7f) return false;
  }
  return true;
}

const toAscii = (value: string): string => value.replace(/[^\x01-\x7f]/g, '');
