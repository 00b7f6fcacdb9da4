import type { CgroupInfo, Inspection, ProcessInfo, TraceEvent } from '../../trace/index.ts';
import { type Mark, pillMarks, type Role, type Scene, textMark } from '../scene.ts';
import { type Measure, textWidth } from '../text.ts';
import { groupName, type NamespaceGroup, namespaceGroups } from './groups.ts';
import type { ProcessWords } from './words.ts';

export interface ProcessesOptions {
  width: number;
  words: ProcessWords;
  /** What happened lately: signals and kills are shown at their process. */
  recent?: readonly TraceEvent[];
  measure?: Measure;
  /** Signal numbers to names (SIGTERM). */
  signalName?: (signal: number) => string;
}

/** Arrives at every shell after every command, and tells nobody anything. */
const childEnded = 17;
/** Arrives at the host's shells whenever the page changes its size. */
const windowChanged = 28;
const gap = 14;
const pad = 12;
const row = 26;
const narrowest = 300;
/** More processes of one group than this are counted, not drawn. */
const mostRows = 14;

/**
 * The host as one box, each container (and what `unshare` made) as a box in it, processes as rows in theirs.
 *
 *     +- the host ---------------------------+
 *     | 1 init    12 bash                    |
 *     | +- web --------+  +- db ----------+  |
 *     | | mnt pid net… |  | …             |  |
 *     | | 1 · 2317 nginx| |               |  |
 *     +--------------------------------------+
 */
export function processesScene(inspection: Inspection, options: ProcessesOptions): Scene {
  const draw = new Drawing(options);
  const [host, ...rest] = namespaceGroups(inspection);
  if (!host) return { width: options.width, height: 0, marks: [], label: options.words.picture };
  return draw.host(host, rest);
}

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly measure: Measure;
  private readonly words: ProcessWords;

  constructor(private readonly options: ProcessesOptions) {
    this.measure = options.measure ?? textWidth;
    this.words = options.words;
  }

  host(host: NamespaceGroup, rest: NamespaceGroup[]): Scene {
    const { width } = this.options;
    const { words } = this;
    this.text('host:title', pad, pad, words.host, { size: 13.5, face: 'bold', tone: 'kernel' });
    this.text('host:note', pad, pad + 20, words.hostNote, { tone: 'kernel', width: width - 2 * pad });
    let y = pad + 48;
    const wide = width - 2 * pad;
    y = this.rows(host, pad, y, wide, Math.max(1, Math.floor(wide / 260)));
    y = this.grid(rest, pad, y + gap, wide);
    const height = y + pad;
    this.marks.unshift({
      kind: 'box',
      id: 'host',
      role: 'kernel',
      x: 0,
      y: 0,
      width,
      height,
      label: `${words.host}: ${words.hostNote}`,
    });
    return { width, height, marks: this.marks, label: words.picture };
  }

  /** Groups side by side, as many as there is room for; a row of them is as high as its highest. */
  private grid(groups: NamespaceGroup[], x: number, y: number, width: number): number {
    const columns = Math.max(1, Math.min(groups.length, Math.floor((width + gap) / (narrowest + gap))));
    const each = (width - (columns - 1) * gap) / columns;
    for (let first = 0; first < groups.length; first += columns) {
      const bottoms = groups
        .slice(first, first + columns)
        .map((group, column) => this.group(group, x + column * (each + gap), y, each));
      y = Math.max(...bottoms) + gap;
    }
    return groups.length > 0 ? y - gap : y;
  }

  private group(group: NamespaceGroup, x: number, y: number, width: number): number {
    const { words } = this;
    const at = this.marks.length;
    const name = group.container ? words.container(group.container.name, group.processes.length) : words.unshared;
    const inner = x + pad;
    const room = width - 2 * pad;
    this.text(`${group.id}:title`, inner, y + 10, name, { size: 13.5, face: 'bold', tone: 'writable', width: room });
    let bottom = this.namespaces(group, inner, y + 34, room);
    if (group.cgroup) bottom = this.gauges(group.id, group.cgroup, inner, bottom + 6, room);
    bottom = this.rows(group, inner, bottom + 8, room, 1) + 4;
    this.marks.splice(at, 0, {
      kind: 'box',
      id: group.id,
      role: group.cgroup?.frozen ? 'stopped' : 'writable',
      x,
      y,
      width,
      height: bottom - y,
      label: [words.group(group, groupName(group)), ...group.namespaces.map(words.namespace)].join('; '),
      stop: true,
    });
    return bottom;
  }

  private namespaces(group: NamespaceGroup, x: number, y: number, width: number): number {
    let left = x;
    let top = y;
    for (const view of group.namespaces) {
      const role: Role = view.held === 'own' ? 'pill' : view.held === 'host' ? 'kernel' : 'registry';
      const tone = view.held === 'own' ? 'pill' : view.held === 'host' ? 'kernel' : 'registry';
      const text = this.words.namespaceShort(view);
      const wide = this.measure(text, 11, 'mono') + 16;
      if (left > x && left + wide > x + width) {
        left = x;
        top += 24;
      }
      const [box, label] = pillMarks(`${group.id}:ns:${view.kind}`, { x: left, y: top }, text, {
        role,
        tone,
        most: width,
        measure: this.measure,
      });
      this.marks.push({ ...box, label: this.words.namespace(view) }, label);
      left += box.width + 5;
    }
    return top + 22;
  }

  /** Memory and pids against their limits, cpu time: a bar where there is a limit, words in any case. */
  private gauges(id: string, cgroup: CgroupInfo, x: number, y: number, width: number): number {
    const { words } = this;
    let bottom = y;
    const line = (name: string, text: string, share?: number) => {
      this.text(`${id}:${name}`, x, bottom, text, { size: 11.5, tone: 'writable', width });
      bottom += 17;
      if (share === undefined) return;
      const bar = { x, y: bottom, height: 6, radius: 3 } as const;
      this.marks.push(
        { kind: 'box', id: `${id}:${name}:all`, role: 'panel', ...bar, width, label: text },
        {
          kind: 'box',
          id: `${id}:${name}:used`,
          role: 'gauge',
          ...bar,
          width: width * Math.min(1, share),
          label: text,
        },
      );
      bottom += 11;
    };
    const share = ({ current, max }: CgroupInfo['memory']) => (max === undefined ? undefined : current / max);
    line('memory', words.memory(cgroup.memory.current, cgroup.memory.max), share(cgroup.memory));
    line('pids', words.tasks(cgroup.pids.current, cgroup.pids.max), share(cgroup.pids));
    line('cpu', words.cpu(cgroup.cpu.usage, cgroup.cpu.max));
    if (cgroup.frozen) line('frozen', words.frozen);
    if (cgroup.oomKills > 0) line('oom', words.oom(cgroup.oomKills));
    return bottom;
  }

  private rows(group: NamespaceGroup, x: number, y: number, width: number, columns: number): number {
    const shown = group.processes.slice(0, mostRows);
    const each = (width - (columns - 1) * 6) / columns;
    for (const [index, process] of shown.entries()) {
      this.process(process, x + (index % columns) * (each + 6), y + Math.floor(index / columns) * (row + 5), each);
    }
    let bottom = y + Math.ceil(shown.length / columns) * (row + 5);
    const rest = group.processes.length - shown.length;
    if (rest > 0) {
      const tone = group.kind === 'host' ? 'kernel' : 'writable';
      this.text(`${group.id}:more`, x, bottom, this.words.more(rest), { tone });
      bottom += 20;
    }
    return bottom;
  }

  private process(process: ProcessInfo, x: number, y: number, width: number): void {
    const { words, measure } = this;
    const id = `p${process.pid}`;
    const news = this.news(process);
    const numbers = news ?? words.pids(process);
    const numbersWide = measure(numbers, 11, 'mono');
    const label = [words.process(process), news].filter(Boolean).join('; ');
    const role = news ? 'bad' : process.state === 'Z' || process.state === 'T' ? 'stopped' : 'panel';
    this.marks.push({ kind: 'box', id, role, x, y, width, height: row, radius: 4, label, stop: true });
    const said = process.args.join(' ') || `[${process.comm}]`;
    const room = width - numbersWide - 28;
    this.text(`${id}:args`, x + 8, y + 6, said, {
      size: 11.5,
      face: 'mono',
      width: room,
      tone: news ? 'whiteout' : 'text',
    });
    const tone = news ? 'whiteout' : 'dim';
    this.text(`${id}:pids`, x + width - 8, y + 6, numbers, { size: 11, face: 'mono', tone, anchor: 'end' });
  }

  /** A signal that has just arrived at a process. */
  private news({ pid, pids }: ProcessInfo): string | undefined {
    const event = this.options.recent?.findLast(
      (one) =>
        one.type === 'process.signal' &&
        one.pid === pid &&
        one.signal !== childEnded &&
        !(one.signal === windowChanged && pids.length === 1),
    );
    if (event?.type !== 'process.signal') return undefined;
    return this.words.signalled(this.options.signalName?.(event.signal) ?? `signal ${event.signal}`);
  }

  private text(...[id, x, y, text, options]: Parameters<typeof textMark>): void {
    this.marks.push(textMark(id, x, y, text, { ...options, measure: this.measure }));
  }
}
