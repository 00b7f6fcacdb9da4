import type { JsonMessage, SolveStatus, SourceInfo, Vertex } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';
import { PlainDisplay } from './progress-plain.ts';
import { TtyDisplay } from './progress-tty.ts';

type TraceMessage = JsonMessage & { id?: string; aux?: unknown };

/** How BuildKit's progress is shown (buildkit util/progress/progressui). */
export interface Display {
  /** A line of its own before the first step; some displays have another place for it. */
  describe(text: string): Promise<void>;
  update(status: SolveStatus): Promise<void>;
  /** Draws what changes by itself: the seconds of what runs. Called now and then. */
  refresh?(): Promise<void>;
  /** The last state, when no more comes. */
  done(): Promise<void>;
  /** What a failed step had written, as it is shown once more at the end; a line each. */
  logsOf(digest: string): readonly string[];
}

const silent: Display = {
  describe: async () => undefined,
  update: async () => undefined,
  done: async () => undefined,
  logsOf: () => [],
};

/** The messages of one build, or of several that run at the same time, on one display. */
export class BuildProgress {
  imageId = '';
  readonly warnings: string[] = [];
  private readonly failed = new Map<string, string>();

  constructor(
    private readonly display: Display,
    private readonly write: (text: string) => Promise<void>,
    private readonly sleep: (signal: AbortSignal) => Promise<void>,
  ) {}

  describe(text: string): Promise<void> {
    return this.display.describe(text);
  }

  /**
   * Several builds may be shown at once; `prefix` then tells their steps apart: `[web 1/2] FROM …`, and {@link done} is
   * for whoever shows them. Throws what the build ends with.
   */
  async show(messages: AsyncIterable<TraceMessage>, prefix = ''): Promise<void> {
    let source: SourceInfo | undefined;
    let failure: string | undefined;
    if (this.shown++ === 0) this.ticking = this.tick();
    try {
      for await (const message of messages) {
        if (message.id === 'moby.buildkit.trace') await this.status(prefixed(message.aux as SolveStatus, prefix));
        else if (message.id === 'moby.buildkit.source') source = message.aux as SourceInfo;
        else if (message.id === 'moby.image.id') this.imageId = (message.aux as { ID: string }).ID;
        else if (message.error) failure = message.error;
        if (failure !== undefined) break;
      }
    } finally {
      if (--this.shown === 0) await this.rest();
    }
    if (!prefix || failure !== undefined) await this.done();
    if (failure === undefined) return;
    await this.failedStep(prefix);
    throw await (prefix ? failedService(failure) : this.failedBuild(failure, source));
  }

  /** Draws the last state; nothing is drawn after it. */
  async done(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.rest();
    await this.display.done();
  }

  private shown = 0;
  private ended = false;
  private stop = new AbortController();
  private ticking: Promise<void> | undefined;

  private async tick(): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    while (this.display.refresh && !signal.aborted) {
      await this.sleep(signal);
      if (!signal.aborted) await this.display.refresh();
    }
  }

  private async rest(): Promise<void> {
    this.stop.abort();
    await this.ticking;
  }

  private async status(status: SolveStatus): Promise<void> {
    for (const { digest, error, name } of status.vertexes ?? []) if (error) this.failed.set(digest, name);
    // BuildKit's text names the line already.
    for (const { short } of status.warnings ?? []) this.warnings.push(short);
    if (!this.ended) await this.display.update(status);
  }

  private async failedStep(prefix: string): Promise<void> {
    const [digest, name] = [...this.failed].find(([digest]) => digest.startsWith(prefix)) ?? [];
    if (digest === undefined) return;
    const logs = this.display.logsOf(digest).map((line) => `${line}\n`);
    await this.write(`------\n > ${name}:\n${logs.join('')}------\n`);
  }

  /** The findings, the place in the Dockerfile, and the error. */
  private async failedBuild(error: string, source: SourceInfo | undefined): Promise<StatusError> {
    await this.tellWarnings();
    if (source) await this.write(excerpt(source));
    return new StatusError(1, `ERROR: failed to build: failed to solve: ${withoutLead(error)}`);
  }

  /** buildx commands/build.go, printWarnings. */
  async tellWarnings(): Promise<void> {
    const { length } = this.warnings;
    if (length === 0) return;
    await this.write(`\n ${length} warning${length === 1 ? '' : 's'} found (use docker --debug to expand):\n`);
    await this.write(this.warnings.map((text) => ` - ${text}\n`).join(''));
  }
}

/** Compose tells no place in the Dockerfile. */
const failedService = (error: string): StatusError => new StatusError(1, `failed to solve: ${withoutLead(error)}`);

const withoutLead = (error: string): string => error.replace(/^failed to solve: /, '');

/** Milliseconds between two drawings of a terminal's display. */
const tickMs = 150;

/** The display for `mode` (`--progress`, BUILDKIT_PROGRESS), on the stream that shows progress. */
export function buildProgress(cli: DockerCli, mode: string, stream: 'stdout' | 'stderr' = 'stderr'): BuildProgress {
  const write = (text: string): Promise<void> => (stream === 'stdout' ? cli.out(text) : cli.err(text));
  const sleep = (signal: AbortSignal): Promise<void> => cli.host.sleep(tickMs, signal);
  if (mode === 'quiet') return new BuildProgress(silent, async () => undefined, sleep);
  const { isTty } = cli.host[stream];
  if (mode === 'tty' && !isTty)
    throw new StatusError(1, 'ERROR: failed to get console: provided file is not a console');
  const display = isTty && mode !== 'plain' ? new TtyDisplay(cli.host, write) : new PlainDisplay(write);
  return new BuildProgress(display, write, sleep);
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

/** Seconds between two moments (RFC 3339), with `digits` after the point. */
export const seconds = (from: string | undefined, to: string | undefined, digits = 1): string =>
  from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000).toFixed(digits) : (0).toFixed(digits);

/** A line of a step's output with the seconds since the step began, as precise as they are few. */
export function timed(began: string | undefined, at: string, line: string): string {
  const since = began ? (Date.parse(at) - Date.parse(began)) / 1000 : 0;
  return `${seconds(began, at, since < 10 ? 3 : since < 100 ? 2 : 1)} ${line}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `2B`, `1.06kB`, `25.37MB` (tonistiigi/units, %.2f). */
export function bytes(size: number): string {
  if (size < 1000) return `${size}B`;
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  return `${(size / 1000 ** unit).toFixed(2)}${units[unit]}`;
}

/** What of a task is done: ` 1.06kB / 2.00kB`. */
export const amount = ({ current, total }: { current: number; total: number }): string =>
  total ? `${bytes(current)} / ${bytes(total)}` : current ? bytes(current) : '';

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
