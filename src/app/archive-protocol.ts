/** What the page and the worker that looks through an archive say to each other. */
import type { PartIndexer, SurveyedImage, SurveyedLayer } from '../machine/index.ts';
import type { FileText } from './protocol.ts';

type Change = SurveyedLayer['changes'][number];

export interface ArchivedLayer extends Omit<SurveyedLayer, 'changes' | 'start'> {
  added: number;
  changed: number;
  deleted: number;
}

export interface ArchivedImage extends Omit<SurveyedImage, 'layers'> {
  layers: ArchivedLayer[];
  efficiency: number;
  wastedBytes: number;
  /** The most costly first; not all. */
  inefficient: { path: string; count: number; bytes: number }[];
}

/** `through`: a directory that the layer does not name, only something below it. */
export interface ArchivedFile extends Omit<Change, 'kind' | 'at'> {
  kind: Change['kind'] | 'through';
  /** Of a directory: how many paths below it the layer names; `size` is of all of them. */
  below: number;
}

export interface FileList {
  files: ArchivedFile[];
  total: number;
}

export interface ArchiveApi {
  /** Looks through it once; rejects with what to show. The files of a folder are taken as the tar they would be. */
  open(
    archive: Blob | { path: string; file: File }[],
    progress: (done: number, total: number) => void,
  ): Promise<ArchivedImage[]>;
  /** What one layer changes in a directory ('' is the root), the largest first. */
  files(image: number, layer: number, directory: string): Promise<FileList>;
  /** What one layer changes, by a part of the path. */
  find(image: number, layer: number, text: string): Promise<FileList>;
  /** The first bytes of a file; undefined when the archive has no way back to them. */
  read(image: number, layer: number, path: string, limit: number): Promise<FileText | undefined>;
  whole(): Promise<Blob>;
}

/** A thread that looks through compressed layers, one at a time. */
export interface LayerApi {
  index(archive: Blob, ...call: Parameters<PartIndexer>): ReturnType<PartIndexer>;
}
