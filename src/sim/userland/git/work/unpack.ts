/** From one tree to another in the index and the work tree, with what was changed there kept or in the way. */
import type { Git } from '../git.ts';
import { Quit } from '../problem.ts';
import { type Files, filesOf } from '../store/commit.ts';
import { objectId } from '../store/objects.ts';
import { checkoutFile, fileNow, isDirectoryMode, lstat, readFileBytes, removeFile } from './files.ts';
import { Ignore } from './ignore.ts';

export interface UnpackRules {
  /** For the messages. */
  action: 'checkout' | 'merge';
  /** What was changed goes. */
  force?: boolean;
  quiet?: boolean;
}

const advice = { checkout: 'switch branches', merge: 'merge' };

class Blocked {
  readonly changed: string[] = [];
  readonly untracked: string[] = [];
  readonly removed: string[] = [];
  readonly directories: string[] = [];

  /** Says what is in the way and ends the command. */
  check(git: Git, { action }: UnpackRules): void {
    const list = (paths: readonly string[]) => paths.map((path) => `\t${path}\n`).join('');
    const { changed, untracked, removed, directories } = this;
    if (changed.length + untracked.length + removed.length + directories.length === 0) return;
    if (changed.length > 0)
      git.err(
        `error: Your local changes to the following files would be overwritten by ${action}:\n${list(changed)}Please commit your changes or stash them before you ${advice[action]}.\n`,
      );
    if (untracked.length > 0)
      git.err(
        `error: The following untracked working tree files would be overwritten by ${action}:\n${list(untracked)}Please move or remove them before you ${advice[action]}.\n`,
      );
    if (removed.length > 0)
      git.err(
        `error: The following untracked working tree files would be removed by ${action}:\n${list(removed)}Please move or remove them before you ${advice[action]}.\n`,
      );
    if (directories.length > 0)
      git.err(`error: Updating the following directories would lose untracked files in them:\n${list(directories)}\n`);
    git.err('Aborting\n');
    throw new Quit(action === 'merge' ? 1 : 1);
  }
}

const sameFile = (a: { mode: number; id: string } | undefined, b: { mode: number; id: string } | undefined): boolean =>
  a?.id === b?.id && a?.mode === b?.mode;

/** Files to write and to remove, or undefined for those that stay. */
export async function unpack(git: Git, from: Files, to: Files, rules: UnpackRules): Promise<void> {
  const { repo } = git;
  const { index } = repo;
  const blocked = new Blocked();
  const todo: [path: string, file: { mode: number; id: string } | undefined][] = [];
  const ignore = new Ignore(git);
  for (const path of [...new Set([...from.keys(), ...to.keys()])].sort()) {
    const [old, now] = [from.get(path), to.get(path)];
    const entry = index.get(path);
    if (rules.force) {
      if (
        !sameFile(entry, now) ||
        index.has(path) !== (entry !== undefined) ||
        (entry && fileNow(repo, index, entry).state !== 'same')
      )
        todo.push([path, now]);
      continue;
    }
    if (sameFile(old, now)) continue;
    if (sameFile(entry, now) && (entry || !index.has(path))) {
      if (!entry || fileNow(repo, index, entry).state === 'same') continue;
      continue;
    }
    if (entry ? !sameFile(entry, old) : old !== undefined || index.has(path)) blocked.changed.push(path);
    else if (entry && !['same', 'deleted'].includes(fileNow(repo, index, entry).state)) blocked.changed.push(path);
    else if (!entry && now && inTheWay(git, ignore, path, now)) blocked.untracked.push(path);
    else todo.push([path, now]);
  }
  if (rules.force)
    for (const entry of index.entries())
      if (!from.has(entry.path) && !to.has(entry.path)) todo.push([entry.path, undefined]);
  blocked.check(git, rules);
  await apply(git, todo);
}

/** An untracked file with other content where one is to be written. */
function inTheWay(git: Git, ignore: Ignore, path: string, now: { mode: number; id: string }): boolean {
  const { repo, sys } = git;
  const stat = lstat(sys, repo.file(path));
  if (!stat || ignore.ignored(path, false)) return false;
  if (isDirectoryMode(stat.mode))
    return sys.readdir(repo.file(path)).some(({ name }) => !repo.index.has(`${path}/${name}`));
  return objectId('blob', readFileBytes(sys, repo.file(path), stat)) !== now.id;
}

async function apply(git: Git, todo: readonly [string, { mode: number; id: string } | undefined][]): Promise<void> {
  const { repo } = git;
  for (const [path, file] of todo) {
    if (file) continue;
    if (repo.index.remove(path)) removeFile(repo, path);
  }
  for (const [path, file] of todo) {
    if (file) repo.index.set(checkoutFile(repo, path, file.mode, file.id));
    await git.c.sys.preempt(4);
  }
  repo.saveIndex();
}

export const treeFiles = (git: Git, tree: string | undefined): Files => filesOf(git.repo.objects, tree);
