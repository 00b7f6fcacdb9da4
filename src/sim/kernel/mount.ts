/** mount(2), umount2(2), pivot_root(2). */
import { Errno } from '../../spec/index.ts';
import { type Filesystem, S_IFDIR, S_IFMT } from '../vfs/inode.ts';
import { type Location, MountedFilesystem, type MountFlags } from '../vfs/mount-table.ts';
import { setPropagation } from '../vfs/propagation.ts';
import { enterable } from './change-directory.ts';
import { requireCapability } from './credentials.ts';
import { makeFilesystem, reconfigure } from './filesystem-types.ts';
import type { Task } from './task.ts';

export interface MountRequest {
  source: string;
  target: string;
  type: string;
  options: readonly string[];
}

const flagNames: Record<string, Partial<MountFlags>> = {
  ro: { readonly: true },
  rw: { readonly: false },
  nosuid: { nosuid: true },
  suid: { nosuid: false },
  nodev: { nodev: true },
  dev: { nodev: false },
  noexec: { noexec: true },
  exec: { noexec: false },
  noatime: { noatime: true, relatime: false },
  relatime: { relatime: true },
  strictatime: { noatime: false, relatime: false },
};

/** Options that mean something to mount itself and are not handed to the filesystem. */
const verbs = new Set(['bind', 'rbind', 'remount', 'move', 'defaults', 'async', 'atime', 'diratime', 'nodiratime']);
const propagations = /^(r?)(private|shared|slave|unbindable)$/;

export function mountFilesystem(task: Task, request: MountRequest): void {
  requireCapability(task.cred, 'CAP_SYS_ADMIN', task.ns.mnt.user);
  const has = (name: string): boolean => request.options.includes(name);
  const at = task.paths.resolve(request.target);
  if (has('remount')) {
    remount(task, at, request.options);
    return;
  }
  if (has('move')) {
    move(task, request.source, at);
    return;
  }
  if (has('bind') || has('rbind') || request.type === 'bind') {
    bind(task, request, at);
    return;
  }
  const changed = changePropagation(at, request.options);
  if (changed && (request.type === '' || request.type === 'none')) return;
  if (!isDirectory(at)) throw new Errno('ENOTDIR', request.target);
  const fs = makeFilesystem(task, request.type, request.source, request.options.filter(isFilesystemOption));
  attach(task, fs, request, at);
}

function attach(task: Task, fs: Filesystem, request: MountRequest, at: Location): void {
  const mount = new MountedFilesystem(fs.root, request.source || request.type, flagsFrom(request.options));
  task.ns.mnt.table.attach(mount, at);
  changePropagation({ mount, inode: mount.root }, request.options);
}

function bind(task: Task, request: MountRequest, at: Location): void {
  const from = task.paths.resolve(request.source);
  if (isDirectory(from) !== isDirectory(at)) throw new Errno('ENOTDIR', request.target);
  const mount = task.ns.mnt.table.bind(from, at, request.options.includes('rbind'));
  mount.flags = flagsFrom(request.options, mount.flags);
  changePropagation({ mount, inode: mount.root }, request.options);
}

function move(task: Task, source: string, at: Location): void {
  const from = task.paths.resolve(source);
  if (from.inode !== from.mount.root) throw new Errno('EINVAL', source);
  task.ns.mnt.table.move(from.mount, at);
}

/** Without `bind` it is the filesystem that changes, wherever else it is mounted. */
function remount(task: Task, at: Location, options: readonly string[]): void {
  if (at.inode !== at.mount.root) throw new Errno('EINVAL');
  if (!options.includes('bind')) {
    reconfigure(task, at.mount.fs, options);
    at.mount.flags = flagsFrom(
      options.filter((option) => option !== 'ro' || !(at.mount.fs.type === 'tmpfs')),
      at.mount.flags,
    );
    return;
  }
  const flags = flagsFrom(options, at.mount.flags);
  if (at.mount.lockedReadonly && !flags.readonly) throw new Errno('EPERM');
  at.mount.flags = flags;
}

function changePropagation(at: Location, options: readonly string[]): boolean {
  let changed = false;
  for (const option of options) {
    const match = propagations.exec(option);
    if (!match) continue;
    setPropagation(at.mount, match[2] as 'private' | 'shared' | 'slave' | 'unbindable', match[1] === 'r');
    changed = true;
  }
  return changed;
}

function flagsFrom(options: readonly string[], start?: MountFlags): MountFlags {
  const none = { readonly: false, nosuid: false, nodev: false, noexec: false, noatime: false, relatime: true };
  return Object.assign({}, start ?? none, ...options.map((option) => flagNames[option] ?? {}));
}

const isFilesystemOption = (option: string): boolean =>
  !(option in flagNames) && !verbs.has(option) && !propagations.test(option) && option !== '';

const isDirectory = ({ inode }: Location): boolean => (inode.getattr().mode & S_IFMT) === S_IFDIR;

/** The topmost mount at `target`. EBUSY while a process has its root, its working directory or a file there. */
export function unmount(task: Task, target: string, lazy: boolean): void {
  requireCapability(task.cred, 'CAP_SYS_ADMIN', task.ns.mnt.user);
  const at = task.paths.resolve(target);
  if (at.inode !== at.mount.root) throw new Errno('EINVAL', target);
  if (!lazy && isInUse(task, at.mount)) throw new Errno('EBUSY', target);
  task.ns.mnt.table.umount(at.mount, lazy);
}

function isInUse(task: Task, mount: MountedFilesystem): boolean {
  for (const other of task.kernel.allTasks()) {
    if (other.zombie) continue;
    if (other.paths.cwd.mount === mount || other.paths.root.mount === mount) return true;
    for (const fd of other.files.numbers()) {
      const file = other.files.get(fd) as { location?: Location };
      if (file.location?.mount === mount) return true;
    }
  }
  return false;
}

/** Whether `at` is in the tree of mounts and directories that begins at the root of `top`'s mount. */
function isBelowMount(at: Location, top: Location): boolean {
  for (let mount: MountedFilesystem | undefined = at.mount; mount; mount = mount.parent) {
    if (mount === top.mount) return true;
  }
  return false;
}

/** pivot_root(2): EBUSY on the root mount itself, EINVAL for what is no mount, not below it, or shared. */
export function pivotRoot(task: Task, newRoot: string, putOld: string): void {
  requireCapability(task.cred, 'CAP_SYS_ADMIN', task.ns.mnt.user);
  const fresh = enterable(task, task.paths.resolve(newRoot), newRoot);
  const old = enterable(task, task.paths.resolve(putOld), putOld);
  const { table } = task.ns.mnt;
  const oldRoot = table.root;
  if (fresh.mount === oldRoot || old.mount === oldRoot) throw new Errno('EBUSY', newRoot);
  if (fresh.inode !== fresh.mount.root || !isBelowMount(old, fresh)) throw new Errno('EINVAL', newRoot);
  const parents = [fresh.mount.parent, oldRoot.parent, old.mount];
  if (parents.some((mount) => mount?.propagation === 'shared')) throw new Errno('EINVAL', newRoot);
  table.pivot(fresh.mount, old);
  // Every process of the namespace that had the old root moves along (pivot_root(2)).
  for (const other of task.kernel.allTasks()) {
    if (other.ns.mnt !== task.ns.mnt) continue;
    const { paths } = other;
    if (paths.root.mount === oldRoot && paths.root.inode === oldRoot.root) paths.root = fresh;
    if (paths.cwd.mount === oldRoot && paths.cwd.inode === oldRoot.root) paths.cwd = fresh;
  }
}
