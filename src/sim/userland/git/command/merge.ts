import { readText, writeText } from '../../packages/sys-files.ts';
import { indexFiles, stagedChanges, treeChanges } from '../diff/changes.ts';
import { terminalWidth } from '../diff/print.ts';
import { withRenames } from '../diff/renames.ts';
import { count, shortStat, statText, summaryText } from '../diff/summary.ts';
import { cleanMessage, edited } from '../editor.ts';
import type { Git } from '../git.ts';
import { identity } from '../ident.ts';
import { isAncestor, mergeBases } from '../log/walk.ts';
import type { Favour } from '../merge/text.ts';
import { type Conflict, type MergedTrees, mergeTrees } from '../merge/trees.ts';
import { parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { commitOf, fullRef, previousBranch, resolve, shortId, treeOf } from '../revision.ts';
import { readCommit, writeCommit, writeFiles } from '../store/commit.ts';
import { unseen } from '../store/index-file.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { commit, endOperation, refuseUnmerged } from './commit.ts';
import { hardReset } from './reset.ts';

export interface MergeWish {
  ff: 'yes' | 'no' | 'only';
  squash: boolean;
  commit: boolean;
  /** Undefined: only a person at a terminal is asked. */
  edit: boolean | undefined;
  stat: boolean;
  quiet: boolean;
  message: string | undefined;
  unrelated: boolean;
  favour: Favour;
  name: 'merge' | 'pull';
}

export interface MergeHead {
  text: string;
  id: string;
  /** `branch 'x'`, `tag 'v1'`, `commit '...'`. */
  title: string;
}

function headOf(git: Git, typed: string): MergeHead {
  const text = typed === '-' ? (previousBranch(git, 1) ?? typed) : typed;
  const id = resolve(git, text);
  const commit = id && commitOf(git, id);
  if (!commit) {
    git.err(`merge: ${typed} - not something we can merge\n`);
    throw new Quit(1);
  }
  const full = fullRef(git, text);
  const title = full?.startsWith('refs/heads/')
    ? `branch '${shortRef(full)}'`
    : full?.startsWith('refs/remotes/')
      ? `remote-tracking branch '${shortRef(full)}'`
      : full?.startsWith('refs/tags/')
        ? `tag '${shortRef(full)}'`
        : `commit '${text}'`;
  return { text, id: commit, title };
}

export async function merge(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'n stat summary log=? squash commit e,edit cleanup= ff ff-only rerere-autoupdate verify-signatures s,strategy= X,strategy-option= m,message= F,file= into-name= v,verbose q,quiet abort quit continue allow-unrelated-histories progress S,gpg-sign=? autostash overwrite-ignore signoff verify',
  );
  for (const name of ['gpg-sign', 'log', 'autostash', 'verify-signatures'])
    if (o.has(name)) throw new Fatal(`drydock: git merge --${name} is not simulated`);
  const strategy = o.value('strategy');
  if (strategy && !/^(ort|recursive|resolve)$/.test(strategy))
    throw new Fatal(`drydock: merge strategy ${strategy} is not simulated`);
  const { repo } = git;
  repo.need();
  if (o.has('abort')) return abort(git);
  if (o.has('quit')) return quit(git);
  if (o.has('continue')) return finish(git);
  refuseUnmerged(git, 'Merging');
  if (repo.note('MERGE_HEAD') !== undefined)
    throw new Fatal(
      'You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.',
    );
  const words = o.operands.length > 0 ? o.operands : [upstreamName(git)];
  if (words.length > 1) throw new Fatal('drydock: a merge of more than two branches (octopus) is not simulated');
  const option = o.value('strategy-option');
  if (option && !/^(ours|theirs)$/.test(option)) throw new Fatal(`drydock: git merge -X ${option} is not simulated`);
  const file = o.value('file');
  const message = o.has('message')
    ? `${o.values('message').join('\n\n')}\n`
    : file === undefined
      ? undefined
      : readText(git.sys, file);
  const config = git.config.get('merge.ff');
  return mergeInto(git, [headOf(git, words[0]!)], {
    ff:
      o.has('ff-only') || (config === 'only' && !o.has('ff') && !o.off('ff'))
        ? 'only'
        : o.off('ff') || (config === 'false' && !o.has('ff'))
          ? 'no'
          : 'yes',
    squash: o.has('squash'),
    commit: !o.off('commit'),
    edit: o.has('edit') ? true : o.off('edit') ? false : undefined,
    stat: !o.has('n') && !o.off('stat') && !o.off('summary') && git.config.bool('merge.stat', true),
    quiet: o.has('quiet'),
    message,
    unrelated: o.has('allow-unrelated-histories'),
    favour: option as Favour,
    name: 'merge',
  });
}

function upstreamName(git: Git): string {
  const head = git.repo.refs.head();
  const up = head && upstreamOf(git, shortRef(head));
  if (!head) throw new Fatal('No remote for the current branch.');
  if (!up) throw new Fatal('No remote for the current branch.');
  return shortRef(up.ref);
}

/** Merges one commit into HEAD. */
export async function mergeInto(git: Git, [other]: readonly [MergeHead], wish: MergeWish): Promise<number> {
  const { repo } = git;
  const { refs } = repo;
  const head = refs.id('HEAD');
  const say = (text: string) => {
    if (!wish.quiet) git.out(text);
  };
  if (!head) {
    if (wish.squash) throw new Fatal('Squash commit into empty head not supported yet');
    await unpack(git, treeFiles(git, undefined), treeFiles(git, treeOf(git, other.id)), { action: 'merge' });
    refs.update('HEAD', other.id, `initial pull`);
    return 0;
  }
  const reason = wish.name === 'pull' ? `pull${originalWords(git)}` : `merge ${other.text}`;
  if (isAncestor(git, other.id, head)) {
    say(wish.squash ? 'Already up to date. (nothing to squash)\n' : 'Already up to date.\n');
    return 0;
  }
  const bases = mergeBases(git, head, other.id);
  writeText(git.sys, `${repo.gitDir}/ORIG_HEAD`, `${head}\n`);
  if (bases[0] === head && wish.ff !== 'no') return forward(git, head, other, wish, reason);
  if (wish.ff === 'only') {
    git.hint(
      'Diverging branches can\'t be fast-forwarded, you need to either:\n\n\tgit merge --no-ff\n\nor:\n\n\tgit rebase\n\nDisable this message with "git config advice.diverging false"',
    );
    throw new Fatal('Not possible to fast-forward, aborting.');
  }
  if (bases.length === 0 && !wish.unrelated) throw new Fatal('refusing to merge unrelated histories');
  return trueMerge(git, head, other, bases, wish, reason);
}

const originalWords = (git: Git): string => {
  const words = git.c.args.slice(git.c.args.indexOf('pull') + 1);
  return words.length > 0 ? ` ${words.join(' ')}` : '';
};

async function forward(git: Git, head: string, other: MergeHead, wish: MergeWish, reason: string): Promise<number> {
  if (!wish.quiet) git.out(`Updating ${shortId(git, head)}..${shortId(git, other.id)}\n`);
  const [from, to] = [treeOf(git, head), treeOf(git, other.id)];
  await unpack(git, treeFiles(git, from), treeFiles(git, to), { action: 'merge' });
  if (!wish.quiet) git.out(`Fast-forward\n${wish.squash ? 'Squash commit -- not updating HEAD\n' : ''}`);
  if (wish.squash) squashMessage(git, head, other);
  else git.repo.refs.update('HEAD', other.id, `${reason}: Fast-forward`);
  if (wish.stat && !wish.quiet) showStat(git, from, to);
  return 0;
}

/** The index as trees, whatever it holds. */
export const writeIndexTreeOf = (git: Git): string => writeFiles(git.repo.objects, indexFiles(git));

export function showStat(git: Git, from: string | undefined, to: string | undefined): void {
  const changes = withRenames(treeChanges(git, from, to));
  const counted = changes.map((change) => count(change, undefined));
  if (changes.length === 0) return;
  git.c.raw(statText(git, counted, terminalWidth(git), undefined, undefined));
  git.c.raw(shortStat(counted));
  git.c.raw(summaryText(changes));
}

/** `Merge branch 'x' into y`: the last part is left out for master. */
function defaultMessage(git: Git, other: MergeHead): string {
  const head = git.repo.refs.head();
  const into = head ? shortRef(head) : 'HEAD';
  const hidden = git.config.getAll('merge.suppressdest');
  const plain = hidden.length > 0 ? hidden.includes(into) : into === (git.config.get('init.defaultbranch') ?? 'master');
  return `Merge ${other.title}${plain ? '' : ` into ${into}`}\n`;
}

/** Of several bases one is made by merging them. */
function baseTree(git: Git, bases: readonly string[]): { tree: string | undefined; label: string } {
  if (bases.length === 0) return { tree: undefined, label: 'empty tree' };
  let tree = treeOf(git, bases[0]!)!;
  for (const next of bases.slice(1)) {
    const below = mergeBases(git, bases[0]!, next)[0];
    const labels = { ours: 'Temporary merge branch 1', base: 'base', theirs: 'Temporary merge branch 2' };
    const merged = mergeTrees(git, below && treeOf(git, below), tree, treeOf(git, next)!, {
      labels,
      favour: undefined,
    });
    tree = writeFiles(git.repo.objects, merged.files);
  }
  return { tree, label: bases.length === 1 ? shortId(git, bases[0]!) : 'merged common ancestors' };
}

async function trueMerge(
  git: Git,
  head: string,
  other: MergeHead,
  bases: readonly string[],
  wish: MergeWish,
  reason: string,
): Promise<number> {
  const { repo } = git;
  const ours = treeOf(git, head)!;
  const dirty = stagedChanges(git, ours).map(({ new: now }) => now.path);
  if (dirty.length > 0) {
    git.err(
      `error: Your local changes to the following files would be overwritten by merge:\n${dirty.map((path) => `  ${path}`).join('')}\n`,
    );
    git.err('Merge with strategy ort failed.\n');
    return 2;
  }
  const base = baseTree(git, bases);
  const labels = { ours: 'HEAD', base: base.label, theirs: /^[0-9a-f]{40}$/.test(other.text) ? other.id : other.text };
  const merged = mergeTrees(git, base.tree, ours, treeOf(git, other.id)!, { labels, favour: wish.favour });
  try {
    await unpack(git, treeFiles(git, ours), merged.files, { action: 'merge' });
  } catch (error) {
    if (!(error instanceof Quit)) throw error;
    git.err('Merge with strategy ort failed.\n');
    return 2;
  }
  for (const line of merged.messages) if (!wish.quiet || line.startsWith('CONFLICT')) git.out(`${line}\n`);
  const message = wish.message ?? defaultMessage(git, other);
  if (merged.conflicts.length > 0) return stopAt(git, merged, other, message, wish);
  if (wish.squash) {
    squashMessage(git, head, other);
    if (!wish.quiet) git.out('Squash commit -- not updating HEAD\n');
    git.err('Automatic merge went well; stopped before committing as requested\n');
    return 0;
  }
  noteMerge(git, other, message, wish.ff === 'no');
  if (!wish.commit) {
    git.err('Automatic merge went well; stopped before committing as requested\n');
    return 0;
  }
  const text = await mergeMessage(git, message, wish);
  const tree = writeFiles(repo.objects, merged.files);
  const id = writeCommit(repo.objects, {
    tree,
    parents: [head, other.id],
    author: identity(git, 'author'),
    committer: identity(git, 'committer'),
    message: text,
  });
  repo.refs.update('HEAD', id, `${reason}: Merge made by the 'ort' strategy.`);
  endOperation(git);
  if (!wish.quiet) git.out("Merge made by the 'ort' strategy.\n");
  if (wish.stat && !wish.quiet) showStat(git, ours, tree);
  return 0;
}

async function mergeMessage(git: Git, message: string, wish: MergeWish): Promise<string> {
  const { sys } = git;
  const asked =
    wish.edit ?? (wish.message === undefined && sys.env.GIT_MERGE_AUTOEDIT !== 'no' && sys.isatty(0) && sys.isatty(1));
  if (!asked) return cleanMessage(message, 'whitespace');
  const guide =
    "# Please enter a commit message to explain why this merge is necessary,\n# especially if it merges an updated upstream into a topic branch.\n#\n# Lines starting with '#' will be ignored, and an empty message aborts\n# the commit.\n";
  const text = cleanMessage(await edited(git, 'MERGE_MSG', `${message}${guide}`), 'strip');
  if (text === '') {
    git.error('Empty commit message.');
    git.err("Not committing merge; use 'git commit' to complete the merge.\n");
    throw new Quit(1);
  }
  return text;
}

function noteMerge(git: Git, other: MergeHead, message: string, noForward: boolean): void {
  const { gitDir } = git.repo;
  writeText(git.sys, `${gitDir}/MERGE_HEAD`, `${other.id}\n`);
  writeText(git.sys, `${gitDir}/MERGE_MODE`, noForward ? 'no-ff' : '');
  writeText(git.sys, `${gitDir}/MERGE_MSG`, message);
}

/** The index with all sides of what is in conflict. */
export function stageConflicts(git: Git, conflicts: readonly Conflict[]): void {
  const { index } = git.repo;
  for (const { path, base, ours, theirs } of conflicts) {
    index.remove(path);
    [base, ours, theirs].forEach((one, i) => {
      if (one) index.set({ path, ...one, stage: i + 1, seen: unseen });
    });
  }
  git.repo.saveIndex();
}

function stopAt(git: Git, merged: MergedTrees, other: MergeHead, message: string, wish: MergeWish): number {
  stageConflicts(git, merged.conflicts);
  const list = merged.conflicts.map(({ path }) => `#\t${path}\n`).join('');
  if (wish.squash) squashMessage(git, git.repo.refs.id('HEAD')!, other);
  else noteMerge(git, other, `${message}\n# Conflicts:\n${list}`, wish.ff === 'no');
  git.out('Automatic merge failed; fix conflicts and then commit the result.\n');
  return 1;
}

function squashMessage(git: Git, head: string, other: MergeHead): void {
  const parts: string[] = [];
  for (let id: string | undefined = other.id; id && !isAncestor(git, id, head); ) {
    const one: ReturnType<typeof readCommit> = readCommit(git.repo.objects, id);
    parts.push(
      `commit ${id}\nAuthor: ${one.author.name} <${one.author.email}>\n\n${one.message.replace(/^(?=.)/gm, '    ')}`,
    );
    id = one.parents[0];
  }
  writeText(git.sys, `${git.repo.gitDir}/SQUASH_MSG`, `Squashed commit of the following:\n\n${parts.join('\n')}`);
}

async function abort(git: Git): Promise<number> {
  if (git.repo.note('MERGE_HEAD') === undefined) throw new Fatal('There is no merge to abort (MERGE_HEAD missing).');
  await hardReset(git, git.repo.refs.id('HEAD'));
  endOperation(git);
  return 0;
}

function quit(git: Git): number {
  endOperation(git);
  return 0;
}

function finish(git: Git): Promise<number> {
  if (git.repo.note('MERGE_HEAD') === undefined) throw new Fatal('There is no merge in progress (MERGE_HEAD missing).');
  return commit(git, []);
}
