import { modeWithType, TarContent, type TarEntry, tarEntry } from '../archive/index.ts';
import { type Content, epoch, type Timespec, textContent } from '../spec/index.ts';

/** The directory that `docker save` fills and then tars: paths in bytewise order per directory, whole-second times. */
export class ArchiveTree {
  private readonly entries = new Map<string, TarEntry>();

  /** Owner names in the tar: Debian's docker writes root, Docker Inc.'s leaves them out. */
  constructor(private readonly ownerName = '') {}

  directory(path: string, mtime: Timespec): void {
    this.add({ name: `${path}/`, type: 'directory', mode: 0o755, mtime });
  }
  file(path: string, content: Content | string, mtime: Timespec = epoch): void {
    this.add({ name: path, mode: 0o644, mtime, content: typeof content === 'string' ? textContent(content) : content });
  }
  symlink(path: string, target: string, mtime: Timespec): void {
    this.add({ name: path, type: 'symlink', mode: 0o777, mtime, linkname: target });
  }
  has(path: string): boolean {
    return this.entries.has(path);
  }

  tar(): TarContent {
    const paths = [...this.entries.keys()].sort(byComponents);
    return new TarContent(paths.map((path) => this.entries.get(path)!));
  }

  private add(fields: Partial<TarEntry> & { name: string; mode: number; mtime: Timespec }): void {
    const owner = this.ownerName && { uname: this.ownerName, gname: this.ownerName };
    const mtime = { sec: fields.mtime.sec, nsec: 0 };
    const mode = modeWithType(fields.type ?? 'file', fields.mode);
    this.entries.set(fields.name.replace(/\/$/, ''), tarEntry({ ...fields, ...owner, mode, mtime }));
  }
}

/** As filepath.Walk visits: a directory's subtree before the names that follow it. */
function byComponents(a: string, b: string): number {
  const [left, right] = [a.replaceAll('/', '\0'), b.replaceAll('/', '\0')];
  return left < right ? -1 : left > right ? 1 : 0;
}
