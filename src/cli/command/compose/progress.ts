import type { DockerCli } from '../../docker-cli.ts';
import { humanSize } from '../../format/index.ts';

export type EventStatus = 'working' | 'done' | 'warning' | 'error';

/** What happens to one thing: `Container web-1`, `Starting` (pkg/progress/event.go). */
export interface ProgressEvent {
  id: string;
  parentId?: string;
  text?: string;
  status: EventStatus;
  statusText?: string;
  current?: number;
  total?: number;
  percent?: number;
}

export interface ProgressWriter {
  event(event: ProgressEvent): void;
  /** A line after all others. */
  tail(message: string): void;
  /** Resolves when all is written. */
  stop(): Promise<void>;
}

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'json' | 'quiet';

const ing: ReadonlySet<string> = new Set(
  'Creating Starting Waiting Restarting Stopping Killing Removing Building'.split(' '),
);

/** `Starting` is at work, `Started` is done, `Error` is an error. */
export const happens = (id: string, statusText: string): ProgressEvent => ({
  id,
  status: statusText === 'Error' ? 'error' : ing.has(statusText) ? 'working' : 'done',
  statusText,
});

/** Runs `work` with its events shown on stderr. */
export async function withProgress<T>(
  cli: DockerCli,
  options: { mode: ProgressMode; dryRun?: boolean; color?: boolean; title?: string },
  work: (writer: ProgressWriter) => Promise<T>,
): Promise<T> {
  const writer = progressWriter(cli, options);
  try {
    return await work(writer);
  } finally {
    await writer.stop();
  }
}

type WriterOptions = Parameters<typeof withProgress>[1];

function progressWriter(cli: DockerCli, options: WriterOptions): ProgressWriter {
  const { mode, dryRun = false } = options;
  if (mode === 'quiet') return { event: () => undefined, tail: () => undefined, stop: async () => undefined };
  if (mode === 'tty' || (mode === 'auto' && cli.host.stderr.isTty)) return new LiveWriter(cli, options);
  return new LineWriter(cli, mode === 'json', dryRun);
}

const dryRunPrefix = ' DRY-RUN MODE - ';

/** A line for each event: plain, or JSON. */
class LineWriter implements ProgressWriter {
  private written: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cli: DockerCli,
    private readonly json: boolean,
    private readonly dryRun: boolean,
  ) {}

  event({ id, parentId, text, statusText, current, total, percent }: ProgressEvent): void {
    if (!this.json) {
      this.line([this.dryRun ? dryRunPrefix : '', id, text ?? '', statusText ?? ''].join(' '));
      return;
    }
    this.message({ id, parent_id: parentId, text, status: statusText, current, total, percent });
  }
  tail(message: string): void {
    if (this.json) this.message({ tail: true, text: message });
    else this.line(`${this.dryRun ? dryRunPrefix : ''}${message}`);
  }
  async stop(): Promise<void> {
    await this.written;
  }

  private message(fields: Record<string, unknown>): void {
    const all = { ...(this.dryRun ? { 'dry-run': true } : {}), ...fields };
    this.line(JSON.stringify(Object.fromEntries(Object.entries(all).filter(([, value]) => value))));
  }
  private line(text: string): void {
    // Begun at once: a warning that is written meanwhile comes after it.
    this.written = Promise.all([this.written, this.cli.err(`${text}\n`)]);
    this.written.catch(() => undefined);
  }
}

const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const percentChars = [...'⠀⡀⣀⣄⣤⣦⣶⣷⣿'];
const bytes = (text: string): number => new TextEncoder().encode(text).length;

interface Shown extends ProgressEvent {
  started: number;
  ended?: number;
  turn: number;
}

type Paint = (text: string) => string;
const painted =
  (codes: string): Paint =>
  (text) =>
    `${codes}${text}\x1b[0m`;
const blue = painted('\x1b[34m');
const yellow = painted('\x1b[33m');
const green = painted('\x1b[32m');
const cyan = painted('\x1b[36m');
const boldYellow = painted('\x1b[33m\x1b[1m');
const boldRed = painted('\x1b[31m\x1b[1m');
const bare: Paint = (text) => text;

/** A table that is drawn again ten times a second (pkg/progress/tty.go). */
class LiveWriter implements ProgressWriter {
  private readonly events = new Map<string, Shown>();
  private readonly tails: string[] = [];
  private readonly stopping = new AbortController();
  private readonly drawn: Promise<void>;
  private repeated = false;
  private lines = 0;
  private skipChildren = false;

  constructor(
    private readonly cli: DockerCli,
    private readonly options: WriterOptions,
  ) {
    this.drawn = this.draw();
    this.drawn.catch(() => undefined);
  }

  event(event: ProgressEvent): void {
    const now = this.now();
    const last = this.events.get(event.id);
    if (!last) {
      const ended = event.status === 'done' || event.status === 'error' ? now : undefined;
      this.events.set(event.id, { ...event, started: now, ended, turn: 0 });
      return;
    }
    if (event.status !== 'working' && last.status !== event.status) last.ended = now;
    Object.assign(last, { status: event.status, text: event.text, statusText: event.statusText });
    for (const key of ['total', 'current', 'percent'] as const)
      last[key] = Math.max(last[key] ?? 0, event[key] ?? 0) || undefined;
    if (!last.parentId || !event.parentId) last.parentId = event.parentId;
  }
  tail(message: string): void {
    this.tails.push(`${this.options.dryRun ? dryRunPrefix : ''}${message}`.trim());
  }
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.drawn;
    for (const message of this.tails) await this.cli.err(`${message}\n`);
  }

  private async draw(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.cli.host.sleep(100, this.stopping.signal);
      await this.print();
    }
  }

  private now(): number {
    const { sec, nsec } = this.cli.host.now();
    return sec + nsec / 1e9;
  }

  private paint(color: Paint): Paint {
    return this.options.color === false ? bare : color;
  }

  private async print(): Promise<void> {
    if (this.events.size === 0) return;
    const { columns = 80, rows = 24 } = this.cli.host.windowSize() ?? {};
    const events = [...this.events.values()];
    const up = '\x1b[1A'.repeat(this.lines + 1) + (this.repeated ? '' : '\x1b[1B');
    this.repeated = true;
    const done = events.filter(({ status }) => status !== 'working').length;
    const first = `[+] ${this.options.title ?? 'Running'} ${done}/${events.length}`;
    let out = `${up}\x1b[0G\x1b[?25l${this.lines !== 0 && done === this.lines ? this.paint(blue)(first) : first}\n`;
    let padding = 0;
    for (const { id, text = '', parentId } of events) {
      padding = Math.max(padding, bytes(`${id} ${text}`));
      if (parentId) padding -= 2;
    }
    if (events.length > rows - 2) this.skipChildren = true;
    let lines = 0;
    for (const event of events.filter(({ parentId }) => !parentId)) {
      const children = events.filter(({ parentId }) => parentId === event.id);
      out += this.line(event, children, '', columns, padding);
      lines++;
      for (const child of this.skipChildren ? [] : children) {
        out += this.line(child, [], '  ', columns, padding);
        lines++;
      }
    }
    for (; lines < this.lines && lines < rows - 2; lines++) out += `${' '.repeat(columns)}\n`;
    this.lines = lines;
    await this.cli.err(`${out}\x1b[?25h`);
  }

  private line(event: Shown, children: readonly Shown[], pad: string, columns: number, padding: number): string {
    const until = event.status === 'working' ? this.now() : (event.ended ?? event.started);
    const text = this.text(event, children);
    const length = bytes(text);
    const room = columns - length - padding - 15;
    let status = event.statusText ?? '';
    if (room > 0 && status.length > room) status = `${status.slice(0, room)}...`;
    const color = { working: bare, done: green, warning: boldYellow, error: boldRed }[event.status];
    const mark = { working: '', done: '✔', warning: '!', error: '✘' }[event.status] || this.turn(event);
    const prefix = this.options.dryRun ? this.paint(cyan)(dryRunPrefix) : '';
    const left = `${pad} ${this.paint(event.status === 'working' ? yellow : color)(mark)}${prefix} ${text}${' '.repeat(Math.max(0, padding - length))} ${this.paint(color)(status)}`;
    const right = this.paint(blue)(`${(until - event.started).toFixed(1)}s `);
    return `${left}${' '.repeat(Math.max(0, columns - width(left) - width(right)))}${right}\n`;
  }

  /** With the state of its children (layers that are pulled) in figures. */
  private text(event: Shown, children: readonly Shown[]): string {
    const plain = `${event.id} ${event.text ?? ''}`;
    if (event.status !== 'working' || children.length === 0) return plain;
    const total = children.reduce((sum, child) => sum + (child.total ?? 0), 0);
    const current = children.reduce((sum, child) => sum + (child.current ?? 0), 0);
    const open = children.some((child) => child.status === 'working' && !child.total);
    const chars = children.map((child) => percentChars[Math.trunc((8 * (child.percent ?? 0)) / 100)]).join('');
    const figures = open || total === 0 ? '' : ` ${humanSize(current).padStart(7)} / ${humanSize(total).padEnd(7)}`;
    return `${event.id} [${this.paint(green)(chars)}]${figures} ${event.text ?? ''}`;
  }

  private turn(event: Shown): string {
    if (this.now() - event.started > 0.1) event.turn = (event.turn + 1) % spinner.length;
    return spinner[event.turn]!;
  }
}

/** Columns of a text with colours. */
const width = (text: string): number => [...text.replace(/\x1b[^m]*m/g, '')].length;
