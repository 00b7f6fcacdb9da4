/** The lines of `log --graph`: columns of history from one commit to the next, and the edges between. */
import { escapeOf } from '../colors.ts';
import type { Git } from '../git.ts';

interface Column {
  id: string;
  color: number;
}

type State = 'padding' | 'skip' | 'commit' | 'merge' | 'collapsing';

const palette = [
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'bold red',
  'bold green',
  'bold yellow',
  'bold blue',
  'bold magenta',
  'bold cyan',
];

export class Graph {
  private id = '';
  private parents: readonly string[] = [];
  private columns: Column[] = [];
  /** As they are after the commit. */
  private next: Column[] = [];
  /** Where on the line an edge stands -> the column it goes to. */
  private mapping: number[] = [];
  private oldMapping: number[] = [];
  private width = 0;
  private state: State = 'padding';
  private before: State = 'padding';
  private index = 0;
  private lastIndex = 0;
  /** 0: the first parent is to the left, 1: below. */
  private layout = -1;
  private added = 0;
  private lastAdded = 0;
  private color = palette.length - 1;

  constructor(private readonly git: Git) {}

  /** The next commit. */
  add(id: string, parents: readonly string[]): void {
    this.id = id;
    this.parents = parents;
    this.lastIndex = this.index;
    this.update();
    this.state = this.state === 'padding' ? 'commit' : 'skip';
  }

  /** Between two commits. */
  gap(): string {
    if (this.state !== 'commit') return `${this.line().text}\n`;
    const text = this.columns.map((column) => `${this.draw(column, '|')} `).join('');
    this.before = 'padding';
    return `${this.padded(text, this.columns.length * 2)}\n`;
  }

  /** Lines up to the commit's own, which `text` follows. */
  commitLine(text: string): string {
    let out = '';
    for (;;) {
      const { text: own, commit } = this.line();
      if (commit) return `${out}${own}${text}\n`;
      out += `${own}\n`;
    }
  }

  textLine(text: string): string {
    return `${this.line().text}${text}\n`;
  }

  /** Edges that are still to be drawn. */
  rest(): string {
    let out = '';
    while (this.state !== 'padding') out += `${this.line().text}\n`;
    return out;
  }

  private draw(column: Column, char: string): string {
    if (!this.git.colored('ui')) return char;
    return `${escapeOf(palette[column.color]!)}${char}\x1b[m`;
  }

  private padded(text: string, width: number): string {
    return text + ' '.repeat(Math.max(0, this.width - width));
  }

  private turn(state: State): void {
    this.before = this.state;
    this.state = state;
  }

  private update(): void {
    [this.columns, this.next] = [this.next, []];
    this.mapping = new Array(2 * (this.columns.length + this.parents.length)).fill(-1);
    this.width = 0;
    this.lastAdded = this.added;
    this.added = 0;
    const at = this.columns.findIndex(({ id }) => id === this.id);
    const count = at < 0 ? this.columns.length + 1 : this.columns.length;
    for (let i = 0; i < count; i++) {
      const id = this.columns[i]?.id ?? this.id;
      if (id !== this.id) {
        this.insert(id, -1);
        continue;
      }
      this.index = i;
      this.layout = -1;
      for (const parent of this.parents) {
        if (this.parents.length > 1 || at < 0) this.color = (this.color + 1) % palette.length;
        this.insert(parent, i);
      }
      if (this.parents.length === 0) this.width += 2;
    }
    while (this.mapping.length > 1 && this.mapping.at(-1)! < 0) this.mapping.pop();
  }

  private insert(id: string, from: number): void {
    let i = this.next.findIndex((column) => column.id === id);
    if (i < 0) {
      i = this.next.length;
      this.next.push({ id, color: this.columns.find((column) => column.id === id)?.color ?? this.color });
    }
    let at = this.width;
    if (this.parents.length > 1 && from > -1 && this.layout === -1) {
      // How the first parent of a merge stands to it decides on the merge's shape.
      const distance = from - i;
      const shift = distance > 1 ? 2 * distance - 3 : 1;
      this.layout = distance > 0 ? 0 : 1;
      this.added = this.parents.length + this.layout - 2;
      at = this.width + (this.layout - 1) * shift;
      this.width += 2 * this.layout;
    } else if (this.added > 0 && i === this.mapping[this.width - 2]) {
      at = this.width - 2;
      this.added = -1;
    } else this.width += 2;
    this.mapping[at] = i;
  }

  private settled(): boolean {
    return this.mapping.every((target, i) => target < 0 || target === i >> 1);
  }

  private line(): { text: string; commit: boolean } {
    const lines: Readonly<Record<State, () => [string, number]>> = {
      padding: () => this.paddingLine(),
      skip: () => this.skipLine(),
      commit: () => this.ownLine(),
      merge: () => this.mergeLine(),
      collapsing: () => this.collapsingLine(),
    };
    const commit = this.state === 'commit';
    const [text, width] = lines[this.state]();
    return { text: this.padded(text, width), commit };
  }

  private paddingLine(): [string, number] {
    return [this.next.map((column) => `${this.draw(column, '|')} `).join(''), this.next.length * 2];
  }

  private skipLine(): [string, number] {
    this.turn('commit');
    return ['...', 3];
  }

  /** Each column and, where it has none yet, the commit's. */
  private each(): { id: string; column: Column | undefined; i: number }[] {
    const list = this.columns.map((column, i) => ({ id: column.id, column: column as Column | undefined, i }));
    if (!list.some(({ id }) => id === this.id)) list.push({ id: this.id, column: undefined, i: list.length });
    return list;
  }

  private ownLine(): [string, number] {
    let [out, width, seen] = ['', 0, false];
    for (const { id, column, i } of this.each()) {
      if (id === this.id) {
        seen = true;
        out += '*';
        if (this.parents.length > 2) {
          // Differs from git: an octopus's further arms are drawn without their own colours.
          const arms = `${'-'.repeat((this.parents.length - 3 + this.layout) * 2 + 1)}.`;
          out += arms;
          width += arms.length;
        }
      } else out += this.draw(column!, this.besideCommit(seen, i));
      out += ' ';
      width += 2;
    }
    this.turn(this.parents.length > 1 ? 'merge' : this.settled() ? 'padding' : 'collapsing');
    return [out, width];
  }

  private besideCommit(seen: boolean, i: number): string {
    if (seen && this.added > 1) return '\\';
    if (seen && this.added === 1)
      return this.before === 'merge' && this.lastAdded > 0 && this.lastIndex < i ? '\\' : '|';
    return this.before === 'collapsing' && this.oldMapping[2 * i + 1] === i && this.mapping[2 * i]! < i ? '/' : '|';
  }

  private mergeLine(): [string, number] {
    let [out, width, seen] = ['', 0, false];
    let parent: Column | undefined;
    const put = (column: Column | undefined, char: string) => {
      out += column ? this.draw(column, char) : char;
      width++;
    };
    for (const { id, column, i } of this.each()) {
      if (id === this.id) {
        seen = true;
        let shape = this.layout;
        for (const [j, one] of this.parents.entries()) {
          put(
            this.next.find((column) => column.id === one),
            '/|\\'[shape]!,
          );
          if (shape < 2) shape++;
          else if (this.added > 0 || j < this.parents.length - 1) put(undefined, ' ');
        }
        if (this.added === 0) put(undefined, ' ');
      } else if (seen) {
        put(column, this.added > 0 ? '\\' : '|');
        put(undefined, ' ');
      } else {
        put(column, '|');
        if (this.layout !== 0 || i !== this.index - 1) put(parent, parent ? '_' : ' ');
      }
      if (id === this.parents[0]) parent = column;
    }
    this.turn(this.settled() ? 'padding' : 'collapsing');
    return [out, width];
  }

  /** Edges move one place to the left, or far along a horizontal line. Long, as its parts share the line's positions. */
  private collapsingLine(): [string, number] {
    this.oldMapping = this.mapping;
    const old = this.oldMapping;
    const size = old.length;
    const now: number[] = new Array(size).fill(-1);
    let [edge, edgeTarget, used] = [-1, -1, false];
    const along = (i: number, target: number) => {
      for (let j = target * 2 + 3; j < i - 2; j += 2) now[j] = target;
    };
    for (let i = 0; i < size; i++) {
      const target = old[i]!;
      if (target < 0) continue;
      if (target * 2 === i) now[i] = target;
      else if (now[i - 1]! < 0) {
        now[i - 1] = target;
        if (edge === -1) {
          [edge, edgeTarget] = [i, target];
          along(i, target);
        }
      } else if (now[i - 1] !== target) {
        now[i - 2] = target;
        if (edge === -1) {
          [edge, edgeTarget] = [i - 1, target];
          along(i, target);
        }
      }
    }
    this.oldMapping = [...now];
    this.mapping = now;
    if (now.at(-1)! < 0) now.pop();
    let out = '';
    for (let i = 0; i < now.length; i++) {
      const target = now[i]!;
      if (target < 0) out += ' ';
      else if (target * 2 === i) out += this.draw(this.next[target]!, '|');
      else if (target === edgeTarget && i !== edge - 1) {
        if (i !== target * 2 + 3) now[i] = -1;
        used = true;
        out += this.draw(this.next[target]!, '_');
      } else {
        if (used && i < edge) now[i] = -1;
        out += this.draw(this.next[target]!, '/');
      }
    }
    const width = now.length;
    if (this.settled()) this.turn('padding');
    return [out, width];
  }
}
