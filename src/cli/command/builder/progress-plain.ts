import type { JsonMessage, SolveStatus, SourceInfo, Vertex } from '../../../spec/index.ts';
import { humanSize } from '../../format/index.ts';
import { StatusError } from '../command.ts';

type TraceMessage = JsonMessage & { id?: string; aux?: unknown };

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
export class PlainProgress {
  imageId = '';
  private readonly steps = new Map<string, Shown>();
  private readonly statuses = new Set<string>();
  private last = 0;
  private source?: SourceInfo;

  constructor(private readonly write: (text: string) => Promise<void>) {}

  /** Several builds may be shown at once; `prefix` then tells their steps apart: `[web 1/2] FROM …`. */
  async show(messages: AsyncIterable<TraceMessage>, prefix = ''): Promise<void> {
    for await (const message of messages) {
      if (message.id === 'moby.buildkit.trace') await this.status(prefixed(message.aux as SolveStatus, prefix));
      else if (message.id === 'moby.buildkit.source') this.source = message.aux as SourceInfo;
      else if (message.id === 'moby.image.id') this.imageId = (message.aux as { ID: string }).ID;
      else if (message.error)
        throw await (prefix ? this.failedService(message.error, prefix) : this.failed(message.error));
    }
  }

  /** A line of its own before the first step. */
  async describe(text: string): Promise<void> {
    await this.write(`#0 ${text}\n\n`);
  }

  private async status({ vertexes = [], statuses = [], logs = [], warnings = [] }: SolveStatus): Promise<void> {
    for (const vertex of vertexes) await this.vertex(vertex);
    for (const status of statuses) {
      const key = `${status.vertex}/${status.id}/${status.completed ? 1 : 0}`;
      if (this.statuses.has(key) || (!status.completed && !status.total)) continue;
      this.statuses.add(key);
      const size = status.total
        ? ` ${humanSize(status.current)} / ${humanSize(status.total)}`
        : status.current
          ? ` ${humanSize(status.current)}`
          : '';
      const took = status.completed ? ` ${seconds(status.started, status.completed)}s done` : '';
      await this.line(status.vertex, `${status.name || status.id}${size}${took}`);
    }
    for (const log of logs) {
      const began = this.steps.get(log.vertex)?.vertex.started;
      for (const text of log.msg.replace(/\n$/, '').split('\n'))
        await this.line(log.vertex, `${seconds(began, log.timestamp, 3)} ${text}`);
    }
    for (const vertex of vertexes) await this.end(vertex);
    // BuildKit's text names the line already.
    for (const { short } of warnings) this.warnings.push(short);
  }
  readonly warnings: string[] = [];

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

  /** Compose tells no place in the Dockerfile. */
  private async failedService(error: string, prefix: string): Promise<StatusError> {
    await this.failedStep(prefix);
    return new StatusError(1, `failed to solve: ${error.replace(/^failed to solve: /, '')}`);
  }

  private async failedStep(prefix = ''): Promise<void> {
    const step = [...this.steps].find(([digest, { vertex }]) => digest.startsWith(prefix) && vertex.error)?.[1];
    if (step) await this.write(`------\n > ${step.vertex.name}:\n------\n`);
  }

  /** The step that failed, the place in the Dockerfile, and the error. */
  private async failed(error: string): Promise<StatusError> {
    await this.failedStep();
    if (this.source) await this.write(excerpt(this.source));
    return new StatusError(1, `ERROR: failed to build: failed to solve: ${error.replace(/^failed to solve: /, '')}`);
  }
}

/** buildx's addPrefix, and each build's steps under their own keys. */
function prefixed(status: SolveStatus, prefix: string): SolveStatus {
  if (!prefix) return status;
  const name = (text: string): string => (text.startsWith('[') ? `[${prefix} ${text.slice(1)}` : `[${prefix}] ${text}`);
  const key = (digest: string): string => `${prefix} ${digest}`;
  return {
    ...status,
    vertexes: status.vertexes?.map((one) => ({
      ...one,
      digest: key(one.digest) as Vertex['digest'],
      name: name(one.name),
    })),
    statuses: status.statuses?.map((one) => ({ ...one, vertex: key(one.vertex) as typeof one.vertex })),
    logs: status.logs?.map((one) => ({ ...one, vertex: key(one.vertex) as typeof one.vertex })),
  };
}

const seconds = (from: string | undefined, to: string | undefined, digits = 1): string =>
  from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000).toFixed(digits) : (0).toFixed(digits);

/** The lines around the failing ones, these marked. */
function excerpt({ filename, data, range }: SourceInfo): string {
  const lines = data.split('\n');
  const first = Math.max(1, range.start - 2);
  const last = Math.min(lines.length, range.end + 2);
  const shown = lines.slice(first - 1, last).map((text, index) => {
    const number = first + index;
    const mark = number >= range.start && number <= range.end ? '>>>' : '   ';
    return `${String(number).padStart(4)} | ${mark} ${text}\n`;
  });
  return `${filename}:${range.start}\n--------------------\n${shown.join('')}--------------------\n`;
}
