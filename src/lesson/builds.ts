import type { Trace, TraceEvent } from '../trace/index.ts';

/** One build, as the trace told it. */
export interface BuildRecord {
  id: string;
  steps: { instruction: string; cache: 'hit' | 'miss'; reason: string }[];
  /** Rules of the checks that its Dockerfile breaks. */
  findings: string[];
  /** Undefined while it runs. */
  succeeded: boolean | undefined;
}

const mostBuilds = 20;

/** Collects the builds of a trace. */
export class BuildLog {
  private readonly log: BuildRecord[] = [];
  readonly stop: () => void;

  constructor(trace: Trace) {
    this.stop = trace.on((event) => this.hear(event));
  }

  /** Oldest first. */
  get records(): readonly BuildRecord[] {
    return this.log;
  }

  private hear(event: TraceEvent): void {
    if (event.type === 'build.begin') {
      const findings = event.findings.map(({ rule }) => rule);
      this.log.push({ id: event.build, steps: [], findings, succeeded: undefined });
      if (this.log.length > mostBuilds) this.log.shift();
    } else if (event.type === 'build.step') {
      const { instruction, cache, reason } = event;
      this.find(event.build)?.steps.push({ instruction, cache, reason });
    } else if (event.type === 'build.end') {
      const build = this.find(event.build);
      if (build) build.succeeded = event.error === undefined;
    }
  }

  private find(id: string): BuildRecord | undefined {
    return this.log.findLast((build) => build.id === id);
  }
}
