import type { SolveStatus, Vertex, VertexLog, VertexStatus } from '../../../spec/index.ts';
import type { CliHost } from '../../host.ts';
import { amount, type Display, timed } from './progress.ts';

/** Rows of a running step's output that are shown below it. */
const outputRows = 6;
/** Milliseconds for which a drawing stands at the least. */
const standsMs = 100;
const [hide, show, blue, yellow, red, faint, reset] = [
  '\x1b[?25l',
  '\x1b[?25h',
  '\x1b[34m',
  '\x1b[33m',
  '\x1b[31m',
  '\x1b[2m',
  '\x1b[0m',
];

/** A step that has begun. */
interface Step {
  vertex: Vertex;
  tasks: Map<string, VertexStatus>;
  warnings: string[];
  /** Its output as it is shown once more when it fails. */
  logs: string[];
  screen: Screen;
  /** How often its output has been shown: others have their turn. */
  turns: number;
}

/** One row of the table. */
interface Row {
  name: string;
  status: string;
  from: string;
  to?: string;
  color: string;
  step?: Step;
}

/**
 * BuildKit's progress on a terminal: a table that is drawn again in place, with the last lines that running steps wrote
 * (buildkit util/progress/progressui/display.go). Colours are left out when NO_COLOR is set.
 *
 * Differs from Docker: BUILDKIT_COLORS and BUILDKIT_TTY_LOG_LINES are not read; control sequences in a step's output are
 * dropped, not carried out.
 */
export class TtyDisplay implements Display {
  private readonly vertexes = new Map<string, Vertex>();
  private readonly steps = new Map<string, Step>();
  private rows = 0;
  private drawn = false;
  private drawnAt = 0;
  private label = 'docker:default';

  constructor(
    private readonly host: CliHost,
    private readonly write: (text: string) => Promise<void>,
  ) {}

  /** The console's own description is at the end of the first row. */
  async describe(): Promise<void> {
    this.label = '';
  }

  async update({ vertexes = [], statuses = [], logs = [], warnings = [] }: SolveStatus): Promise<void> {
    for (const vertex of vertexes) this.take(vertex);
    for (const status of statuses) this.steps.get(status.vertex)?.tasks.set(status.id, status);
    for (const log of logs) this.log(log);
    for (const { vertex, short } of warnings) this.steps.get(vertex)?.warnings.push(short);
    if (this.now() - this.drawnAt >= standsMs) await this.refresh();
  }

  refresh(): Promise<void> {
    return this.draw(false);
  }

  done(): Promise<void> {
    return this.draw(true);
  }

  logsOf(digest: string): readonly string[] {
    return this.steps.get(digest)?.logs ?? [];
  }

  private take(vertex: Vertex): void {
    this.vertexes.set(vertex.digest, vertex);
    const step = this.steps.get(vertex.digest);
    if (step) step.vertex = vertex;
    else if (vertex.started)
      this.steps.set(vertex.digest, {
        vertex,
        tasks: new Map(),
        warnings: [],
        logs: [],
        screen: new Screen(),
        turns: 0,
      });
  }

  private log({ vertex, msg, timestamp }: VertexLog): void {
    const step = this.steps.get(vertex);
    if (!step) return;
    step.screen.write(msg);
    for (const line of msg.replace(/\n$/, '').split('\n')) step.logs.push(timed(step.vertex.started, timestamp, line));
  }

  private now(): number {
    const { sec, nsec } = this.host.now();
    return sec * 1000 + nsec / 1e6;
  }

  private async draw(all: boolean): Promise<void> {
    const { columns = 80, rows = 10 } = this.host.windowSize() ?? {};
    this.drawnAt = this.now();
    const table = [...this.steps.values()].flatMap((step) => this.rowsOf(step));
    const { shown, room } = this.outputs(table, rows);
    const visible = all ? table : wrapped(table, room);
    const lines = visible.flatMap((row) => [
      ...this.line(row, columns),
      ...(row.step && shown.has(row.step) ? row.step.screen.lines(columns - 10).map(dim) : []),
    ]);
    const up = '\x1b[1A'.repeat(this.rows + 1) + (this.drawn ? '' : '\x1b[1B');
    const cleared = Math.max(0, this.rows - lines.length);
    const clear = cleared > 0 ? `${`${' '.repeat(columns)}\n`.repeat(cleared)}\x1b[${cleared}A\x1b[0G` : '';
    this.rows = lines.length;
    this.drawn = true;
    await this.write(`${up}\x1b[0G${hide}${this.head(columns, all)}\n${lines.join('')}${clear}${show}`);
  }

  private head(columns: number, all: boolean): string {
    const vertexes = [...this.vertexes.values()];
    const completed = vertexes.filter(({ completed }) => completed).length;
    const began = Math.min(
      ...vertexes.map(({ started }) => (started ? Date.parse(started) : Number.POSITIVE_INFINITY)),
    );
    const took = Number.isFinite(began) ? (this.now() - began) / 1000 : 0;
    const finished = all && completed > 0 && completed === vertexes.length ? 'FINISHED' : '';
    const left = `[+] Building ${took.toFixed(1)}s (${completed}/${vertexes.length}) ${finished}`;
    return aligned(left, this.label, this.label ? columns - 1 : columns).slice(0, columns);
  }

  private rowsOf(step: Step): Row[] {
    const { vertex, tasks, warnings } = step;
    const canceled = vertex.error?.endsWith('context canceled') ?? false;
    const lead = `${vertex.cached ? 'CACHED ' : ''}${vertex.error ? (canceled ? 'CANCELED ' : 'ERROR ') : ''}`;
    const color = canceled ? yellow : vertex.error ? red : blue;
    const time = { from: vertex.started!, to: vertex.completed };
    return [
      { name: lead + vertex.name.replaceAll('\t', ' '), status: '', ...time, color, step },
      ...[...tasks.values()].flatMap((task) =>
        task.started
          ? [{ name: `=> ${task.id}`, status: amount(task), from: task.started, to: task.completed, color: blue }]
          : [],
      ),
      ...warnings.map((text) => ({ name: `WARN: ${text}`, status: '', ...time, color: yellow })),
    ];
  }

  private line({ name, status, from, to, color }: Row, columns: number): string[] {
    const took = ((to ? Date.parse(to) : this.now()) - Date.parse(from)) / 1000;
    const timer = ` ${(took < 0.05 ? 0 : took).toFixed(1)}s\n`;
    let left = columns - 4 - timer.length - 1;
    const withStatus = status !== '' && left + status.length > 20;
    if (withStatus) left -= status.length + 1;
    if (left < 12) return [];
    const line = aligned(` => ${name.slice(0, left)}${withStatus ? ` ${status}` : ''}`, timer, columns);
    return [to && !this.host.env.NO_COLOR ? `${color}${line}${reset}` : line];
  }

  /** Whose output there is room for, those that write most first, and how many rows of the table are left. */
  private outputs(table: readonly Row[], height: number): { shown: Set<Step>; room: number } {
    const running = table.filter(({ to }) => !to);
    const candidates = running.flatMap(({ step }) => (step && step.screen.bytes > 0 ? [step] : []));
    candidates.sort((a, b) => b.screen.bytes + b.turns * 50 - (a.screen.bytes + a.turns * 50));
    const shown = new Set<Step>();
    let free = height - 2 - running.length;
    let hidden = 0;
    for (const step of candidates) {
      if (free <= outputRows + 3) break;
      shown.add(step);
      step.turns++;
      hidden += step.screen.height;
      free -= outputRows + 3;
    }
    return { shown, room: height - 2 - hidden };
  }
}

/** Keeps the last rows that fit, and those still at work in place of ended ones. */
function wrapped(table: readonly Row[], limit: number): readonly Row[] {
  if (limit < 0) return [];
  if (table.length <= limit) return table;
  const cut = table.length - limit;
  const invisible = table.slice(0, cut).filter(({ to }) => !to);
  let over = invisible.length;
  const kept = table.slice(cut).filter(({ to }) => !to || over-- <= 0);
  return [...invisible.slice(invisible.length - (limit - kept.length)), ...kept];
}

const aligned = (left: string, right: string, width: number): string =>
  `${left.padEnd(Math.max(0, width - right.length - 1))} ${right}`;

const dim = (line: string): string => `${faint} => => # ${line}\n${reset}`;

/** The last rows of what a step writes. */
class Screen {
  bytes = 0;
  private kept: string[] = [''];

  write(text: string): void {
    this.bytes += text.length;
    const plain = text.replace(
      /\x1b\[[0-9;?]*[a-zA-Z]|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b\x0c\x0e-\x1f]/g,
      '',
    );
    for (const [index, line] of plain.replaceAll('\t', '        ').split('\n').entries()) {
      const last = index === 0 ? this.kept.pop()! : '';
      // A carriage return begins the row again; only at its end it is a part of the line end.
      this.kept.push((last + line.replace(/\r+$/, '')).split('\r').at(-1)!);
    }
    this.kept = this.kept.slice(-outputRows - 1);
  }

  get height(): number {
    return this.lines(Number.POSITIVE_INFINITY).length;
  }

  lines(width: number): string[] {
    return this.kept
      .filter((line) => line.trim() !== '')
      .slice(-outputRows)
      .map((line) => line.slice(0, Math.max(1, width)));
  }
}
