import { decompress, readTar, type TarEntry } from '../archive/index.ts';
import { type Content, contentText } from '../spec/index.ts';
import { ImageError } from './config.ts';

/** The unpacked archive as `docker load` sees it: files by path, links resolved inside the archive. */
export class ArchiveFiles {
  private readonly entries = new Map<string, TarEntry>();

  /** `directory` is where the daemon unpacks it; only error texts show it. */
  constructor(
    entries: Iterable<TarEntry>,
    private readonly directory: string,
  ) {
    for (const entry of entries) this.entries.set(cleanPath(entry.name), entry);
  }

  /** Undefined when there is no such file. */
  find(path: string): Content | undefined {
    return this.follow(cleanPath(path), 0);
  }

  /** ENOENT as Go prints it when absent. */
  open(path: string): Content {
    const content = this.find(path);
    if (content) return content;
    throw new ImageError('invalid', `open ${this.directory}/${cleanPath(path)}: no such file or directory`);
  }

  text(path: string): string {
    return contentText(this.open(path));
  }

  /** Names of the directories at the top, sorted bytewise. */
  topDirectories(): string[] {
    const names = new Set<string>();
    for (const [path, entry] of this.entries) {
      if (path.includes('/')) names.add(path.slice(0, path.indexOf('/')));
      else if (entry.type === 'directory' && path) names.add(path);
    }
    return [...names].sort((a, b) => (a < b ? -1 : 1));
  }

  // A few links in a row are as many as anyone writes; a loop ends here.
  private follow(path: string, depth: number): Content | undefined {
    const entry = this.entries.get(path);
    if (!entry || depth > 8) return undefined;
    if (entry.type === 'file') return entry.content;
    if (entry.type === 'link') return this.follow(cleanPath(entry.linkname), depth + 1);
    if (entry.type !== 'symlink') return undefined;
    const base = entry.linkname.startsWith('/') ? '' : path.slice(0, path.lastIndexOf('/') + 1);
    return this.follow(cleanPath(base + entry.linkname), depth + 1);
  }
}

/** A path relative to the archive's root; `..` does not leave it. */
function cleanPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}

/** Entries of a layer or archive, compressed or not. What the daemon's unpacker says goes into the text. */
export function readLayerTar(archive: Content): readonly TarEntry[] {
  return unpack(() => readTar(decompress(archive)));
}

/** Runs what a daemon's child process does, with the child's way of telling an error. */
export function unpack<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new ImageError('invalid', `Error processing tar file(exit status 1): ${(error as Error).message}`);
  }
}
