import type { SolveStatus, Vertex } from '../../../spec/index.ts';
import { amount, type Display, seconds, timed } from './progress.ts';

interface Shown {
  number: number;
  vertex: Vertex;
  /** Whether its name has been printed, and whether its end has. */
  named: boolean;
  ended: boolean;
}

/**
 * BuildKit's progress as lines (`--progress=plain`): each step gets a number when it first shows, its output lines are
 * marked with it and with the seconds since it began.
 */
export class PlainDisplay implements Display {
  private readonly steps = new Map<string, Shown>();
  private readonly statuses = new Set<string>();
  private last = 0;

  constructor(private readonly write: (text: string) => Promise<void>) {}

  async describe(text: string): Promise<void> {
    await this.write(`#0 ${text}\n\n`);
  }

  async update({ vertexes = [], statuses = [], logs = [] }: SolveStatus): Promise<void> {
    for (const vertex of vertexes) await this.vertex(vertex);
    for (const status of statuses) {
      const key = `${status.vertex}/${status.id}/${status.completed ? 1 : 0}`;
      if (this.statuses.has(key) || (!status.completed && !status.total)) continue;
      this.statuses.add(key);
      const size = amount(status);
      const took = status.completed ? ` ${seconds(status.started, status.completed)}s done` : '';
      await this.line(status.vertex, `${status.name || status.id}${size && ` ${size}`}${took}`);
    }
    for (const log of logs) {
      const began = this.steps.get(log.vertex)?.vertex.started;
      for (const text of log.msg.replace(/\n$/, '').split('\n'))
        await this.line(log.vertex, timed(began, log.timestamp, text));
    }
    for (const vertex of vertexes) await this.end(vertex);
  }

  async done(): Promise<void> {}

  /** They were printed as they came. */
  logsOf(): readonly string[] {
    return [];
  }

  private async vertex(vertex: Vertex): Promise<void> {
    const known = this.steps.get(vertex.digest);
    if (known) known.vertex = vertex;
    if (!vertex.started && !vertex.cached) return;
    const step = known ?? { number: this.steps.size + 1, vertex, named: false, ended: false };
    this.steps.set(vertex.digest, step);
    if (step.named) return;
    step.named = true;
    await this.write(`${this.last ? '\n' : ''}#${step.number} ${vertex.name}\n`);
    this.last = step.number;
  }

  private async end(vertex: Vertex): Promise<void> {
    const step = this.steps.get(vertex.digest);
    if (!step || step.ended || !(vertex.completed || vertex.cached)) return;
    step.ended = true;
    if (vertex.error) await this.line(vertex.digest, `ERROR: ${vertex.error}`);
    else if (vertex.cached) await this.line(vertex.digest, 'CACHED');
    else await this.line(vertex.digest, `DONE ${seconds(vertex.started, vertex.completed)}s`);
  }

  private async line(digest: string, text: string): Promise<void> {
    const step = this.steps.get(digest);
    if (!step) return;
    if (this.last !== step.number) {
      await this.write(`\n#${step.number} ${step.vertex.name}\n`);
      this.last = step.number;
    }
    await this.write(`#${step.number} ${text}\n`);
  }
}
