import { type ByteSource, inflateStream, joinBytes, remaining, SeekingReader, StreamReader } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import { formatReference, PathMap } from '../spec/index.ts';
import { ArchiveFiles } from './archive-files.ts';
import { IndexedLayer, indexArchive } from './archive-index.ts';
import { type ListedImage, listImages } from './archive-list.ts';
import { ImageError, parseImageConfig } from './config.ts';
import { countOf, unpackEntries } from './entry-list.ts';
import { historyLines } from './image.ts';
import { type Lane, type SurveyLimits, surveyLimits } from './layer-index.ts';
import { layChanges, type StackedPaths, type SurveyedChange } from './survey-layer.ts';

export interface SurveyedLayer {
  /** As the config states it: a survey does not compute it. */
  diffId: string;
  createdBy: string;
  /** Bytes of its files. */
  size: number;
  /** Bytes it takes in the archive. */
  stored: number;
  compression: IndexedLayer['compression'];
  changes: SurveyedChange[];
  /** Why there are no changes: what it is compressed with cannot be opened, or it is broken. */
  problem?: string;
  /** Where it begins in the archive; undefined when the archive is compressed as a whole. */
  start?: number;
}

export interface SurveyedImage {
  id: string;
  references: string[];
  created: string;
  platform: string;
  /** Bytes of all files of all layers. */
  size: number;
  layers: SurveyedLayer[];
}

export interface SurveyOptions {
  /** Told how many bytes of the archive are behind it; what it throws ends the survey. */
  progress?(done: number): void;
  limits?: SurveyLimits;
  /** Who looks through compressed layers; without any, the survey does so itself, one after the other. */
  lanes?: readonly Lane[];
}

/**
 * What `docker save` or an OCI layout's tar holds, without loading it: the images, their layers, and what each layer
 * changes. The archive may be of any size; its layers' content is not held, and where nothing is compressed not read.
 *
 * Digests are as stated; they are computed when the archive is loaded. Throws ImageError and TarError.
 */
export async function surveyArchive(source: ByteSource, options: SurveyOptions = {}): Promise<SurveyedImage[]> {
  const { progress = () => {}, limits = surveyLimits, lanes = [] } = options;
  const entries = await indexArchive(source, progress, limits, lanes);
  const files = new ArchiveFiles(entries, '');
  const surveyor = new Surveyor(files, mostStacks * limits.entries);
  return listImages(files).map((listed) => surveyor.image(listed));
}

/** As often as this may all headers of an archive be laid on each other, for its many images. */
const mostStacks = 20;

class Surveyor {
  private laid = 0;
  /** By the diffIDs from the base up: images of one archive share layers. */
  private readonly known = new Map<string, SurveyedLayer>();

  constructor(
    private readonly files: ArchiveFiles,
    private readonly mostLaid: number,
  ) {}

  image({ rawConfig, layerPaths, references }: ListedImage): SurveyedImage {
    const config = parseImageConfig(rawConfig);
    const diffIds = config.rootfs.diff_ids;
    if (diffIds.length !== layerPaths.length) {
      const [expected, got] = [layerPaths.length, diffIds.length];
      throw new ImageError('invalid', `invalid manifest, layers length mismatch: expected ${expected}, got ${got}`);
    }
    const commands = historyLines(config).flatMap(({ entry, layer }) => (layer ? [entry.created_by ?? ''] : []));
    const stacked: StackedPaths = new PathMap();
    let chain = '';
    const layers = diffIds.map((diffId, at) => {
      chain += diffId;
      return this.layer(chain, diffId, layerPaths[at]!, commands[at] ?? '', stacked);
    });
    return {
      id: digestOf(rawConfig),
      references: references.map(formatReference),
      created: config.created ?? '',
      platform: [config.os, config.architecture, config.variant].filter(Boolean).join('/'),
      size: layers.reduce((sum, { size }) => sum + size, 0),
      layers,
    };
  }

  private layer(chain: string, diffId: string, path: string, createdBy: string, stacked: StackedPaths): SurveyedLayer {
    const content = this.files.open(path);
    if (!(content instanceof IndexedLayer)) throw new ImageError('invalid', `drydock: ${path} is no layer`);
    const { size: stored, start, compression, problem } = content;
    if ((this.laid += countOf(content.entries)) > this.mostLaid)
      throw new ImageError('invalid', 'drydock: the archive names the same layers too often');
    // Laid down again also for a layer that is known: what lies above it needs the paths.
    const changes = layChanges(unpackEntries(content.entries), stacked);
    const known = this.known.get(chain);
    if (known) return { ...known, createdBy };
    const size = changes.reduce((sum, change) => sum + change.size, 0);
    const layer = { diffId, createdBy, size, stored, compression, changes, ...(problem && { problem }), start };
    this.known.set(chain, layer);
    return layer;
  }
}

/** The first bytes of a file of a surveyed layer, read from the archive again; undefined where that has no way back. */
export async function surveyedFile(
  source: ByteSource,
  layer: SurveyedLayer,
  change: SurveyedChange,
  limit: number,
): Promise<Uint8Array | undefined> {
  if (layer.start === undefined || change.at === undefined) return undefined;
  const { start, stored, compression } = layer;
  const reader = () => new SeekingReader(source, start, start + stored);
  const inflated = () => new StreamReader(inflateStream(remaining(reader())), true);
  const tar = compression === 'none' ? reader() : inflated();
  try {
    await tar.skip(change.at);
    return joinBytes(await tar.take(Math.min(limit, change.size)));
  } finally {
    await tar.close();
  }
}
