/**
 * gzip as a lazy content. The output is a sequence of gzip members (RFC 1952 2.2), one per 64 KiB of input, as in
 * eStargz: every reader takes that for one stream, and any range can be made again by compressing the few members it
 * touches, so a compressed layer of any size is never held. fflate at a fixed level with no time: the same bytes in
 * every browser.
 */
import { gzipSync } from 'fflate';
import { BytesContent, type Content } from '../spec/index.ts';
import { crc32 } from './crc32.ts';
import { deflate } from './deflate.ts';

const memberInput = 65536;
const level = 6;

export class GzipContent implements Content {
  /** Offset of each member, then the end; made by the first read. */
  private offsets: number[] | undefined;
  private lastMember: { index: number; bytes: Uint8Array } | undefined;

  /** `size`, when known from before (catalogue content), spares compressing only to learn it. */
  constructor(
    readonly inner: Content,
    private readonly knownSize?: number,
  ) {}

  get size(): number {
    return this.knownSize ?? this.index().at(-1)!;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const offsets = this.index();
    const out = new Uint8Array(end - offset);
    for (let at = offset, index = memberAt(offsets, offset); at < end; index++) {
      const piece = this.member(index).subarray(at - offsets[index]!, end - offsets[index]!);
      out.set(piece, at - offset);
      at += piece.length;
    }
    return out;
  }

  private index(): number[] {
    if (this.offsets) return this.offsets;
    const offsets = [0];
    // An empty input still is one member.
    const members = Math.max(1, Math.ceil(this.inner.size / memberInput));
    for (let i = 0; i < members; i++) offsets.push(offsets[i]! + this.member(i).length);
    this.offsets = offsets;
    return offsets;
  }

  private member(index: number): Uint8Array {
    if (this.lastMember?.index === index) return this.lastMember.bytes;
    const bytes = compress(this.inner.read(index * memberInput, memberInput));
    this.lastMember = { index, bytes };
    return bytes;
  }
}

/** Deterministic gzip of a content, made when read. */
export const gzip = (content: Content): GzipContent => new GzipContent(content);

const largestWhole = 8 << 20;

/**
 * One gzip member, byte for byte what Go's compress/gzip makes of the same input: a layer pushed has dockerd's digest.
 *
 * Differs from Docker: past 8 MiB it is many members, as {@link gzip} makes them.
 */
export function goGzip(content: Content): Content {
  if (content.size > largestWhole) return gzip(content);
  const input = content.read(0, content.size);
  const body = deflate(input);
  const out = new Uint8Array(body.length + 18);
  // No flags, no time; 255 says that the system is not told.
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  out.set(body, 10);
  const end = new DataView(out.buffer, body.length + 10);
  end.setUint32(0, crc32(input), true);
  end.setUint32(4, input.length, true);
  return new BytesContent(out);
}

const compress = (input: Uint8Array): Uint8Array =>
  gzipSync(input, { mtime: 0, level: looksRandom(input) ? 0 : level });

/** Whether the chi-square of a sample's byte counts is that of noise: then deflating is only lost time. */
function looksRandom(input: Uint8Array): boolean {
  if (input.length < 4096) return false;
  const counts = new Uint32Array(256);
  for (let i = 0; i < 4096; i++) counts[input[i]!]!++;
  let squares = 0;
  for (const count of counts) squares += (count - 16) ** 2;
  return squares / 16 < 400;
}

function memberAt(offsets: number[], offset: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
