import { writeText } from '../../packages/sys-files.ts';
import { workChanges } from '../diff/changes.ts';
import type { Git } from '../git.ts';
import { subjectOf } from '../log/pretty.ts';
import { parse } from '../options.ts';
import { relativeTo } from '../paths.ts';
import { Fatal, Quit } from '../problem.ts';
import { ambiguous, commitOf, resolve, shortId, treeOf } from '../revision.ts';
import { readCommit } from '../store/commit.ts';
import { unseen } from '../store/index-file.ts';
import { fileNow, lstat, removeFile } from '../work/files.ts';
import { type PathSet, pathSet } from '../work/pathspec.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { endOperation } from './commit.ts';

/** The index as a tree has it, for the paths; the work tree stays. */
export function resetIndex(git: Git, tree: string | undefined, paths?: PathSet): void {
  const { index } = git.repo;
  const files = treeFiles(git, tree);
  for (const { path } of index.entries()) if ((!paths || paths.matches(path)) && !files.has(path)) index.remove(path);
  for (const [path, { mode, id }] of files) {
    if (paths && !paths.matches(path)) continue;
    const known = index.get(path);
    if (known?.id !== id || known.mode !== mode) index.set({ path, id, mode, stage: 0, seen: unseen });
  }
  git.repo.saveIndex();
}

function isPath(git: Git, word: string): boolean {
  return (
    lstat(git.sys, `${git.sys.getcwd()}/${word}`) !== undefined ||
    git.repo.index
      .entries()
      .some(
        ({ path }) =>
          path === git.repo.prefix + word || path.startsWith(`${git.repo.prefix}${word.replace(/\/$/, '')}/`),
      )
  );
}

export async function reset(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'q,quiet no-refresh refresh mixed soft hard merge keep recurse-submodules=? p,patch N,intent-to-add pathspec-from-file=',
  );
  for (const name of ['patch', 'merge', 'keep', 'intent-to-add', 'pathspec-from-file'])
    if (o.has(name)) throw new Fatal(`drydock: git reset --${name} is not simulated`);
  const { repo } = git;
  const { refs } = repo;
  const words = [...o.operands];
  const takesRevision =
    words.length > 0 && o.dash !== 0 && (resolve(git, words[0]!) !== undefined || !isPath(git, words[0]!));
  const revision = takesRevision ? words.shift()! : 'HEAD';
  const id = resolve(git, revision);
  const unborn = revision === 'HEAD' && !refs.id('HEAD');
  if (!unborn && !(id && treeOf(git, id)))
    throw new Fatal(takesRevision ? ambiguous(revision) : `Failed to resolve '${revision}' as a valid ref.`);
  const mode = o.last('soft', 'hard', 'mixed') ?? 'mixed';
  if (words.length > 0) {
    if (mode !== 'mixed' || o.has('mixed')) {
      if (mode !== 'mixed') throw new Fatal(`Cannot do ${mode} reset with paths.`);
      git.warn("--mixed with paths is deprecated; use 'git reset -- <paths>' instead.");
    }
    resetIndex(git, id && treeOf(git, id), pathSet(git, words));
    return listUnstaged(git, o.has('quiet'));
  }
  if (mode !== 'soft') repo.need();
  const commit = unborn ? undefined : commitOf(git, id!);
  if (!unborn && !commit) throw new Fatal(`Could not parse object '${revision}'.`);
  if (mode === 'soft' && repo.index.conflicts().size > 0)
    throw new Fatal('Cannot do a soft reset in the middle of a merge.');
  const old = refs.id('HEAD');
  if (mode === 'hard') await hardReset(git, commit);
  else if (mode === 'mixed') resetIndex(git, commit && treeOf(git, commit));
  if (commit) {
    if (old) writeText(git.sys, `${repo.gitDir}/ORIG_HEAD`, `${old}\n`);
    if (old !== commit) refs.update('HEAD', commit, `reset: moving to ${revision}`);
  }
  endOperation(git);
  if (mode === 'hard' && commit && !o.has('quiet'))
    git.out(`HEAD is now at ${shortId(git, commit)} ${subjectOf(readCommit(repo.objects, commit).message)}\n`);
  return mode === 'mixed' ? listUnstaged(git, o.has('quiet')) : 0;
}

export async function hardReset(git: Git, commit: string | undefined): Promise<void> {
  const head = git.repo.refs.id('HEAD');
  await unpack(git, treeFiles(git, head && treeOf(git, head)), treeFiles(git, commit && treeOf(git, commit)), {
    action: 'checkout',
    force: true,
  });
}

function listUnstaged(git: Git, quiet: boolean): number {
  if (quiet || git.repo.workTree === undefined) return 0;
  const changes = workChanges(git);
  git.repo.saveIndex();
  if (changes.length > 0)
    git.out(
      `Unstaged changes after reset:\n${changes.map(({ status, new: now }) => `${status}\t${relativeTo(git.repo.prefix, now.path)}\n`).join('')}`,
    );
  return 0;
}

export function rm(git: Git, args: string[]): number {
  const o = parse(git, args, 'n,dry-run q,quiet cached f,force r ignore-unmatch sparse pathspec-from-file=');
  const { repo } = git;
  repo.need();
  if (o.operands.length === 0) throw new Fatal('No pathspec was given. Which files should I remove?');
  const paths = pathSet(git, o.operands);
  const all = repo.index.entries().filter(({ stage, path }) => stage === 0 || !repo.index.get(path));
  const chosen = new Set<string>();
  for (const one of paths.specs) {
    const found = all.filter(({ path }) => one.matches(path));
    if (found.length === 0 && !o.has('ignore-unmatch'))
      throw new Fatal(`pathspec '${one.text}' did not match any files`);
    const inside = found.some(({ path }) => path !== one.path);
    if (inside && !o.has('r') && !/[*?[]/.test(one.text))
      throw new Fatal(`not removing '${one.text}' recursively without -r`);
    for (const { path } of found) chosen.add(path);
  }
  const list = [...chosen].sort();
  if (!o.has('force') && refuseLoss(git, list, o.has('cached'))) return 1;
  for (const path of list) {
    if (!o.has('quiet')) git.out(`rm '${path}'\n`);
    if (o.has('dry-run')) continue;
    repo.index.remove(path);
    if (!o.has('cached')) removeFile(repo, path);
  }
  if (!o.has('dry-run')) repo.saveIndex();
  return 0;
}

/** Content that is nowhere else must not be lost. */
function refuseLoss(git: Git, list: readonly string[], cached: boolean): boolean {
  const { repo } = git;
  const head = repo.refs.id('HEAD');
  const files = treeFiles(git, head && treeOf(git, head));
  const groups: Record<'both' | 'staged' | 'local', string[]> = { both: [], staged: [], local: [] };
  for (const path of list) {
    const entry = repo.index.get(path);
    if (!entry) continue;
    const now = fileNow(repo, repo.index, entry).state;
    const local = now !== 'same' && now !== 'deleted';
    const old = files.get(path);
    const staged = !old || old.id !== entry.id || old.mode !== entry.mode;
    if (now === 'deleted') continue;
    if (local && staged && !entry.intent) groups.both.push(path);
    else if (!cached && staged) groups.staged.push(path);
    else if (!cached && local) groups.local.push(path);
  }
  const say = (paths: readonly string[], one: string, many: string, hint: string): void => {
    if (paths.length === 0) return;
    git.err(
      `error: the following file${paths.length === 1 ? ` ${one}` : `s ${many}`}:\n${paths.map((path) => `    ${path}\n`).join('')}(use ${hint} to force removal)\n`,
    );
  };
  say(
    groups.both,
    'has staged content different from both the\nfile and the HEAD',
    'have staged content different from both the\nfile and the HEAD',
    '-f',
  );
  say(
    groups.staged,
    'has changes staged in the index',
    'have changes staged in the index',
    '--cached to keep the file, or -f',
  );
  say(groups.local, 'has local modifications', 'have local modifications', '--cached to keep the file, or -f');
  return Object.values(groups).some((one) => one.length > 0);
}

export function mv(git: Git, args: string[]): number {
  const o = parse(git, args, 'v,verbose n,dry-run f,force k sparse');
  const { repo, sys } = git;
  repo.need();
  if (o.operands.length < 2) throw new Quit(usage(git));
  const to = o.operands.at(-1)!;
  const target = pathSet(git, [to]).specs[0]!.path;
  const stat = lstat(sys, repo.file(target));
  const intoDirectory = stat && (stat.mode & 0o170000) === 0o040000;
  if (o.operands.length > 2 && !intoDirectory) throw new Fatal(`destination '${to}' is not a directory`);
  const moves: [string, string][] = [];
  for (const typed of o.operands.slice(0, -1)) {
    const source = pathSet(git, [typed]).specs[0]!.path;
    const end = intoDirectory ? `${target}${target ? '/' : ''}${source.slice(source.lastIndexOf('/') + 1)}` : target;
    const why = refuseMove(git, source, end, o.has('force'), to.endsWith('/') && !intoDirectory);
    if (!why) moves.push([source, end]);
    else if (!o.has('k'))
      throw new Fatal(`${why}, source=${source}, destination=${end}${to.endsWith('/') && !intoDirectory ? '/' : ''}`);
  }
  for (const [source, end] of moves) {
    if (o.has('verbose', 'dry-run')) git.out(`Renaming ${source} to ${end}\n`);
    if (o.has('dry-run')) continue;
    sys.rename(repo.file(source), repo.file(end));
    for (const entry of repo.index.entries()) {
      if (entry.path !== source && !entry.path.startsWith(`${source}/`)) continue;
      repo.index.remove(entry.path);
      repo.index.set({ ...entry, path: end + entry.path.slice(source.length) });
    }
  }
  if (!o.has('dry-run')) repo.saveIndex();
  return 0;
}

function usage(git: Git): number {
  git.err(
    'usage: git mv [<options>] <source>... <destination>\n\n    -v, --verbose         be verbose\n    -n, --dry-run         dry run\n    -f, --force           force move/rename even if target exists\n    -k                    skip move/rename errors\n    --sparse              allow updating entries outside of the sparse-checkout cone\n\n',
  );
  return 129;
}

function refuseMove(git: Git, source: string, end: string, force: boolean, missing: boolean): string | undefined {
  const { repo, sys } = git;
  const tracked = repo.index.entries().some(({ path }) => path === source || path.startsWith(`${source}/`));
  const stat = lstat(sys, repo.file(source));
  if (!stat) return 'bad source';
  if (end.startsWith(`${source}/`)) return 'can not move directory into itself';
  if ((stat.mode & 0o170000) === 0o040000 && !tracked) return 'source directory is empty';
  if (!tracked) return 'not under version control';
  if (repo.index.has(source) && !repo.index.get(source)) return 'conflicted';
  if (missing && (stat.mode & 0o170000) !== 0o040000) return 'destination directory does not exist';
  const there = lstat(sys, repo.file(end));
  if (there && !force) return 'destination exists';
  const parent = end.includes('/') ? end.slice(0, end.lastIndexOf('/')) : '';
  if (parent && !lstat(sys, repo.file(parent)))
    throw new Fatal(`renaming '${source}' failed: No such file or directory`);
  return undefined;
}
