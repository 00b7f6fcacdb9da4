/** flock(2): advisory locks that belong to open file descriptions. */
import { Errno } from '../../spec/index.ts';
import type { Inode } from '../vfs/inode.ts';
import { block } from './block.ts';
import type { OpenFile } from './open-file.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

interface Lock {
  holders: Map<OpenFile, 'shared' | 'exclusive'>;
  changed: WaitQueue;
}

const locks = new WeakMap<Inode, Lock>();

export async function lockFile(
  task: Task,
  file: OpenFile,
  operation: 'shared' | 'exclusive' | 'unlock',
  nonblock: boolean,
): Promise<void> {
  const inode = file.inode();
  if (!inode) throw new Errno('EBADF');
  if (operation === 'unlock') return unlockFile(file);
  const lock = locks.get(inode) ?? { holders: new Map(), changed: new WaitQueue() };
  locks.set(inode, lock);
  await block(task, [lock.changed], () => {
    const others = [...lock.holders].filter(([holder]) => holder !== file);
    const free = operation === 'shared' ? others.every(([, kind]) => kind === 'shared') : others.length === 0;
    if (!free && nonblock) throw new Errno('EAGAIN');
    if (!free) return undefined;
    lock.holders.set(file, operation);
    file.onClose = () => unlockFile(file);
    return true;
  });
}

function unlockFile(file: OpenFile): void {
  const inode = file.inode();
  const lock = inode && locks.get(inode);
  if (lock?.holders.delete(file)) lock.changed.wake();
}
