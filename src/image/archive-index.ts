/**
 * An image archive looked through once from front to back, whatever its size: of each file in it the small ones' bytes
 * (configs, manifests) and the large ones' headers (layers). No layer's content is held; what is not compressed is not
 * even read.
 */
import {
  type ByteReader,
  type ByteSource,
  beginsTar,
  type Compression,
  compressionOf,
  inflateStream,
  joinBytes,
  remaining,
  SeekingReader,
  StreamReader,
  type TarEntry,
  TarError,
  unsupportedCompression,
  walkTar,
} from '../archive/index.ts';
import { BytesContent, type Content } from '../spec/index.ts';
import { ImageError } from './config.ts';

/** One header of a layer, without what a survey does not tell. */
export interface IndexedEntry {
  /** Without `.` and slashes at its ends; '' is the root. */
  path: string;
  type: TarEntry['type'];
  mode: number;
  uid: number;
  gid: number;
  size: number;
  linkname: string;
  /** Where its bytes begin in the layer's tar. */
  at: number;
}

/** Against archives made to do harm: what an index holds, and what is inflated to make it. */
export interface SurveyLimits {
  entries: number;
  /** Bytes of names and of small files. */
  held: number;
  inflated: number;
}

export const surveyLimits: SurveyLimits = { entries: 1_000_000, held: 128 << 20, inflated: 2 ** 37 };

/** A file of this size may be a config or a manifest. */
const smallFile = 4 << 20;
/** Linux' PATH_MAX. */
const longestPath = 4096;

/** A layer in an archive: its headers, or why it cannot be looked into. */
export class IndexedLayer implements Content {
  entries: IndexedEntry[] = [];
  problem: string | undefined;

  constructor(
    /** Bytes in the archive. */
    readonly size: number,
    /** Where they begin; undefined in an archive that is compressed as a whole. */
    readonly start: number | undefined,
    readonly compression: Compression,
  ) {}

  read(): never {
    throw new ImageError('invalid', 'drydock: the content of a layer is not held by a survey');
  }
}

/** A large file that is no layer. */
class UnreadContent implements Content {
  constructor(readonly size: number) {}
  read(): never {
    throw new ImageError('invalid', 'drydock: a file of the archive is too large to be read');
  }
}

/** Entries of an archive with what {@link IndexedLayer} holds as their content; `progress` is told bytes of the archive. */
export async function indexArchive(
  source: ByteSource,
  progress: (done: number) => void,
  limits: SurveyLimits,
): Promise<TarEntry[]> {
  return new ArchiveIndexer(source, progress, limits).run();
}

class ArchiveIndexer {
  private entries = 0;
  private held = 0;
  private inflated = 0;
  private done = 0;
  private readonly watched: ByteSource;

  constructor(
    source: ByteSource,
    private readonly progress: (done: number) => void,
    private readonly limits: SurveyLimits,
  ) {
    const { size, stream } = source;
    this.watched = {
      size,
      read: (offset, length) => {
        this.reached(Math.min(size, offset + length));
        return source.read(offset, length);
      },
      ...(stream && { stream: (offset) => this.watch(stream.call(source, offset), offset) }),
    };
  }

  private reached(at: number): void {
    if (at > this.done) this.progress((this.done = at));
  }

  private async *watch(stream: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array, void> {
    let at = from;
    for await (const chunk of stream) {
      this.reached((at += chunk.length));
      yield chunk;
    }
  }

  async run(): Promise<TarEntry[]> {
    const compression = compressionOf(await this.watched.read(0, 6));
    if (compression === 'none') return this.indexFiles(new SeekingReader(this.watched), (reader) => reader.at);
    if (compression !== 'gzip') throw unsupportedCompression(compression);
    const open = () => all(new SeekingReader(this.watched));
    return this.indexFiles(new StreamReader(this.bounded(inflateStream(open, { twice: true }))), () => undefined);
  }

  private async indexFiles<R extends ByteReader>(
    reader: R,
    position: (reader: R) => number | undefined,
  ): Promise<TarEntry[]> {
    const found: TarEntry[] = [];
    try {
      for await (const { entry, size, body } of walkTar(reader)) {
        this.count(entry.name);
        const content = entry.type === 'file' ? await this.indexFile(body, size, position(reader)) : entry.content;
        found.push({ ...entry, content });
      }
    } finally {
      await reader.close();
    }
    return found;
  }

  private async indexFile(body: ByteReader, size: number, start: number | undefined): Promise<Content> {
    const head = await body.peek(512);
    const compression = compressionOf(head);
    if (compression !== 'none' || beginsTar(head))
      return this.indexLayer(body, new IndexedLayer(size, start, compression));
    if (size > smallFile) return new UnreadContent(size);
    this.hold(size);
    return new BytesContent(joinBytes(await body.take(size)).slice());
  }

  private async indexLayer(body: ByteReader, layer: IndexedLayer): Promise<IndexedLayer> {
    let reader: ByteReader | undefined;
    try {
      reader = this.layerTar(body, layer);
      for await (const { entry, at } of walkTar(reader)) {
        this.count(entry.name + entry.linkname);
        const { type, mode, uid, gid, size, linkname } = entry;
        layer.entries.push({ path: pathOf(entry.name), type, mode, uid, gid, size, linkname, at });
      }
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      layer.entries = [];
      layer.problem = error.message;
    } finally {
      await reader?.close();
    }
    return layer;
  }

  private layerTar(body: ByteReader, { compression, start, size }: IndexedLayer): ByteReader {
    if (compression === 'none') return body;
    if (compression !== 'gzip') throw unsupportedCompression(compression);
    const twice = start !== undefined;
    const open = () => all(twice ? new SeekingReader(this.watched, start, start + size) : body);
    return new StreamReader(this.bounded(inflateStream(open, { twice })));
  }

  private count(names: string): void {
    if (names.length > 2 * longestPath) throw new ImageError('invalid', 'drydock: a name in the archive is too long');
    this.hold(names.length);
    if (++this.entries > this.limits.entries)
      throw new ImageError('invalid', `drydock: the archive holds more than ${this.limits.entries} files`);
  }

  private hold(bytes: number): void {
    if ((this.held += bytes) > this.limits.held)
      throw new ImageError('invalid', 'drydock: the archive holds more names and settings than fit into memory');
  }

  private async *bounded(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of source) {
      if ((this.inflated += chunk.length) > this.limits.inflated)
        throw new ImageError('invalid', `drydock: the archive inflates to more than ${this.limits.inflated} bytes`);
      yield chunk;
    }
  }
}

/** What is left of a reader, which is closed then. */
async function* all(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  try {
    yield* remaining(reader);
  } finally {
    await reader.close();
  }
}

const pathOf = (name: string): string =>
  name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
