import { stagedChanges, workChanges } from '../diff/changes.ts';
import type { Git } from '../git.ts';
import { subjectOf } from '../log/pretty.ts';
import { ancestors } from '../log/walk.ts';
import { type Options, parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { commitOf, previousBranch, resolve, shortId, treeOf } from '../revision.ts';
import { filesOf, readCommit } from '../store/commit.ts';
import { shortRef } from '../upstream.ts';
import { checkoutFile, fileNow, lstat, removeFile } from '../work/files.ts';
import { pathSet } from '../work/pathspec.ts';
import { trackingText } from '../work/status.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { checkName, track } from './branch.ts';
import { endOperation } from './commit.ts';

const common =
  'q,quiet progress t,track=? f,force ignore-other-worktrees m,merge conflict= recurse-submodules=? guess overwrite-ignore';

interface Target {
  /** As typed. */
  text: string;
  /** Set: a branch to be on. */
  branch: string | undefined;
  id: string;
}

/** A branch, or a commit to be detached at. */
function targetOf(git: Git, typed: string): Target | undefined {
  const { refs } = git.repo;
  const text =
    typed === '-'
      ? (previousBranch(git, 1) ?? '')
      : /^@\{-(\d+)\}$/.test(typed)
        ? (previousBranch(git, Number(typed.slice(3, -1))) ?? typed)
        : typed;
  if (typed === '-' && text === '') throw new Fatal('invalid reference: @{-1}');
  const own = refs.id(`refs/heads/${text}`);
  if (own) return { text, branch: text, id: own };
  const id = resolve(git, text);
  const commit = id && commitOf(git, id);
  return commit ? { text, branch: undefined, id: commit } : undefined;
}

/** The one remote that has a branch of the name. */
function remoteBranch(git: Git, name: string): string | undefined {
  const found = git.repo.refs
    .list('refs/remotes/')
    .filter(([ref]) => ref.replace(/^refs\/remotes\/[^/]+\//, '') === name);
  if (found.length === 1) return shortRef(found[0]![0]);
  if (found.length > 1) {
    git.hint(
      `If you meant to check out a remote tracking branch on, e.g. 'origin',\nyou can do so by fully qualifying the name with the --track option:\n\n    git checkout --track origin/<name>\n\nIf you'd like to always have checkouts of an ambiguous <name> prefer\none remote, e.g. the 'origin' remote, consider setting\ncheckout.defaultRemote=origin in your config.`,
    );
    throw new Fatal(`'${name}' matched multiple (${found.length}) remote tracking branches`);
  }
  return undefined;
}

export const detachedNote = (text: string): string => `Note: switching to '${text}'.

You are in 'detached HEAD' state. You can look around, make experimental
changes and commit them, and you can discard any commits you make in this
state without impacting any branches by switching back to a branch.

If you want to create a new branch to retain commits you create, you may
do so (now or later) by using -c with the switch command. Example:

  git switch -c <new-branch-name>

Or undo this operation with:

  git switch -

Turn off this advice by setting config variable advice.detachedHead to false

`;

const place = (git: Git, id: string): string =>
  `${shortId(git, id)} ${subjectOf(readCommit(git.repo.objects, id).message)}`;

interface Move {
  target: Target;
  /** A branch that is made for it. */
  made?: 'new' | 'reset';
  quiet: boolean;
  force: boolean;
  /** --detach was given. */
  detached?: boolean;
}

/** Moves the work tree and HEAD. */
async function moveTo(git: Git, move: Move): Promise<number> {
  const { repo } = git;
  const { refs } = repo;
  const { target, quiet } = move;
  const before = refs.id('HEAD');
  const was = refs.head();
  const from = was ? shortRef(was) : (before ?? '');
  if (repo.index.conflicts().size > 0 && !move.force) {
    for (const path of repo.index.conflicts().keys()) git.out(`${path}: needs merge\n`);
    git.error('you need to resolve your current index first');
    throw new Quit(1);
  }
  const old = before && treeOf(git, before);
  const now = treeOf(git, target.id);
  if (old !== now || move.force)
    await unpack(git, treeFiles(git, old), treeFiles(git, now), { action: 'checkout', force: move.force });
  else repo.saveIndex();
  const message = `checkout: moving from ${from} to ${target.branch ?? target.text}`;
  if (!quiet && !was && before && before !== target.id) leaving(git, before, target);
  if (target.branch) {
    refs.setSymbolic('HEAD', `refs/heads/${target.branch}`);
    refs.note('HEAD', before ?? '0'.repeat(40), target.id, message);
  } else refs.detach(target.id, message);
  endOperation(git);
  if (quiet) return 0;
  announceMove(git, move, was);
  return 0;
}

function announceMove(git: Git, { target, made, detached }: Move, was: string | undefined): void {
  const { branch, id, text } = target;
  if (!branch) {
    if (was && !detached && git.config.bool('advice.detachedhead', true)) git.err(detachedNote(text));
    git.err(`HEAD is now at ${place(git, id)}\n`);
  } else if (was === `refs/heads/${branch}` && !made) git.err(`Already on '${branch}'\n`);
  else
    git.err(
      `${made === 'new' ? 'Switched to a new branch' : made === 'reset' ? (was === `refs/heads/${branch}` ? 'Reset branch' : 'Switched to and reset branch') : 'Switched to branch'} '${branch}'\n`,
    );
  if (!made || made === 'reset') {
    const head = treeOf(git, id);
    const all = new Map([...stagedChanges(git, head), ...workChanges(git)].map((one) => [one.new.path, one.status]));
    for (const [path, status] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) git.out(`${status}\t${path}\n`);
  }
  const tracking = branch && !made ? trackingText(git, branch) : undefined;
  if (tracking) git.out(`${tracking}\n`);
}

/** Commits that nothing else will lead to. */
function leaving(git: Git, before: string, target: Target): void {
  const kept = ancestors(git, [target.id, ...git.repo.refs.list().flatMap(([, id]) => commitOf(git, id) ?? [])]);
  const lost = [...ancestors(git, [before])].filter((id) => !kept.has(id));
  if (lost.length === 0) {
    git.err(`Previous HEAD position was ${place(git, before)}\n`);
    return;
  }
  const shown = lost
    .slice(0, 4)
    .map((id) => `  ${place(git, id)}\n`)
    .join('');
  const more = lost.length > 4 ? ` ... and ${lost.length - 4} more.\n` : '';
  const one = lost.length === 1;
  git.err(
    `Warning: you are leaving ${lost.length} commit${one ? '' : 's'} behind, not connected to\nany of your branches:\n\n${shown}${more}\nIf you want to keep ${one ? 'it' : 'them'} by creating a new branch, this may be a good time\nto do so with:\n\n git branch <new-branch-name> ${shortId(git, before)}\n\n`,
  );
}

/** A new branch at a commit, and onto it. */
export async function createAndMove(
  git: Git,
  name: string,
  start: string | undefined,
  reset: boolean,
  o: Options,
): Promise<number> {
  const { refs } = git.repo;
  const exists = refs.id(`refs/heads/${name}`) !== undefined;
  checkName(name);
  if (exists && !reset) throw new Fatal(`a branch named '${name}' already exists`);
  const head = refs.id('HEAD');
  if (start === undefined && !head) {
    refs.setSymbolic('HEAD', `refs/heads/${name}`);
    if (!o.has('quiet')) git.err(`Switched to a new branch '${name}'\n`);
    return 0;
  }
  const target = targetOf(git, start ?? 'HEAD');
  if (!target) {
    if (start !== undefined && git.repo.objects && !resolve(git, start))
      throw new Fatal(`'${start}' is not a commit and a branch '${name}' cannot be created from it`);
    throw new Fatal(`invalid reference: ${start}`);
  }
  const message = `branch: ${exists ? 'Reset to' : 'Created from'} ${start ?? 'HEAD'}`;
  // What is in the way shows before the branch is made.
  const old = head && treeOf(git, head);
  if (old !== treeOf(git, target.id))
    await unpack(git, treeFiles(git, old), treeFiles(git, treeOf(git, target.id)), {
      action: 'checkout',
      force: o.has('force'),
    });
  const was = refs.head();
  refs.update(`refs/heads/${name}`, target.id, message);
  const rules = { track: o.off('track') ? false : o.has('track') ? true : undefined, quiet: o.has('quiet') };
  if (start !== undefined) track(git, name, start, rules);
  const from = was ? shortRef(was) : (head ?? '');
  refs.setSymbolic('HEAD', `refs/heads/${name}`);
  refs.note('HEAD', head ?? '0'.repeat(40), target.id, `checkout: moving from ${from} to ${name}`);
  if (!o.has('quiet'))
    announceMove(
      git,
      { target: { ...target, branch: name }, made: exists ? 'reset' : 'new', quiet: false, force: false },
      was,
    );
  return 0;
}

function orphan(git: Git, name: string, quiet: boolean, emptied: boolean): number {
  checkName(name);
  if (git.repo.refs.id(`refs/heads/${name}`)) throw new Fatal(`a branch named '${name}' already exists`);
  if (emptied) {
    for (const { path } of git.repo.index.entries()) {
      git.repo.index.remove(path);
      removeFile(git.repo, path);
    }
    git.repo.saveIndex();
  }
  git.repo.refs.setSymbolic('HEAD', `refs/heads/${name}`);
  if (!quiet) git.err(`Switched to a new branch '${name}'\n`);
  return 0;
}

export async function checkout(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    `${common} b= B= l d,detach orphan= 2,ours 3,theirs p,patch ignore-skip-worktree-bits overlay pathspec-from-file=`,
  );
  for (const name of ['patch', 'merge', 'pathspec-from-file'])
    if (o.has(name)) throw new Fatal(`drydock: git checkout --${name} is not simulated`);
  const { operands, dash } = o;
  git.repo.need();
  const made = o.value('b') ?? o.value('B');
  if (made !== undefined) return createAndMove(git, made, operands[0], o.has('B'), o);
  if (o.has('orphan')) return orphan(git, o.value('orphan')!, o.has('quiet'), false);
  if (o.has('track') && operands[0]) return trackAndMove(git, operands[0], o);
  if (operands.length === 0) {
    if (!git.repo.refs.id('HEAD')) throw new Fatal('You are on a branch yet to be born');
    const target = o.has('detach') ? { ...current(git), branch: undefined, text: 'HEAD' } : current(git);
    return moveTo(git, { target, quiet: o.has('quiet'), force: o.has('force'), detached: o.has('detach') });
  }
  const [first = ''] = operands;
  const tree = dash === 0 ? undefined : targetOf(git, first);
  const isPath = dash === undefined && lstat(git.sys, `${git.sys.getcwd()}/${first}`) !== undefined;
  if (tree && operands.length === 1 && dash !== 0) {
    if (isPath && dash === undefined && !tree.branch)
      throw new Fatal(
        `'${first}' could be both a local file and a tracking branch.\nPlease use -- (and optionally --no-guess) to disambiguate`,
      );
    const target = o.has('detach') ? { ...tree, branch: undefined, text: tree.text } : tree;
    return moveTo(git, { target, quiet: o.has('quiet'), force: o.has('force'), detached: o.has('detach') });
  }
  if (!tree && dash !== 0 && operands.length === 1 && !isPath && !o.off('guess')) {
    const remote = remoteBranch(git, first);
    if (remote) return createAndMove(git, first, remote, false, o);
  }
  const source = tree && dash !== 0 ? treeOf(git, tree.id) : undefined;
  const revision = source === undefined && dash !== 0 ? resolve(git, first) : undefined;
  const asTree = source ?? (revision && treeOf(git, revision));
  return checkoutPaths(git, o, asTree, asTree ? operands.slice(1) : operands, asTree && tree ? tree.id : revision);
}

const current = (git: Git): Target => {
  const head = git.repo.refs.head();
  return {
    text: head ? shortRef(head) : git.repo.refs.id('HEAD')!,
    branch: head && shortRef(head),
    id: git.repo.refs.id('HEAD')!,
  };
};

function trackAndMove(git: Git, start: string, o: Options): Promise<number> {
  const name = /^(?:refs\/)?(?:remotes\/)?[^/]+\/(.+)$/.exec(start)?.[1];
  if (!name) throw new Fatal('missing branch name; try -b');
  return createAndMove(git, name, start, false, o);
}

function checkoutPaths(
  git: Git,
  o: Options,
  tree: string | undefined,
  words: readonly string[],
  id: string | undefined,
): number {
  const { repo } = git;
  const { dash } = o;
  const paths = pathSet(git, words);
  const files = tree ? filesOf(repo.objects, tree) : undefined;
  const known = files ? [...files.keys()] : repo.index.entries().map(({ path }) => path);
  let wrong = false;
  for (const one of paths.specs) {
    if (known.some((path) => one.matches(path))) continue;
    git.error(`pathspec '${one.text}' did not match any file(s) known to git`);
    wrong = true;
  }
  if (wrong) return 1;
  let count = 0;
  const side = o.has('ours') ? 2 : o.has('theirs') ? 3 : 0;
  for (const path of [...new Set(known)].sort()) {
    if (!paths.matches(path)) continue;
    const source = files ? files.get(path)! : repo.index.get(path, repo.index.get(path) ? 0 : side);
    if (!source) {
      git.error(
        side ? `path '${path}' does not have ${side === 2 ? 'our' : 'their'} version` : `path '${path}' is unmerged`,
      );
      return 1;
    }
    const entry = repo.index.get(path);
    const staged = entry?.id === source.id && entry.mode === source.mode;
    if (staged && fileNow(repo, repo.index, entry).state === 'same') continue;
    const made = checkoutFile(repo, path, source.mode, source.id);
    if (files || entry) repo.index.set(made);
    count++;
  }
  repo.saveIndex();
  if (!o.has('quiet') && dash === undefined)
    git.err(
      `Updated ${count} path${count === 1 ? '' : 's'} from ${id ? shortId(git, treeOf(git, id) ?? id) : 'the index'}\n`,
    );
  return 0;
}

export async function switchBranch(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, `${common} c,create= C,force-create= d,detach orphan= discard-changes`);
  if (o.has('merge')) throw new Fatal('drydock: git switch --merge is not simulated');
  const { operands } = o;
  git.repo.need();
  const force = o.has('force', 'discard-changes');
  const made = o.value('create') ?? o.value('force-create');
  if (made !== undefined) return createAndMove(git, made, operands[0], o.has('force-create'), o);
  if (o.has('orphan')) return orphan(git, o.value('orphan')!, o.has('quiet'), true);
  if (operands.length === 0 && !o.has('detach')) throw new Fatal('missing branch or commit argument');
  if (operands.length > 1) throw new Fatal(`only one reference expected, ${operands.length} given.`);
  if (o.has('track')) return trackAndMove(git, operands[0]!, o);
  const target = targetOf(git, operands[0] ?? 'HEAD');
  if (!target) {
    const remote = o.off('guess') ? undefined : remoteBranch(git, operands[0]!);
    if (remote) return createAndMove(git, operands[0]!, remote, false, o);
    throw new Fatal(`invalid reference: ${operands[0]}`);
  }
  if (!target.branch && !o.has('detach')) {
    const kind = git.repo.refs.id(`refs/tags/${target.text}`)
      ? 'tag'
      : git.repo.refs.id(`refs/remotes/${target.text}`)
        ? 'remote branch'
        : 'commit';
    git.err(`fatal: a branch is expected, got ${kind} '${target.text}'\n`);
    git.hint('If you want to detach HEAD at the commit, try again with the --detach option.');
    throw new Quit(128);
  }
  return moveTo(git, {
    target: o.has('detach') ? { ...target, branch: undefined } : target,
    quiet: o.has('quiet'),
    force,
    detached: o.has('detach'),
  });
}

export function restore(git: Git, args: string[]): number {
  const o = parse(
    git,
    args,
    's,source= S,staged W,worktree ignore-unmerged overlay q,quiet recurse-submodules=? progress m,merge conflict= 2,ours 3,theirs p,patch ignore-skip-worktree-bits pathspec-from-file=',
  );
  for (const name of ['patch', 'merge', 'pathspec-from-file'])
    if (o.has(name)) throw new Fatal(`drydock: git restore --${name} is not simulated`);
  const { repo } = git;
  repo.need();
  if (o.operands.length === 0) throw new Fatal('you must specify path(s) to restore');
  const staged = o.has('staged');
  const work = o.has('worktree') || !staged;
  const wanted = o.value('source') ?? (staged ? 'HEAD' : undefined);
  const id = wanted === undefined ? undefined : resolve(git, wanted);
  if (wanted !== undefined && !id && !(wanted === 'HEAD' && staged && o.value('source') === undefined))
    throw new Fatal(`could not resolve ${wanted}`);
  if (wanted === 'HEAD' && !id) throw new Fatal(`could not resolve HEAD`);
  const files = wanted === undefined ? undefined : filesOf(repo.objects, id && treeOf(git, id));
  const paths = pathSet(git, o.operands);
  const index = repo.index.entries().map(({ path }) => path);
  const known = new Set([...(files ? files.keys() : []), ...index]);
  let wrong = false;
  for (const one of paths.specs) {
    if ([...known].some((path) => one.matches(path))) continue;
    git.error(`pathspec '${one.text}' did not match any file(s) known to git`);
    wrong = true;
  }
  if (wrong) return 1;
  const side = o.has('ours') ? 2 : o.has('theirs') ? 3 : 0;
  for (const path of [...known].sort())
    if (paths.matches(path))
      restoreOne(git, path, { source: files ? (files.get(path) ?? null) : undefined, staged, work, side });
  repo.saveIndex();
  return git.c.status;
}

function restoreOne(
  git: Git,
  path: string,
  how: { source: { mode: number; id: string } | null | undefined; staged: boolean; work: boolean; side: number },
): void {
  const { repo } = git;
  const entry = repo.index.get(path) ?? (how.side ? repo.index.get(path, how.side) : undefined);
  if (how.source === undefined && !entry) {
    git.c.status = git.error(`path '${path}' is unmerged`);
    return;
  }
  const source = how.source === undefined ? entry! : how.source;
  if (source === null) {
    if (how.work && repo.index.has(path)) removeFile(repo, path);
    if (how.staged) repo.index.remove(path);
    return;
  }
  const same = entry?.id === source.id && entry.mode === source.mode;
  const clean = same && entry.stage === 0 && fileNow(repo, repo.index, entry).state === 'same';
  const made = how.work && !clean ? checkoutFile(repo, path, source.mode, source.id) : undefined;
  if (how.staged ? !same || made || repo.index.get(path) === undefined : made && entry?.stage === 0 && same)
    repo.index.set(made ?? { path, mode: source.mode, id: source.id, stage: 0, seen: zero });
}

const zero = { ctimeSec: 0, ctimeNsec: 0, mtimeSec: 0, mtimeNsec: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
