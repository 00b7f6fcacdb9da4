/** Open regular files and directories: a position in an inode. */
import { type Content, Errno, isErrno } from '../../spec/index.ts';
import type { Inode, Stat } from '../vfs/inode.ts';
import type { Location } from '../vfs/mount-table.ts';
import { capable, withoutPrivilege } from '../vfs/permission.ts';
import { OpenFile, type SeekWhence, type StatusFlags } from './open-file.ts';
import { sendSignal } from './signal-deliver.ts';
import { signalNumbers } from './signals.ts';
import type { Task } from './task.ts';

export class RegularFile extends OpenFile {
  position = 0;

  constructor(
    readonly location: Location,
    private readonly node: Inode,
    flags: StatusFlags,
    path: string,
  ) {
    super(path, flags);
  }

  read(_task: Task, max: number): Uint8Array {
    const bytes = this.node.read(this.position, max);
    this.position += bytes.length;
    return bytes;
  }

  override readAt(_task: Task, offset: number, max: number): Uint8Array {
    return this.node.read(offset, max);
  }

  /** As far as limits and space allow: what fits is written before the error comes. */
  write(task: Task, bytes: Uint8Array): void {
    if (this.flags.append) this.position = this.node.getattr().size;
    this.dropPrivilege(task);
    const allowed = sizeLimit(task) - this.position;
    if (allowed < bytes.length) {
      if (allowed <= 0) refuseSize(task);
      this.put(bytes.subarray(0, allowed));
      refuseSize(task);
    }
    this.put(bytes);
  }

  /** Who writes without CAP_FSETID takes setuid and setgid away (inode(7)). */
  private dropPrivilege({ cred }: Task): void {
    if (cred.effective.has('CAP_FSETID') && !cred.covers) return;
    const stat = this.node.getattr();
    if (stat.mode & 0o6000 && !capable(cred, 'CAP_FSETID', stat)) {
      this.node.setattr({ mode: withoutPrivilege(stat.mode) });
    }
  }

  private put(bytes: Uint8Array): void {
    try {
      this.position += this.node.write(this.position, bytes);
    } catch (error) {
      if (isErrno(error) && error.code === 'ENOSPC') this.fill(bytes);
      throw error;
    }
  }

  /** A full filesystem takes whole blocks of what does not fit. */
  private fill(bytes: Uint8Array): void {
    const { free, blockSize } = this.node.fs.statfs();
    const room = free * blockSize + ((blockSize - (this.position % blockSize)) % blockSize);
    for (let length = Math.min(room, bytes.length - 1); length > 0; length -= blockSize) {
      try {
        this.position += this.node.write(this.position, bytes.subarray(0, length));
        return;
      } catch (error) {
        if (!isErrno(error) || error.code !== 'ENOSPC') throw error;
      }
    }
  }

  stat(): Stat {
    return this.node.getattr();
  }

  override inode(): Inode {
    return this.node;
  }

  content(): Content {
    return this.node.content();
  }

  override seek(offset: number, whence: SeekWhence): number {
    const { size } = this.node.getattr();
    const position = seekTarget(offset, whence, this.position, size);
    if (position < 0) throw new Errno('EINVAL');
    this.position = position;
    return position;
  }
}

/** Holes are not told apart here: everything up to the end is data, as lseek(2) allows. */
function seekTarget(offset: number, whence: SeekWhence, position: number, size: number): number {
  if (whence === 'set') return offset;
  if (whence === 'cur') return position + offset;
  if (whence === 'end') return size + offset;
  if (offset >= size) throw new Errno('ENXIO');
  return whence === 'data' ? offset : size;
}

const sizeLimit = (task: Task): number => task.rlimits.get('RLIMIT_FSIZE')?.soft ?? Infinity;

/** setrlimit(2), RLIMIT_FSIZE: SIGXFSZ, and EFBIG for those that do not die of it. */
function refuseSize(task: Task): never {
  sendSignal(task, signalNumbers.XFSZ);
  task.checkpoint(0);
  throw new Errno('EFBIG');
}

export class DirectoryFile extends OpenFile {
  constructor(
    readonly location: Location,
    flags: StatusFlags,
    path: string,
  ) {
    super(path, flags);
  }
  read(): never {
    throw new Errno('EISDIR');
  }
  write(): never {
    throw new Errno('EBADF');
  }
  stat(): Stat {
    return this.location.inode.getattr();
  }
  override inode(): Inode {
    return this.location.inode;
  }
}

/** O_PATH: names a file without opening it. */
export class PathFile extends DirectoryFile {
  override read(): never {
    throw new Errno('EBADF');
  }
}
