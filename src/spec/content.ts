/**
 * File and blob content as a value: immutable, random access, possibly never held in memory.
 *
 * A `Content` is what a file in the VFS, a tar entry, a layer or a blob *contains*. Its bytes never change, so it may
 * be shared by any number of inodes, layers and stores (copy-up of a file copies the reference), and what was once
 * computed about it (its digest) stays true for as long as the object lives.
 */
export interface Content {
  /** Length in bytes; known without reading. */
  readonly size: number;
  /**
   * The bytes `[offset, offset + length)`, cut at the end; empty past it. Synchronous: a browser worker reads a `File`
   * with FileReaderSync, Node reads a descriptor. The caller must not write into what is returned.
   */
  read(offset: number, length: number): Uint8Array;
  /** What it consists of, one after the other, where that is known: large parts can be taken by reference. */
  readonly parts?: readonly Content[];
}

/** Content that is held in memory. */
export class BytesContent implements Content {
  readonly size: number;
  constructor(readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length);
  }
}

export const emptyContent: Content = new BytesContent(new Uint8Array(0));

/** A text said over and over up to a size, ASCII only, the last byte a newline: stands for a text file that nobody reads. */
export class RepeatContent implements Content {
  constructor(
    readonly line: string,
    readonly size: number,
  ) {}
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    const out = new Uint8Array(Math.max(0, end - offset));
    for (let i = 0; i < out.length; i++) {
      const at = (offset + i) % this.line.length;
      out[i] = offset + i === this.size - 1 ? 10 : this.line.charCodeAt(at);
    }
    return out;
  }
}

/** Several contents, one after the other; nothing is copied until read. */
export class ConcatContent implements Content {
  readonly size: number;
  private readonly starts: number[] = [];
  constructor(readonly parts: readonly Content[]) {
    let at = 0;
    for (const part of parts) {
      this.starts.push(at);
      at += part.size;
    }
    this.size = at;
  }
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    let index = this.partAt(offset);
    const first = this.parts[index]!.read(offset - this.starts[index]!, end - offset);
    if (first.length === end - offset) return first;
    const out = new Uint8Array(end - offset);
    out.set(first);
    for (let at = first.length; at < out.length; ) {
      const piece = this.parts[++index]!.read(0, out.length - at);
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
  /** The contents that make `[offset, offset + size)`, which is in range; slices of parts where it begins and ends. */
  cut(offset: number, size: number): Content[] {
    const found: Content[] = [];
    const end = offset + size;
    for (let index = this.partAt(offset); index < this.parts.length && this.starts[index]! < end; index++) {
      const start = this.starts[index]!;
      const part = this.parts[index]!;
      const from = Math.max(0, offset - start);
      found.push(sliceOf(part, from, Math.min(part.size, end - start) - from));
    }
    return found;
  }
  /** Index of the last part that starts at or before `offset` (and is not empty there). */
  private partAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Bytes `[offset, offset + size)` of another content. */
export class SliceContent implements Content {
  constructor(
    readonly inner: Content,
    readonly offset: number,
    readonly size: number,
  ) {}
  read(offset: number, length: number): Uint8Array {
    if (offset >= this.size) return new Uint8Array(0);
    return this.inner.read(this.offset + offset, Math.min(length, this.size - offset));
  }
}

/** `[offset, offset + size)` of a content, which must have it: by reference to the smallest part that holds it. */
export function sliceOf(content: Content, offset: number, size: number): Content {
  if (offset === 0 && size === content.size) return content;
  if (content instanceof SliceContent) return sliceOf(content.inner, content.offset + offset, size);
  if (content instanceof ConcatContent && size > 0) return joinContents(content.cut(offset, size));
  return new SliceContent(content, offset, size);
}

/** Contents one after the other; those that continue each other become one, which may be the whole that they are of. */
export function joinContents(contents: readonly Content[]): Content {
  const joined: Content[] = [];
  for (const next of contents) {
    const last = joined.at(-1);
    const merged = last && continued(last, next);
    if (merged) joined[joined.length - 1] = merged;
    else if (next.size > 0) joined.push(next);
  }
  return joined.length === 1 ? joined[0]! : joined.length === 0 ? emptyContent : new ConcatContent(joined);
}

function continued(a: Content, b: Content): Content | undefined {
  if (!(a instanceof SliceContent && b instanceof SliceContent)) return undefined;
  if (a.inner !== b.inner || a.offset + a.size !== b.offset) return undefined;
  return sliceOf(a.inner, a.offset, a.size + b.size);
}

/** Buffers that a content has made to be read: what they are of, and where in it they begin. */
const origins = new WeakMap<ArrayBufferLike, { content: Content; start: number }>();

/**
 * Bytes that travelled (through sockets, say) as content: by reference to the content they were read from where that is
 * known, else by the bytes themselves, which must not be changed afterwards.
 */
export function contentOf(bytes: Uint8Array): Content {
  const origin = origins.get(bytes.buffer);
  return origin ? sliceOf(origin.content, origin.start + bytes.byteOffset, bytes.length) : new BytesContent(bytes);
}

/** Says of bytes that were just made for a reader that they are a content's from `start` on. */
export function madeFrom(bytes: Uint8Array, content: Content, start: number): Uint8Array {
  if (bytes.length >= smallestOrigin) origins.set(bytes.buffer, { content, start: start - bytes.byteOffset });
  return bytes;
}

/** Shorter reads are not worth remembering. */
const smallestOrigin = 1024;

/**
 * `size` bytes generated from `seed` on each read (each 4-byte word is a hash of its index, so any range can be produced alone).
 * Stands for file content that a base image would have but nobody looks at; its digest is the digest of these bytes.
 */
export class SyntheticContent implements Content {
  constructor(
    readonly size: number,
    readonly seed: number,
  ) {}
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const firstWord = offset >>> 2;
    const words = new Uint32Array(((end + 3) >>> 2) - firstWord);
    for (let i = 0; i < words.length; i++) words[i] = mix((firstWord + i) ^ this.seed);
    return madeFrom(new Uint8Array(words.buffer, offset & 3, end - offset), this, offset);
  }
}

// murmur3's 32-bit finaliser.
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** The encoder costs more to call than short text costs to go through. */
const shortText = 64;

export function utf8(text: string): Uint8Array {
  if (text.length > shortText) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

export function fromUtf8(bytes: Uint8Array): string {
  if (bytes.length > shortText) return decoder.decode(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i]!;
    if (code > 127) return decoder.decode(bytes);
    text += String.fromCharCode(code);
  }
  return text;
}
export const textContent = (text: string): Content => new BytesContent(utf8(text));
export const contentBytes = (content: Content): Uint8Array => content.read(0, content.size);
export const contentText = (content: Content): string => fromUtf8(contentBytes(content));

/**
 * Reads a content piece by piece (at most 64 KiB by default), for hashing and streaming. A part as large as a piece is
 * not mixed with its neighbours: its pieces are its own (see {@link contentOf}), and nothing of it is copied.
 */
export function* chunks(content: Content, size = 65536): Generator<Uint8Array> {
  for (const run of runs(content, size)) {
    for (let offset = 0; offset < run.size; offset += size) yield run.read(offset, size);
  }
}

/** Large parts each by itself, and what lies between them. */
function* runs(content: Content, large: number): Generator<Content> {
  if (!content.parts) return yield content;
  let small: Content[] = [];
  for (const part of content.parts) {
    if (part.size < large) {
      small.push(part);
      continue;
    }
    yield new ConcatContent(small);
    small = [];
    yield* runs(part, large);
  }
  yield new ConcatContent(small);
}
