/**
 * The file system calls of one process: its view of the mounts, and everything that is done by path. Credentials,
 * umask, read-only mounts and the rules of who may do what are applied here; filesystems below never ask.
 */
import { Errno, type Timespec } from '../../spec/index.ts';
import {
  type DirectoryEntry,
  type Inode,
  type Owner,
  type RenameFlags,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  type SetAttr,
  type Stat,
  type StatFs,
} from './inode.ts';
import { remember } from './lineage.ts';
import { coveringMount, type Location, type MountNamespace } from './mount-table.ts';
import { openFile } from './open-file.ts';
import type {
  Entry,
  FileCredentials,
  OpenRequest,
  OpenResult,
  PathOperations,
  ResolveOptions,
} from './path-operations.ts';
import {
  allowed,
  capable,
  inGroup,
  ownerOrCapable,
  R_OK,
  requireMayDelete,
  W_OK,
  withoutPrivilege,
  X_OK,
} from './permission.ts';
import { renameEntry } from './rename-entry.ts';
import { child, pathOf, typeOf, walk, walkToEntry } from './walk.ts';

export interface ProcessView {
  namespace: MountNamespace;
  root: Location;
  cwd: Location;
  cred: FileCredentials;
  /** Permission bits that new files do not get. */
  umask: number;
}

/** Gives errors of `run` the path they are about. */
export function about<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Errno && error.path === undefined) throw new Errno(error.code, path);
    throw error;
  }
}

export class PathContext implements PathOperations, ProcessView {
  namespace: MountNamespace;
  root: Location;
  cwd: Location;
  cred: FileCredentials;
  umask: number;

  constructor(view: ProcessView) {
    this.namespace = view.namespace;
    this.root = view.root;
    this.cwd = view.cwd;
    this.cred = view.cred;
    this.umask = view.umask;
  }

  /** A child's view: the same now, independent later. */
  fork(changes: Partial<ProcessView> = {}): PathContext {
    return new PathContext({ ...this, ...changes });
  }

  resolve(path: string, options?: ResolveOptions): Location {
    return about(path, () => walk(this, path, options));
  }

  resolveEntry(path: string, options?: ResolveOptions): Entry {
    return about(path, () => walkToEntry(this, path, options));
  }

  pathOf(location: Location): string {
    return pathOf(location, this.root);
  }

  // ---- looking

  stat(path: string): Stat {
    return this.resolve(path).inode.getattr();
  }

  lstat(path: string): Stat {
    return this.resolve(path, { follow: false }).inode.getattr();
  }

  access(path: string, mode: number, cred: FileCredentials = this.cred): void {
    about(path, () => {
      const location = walk({ root: this.root, cwd: this.cwd, cred }, path);
      if (mode) this.permission(location, mode, cred);
      if (mode & X_OK && location.mount.flags.noexec && typeOf(location.inode) === S_IFREG) throw new Errno('EACCES');
    });
  }

  readdir(path: string): DirectoryEntry[] {
    return about(path, () => {
      const location = walk(this, path);
      if (typeOf(location.inode) !== S_IFDIR) throw new Errno('ENOTDIR');
      this.permission(location, R_OK);
      return location.inode.readdir();
    });
  }

  readlink(path: string): string {
    return about(path, () => walk(this, path, { follow: false }).inode.readlink());
  }

  realpath(path: string): string {
    return this.pathOf(this.resolve(path));
  }

  statfs(path: string): StatFs {
    return this.resolve(path).mount.fs.statfs();
  }

  open(path: string, request: OpenRequest): OpenResult {
    return about(path, () => openFile(this, path, request));
  }

  // ---- names

  mkdir(path: string, mode = 0o777): void {
    this.makeName(path, true, (directory, name) => {
      // A setgid directory gives its children the bit.
      const inherited = directory.getattr().mode & 0o2000;
      directory.mkdir(name, (mode & 0o1777 & ~this.umask) | inherited, this.ownerIn(directory));
    });
  }

  symlink(target: string, path: string): void {
    if (target === '') throw new Errno('ENOENT', path);
    this.makeName(path, false, (directory, name) => directory.symlink(name, target, this.ownerIn(directory)));
  }

  mknod(path: string, mode: number, rdev = 0): void {
    const type = mode & S_IFMT || S_IFREG;
    if (type === S_IFDIR || type === S_IFLNK) throw new Errno(type === S_IFDIR ? 'EPERM' : 'EINVAL', path);
    const device = type === S_IFBLK || type === S_IFCHR;
    const whiteout = type === S_IFCHR && rdev === 0;
    this.makeName(path, false, (directory, name) => {
      if (device && !whiteout && !capable(this.cred, 'CAP_MKNOD')) throw new Errno('EPERM');
      const bits = type | (mode & 0o7777 & ~this.umask);
      if (type === S_IFREG) directory.create(name, bits, this.ownerIn(directory));
      else directory.mknod(name, bits, rdev, this.ownerIn(directory));
    });
  }

  link(existing: string, path: string): void {
    const from = this.resolve(existing, { follow: false });
    this.makeName(path, false, (directory, name, entry) => {
      if (from.mount !== entry.directory.mount) throw new Errno('EXDEV');
      if (typeOf(from.inode) === S_IFDIR) throw new Errno('EPERM');
      directory.link(name, from.inode);
    });
  }

  unlink(path: string): void {
    this.removeName(path, (entry, victim) => {
      if (typeOf(victim.inode) === S_IFDIR) throw new Errno('EISDIR');
      if (entry.mustBeDirectory) throw new Errno('ENOTDIR');
      entry.directory.inode.unlink(entry.name);
    });
  }

  rmdir(path: string): void {
    this.removeName(path, (entry, victim) => {
      if (typeOf(victim.inode) !== S_IFDIR) throw new Errno('ENOTDIR');
      entry.directory.inode.rmdir(entry.name);
    });
  }

  rename(from: string, to: string, flags?: RenameFlags): void {
    about(from, () => renameEntry(this, from, to, flags));
  }

  // ---- attributes

  chmod(path: string, mode: number, follow = true): void {
    about(path, () => this.chmodAt(walk(this, path, { follow }), mode));
  }

  chown(path: string, uid: number, gid: number, follow = true): void {
    about(path, () => this.chownAt(walk(this, path, { follow }), uid, gid));
  }

  utimens(path: string, atime: Timespec | undefined, mtime: Timespec | undefined, follow = true, now = false): void {
    about(path, () => this.utimensAt(walk(this, path, { follow }), atime, mtime, now));
  }

  truncate(path: string, size: number): void {
    about(path, () => {
      const location = walk(this, path);
      const type = typeOf(location.inode);
      if (type === S_IFDIR) throw new Errno('EISDIR');
      if (type !== S_IFREG || size < 0) throw new Errno('EINVAL');
      this.permission(location, W_OK);
      location.inode.open(true).setattr({ size });
    });
  }

  chmodAt(location: Location, mode: number): void {
    this.requireWritableMount(location);
    const stat = location.inode.getattr();
    if (!ownerOrCapable(stat, this.cred)) throw new Errno('EPERM');
    if ((stat.mode & S_IFMT) === S_IFLNK) throw new Errno('EOPNOTSUPP');
    const keepsSetgid = capable(this.cred, 'CAP_FSETID', stat) || inGroup(this.cred, stat.gid);
    location.inode.setattr({ mode: mode & 0o7777 & (keepsSetgid ? ~0 : ~0o2000) });
  }

  chownAt(location: Location, uid: number, gid: number): void {
    this.requireWritableMount(location);
    const stat = location.inode.getattr();
    if (!this.mayChown(stat, uid, gid)) throw new Errno('EPERM');
    const attr: SetAttr = {};
    if (uid >= 0) attr.uid = uid;
    if (gid >= 0) attr.gid = gid;
    // chown(2): even root's chown takes setuid and file capabilities away.
    if ((stat.mode & S_IFMT) !== S_IFDIR) {
      if ((stat.mode & S_IFMT) === S_IFREG) attr.mode = withoutPrivilege(stat.mode);
      if (location.inode.getxattr('security.capability')) location.inode.removexattr('security.capability');
    }
    location.inode.setattr(attr);
  }

  /** utimensat(2): who may write a file may set its times to `now`, any other time is the owner's to set. */
  utimensAt(location: Location, atime: Timespec | undefined, mtime: Timespec | undefined, now = false): void {
    this.requireWritableMount(location);
    if (!atime && !mtime) return;
    const stat = location.inode.getattr();
    if (!ownerOrCapable(stat, this.cred)) {
      if (!now) throw new Errno('EPERM');
      this.permission(location, W_OK);
    }
    location.inode.setattr({ atime, mtime });
  }

  setattrAt(location: Location, attr: SetAttr): void {
    this.requireWritableMount(location);
    location.inode.setattr(attr);
  }

  getxattr(path: string, name: string, follow = true): Uint8Array {
    return about(path, () => {
      const value = walk(this, path, { follow }).inode.getxattr(this.readableXattr(name));
      if (!value) throw new Errno('ENODATA');
      return value;
    });
  }

  setxattr(path: string, name: string, value: Uint8Array, follow = true): void {
    about(path, () => {
      const location = walk(this, path, { follow });
      this.requireXattrWrite(location, name);
      location.inode.setxattr(name, value);
    });
  }

  removexattr(path: string, name: string, follow = true): void {
    about(path, () => {
      const location = walk(this, path, { follow });
      this.requireXattrWrite(location, name);
      location.inode.removexattr(name);
    });
  }

  listxattr(path: string, follow = true): string[] {
    const names = this.resolve(path, { follow }).inode.listxattr();
    return capable(this.cred, 'CAP_SYS_ADMIN') ? names : names.filter((name) => !name.startsWith('trusted.'));
  }

  // ---- what may be done

  permission(location: Location, mask: number, cred: FileCredentials = this.cred): void {
    const stat = location.inode.getattr();
    const type = stat.mode & S_IFMT;
    if (mask & W_OK && (type === S_IFREG || type === S_IFDIR)) this.requireWritableMount(location);
    if (!allowed(stat, mask, cred)) throw new Errno('EACCES');
  }

  requireWritableMount(location: Location): void {
    if (location.mount.flags.readonly || location.mount.fs.readonly) throw new Errno('EROFS');
  }

  /** Owner of what is made in `directory`. */
  ownerIn(directory: Inode): Owner {
    const parent = directory.getattr();
    return { uid: this.cred.euid, gid: parent.mode & 0o2000 ? parent.gid : this.cred.egid };
  }

  private mayChown(stat: Stat, uid: number, gid: number): boolean {
    if (capable(this.cred, 'CAP_CHOWN', stat)) return true;
    if (uid < 0 && gid < 0) return true;
    const uidKept = uid < 0 || uid === stat.uid;
    const gidOwn = gid < 0 || gid === stat.gid || inGroup(this.cred, gid);
    return stat.uid === this.cred.euid && uidKept && gidOwn;
  }

  private readableXattr(name: string): string {
    if (name.startsWith('trusted.') && !capable(this.cred, 'CAP_SYS_ADMIN')) throw new Errno('ENODATA');
    if (!/^(user|trusted|security|system)\../.test(name)) throw new Errno('EOPNOTSUPP');
    return name;
  }

  private requireXattrWrite(location: Location, name: string): void {
    this.requireWritableMount(location);
    if (!/^(user|trusted|security|system)\../.test(name)) throw new Errno('EOPNOTSUPP');
    if (name.startsWith('trusted.') && !capable(this.cred, 'CAP_SYS_ADMIN')) throw new Errno('EPERM');
    if (name === 'security.capability' && !capable(this.cred, 'CAP_SETFCAP', location.inode.getattr()))
      throw new Errno('EPERM');
    if (!name.startsWith('user.')) return;
    const type = typeOf(location.inode);
    if (type !== S_IFREG && type !== S_IFDIR) throw new Errno('EPERM');
    this.permission(location, W_OK);
  }

  // ---- the common parts of making and removing names

  private makeName(
    path: string,
    directoryWanted: boolean,
    make: (directory: Inode, name: string, entry: Entry) => void,
  ): void {
    about(path, () => {
      const entry = walkToEntry(this, path);
      const { directory, name } = entry;
      if (name === '' || name === '.' || name === '..' || child(directory, name)) throw new Errno('EEXIST');
      if (entry.mustBeDirectory && !directoryWanted) throw new Errno('ENOENT');
      this.permission(directory, W_OK | X_OK);
      make(directory.inode, name, entry);
    });
  }

  private removeName(path: string, remove: (entry: Entry, victim: Location) => void): void {
    about(path, () => {
      const entry = walkToEntry(this, path);
      const { directory, name } = entry;
      if (name === '') throw new Errno('EBUSY');
      if (name === '.') throw new Errno('EINVAL');
      if (name === '..') throw new Errno('ENOTEMPTY');
      const inode = directory.inode.lookup(name);
      this.requireWritableMount(directory);
      requireMayDelete(directory.inode, inode, this.cred);
      const victim: Location = { mount: directory.mount, inode, parent: directory.inode, name };
      if (coveringMount(victim)) throw new Errno('EBUSY');
      remember(inode, directory.inode, name);
      remove(entry, victim);
    });
  }
}
