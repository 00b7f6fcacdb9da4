/** Commits in the order log shows them: git-rev-list(1). */
import type { Git } from '../git.ts';
import { type Commit, filesOf, readCommit } from '../store/commit.ts';
import type { PathSet } from '../work/pathspec.ts';

export interface WalkRules {
  from: readonly string[];
  /** These and what they come from are left out. */
  without: readonly string[];
  firstParent?: boolean;
  paths?: PathSet;
  topological?: boolean;
}

export interface Shown {
  commit: Commit;
  /** The parents as they are shown: nearest shown ones when paths leave some out. */
  parents: readonly string[];
}

/** All commits that a list comes from, itself included. */
export function ancestors(git: Git, from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const todo = [...from];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    todo.push(...readCommit(git.repo.objects, id).parents);
  }
  return seen;
}

export function isAncestor(git: Git, old: string, young: string): boolean {
  return ancestors(git, [young]).has(old);
}

/** Youngest first; among those of one second, in the order they came up. */
class Queue {
  private readonly list: Commit[] = [];
  private readonly seen = new Set<string>();

  add(commit: Commit): void {
    if (this.seen.has(commit.id)) return;
    this.seen.add(commit.id);
    const at = this.list.findIndex((one) => one.committer.sec < commit.committer.sec);
    this.list.splice(at < 0 ? this.list.length : at, 0, commit);
  }
  next(): Commit | undefined {
    return this.list.shift();
  }
}

export async function walk(git: Git, rules: WalkRules): Promise<Shown[]> {
  const { objects } = git.repo;
  const without = ancestors(git, rules.without);
  const queue = new Queue();
  for (const id of rules.from) if (!without.has(id)) queue.add(readCommit(objects, id));
  const all: Commit[] = [];
  const kept = new Map<string, readonly string[]>();
  const shown = new Set<string>();
  for (let commit = queue.next(); commit; commit = queue.next()) {
    const parents = rules.firstParent ? commit.parents.slice(0, 1) : commit.parents;
    const { follow, show } = rules.paths
      ? simplified(git, commit, parents, rules.paths)
      : { follow: parents, show: true };
    kept.set(commit.id, follow);
    if (show) shown.add(commit.id);
    all.push(commit);
    for (const id of follow) if (!without.has(id)) queue.add(readCommit(objects, id));
    await git.c.sys.preempt(2);
  }
  const visible = all.filter(({ id }) => shown.has(id));
  const list = visible.map((commit) => ({ commit, parents: rewritten(commit, kept, shown) }));
  return rules.topological ? topological(list) : list;
}

/** History as the paths saw it: a parent with the same files is the only one that is followed. */
function simplified(
  git: Git,
  commit: Commit,
  parents: readonly string[],
  paths: PathSet,
): { follow: readonly string[]; show: boolean } {
  const own = chosen(git, commit.tree, paths);
  if (parents.length === 0) return { follow: [], show: own !== '' };
  const same = parents.find((id) => chosen(git, readCommit(git.repo.objects, id).tree, paths) === own);
  return same === undefined ? { follow: parents, show: true } : { follow: [same], show: false };
}

function chosen(git: Git, tree: string, paths: PathSet): string {
  const files = [...filesOf(git.repo.objects, tree)].filter(([path]) => paths.matches(path));
  return files.map(([path, { mode, id }]) => `${mode} ${id} ${path}`).join('\n');
}

function rewritten(commit: Commit, kept: ReadonlyMap<string, readonly string[]>, shown: ReadonlySet<string>): string[] {
  const nearest = (id: string): string[] => {
    let at: string | undefined = id;
    while (at !== undefined && !shown.has(at)) {
      const next: readonly string[] | undefined = kept.get(at);
      at = next?.[0];
    }
    return at === undefined ? [] : [at];
  };
  return [...new Set((kept.get(commit.id) ?? []).flatMap(nearest))];
}

/** No commit before its children; lines of history are not mixed. */
export function topological(list: readonly Shown[]): Shown[] {
  const byId = new Map(list.map((one) => [one.commit.id, one]));
  const waiting = new Map<string, number>();
  for (const { parents } of list) for (const id of parents) waiting.set(id, (waiting.get(id) ?? 0) + 1);
  const ready = list.filter(({ commit }) => !waiting.get(commit.id)).reverse();
  const out: Shown[] = [];
  for (let one = ready.pop(); one; one = ready.pop()) {
    out.push(one);
    for (const id of one.parents) {
      const left = waiting.get(id)! - 1;
      waiting.set(id, left);
      if (left === 0 && byId.has(id)) ready.push(byId.get(id)!);
    }
  }
  return out;
}

/** The best common ancestors of two commits. */
export function mergeBases(git: Git, a: string, b: string): string[] {
  const [one, two] = [ancestors(git, [a]), ancestors(git, [b])];
  const common = [...one].filter((id) => two.has(id));
  const below = new Set(common.flatMap((id) => [...ancestors(git, readCommit(git.repo.objects, id).parents)]));
  return common
    .filter((id) => !below.has(id))
    .sort((x, y) => readCommit(git.repo.objects, y).committer.sec - readCommit(git.repo.objects, x).committer.sec);
}
