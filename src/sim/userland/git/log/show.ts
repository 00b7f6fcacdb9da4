/** Prints commits one after another, with what they changed. */
import { encodeText } from '../../core/bytes.ts';
import { type FileChange, treeChanges } from '../diff/changes.ts';
import { printChanges, refined } from '../diff/print.ts';
import type { Git } from '../git.ts';
import { treeOf } from '../revision.ts';
import type { Commit } from '../store/commit.ts';
import type { LogEntry } from '../store/refs.ts';
import type { PathSet } from '../work/pathspec.ts';
import { type Decoration, decorations } from './decorations.ts';
import { Graph } from './graph.ts';
import type { LogOptions } from './options.ts';
import { pretty } from './pretty.ts';
import type { Shown } from './walk.ts';

export class Printer {
  private readonly format: string;
  private readonly names: ReadonlyMap<string, Decoration[]> | undefined;
  private first = true;
  paths: PathSet | undefined;
  readonly graph: Graph | undefined;

  constructor(
    private readonly git: Git,
    private readonly o: LogOptions,
    paths: PathSet | undefined,
    /** What is printed of a commit's changes when nothing is asked for: show's patch. */
    private readonly otherwise: 'patch' | 'none',
  ) {
    this.paths = paths;
    const chosen = git.config.get('format.pretty');
    if (!o.format && chosen) o.setFormat(chosen);
    this.format = o.format ?? 'medium';
    this.names = this.decorated() ? decorations(git, o.decorate === 'full') : undefined;
    if (o.graph) this.graph = new Graph(git);
  }

  private decorated(): boolean {
    if (/^t?format:/.test(this.format)) return true;
    const wish = this.o.decorate ?? this.git.config.get('log.decorate') ?? 'auto';
    if (wish === 'auto') return this.git.paged || this.git.sys.isatty(1);
    return wish !== 'no' && wish !== 'false';
  }

  async print(
    { commit, parents }: Shown,
    extra: { mark?: string; reflog?: { name: string; entry: LogEntry } } = {},
  ): Promise<void> {
    const { o, git } = this;
    const text = pretty(git, commit, {
      format: this.format,
      abbreviate: o.abbreviate ?? git.config.bool('log.abbrevcommit', false),
      date: o.date,
      digits: o.abbrev,
      decorations: this.names,
      parents,
      mark: extra.mark ?? '>',
      ...(extra.reflog && { reflog: extra.reflog }),
    });
    const between = !this.first && this.separates;
    this.first = false;
    if (this.graph) {
      this.graph.add(commit.id, parents);
      await this.withGraph(commit, text, between);
      return;
    }
    if (between) git.out('\n');
    git.out(text);
    if (!this.bare || text !== '') if (this.ends) git.out('\n');
    await this.changes(commit, text);
    await git.drain();
  }

  /** One empty line between commits; `format:` has a newline between instead of after each. */
  private get separates(): boolean {
    return this.format !== 'oneline' && this.format !== 'reference' && !this.format.startsWith('tformat:');
  }
  private get bare(): boolean {
    return /^t?format:$/.test(this.format);
  }
  private get ends(): boolean {
    return !this.format.startsWith('format:') || this.showsChanges;
  }
  private get showsChanges(): boolean {
    const { outputs } = this.o.diff;
    return outputs.size > 0 ? !outputs.has('none') : this.otherwise === 'patch';
  }

  /** `format:` leaves the last line open. */
  end(): void {
    if (
      this.format.startsWith('format:') &&
      !this.first &&
      !this.showsChanges &&
      this.git.sys.isatty(1) &&
      !this.git.paged
    )
      this.git.out('');
  }

  private async changes(commit: Commit, text: string): Promise<void> {
    if (!this.showsChanges) return;
    const { o, git } = this;
    const list = changesOf(git, commit, o, this.paths);
    if (list === undefined || list.length === 0) return;
    const both = o.diff.outputs.has('patch') && o.diff.outputs.has('stat');
    if (this.format !== 'oneline' && text !== '') git.out(both ? '---\n' : '\n');
    await printChanges(git, list, o.diff, { otherwise: 'patch' });
  }

  /** The same, each line behind the graph's. */
  private async withGraph(commit: Commit, text: string, between: boolean): Promise<void> {
    const { git } = this;
    const graph = this.graph!;
    const open = this.format.startsWith('format:');
    const whole = text.split('\n');
    let out = between && !open ? graph.gap() : '';
    out += graph.commitLine(encodeText(whole[0]!));
    for (const line of whole.slice(1)) out += graph.textLine(encodeText(line));
    out += graph.rest();
    if (this.showsChanges) {
      const inner = await captured(git, () => this.changes(commit, text));
      for (const line of inner.replace(/\n$/, '').split('\n')) if (inner !== '') out += graph.textLine(line);
    }
    // `format:` has newlines between commits only.
    git.c.raw(open ? `${between ? '\n' : ''}${out.replace(/\n$/, '')}` : out);
    await git.drain();
  }
}

/** What a function prints with raw(), as text. */
async function captured(git: Git, run: () => Promise<void>): Promise<string> {
  const { c } = git;
  const [raw, out, drain] = [c.raw, c.out, c.drain];
  let text = '';
  c.raw = (binary) => void (text += binary);
  c.out = (plain) => void (text += encodeText(plain));
  c.drain = async () => {};
  try {
    await run();
  } finally {
    Object.assign(c, { raw, out, drain });
  }
  return text;
}

/** Undefined: a merge, whose changes are not shown. */
export function changesOf(
  git: Git,
  commit: Commit,
  o: LogOptions,
  paths: PathSet | undefined,
): FileChange[] | undefined {
  if (commit.parents.length > 1 && o.merges === 'none') return undefined;
  const parent = commit.parents[0];
  return refined(git, treeChanges(git, parent && treeOf(git, parent), commit.tree, paths), o.diff);
}
