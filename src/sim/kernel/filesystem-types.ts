/** The filesystem types that mount(2) can make (/proc/filesystems). */
import { Errno } from '../../spec/index.ts';
import type { Filesystem } from '../vfs/inode.ts';
import { MemTree } from '../vfs/memtree.ts';
import { overlayFromOptions } from '../vfs/mount-overlay.ts';
import { CgroupFs } from './cgroupfs.ts';
import { DevPts } from './devpts.ts';
import { ProcFs } from './proc/proc-fs.ts';
import { SysFs } from './sysfs.ts';
import type { Task } from './task.ts';

type Maker = (task: Task, source: string, options: readonly string[]) => Filesystem;

const tmpfs: Maker = (task, _source, options) => {
  const values = new Map(options.map((option) => option.split('=', 2) as [string, string]));
  return new MemTree({
    type: 'tmpfs',
    dev: task.kernel.newDev(),
    clock: task.kernel.clock,
    bytes: parseSize(values.get('size'), task.kernel.memory),
    mode: Number.parseInt(values.get('mode') ?? '1777', 8),
    options: options.join(','),
  });
};

const makers = new Map<string, Maker>([
  ['tmpfs', tmpfs],
  ['ramfs', tmpfs],
  ['devtmpfs', (task) => task.kernel.devtmpfs],
  [
    'mqueue',
    (task) => new MemTree({ type: 'tmpfs', dev: task.kernel.newDev(), clock: task.kernel.clock, mode: 0o1777 }),
  ],
  ['devpts', makeDevPts],
  ['proc', (task) => new ProcFs(task.kernel, task.ns.pid)],
  ['sysfs', (task) => new SysFs(task.kernel, task.ns.net)],
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
