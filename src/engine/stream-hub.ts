import type { Stdio } from '../port/index.ts';
import type { OutputFrame } from '../spec/index.ts';
import { OutputQueue } from './output-queue.ts';

/** What waits on a process's stdin. */
class Stdin {
  private chunks: Uint8Array[] = [];
  private ended = false;
  private wake: () => void = () => {};

  push(bytes: Uint8Array): void {
    if (this.ended) return;
    this.chunks.push(bytes);
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.chunks.shift();
      if (chunk) return chunk;
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

export interface Subscription {
  stdout: boolean;
  stderr: boolean;
  queue: OutputQueue;
}

/**
 * The standard streams of one process, between it and whoever is attached (moby container/stream.Config). Clients may
 * attach before the process starts; all are let go when it has ended.
 */
export class StreamHub {
  private subscriptions = new Set<Subscription>();
  private stdin = new Stdin();

  subscribe(stdout: boolean, stderr: boolean): OutputQueue {
    const queue = new OutputQueue(() => this.subscriptions.delete(subscription));
    const subscription: Subscription = { stdout, stderr, queue };
    this.subscriptions.add(subscription);
    return queue;
  }

  /** Resolves when every attached client has room. */
  async write(frame: OutputFrame): Promise<void> {
    await Promise.all(
      [...this.subscriptions]
        .filter((subscription) => subscription[frame.stream])
        .map((subscription) => subscription.queue.push(frame)),
    );
  }

  input(bytes: Uint8Array): void {
    this.stdin.push(bytes);
  }

  endInput(): void {
    this.stdin.end();
  }

  /** Streams for a process about to start. `record` sees all output first (the log). */
  stdio(openStdin: boolean, record: (frame: OutputFrame) => void): Stdio {
    const stdin = this.stdin;
    const out = (stream: OutputFrame['stream']) => (bytes: Uint8Array) => {
      // The caller may use its buffer again.
      const frame = { stream, bytes: bytes.slice() };
      record(frame);
      return this.write(frame);
    };
    return { stdin: openStdin ? { read: () => stdin.read() } : null, stdout: out('stdout'), stderr: out('stderr') };
  }

  /** The process has ended (or did not start): clients get the rest and the end. The hub may be used again. */
  reset(): void {
    for (const { queue } of [...this.subscriptions]) queue.end();
    this.subscriptions.clear();
    this.stdin.end();
    this.stdin = new Stdin();
  }
}
