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
  joinBytes,
  remaining,
  SeekingReader,
  StreamReader,
  type TarEntry,
  unsupportedCompression,
  walkTar,
} from '../archive/index.ts';
import { BytesContent, type Content } from '../spec/index.ts';
import { ImageError } from './config.ts';
import { noEntries, type PackedEntries } from './entry-list.ts';
import { indexLayer, type Lane, type LayerIndex, Spent, type SurveyLimits, watchedSource } from './layer-index.ts';

/** A file of this size may be a config or a manifest. */
const smallFile = 4 << 20;

/** A layer in an archive: its headers, or why it cannot be looked into. */
export class IndexedLayer implements Content {
  entries: PackedEntries = noEntries;
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
  lanes: readonly Lane[],
): Promise<TarEntry[]> {
  return new ArchiveIndexer(source, progress, limits, lanes).run();
}

class ArchiveIndexer {
  private readonly spent: Spent;
  private readonly watched: ByteSource;
  private reached = 0;
  /** Layers that are left to the lanes, and what of them is still to be read. */
  private readonly later: (IndexedLayer & { start: number })[] = [];
  private unread = 0;

  constructor(
    source: ByteSource,
    private readonly progress: (done: number) => void,
    limits: SurveyLimits,
    private readonly lanes: readonly Lane[],
  ) {
    this.spent = new Spent(limits);
    this.watched = watchedSource(source, (at) => {
      this.reached = at;
      this.tell();
    });
  }

  private tell(): void {
    this.progress(Math.max(0, this.reached - this.unread));
  }

  async run(): Promise<TarEntry[]> {
    const compression = compressionOf(await this.watched.read(0, 6));
    if (compression === 'none') {
      const files = await this.indexFiles(new SeekingReader(this.watched), (reader) => reader.at);
      await this.indexLater();
      return files;
    }
    if (compression !== 'gzip') throw unsupportedCompression(compression);
    const inflated = this.spent.inflate(remaining(new SeekingReader(this.watched)));
    return this.indexFiles(new StreamReader(inflated, true), () => undefined);
  }

  private async indexFiles<R extends ByteReader>(
    reader: R,
    position: (reader: R) => number | undefined,
  ): Promise<TarEntry[]> {
    const found: TarEntry[] = [];
    try {
      for await (const { entry, size, body } of walkTar(reader)) {
        this.spent.addEntry(entry.name);
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
    if (compression !== 'none' || beginsTar(head)) {
      const layer = new IndexedLayer(size, start, compression);
      if (this.lanes.length > 0 && compression === 'gzip' && hasStart(layer)) this.postpone(layer);
      else Object.assign(layer, await indexLayer(body, compression, this.spent));
      return layer;
    }
    if (size > smallFile) return new UnreadContent(size);
    this.spent.add({ held: size });
    return new BytesContent(joinBytes(await body.take(size)).slice());
  }

  private postpone(layer: IndexedLayer & { start: number }): void {
    this.later.push(layer);
    this.unread += layer.size;
  }

  /** The largest first: then the lanes end at about the same time. */
  private async indexLater(): Promise<void> {
    const left = this.later.sort((a, b) => a.size - b.size);
    const work = async (lane: Lane): Promise<void> => {
      for (let layer = left.pop(); layer; layer = left.pop()) Object.assign(layer, await this.indexPart(layer, lane));
      lane.end?.();
    };
    await Promise.all(this.lanes.map(work));
  }

  private indexPart({ start, size }: { start: number; size: number }, lane: Lane): Promise<LayerIndex> {
    return new Promise((resolve, reject) => {
      lane
        .index({ start, size }, ({ read, ...spent }) => {
          this.unread -= read;
          try {
            this.spent.add(spent);
            this.tell();
          } catch (error) {
            reject(error);
          }
        })
        .then(resolve, reject);
    });
  }
}

const hasStart = (layer: IndexedLayer): layer is IndexedLayer & { start: number } => layer.start !== undefined;
