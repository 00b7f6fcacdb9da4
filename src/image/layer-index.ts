/** One layer of an archive looked through: its headers. What that may cost is bounded for the whole archive. */
import {
  type ByteReader,
  type ByteSource,
  type Compression,
  inflateStream,
  remaining,
  SeekingReader,
  StreamReader,
  TarError,
  unsupportedCompression,
  walkTar,
} from '../archive/index.ts';
import { ImageError } from './config.ts';
import { EntryPacker, noEntries, type PackedEntries } from './entry-list.ts';

/** Against archives made to do harm: what an index holds, and what is inflated to make it. */
export interface SurveyLimits {
  entries: number;
  /** Bytes of names and of small files. */
  held: number;
  inflated: number;
}

export const surveyLimits: SurveyLimits = { entries: 1_000_000, held: 128 << 20, inflated: 2 ** 37 };

/** Linux' PATH_MAX. */
const longestPath = 4096;

/** What was spent of the limits so far. */
export class Spent {
  entries = 0;
  held = 0;
  inflated = 0;

  constructor(
    readonly limits: SurveyLimits,
    private readonly added: (spent: Spent) => void = () => {},
  ) {}

  /** Throws past the limits. */
  add({ entries = 0, held = 0, inflated = 0 }: Partial<SurveyLimits>): void {
    const most = this.limits;
    if ((this.entries += entries) > most.entries)
      throw new ImageError('invalid', `drydock: the archive holds more than ${most.entries} files`);
    if ((this.held += held) > most.held)
      throw new ImageError('invalid', 'drydock: the archive holds more names and settings than fit into memory');
    if ((this.inflated += inflated) > most.inflated)
      throw new ImageError('invalid', `drydock: the archive inflates to more than ${most.inflated} bytes`);
    this.added(this);
  }

  addEntry(names: string): void {
    if (names.length > 2 * longestPath) throw new ImageError('invalid', 'drydock: a name in the archive is too long');
    this.add({ entries: 1, held: names.length });
  }

  /** What is inflated of a source of compressed bytes. */
  async *inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of inflateStream(source)) {
      this.add({ inflated: chunk.length });
      yield chunk;
    }
  }
}

/** The headers of a layer, or why it cannot be looked into. */
export interface LayerIndex {
  entries: PackedEntries;
  problem?: string;
}

export async function indexLayer(body: ByteReader, compression: Compression, spent: Spent): Promise<LayerIndex> {
  const entries = new EntryPacker();
  let reader: ByteReader | undefined;
  try {
    reader = layerTar(body, compression, spent);
    for await (const { entry, at } of walkTar(reader)) {
      spent.addEntry(entry.name + entry.linkname);
      const { type, mode, uid, gid, size, linkname } = entry;
      entries.add({ path: pathOf(entry.name), type, mode, uid, gid, size, linkname, at });
    }
    // What follows the end mark is nothing, but what is compressed has its checksum after it.
    if (compression !== 'none') await reader.skip(Number.POSITIVE_INFINITY);
    return { entries: entries.pack() };
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return { entries: noEntries, problem: error.message };
  } finally {
    await reader?.close();
  }
}

function layerTar(body: ByteReader, compression: Compression, spent: Spent): ByteReader {
  if (compression === 'none') return body;
  if (compression !== 'gzip') throw unsupportedCompression(compression);
  return new StreamReader(spent.inflate(remaining(body)), true);
}

/** A layer that is compressed: where it lies in the archive. */
export interface LayerPart {
  start: number;
  size: number;
}

/** What a layer cost since this was told last, `read` in bytes of the archive. */
export interface LayerProgress extends SurveyLimits {
  read: number;
}

/** Looks through such a layer. It may do so on another thread: nothing but these values goes to and fro. */
export type PartIndexer = (part: LayerPart, tell: (progress: LayerProgress) => void) => Promise<LayerIndex>;

/** As often as this is told what was read, and what was spent. */
const tellAfter = { read: 4 << 20, entries: 10_000, held: 1 << 20, inflated: 64 << 20 };

/** One who does so, until there is no more to be done. */
export interface Lane {
  index: PartIndexer;
  end?(): void;
}

/** By whoever has the archive. `limits` are of this layer alone: the sum of all is bounded where it is told. */
export const partIndexer =
  (source: ByteSource, limits: SurveyLimits): PartIndexer =>
  async ({ start, size }, tell) => {
    const now: LayerProgress = { read: 0, entries: 0, held: 0, inflated: 0 };
    const told = { ...now };
    const since = (key: keyof LayerProgress): number => now[key] - told[key];
    const tellAll = (): void => {
      tell({ read: since('read'), entries: since('entries'), held: since('held'), inflated: since('inflated') });
      Object.assign(told, now);
    };
    const tellSome = (): void => {
      if (keys.some((key) => since(key) > tellAfter[key])) tellAll();
    };
    const spent = new Spent(limits, ({ entries, held, inflated }) => {
      Object.assign(now, { entries, held, inflated });
      tellSome();
    });
    const watched = watchedSource(source, (to) => {
      now.read = to - start;
      tellSome();
    });
    const index = await indexLayer(new SeekingReader(watched, start, start + size), 'gzip', spent);
    now.read = size;
    tellAll();
    return index;
  };

const keys = ['read', 'entries', 'held', 'inflated'] as const;

/** Tells how far its source was read, when that is further than before. */
export function watchedSource(source: ByteSource, reached: (at: number) => void): ByteSource {
  const { size, stream } = source;
  let furthest = 0;
  const reach = (at: number): void => {
    if (at > furthest) reached((furthest = at));
  };
  return {
    size,
    read: (offset, length) => {
      reach(Math.min(size, offset + length));
      return source.read(offset, length);
    },
    ...(stream && {
      async *stream(offset) {
        let at = offset;
        for await (const chunk of stream.call(source, offset)) {
          reach((at += chunk.length));
          yield chunk;
        }
      },
    }),
  };
}

function pathOf(name: string): string {
  if (!/^\.?\/|\/\/|\/\.(\/|$)|\/$|^\.?$/.test(name)) return `/${name}`;
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => `/${part}`)
    .join('');
}
