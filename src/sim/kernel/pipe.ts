/** Pipes and FIFOs (pipe(7)). */
import { Errno } from '../../spec/index.ts';
import { type Inode, S_IFIFO, type Stat } from '../vfs/inode.ts';
import { block } from './block.ts';
import { ByteQueue } from './byte-queue.ts';
import { anonymousStat, OpenFile, type Readiness, type StatusFlags } from './open-file.ts';
import { sendSignal } from './signal-deliver.ts';
import { signalNumbers } from './signals.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

/** 16 pages (pipe(7), "Pipe capacity"). */
const capacity = 65536;

export class Pipe {
  readonly bytes = new ByteQueue(capacity);
  readonly changed = new WaitQueue();
  readers = 0;
  writers = 0;
  /** How many times it was opened: an opener of a FIFO waits for the other side to come, even if it went at once. */
  readerOpens = 0;
  writerOpens = 0;
}

export class PipeFile extends OpenFile {
  constructor(
    readonly pipe: Pipe,
    flags: StatusFlags,
    path: string,
    private readonly pipeIno: number,
    private readonly node?: Inode,
    /** Who made a pipe that has no inode in a filesystem. */
    private readonly owner = { uid: 0, gid: 0 },
  ) {
    super(path, flags);
    if (flags.readable) {
      pipe.readers++;
      pipe.readerOpens++;
    }
    if (flags.writable) {
      pipe.writers++;
      pipe.writerOpens++;
    }
    pipe.changed.wake();
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    const { pipe } = this;
    return block(task, [pipe.changed], () => {
      if (pipe.bytes.length > 0) {
        const bytes = pipe.bytes.take(max);
        pipe.changed.wake();
        return bytes;
      }
      if (pipe.writers === 0) return new Uint8Array(0);
      if (this.flags.nonblock) throw new Errno('EAGAIN');
      return undefined;
    });
  }

  async write(task: Task, bytes: Uint8Array): Promise<void> {
    const { pipe } = this;
    let rest = bytes;
    await block(task, [pipe.changed], () => {
      if (pipe.readers === 0) breakPipe(task);
      if (rest.length === 0) return true;
      const taken = pipe.bytes.push(rest);
      rest = rest.subarray(taken);
      if (taken > 0) pipe.changed.wake();
      if (rest.length === 0) return true;
      if (this.flags.nonblock && taken === 0) throw new Errno('EAGAIN');
      return undefined;
    });
  }

  stat(): Stat {
    return this.node ? this.node.getattr() : { ...anonymousStat(S_IFIFO | 0o600, this.pipeIno), ...this.owner };
  }

  override inode(): Inode | undefined {
    return this.node;
  }

  override ready(): Readiness {
    const { pipe, flags } = this;
    const hangup = flags.readable && pipe.writers === 0;
    const error = flags.writable && pipe.readers === 0;
    return {
      read: flags.readable && (pipe.bytes.length > 0 || hangup),
      write: flags.writable && (pipe.bytes.room > 0 || error),
      hangup,
      error,
    };
  }

  override queues(): readonly WaitQueue[] {
    return [this.pipe.changed];
  }

  protected override closed(): void {
    if (this.flags.readable) this.pipe.readers--;
    if (this.flags.writable) this.pipe.writers--;
    this.pipe.changed.wake();
  }
}

/** SIGPIPE first, then EPIPE for those that ignore or handle it. */
export function breakPipe(task: Task): never {
  sendSignal(task, signalNumbers.PIPE);
  task.checkpoint(0);
  throw new Errno('EPIPE');
}

/** The pipes of FIFOs, by inode; they exist while somebody has one open. */
const fifos = new WeakMap<Inode, Pipe>();

/** fifo(7): opening for reading waits for a writer and the other way round; read-write and nonblock do not. */
export async function openFifo(task: Task, node: Inode, flags: StatusFlags, path: string): Promise<PipeFile> {
  const pipe = fifoPipe(node);
  if (flags.nonblock && flags.writable && !flags.readable && pipe.readers === 0) throw new Errno('ENXIO', path);
  const { readerOpens, writerOpens } = pipe;
  const file = new PipeFile(pipe, flags, path, node.ino, node);
  if (flags.nonblock || (flags.readable && flags.writable)) return file;
  try {
    await block(task, [pipe.changed], () => {
      const other = flags.readable
        ? pipe.writers > 0 || pipe.writerOpens > writerOpens
        : pipe.readers > 0 || pipe.readerOpens > readerOpens;
      return other || undefined;
    });
    return file;
  } catch (error) {
    file.release();
    throw error;
  }
}

function fifoPipe(node: Inode): Pipe {
  const pipe = fifos.get(node) ?? new Pipe();
  fifos.set(node, pipe);
  return pipe;
}
