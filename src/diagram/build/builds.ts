import type { BuildFinding, Inspection, TraceEvent, TraceEventOf } from '../../trace/index.ts';

export interface BuildView {
  id: string;
  form: 'classic' | 'buildkit';
  dockerfile: { name: string; text: string };
  stages: StageView[];
  findings: BuildFinding[];
  /** Undefined while it runs. */
  ended?: { error?: string };
  hits: number;
  misses: number;
  ms: number;
}

export interface StageView {
  name: string;
  base: string;
  from?: number;
  line: number;
  findings: BuildFinding[];
  steps: StepView[];
}

export interface StepView {
  text: string;
  line: number;
  end: number;
  /** The stage it takes files from. */
  from?: number;
  /** `config`: only noted in the image's configuration. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'config';
  cache?: 'hit' | 'miss';
  /** What the cache said, without the instruction in front. */
  reason?: string;
  ms?: number;
  /** Bytes that its layer adds. */
  size?: number;
  /** Classic: the container it ran in, and the image that was committed of it. */
  commit?: { container?: string; image: string };
  findings: BuildFinding[];
}

/** The last build that these events tell of. */
export function lastBuild(events: readonly TraceEvent[], inspection?: Inspection): BuildView | undefined {
  const at = events.findLastIndex(({ type }) => type === 'build.begin');
  if (at < 0) return undefined;
  const reading = new Reading(events[at] as TraceEventOf<'build.begin'>, inspection);
  for (const event of events.slice(at + 1)) reading.take(event);
  return reading.view();
}

export const hasBuild = (events: readonly TraceEvent[]): boolean => events.some(({ type }) => type === 'build.begin');

class Reading {
  private readonly build: BuildView;
  private readonly byLine = new Map<number, StepView>();
  private readonly byNumber = new Map<number, StepView>();
  private readonly layerSizes: Map<string, number>;
  private running: StepView | undefined;
  private container: string | undefined;

  constructor(begin: TraceEventOf<'build.begin'>, inspection: Inspection | undefined) {
    const { build: id, form, dockerfile, findings } = begin;
    this.layerSizes = new Map(inspection?.layers.map(({ diffId, size }) => [diffId, size]));
    const on = (line: number, end: number) => findings.filter((found) => found.line >= line && found.line <= end);
    const stages = begin.stages.map(({ name, base, from, line, instructions }) => ({
      name,
      base,
      ...(from !== undefined && { from }),
      line,
      findings: on(line, line),
      steps: instructions.map((one): StepView => {
        const state = one.step ? 'waiting' : 'config';
        const used = one.from === undefined ? {} : { from: one.from };
        const { text } = one;
        return { text, line: one.line, end: one.end, ...used, state, findings: on(one.line, one.end) };
      }),
    }));
    for (const step of stages.flatMap(({ steps }) => steps)) this.byLine.set(step.line, step);
    this.build = { id, form, dockerfile, stages, findings, hits: 0, misses: 0, ms: 0 };
  }

  take(event: TraceEvent): void {
    if (event.type.startsWith('build.') && 'build' in event && event.build !== this.build.id) return;
    switch (event.type) {
      case 'build.step.begin':
        this.begin(event.line);
        break;
      case 'build.step':
        this.decide(event);
        break;
      case 'build.step.end':
        this.end(event);
        break;
      case 'build.end':
        this.over(event.error);
        break;
      case 'layer.commit':
        this.layerSizes.set(event.diffId, event.size);
        break;
      case 'container.create':
        this.container = event.id;
        break;
      case 'image.create':
        if (this.build.form === 'classic' && this.running) {
          this.running.commit = { ...(this.container && { container: this.container }), image: event.id };
        }
        break;
    }
  }

  private begin(line: number): void {
    const step = this.byLine.get(line);
    if (!step || this.build.ended) return;
    step.state = 'running';
    this.running = step;
    this.container = undefined;
  }

  private decide({ line, step: number, instruction, cache, reason }: TraceEventOf<'build.step'>): void {
    const step = this.byLine.get(line);
    if (!step) return; // FROM, or a trigger of the base
    step.cache = cache;
    step.reason = reason.startsWith(`${instruction}: `) ? reason.slice(instruction.length + 2) : reason;
    this.byNumber.set(number, step);
    if (cache === 'hit') this.build.hits++;
    else this.build.misses++;
  }

  private end({ step: number, ms, size, layer }: TraceEventOf<'build.step.end'>): void {
    const step = this.byNumber.get(number) ?? (this.build.form === 'classic' ? this.running : undefined);
    if (!step) return;
    step.state = 'done';
    step.ms = ms;
    this.build.ms += ms;
    const added = size ?? this.sizeOf(step, layer);
    if (added !== undefined) step.size = added;
    if (this.running === step) this.running = undefined;
  }

  /** A classic step tells the top layer of its image: its own only when it wrote files. */
  private sizeOf({ text }: StepView, layer: string | undefined): number | undefined {
    return layer !== undefined && /^(RUN|COPY|ADD|WORKDIR)\b/i.test(text) ? this.layerSizes.get(layer) : undefined;
  }

  private over(error: string | undefined): void {
    this.build.ended = error === undefined ? {} : { error };
    if (this.running) this.running.state = error === undefined ? 'done' : 'failed';
  }

  view(): BuildView {
    return this.build;
  }
}
