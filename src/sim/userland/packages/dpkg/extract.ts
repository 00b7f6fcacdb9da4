/** Puts the entries of a data.tar into the filesystem. */
import type { TarEntry } from '../../../../archive/index.ts';
import { type Errno, emptyContent, isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, idsByName, isDirectory, makeDirectories, readContent, readText, writeContent } from '../sys-files.ts';

export class ExtractError extends Error {
  constructor(
    readonly path: string,
    readonly reason: Errno,
  ) {
    super(reason.message);
  }
}

export class Extractor {
  private readonly users: Map<string, number>;
  private readonly groups: Map<string, number>;
  private readonly patterns: { include: boolean; pattern: RegExp }[];

  constructor(
    private readonly sys: Sys,
    private readonly root = '',
  ) {
    this.users = idsByName(sys, '/etc/passwd');
    this.groups = idsByName(sys, '/etc/group');
    this.patterns = root === '' ? readExclusions(sys) : [];
  }

  /** dpkg's --path-exclude and --path-include: the last that matches counts. */
  excluded(path: string): boolean {
    let out = false;
    for (const { include, pattern } of this.patterns) if (pattern.test(path)) out = !include;
    return out;
  }

  /** `keep` says of a configuration file that the old one stays: the new one is put beside it under that suffix. */
  extract(entry: TarEntry, keep?: string): void {
    const path = `${this.root}${entry.name.replace(/^\.?\//, '/').replace(/\/$/, '')}${keep ?? ''}`;
    try {
      this.create(entry, path);
    } catch (error) {
      if (isErrno(error)) throw new ExtractError(path, error);
      throw error;
    }
  }

  private create(entry: TarEntry, path: string): void {
    const { sys } = this;
    if (path === this.root || path === '') return;
    if (entry.type === 'directory') {
      if (isDirectory(sys, path)) return;
      makeDirectories(sys, path.slice(0, path.lastIndexOf('/')));
      sys.mkdir(path, entry.mode & 0o7777);
      this.own(entry, path);
      return;
    }
    makeDirectories(sys, path.slice(0, path.lastIndexOf('/')));
    // A new file takes the name of the old by rename, so that programs that run keep what they opened.
    const fresh = `${path}.dpkg-new`;
    if (exists(sys, fresh)) sys.unlink(fresh);
    if (entry.type === 'symlink') sys.symlink(entry.linkname, fresh);
    else if (entry.type === 'link') sys.link(`${this.root}${entry.linkname.replace(/^\.?\//, '/')}`, fresh);
    else writeContent(sys, fresh, entry.content ?? emptyContent, 0o600);
    if (entry.type !== 'link') this.own(entry, fresh);
    sys.rename(fresh, path);
  }

  private own(entry: TarEntry, path: string): void {
    const uid = this.users.get(entry.uname ?? '') ?? entry.uid;
    const gid = this.groups.get(entry.gname ?? '') ?? entry.gid;
    if (uid !== 0 || gid !== 0) this.sys.lchown(path, uid, gid);
    if (entry.type === 'symlink') return;
    this.sys.chmod(path, entry.mode & 0o7777);
    if (entry.type === 'file') this.sys.utimens(path, entry.mtime, entry.mtime);
  }
}

/** /etc/dpkg/dpkg.cfg and dpkg.cfg.d/*. */
function readExclusions(sys: Sys): { include: boolean; pattern: RegExp }[] {
  const directory = '/etc/dpkg/dpkg.cfg.d';
  const names = isDirectory(sys, directory) ? sys.readdir(directory).map(({ name }) => `${directory}/${name}`) : [];
  return ['/etc/dpkg/dpkg.cfg', ...names.sort()].flatMap((file) =>
    [...(readText(sys, file) ?? '').matchAll(/^path-(include|exclude)=(.+)$/gm)].map(([, kind, glob]) => ({
      include: kind === 'include',
      pattern: globPattern(glob!.trim()),
    })),
  );
}

/** fnmatch(3) without FNM_PATHNAME: * crosses slashes. */
export const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );

/** Whether two files have the same bytes. */
export function sameContent(sys: Sys, path: string, entry: TarEntry): boolean {
  const old = readContent(sys, path);
  if (!old || old.size !== entry.size) return false;
  const a = old.read(0, old.size);
  const b = entry.content.read(0, entry.size);
  return a.every((byte, i) => byte === b[i]);
}
