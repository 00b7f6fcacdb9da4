import { isErrno } from '../../../../spec/index.ts';
import type { Git } from '../git.ts';
import { parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { gitDirAt } from '../repository.ts';
import { unseen } from '../store/index-file.ts';
import { objectId } from '../store/objects.ts';
import { fileNow, gitMode, isDirectoryMode, lstat, stageFile } from '../work/files.ts';
import { Ignore } from '../work/ignore.ts';
import { type PathSet, pathSet } from '../work/pathspec.ts';
import { untracked } from '../work/untracked.ts';

interface Wish {
  paths: PathSet;
  /** New files too. */
  more: boolean;
  /** Files that are gone leave the index. */
  less: boolean;
  verbose: boolean;
  dry: boolean;
  force: boolean;
  intent: boolean;
}

/** Brings the tracked files that the paths name into the index. */
export function updateTracked(git: Git, wish: Pick<Wish, 'paths' | 'less' | 'verbose' | 'dry'>): void {
  const { repo } = git;
  for (const entry of repo.index.entries()) {
    if (!wish.paths.matches(entry.path)) continue;
    const stat = lstat(git.sys, repo.file(entry.path));
    const mode = stat && gitMode(stat.mode);
    if (mode === undefined && !(stat && isDirectoryMode(stat.mode) && entry.mode === 0o160000)) {
      if (!wish.less) continue;
      if (wish.verbose || wish.dry) git.out(`remove '${entry.path}'\n`);
      if (!wish.dry) repo.index.remove(entry.path);
    } else if (
      mode !== undefined &&
      (entry.stage > 0 || entry.intent || fileNow(repo, repo.index, entry).state !== 'same')
    ) {
      if (wish.verbose || wish.dry) git.out(`add '${entry.path}'\n`);
      if (!wish.dry) repo.index.set(stageFile(git, entry.path, stat!));
    }
  }
}

async function addNew(git: Git, wish: Wish): Promise<void> {
  const { repo, sys } = git;
  const found = untracked(git, { collapse: false, paths: wish.paths });
  const forced = wish.force ? untracked(git, { collapse: false, paths: wish.paths, ignored: true }) : [];
  for (const path of [...found, ...forced].sort()) {
    if (path.endsWith('/')) throw new Fatal(`drydock: git add of an embedded repository (${path}) is not simulated`);
    if (wish.verbose || wish.dry) git.out(`add '${path}'\n`);
    await git.c.sys.preempt(4);
    if (wish.dry) continue;
    const stat = sys.lstat(repo.file(path));
    replaceDirectories(git, path);
    try {
      if (wish.intent)
        repo.index.set({
          path,
          id: objectId('blob', new Uint8Array()),
          mode: gitMode(stat.mode)!,
          stage: 0,
          seen: unseen,
          intent: true,
        });
      else repo.index.set(stageFile(git, path, stat));
    } catch (error) {
      if (!isErrno(error)) throw error;
      git.error(`open("${path}"): ${error.message}`);
      git.error(`unable to index file '${path}'`);
      throw new Fatal('adding files failed');
    }
  }
}

/** A file where a directory was in the index, or the other way round. */
function replaceDirectories(git: Git, path: string): void {
  for (const entry of git.repo.index.entries())
    if (entry.path.startsWith(`${path}/`) || path.startsWith(`${entry.path}/`)) git.repo.index.remove(entry.path);
}

/** Every path must name something, and nothing that is ignored. */
function checkPaths(git: Git, wish: Wish, ignoreErrors: boolean): number {
  const { repo, sys } = git;
  const tracked = repo.index.entries().map(({ path }) => path);
  const ignore = new Ignore(git);
  const ignored: string[] = [];
  for (const spec of wish.paths.specs) {
    if (spec.path === '' || tracked.some((path) => spec.matches(path))) continue;
    const stat = lstat(sys, repo.file(spec.path));
    if (stat && gitDirAt(sys, `${repo.file(spec.path)}/.git`)) continue;
    if (stat && ignore.ignored(spec.path, isDirectoryMode(stat.mode))) {
      if (!wish.force) ignored.push(spec.path);
      continue;
    }
    if (
      stat ||
      (/[*?[]/.test(spec.text) &&
        untracked(git, {
          collapse: false,
          paths: { ...wish.paths, specs: [spec], matches: spec.matches, reaches: spec.reaches },
        }).length > 0)
    )
      continue;
    if (!ignoreErrors) throw new Fatal(`pathspec '${spec.text}' did not match any files`);
  }
  if (ignored.length === 0) return 0;
  git.err(
    `The following paths are ignored by one of your .gitignore files:\n${ignored.map((path) => `${path}\n`).join('')}`,
  );
  if (git.config.bool('advice.addignoredfile', true))
    git.hint(
      'Use -f if you really want to add them.\nTurn this message off by running\n"git config advice.addIgnoredFile false"',
    );
  return 1;
}

export async function add(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'n,dry-run v,verbose i,interactive p,patch e,edit f,force u,update renormalize N,intent-to-add A,all ignore-removal refresh ignore-errors ignore-missing sparse chmod= pathspec-from-file= pathspec-file-nul',
  );
  for (const name of ['interactive', 'patch', 'edit', 'renormalize', 'pathspec-from-file'])
    if (o.has(name)) throw new Fatal(`drydock: git add --${name} is not simulated`);
  const { repo } = git;
  repo.need();
  const whole = o.has('all') || o.has('update');
  if (o.has('all') && o.has('update')) throw new Fatal("options '-A' and '-u' cannot be used together");
  if (o.operands.length === 0 && !whole) {
    git.err('Nothing specified, nothing added.\n');
    if (git.config.bool('advice.addemptypathspec', true))
      git.hint(
        'Maybe you wanted to say \'git add .\'?\nTurn this message off by running\n"git config advice.addEmptyPathspec false"',
      );
    return 0;
  }
  const wish: Wish = {
    paths: pathSet(git, o.operands),
    more: !o.has('update'),
    less: !o.has('ignore-removal') && !o.off('all'),
    verbose: o.has('verbose'),
    dry: o.has('dry-run'),
    force: o.has('force'),
    intent: o.has('intent-to-add'),
  };
  let status = checkPaths(git, wish, o.has('ignore-missing'));
  updateTracked(git, wish);
  if (wish.more) await addNew(git, wish);
  const flag = o.value('chmod');
  if (flag !== undefined) status = setModes(git, wish.paths, flag) || status;
  if (!wish.dry) repo.saveIndex();
  return status;
}

function setModes(git: Git, paths: PathSet, flag: string): number {
  if (flag !== '+x' && flag !== '-x') throw new Fatal(`--chmod param '${flag}' must be either -x or +x`);
  const { index } = git.repo;
  for (const entry of index.entries())
    if (paths.matches(entry.path)) index.set({ ...entry, mode: flag === '+x' ? 0o100755 : 0o100644 });
  return 0;
}
