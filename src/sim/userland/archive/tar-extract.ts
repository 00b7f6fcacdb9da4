/** tar -x: entries as files. */
import type { TarEntry } from '../../../archive/index.ts';
import { type Content, chunks, type Errno, isErrno } from '../../../spec/index.ts';
import { findGroup, findUser } from '../core/accounts.ts';
import type { Command } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';
import type { TarRequest } from './tar-options.ts';

export class TarExtractor {
  /** Directories get their modes and times when all that is in them is there. */
  private readonly directories: [path: string, entry: TarEntry][] = [];
  private readonly umask: number;
  private removedPrefix = '';

  constructor(
    private readonly c: Command,
    private readonly request: TarRequest,
  ) {
    this.umask = c.sys.umask();
  }

  /** Where the entry goes, relative to the working directory; undefined when nothing of it is left or it is refused. */
  target(entry: TarEntry): string | undefined {
    const { request } = this;
    let name = this.plainName(request.transform ? request.transform(entry.name) : entry.name);
    if (name === undefined) return undefined;
    for (let i = 0; i < request.strip; i++) {
      const slash: number = name.search(/\/+[^/]/);
      if (slash < 0) return undefined;
      name = name.slice(slash).replace(/^\/+/, '');
    }
    return name;
  }

  /** Without what leads out of the directory: a leading slash; BusyBox and GNU both refuse `..`. */
  private plainName(name: string): string | undefined {
    if (this.request.absolute) return name;
    if (/(^|\/)\.\.(\/|$)/.test(name)) {
      this.c.bb
        ? this.c.error(`name with '..' skipped: ${name}`, 0)
        : this.c.error(`${name}: Member name contains '..'`, 2);
      return undefined;
    }
    const [prefix] = /^\/*/.exec(name)!;
    if (prefix && this.removedPrefix !== prefix) {
      this.removedPrefix = prefix;
      this.c.error(
        `${this.c.bb ? `removing leading '${prefix}'` : `Removing leading \`${prefix}'`} from member names`,
        0,
      );
    }
    return name.slice(prefix.length) || '.';
  }

  async extract(entry: TarEntry, path: string): Promise<void> {
    try {
      if (entry.type === 'directory') this.directory(entry, path);
      else {
        this.parents(path);
        if (this.keeps(entry, path)) return;
        await this.create(entry, path);
      }
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.report(entry, path, error);
    }
  }

  private directory(entry: TarEntry, path: string): void {
    const clean = path.replace(/(?!^)\/+$/, '');
    this.parents(clean);
    try {
      this.c.sys.mkdir(clean, 0o700 | (entry.mode & 0o777));
    } catch (error) {
      if (!isErrno(error, 'EEXIST') || !isDirectory(this.c.sys.stat(clean).mode)) throw error;
      // BusyBox leaves the mode of a directory that was there; GNU sets it, but not that of `.` when it may not.
      if (this.c.bb) return;
    }
    this.directories.push([clean, entry]);
  }

  private parents(path: string): void {
    const at = path.lastIndexOf('/');
    if (at <= 0) return;
    const parent = path.slice(0, at);
    try {
      this.c.sys.mkdir(parent, 0o777);
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return;
      if (!isErrno(error, 'ENOENT')) return;
      this.parents(parent);
      this.c.sys.mkdir(parent, 0o777);
    }
  }

  /** Makes way, or says that what is there stays. */
  private keeps(entry: TarEntry, path: string): boolean {
    try {
      this.c.sys.lstat(path);
    } catch {
      return false;
    }
    const { keepOld } = this.request;
    if (keepOld === 'error') this.failed(`${entry.name}: Cannot open: File exists`);
    if (keepOld !== 'no') return true;
    this.c.sys.unlink(path);
    return false;
  }

  private async create(entry: TarEntry, path: string): Promise<void> {
    const { sys } = this.c;
    if (entry.type === 'symlink') sys.symlink(entry.linkname, path);
    else if (entry.type === 'link') {
      sys.link(this.target({ ...entry, name: entry.linkname }) ?? entry.linkname, path);
      return;
    } else if (entry.type === 'file') await this.file(entry, path);
    else sys.mknod(path, deviceBits[entry.type]! | 0o600, entry.devmajor * 256 + entry.devminor);
    this.attributes(entry, path);
  }

  private async file(entry: TarEntry, path: string): Promise<void> {
    const { sys } = this.c;
    const fd = await sys.open(path, { access: 'write', create: true, exclusive: true }, 0o600);
    try {
      if (entry.size > 0) await writeContent(this.c, fd, entry.content);
    } finally {
      sys.close(fd);
    }
  }

  private attributes(entry: TarEntry, path: string): void {
    const { sys } = this.c;
    const { request } = this;
    if (request.sameOwner) {
      const uid = (!request.numericOwner && entry.uname && findUser(sys, entry.uname)?.uid) || entry.uid;
      const gid = (!request.numericOwner && entry.gname && findGroup(sys, entry.gname)?.gid) || entry.gid;
      sys.lchown(path, uid, gid);
    }
    if (entry.type !== 'symlink') {
      const mode = entry.mode & (request.samePermissions ? 0o7777 : 0o777 & ~this.umask);
      sys.chmod(path, mode);
    }
    if (!request.touch) sys.utimens(path, undefined, entry.mtime, false);
  }

  /** Call it at the end. */
  finish(): void {
    for (const [path, entry] of this.directories.reverse()) {
      try {
        this.attributes(entry, path);
      } catch (error) {
        this.failed(`${entry.name}: Cannot change mode to ${modeWord(entry)}: ${this.c.reason(error)}`);
      }
    }
  }

  private failed(message: string): void {
    this.c.error(message, this.c.bb ? 1 : 2);
  }

  private report(entry: TarEntry, path: string, error: Errno): void {
    if (this.c.bb) this.c.fail(busyboxFailure(entry, path, error.message));
    const what = {
      directory: 'Cannot mkdir',
      symlink: `Cannot create symlink to '${entry.linkname}'`,
      link: `Cannot hard link to '${entry.linkname}'`,
      char: 'Cannot mknod',
      block: 'Cannot mknod',
      fifo: 'Cannot mkfifo',
      file: 'Cannot open',
    }[entry.type];
    this.failed(`${entry.name.replace(/\/$/, '')}: ${what}: ${error.message}`);
  }
}

const modeWord = (entry: TarEntry): string => (entry.mode & 0o7777).toString(8).padStart(4, '0');
const deviceBits: Record<string, number> = { char: 0o020000, block: 0o060000, fifo: 0o010000 };

function busyboxFailure(entry: TarEntry, path: string, reason: string): string {
  if (entry.type === 'directory') return `can't make dir ${path}: ${reason}`;
  if (entry.type === 'symlink') return `can't create symlink '${path}' to '${entry.linkname}': ${reason}`;
  if (entry.type === 'link') return `can't create hardlink '${path}' to '${entry.linkname}': ${reason}`;
  if (entry.type === 'file') return `can't open '${path}': ${reason}`;
  return `can't create node ${path}: ${reason}`;
}

/** A content into a descriptor: by reference where it is a regular file at its start, else as a stream. */
export async function writeContent(c: Command, fd: number, content: Content): Promise<void> {
  await c.flush();
  const stat = c.sys.fstat(fd);
  if ((stat.mode & 0o170000) === 0o100000 && stat.size === 0) {
    c.sys.setFileContent(fd, content);
    c.sys.lseek(fd, 0, 'end');
    return;
  }
  for (const piece of chunks(content)) await c.sys.write(fd, piece);
}
