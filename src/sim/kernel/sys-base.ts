/** The part of `Sys` that is the process itself. The other sys-*.ts build on it, one group of calls each. */
import { Errno, type Timespec } from '../../spec/index.ts';
import type { Stat } from '../vfs/inode.ts';
import { changeDirectory, changeRoot, enterable } from './change-directory.ts';
import { requireCapability, withEgid, withEuid, withGid, withUid } from './credentials.ts';
import { Killed } from './killed.ts';
import { chargeMemory } from './memory.ts';
import type { OpenFile } from './open-file.ts';
import { DirectoryFile } from './regular-file.ts';
import { maxOpenFiles } from './rlimits.ts';
import type { Credentials, Rlimit } from './sys.ts';
import type { Task } from './task.ts';
import { givenId, shownId } from './user-ids.ts';

/** What a call that does not wait counts for in the time slice: about a microsecond. */
const callUnits = 0.1;

export abstract class SysBase {
  private current = true;

  constructor(
    protected readonly self: Task,
    readonly env: Record<string, string>,
    readonly argv: readonly string[],
  ) {}

  /** Whether this is still the face of a living process: not after exit, nor after exec replaced it. */
  get alive(): boolean {
    return this.current && !this.self.zombie;
  }

  /** exec: the program that used this face is gone. */
  retire(): void {
    this.current = false;
  }

  /** The program's code has ended. */
  leave(): void {
    this.current = false;
  }

  /** The process, for a call of a program that is still there; unwinds one that is not. */
  protected get task(): Task {
    if (!this.current || this.self.zombie) throw new Killed(this.self.pid);
    const { kernel } = this.self;
    kernel.current = this.self;
    kernel.scheduler.add(callUnits);
    return this.self;
  }

  protected file(fd: number): OpenFile {
    return this.task.files.get(fd);
  }

  get pid(): number {
    return this.self.pid;
  }
  get ppid(): number {
    return this.self.parent?.pidSeenBy(this.self) ?? 0;
  }
  /** As the process's user namespace numbers users and groups. */
  get cred(): Credentials {
    const { cred, ns } = this.self;
    if (!ns.user.parent) return cred;
    const uid = (id: number): number => shownId(ns.user, 'uidMap', id);
    const gid = (id: number): number => shownId(ns.user, 'gidMap', id);
    return {
      ...cred,
      uid: uid(cred.uid),
      euid: uid(cred.euid),
      suid: uid(cred.suid),
      gid: gid(cred.gid),
      egid: gid(cred.egid),
      sgid: gid(cred.sgid),
      groups: cred.groups.map(gid),
    };
  }

  /** The kernel's number of a user that the process names; EINVAL when its namespace does not map it. */
  protected uidOf(uid: number): number {
    return givenId(this.self.ns.user, 'uidMap', uid);
  }
  protected gidOf(gid: number): number {
    return givenId(this.self.ns.user, 'gidMap', gid);
  }
  /** A file's owner as the process's namespace has it. */
  protected shown(stat: Stat): Stat {
    const { user } = this.self.ns;
    if (!user.parent) return stat;
    return { ...stat, uid: shownId(user, 'uidMap', stat.uid), gid: shownId(user, 'gidMap', stat.gid) };
  }

  setuid(uid: number): void {
    this.task.cred = withUid(this.task.cred, this.uidOf(uid));
  }
  setgid(gid: number): void {
    this.task.cred = withGid(this.task.cred, this.gidOf(gid));
  }
  seteuid(uid: number): void {
    this.task.cred = withEuid(this.task.cred, this.uidOf(uid));
  }
  setegid(gid: number): void {
    this.task.cred = withEgid(this.task.cred, this.gidOf(gid));
  }
  setgroups(groups: readonly number[]): void {
    const { cred, ns } = this.task;
    if (!cred.effective.has('CAP_SETGID') || ns.user.setgroups === 'deny') throw new Errno('EPERM');
    this.task.cred = { ...cred, groups: groups.map((gid) => this.gidOf(gid)).sort((a, b) => a - b) };
  }
  capset(effective: Iterable<string>, permitted: Iterable<string>): void {
    const { cred } = this.task;
    const next = { effective: new Set(effective), permitted: new Set(permitted) };
    for (const name of next.permitted) if (!cred.permitted.has(name)) throw new Errno('EPERM');
    for (const name of next.effective) if (!next.permitted.has(name)) throw new Errno('EPERM');
    this.task.cred = { ...cred, ...next };
  }
  dropBounding(names: readonly string[] | 'all'): void {
    const { cred } = this.task;
    if (names.length > 0) requireCapability(cred, 'CAP_SETPCAP', cred.user);
    const bounding = new Set(names === 'all' ? [] : [...cred.bounding].filter((name) => !names.includes(name)));
    this.task.cred = { ...cred, bounding };
  }
  setNoNewPrivileges(): void {
    this.task.noNewPrivileges = true;
  }
  umask(mask?: number): number {
    const { paths } = this.task;
    const old = paths.umask;
    if (mask !== undefined) paths.umask = mask & 0o777;
    return old;
  }

  getcwd(): string {
    const { paths } = this.task;
    const path = paths.pathOf(paths.cwd);
    if (path.endsWith(' (deleted)')) throw new Errno('ENOENT');
    return path;
  }
  chdir(path: string): void {
    changeDirectory(this.task, path);
  }
  fchdir(fd: number): void {
    const file = this.file(fd);
    if (!(file instanceof DirectoryFile)) throw new Errno('ENOTDIR');
    this.task.paths.cwd = enterable(this.task, file.location, file.path);
  }
  chroot(path: string): void {
    changeRoot(this.task, path);
  }

  getrlimit(resource: string, pid?: number): Rlimit {
    const limit = this.target(pid).rlimits.get(resource);
    if (!limit) throw new Errno('EINVAL');
    return limit;
  }
  setrlimit(resource: string, limit: Rlimit, pid?: number): void {
    const target = this.target(pid);
    const old = this.getrlimit(resource, pid);
    if (limit.soft > limit.hard) throw new Errno('EINVAL');
    if (resource === 'RLIMIT_NOFILE' && limit.hard > maxOpenFiles) throw new Errno('EPERM');
    if (limit.hard > old.hard) requireCapability(this.task.cred, 'CAP_SYS_RESOURCE');
    target.rlimits.set(resource, { ...limit });
  }
  getpriority(pid?: number): number {
    return this.target(pid).nice;
  }
  setpriority(nice: number, pid?: number): void {
    const target = this.target(pid);
    const clamped = Math.max(-20, Math.min(19, nice));
    if (clamped < target.nice && !this.task.cred.effective.has('CAP_SYS_NICE')) throw new Errno('EACCES');
    target.nice = clamped;
  }
  setComm(name: string): void {
    this.task.comm = name.slice(0, 15);
  }
  setTitle(args: readonly string[]): void {
    this.task.args = [...args];
  }
  setMemory(bytes: number): void {
    chargeMemory(this.task, bytes);
  }

  /** A process by pid as the caller sees it; 0 or none: itself. ESRCH. */
  protected target(pid?: number): Task {
    if (!pid) return this.task;
    const target = this.task.ns.pid.tasks.get(pid);
    if (!target) throw new Errno('ESRCH');
    return target;
  }

  now(): Timespec {
    return this.task.kernel.clock.now();
  }
  monotonic(): number {
    return this.task.kernel.clock.monotonic();
  }
  settime(time: Timespec): void {
    requireCapability(this.task.cred, 'CAP_SYS_TIME');
    this.task.kernel.clock.setTime(time);
  }
  random(length: number): Uint8Array {
    return this.task.kernel.entropy.bytes(length);
  }
}
