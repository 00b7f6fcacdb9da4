import { modeWithType, type TarEntry, type TarType, tarEntry } from '../archive/index.ts';
import type { FileType, Tree, TreeStat } from '../port/index.ts';
import { emptyContent, type Timespec } from '../spec/index.ts';

/** User and group names by number, for tar's uname and gname. */
export interface OwnerNames {
  users: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
}

/**
 * Debian's dockerd fills in the host's names, Docker Inc.'s leaves them empty (moby patch "archive/tar: do not populate
 * user/group names"): the same changes give different diffIDs. Absent: empty.
 */
export interface CompareOptions {
  owners?: OwnerNames;
  /** SOURCE_DATE_EPOCH: a later time is written as this one, as BuildKit's rewrite-timestamp does. */
  latest?: Timespec;
}

/** Docker's layers carry whole seconds. */
export const layerTime = (time: Timespec, { latest }: CompareOptions): Timespec => ({
  sec: latest && time.sec > latest.sec ? latest.sec : time.sec,
  nsec: 0,
});

const tarTypes: Record<Exclude<FileType, 'socket'>, TarType> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  char: 'char',
  block: 'block',
  fifo: 'fifo',
};

/** First names of the hard-linked files met so far, by device and inode. */
export class LinkNames {
  private readonly first = new Map<string, string>();

  /** The name under which the same file was entered before; else remembers this one. */
  earlier(path: string, stat: TreeStat): string | undefined {
    if (stat.type === 'directory' || stat.nlink < 2) return undefined;
    const key = `${stat.dev}:${stat.ino}`;
    const known = this.first.get(key);
    if (known === undefined) this.first.set(key, path);
    return known;
  }
}

const CAPABILITY = 'security.capability';

/** The entry for a path as it is, a hard link when `earlier` names one. Undefined for a socket: tar has none. */
export function entryOf(
  tree: Tree,
  path: string,
  stat: TreeStat,
  earlier: string | undefined,
  options: CompareOptions,
): TarEntry | undefined {
  if (stat.type === 'socket') return undefined;
  const type = earlier === undefined ? tarTypes[stat.type] : 'link';
  return tarEntry({
    name: stat.type === 'directory' ? `${path}/` : path,
    type,
    mode: modeWithType(tarTypes[stat.type], stat.mode),
    uid: stat.uid,
    gid: stat.gid,
    ...ownersOf(stat, options),
    mtime: layerTime(stat.mtime, options),
    linkname: earlier ?? (stat.type === 'symlink' ? tree.readlink(path) : ''),
    devmajor: stat.type === 'char' || stat.type === 'block' ? stat.rdev.major : 0,
    devminor: stat.type === 'char' || stat.type === 'block' ? stat.rdev.minor : 0,
    xattrs: capabilityOf(tree, path, stat),
    content: type === 'file' ? tree.content(path) : emptyContent,
  });
}

export const ownersOf = (stat: { uid: number; gid: number }, { owners }: CompareOptions) =>
  owners ? { uname: owners.users.get(stat.uid) ?? '', gname: owners.groups.get(stat.gid) ?? '' } : {};

const none: ReadonlyMap<string, Uint8Array> = new Map();

/** The only xattr that Docker keeps; user.* is dropped. */
function capabilityOf(tree: Tree, path: string, stat: TreeStat): ReadonlyMap<string, Uint8Array> {
  if (stat.type === 'symlink') return none;
  const value = tree.xattrs(path).get(CAPABILITY);
  return value ? new Map([[CAPABILITY, value]]) : none;
}
