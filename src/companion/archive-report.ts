/** What an image archive holds, layer by layer, and how much of it is waste: dive's figures. */
import { readTar, type TarEntry } from '../archive/index.ts';
import { efficiencyOf } from '../diagram/index.ts';
import { historyLines, type Image, type LoadedImage } from '../image/index.ts';
import { isWhiteoutName, OPAQUE_NAME, WHITEOUT_PREFIX } from '../layer/index.ts';
import { formatReference } from '../spec/index.ts';

export interface ReportedChange {
  path: string;
  kind: 'added' | 'changed' | 'deleted';
  type: TarEntry['type'];
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Of a symbolic or hard link. */
  target?: string;
  /** A directory whose lower content is hidden. */
  opaque?: boolean;
}

export interface ReportedLayer {
  diffId: string;
  createdBy: string;
  /** Bytes of its files. */
  size: number;
  changes: ReportedChange[];
}

export interface ImageReport {
  id: string;
  references: string[];
  layers: ReportedLayer[];
  /** Bytes of all files of all layers. */
  size: number;
  /** 0..1: what the files need, each at its smallest, by what all layers together hold of them. */
  efficiency: number;
  wastedBytes: number;
  /** Of the bytes above the base layer; 0 when there are none. */
  wastedUserPercent: number;
  /** Paths that more than one layer writes or deletes, the most costly first. */
  inefficient: { path: string; count: number; bytes: number }[];
}

/** Files so far, by path: type and size. */
type Files = Map<string, { directory: boolean; size: number }>;

export function reportImage({ image, references }: LoadedImage): ImageReport {
  const layers = reportLayers(image);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  const { efficiency, wastedBytes, inefficient } = efficiencyOf(layers.map(({ changes }) => changes));
  const userSize = size - (layers[0]?.size ?? 0);
  return {
    id: image.id,
    references: references.map(formatReference),
    layers,
    size,
    efficiency,
    wastedBytes,
    wastedUserPercent: userSize === 0 ? 0 : wastedBytes / userSize,
    inefficient,
  };
}

function reportLayers(image: Image): ReportedLayer[] {
  const files: Files = new Map();
  const instructions = new Map<number, string>();
  let index = 0;
  for (const { entry, layer } of historyLines(image.config)) {
    if (layer) instructions.set(index++, entry.created_by ?? '');
  }
  return image.layers.map(({ diffId, content }, at) => {
    const entries = readTar(content);
    const changes = changesOf(entries, files);
    stack(files, entries);
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    return { diffId, createdBy: instructions.get(at) ?? '', size, changes };
  });
}

function changesOf(entries: readonly TarEntry[], below: Files): ReportedChange[] {
  const opaque = new Set(entries.map((entry) => pathOf(entry.name)).flatMap((path) => hiddenDirectory(path) ?? []));
  return entries.flatMap((entry): ReportedChange[] => {
    const path = pathOf(entry.name);
    if (path === '' || hiddenDirectory(path) !== undefined) return [];
    const target = deletedPath(path);
    const kind = target !== undefined ? 'deleted' : below.has(path) ? 'changed' : 'added';
    const { type, mode, uid, gid, size, linkname } = entry;
    const link = type === 'symlink' || type === 'link' ? { target: linkname } : {};
    return [
      {
        path: `/${target ?? path}`,
        kind,
        type,
        mode: mode & 0o7777,
        uid,
        gid,
        size,
        ...link,
        ...(opaque.has(path) ? { opaque: true } : {}),
      },
    ];
  });
}

/** The tree as it is once the layer lies on it. */
function stack(files: Files, entries: readonly TarEntry[]): void {
  for (const entry of entries) {
    const path = pathOf(entry.name);
    const gone = hiddenDirectory(path) ?? deletedPath(path);
    if (gone !== undefined) removeBelow(files, gone, hiddenDirectory(path) === undefined);
  }
  for (const entry of entries) {
    const path = pathOf(entry.name);
    if (path === '' || isWhiteoutName(baseOf(path))) continue;
    const directory = entry.type === 'directory';
    if (!directory) removeBelow(files, path, false);
    files.set(path, { directory, size: entry.size });
  }
}

function removeBelow(files: Files, path: string, itself: boolean): void {
  if (itself) files.delete(path);
  for (const other of [...files.keys()]) if (other.startsWith(`${path}/`)) files.delete(other);
}

/** The directory that an opaque mark at `path` empties. */
const hiddenDirectory = (path: string): string | undefined =>
  baseOf(path) === OPAQUE_NAME ? parentOf(path) : undefined;

function deletedPath(path: string): string | undefined {
  const base = baseOf(path);
  if (!isWhiteoutName(base) || base === OPAQUE_NAME) return undefined;
  const parent = parentOf(path);
  const name = base.slice(WHITEOUT_PREFIX.length);
  return parent ? `${parent}/${name}` : name;
}

const pathOf = (name: string): string =>
  name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
