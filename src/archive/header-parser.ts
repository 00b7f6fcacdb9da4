/**
 * From header blocks to entries, for both readers: V7, ustar, star, PAX and GNU headers, with Go's archive/tar as the
 * measure of what is accepted and which error is given.
 */
import { type Content, emptyContent, type Timespec, utf8 } from '../spec/index.ts';
import { type TarEntry, TarError, type TarType } from './entry.ts';
import { type PaxRecords, parsePax, parsePaxTime, text } from './pax.ts';
import { checksum, fields, invalidHeader, magicAt, typeAt, typeFlags, xattrPrefix } from './tar-format.ts';

export interface RawHeader {
  block: Uint8Array;
  flag: string;
  /** Bytes of data that follow, padding not counted. */
  size: number;
}

/** Collects the special headers in front of an entry (PAX records, GNU long names) and makes the entry. */
export class HeaderParser {
  private pax: PaxRecords = new Map();
  private longName = '';
  private longLink = '';

  /** Checks the block; null for a block of zeros. The size is the final one, PAX considered. */
  parse(block: Uint8Array): RawHeader | null {
    if (block.every((byte) => byte === 0)) return null;
    const stated = octal(block, 'checksum');
    if (stated !== checksum(block) && stated !== signedChecksum(block)) throw invalidHeader();
    const flag = String.fromCharCode(block[typeAt]!);
    if (isSpecial(flag)) return { block, flag, size: natural(number(block, 'size')) };
    if (flag === 'S' || [...this.pax.keys()].some((key) => key.startsWith('GNU.sparse.'))) {
      throw new TarError('drydock: sparse files in tar archives are not simulated');
    }
    const size = natural(this.paxNumber('size') ?? number(block, 'size'));
    return { block, flag, size: headerOnly.has(flag) ? 0 : size };
  }

  /** Takes in the data of a special header. */
  special(header: RawHeader, data: Uint8Array): void {
    // Docker ignores PAX global headers; GNU's long names end at the first NUL.
    if (header.flag === 'x') this.pax = parsePax(data.slice());
    else if (header.flag === 'L') this.longName = cString(data);
    else if (header.flag === 'K') this.longLink = cString(data);
  }

  /** The entry of a main header; forgets the special headers. */
  entry({ block, flag, size }: RawHeader, content: Content): TarEntry {
    const name = this.longName || this.paxText('path') || headerName(block);
    const linkname = this.longLink || this.paxText('linkpath') || cString(field(block, 'linkname'));
    const type = entryType(flag, name);
    const devices = (type === 'char' || type === 'block') && hasUstarFields(block);
    const entry: TarEntry = {
      name,
      type,
      linkname,
      mode: number(block, 'mode'),
      uid: this.paxNumber('uid') ?? number(block, 'uid'),
      gid: this.paxNumber('gid') ?? number(block, 'gid'),
      ...this.owners(block),
      mtime: this.mtime(block),
      size: type === 'file' ? size : 0,
      devmajor: devices ? number(block, 'devmajor') : 0,
      devminor: devices ? number(block, 'devminor') : 0,
      xattrs: this.xattrs(),
      content: type === 'file' ? content : emptyContent,
    };
    this.pax = new Map();
    this.longName = this.longLink = '';
    return entry;
  }

  private owners(block: Uint8Array): { uname?: string; gname?: string } {
    const uname = this.paxText('uname') || (hasUstarFields(block) ? cString(field(block, 'uname')) : '');
    const gname = this.paxText('gname') || (hasUstarFields(block) ? cString(field(block, 'gname')) : '');
    return { ...(uname && { uname }), ...(gname && { gname }) };
  }

  private mtime(block: Uint8Array): Timespec {
    const value = this.paxText('mtime');
    return value ? parsePaxTime(value) : { sec: number(block, 'mtime'), nsec: 0 };
  }

  private xattrs(): ReadonlyMap<string, Uint8Array> {
    if (this.pax.size === 0) return none;
    const out = new Map<string, Uint8Array>();
    for (const [key, value] of this.pax) if (key.startsWith(xattrPrefix)) out.set(key.slice(xattrPrefix.length), value);
    return out;
  }

  private paxText(key: string): string {
    const value = this.pax.get(key);
    return value ? text(value) : '';
  }

  private paxNumber(key: string): number | undefined {
    const value = this.paxText(key);
    if (!value) return undefined;
    const parsed = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(parsed)) throw invalidHeader();
    return parsed;
  }
}

const none: ReadonlyMap<string, Uint8Array> = new Map();

/** PAX and GNU headers that describe the entry after them. */
export const isSpecial = (flag: string): boolean => 'xgLK'.includes(flag);

const headerOnly = new Set(['1', '2', '3', '4', '5', '6']);
const byFlag = new Map(Object.entries(typeFlags).map(([type, flag]) => [flag, type as TarType]));

function entryType(flag: string, name: string): TarType {
  if (flag === '\0') return name.endsWith('/') ? 'directory' : 'file';
  if (flag === '7') return 'file';
  const type = byFlag.get(flag);
  if (!type) throw new TarError(`unhandled tar header type ${flag.charCodeAt(0)}`);
  return type;
}

function headerName(block: Uint8Array): string {
  const name = cString(field(block, 'name'));
  if (!isUstar(block)) return name;
  // star's own trailer shortens the prefix to 131 bytes: atime and ctime follow it.
  const star = block[508] === 0x74 && text(block.subarray(508, 512)) === 'tar\0';
  const prefix = cString(block.subarray(345, star ? 476 : 500));
  return prefix ? `${prefix}/${name}` : name;
}

const posixMagic = utf8('ustar\0');
const gnuMagic = utf8('ustar  \0');
const hasMagic = (block: Uint8Array, magic: Uint8Array): boolean =>
  magic.every((byte, index) => block[magicAt + index] === byte);
const isUstar = (block: Uint8Array): boolean => hasMagic(block, posixMagic);
const hasUstarFields = (block: Uint8Array): boolean => isUstar(block) || hasMagic(block, gnuMagic);

const field = (block: Uint8Array, name: keyof typeof fields): Uint8Array => {
  const [at, width] = fields[name];
  return block.subarray(at, at + width);
};

function cString(bytes: Uint8Array): string {
  if (bytes[0] === 0) return '';
  const end = bytes.indexOf(0);
  return text(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal, or base-256 when the first bit is set (GNU). */
function number(block: Uint8Array, name: keyof typeof fields): number {
  const bytes = field(block, name);
  if ((bytes[0]! & 0x80) === 0) return octal(block, name);
  const inverted = (bytes[0]! & 0x40) !== 0 ? 0xff : 0;
  let value = 0;
  bytes.forEach((byte, at) => {
    value = value * 256 + ((at === 0 ? (byte ^ inverted) & 0x7f : byte ^ inverted) & 0xff);
  });
  if (!Number.isSafeInteger(value)) throw invalidHeader();
  return inverted ? -value - 1 : value;
}

function octal(block: Uint8Array, name: keyof typeof fields): number {
  return plainOctal(block, name) ?? looseOctal(block, name);
}

/** The usual form: digits, then NUL or space. Undefined for any other. */
function plainOctal(block: Uint8Array, name: keyof typeof fields): number | undefined {
  const [at, width] = fields[name];
  let value = 0;
  let digits = 0;
  for (; digits < width; digits++) {
    const digit = block[at + digits]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (let i = digits; i < width; i++) if (block[at + i] !== 0 && block[at + i] !== 0x20) return undefined;
  return digits > 0 ? value : undefined;
}

function looseOctal(block: Uint8Array, name: keyof typeof fields): number {
  const digits = text(field(block, name)).replace(/^[ \0]+|[ \0]+$/g, '');
  const value = digits.replace(/\0.*$/s, '');
  if (value === '') return 0;
  if (!/^[0-7]+$/.test(value)) throw invalidHeader();
  return Number.parseInt(value, 8);
}

function natural(size: number): number {
  if (size < 0) throw invalidHeader();
  return size;
}

// Sun's tar summed signed bytes.
function signedChecksum(block: Uint8Array): number {
  let sum = checksum(block);
  for (let i = 0; i < block.length; i++) if ((i < 148 || i >= 156) && block[i]! > 127) sum -= 256;
  return sum;
}
