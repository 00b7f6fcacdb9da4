import type { TarEntry } from '../archive/index.ts';
import { isWhiteoutName, OPAQUE_NAME, WHITEOUT_PREFIX } from '../layer/index.ts';
import type { PathMap } from '../spec/index.ts';
import type { IndexedEntry } from './entry-list.ts';

/** What a layer does to one path. */
export interface SurveyedChange {
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
  /** Where its bytes begin in the layer's tar. */
  at?: number;
}

/** The paths of the layers laid down so far: true for a directory. */
export type StackedPaths = PathMap<boolean>;

/** What the layer changes of those below it, in the order of its tar; and lays it on top of them. */
export function layChanges(entries: readonly IndexedEntry[], stacked: StackedPaths): SurveyedChange[] {
  const opaque = new Set(entries.flatMap(({ path }) => hiddenDirectory(path) ?? []));
  const changes = entries.flatMap((entry) => changeOf(entry, stacked, opaque) ?? []);
  stack(entries, stacked);
  return changes;
}

function changeOf(entry: IndexedEntry, stacked: StackedPaths, opaque: ReadonlySet<string>): SurveyedChange | undefined {
  const { path, type, mode, uid, gid, size, linkname, at } = entry;
  if (path === '' || hiddenDirectory(path) !== undefined) return undefined;
  const gone = deletedPath(path);
  return {
    path: `/${gone ?? path}`,
    kind: gone !== undefined ? 'deleted' : stacked.has(path) ? 'changed' : 'added',
    type,
    mode: mode & 0o7777,
    uid,
    gid,
    size,
    ...((type === 'symlink' || type === 'link') && { target: linkname }),
    ...(opaque.has(path) && { opaque: true }),
    ...(size > 0 && { at }),
  };
}

/** The tree as it is once the layer lies on it. */
function stack(entries: readonly IndexedEntry[], stacked: StackedPaths): void {
  for (const { path } of entries) {
    const hidden = hiddenDirectory(path);
    const gone = deletedPath(path);
    if (hidden !== undefined) stacked.removeBelow(hidden);
    else if (gone !== undefined) stacked.remove(gone);
  }
  for (const { path, type } of entries) {
    if (path === '' || isWhiteoutName(baseOf(path))) continue;
    const directory = type === 'directory';
    if (!directory && stacked.get(path)) stacked.removeBelow(path);
    stacked.set(path, directory);
  }
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

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
