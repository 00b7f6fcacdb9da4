import { type TarEntry, tarEntry } from '../archive/index.ts';
import { type Content, emptyContent, type Timespec, textContent } from '../spec/index.ts';

/** A root filesystem being put together by path (no leading slash). Later writes to a path win. */
export class RootfsTree {
  private readonly entries = new Map<string, TarEntry>();
  constructor(readonly mtime: Timespec) {}

  directory(path: string, mode = 0o755, uid = 0, gid = 0): this {
    if (path !== '') this.put(tarEntry({ name: `${path}/`, type: 'directory', mode, uid, gid, mtime: this.mtime }));
    return this;
  }

  file(path: string, content: Content | string, mode = 0o644, uid = 0, gid = 0): this {
    const value = typeof content === 'string' ? (content === '' ? emptyContent : textContent(content)) : content;
    this.parents(path);
    return this.put(tarEntry({ name: path, mode, uid, gid, mtime: this.mtime, content: value }));
  }

  symlink(path: string, target: string): this {
    this.parents(path);
    return this.put(tarEntry({ name: path, type: 'symlink', linkname: target, mtime: this.mtime }));
  }

  hardlink(path: string, existing: string): this {
    const target = this.entries.get(existing);
    if (!target) throw new RangeError(`hard link ${path} to ${existing}, which is not there`);
    this.parents(path);
    return this.put(tarEntry({ ...target, name: path, type: 'link', linkname: existing, content: emptyContent }));
  }

  has = (path: string): boolean => this.entries.has(path);
  get = (path: string): TarEntry | undefined => this.entries.get(path);
  remove(path: string): void {
    this.entries.delete(path);
  }

  /** Bytes of all files. */
  get size(): number {
    let sum = 0;
    for (const entry of this.entries.values()) sum += entry.size;
    return sum;
  }

  /** In the order of a walk: a directory, then its subtree; siblings bytewise; hard links after what they name. */
  toEntries(): TarEntry[] {
    const key = (entry: TarEntry) => entry.name.replace(/\/$/, '').replaceAll('/', '\0');
    const sorted = [...this.entries.values()]
      .map((entry) => [key(entry), entry] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    // A tar's hard link must come after the name it links to: whichever name comes first carries the data.
    const first = new Map<string, string>();
    return sorted.map(([, entry]) => {
      const file = entry.type === 'link' ? entry.linkname : entry.name;
      const carrier = first.get(file);
      if (carrier === undefined) {
        first.set(file, entry.name);
        return entry.type === 'link' ? { ...this.entries.get(file)!, name: entry.name } : entry;
      }
      return { ...entry, type: 'link' as const, linkname: carrier, content: emptyContent, size: 0 };
    });
  }

  private put(entry: TarEntry): this {
    this.entries.set(entry.name.replace(/\/$/, ''), entry);
    return this;
  }

  private parents(path: string): void {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      if (!this.entries.has(parent)) this.directory(parent);
    }
  }
}
