import { digestOfBytes } from '../../content/index.ts';
import {
  type Digest,
  rfc3339Nano,
  type SolveStatus,
  type SourceInfo,
  utf8,
  type Vertex,
  type VertexWarning,
} from '../../spec/index.ts';
import type { Backend, BuildMessage } from '../backend.ts';

/** The progress stream: vertices with their tasks and logs, in the order things happen. */
export class Progress {
  private sent = 0;
  constructor(
    private readonly backend: Backend,
    private readonly emit: (message: BuildMessage) => void,
  ) {}

  get started(): boolean {
    return this.sent > 0;
  }

  send(message: BuildMessage): void {
    this.sent++;
    this.emit(message);
  }

  now(): string {
    return rfc3339Nano(this.backend.clock.now());
  }

  trace(aux: SolveStatus): void {
    this.send({ id: 'moby.buildkit.trace', aux });
  }

  source(aux: SourceInfo): void {
    this.send({ id: 'moby.buildkit.source', aux });
  }

  warn(warnings: VertexWarning[]): void {
    if (warnings.length > 0) this.trace({ warnings });
  }

  /** Runs `work` as one vertex. A failure marks the vertex and is passed on. */
  async vertex<T>(name: string, inputs: readonly Digest[], work: (handle: VertexHandle) => Promise<T>): Promise<T> {
    const handle = new VertexHandle(this, {
      digest: digestOfBytes(utf8(`${name}\n${inputs.join('\n')}`)),
      inputs: [...inputs],
      name,
      started: this.now(),
    });
    handle.publish();
    try {
      const result = await work(handle);
      handle.end();
      return result;
    } catch (error) {
      handle.end((error as Error).message);
      throw error;
    }
  }
}

export class VertexHandle {
  private readonly tasks = new Map<string, string>();
  constructor(
    private readonly progress: Progress,
    private vertex: Vertex,
  ) {}

  get digest(): Digest {
    return this.vertex.digest;
  }

  publish(): void {
    this.progress.trace({ vertexes: [this.vertex] });
  }

  cached(): void {
    this.vertex = { ...this.vertex, cached: true };
  }

  end(error?: string): void {
    this.vertex = { ...this.vertex, completed: this.progress.now(), ...(error !== undefined && { error }) };
    this.publish();
  }

  /** A task as far as it is: call again with `done`. */
  task(id: string, options: { current?: number; total?: number; done: boolean }): void {
    const timestamp = this.progress.now();
    const started = this.tasks.get(id) ?? timestamp;
    this.tasks.set(id, started);
    const { current = 0, total = 0, done } = options;
    const status = { id, vertex: this.vertex.digest, name: id, current, total, timestamp, started };
    this.progress.trace({ statuses: [{ ...status, ...(done && { completed: timestamp }) }] });
  }

  log(stream: 1 | 2, msg: string): void {
    this.progress.trace({ logs: [{ vertex: this.vertex.digest, stream, msg, timestamp: this.progress.now() }] });
  }
}
