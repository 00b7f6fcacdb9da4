/** Tar headers as GNU tar and BusyBox write them (tar(5), "GNU tar archives"): long names by `././@LongLink` entries. */
import type { TarEntry, TarType } from '../../../archive/index.ts';
import { BytesContent, ConcatContent, type Content, type Steps, utf8 } from '../../../spec/index.ts';

const blockSize = 512;
const nameSize = 100;
const flags: Record<TarType, string> = {
  file: '0',
  link: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** The archive, padded with zeros to a multiple of `record` bytes; an entry a step. */
export function* gnuArchive(entries: readonly TarEntry[], record: number): Steps<Content> {
  const parts: Content[] = [];
  for (const entry of entries) {
    yield;
    parts.push(...entryParts(entry));
  }
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const end = Math.ceil((size + 2 * blockSize) / record) * record;
  return new ConcatContent([...parts, new BytesContent(new Uint8Array(end - size))]);
}

function entryParts(entry: TarEntry): Content[] {
  const parts: Content[] = [];
  if (utf8(entry.linkname).length > nameSize) parts.push(...longName('K', entry.linkname));
  if (utf8(entry.name).length > nameSize) parts.push(...longName('L', entry.name));
  parts.push(new BytesContent(header(entry, flags[entry.type])));
  if (entry.type === 'file' && entry.size > 0) parts.push(...padded(entry.content));
  return parts;
}

function padded(content: Content): Content[] {
  const rest = content.size % blockSize;
  return rest ? [content, new BytesContent(new Uint8Array(blockSize - rest))] : [content];
}

function longName(flag: 'K' | 'L', name: string): Content[] {
  const data = new BytesContent(utf8(`${name}\0`));
  const fields = { name: '././@LongLink', mode: 0o644, uid: 0, gid: 0, size: data.size, linkname: '' };
  const head = header({ ...fields, mtime: { sec: 0 }, uname: 'root', gname: 'root' }, flag);
  return [new BytesContent(head), ...padded(data)];
}

type HeaderFields = Pick<TarEntry, 'name' | 'mode' | 'uid' | 'gid' | 'size' | 'linkname' | 'uname' | 'gname'> & {
  mtime: { sec: number };
  devmajor?: number;
  devminor?: number;
};

function header(entry: HeaderFields, flag: string): Uint8Array {
  const block = new Uint8Array(blockSize);
  const text = (at: number, width: number, value: string) => block.set(utf8(value).subarray(0, width), at);
  const number = (at: number, width: number, value: number) => block.set(numberField(value, width), at);
  text(0, nameSize, entry.name);
  number(100, 8, entry.mode & 0o7777);
  number(108, 8, entry.uid);
  number(116, 8, entry.gid);
  number(124, 12, entry.size);
  number(136, 12, entry.mtime.sec);
  text(148, 8, '        ');
  text(156, 1, flag);
  text(157, nameSize, entry.linkname);
  text(257, 8, 'ustar  \0');
  text(265, 31, entry.uname ?? '');
  text(297, 31, entry.gname ?? '');
  if (flag === flags.char || flag === flags.block) {
    number(329, 8, entry.devmajor ?? 0);
    number(337, 8, entry.devminor ?? 0);
  }
  let sum = 0;
  for (const byte of block) sum += byte;
  text(148, 8, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** Octal digits and a NUL; base 256 with the top bit set when they do not suffice or the value is negative. */
function numberField(value: number, width: number): Uint8Array {
  if (value >= 0 && value < 8 ** (width - 1)) return utf8(`${value.toString(8).padStart(width - 1, '0')}\0`);
  const out = new Uint8Array(width);
  let rest = BigInt.asUintN(8 * width, BigInt(value));
  for (let i = width - 1; i >= 0; i--) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  out[0] = value < 0 ? 0xff : 0x80;
  return out;
}
