/** One end of a byte stream (TCP, unix): what the other end sent and this one has not read. Two are joined. */
import { type Duplex, Errno } from '../../spec/index.ts';
import { ByteQueue } from '../kernel/byte-queue.ts';
import { WaitQueue } from '../kernel/wait-queue.ts';

/** What one end holds for its reader before the writer waits. */
const windowSize = 262144;

export class StreamEnd {
  readonly incoming = new ByteQueue(windowSize);
  readonly changed = new WaitQueue();
  peer!: StreamEnd;
  /** This end will send no more. */
  sentAll = false;
  closed = false;
  /** The connection was reset; the next read says so once. */
  wasReset = false;
  /** Told of every transfer from this end, in bytes. */
  onSend: ((bytes: number) => void) | undefined;

  /** Gives what there is, empty at the end, undefined when there is nothing yet. Throws ECONNRESET. */
  take(max: number): Uint8Array | undefined {
    if (this.incoming.length > 0) {
      const bytes = this.incoming.take(max);
      this.peer.changed.wake();
      return bytes;
    }
    if (this.wasReset) {
      this.wasReset = false;
      this.peer.sentAll = true;
      throw new Errno('ECONNRESET');
    }
    return this.peer.sentAll ? new Uint8Array(0) : undefined;
  }

  /** Bytes the other end had room for. EPIPE when it is gone or this end said it was done. */
  offer(bytes: Uint8Array): number {
    if (this.sentAll || this.peer.closed || this.wasReset) throw new Errno(this.wasReset ? 'ECONNRESET' : 'EPIPE');
    const taken = this.peer.incoming.push(bytes);
    if (taken > 0) {
      this.onSend?.(taken);
      this.peer.changed.wake();
    }
    return taken;
  }

  /** Half close. */
  endWrite(): void {
    if (this.sentAll) return;
    this.sentAll = true;
    this.wakeBoth();
  }

  /** Closing with unread bytes resets the connection, as TCP does. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.sentAll = true;
    if (this.incoming.length > 0) this.peer.wasReset = true;
    this.incoming.clear();
    this.wakeBoth();
  }

  reset(): void {
    this.peer.wasReset = true;
    this.peer.incoming.clear();
    this.closed = true;
    this.sentAll = true;
    this.wakeBoth();
  }

  private wakeBoth(): void {
    this.changed.wake();
    this.peer.changed.wake();
  }
}

export function streamPair(): [StreamEnd, StreamEnd] {
  const a = new StreamEnd();
  const b = new StreamEnd();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

/** An end as a Duplex, for those outside any process. */
export function duplexOf(end: StreamEnd): Duplex {
  const change = (): Promise<void> => new Promise((resolve) => void end.changed.add(resolve));
  return {
    async read() {
      for (;;) {
        if (end.closed) return null;
        const bytes = end.take(65536);
        if (bytes) return bytes.length > 0 ? bytes : null;
        await change();
      }
    },
    async write(bytes) {
      for (let rest = bytes; rest.length > 0; ) {
        const taken = end.offer(rest);
        rest = rest.subarray(taken);
        if (taken === 0) await change();
      }
    },
    closeWrite: () => end.endWrite(),
    close: () => end.close(),
  };
}
