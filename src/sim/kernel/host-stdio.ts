/** Descriptors whose other side is outside the simulated world: the standard streams of what `Kernel.start` runs. */
import { S_IFIFO, type Stat } from '../vfs/inode.ts';
import { block } from './block.ts';
import { ByteQueue } from './byte-queue.ts';
import { anonymousStat, OpenFile, type Readiness, readOnly } from './open-file.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

/** Waits for something of the host's in a way that signals can interrupt. */
export async function awaitHost<T>(task: Task, promise: Promise<T>): Promise<T> {
  const queue = new WaitQueue();
  let settled: { value: T } | { error: unknown } | undefined;
  promise.then(
    (value) => {
      settled = { value };
      queue.wake();
    },
    (error) => {
      settled = { error };
      queue.wake();
    },
  );
  const result = await block(task, [queue], () => settled);
  if ('error' in result) throw result.error;
  return result.value;
}

export class HostInput extends OpenFile {
  private readonly buffer = new ByteQueue(Number.MAX_SAFE_INTEGER);
  private readonly changed = new WaitQueue();
  private ended = false;
  private reading = false;

  constructor(private readonly source: { read(): Promise<Uint8Array | null> } | undefined) {
    super('pipe:[0]', readOnly);
    this.ended = source === undefined;
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    return block(task, [this.changed], () => {
      if (this.buffer.length > 0) return this.buffer.take(max);
      if (this.ended) return new Uint8Array(0);
      this.pull();
      return undefined;
    });
  }

  private pull(): void {
    if (this.reading || this.ended || !this.source) return;
    this.reading = true;
    const done = (bytes: Uint8Array | null): void => {
      this.reading = false;
      if (bytes === null) this.ended = true;
      else this.buffer.push(bytes);
      this.changed.wake();
    };
    this.source.read().then(done, () => done(null));
  }

  write(): never {
    throw new Error('not opened for writing');
  }
  stat(): Stat {
    return anonymousStat(S_IFIFO | 0o600, 1);
  }
  override ready(): Readiness {
    this.pull();
    return { read: this.buffer.length > 0 || this.ended, write: false, hangup: this.ended };
  }
  override queues(): readonly WaitQueue[] {
    return [this.changed];
  }
}

export class HostOutput extends OpenFile {
  constructor(private readonly sink: (bytes: Uint8Array) => Promise<void> | void) {
    super('pipe:[1]', { readable: false, writable: true, append: false, nonblock: false });
  }
  read(): never {
    throw new Error('not opened for reading');
  }
  write(task: Task, bytes: Uint8Array): Promise<void> | void {
    const taken = this.sink(bytes);
    return taken && awaitHost(task, taken);
  }
  stat(): Stat {
    return anonymousStat(S_IFIFO | 0o600, 2);
  }
}
