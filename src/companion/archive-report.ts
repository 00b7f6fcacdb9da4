/** What an image archive holds, layer by layer, and how much of it is waste: dive's figures. */
import { readTar, type TarEntry } from '../archive/index.ts';
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
  const { efficiency, inefficient } = efficiencyOf(image);
  const wastedBytes = inefficient.reduce((sum, file) => sum + file.bytes, 0);
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

/** dive's measure (filetree/efficiency.go): leaves of each layer's own tree, by path over all layers. */
function efficiencyOf(image: Image): Pick<ImageReport, 'efficiency' | 'inefficient'> {
  const found = new Map<string, { count: number; bytes: number; smallest: number }>();
  const below: Files = new Map();
  for (const { content } of image.layers) {
    const entries = readTar(content);
    for (const [path, bytes] of leaves(entries, below)) {
      const known = found.get(path) ?? { count: 0, bytes: 0, smallest: Number.POSITIVE_INFINITY };
      found.set(path, {
        count: known.count + 1,
        bytes: known.bytes + bytes,
        smallest: Math.min(known.smallest, bytes),
      });
    }
    stack(below, entries);
  }
  const all = [...found.values()];
  const needed = all.reduce((sum, { smallest }) => sum + smallest, 0);
  const held = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const inefficient = [...found]
    .filter(([, { count }]) => count > 1)
    .map(([path, { count, bytes }]) => ({ path: `/${path}`, count, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return { efficiency: held === 0 ? 1 : needed / held, inefficient };
}

/** Path and cost of what a layer names that has nothing below it; a whiteout of a directory costs what it hides. */
function leaves(entries: readonly TarEntry[], below: Files): Map<string, number> {
  const sizes = new Map<string, number>();
  const parents = new Set<string>();
  for (const entry of entries) {
    const path = pathOf(entry.name);
    if (path === '' || hiddenDirectory(path) !== undefined) continue;
    const deleted = deletedPath(path);
    sizes.set(deleted ?? path, deleted === undefined ? entry.size : hiddenBytes(below, deleted));
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) parents.add(at);
  }
  return new Map([...sizes].filter(([path]) => !parents.has(path)));
}

function hiddenBytes(files: Files, path: string): number {
  if (!files.get(path)?.directory) return 0;
  let sum = 0;
  for (const [other, { size }] of files) if (other.startsWith(`${path}/`)) sum += size;
  return sum;
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
