import { treeChanges } from '../diff/changes.ts';
import { refined } from '../diff/print.ts';
import { withRenames } from '../diff/renames.ts';
import type { Git } from '../git.ts';
import { LogOptions } from '../log/options.ts';
import { type Range, readRange } from '../log/revisions.ts';
import { Printer } from '../log/show.ts';
import { ancestors, type Shown, walk } from '../log/walk.ts';
import { Fatal } from '../problem.ts';
import { commitOf, fullRef } from '../revision.ts';
import { filesOf, readCommit } from '../store/commit.ts';
import { shortRef } from '../upstream.ts';

export function needHead(git: Git): string {
  const { refs } = git.repo;
  const id = refs.id('HEAD');
  if (id) return id;
  const head = refs.head();
  throw new Fatal(
    head
      ? `your current branch '${shortRef(head)}' does not have any commits yet`
      : "ambiguous argument 'HEAD': unknown revision or path not in the working tree.",
  );
}

export async function log(git: Git, args: string[]): Promise<number> {
  const o = new LogOptions(git);
  void git.repo;
  const { words, dash } = o.read(args);
  const range = readRange(git, words, dash);
  if (o.reflog) return walkReflog(git, o, range);
  if (range.objects.length === 0) {
    if (words.some((word) => word.startsWith('--'))) return 0;
    range.objects.push({ text: 'HEAD', id: needHead(git) });
  }
  if (o.follow) return follow(git, o, range);
  const printer = new Printer(git, o, range.paths, 'none');
  const list = await chosen(git, o, range);
  for (const one of list) await printer.print(one, { mark: markOf(git, o, range)(one) });
  printer.end();
  return 0;
}

function markOf(git: Git, o: LogOptions, range: Range): (one: Shown) => string {
  if (!o.leftRight || !range.symmetric) return () => '>';
  const left = ancestors(git, [range.symmetric[0]]);
  return ({ commit }) => (left.has(commit.id) ? '<' : '>');
}

export async function chosen(git: Git, o: LogOptions, range: Range): Promise<Shown[]> {
  const from = range.objects.flatMap(({ id }) => commitOf(git, id) ?? []);
  const without = range.without.flatMap((id) => commitOf(git, id) ?? []);
  const all = o.noWalk
    ? from.map((id) => ({ commit: readCommit(git.repo.objects, id), parents: [] }))
    : await walk(git, {
        from,
        without,
        firstParent: o.firstParent,
        topological: o.topological || o.graph,
        ...(range.paths && { paths: range.paths }),
      });
  const picked = o.diff.pickaxe || o.diff.filter ? all.filter(({ commit }) => touched(git, o, range, commit)) : all;
  const list = picked.filter((one) => o.wanted(one)).slice(o.skip, o.skip + o.count);
  return o.reverse ? list.reverse() : list;
}

function touched(git: Git, o: LogOptions, range: Range, commit: Shown['commit']): boolean {
  if (commit.parents.length > 1) return false;
  const parent = commit.parents[0];
  return (
    refined(
      git,
      treeChanges(git, parent && readCommit(git.repo.objects, parent).tree, commit.tree, range.paths),
      o.diff,
    ).length > 0
  );
}

async function walkReflog(git: Git, o: LogOptions, range: Range): Promise<number> {
  const text = range.objects[0]?.text ?? 'HEAD';
  const name = fullRef(git, text) ?? 'HEAD';
  const printer = new Printer(git, o, range.paths, 'none');
  const entries = git.repo.refs.entries(name).reverse();
  let left = o.count;
  for (const [i, entry] of entries.entries()) {
    if (i < o.skip || left-- <= 0 || !git.repo.objects.has(entry.new)) continue;
    const commit = readCommit(git.repo.objects, entry.new);
    const shown = { commit, parents: commit.parents };
    if (o.wanted(shown))
      await printer.print(shown, {
        reflog: { name: `${text.replace(/^refs\/(heads\/|tags\/|remotes\/)?/, '')}@{${i}}`, entry },
      });
  }
  printer.end();
  return 0;
}

/** One file through its renames. */
async function follow(git: Git, o: LogOptions, range: Range): Promise<number> {
  if (range.paths?.specs.length !== 1) throw new Fatal('--follow requires exactly one pathspec');
  let { path } = range.paths.specs[0]!;
  const printer = new Printer(git, o, { specs: [], matches: (one) => one === path, reaches: () => true }, 'none');
  const all = await walk(git, { from: range.objects.map(({ id }) => commitOf(git, id)!), without: range.without });
  let left = o.count;
  for (const one of all) {
    const parent = one.commit.parents[0];
    const before = parent && readCommit(git.repo.objects, parent).tree;
    const [now, then] = [
      filesOf(git.repo.objects, one.commit.tree).get(path),
      filesOf(git.repo.objects, before).get(path),
    ];
    if (!now || (then && then.id === now.id && then.mode === now.mode) || one.commit.parents.length > 1) continue;
    const rename = then
      ? undefined
      : withRenames(treeChanges(git, before, one.commit.tree)).find((c) => c.status === 'R' && c.new.path === path);
    if (left-- > 0 && o.wanted(one)) {
      const names = new Set([path, ...(rename ? [rename.old.path] : [])]);
      printer.paths = { specs: [], matches: (p) => names.has(p), reaches: () => true };
      await printer.print(one);
    }
    if (rename) path = rename.old.path;
  }
  printer.end();
  return 0;
}
