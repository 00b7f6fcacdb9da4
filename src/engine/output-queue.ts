import type { OutputFrame } from '../spec/index.ts';

/** Bytes that may wait for a reader before the process that writes is held back (a pipe holds 64 KiB). */
const window = 64 * 1024;

/** What one client has still to read of a container's output. One reader. */
export class OutputQueue implements AsyncIterable<OutputFrame> {
  private frames: OutputFrame[] = [];
  private waiting = 0;
  private ended = false;
  private closed = false;
  private wakeReader: () => void = () => {};
  private wakeWriters: (() => void)[] = [];
  constructor(private readonly onClose: () => void = () => {}) {}

  /** Resolves when there is room again; at once for a reader that is gone. */
  async push(frame: OutputFrame): Promise<void> {
    if (this.ended || this.closed || frame.bytes.length === 0) return;
    this.frames.push(frame);
    this.waiting += frame.bytes.length;
    this.wakeReader();
    while (this.waiting > window && !this.closed) {
      await new Promise<void>((resolve) => this.wakeWriters.push(resolve));
    }
  }

  /** Nothing more comes; what waits is still delivered. Idempotent. */
  end(): void {
    this.ended = true;
    this.wakeReader();
  }

  /** The reader is gone. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.frames = [];
    this.release();
    this.wakeReader();
    this.onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OutputFrame> {
    try {
      for (;;) {
        const frame = this.frames.shift();
        if (frame) {
          this.waiting -= frame.bytes.length;
          if (this.waiting <= window) this.release();
          yield frame;
        } else if (this.ended || this.closed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.wakeReader = resolve;
          });
        }
      }
    } finally {
      this.close();
    }
  }

  private release(): void {
    for (const wake of this.wakeWriters.splice(0)) wake();
  }
}
