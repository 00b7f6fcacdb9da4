/** `Sys`: files by path. Path walk and permissions are the VFS's; here is what needs the kernel. */
import type { DirectoryEntry, RenameFlags, Stat, StatFs } from '../vfs/inode.ts';
import type { GivenTime } from '../vfs/path-operations.ts';
import { mountFilesystem, pivotRoot, unmount } from './mount.ts';
import { SysBase } from './sys-base.ts';

export abstract class SysPaths extends SysBase {
  stat(path: string): Stat {
    return this.shown(this.task.paths.stat(path));
  }
  lstat(path: string): Stat {
    return this.shown(this.task.paths.lstat(path));
  }
  access(path: string, mode: number, effective = false): void {
    const { paths, cred } = this.task;
    if (effective || (cred.uid === cred.euid && cred.gid === cred.egid)) {
      paths.access(path, mode);
      return;
    }
    const capabilities = cred.uid === 0 ? cred.permitted : new Set<string>();
    const { uid: euid, gid: egid, groups, covers } = cred;
    const real = { euid, egid, groups, effective: capabilities, covers };
    paths.access(path, mode, real);
  }
  readdir(path: string): DirectoryEntry[] {
    return this.task.paths.readdir(path);
  }
  readlink(path: string): string {
    return this.task.paths.readlink(path);
  }
  realpath(path: string): string {
    return this.task.paths.realpath(path);
  }
  mkdir(path: string, mode = 0o777): void {
    this.task.paths.mkdir(path, mode);
  }
  rmdir(path: string): void {
    this.task.paths.rmdir(path);
  }
  unlink(path: string): void {
    this.task.paths.unlink(path);
  }
  rename(from: string, to: string, flags?: RenameFlags): void {
    this.task.paths.rename(from, to, flags);
  }
  link(existing: string, path: string): void {
    this.task.paths.link(existing, path);
  }
  symlink(target: string, path: string): void {
    this.task.paths.symlink(target, path);
  }
  mknod(path: string, mode: number, rdev = 0): void {
    this.task.paths.mknod(path, mode, rdev);
  }
  chmod(path: string, mode: number): void {
    this.task.paths.chmod(path, mode);
  }
  chown(path: string, uid: number, gid: number): void {
    this.task.paths.chown(path, this.uidOf(uid), this.gidOf(gid));
  }
  lchown(path: string, uid: number, gid: number): void {
    this.task.paths.chown(path, this.uidOf(uid), this.gidOf(gid), false);
  }
  utimens(path: string, atime: GivenTime, mtime: GivenTime, follow = true): void {
    const now = atime === 'now' || mtime === 'now' ? this.task.kernel.clock.now() : undefined;
    const [access, change] = [atime, mtime].map((time) => (time === 'now' ? now : time));
    this.task.paths.utimens(path, access, change, follow, atime === 'now' && mtime === 'now');
  }
  truncate(path: string, size: number): void {
    this.task.paths.truncate(path, size);
  }
  getxattr(path: string, name: string, follow = true): Uint8Array {
    return this.task.paths.getxattr(path, name, follow);
  }
  setxattr(path: string, name: string, value: Uint8Array, follow = true): void {
    this.task.paths.setxattr(path, name, value, follow);
  }
  removexattr(path: string, name: string, follow = true): void {
    this.task.paths.removexattr(path, name, follow);
  }
  listxattr(path: string, follow = true): string[] {
    return this.task.paths.listxattr(path, follow);
  }
  statfs(path: string): StatFs {
    return this.task.paths.statfs(path);
  }
  mount(source: string, target: string, type: string, options: readonly string[]): void {
    mountFilesystem(this.task, { source, target, type, options });
  }
  umount(target: string, options?: { lazy?: boolean }): void {
    unmount(this.task, target, options?.lazy ?? false);
  }
  pivotRoot(newRoot: string, putOld: string): void {
    pivotRoot(this.task, newRoot, putOld);
  }
  /** Nothing is ever unwritten here. */
  sync(): void {}
}
