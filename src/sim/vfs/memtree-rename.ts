import { Errno } from '../../spec/index.ts';
import type { RenameFlags } from './inode.ts';
import type { MemInode } from './memtree-inode.ts';

/** renameat2(2) inside one memory tree. */
export function renameMemInode(from: MemInode, name: string, to: MemInode, toName: string, flags: RenameFlags): void {
  const moved = from.lookup(name);
  const target = to.isDirectory ? to.peek(toName) : to.lookup(toName);
  if (flags.exchange) {
    exchange(from, name, to, toName, moved, target);
    return;
  }
  if (target && flags.noreplace) throw new Errno('EEXIST');
  if (target === moved) return;
  if (to.nlink === 0) throw new Errno('ENOENT');
  if (isInside(to, moved)) throw new Errno('EINVAL');
  if (target) checkReplace(moved, target);
  if (moved.isDirectory && from !== to) {
    from.touch();
    to.touch();
    from.nlink--;
    to.nlink++;
    moved.touch();
    moved.parent = to;
  }
  if (flags.whiteout) from.leaveWhiteout(name);
  else from.withdraw(name);
  to.insert(toName, moved);
  moved.touch();
  moved.ctime = to.ctime;
  if (target) dropTarget(to, target);
}

function checkReplace(moved: MemInode, target: MemInode): void {
  if (moved.isDirectory && !target.isDirectory) throw new Errno('ENOTDIR');
  if (!moved.isDirectory && target.isDirectory) throw new Errno('EISDIR');
  if (target.entries?.size) throw new Errno('ENOTEMPTY');
}

function dropTarget(directory: MemInode, target: MemInode): void {
  if (target.isDirectory) {
    target.dropDirectory(directory.ctime);
    directory.nlink--;
  } else target.dropLink(directory.ctime);
}

function exchange(
  from: MemInode,
  name: string,
  to: MemInode,
  toName: string,
  moved: MemInode,
  target: MemInode | undefined,
): void {
  if (!target) throw new Errno('ENOENT');
  if (isInside(to, moved) || isInside(from, target)) throw new Errno('EINVAL');
  for (const inode of [from, to, moved, target]) inode.touch();
  from.insert(name, target);
  to.insert(toName, moved);
  if (from !== to) {
    const step = Number(moved.isDirectory) - Number(target.isDirectory);
    to.nlink += step;
    from.nlink -= step;
    if (moved.isDirectory) moved.parent = to;
    if (target.isDirectory) target.parent = from;
  }
  moved.ctime = target.ctime = to.ctime;
}

/** Whether `directory` is `ancestor` or below it. */
function isInside(directory: MemInode, ancestor: MemInode): boolean {
  for (let at: MemInode | undefined = directory; at; at = at.parent) if (at === ancestor) return true;
  return false;
}
