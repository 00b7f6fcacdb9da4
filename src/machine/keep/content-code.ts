/**
 * Contents as data. What stands for bytes by reference (synthetic files, tars made of files) stays a reference; bytes
 * are chunks named by their digest, so what several files, layers and snapshots share is there once.
 */
import { GzipContent, TarContent, type TarEntry, tarEntry } from '../../archive/index.ts';
import { digestOfBytes } from '../../content/index.ts';
import { ChunkedContent } from '../../sim/index.ts';
import {
  BytesContent,
  base64,
  ConcatContent,
  type Content,
  contentBytes,
  fromBase64,
  fromUtf8,
  RepeatContent,
  SliceContent,
  SyntheticContent,
  utf8,
} from '../../spec/index.ts';

/** JSON: kind, then what the kind needs. */
export type Code = readonly [string, ...unknown[]];

/** Bytes up to this many are told in place. */
const inlineLimit = 96;
/** What nobody knows how to describe is kept by its bytes, up to this many. */
const bytesLimit = 64 << 20;

export class DataError extends Error {
  override readonly name = 'DataError';
}

export const keyOf = (bytes: Uint8Array): string => digestOfBytes(bytes).slice(7, 39);

/** A content's code, and the keys of all chunks that it and its parts need. */
export interface Told {
  code: Code;
  needs: readonly string[];
}

export class ContentWriter {
  private readonly told = new WeakMap<Content, Told>();

  /** `put` is given each chunk when it is first made. */
  constructor(private readonly put: (key: string, bytes: Uint8Array) => void) {}

  tell(content: Content): Told {
    const known = this.told.get(content);
    if (known) return known;
    const needs = new Set<string>();
    const code = this.describe(content, needs);
    const told = { code, needs: [...needs] };
    this.told.set(content, told);
    return told;
  }

  private part(content: Content, needs: Set<string>): Code {
    const told = this.tell(content);
    for (const key of told.needs) needs.add(key);
    return told.code;
  }

  private describe(content: Content, needs: Set<string>): Code {
    if (content instanceof SyntheticContent) return ['s', content.size, content.seed];
    if (content instanceof RepeatContent) return ['r', content.line, content.size];
    if (content instanceof ConcatContent) return ['c', ...content.parts.map((part) => this.part(part, needs))];
    if (content instanceof SliceContent) return ['l', this.part(content.inner, needs), content.offset, content.size];
    if (content instanceof TarContent) {
      const entries = content.entries.map((entry) => this.entry(entry, needs));
      return ['t', this.chunk(utf8(JSON.stringify(entries)), needs)];
    }
    if (content instanceof GzipContent) return ['z', this.part(content.inner, needs), content.size];
    if (content instanceof ChunkedContent) return this.chunked(content, needs);
    if (content.size > bytesLimit) throw new DataError(`a content of ${content.size} bytes cannot be kept`);
    return this.bytes(contentBytes(content), needs);
  }

  private bytes(bytes: Uint8Array, needs: Set<string>): Code {
    return bytes.length <= inlineLimit ? ['b', base64(bytes)] : ['k', this.chunk(bytes, needs), bytes.length];
  }

  private chunk(bytes: Uint8Array, needs: Set<string>): string {
    const key = keyOf(bytes);
    this.put(key, bytes);
    needs.add(key);
    return key;
  }

  private chunked({ size, base, baseSize, chunks, blocks }: ChunkedContent, needs: Set<string>): Code {
    const written = chunks.flatMap((chunk, index) => (chunk ? [[index, this.bytes(chunk, needs)]] : []));
    return ['h', size, this.part(base, needs), baseSize, written, blocks];
  }

  private entry({ content, xattrs, uname, gname, ...plain }: TarEntry, needs: Set<string>): unknown {
    return {
      ...plain,
      ...(uname ? { uname } : {}),
      ...(gname ? { gname } : {}),
      ...(xattrs.size ? { xattrs: [...xattrs].map(([name, value]) => [name, base64(value)]) } : {}),
      ...(content.size ? { content: this.part(content, needs) } : {}),
    };
  }
}

export class ContentReader {
  private readonly known = new Map<string, Content>();

  constructor(private readonly chunks: ReadonlyMap<string, Uint8Array>) {}

  /** Throws DataError on what is no code. */
  content(code: unknown, depth = 0): Content {
    if (!Array.isArray(code) || depth > 64) throw new DataError('a content is not described as it should be');
    const key = code[0] === 't' || code[0] === 'k' ? String(code[1]) : JSON.stringify(code);
    const known = this.known.get(key);
    if (known) return known;
    const content = this.read(code, depth + 1);
    this.known.set(key, content);
    return content;
  }

  chunk(key: unknown): Uint8Array {
    const bytes = this.chunks.get(String(key));
    if (!bytes) throw new DataError(`a part of it is missing: ${String(key)}`);
    return bytes;
  }

  private read(code: unknown[], depth: number): Content {
    switch (code[0]) {
      case 's':
        return new SyntheticContent(count(code[1]), number(code[2]));
      case 'r':
        return new RepeatContent(text(code[1]), count(code[2]));
      case 'b':
        return new BytesContent(fromBase64(text(code[1])));
      case 'k':
        return new BytesContent(this.chunk(code[1]));
      case 'c':
        return new ConcatContent(code.slice(1).map((part) => this.content(part, depth)));
      case 'l':
        return this.slice(this.content(code[1], depth), count(code[2]), count(code[3]));
      case 't':
        return new TarContent(list(JSON.parse(fromUtf8(this.chunk(code[1])))).map((entry) => this.entry(entry, depth)));
      case 'z':
        return new GzipContent(this.content(code[1], depth), count(code[2]));
      case 'h':
        return this.chunked(code, depth);
      default:
        throw new DataError(`an unknown kind of content: ${String(code[0])}`);
    }
  }

  private slice(inner: Content, offset: number, size: number): Content {
    if (offset + size > inner.size) throw new DataError('a part of a file is out of its range');
    return new SliceContent(inner, offset, size);
  }

  private chunked([, size, base, baseSize, written, blocks]: unknown[], depth: number): Content {
    const chunks: (Uint8Array | undefined)[] = [];
    for (const pair of list(written)) {
      const [index, code] = list(pair);
      while (chunks.length < count(index, 1 << 20)) chunks.push(undefined);
      chunks[count(index)] = contentBytes(this.content(code, depth));
    }
    return new ChunkedContent(count(size), this.content(base, depth), count(baseSize), chunks, count(blocks));
  }

  private entry(value: unknown, depth: number): TarEntry {
    const entry = value as Partial<TarEntry> & { name: string; xattrs?: unknown; content?: unknown };
    if (typeof entry !== 'object' || entry === null) throw new DataError('an entry of a layer is not described');
    const { xattrs, content, ...plain } = entry;
    const attributes = list(xattrs ?? []).map((pair) => {
      const [name, bytes] = list(pair);
      return [text(name), fromBase64(text(bytes))] as const;
    });
    return tarEntry({
      ...plain,
      name: text(entry.name),
      ...(attributes.length ? { xattrs: new Map(attributes) } : {}),
      ...(content ? { content: this.content(content, depth) } : {}),
    });
  }
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new DataError('a list was expected');
  return value;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new DataError('a text was expected');
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DataError('a number was expected');
  return value;
}

export function count(value: unknown, limit: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > limit) {
    throw new DataError('a size was expected');
  }
  return value as number;
}
