import type { SignalAction } from './sys.ts';

/** What a process does about signals, and which wait for it. */
export class SignalState {
  readonly actions = new Map<number, SignalAction>();
  readonly pending = new Set<number>();
  blocked = new Set<number>();
  /** How many handlers have run: a call that slept compares, to know that it was interrupted. */
  handled = 0;

  action(signal: number): SignalAction {
    return this.actions.get(signal) ?? 'default';
  }

  /** As a fork's child has it: the same, nothing pending. */
  forked(): SignalState {
    const copy = new SignalState();
    for (const [signal, action] of this.actions) copy.actions.set(signal, action);
    copy.blocked = new Set(this.blocked);
    return copy;
  }

  /** As after exec: handlers are gone, ignored stay ignored (signal(7)). */
  resetHandlers(): void {
    for (const [signal, action] of this.actions) if (action !== 'ignore') this.actions.delete(signal);
  }

  /** Lowest pending signal that is not blocked. */
  next(): number | undefined {
    let lowest: number | undefined;
    for (const signal of this.pending) {
      if (!this.blocked.has(signal) && (lowest === undefined || signal < lowest)) lowest = signal;
    }
    return lowest;
  }
}
