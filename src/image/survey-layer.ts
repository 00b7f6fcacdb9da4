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
export function layChanges(entries: Iterable<IndexedEntry>, stacked: StackedPaths): SurveyedChange[] {
  const opaque = new Set<string>();
  const changes: SurveyedChange[] = [];
  for (const entry of entries) {
    const { path } = entry;
    if (path === '') continue;
    const gone = isMark(path) ? deletedPath(path) : undefined;
    if (gone === undefined && isMark(path)) opaque.add(parentOf(path));
    else changes.push(changeOf(entry, gone, stacked));
  }
  if (opaque.size > 0)
    for (const change of changes) if (change.kind !== 'deleted' && opaque.has(change.path)) change.opaque = true;
  stack(changes, opaque, stacked);
  return changes;
}

/** Written out: there are hundreds of thousands. */
function changeOf(entry: IndexedEntry, gone: string | undefined, stacked: StackedPaths): SurveyedChange {
  const { path, type, mode, uid, gid, size, linkname, at } = entry;
  const kind = gone !== undefined ? 'deleted' : stacked.has(path) ? 'changed' : 'added';
  const change: SurveyedChange = { path: gone ?? path, kind, type, mode: mode & 0o7777, uid, gid, size };
  if (type === 'symlink' || type === 'link') change.target = linkname;
  if (size > 0) change.at = at;
  return change;
}

/** The tree as it is once the layer lies on it. */
function stack(changes: readonly SurveyedChange[], opaque: ReadonlySet<string>, stacked: StackedPaths): void {
  for (const path of opaque) stacked.removeBelow(path);
  for (const { path, kind } of changes) if (kind === 'deleted') stacked.remove(path);
  for (const { path, kind, type } of changes) {
    if (kind === 'deleted') continue;
    const directory = type === 'directory';
    if (!directory && stacked.get(path)) stacked.removeBelow(path);
    stacked.set(path, directory);
  }
}

/** Whether it is a whiteout or an opaque mark. */
const isMark = (path: string): boolean => path.includes(`/${WHITEOUT_PREFIX}`) && isWhiteoutName(baseOf(path));

/** What a whiteout deletes; undefined of an opaque mark. */
function deletedPath(path: string): string | undefined {
  const base = baseOf(path);
  return base === OPAQUE_NAME ? undefined : `${parentOf(path)}/${base.slice(WHITEOUT_PREFIX.length)}`;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
