/** chdir(2) and chroot(2). */
import { Errno } from '../../spec/index.ts';
import { S_IFDIR, S_IFMT } from '../vfs/inode.ts';
import type { Location } from '../vfs/mount-table.ts';
import { requireCapability } from './credentials.ts';
import type { Task } from './task.ts';

export function enterable(task: Task, location: Location, path: string): Location {
  if ((location.inode.getattr().mode & S_IFMT) !== S_IFDIR) throw new Errno('ENOTDIR', path);
  task.paths.permission(location, 1);
  return location;
}

export function changeDirectory(task: Task, path: string): void {
  task.paths.cwd = enterable(task, task.paths.resolve(path), path);
}

/** The working directory stays where it is, as on Linux. */
export function changeRoot(task: Task, path: string): void {
  const location = enterable(task, task.paths.resolve(path), path);
  requireCapability(task.cred, 'CAP_SYS_CHROOT', task.ns.user);
  task.paths.root = location;
}
