/** The outside's end of a terminal: what the page's xterm or an attached client holds. */
import { Errno } from '../../spec/index.ts';
import type { DevPts } from './devpts.ts';
import type { PtyMaster } from './kernel.ts';
import type { KernelCore } from './kernel-core.ts';
import { type Tty, takeOutput } from './tty.ts';

export class PtyHandle implements PtyMaster {
  readonly tty: Tty;
  readonly slave: string;
  private closed = false;

  constructor(
    core: KernelCore,
    size: { columns: number; rows: number },
    private readonly devpts: DevPts = core.devpts,
  ) {
    this.tty = this.devpts.allocate();
    this.tty.size = { ...size };
    this.slave = this.tty.path;
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.closed) return null;
      try {
        const bytes = takeOutput(this.tty, 65536);
        if (bytes) return bytes;
      } catch {
        return null;
      }
      await this.change();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      if (this.closed) throw new Errno('EPIPE');
      const taken = this.tty.input(rest);
      rest = rest.subarray(taken);
      if (taken === 0) await this.change();
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => void this.tty.changed.add(resolve));
  }

  resize(columns: number, rows: number): void {
    this.tty.resize(columns, rows);
  }

  /** A terminal has no half close. */
  closeWrite(): void {}

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.tty.hangup();
    this.devpts.free(this.tty);
  }
}
