/** A list of calls that wait for something to change; they look for themselves whether it is what they want. */
export class WaitQueue {
  private waiting = new Set<() => void>();

  /** Calls `wake` once at the next wake-up; returns the canceller. */
  add(wake: () => void): () => void {
    this.waiting.add(wake);
    return () => void this.waiting.delete(wake);
  }

  /** Wakes everyone, in order of arrival. */
  wake(): void {
    if (this.waiting.size === 0) return;
    const woken = this.waiting;
    this.waiting = new Set();
    for (const wake of woken) wake();
  }

  get size(): number {
    return this.waiting.size;
  }
}
