import { removeQuietly } from '../../packages/sys-files.ts';
import { indexFiles, stagedChanges, treeChanges, workChanges } from '../diff/changes.ts';
import { DiffOptions } from '../diff/options.ts';
import { printChanges, refined } from '../diff/print.ts';
import type { Git } from '../git.ts';
import { identity } from '../ident.ts';
import { subjectOf } from '../log/pretty.ts';
import { mergeTrees } from '../merge/trees.ts';
import { type Options, parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { resolve, shortId, treeOf } from '../revision.ts';
import { type Files, filesOf, readCommit, writeCommit, writeFiles } from '../store/commit.ts';
import { shortRef } from '../upstream.ts';
import { checkoutFile, fileNow, lstat, readFileBytes, removeFile, stageFile } from '../work/files.ts';
import { longStatus, statusOf } from '../work/status.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { untracked } from '../work/untracked.ts';
import { createAndMove } from './checkout.ts';
import { log } from './log.ts';
import { stageConflicts, writeIndexTreeOf } from './merge.ts';
import { hardReset, resetIndex } from './reset.ts';

export async function stash(git: Git, args: string[]): Promise<number> {
  const [word = 'push'] = args;
  const action = actions[word];
  if (action) return action(git, args[0] === undefined ? [] : args.slice(1));
  if (word.startsWith('-')) return push(git, args);
  git.err(`fatal: subcommand wasn't specified; 'push' can't be assumed due to unexpected token '${word}'\n`);
  throw new Quit(128);
}

function personNow(git: Git) {
  return { author: identity(git, 'author'), committer: identity(git, 'committer') };
}

/** The work tree's tracked files as a tree. */
function workTree(git: Git): string {
  const { repo } = git;
  const files: Files = new Map();
  for (const entry of repo.index.entries()) {
    const now = fileNow(repo, repo.index, entry);
    if (now.state === 'deleted') continue;
    const full = repo.file(entry.path);
    if (now.state !== 'same') repo.objects.write('blob', readFileBytes(git.sys, full, git.sys.lstat(full)));
    files.set(entry.path, { mode: now.mode, id: now.id });
  }
  return writeFiles(repo.objects, files);
}

async function push(git: Git, args: readonly string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'k,keep-index S,staged p,patch q,quiet u,include-untracked a,all m,message= pathspec-from-file=',
  );
  if (o.operands.length > 0 || o.has('patch', 'staged', 'all'))
    throw new Fatal('drydock: git stash of some paths only is not simulated');
  const { repo } = git;
  const { refs, objects } = repo;
  repo.need();
  const head = refs.id('HEAD');
  if (!head) {
    git.err('You do not have the initial commit yet\n');
    return 1;
  }
  if (repo.index.conflicts().size > 0) {
    for (const path of repo.index.conflicts().keys()) git.out(`${path}: needs merge\n`);
    git.err('error: could not write index\n');
    return 1;
  }
  const others = o.has('include-untracked') ? untracked(git, { collapse: false }) : [];
  if (stagedChanges(git, treeOf(git, head)).length === 0 && workChanges(git).length === 0 && others.length === 0) {
    if (!o.has('quiet')) git.out('No local changes to save\n');
    return 0;
  }
  const branch = refs.head();
  const place = `${branch ? shortRef(branch) : '(no branch)'}: ${shortId(git, head)} ${subjectOf(readCommit(objects, head).message)}`;
  const people = personNow(git);
  const staged = writeCommit(objects, {
    tree: writeIndexTreeOf(git),
    parents: [head],
    ...people,
    message: `index on ${place}\n`,
  });
  const parents = [head, staged];
  if (others.length > 0) {
    const files: Files = new Map(others.map((path) => [path, stageFile(git, path, git.sys.lstat(repo.file(path)))]));
    parents.push(
      writeCommit(objects, {
        tree: writeFiles(objects, files),
        parents: [],
        ...people,
        message: `untracked files on ${place}\n`,
      }),
    );
  }
  const own = o.value('message');
  const message = own === undefined ? `WIP on ${place}` : `On ${branch ? shortRef(branch) : '(no branch)'}: ${own}`;
  const id = writeCommit(objects, {
    tree: workTree(git),
    parents,
    ...people,
    message,
  });
  refs.update('refs/stash', id, message);
  if (!o.has('quiet')) git.out(`Saved working directory and index state ${message}\n`);
  await hardReset(git, o.has('keep-index') ? staged : head);
  if (o.has('keep-index')) resetIndex(git, treeOf(git, staged));
  for (const path of others) removeFile(repo, path);
  return 0;
}

interface Entry {
  /** refs/stash@{0} */
  name: string;
  id: string;
  index: number | undefined;
}

function entryOf(git: Git, word: string | undefined): Entry {
  const number = word === undefined ? 0 : /^(?:(?:refs\/)?stash@\{)?(\d+)\}?$/.exec(word)?.[1];
  const entries = git.repo.refs.entries('refs/stash');
  if (word === undefined && entries.length === 0) {
    git.err('No stash entries found.\n');
    throw new Quit(1);
  }
  if (number === undefined) {
    const id = resolve(git, word!);
    if (!id || readCommit(git.repo.objects, id).parents.length < 2)
      throw new Quit(git.error(`'${word}' is not a stash-like commit`));
    return { name: word!, id, index: undefined };
  }
  const found = entries.at(-1 - Number(number));
  if (!found) throw new Quit(git.error(`stash@{${number}} is not a valid reference`));
  return { name: `refs/stash@{${number}}`, id: found.new, index: Number(number) };
}

function drop(git: Git, word: string | undefined, quiet: boolean): number {
  const { refs } = git.repo;
  const { name, id, index } = entryOf(git, word);
  if (index === undefined) return git.error(`'${word}' is not a stash reference`);
  const entries = refs.entries('refs/stash');
  entries.splice(entries.length - 1 - index, 1);
  if (entries.length === 0) refs.delete('refs/stash');
  else {
    refs.update('refs/stash', entries.at(-1)!.new, undefined);
    refs.setEntries(
      'refs/stash',
      entries.map((one, i) => ({ ...one, old: i === 0 ? '0'.repeat(40) : entries[i - 1]!.new })),
    );
  }
  if (!quiet) git.out(`Dropped ${name} (${id})\n`);
  return 0;
}

/** Whether it went without conflict. */
async function apply(git: Git, { id }: Entry, o: Options): Promise<boolean> {
  const { repo } = git;
  const { objects } = repo;
  const [base, staged, others] = readCommit(objects, id).parents;
  if (repo.index.conflicts().size > 0) throw new Fatal('cannot apply a stash in the middle of a merge');
  const ours = writeIndexTreeOf(git);
  const labels = { ours: 'Updated upstream', base: 'Stash base', theirs: 'Stashed changes' };
  const merged = mergeTrees(git, treeOf(git, base!), ours, treeOf(git, id)!, { labels, favour: undefined });
  const before = indexFiles(git);
  await unpack(git, treeFiles(git, ours), merged.files, { action: 'merge' });
  for (const line of merged.messages) git.out(`${line}\n`);
  if (merged.conflicts.length > 0) stageConflicts(git, merged.conflicts);
  else if (o.has('index')) resetIndex(git, treeOf(git, staged!));
  else {
    // Only what is new stays staged.
    for (const [path, file] of before) {
      const known = repo.index.get(path);
      if (!known || known.id !== file.id || known.mode !== file.mode)
        repo.index.set({ path, ...file, stage: 0, seen: zero });
    }
    repo.saveIndex();
  }
  if (others)
    for (const [path, file] of filesOf(objects, treeOf(git, others))) {
      if (lstat(git.sys, repo.file(path)))
        throw new Quit(
          git.error(`${path} already exists, no checkout\nerror: could not restore untracked files from stash`),
        );
      checkoutFile(repo, path, file.mode, file.id);
    }
  if (!o.has('quiet'))
    git.out(longStatus(git, statusOf(git, { untracked: 'normal' }), { hints: true, untracked: 'normal', color: true }));
  return merged.conflicts.length === 0;
}

const zero = { ctimeSec: 0, ctimeNsec: 0, mtimeSec: 0, mtimeNsec: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };

async function show(git: Git, args: readonly string[]): Promise<number> {
  const o = new DiffOptions(git);
  const words = args.filter((word) => !(word.startsWith('-') && o.take(word, () => '')));
  const { id } = entryOf(git, words[0]);
  const base = readCommit(git.repo.objects, id).parents[0]!;
  await printChanges(git, refined(git, treeChanges(git, treeOf(git, base), treeOf(git, id)), o), o, {
    otherwise: 'stat',
  });
  return 0;
}

const actions: Readonly<Record<string, (git: Git, args: readonly string[]) => Promise<number> | number>> = {
  push,
  save: (git, args) => {
    const words = args.filter((word) => !word.startsWith('-'));
    return push(git, [
      ...args.filter((word) => word.startsWith('-')),
      ...(words.length ? ['-m', words.join(' ')] : []),
    ]);
  },
  list: async (git, args) =>
    git.repo.refs.id('refs/stash')
      ? log(git, ['--format=%gd: %gs', '-g', '--first-parent', '-m', ...args, 'refs/stash'])
      : 0,
  show,
  drop: (git, args) =>
    drop(
      git,
      args.find((word) => !word.startsWith('-')),
      args.includes('-q'),
    ),
  clear: (git) => {
    git.repo.refs.delete('refs/stash');
    removeQuietly(git.sys, `${git.repo.gitDir}/logs/refs/stash`);
    return 0;
  },
  apply: async (git, args) => {
    const o = parse(git, args, 'q,quiet index');
    return (await apply(git, entryOf(git, o.operands[0]), o)) ? 0 : 1;
  },
  pop: async (git, args) => {
    const o = parse(git, args, 'q,quiet index');
    const entry = entryOf(git, o.operands[0]);
    if (await apply(git, entry, o)) return drop(git, o.operands[0], o.has('quiet'));
    git.out('The stash entry is kept in case you need it again.\n');
    return 1;
  },
  branch: async (git, args) => {
    const entry = entryOf(git, args[1]);
    const base = readCommit(git.repo.objects, entry.id).parents[0]!;
    const o = parse(git, ['--index'], 'q,quiet index f,force t,track=?');
    await createAndMove(git, args[0] ?? '', base, false, o);
    return (await apply(git, entry, o)) ? drop(git, args[1], false) : 1;
  },
};
