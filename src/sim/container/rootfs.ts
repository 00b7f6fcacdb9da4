/** The filesystem side of creating a container, in runc's order: mounts, devices, masks, pivot_root. */
import { RuntimeError } from '../../port/index.ts';
import { Errno, isErrno, type Mount, type OciMount, type RuntimeSpec } from '../../spec/index.ts';
import { hierarchiesV1 } from '../kernel/cgroup-v1.ts';
import { addDevice, defaultDevices, standardLinks } from '../kernel/device-tree.ts';
import { filesystemTypes } from '../kernel/filesystem-types.ts';
import { GeneratedFile } from '../kernel/generated-file.ts';
import { mountFilesystem } from '../kernel/mount.ts';
import type { Task } from '../kernel/task.ts';
import { S_IFDIR, S_IFMT } from '../vfs/inode.ts';
import type { Location, MountedFilesystem } from '../vfs/mount-table.ts';
import { PathContext } from '../vfs/path-context.ts';
import { setPropagation } from '../vfs/propagation.ts';

/** Mounts a snapshot at the bundle's root path. */
export function mountRootfs(task: Task, mounts: readonly Mount[], root: string): void {
  for (const mount of mounts) {
    mountFilesystem(task, { ...mount, target: mount.target === '/' ? root : root + mount.target });
  }
}

/** `task` is in its own mount namespace, and sees the host's tree; afterwards it sees the container's alone. */
export function enterRootfs(task: Task, spec: RuntimeSpec): void {
  setPropagation(task.ns.mnt.table.root, 'private', true);
  const root = ensureMountPoint(task, spec.root.path);
  const inside = new PathContext({ ...task.paths, root, cwd: root });
  for (const mount of spec.mounts) mountOrSay(task, inside, mount, spec.root.path);
  for (const [key, value] of Object.entries(spec.linux.sysctl ?? {})) writeSysctl(task, inside, spec, key, value);
  makeDevices(inside, spec);
  for (const path of spec.linux.maskedPaths ?? []) mask(task, inside, path);
  for (const path of spec.linux.readonlyPaths ?? []) makeReadonly(task, inside, path);
  if (spec.root.readonly) root.mount.flags = { ...root.mount.flags, readonly: true };
  switchRoot(task, root);
}

/** pivot_root wants a mount: a plain directory is bound onto itself. */
function ensureMountPoint(task: Task, path: string): Location {
  const at = task.paths.resolve(path);
  if (at.inode === at.mount.root && at.mount !== task.ns.mnt.table.root) return at;
  const mount = task.ns.mnt.table.bind(at, at, true);
  return { mount, inode: mount.root };
}

/** pivot_root(".", ".") and a lazy umount of the old root, as runc does it. */
function switchRoot(task: Task, root: Location): void {
  const { table } = task.ns.mnt;
  const old = table.root;
  table.pivot(root.mount, root);
  table.detach(old);
  task.paths.root = task.paths.cwd = { mount: root.mount, inode: root.inode };
}

const flagBits = new Map([
  ['ro', 0x1],
  ['nosuid', 0x2],
  ['nodev', 0x4],
  ['noexec', 0x8],
  ['bind', 0x1000],
  ['rbind', 0x5000],
]);

/** A failed mount, in runc's words (libcontainer rootfs_linux.go, mount_linux.go). */
function mountOrSay(task: Task, inside: PathContext, mount: OciMount, rootfs: string): void {
  const bound = (mount.options ?? []).some((option) => option === 'bind' || option === 'rbind');
  const why = bound ? procRefusal(mount.destination) : undefined;
  if (why) {
    const at = `error mounting "${mount.source}" to rootfs at "${mount.destination}": "${rootfs}${mount.destination}"`;
    throw new RuntimeError(
      `runc create failed: unable to start container process: error during container init: ${at} cannot be mounted because it is ${why}`,
      128,
    );
  }
  try {
    mountInto(task, inside, mount);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const [source, at] = [mount.source ?? mount.type ?? '', mount.destination];
    const flags = (mount.options ?? []).reduce((bits, option) => bits | (flagBits.get(option) ?? 0), 0);
    const data = (mount.options ?? []).filter((option) => option.includes('=')).join(',');
    const call = `mount ${source}:${at} (via /proc/self/fd/6), flags: 0x${flags.toString(16)}${data && `, data: ${data}`}`;
    const text = `error mounting "${source}" to rootfs at "${at}": ${call}: ${error.message.toLowerCase()}`;
    throw new RuntimeError(
      `runc create failed: unable to start container process: error during container init: ${text}`,
      128,
    );
  }
}

const emulated = 'cpuinfo diskstats meminfo stat swaps uptime loadavg slabinfo net/dev sys/kernel/ns_last_pid';

/** libcontainer checkProcMount: nothing is bound over or into /proc but what lxcfs emulates there. */
function procRefusal(destination: string): string | undefined {
  if (destination === '/proc') return 'not of type proc';
  if (!destination.startsWith('/proc/') || emulated.split(' ').includes(destination.slice(6))) return undefined;
  return 'inside /proc';
}

/** What belongs to the IPC namespace (libcontainer's validator). */
const ipcSysctl = /^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$|fs\.mqueue\.)/;

function writeSysctl(task: Task, inside: PathContext, spec: RuntimeSpec, key: string, value: string): void {
  // A sysctl of the network is the network namespace's: the host's own is not for a container to set.
  if (key.startsWith('net.') && !spec.linux.namespaces.some(({ type }) => type === 'network'))
    throw new RuntimeError(
      `runc create failed: sysctl ${JSON.stringify(key)} not allowed in host network namespace`,
      128,
    );
  if (ipcSysctl.test(key) && !spec.linux.namespaces.some(({ type }) => type === 'ipc'))
    throw new RuntimeError(
      `runc create failed: sysctl ${JSON.stringify(key)} is not allowed in the hosts ipc namespace`,
      128,
    );
  const path = `/proc/sys/${key.replaceAll('.', '/')}`;
  const fail = (reason: string): RuntimeError =>
    new RuntimeError(
      `runc create failed: unable to start container process: error during container init: open ${path}: ${reason}`,
      128,
    );
  if (!exists(inside, path)) throw fail('no such file or directory');
  const { inode } = inside.resolve(path);
  if (!(inode instanceof GeneratedFile) || !inode.accept) throw fail('permission denied');
  inode.accept(value, task, value);
}

function mountInto(task: Task, inside: PathContext, mount: OciMount): void {
  const options = mount.options ?? [];
  const version1 = task.ns.mnt.table.mounts.filter(({ fs }) => fs.type === 'cgroup');
  if (mount.type === 'cgroup' && version1.length > 0) {
    bindHierarchies(task, inside, mount.destination, options);
    return;
  }
  const type = mount.type === 'cgroup' ? 'cgroup2' : (mount.type ?? 'bind');
  const isBind = type === 'bind' || options.includes('bind') || options.includes('rbind');
  if (!isBind && !filesystemTypes.includes(type)) throw new Errno('ENODEV', mount.destination);
  const from = isBind ? task.paths.resolve(mount.source ?? '') : undefined;
  const directory = !from || (from.inode.getattr().mode & S_IFMT) === S_IFDIR;
  makeTarget(inside, mount.destination, directory);
  // Mount calls resolve by the process's paths: look from inside the new root for the target.
  const outside = task.paths;
  task.paths = inside;
  try {
    if (from) bindAt(task, inside, from, mount.destination, options);
    else mountFilesystem(task, { source: mount.source ?? type, target: mount.destination, type, options });
  } finally {
    task.paths = outside;
  }
}

/** On a host of cgroup v1: a tmpfs, and in it the container's own group of each hierarchy (libcontainer mountCgroupV1). */
function bindHierarchies(task: Task, inside: PathContext, target: string, options: readonly string[]): void {
  makeTarget(inside, target, true);
  const outside = task.paths;
  task.paths = inside;
  try {
    const own = options.filter((option) => option !== 'ro');
    mountFilesystem(task, { source: 'tmpfs', target, type: 'tmpfs', options: [...own, 'mode=755'] });
    for (const name of hierarchiesV1) {
      const at = `${target}/${name}`;
      inside.mkdir(at, 0o755);
      bindAt(task, inside, outside.resolve(`/sys/fs/cgroup/${name}${task.cgroup.path}`), at, options);
      for (const part of name.includes(',') ? name.split(',') : []) inside.symlink(name, `${target}/${part}`);
    }
    if (options.includes('ro'))
      mountFilesystem(task, { source: '', target, type: '', options: ['remount', ...options] });
  } finally {
    task.paths = outside;
  }
}

function bindAt(task: Task, inside: PathContext, from: Location, target: string, options: readonly string[]): void {
  const at = inside.resolve(target);
  const fromDirectory = (from.inode.getattr().mode & S_IFMT) === S_IFDIR;
  if (fromDirectory !== ((at.inode.getattr().mode & S_IFMT) === S_IFDIR)) throw new Errno('ENOTDIR', target);
  const recursive = options.includes('rbind');
  const mount = task.ns.mnt.table.bind(from, at, recursive);
  const flags = options.filter((option) => option !== 'bind' && option !== 'rbind');
  if (flags.length > 0) mountFilesystem(task, { source: '', target, type: '', options: ['remount', 'bind', ...flags] });
  if (options.includes('ro')) mount.flags = { ...mount.flags, readonly: true };
}

/** runc creates what a mount goes onto. */
export function makeTarget(paths: PathContext, path: string, directory: boolean): void {
  const parts = path.split('/').filter(Boolean);
  parts.forEach((_, index) => {
    const at = `/${parts.slice(0, index + 1).join('/')}`;
    if (exists(paths, at)) return;
    if (directory || index < parts.length - 1) paths.mkdir(at, 0o755);
    else paths.open(at, { create: true, write: true, mode: 0o755 });
  });
}

export function exists(paths: PathContext, path: string): boolean {
  try {
    paths.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function makeDevices(inside: PathContext, spec: RuntimeSpec): void {
  if (!exists(inside, '/dev')) inside.mkdir('/dev', 0o755);
  const { inode } = inside.resolve('/dev');
  if (inside.resolve('/dev').mount.flags.readonly) return;
  const present = (name: string): boolean => exists(inside, `/dev/${name}`);
  for (const device of defaultDevices) if (!present(device.name)) addDevice(inode, device);
  for (const [name, target] of standardLinks) if (!present(name)) inside.symlink(target, `/dev/${name}`);
  if (exists(inside, '/dev/pts/ptmx') && !present('ptmx')) inside.symlink('pts/ptmx', '/dev/ptmx');
  for (const device of spec.linux.devices ?? []) {
    const name = device.path.replace(/^\/dev\//, '');
    if (name.includes('/') || present(name) || device.type !== 'c') continue;
    addDevice(inode, { name, major: device.major, minor: device.minor, mode: device.fileMode ?? 0o666 });
  }
}

/** A masked file shows /dev/null, a masked directory an empty read-only tmpfs; absent ones are skipped. */
function mask(task: Task, inside: PathContext, path: string): void {
  if (!exists(inside, path)) return;
  const at = inside.resolve(path);
  const directory = (at.inode.getattr().mode & S_IFMT) === S_IFDIR;
  const { table } = task.ns.mnt;
  if (!directory) {
    table.bind(inside.resolve('/dev/null'), at, false);
    return;
  }
  const outside = task.paths;
  task.paths = inside;
  try {
    mountFilesystem(task, { source: 'tmpfs', target: path, type: 'tmpfs', options: ['ro'] });
  } finally {
    task.paths = outside;
  }
}

function makeReadonly(task: Task, inside: PathContext, path: string): void {
  if (!exists(inside, path)) return;
  const at = inside.resolve(path);
  const mount: MountedFilesystem = task.ns.mnt.table.bind(at, at, true);
  mount.flags = { ...mount.flags, readonly: true };
}
