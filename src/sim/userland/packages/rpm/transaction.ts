/** Puts packages in and takes them out: files, scriptlets, the database. What rpm's librpm does for rpm and yum. */
import { type RpmFile, type RpmHeader, rpmFileFlag } from '../../../../archive/index.ts';
import { digestOf } from '../../../../content/index.ts';
import { type Content, emptyContent, isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import {
  exists,
  idsByName,
  isDirectory,
  makeDirectories,
  readContent,
  removeQuietly,
  writeContent,
  writeText,
} from '../sys-files.ts';
import type { RpmDatabase } from './database.ts';
import { nevra } from './version.ts';

export interface RpmPackage {
  header: RpmHeader;
  contents: ReadonlyMap<string, Content>;
}

export const isDirectoryFile = ({ mode }: RpmFile): boolean => (mode & 0o170000) === 0o040000;
export const isLinkFile = ({ mode }: RpmFile): boolean => (mode & 0o170000) === 0o120000;

export class RpmTransaction {
  constructor(
    private readonly sys: Sys,
    readonly db: RpmDatabase,
  ) {}

  /** False when its %pre failed: nothing was installed. `old` is what it takes the place of. */
  async install({ header, contents }: RpmPackage, old: readonly RpmHeader[] = []): Promise<boolean> {
    const count = String(old.length + 1);
    if (!(await this.script(header, 'pre', count))) return false;
    const users = idsByName(this.sys, '/etc/passwd');
    const groups = idsByName(this.sys, '/etc/group');
    for (const file of header.files) {
      await this.place(file, contents.get(file.path) ?? emptyContent, old);
      const uid = users.get(file.user) ?? 0;
      const gid = groups.get(file.group) ?? 0;
      if (uid !== 0 || gid !== 0) this.sys.lchown(file.path, uid, gid);
    }
    this.db.add({ ...header, installTime: this.sys.now().sec });
    await this.script(header, 'post', count);
    return true;
  }

  /** Takes a package out; `successor` keeps what it has too. */
  async erase(header: RpmHeader, successor?: RpmHeader): Promise<void> {
    const count = successor ? '1' : '0';
    if (!(await this.script(header, 'preun', count))) return;
    this.db.remove(header);
    const kept = new Set(this.db.packages.flatMap(({ files }) => files.map(({ path }) => path)));
    for (const file of header.files.toReversed()) if (!kept.has(file.path)) await this.removeFile(file);
    await this.script(header, 'postun', count);
  }

  private async place(file: RpmFile, content: Content, old: readonly RpmHeader[]): Promise<void> {
    const { sys } = this;
    makeDirectories(sys, file.path.slice(0, file.path.lastIndexOf('/')));
    if (isDirectoryFile(file)) {
      if (!isDirectory(sys, file.path)) sys.mkdir(file.path, file.mode & 0o7777);
      return;
    }
    const target = (await this.keepsOld(file, content, old)) ? `${file.path}.rpmnew` : file.path;
    if (target !== file.path) await sys.write(2, `warning: ${file.path} created as ${target}\n`);
    const fresh = `${target};rpm`;
    if (isLinkFile(file)) sys.symlink(file.link, fresh);
    else {
      writeContent(sys, fresh, content, 0o600);
      sys.chmod(fresh, file.mode & 0o7777);
      const mtime = { sec: file.mtime, nsec: 0 };
      sys.utimens(fresh, mtime, mtime);
    }
    sys.rename(fresh, target);
  }

  /** Whether what lies there is a configuration file that somebody changed. */
  private async keepsOld(file: RpmFile, content: Content, old: readonly RpmHeader[]): Promise<boolean> {
    if (!(file.flags & rpmFileFlag.noreplace) || !exists(this.sys, file.path)) return false;
    const there = digestAt(this.sys, file.path);
    if (there === digestOf(content).slice('sha256:'.length)) return false;
    return !old.some(({ files }) => files.some((one) => one.path === file.path && one.digest === there));
  }

  private async removeFile(file: RpmFile): Promise<void> {
    const { sys } = this;
    if (isDirectoryFile(file)) {
      try {
        sys.rmdir(file.path);
      } catch (error) {
        if (!isErrno(error)) throw error;
      }
      return;
    }
    const config = (file.flags & rpmFileFlag.config) !== 0 && !isLinkFile(file);
    if (config && exists(sys, file.path) && file.digest && digestAt(sys, file.path) !== file.digest) {
      sys.rename(file.path, `${file.path}.rpmsave`);
      await sys.write(2, `warning: ${file.path} saved as ${file.path}.rpmsave\n`);
      return;
    }
    removeQuietly(sys, file.path);
  }

  /** True when there is none, or it succeeded. */
  private async script(header: RpmHeader, kind: 'pre' | 'post' | 'preun' | 'postun', count: string): Promise<boolean> {
    const text = header.scripts[kind];
    const shell = '/bin/sh';
    if (!text || !exists(this.sys, shell)) return true;
    const path = `/var/tmp/rpm-tmp.${nevra(header).length}${kind}`;
    makeDirectories(this.sys, '/var/tmp', 0o1777);
    writeText(this.sys, path, text, 0o700);
    try {
      const pid = await this.sys.spawn(shell, [shell, path, count], { cwd: '/' });
      const code = (await this.sys.wait(pid))?.code;
      if (code === 0) return true;
      const stage = { pre: '%pre', post: '%post', preun: '%preun', postun: '%postun' }[kind];
      const level = kind.startsWith('pre') ? 'error' : 'warning';
      await this.sys.write(2, `${level}: ${stage}(${nevra(header)}) scriptlet failed, exit status ${code ?? 255}\n`);
      return level === 'warning';
    } finally {
      removeQuietly(this.sys, path);
    }
  }
}

/** SHA-256 in hex of a regular file; undefined where there is none. */
export function digestAt(sys: Sys, path: string): string | undefined {
  const content = isDirectory(sys, path) ? undefined : readContent(sys, path);
  return content && digestOf(content).slice('sha256:'.length);
}
