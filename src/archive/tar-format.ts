/**
 * The 512-byte header block, POSIX ustar (offset, width):
 *
 *   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 type 1
 *   157 linkname 100 | 257 magic 6 | 263 version 2 | 265 uname 32 | 297 gname 32 | 329 devmajor 8 | 337 devminor 8
 *   345 prefix 155 | 500 unused 12
 */
import { TarError, type TarType } from './entry.ts';

export const blockSize = 512;

export const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  linkname: [157, 100],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
} as const;

export const typeAt = 156;
export const magicAt = 257;

export const typeFlags: Record<TarType, string> = {
  file: '0',
  link: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Bytes from `size` to the next block boundary. */
export const padding = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

/** The unsigned sum of the header's bytes, the checksum field taken as spaces. */
export function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockSize; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum;
}

export const xattrPrefix = 'SCHILY.xattr.';
/** Go's maxSpecialFileSize: more than this in a PAX header or a GNU long name is refused. */
export const maxSpecialSize = 1 << 20;

export const invalidHeader = (): TarError => new TarError('archive/tar: invalid tar header');
export const unexpectedEnd = (): TarError => new TarError('unexpected EOF');
export const fieldTooLong = (): TarError => new TarError('archive/tar: header field too long');
