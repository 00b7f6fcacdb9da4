/** open(2): from a path to an open file description of the right kind. */
import { Errno } from '../../spec/index.ts';
import { type Inode, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFMT, S_IFSOCK } from '../vfs/inode.ts';
import type { OpenResult } from '../vfs/path-operations.ts';
import { openDevice } from './character-devices.ts';
import { requireDevice } from './device-rules.ts';
import type { OpenFile, StatusFlags } from './open-file.ts';
import { openFifo } from './pipe.ts';
import { DirectoryFile, PathFile, RegularFile } from './regular-file.ts';
import type { OpenFlags } from './sys.ts';
import type { Task } from './task.ts';
import { openTerminal } from './terminals.ts';

/** An inode that makes its own open files: files of proc, cgroup2 and nsfs. */
export interface SelfOpening extends Inode {
  openFile(task: Task, flags: StatusFlags, opened: OpenResult, path: string): OpenFile;
}

const opensItself = (inode: Inode): inode is SelfOpening => 'openFile' in inode;

export async function openPath(task: Task, path: string, flags: OpenFlags, mode: number): Promise<OpenFile> {
  const opened = lookUp(task, path, flags, mode);
  const status = statusFlags(flags);
  if (isFifo(opened, flags)) {
    return openFifo(task, opened.inode, status, task.paths.pathOf(opened.location));
  }
  return openFound(task, opened, flags, status);
}

/** For what never blocks; EAGAIN for a FIFO that would. */
export function openPathSync(task: Task, path: string, flags: OpenFlags, mode: number): OpenFile {
  const opened = lookUp(task, path, flags, mode);
  if (isFifo(opened, flags)) throw new Errno('EAGAIN', path);
  return openFound(task, opened, flags, statusFlags(flags));
}

function lookUp(task: Task, path: string, flags: OpenFlags, mode: number): OpenResult {
  const access = flags.access ?? 'read';
  return task.paths.open(path, {
    read: access !== 'write',
    write: access !== 'read',
    create: flags.create,
    exclusive: flags.exclusive,
    truncate: flags.truncate,
    nofollow: flags.nofollow,
    directory: flags.directory,
    path: flags.path,
    mode,
  });
}

function statusFlags(flags: OpenFlags): StatusFlags {
  const access = flags.access ?? 'read';
  return {
    readable: access !== 'write',
    writable: access !== 'read',
    append: flags.append ?? false,
    nonblock: flags.nonblock ?? false,
  };
}

function openFound(task: Task, opened: OpenResult, flags: OpenFlags, status: StatusFlags): OpenFile {
  const { inode, location } = opened;
  const path = task.paths.pathOf(location);
  if (flags.path) return new PathFile(location, status, path);
  if (opensItself(inode)) return inode.openFile(task, status, opened, path);
  const attributes = inode.getattr();
  switch (attributes.mode & S_IFMT) {
    case S_IFDIR:
      return new DirectoryFile(location, status, path);
    case S_IFCHR:
      requireDevice(task.cgroup, attributes.mode, attributes.rdev, accessOf(status));
      return openTerminal(task, opened, flags, path) ?? openDevice(inode, attributes.rdev, status, path);
    case S_IFBLK:
      requireDevice(task.cgroup, attributes.mode, attributes.rdev, accessOf(status));
      throw new Errno('ENXIO', path);
    case S_IFSOCK:
      throw new Errno('ENXIO', path);
    default:
      return new RegularFile(location, inode, status, path);
  }
}

const accessOf = ({ readable, writable }: StatusFlags): string => `${readable ? 'r' : ''}${writable ? 'w' : ''}`;

/** A FIFO of a filesystem; a pipe that /proc/PID/fd leads to is opened already. */
const isFifo = ({ inode }: OpenResult, flags: OpenFlags): boolean =>
  !flags.path && !opensItself(inode) && (inode.getattr().mode & S_IFMT) === S_IFIFO;
