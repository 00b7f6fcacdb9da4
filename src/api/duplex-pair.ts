import { type Duplex, Errno } from '../spec/index.ts';

/** Bytes that may wait on one side before its writer is held back. */
const window = 256 * 1024;

/** One direction of a connection. */
class Pipe {
  private queue: Uint8Array[] = [];
  private queued = 0;
  private ended = false;
  private broken = false;
  private wake: (() => void)[] = [];

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const next = this.queue.shift();
      if (next) {
        this.queued -= next.length;
        this.signal();
        return next;
      }
      if (this.ended || this.broken) return null;
      await this.change();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.ended || this.broken) throw new Errno('EPIPE');
    if (bytes.length === 0) return;
    this.queue.push(bytes);
    this.queued += bytes.length;
    this.signal();
    while (this.queued > window && !this.broken) await this.change();
    if (this.broken) throw new Errno('EPIPE');
  }

  end(): void {
    this.ended = true;
    this.signal();
  }

  /** The reader is gone: what waits is dropped, writers fail. */
  break(): void {
    this.broken = true;
    this.queue = [];
    this.queued = 0;
    this.signal();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private signal(): void {
    for (const wake of this.wake.splice(0)) wake();
  }
}

/** A connection inside the process: what one end writes, the other reads. */
export function duplexPair(): [Duplex, Duplex] {
  const forth = new Pipe();
  const back = new Pipe();
  return [end(forth, back), end(back, forth)];
}

const end = (output: Pipe, input: Pipe): Duplex => ({
  read: () => input.read(),
  write: (bytes) => output.write(bytes),
  closeWrite: () => output.end(),
  close() {
    output.end();
    input.break();
  },
});
