import type { LogConsumer } from './log-consumer.ts';

/** What is told of a container that is attached to. */
export interface ContainerEvent {
  type: 'attach' | 'log' | 'err' | 'exit' | 'stopped' | 'recreated' | 'cancel';
  container: string;
  id: string;
  service: string;
  line?: string;
  exitCode?: number;
  restarting?: boolean;
}
export type ContainerListener = (event: ContainerEvent) => void;

/** What the end of a container means for the others. */
export type Cascade = 'ignore' | 'stop' | 'fail';

/**
 * Shows the logs of the attached containers until none is left (pkg/compose/printer.go). `cascade` says whether one
 * that ends takes all others along by `stop`; the answer is the exit status that counts.
 */
export class LogPrinter {
  private readonly attached = new Map<string, boolean>();
  private aborting = false;
  private exitCode = 0;
  private stopped?: Promise<void>;
  private finish!: (status: number) => void;
  /** The status, when the last container has ended or {@link stop} was called. */
  readonly done: Promise<number>;
  private ended = false;

  constructor(
    private readonly consumer: LogConsumer,
    private readonly options: { cascade: Cascade; exitCodeFrom: string; stop?: () => Promise<void> },
  ) {
    const done = new Promise<number>((resolve) => {
      this.finish = resolve;
    });
    this.done = done.then(async (status) => {
      await this.stopped;
      return status;
    });
    this.done.catch(() => undefined);
    this.exitCodeFrom = options.exitCodeFrom;
  }
  private exitCodeFrom: string;

  readonly handle: ContainerListener = (event) => {
    if (this.ended) return;
    switch (event.type) {
      case 'cancel':
        this.aborting = true;
        return;
      case 'attach':
        if (this.attached.get(event.id)) return;
        this.attached.set(event.id, true);
        this.consumer.register(event.container);
        return;
      case 'log':
        if (!this.aborting) this.consumer.log(event.container, event.line!);
        return;
      case 'err':
        if (!this.aborting) this.consumer.err(event.container, event.line!);
        return;
      default:
        this.exited(event);
    }
  };

  stop(): void {
    if (this.ended) return;
    this.ended = true;
    this.finish(this.exitCode);
  }

  private exited(event: ContainerEvent): void {
    const { id, container, exitCode = 0, service, type } = event;
    if (!this.aborting && this.attached.get(id)) {
      this.consumer.status(container, `exited with code ${exitCode}`);
      if (type === 'recreated') this.consumer.status(container, 'has been recreated');
    }
    this.attached.set(id, false);
    if (!event.restarting) this.attached.delete(id);
    const { cascade } = this.options;
    if (cascade === 'stop') this.abort();
    if (type === 'exit') {
      if (cascade === 'fail' && exitCode !== 0) {
        this.exitCodeFrom = service;
        this.abort();
      }
      if (cascade === 'stop' && this.exitCodeFrom === '') this.exitCodeFrom = service;
    }
    if (this.exitCodeFrom === service && (type === 'exit' || type === 'stopped')) this.exitCode = exitCode;
    if (this.attached.size === 0) this.stop();
  }

  private abort(): void {
    if (this.aborting) return;
    this.aborting = true;
    this.stopped = this.options.stop?.();
    this.stopped?.catch(() => undefined);
  }
}
