/** Open regular files and directories: a position in an inode. */
import { type Content, Errno } from '../../spec/index.ts';
import type { Inode, Stat } from '../vfs/inode.ts';
import type { Location } from '../vfs/mount-table.ts';
import { OpenFile, type StatusFlags } from './open-file.ts';
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

  write(task: Task, bytes: Uint8Array): void {
    if (this.flags.append) this.position = this.node.getattr().size;
    checkFileSize(task, this.position + bytes.length);
    this.position += this.node.write(this.position, bytes);
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

  seek(offset: number, whence: 'set' | 'cur' | 'end' | 'data' | 'hole'): number {
    const { size } = this.node.getattr();
    const position = seekTarget(offset, whence, this.position, size);
    if (position < 0) throw new Errno('EINVAL');
    this.position = position;
    return position;
  }
}

/** Holes are not told apart here: everything up to the end is data, as lseek(2) allows. */
function seekTarget(offset: number, whence: string, position: number, size: number): number {
  if (whence === 'set') return offset;
  if (whence === 'cur') return position + offset;
  if (whence === 'end') return size + offset;
  if (offset >= size) throw new Errno('ENXIO');
  return whence === 'data' ? offset : size;
}

/** RLIMIT_FSIZE. */
function checkFileSize(task: Task, size: number): void {
  const limit = task.rlimits.get('RLIMIT_FSIZE')?.soft ?? Infinity;
  if (size > limit) throw new Errno('EFBIG');
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
