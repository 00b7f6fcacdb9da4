/**
 * Open file descriptions (Linux: struct file): what descriptors point at, shared by dup and fork. Each kind of file has
 * its own class; calls that may block take the calling task.
 */
import { Errno } from '../../spec/index.ts';
import type { Inode, Stat } from '../vfs/inode.ts';
import type { Task } from './task.ts';
import type { WaitQueue } from './wait-queue.ts';

export interface Readiness {
  read: boolean;
  write: boolean;
  hangup?: boolean;
  error?: boolean;
}

export type SeekWhence = 'set' | 'cur' | 'end' | 'data' | 'hole';

export interface StatusFlags {
  readable: boolean;
  writable: boolean;
  append: boolean;
  nonblock: boolean;
}

export abstract class OpenFile {
  private references = 1;
  /** Runs when the last descriptor is gone (locks). */
  onClose: (() => void) | undefined;

  constructor(
    /** As /proc/PID/fd/N shows it. */
    public path: string,
    readonly flags: StatusFlags,
  ) {}

  /** At most `max` bytes, empty at the end of file. */
  abstract read(task: Task, max: number): Promise<Uint8Array> | Uint8Array;
  abstract write(task: Task, bytes: Uint8Array): Promise<void> | void;
  abstract stat(): Stat;

  /** pread(2); ESPIPE for what has no position. */
  readAt(_task: Task, _offset: number, _max: number): Uint8Array {
    throw new Errno('ESPIPE');
  }
  /** lseek(2); ESPIPE for what has no position. */
  seek(_offset: number, _whence: SeekWhence): number {
    throw new Errno('ESPIPE');
  }

  /** Files that never block are always ready. */
  ready(): Readiness {
    return { read: true, write: true };
  }
  /** Queues that wake when {@link ready} may have changed. */
  queues(): readonly WaitQueue[] {
    return [];
  }
  /** The inode behind it, when it has one in a filesystem. */
  inode(): Inode | undefined {
    return undefined;
  }

  retain(): this {
    this.references++;
    return this;
  }
  release(): void {
    if (--this.references > 0) return;
    this.onClose?.();
    this.closed();
  }
  /** The last descriptor is gone. */
  protected closed(): void {}
}

export const readOnly: StatusFlags = { readable: true, writable: false, append: false, nonblock: false };

export const readWrite = (): StatusFlags => ({ readable: true, writable: true, append: false, nonblock: false });

/** For kinds of files that have no inode of their own: anon_inode, pipes, sockets. */
export function anonymousStat(mode: number, ino: number): Stat {
  const time = { sec: 0, nsec: 0 };
  return {
    dev: 14,
    ino,
    mode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size: 0,
    blksize: 4096,
    blocks: 0,
    atime: time,
    mtime: time,
    ctime: time,
  };
}

/** Narrows to a kind of file or throws what the call throws for any other. */
export function expectKind<T extends OpenFile>(
  file: OpenFile,
  // biome-ignore lint/suspicious/noExplicitAny: the constructors of the kinds differ
  kind: abstract new (...args: any[]) => T,
  code: 'ENOTTY' | 'ENOTSOCK' | 'EINVAL' | 'ENOTDIR' | 'ESPIPE',
): T {
  if (file instanceof kind) return file;
  throw new Errno(code);
}
