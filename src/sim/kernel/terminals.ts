/** Terminals as device files: /dev/tty, /dev/ptmx, /dev/pts/N, and the devpts instances that hold them. */
import { Errno } from '../../spec/index.ts';
import type { OpenResult, PathOperations } from '../vfs/path-operations.ts';
import { deviceNumber } from './character-devices.ts';
import { DevPts } from './devpts.ts';
import type { OpenFile } from './open-file.ts';
import type { OpenFlags } from './sys.ts';
import type { Task } from './task.ts';
import { PtyMasterFile } from './tty.ts';

const devTty = deviceNumber(5, 0);
const devPtmx = deviceNumber(5, 2);
const ptsMajor = 136;

/** Undefined when the device is no terminal. */
export function openTerminal(task: Task, opened: OpenResult, flags: OpenFlags, path: string): OpenFile | undefined {
  const { rdev } = opened.inode.getattr();
  if (rdev === devTty) return openControlling(task, path);
  if (rdev === devPtmx) return openMaster(instanceFor(task.paths, opened) ?? task.kernel.devpts);
  if (rdev >> 8 !== ptsMajor) return undefined;
  const { fs } = opened.inode;
  const tty = (fs instanceof DevPts ? fs : task.kernel.devpts).terminal(rdev & 255);
  if (!tty) throw new Errno('EIO', path);
  const file = tty.openSlave();
  file.flags.nonblock = flags.nonblock ?? false;
  // A session leader without a terminal gets the first one it opens (open(2), O_NOCTTY).
  const { session } = task.group;
  if (!flags.noctty && session.leader === task && !session.tty && !tty.session) tty.control(task);
  return file;
}

function openControlling(task: Task, path: string): OpenFile {
  const { tty } = task.group.session;
  if (!tty) throw new Errno('ENXIO', path);
  return tty.openSlave();
}

/** The devpts that belongs to a ptmx: its own, or the one mounted beside it. */
function instanceFor(paths: Pick<PathOperations, 'resolve'>, opened: OpenResult): DevPts | undefined {
  if (opened.inode.fs instanceof DevPts) return opened.inode.fs;
  try {
    const { fs } = paths.resolve('/dev/pts').inode;
    return fs instanceof DevPts ? fs : undefined;
  } catch {
    return undefined;
  }
}

export function openMaster(devpts: DevPts): PtyMasterFile {
  const tty = devpts.allocate();
  return new PtyMasterFile(tty, () => devpts.free(tty));
}
