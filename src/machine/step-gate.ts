/** "Walk me through it": the machine waits at each significant event of a command until it is told to go on. */
import type { StepState, TraceEvent } from '../trace/index.ts';

const significant = new Set<TraceEvent['type']>([
  'http.request',
  'http.response',
  'layer.commit',
  'layer.remove',
  'image.create',
  'image.tag',
  'image.untag',
  'image.delete',
  'container.create',
  'container.state',
  'container.remove',
  'build.begin',
  'build.step',
  'build.step.end',
  'build.end',
  'blob',
  'overlay.copyup',
  'overlay.whiteout',
  'overlay.opaque',
  'process.exec',
  'process.exit',
  'process.signal',
  'process.oom',
  'net.connect',
]);

export class StepGate {
  private on = false;
  private count = 0;
  /** Typed commands that run. */
  private readonly commands = new Set<number>();
  /** Events that happened before everything stood still; the first is the one that is shown. */
  private readonly queue: TraceEvent[] = [];
  private waiting: (() => void)[] = [];
  private readonly listeners = new Set<(state: StepState) => void>();

  constructor(
    /** Makes every process stop at its next call. */
    private readonly halt: () => void,
  ) {}

  state(): StepState {
    return { on: this.on, event: this.queue[0], count: this.count };
  }

  listen(listener: (state: StepState) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  set(on: boolean): void {
    this.on = on;
    if (!on) this.queue.length = 0;
    this.changed();
  }

  step(): void {
    if (this.queue.shift()) this.count++;
    this.changed();
  }

  hear(event: TraceEvent): void {
    if (event.type === 'command.begin' && event.typed) this.begin(event.pid);
    else if (event.type === 'command.end') this.commands.delete(event.pid);
    if (!this.on || this.commands.size === 0 || !significant.has(event.type)) return;
    this.queue.push(event);
    this.halt();
    if (this.queue.length === 1) this.changed();
  }

  private begin(pid: number): void {
    if (this.commands.size === 0) this.count = 0;
    this.commands.add(pid);
  }

  get closed(): boolean {
    return this.queue.length > 0;
  }

  /** Resolves when the machine may go on; undefined when it may at once. */
  passed(): Promise<void> | undefined {
    return this.closed ? new Promise((resolve) => void this.waiting.push(resolve)) : undefined;
  }

  /** The port, whose calls wait at the gate. */
  before<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, target, args);
          const wait = this.passed();
          return wait ? wait.then(call) : call();
        };
      },
    });
  }

  private changed(): void {
    if (!this.closed) {
      const { waiting } = this;
      this.waiting = [];
      for (const resume of waiting) resume();
    }
    for (const listener of this.listeners) listener(this.state());
  }
}
