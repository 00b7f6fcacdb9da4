import type { Content } from '../spec/index.ts';
import { TarError } from './entry.ts';
import { gunzip } from './gunzip.ts';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** By the first bytes, as Docker decides; anything unknown counts as not compressed. */
export const detectCompression = (content: Content): Compression => compressionOf(content.read(0, 6));

/** By the first six bytes. */
export const compressionOf = (head: Uint8Array): Compression =>
  magics.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0] ?? 'none';

const extensions = { none: 'tar', gzip: 'tar.gz', bzip2: 'tar.bz2', xz: 'tar.xz', zstd: 'tar.zst' } as const;

export const unsupportedCompression = (compression: Compression): TarError =>
  new TarError(`Unsupported compression format ${extensions[compression]}`);

/**
 * The content without its compression; what is not compressed comes back as it is. Throws {@link TarError}.
 *
 * Differs from Docker: bzip2 and xz are recognised but not decompressed.
 */
export function decompress(content: Content): Content {
  const compression = detectCompression(content);
  if (compression === 'none') return content;
  if (compression === 'gzip') return gunzip(content);
  throw unsupportedCompression(compression);
}
