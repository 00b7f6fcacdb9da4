/** cherry-pick and revert: one commit's change, or its opposite, on top of HEAD. */
import { readText, writeText } from '../../packages/sys-files.ts';
import { stagedChanges } from '../diff/changes.ts';
import { cleanMessage, edited } from '../editor.ts';
import type { Git } from '../git.ts';
import { identity } from '../ident.ts';
import { subjectOf } from '../log/pretty.ts';
import { readRange } from '../log/revisions.ts';
import { walk } from '../log/walk.ts';
import { mergeTrees } from '../merge/trees.ts';
import { type Options, parse } from '../options.ts';
import { Fatal, Misuse, Quit } from '../problem.ts';
import { commitOf, shortId, treeOf } from '../revision.ts';
import { type Commit, readCommit, writeCommit, writeFiles } from '../store/commit.ts';
import { longStatus, statusOf } from '../work/status.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { announce, commit, endOperation, signed } from './commit.ts';
import { stageConflicts, writeIndexTreeOf } from './merge.ts';
import { hardReset } from './reset.ts';

type Verb = 'cherry-pick' | 'revert';

const spec =
  'quit continue abort skip cleanup= n,no-commit e,edit r s,signoff m,mainline= rerere-autoupdate strategy= X,strategy-option= S,gpg-sign=? x ff allow-empty allow-empty-message keep-redundant-commits reference';

const headFile = (verb: Verb): string => (verb === 'revert' ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD');

export const cherryPick = (git: Git, args: string[]): Promise<number> => pickAll(git, args, 'cherry-pick');
export const revert = (git: Git, args: string[]): Promise<number> => pickAll(git, args, 'revert');

async function pickAll(git: Git, args: string[], verb: Verb): Promise<number> {
  const o = parse(git, args, spec);
  const { repo } = git;
  repo.need();
  for (const name of ['gpg-sign', 'strategy', 'strategy-option', 'reference', 'ff'])
    if (o.has(name)) throw new Fatal(`drydock: git ${verb} --${name} is not simulated`);
  if (o.has('continue', 'abort', 'skip', 'quit')) return finish(git, o, verb);
  if (o.operands.length === 0) throw new Misuse('');
  const range = readRange(git, o.operands, o.operands.length);
  const ids = range.objects.map(({ text, id }) => commitOf(git, id) ?? notCommit(text));
  const list = range.dots
    ? (await walk(git, { from: ids, without: range.without })).map(({ commit }) => commit)
    : ids.map((id) => readCommit(repo.objects, id));
  const ordered = range.dots && verb === 'cherry-pick' ? list.reverse() : list;
  for (const [i, one] of ordered.entries()) {
    const status = await pick(git, o, verb, one);
    if (status === 0) continue;
    if (i < ordered.length - 1) git.err(`drydock: git ${verb} of the commits that follow is not continued\n`);
    return status;
  }
  return 0;
}

function notCommit(text: string): never {
  throw new Fatal(`bad revision '${text}'`);
}

async function pick(git: Git, o: Options, verb: Verb, one: Commit): Promise<number> {
  const { repo } = git;
  const { objects, refs } = repo;
  const head = refs.id('HEAD');
  const headTree = head && treeOf(git, head);
  if (repo.index.conflicts().size > 0) {
    git.error(`${verb === 'revert' ? 'Reverting' : 'Cherry-picking'} is not possible because you have unmerged files.`);
    git.hint(
      "Fix them up in the work tree, and then use 'git add/rm <file>'\nas appropriate to mark resolution and make a commit.",
    );
    git.err(`fatal: ${verb} failed\n`);
    throw new Quit(128);
  }
  if (!o.has('no-commit') && stagedChanges(git, headTree).length > 0) {
    git.error(`your local changes would be overwritten by ${verb}.`);
    git.hint('commit your changes or stash them to proceed.');
    git.err(`fatal: ${verb} failed\n`);
    throw new Quit(128);
  }
  const parent = parentOf(git, o, verb, one);
  const label = `${shortId(git, one.id)} (${subjectOf(one.message)})`;
  const [base, theirs, labels] =
    verb === 'revert'
      ? [one.tree, parent && treeOf(git, parent), { ours: 'HEAD', base: label, theirs: `parent of ${label}` }]
      : [parent && treeOf(git, parent), one.tree, { ours: 'HEAD', base: `parent of ${label}`, theirs: label }];
  const empty = writeFiles(objects, []);
  const ours = o.has('no-commit') ? writeIndexTreeOf(git) : (headTree ?? empty);
  const merged = mergeTrees(git, base, ours, theirs ?? empty, { labels, favour: undefined });
  await unpack(git, treeFiles(git, ours), merged.files, { action: 'merge' });
  for (const line of merged.messages) git.out(`${line}\n`);
  let message =
    verb === 'revert'
      ? `Revert "${subjectOf(one.message)}"\n\nThis reverts commit ${one.id}${one.parents.length > 1 ? `, reversing\nchanges made to ${parent}` : ''}.\n`
      : one.message;
  if (verb === 'cherry-pick' && o.has('x')) message = `${message.trimEnd()}\n\n(cherry picked from commit ${one.id})\n`;
  if (o.has('signoff')) message = signed(message, identity(git, 'committer'));
  if (merged.conflicts.length > 0) {
    stageConflicts(git, merged.conflicts);
    const paths = merged.conflicts.map(({ path }) => `#\t${path}\n`).join('');
    writeText(git.sys, `${repo.gitDir}/MERGE_MSG`, `${message}\n# Conflicts:\n${paths}`);
    if (!o.has('no-commit')) writeText(git.sys, `${repo.gitDir}/${headFile(verb)}`, `${one.id}\n`);
    git.error(
      `could not ${verb === 'revert' ? 'revert' : 'apply'} ${shortId(git, one.id)}... ${subjectOf(one.message)}`,
    );
    if (o.has('no-commit'))
      git.hint("after resolving the conflicts, mark the corrected paths\nwith 'git add <paths>' or 'git rm <paths>'");
    else
      git.hint(
        `After resolving the conflicts, mark them with\n"git add/rm <pathspec>", then run\n"git ${verb} --continue".\nYou can instead skip this commit with "git ${verb} --skip".\nTo abort and get back to the state before "git ${verb}",\nrun "git ${verb} --abort".`,
      );
    return 1;
  }
  if (o.has('no-commit')) return 0;
  const tree = writeFiles(objects, merged.files);
  if (tree === headTree && !o.has('allow-empty')) return nothingLeft(git, verb, one);
  const asks = verb === 'revert' ? !o.off('edit') && git.sys.isatty(0) : o.has('edit');
  if (asks || o.has('edit'))
    message = cleanMessage(
      await edited(
        git,
        'COMMIT_EDITMSG',
        `${message}\n# Please enter the commit message for your changes. Lines starting\n# with '#' will be ignored, and an empty message aborts the commit.\n`,
      ),
      'strip',
    );
  const author = verb === 'revert' ? identity(git, 'author') : one.author;
  const id = writeCommit(objects, {
    tree,
    parents: head ? [head] : [],
    author,
    committer: identity(git, 'committer'),
    message,
  });
  refs.update('HEAD', id, `${verb}: ${subjectOf(message)}`);
  announce(git, id, { date: true });
  return 0;
}

function parentOf(git: Git, o: Options, verb: Verb, one: Commit): string | undefined {
  const mainline = o.value('mainline');
  if (one.parents.length > 1 && mainline === undefined) {
    git.error(`commit ${one.id} is a merge but no -m option was given.`);
    git.err(`fatal: ${verb} failed\n`);
    throw new Quit(128);
  }
  if (one.parents.length < 2 && mainline !== undefined && mainline !== '1') {
    git.error(`commit ${one.id} does not have parent ${mainline}`);
    git.err(`fatal: ${verb} failed\n`);
    throw new Quit(128);
  }
  return one.parents[Number(mainline ?? 1) - 1];
}

function nothingLeft(git: Git, verb: Verb, one: Commit): number {
  if (verb === 'cherry-pick') writeText(git.sys, `${git.repo.gitDir}/CHERRY_PICK_HEAD`, `${one.id}\n`);
  const lettering = { hints: true, untracked: 'normal' as const, color: true };
  git.out(longStatus(git, statusOf(git, { untracked: 'normal' }), lettering));
  if (verb === 'cherry-pick')
    git.err(
      "The previous cherry-pick is now empty, possibly due to conflict resolution.\nIf you wish to commit it anyway, use:\n\n    git commit --allow-empty\n\nOtherwise, please use 'git cherry-pick --skip'\n",
    );
  return 1;
}

async function finish(git: Git, o: Options, verb: Verb): Promise<number> {
  const { repo } = git;
  const open = ['cherry-pick', 'revert'].some(
    (one) => readText(git.sys, `${repo.gitDir}/${headFile(one as Verb)}`) !== undefined,
  );
  if (!open) {
    git.error('no cherry-pick or revert in progress');
    git.err(`fatal: ${verb} failed\n`);
    throw new Quit(128);
  }
  if (o.has('continue')) return commit(git, ['--no-edit', '--cleanup=strip']);
  if (!o.has('quit')) await hardReset(git, repo.refs.id('HEAD'));
  endOperation(git);
  return 0;
}
