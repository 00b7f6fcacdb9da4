/** Files of a container from outside: diff, export, and the archive end points that `docker cp` uses. */
import { decompress, readTar, TarContent, type TarEntry, TarError, tarEntry } from '../archive/index.ts';
import { applyLayer, changes, compareUpper } from '../layer/index.ts';
import type { Tree, TreeStat } from '../port/index.ts';
import { type Body, type Content, type FilesystemChange, isErrno, type PathStat, rfc3339Nano } from '../spec/index.ts';
import { bodyContent } from './body-content.ts';
import type { Container } from './container.ts';
import { volumeEvents } from './container-start.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, forbidden, notFound, serverError } from './errors.ts';
import { hostPath } from './host-paths.ts';
import { mergedDir } from './layer-store.ts';
import { clean } from './mount-spec.ts';
import { networkFiles } from './runtime-spec.ts';
import { subtree } from './subtree.ts';

/** GET /containers/{id}/changes */
export async function containerChanges(daemon: Daemon, name: string): Promise<FilesystemChange[] | null> {
  const container = daemon.containers.find(name);
  const { snapshotter, mounter } = daemon.ports;
  const below = `diff-${container.id}`;
  const lower = await snapshotter.view(below, `${container.id}-init`);
  try {
    const upper = await snapshotter.mounts(container.id);
    const found = await mounter.withTree(lower, (a) => mounter.withTree(upper, (b) => changes(a, b)));
    return found.length > 0 ? found : null;
  } finally {
    await snapshotter.remove(below);
  }
}

/** GET /containers/{id}/export: the merged tree as a tar. */
export async function containerExport(daemon: Daemon, name: string): Promise<Body> {
  const container = daemon.containers.find(name);
  const mounts = await daemon.ports.snapshotter.mounts(container.id);
  const tar = await daemon.ports.mounter.withTree(mounts, (tree) => new TarContent(compareUpper(tree)));
  daemon.containerEvent(container, 'export');
  return tar;
}

interface Place {
  tree: Tree;
  /** Literal, in `tree`. */
  path: string;
  stat: TreeStat;
}

/** Runs `use` where a path of the container leads: into its filesystem, or into a volume or bind mounted over it. */
async function withPlace<T>(
  daemon: Daemon,
  container: Container,
  path: string,
  followLast: boolean,
  use: (place: Place) => T,
): Promise<T> {
  const mounts = await daemon.ports.snapshotter.mounts(container.id);
  const merged = mergedDir(await daemon.ports.snapshotter.upperDir(container.id));
  volumeEvents(daemon, container, 'mount');
  const found = daemon.ports.mounter.withTree(mounts, (tree) => {
    const missing = () => notFound(`Could not find the file ${path} in container ${container.id}`);
    try {
      const place = locate(daemon, container, tree, path, followLast);
      const stat = place.tree.lstat(place.path);
      if (!stat) throw missing();
      if (/\/\.?$/.test(path) && stat.type !== 'directory') {
        throw serverError(`lstat ${merged}${path}: not a directory`);
      }
      return use({ ...place, stat });
    } catch (error) {
      if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) throw missing();
      throw error;
    }
  });
  return found.finally(() => volumeEvents(daemon, container, 'unmount'));
}

function locate(
  daemon: Daemon,
  container: Container,
  tree: Tree,
  path: string,
  followLast: boolean,
): { tree: Tree; path: string } {
  const absolute = clean(`/${path}`);
  const { hostTree } = daemon.ports;
  const mount = [...networkFiles(daemon, container), ...container.record.mounts]
    .filter(
      ({ Type, Source, Destination }) =>
        Type !== 'tmpfs' &&
        (Type !== 'file' || hostTree.lstat(hostPath(Source))) &&
        (absolute === Destination || absolute.startsWith(`${Destination}/`)),
    )
    .sort((a, b) => b.Destination.length - a.Destination.length)[0];
  if (!mount) return { tree, path: tree.resolve(absolute, followLast) };
  return {
    tree: hostTree,
    path: hostTree.resolve(hostPath(`${mount.Source}${absolute.slice(mount.Destination.length)}`), followLast),
  };
}

/** HEAD /containers/{id}/archive */
export async function containerArchiveInfo(daemon: Daemon, name: string, path: string): Promise<PathStat> {
  const container = daemon.containers.find(name);
  const rethrow = renamed(container, name);
  return withPlace(daemon, container, path, path.endsWith('/'), (place) => statOf(container, place, path)).catch(
    rethrow,
  );
}

/** GET /containers/{id}/archive: a tar whose first entry is the base name. */
export async function containerArchive(
  daemon: Daemon,
  name: string,
  path: string,
): Promise<{ stat: PathStat; body: Body }> {
  const container = daemon.containers.find(name);
  const follow = path.endsWith('/') || path.endsWith('/.');
  const result = await withPlace(daemon, container, path, follow, (place) => ({
    stat: statOf(container, place, path),
    body: new TarContent(archiveEntries(place, path.endsWith('/.') ? '.' : baseName(path))),
  })).catch(renamed(container, name));
  daemon.containerEvent(container, 'archive-path');
  return result;
}

// The daemon's text has the name as the user wrote it.
const renamed =
  (container: Container, name: string) =>
  (error: unknown): never => {
    if (error instanceof Error && error.message.endsWith(`in container ${container.id}`)) {
      throw notFound(error.message.replace(container.id, name));
    }
    throw error;
  };

const baseName = (path: string): string => clean(`/${path}`).split('/').at(-1) || '/';

function archiveEntries(place: Place, base: string): TarEntry[] {
  if (place.stat.type === 'directory') {
    const prefix = base === '/' ? '' : `${base}/`;
    const inside = compareUpper(subtree(place.tree, place.path)).map((entry) => ({
      ...entry,
      name: prefix + entry.name,
      linkname: entry.type === 'link' ? prefix + entry.linkname : entry.linkname,
    }));
    return [directoryEntry(prefix || './', place.stat), ...inside];
  }
  const parent = place.path.slice(0, Math.max(0, place.path.lastIndexOf('/')));
  const own = place.path.slice(parent ? parent.length + 1 : 0);
  const [entry] = compareUpper(subtree(place.tree, parent, own));
  return entry ? [{ ...entry, name: base }] : [];
}

const directoryEntry = (name: string, stat: TreeStat): TarEntry =>
  tarEntry({
    name,
    type: 'directory',
    mode: 0o040000 | stat.mode,
    uid: stat.uid,
    gid: stat.gid,
    mtime: { sec: stat.mtime.sec, nsec: 0 },
  });

// Go's os.FileMode bits.
const goTypes: Record<TreeStat['type'], number> = {
  file: 0,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  block: 2 ** 26,
  char: 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
};

function statOf(_container: Container, place: Place, path: string): PathStat {
  const { stat, tree } = place;
  const special =
    (stat.mode & 0o4000 ? 2 ** 23 : 0) + (stat.mode & 0o2000 ? 2 ** 22 : 0) + (stat.mode & 0o1000 ? 2 ** 20 : 0);
  return {
    name: baseName(path),
    size: stat.type === 'directory' ? 4096 : stat.size,
    mode: goTypes[stat.type] + special + (stat.mode & 0o777),
    mtime: rfc3339Nano(stat.mtime),
    linkTarget: stat.type === 'symlink' ? linkTarget(tree, place.path) : '',
  };
}

function linkTarget(tree: Tree, path: string): string {
  try {
    return `/${tree.resolve(path, true)}`;
  } catch {
    return tree.readlink(path);
  }
}

/** PUT /containers/{id}/archive: a tar, compressed or not, unpacked into an existing directory. */
export async function putContainerArchive(
  daemon: Daemon,
  name: string,
  path: string,
  body: Body | undefined,
  options: { noOverwriteDirNonDir: boolean },
): Promise<void> {
  const container = daemon.containers.find(name);
  const entries = archiveOf(await bodyContent(body));
  await withPlace(daemon, container, path, true, (place) => {
    if (place.stat.type !== 'directory') throw badRequest('extraction point is not a directory');
    if (container.record.hostConfig.ReadonlyRootfs && place.tree !== daemon.ports.hostTree) {
      throw forbidden('container rootfs is marked read-only');
    }
    if (options.noOverwriteDirNonDir) refuseKindChange(place, entries);
    const prefix = place.path ? `${place.path}/` : '';
    refuseBreakout(entries, `/${place.path}`);
    const rebased = entries.map((entry) => ({
      ...entry,
      name: prefix + entry.name,
      linkname: entry.type === 'link' ? prefix + entry.linkname : entry.linkname,
    }));
    try {
      applyLayer(place.tree, rebased);
    } catch (error) {
      throw error instanceof TarError ? serverError(error.message) : error;
    }
  }).catch(renamed(container, name));
  daemon.containerEvent(container, 'extract-to-dir');
}

function archiveOf(content: Content): readonly TarEntry[] {
  try {
    return readTar(decompress(content));
  } catch (error) {
    throw error instanceof TarError ? serverError(`Error processing tar file(exit status 1): ${error.message}`) : error;
  }
}

/** moby pkg/archive Unpack: `..` at the start of a name, or of a hard link's target, would leave the directory. */
function refuseBreakout(entries: readonly TarEntry[], directory: string): void {
  const leaves = (name: string): boolean => {
    let depth = 0;
    for (const part of name.split('/')) {
      if (part === '..') depth--;
      else if (part !== '' && part !== '.') depth++;
      if (depth < 0) return true;
    }
    return false;
  };
  for (const { name, type, linkname } of entries) {
    const why = leaves(name)
      ? `${JSON.stringify(name)} is outside of ${JSON.stringify(directory)}`
      : type === 'link' && leaves(linkname)
        ? `invalid hardlink ${JSON.stringify(`${directory}/${linkname}`)} -> ${JSON.stringify(linkname)}`
        : undefined;
    if (why) throw serverError(`Error processing tar file(exit status 1): ${why}`);
  }
}

function refuseKindChange({ tree, path }: Place, entries: readonly TarEntry[]): void {
  for (const entry of entries) {
    const at = [path, entry.name.replace(/\/+$/, '')].filter(Boolean).join('/');
    const stat = tree.lstat(at);
    if (!stat) continue;
    if (stat.type === 'directory' && entry.type !== 'directory') {
      throw serverError(`cannot overwrite directory "/${at}" with non-directory "${path ? `/${path}` : ''}"`);
    }
    if (stat.type !== 'directory' && entry.type === 'directory') {
      throw serverError(`cannot overwrite non-directory "/${at}" with directory "${path ? `/${path}` : ''}"`);
    }
  }
}
