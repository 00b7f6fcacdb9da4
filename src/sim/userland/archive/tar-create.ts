/** tar -c: the tree as entries. */
import { type TarEntry, type TarType, tarEntry } from '../../../archive/index.ts';
import { BytesContent, type Content, emptyContent } from '../../../spec/index.ts';
import type { Stat } from '../../vfs/inode.ts';
import { Accounts } from '../core/accounts.ts';
import type { Command } from '../core/command.ts';
import { isDirectory, typeLetter } from '../core/modes.ts';
import type { Member, TarRequest } from './tar-options.ts';

const types: Record<string, TarType> = { '-': 'file', d: 'directory', l: 'symlink', c: 'char', b: 'block', p: 'fifo' };

export class TarCreator {
  readonly entries: TarEntry[] = [];
  private readonly accounts: Accounts;
  /** "dev:ino" -> name of the entry, for hard links. */
  private readonly links = new Map<string, string>();
  private removedPrefix = '';
  private removedLinkPrefix = '';

  constructor(
    private readonly c: Command,
    private readonly request: TarRequest,
    /** The archive itself, which is not put into itself. */
    private readonly archive: Stat | undefined,
    private readonly added: (entry: TarEntry) => void,
  ) {
    this.accounts = new Accounts(c.sys);
  }

  async add({ name, directory }: Member): Promise<void> {
    const path = directory === undefined || name.startsWith('/') ? name : `${directory}/${name}`;
    await this.addPath(path, name.replace(/(?!^)\/+$/, ''));
  }

  private async addPath(path: string, name: string): Promise<void> {
    if (this.request.excluded(name)) return;
    const { c } = this;
    let stat: Stat;
    try {
      stat = this.request.dereference ? c.sys.stat(path) : c.sys.lstat(path);
    } catch (error) {
      if (!c.bb && name.startsWith('/') && !this.request.absolute) this.leadingRemoved('/');
      this.failed(c.bb ? `${name}: ${c.reason(error)}` : `${name}: Cannot stat: ${c.reason(error)}`);
      return;
    }
    const letter = typeLetter(stat.mode);
    const type = types[letter];
    if (this.archive && stat.ino === this.archive.ino && stat.dev === this.archive.dev) {
      if (!c.bb) c.error(`${name}: file is the archive; not dumped`, 0);
      return;
    }
    if (!type) {
      c.bb ? c.error(`${name}: socket ignored`, 0) : c.error(`${name}: socket ignored`, 0);
      return;
    }
    await c.drain();
    try {
      this.push(this.entry(path, name, stat, type), name);
    } catch (error) {
      this.failed(c.bb ? `can't open '${name}': ${c.reason(error)}` : `${name}: Cannot open: ${c.reason(error)}`);
      return;
    }
    if (isDirectory(stat.mode) && this.request.recursion) await this.children(path, name);
  }

  private async children(path: string, name: string): Promise<void> {
    const names = this.c.sys.readdir(path).map((entry) => entry.name);
    if (this.request.sorted) names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const child of names) await this.addPath(`${path}/${child}`, `${name === '/' ? '' : name}/${child}`);
  }

  private failed(message: string): void {
    this.c.error(message, this.c.bb ? 1 : 2);
  }

  private push(entry: TarEntry, name: string): void {
    if (entry.name === '' || entry.name === '/') return;
    this.entries.push(entry);
    this.added(this.request.showTransformed ? entry : { ...entry, name: this.plainName(name, entry.type) });
  }

  private plainName(name: string, type: TarType): string {
    return type === 'directory' && !name.endsWith('/') ? `${name}/` : name;
  }

  private entry(path: string, name: string, stat: Stat, type: TarType): TarEntry {
    const { request, c, accounts } = this;
    const stored = this.storedName(request.transform ? request.transform(name) : name, type);
    const key = `${stat.dev}:${stat.ino}`;
    const first = type === 'directory' || stat.nlink < 2 ? undefined : this.links.get(key);
    if (stat.nlink > 1 && type !== 'directory' && !first) this.links.set(key, stored);
    const mode = request.mode
      ? request.mode(stat.mode & 0o7777, type === 'directory', c.sys.umask())
      : stat.mode & 0o7777;
    const uid = request.owner?.id ?? stat.uid;
    const gid = request.group?.id ?? stat.gid;
    const named = (given: TarRequest['owner'], known: string | undefined) =>
      request.numericOwner && !c.bb ? '' : given?.name || known || '';
    return tarEntry({
      name: stored,
      type: first ? 'link' : type,
      mode,
      uid,
      gid,
      uname: named(request.owner, accounts.userName(uid)),
      gname: named(request.group, accounts.groupName(gid)),
      mtime: request.mtime ?? stat.mtime,
      linkname: first ?? (type === 'symlink' ? c.sys.readlink(path) : ''),
      devmajor: stat.rdev >> 8,
      devminor: stat.rdev & 255,
      content: first || type !== 'file' ? emptyContent : contentOf(c, path),
    });
  }

  /** Says once per prefix that it is left out. */
  private leadingRemoved(prefix: string): boolean {
    if (this.removedPrefix === prefix) return false;
    this.removedPrefix = prefix;
    const quoted = this.c.bb ? `removing leading '${prefix}'` : `Removing leading \`${prefix}'`;
    this.c.error(`${quoted} from member names`, 0);
    return true;
  }

  private storedName(name: string, type: TarType): string {
    const full = this.plainName(name, type);
    if (this.request.absolute) return full;
    const [prefix] = /^(\/+|.*(?:^|\/)\.\.(?:\/|$))?/.exec(full)!;
    if (!prefix) return full;
    if (this.leadingRemoved(prefix)) {
      if (!this.c.bb && !this.removedLinkPrefix && prefix === '/' && this.hardLinked(name)) {
        this.removedLinkPrefix = prefix;
        this.c.error(`Removing leading \`${prefix}' from hard link targets`, 0);
      }
    }
    return full.slice(prefix.length);
  }

  private hardLinked(name: string): boolean {
    const stat = this.c.sys.lstat(name);
    return stat.nlink > 1 && !isDirectory(stat.mode);
  }
}

/** By reference where the file system can; else (proc, sys) what reading gives. */
function contentOf(c: Command, path: string): Content {
  const fd = c.sys.openSync(path);
  try {
    const content = c.sys.fileContent(fd);
    if (content) return content;
    const parts: Uint8Array[] = [];
    for (let at = 0; ; ) {
      const bytes = c.sys.pread(fd, at, 65536);
      if (bytes.length === 0) break;
      parts.push(bytes);
      at += bytes.length;
    }
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return new BytesContent(whole);
  } finally {
    c.sys.close(fd);
  }
}
