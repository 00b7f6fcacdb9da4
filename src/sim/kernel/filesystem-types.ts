/** The filesystem types that mount(2) can make (/proc/filesystems). */
import { Errno } from '../../spec/index.ts';
import type { Filesystem } from '../vfs/inode.ts';
import { MemTree } from '../vfs/memtree.ts';
import { overlayFromOptions } from '../vfs/mount-overlay.ts';
import { hierarchyV1 } from './cgroup-v1.ts';
import { CgroupFs } from './cgroupfs.ts';
import { DevPts } from './devpts.ts';
import { chargeTmpfs } from './memory.ts';
import { ProcFs } from './proc/proc-fs.ts';
import { SysFs } from './sysfs.ts';
import type { Task } from './task.ts';
import { givenId } from './user-ids.ts';

type Maker = (task: Task, source: string, options: readonly string[]) => Filesystem;

const tmpfs: Maker = (task, _source, options) => {
  const values = valuesOf(options);
  const bytes = parseSize(values.get('size'), task.kernel.memory);
  const mode = Number.parseInt(values.get('mode') ?? '1777', 8);
  const inodes = values.has('nr_inodes') ? parseSize(values.get('nr_inodes'), task.kernel.memory) : undefined;
  const [uid, gid] = [values.get('uid'), values.get('gid')];
  const tree = new MemTree({
    type: 'tmpfs',
    dev: task.kernel.newDev(),
    clock: task.kernel.clock,
    bytes,
    inodes,
    mode,
    charged: (delta) => chargeTmpfs(task.cgroup, delta),
    options: [
      ...(values.has('size') ? [`size=${Math.ceil(bytes / 4096) * 4}k`] : []),
      ...(inodes === undefined ? [] : [`nr_inodes=${inodes}`]),
      ...(mode === 0o1777 ? [] : [`mode=${mode.toString(8).padStart(3, '0')}`]),
      ...(uid ? [`uid=${uid}`] : []),
      ...(gid ? [`gid=${gid}`] : []),
    ].join(','),
  });
  const { cred, ns } = task;
  const owner = {
    uid: uid ? givenId(ns.user, 'uidMap', Number(uid)) : cred.euid,
    gid: gid ? givenId(ns.user, 'gidMap', Number(gid)) : cred.egid,
  };
  if (owner.uid || owner.gid) tree.root.setattr(owner);
  if (options.includes('ro')) tree.readonly = true;
  return tree;
};

const valuesOf = (options: readonly string[]) =>
  new Map(options.map((option) => option.split('=', 2) as [string, string]));

/** mount -o remount: what of the filesystem itself, not of the one mount, can be changed. */
export function reconfigure(task: Task, fs: Filesystem, options: readonly string[]): void {
  if (!(fs instanceof MemTree)) return;
  if (options.includes('ro')) fs.readonly = true;
  if (options.includes('rw')) fs.readonly = false;
  const size = valuesOf(options).get('size');
  if (size !== undefined && fs.type === 'tmpfs') fs.resize(parseSize(size, task.kernel.memory));
}

const makers = new Map<string, Maker>([
  ['tmpfs', tmpfs],
  ['ramfs', tmpfs],
  ['devtmpfs', (task) => task.kernel.devtmpfs],
  [
    'mqueue',
    (task) => new MemTree({ type: 'mqueue', dev: task.kernel.newDev(), clock: task.kernel.clock, mode: 0o1777 }),
  ],
  ['devpts', makeDevPts],
  ['proc', (task) => new ProcFs(task.kernel, task.ns.pid)],
  ['sysfs', (task) => new SysFs(task.kernel, task.ns.net)],
  [
    'cgroup',
    (task, _source, options) => new CgroupFs(task.kernel, task.ns.cgroup.root, hierarchyV1(options.join(','))),
  ],
  ['cgroup2', (task) => new CgroupFs(task.kernel, task.ns.cgroup.root)],
  [
    'overlay',
    (task, _source, options) =>
      overlayFromOptions(task.paths, options, { dev: task.kernel.newDev(), tracer: task.kernel.tracer }),
  ],
]);

export const filesystemTypes: readonly string[] = [...makers.keys()];

/** ENODEV for a type the kernel does not have. */
export function makeFilesystem(task: Task, type: string, source: string, options: readonly string[]): Filesystem {
  const make = makers.get(type);
  if (!make) throw new Errno('ENODEV', type);
  return make(task, source, options);
}

function makeDevPts(task: Task, _source: string, options: readonly string[]): Filesystem {
  const { kernel } = task;
  if (!options.includes('newinstance')) return kernel.devpts;
  const shown = options.filter((option) => option !== 'newinstance').join(',');
  return new DevPts(kernel.newDev(), () => kernel.clock.now(), shown);
}

/** 64m, 65536k, 50%, 1g; half of memory when absent. */
function parseSize(text: string | undefined, memory: number): number {
  const match = /^(\d+)([kmg%]?)$/i.exec(text ?? '50%');
  if (!match) throw new Errno('EINVAL');
  const value = Number(match[1]);
  const unit = match[2]!.toLowerCase();
  if (unit === '%') return Math.floor((memory * value) / 100);
  return value * { '': 1, k: 1024, m: 2 ** 20, g: 2 ** 30 }[unit]!;
}
