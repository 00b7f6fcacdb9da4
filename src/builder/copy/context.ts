import { decompress, readTar, type TarEntry, TarError, tarEntry } from '../../archive/index.ts';
import type { TreeStat } from '../../port/index.ts';
import { type Content, Errno, finish, type Steps } from '../../spec/index.ts';
import { BuildError } from '../backend.ts';
import { clean, parent } from '../paths.ts';
import { sourceHash } from './copy-hash.ts';
import type { SourceTree } from './source-tree.ts';

interface Item {
  entry: TarEntry;
  /** Where a hard link's data is. */
  data: TarEntry;
  ino: number;
  children: Set<string>;
  stat?: TreeStat;
}

/**
 * The build context: the uploaded tar as a read-only tree. File content is passed on by reference. Directories that the
 * tar only implies are 0755, root's.
 */
export class BuildContext implements SourceTree {
  private readonly items = new Map<string, Item>();

  constructor(entries: readonly TarEntry[] = []) {
    this.add('', tarEntry({ name: './', type: 'directory' }));
    finish(this.addAll(entries));
  }

  private *addAll(entries: readonly TarEntry[]): Steps<void> {
    for (const entry of entries) {
      yield;
      const path = clean(`/${entry.name}`).slice(1);
      if (path !== '') this.add(path, entry);
    }
  }

  /** An entry a step. Throws {@link BuildError} when the upload is no tar. */
  static *reading(upload: Content): Steps<BuildContext> {
    try {
      const context = new BuildContext();
      yield* context.addAll(readTar(decompress(upload)));
      return context;
    } catch (error) {
      if (error instanceof TarError)
        throw new BuildError(`Error processing tar file: ${error.message}`, undefined, 500);
      throw error;
    }
  }

  private add(path: string, entry: TarEntry): void {
    if (path !== '' && !this.items.has(parent(path))) {
      this.add(parent(path), tarEntry({ name: `${parent(path)}/`, type: 'directory', mtime: entry.mtime }));
    }
    const linked = entry.type === 'link' ? this.items.get(clean(`/${entry.linkname}`).slice(1)) : undefined;
    const children = this.items.get(path)?.children ?? new Set<string>();
    const ino = linked?.ino ?? this.items.size + 2;
    this.items.set(path, { entry, data: linked?.data ?? entry, ino, children });
    if (path !== '') this.items.get(parent(path))!.children.add(path.slice(path.lastIndexOf('/') + 1));
  }

  /** The tar's own entry, for hashes. */
  tarEntry(path: string): TarEntry | undefined {
    return this.items.get(path)?.entry;
  }

  /** Of all it holds: names, modes, owners and content, but not times. */
  digest(): string {
    return sourceHash(this, '');
  }

  /** The context without these paths and what is below them. */
  without(paths: readonly string[]): BuildContext {
    const gone = (path: string) => paths.some((other) => path === other || path.startsWith(`${other}/`));
    return new BuildContext(
      [...this.items].filter(([path]) => path !== '' && !gone(path)).map(([, item]) => item.entry),
    );
  }

  lstat(path: string): TreeStat | undefined {
    const item = this.items.get(path);
    if (!item) return undefined;
    // It never changes, and each step asks several times for each path.
    item.stat ??= this.statOf(item);
    return item.stat;
  }

  private statOf({ data, ino }: Item): TreeStat {
    const type = data.type === 'link' ? 'file' : data.type;
    return {
      type,
      mode: data.mode & 0o7777,
      uid: data.uid,
      gid: data.gid,
      size: data.size,
      mtime: { sec: data.mtime.sec, nsec: 0 },
      dev: 1,
      ino,
      nlink: 1,
      rdev: { major: data.devmajor, minor: data.devminor },
    };
  }

  readdir(path: string): string[] {
    const item = this.items.get(path);
    if (!item) throw new Errno('ENOENT', path);
    return [...item.children].sort();
  }

  readlink(path: string): string {
    return this.items.get(path)?.entry.linkname ?? '';
  }

  content(path: string): Content {
    const item = this.items.get(path);
    if (!item) throw new Errno('ENOENT', path);
    return item.data.content;
  }

  resolve(path: string, followLast: boolean): string {
    return resolveInside(this, path, followLast);
  }
}

/** Follows symlinks without ever leaving the root. The result need not exist. */
export function resolveInside(tree: Pick<SourceTree, 'lstat' | 'readlink'>, path: string, followLast: boolean): string {
  let left = path.split('/');
  let done: string[] = [];
  for (let hops = 0; left.length > 0; ) {
    const part = left.shift()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const next = [...done, part].join('/');
    if (tree.lstat(next)?.type !== 'symlink' || (left.length === 0 && !followLast)) {
      done.push(part);
      continue;
    }
    if (++hops > 255) throw new Errno('ELOOP', path);
    const target = tree.readlink(next);
    if (target.startsWith('/')) done = [];
    left = [...target.split('/'), ...left];
  }
  return done.join('/');
}
