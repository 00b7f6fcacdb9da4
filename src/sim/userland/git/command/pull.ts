import type { Git } from '../git.ts';
import { isAncestor } from '../log/walk.ts';
import { parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { isNamed, remoteOf } from '../remote/remotes.ts';
import { needCommit, treeOf } from '../revision.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { defaultRemote, fetchFrom } from './fetch.ts';
import { type MergeWish, mergeInto } from './merge.ts';

const divergent = `You have divergent branches and need to specify how to reconcile them.
You can do so by running one of the following commands sometime before
your next pull:

  git config pull.rebase false  # merge
  git config pull.rebase true   # rebase
  git config pull.ff only       # fast-forward only

You can replace "git config" with "git config --global" to set a default
preference for all repositories. You can also pass --rebase, --no-rebase,
or --ff-only on the command line to override the configured default per
invocation.
`;

export async function pull(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'v,verbose q,quiet progress recurse-submodules=? r,rebase=? n stat log=? signoff squash commit e,edit cleanup= ff ff-only verify verify-signatures autostash s,strategy= X,strategy-option= S,gpg-sign=? allow-unrelated-histories all a,append upload-pack= f,force t,tags p,prune j,jobs= dry-run k,keep depth= unshallow 4,ipv4 6,ipv6 set-upstream',
  );
  const { repo } = git;
  const { refs } = repo;
  repo.need();
  const [word, ...specs] = o.operands;
  const name = word ?? defaultRemote(git);
  if (repo.index.conflicts().size > 0) {
    git.error('Pulling is not possible because you have unmerged files.');
    git.hint(
      "Fix them up in the work tree, and then use 'git add/rm <file>'\nas appropriate to mark resolution and make a commit.",
    );
    throw new Fatal('Exiting because of an unresolved conflict.');
  }
  const rebase = o.has('rebase')
    ? (o.value('rebase') ?? 'true')
    : o.off('rebase')
      ? 'false'
      : (git.config.get(`branch.${shortRef(refs.head() ?? '')}.rebase`) ?? git.config.get('pull.rebase'));
  try {
    const status = await fetchFrom(git, remoteOf(git, name), {
      specs,
      tags: o.has('tags') ? true : undefined,
      prune: o.has('prune'),
      force: o.has('force'),
      dry: false,
      quiet: o.has('quiet'),
    });
    if (status !== 0) return status;
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    // The fetch is a command of its own to git: it ends with 1 whatever that ended with.
    throw new Fatal(error.message, 1);
  }
  const heads = (repo.note('FETCH_HEAD') ?? '')
    .split('\n')
    .filter((line) => line && !line.includes('\tnot-for-merge\t'));
  if (heads.length === 0) noUpstream(git, name, word !== undefined);
  const id = heads[0]!.slice(0, 40);
  const head = refs.id('HEAD');
  if (!head) {
    await unpack(git, treeFiles(git, undefined), treeFiles(git, treeOf(git, id)), { action: 'merge' });
    refs.update('HEAD', id, 'initial pull');
    return 0;
  }
  const config = git.config.get('pull.ff');
  const only = o.has('ff-only') || (!o.has('ff') && !o.off('ff') && config === 'only' && !o.has('rebase'));
  const apart = !isAncestor(git, head, id) && !isAncestor(git, id, head);
  if (apart && !o.has('ff') && !o.off('ff') && !only && rebase === undefined && config === undefined) {
    git.hint(divergent.trimEnd());
    throw new Fatal('Need to specify how to reconcile divergent branches.');
  }
  if (rebase !== undefined && rebase !== 'false' && apart && !only)
    throw new Fatal('drydock: git pull --rebase of diverged branches is not simulated');
  const wish: MergeWish = {
    ff: only ? 'only' : o.off('ff') ? 'no' : 'yes',
    squash: o.has('squash'),
    commit: !o.off('commit'),
    edit: o.has('edit') ? true : o.off('edit') ? false : undefined,
    stat: !o.has('n') && !o.off('stat'),
    quiet: o.has('quiet'),
    message: undefined,
    unrelated: o.has('allow-unrelated-histories'),
    favour: undefined,
    name: 'pull',
  };
  const what = heads[0]!.split('\t')[2]!;
  return mergeInto(git, [{ text: needCommit(git, id), id, title: what }], wish);
}

function noUpstream(git: Git, name: string, given: boolean): never {
  const head = git.repo.refs.head();
  if (!head) {
    git.err(
      'You are not currently on a branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\n',
    );
    throw new Quit(1);
  }
  const branch = shortRef(head);
  const up = upstreamOf(git, branch);
  if (given && (!up || up.remote !== name))
    git.err(
      `You asked to pull from the remote '${name}', but did not specify\na branch. Because this is not the default configured remote\nfor your current branch, you must specify a branch on the command line.\n`,
    );
  else if (!up)
    git.err(
      `There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=${isNamed(git, name) ? name : '<remote>'}/<branch> ${branch}\n\n`,
    );
  else
    git.err(
      `Your configuration specifies to merge with the ref '${up.merge}'\nfrom the remote, but no such ref was fetched.\n`,
    );
  throw new Quit(1);
}
