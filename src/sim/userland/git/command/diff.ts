import type { FileChange } from '../diff/changes.ts';
import { blobSide, stagedChanges, treeChanges, treeToWork, workChanges } from '../diff/changes.ts';
import { type CombinedSide, combinedFile } from '../diff/combined.ts';
import { DiffOptions } from '../diff/options.ts';
import { printChanges, refined } from '../diff/print.ts';
import type { Git } from '../git.ts';
import { usageOf } from '../help.ts';
import { readRange } from '../log/revisions.ts';
import { mergeBases } from '../log/walk.ts';
import { Fatal, Quit } from '../problem.ts';
import { findInTree, treeOf } from '../revision.ts';
import { gitMode, lstat, readFileBytes } from '../work/files.ts';
import type { PathSet } from '../work/pathspec.ts';

export async function diff(git: Git, args: string[]): Promise<number> {
  const o = new DiffOptions(git);
  const { words, dash, cached, base, noIndex } = read(git, o, args);
  if (noIndex || (!git.maybe && words.length === 2)) throw new Fatal('drydock: git diff --no-index is not simulated');
  if (!git.maybe) {
    git.warn('Not a git repository. Use --no-index to compare two paths outside a working tree');
    git.err(usageOf('diff'));
    return 129;
  }
  const range = readRange(git, words, dash);
  const ids =
    range.dots && !range.symmetric ? [range.without[0]!, range.objects[0]!.id] : range.objects.map(({ id }) => id);
  const blobs = ids.length === 2 && ids.every((id) => git.repo.objects.read(id)?.type === 'blob');
  const trees = range.symmetric ? [mergeBases(git, ...range.symmetric)[0], range.symmetric[1]] : ids;
  const list = blobs ? blobPair(git, range.objects) : found(git, trees, range.paths, cached, base);
  const shown = refined(git, list, o);
  const unknown = !cached && trees.length < 2;
  if (unknown && trees.length === 0) printConflicts(git, o, shown, range.paths);
  const rest =
    unknown && o.outputs.size === 0 && trees.length === 0 ? shown.filter(({ status }) => status !== 'U') : shown;
  await printChanges(git, rest, o, { otherwise: 'patch', unknown });
  return o.exitCode && shown.length > 0 ? 1 : 0;
}

function read(git: Git, o: DiffOptions, args: readonly string[]) {
  const rest = [...args];
  const words: string[] = [];
  let [cached, base, noIndex] = [false, false, false];
  let dash: number | undefined;
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      dash = words.length;
      words.push(...rest.splice(0));
    } else if (word === '--cached' || word === '--staged') cached = true;
    else if (word === '--merge-base') base = true;
    else if (word === '--no-index') noIndex = true;
    else if (!word.startsWith('-')) words.push(word);
    else if (!o.take(word, () => rest.shift() ?? '')) {
      git.error(`invalid option: ${word}`);
      throw new Quit(255);
    }
  }
  void git;
  return { words, dash, cached, base, noIndex };
}

function found(
  git: Git,
  ids: readonly (string | undefined)[],
  paths: PathSet | undefined,
  cached: boolean,
  base: boolean,
): FileChange[] {
  const tree = (id: string | undefined): string | undefined => {
    if (id === undefined) return undefined;
    const at = treeOf(git, id);
    if (!at) throw new Fatal(`invalid object given: ${id}`);
    return at;
  };
  const head = git.repo.refs.id('HEAD');
  const from = base && ids[0] && head ? mergeBases(git, ids[0], ids[1] ?? head)[0] : ids[0];
  if (ids.length >= 2) return treeChanges(git, tree(from), tree(ids[1]), paths);
  if (cached) return stagedChanges(git, tree(ids.length === 1 ? from : head), paths);
  return ids.length === 1 ? treeToWork(git, tree(from)!, paths) : workChanges(git, paths);
}

function blobPair(git: Git, [a, b]: readonly { text: string; id: string }[]): FileChange[] {
  const path = (text: string) => text.replace(/^[^:]*:(?:[0-3]:)?/, '');
  const mode = (text: string, id: string) => {
    const [, revision = '', name = ''] = /^([^:]*):(.*)$/.exec(text) ?? [];
    const tree = revision && treeOf(git, revision);
    return (tree ? findInTree(git, tree, name)?.mode : undefined) ?? (id ? 0o100644 : 0);
  };
  if (a!.id === b!.id) return [];
  const side = (one: { text: string; id: string }) =>
    blobSide(git.repo, path(one.text), { mode: mode(one.text, one.id), id: one.id });
  return [{ status: 'M', old: side(a!), new: side(b!) }];
}

/** Files in conflict, against both sides at once. */
function printConflicts(git: Git, o: DiffOptions, shown: readonly FileChange[], paths: PathSet | undefined): void {
  if (o.outputs.size > 0) return;
  const { repo } = git;
  for (const [path, entries] of repo.index.conflicts()) {
    if ((paths && !paths.matches(path)) || !shown.some(({ new: now }) => now.path === path)) continue;
    const [ours, theirs] = [2, 3].map((stage) => entries.find((one) => one.stage === stage));
    const stat = lstat(git.sys, repo.file(path));
    if (!ours || !theirs || !stat) {
      git.out(`* Unmerged path ${path}\n`);
      continue;
    }
    const side = (one: { mode: number; id: string }): CombinedSide => ({ ...one, bytes: repo.objects.need(one.id) });
    const now: CombinedSide = {
      mode: gitMode(stat.mode) ?? 0,
      id: '',
      bytes: readFileBytes(git.sys, repo.file(path), stat),
    };
    git.c.raw(combinedFile(git, path, now, [side(ours), side(theirs)], false));
  }
}
