import { readText, removeQuietly, writeText } from '../../packages/sys-files.ts';
import { formatDate, parseDate } from '../date.ts';
import { indexFiles, treeChanges } from '../diff/changes.ts';
import { withRenames } from '../diff/renames.ts';
import { count, shortStat, summaryText } from '../diff/summary.ts';
import { cleanMessage, edited } from '../editor.ts';
import type { Git } from '../git.ts';
import { runHook } from '../hooks.ts';
import { identity, isGuessed, nowOf, type Person } from '../ident.ts';
import { subjectOf } from '../log/pretty.ts';
import { type Options, parse } from '../options.ts';
import { relativeTo } from '../paths.ts';
import { Fatal, Quit } from '../problem.ts';
import { needCommit, shortId, treeOf } from '../revision.ts';
import { type Commit, filesOf, readCommit, writeCommit, writeFiles } from '../store/commit.ts';
import { Index } from '../store/index-file.ts';
import { shortRef } from '../upstream.ts';
import { pathSet } from '../work/pathspec.ts';
import { longStatus, statusOf } from '../work/status.ts';
import { updateTracked } from './add.ts';
import { untrackedMode } from './status.ts';

const spec =
  'q,quiet v,verbose F,file= author= date= m,message= c,reedit-message= C,reuse-message= fixup= squash= reset-author trailer= s,signoff t,template= e,edit cleanup= status S,gpg-sign=? a,all i,include interactive p,patch o,only n,no-verify dry-run short branch ahead-behind porcelain long z,null amend no-post-rewrite u,untracked-files=? allow-empty allow-empty-message';

/** Writes the index as trees. */
export function writeIndexTree(git: Git): string {
  const conflicts = [...git.repo.index.conflicts()];
  if (conflicts.length > 0) {
    for (const [path] of conflicts) git.err(`${path}: unmerged (${git.repo.index.conflicts().get(path)![0]!.id})\n`);
    throw new Fatal('git-write-tree: error building trees');
  }
  return writeFiles(git.repo.objects, indexFiles(git));
}

/** The files of a state that is over. */
export function endOperation(git: Git): void {
  for (const name of [
    'MERGE_HEAD',
    'MERGE_MSG',
    'MERGE_MODE',
    'CHERRY_PICK_HEAD',
    'REVERT_HEAD',
    'SQUASH_MSG',
    'AUTO_MERGE',
  ])
    removeQuietly(git.sys, `${git.repo.gitDir}/${name}`);
}

export function refuseUnmerged(git: Git, doing: string): void {
  const paths = [...git.repo.index.conflicts().keys()];
  if (paths.length === 0) return;
  for (const path of paths) git.out(`U\t${relativeTo(git.repo.prefix, path)}\n`);
  git.error(`${doing} is not possible because you have unmerged files.`);
  git.hint(
    "Fix them up in the work tree, and then use 'git add/rm <file>'\nas appropriate to mark resolution and make a commit.",
  );
  throw new Fatal('Exiting because of an unresolved conflict.');
}

class Committing {
  readonly amend: boolean;
  readonly head: Commit | undefined;
  private readonly merging: string[];

  constructor(
    private readonly git: Git,
    readonly o: Options,
  ) {
    const { repo } = git;
    this.amend = o.has('amend');
    const id = repo.refs.id('HEAD');
    this.head = id ? readCommit(repo.objects, id) : undefined;
    this.merging = (repo.note('MERGE_HEAD') ?? '').split('\n').filter(Boolean);
    if (this.amend && !this.head) throw new Fatal('You have nothing to amend.');
    if (this.amend && this.merging.length > 0) throw new Fatal('You are in the middle of a merge -- cannot amend.');
    if (this.amend && repo.note('CHERRY_PICK_HEAD') !== undefined)
      throw new Fatal('You are in the middle of a cherry-pick -- cannot amend.');
  }

  get parents(): readonly string[] {
    if (this.amend) return this.head!.parents;
    return [...(this.head ? [this.head.id] : []), ...this.merging];
  }

  /** What the new commit is compared with. */
  get before(): string | undefined {
    const id = this.parents[0];
    return id && treeOf(this.git, id);
  }

  /** The index with the paths that are to be committed alone; the true index keeps the rest. */
  stage(): Index | undefined {
    const { git, o } = this;
    const { repo } = git;
    if (o.operands.length > 0 && o.has('all'))
      throw new Fatal(`paths '${o.operands[0]} ...' with -a does not make sense`);
    const all = pathSet(git, o.operands);
    for (const one of all.specs)
      if (!repo.index.entries().some(({ path }) => one.matches(path))) {
        git.error(`pathspec '${one.text}' did not match any file(s) known to git`);
        throw new Quit(1);
      }
    if (o.has('all') || o.operands.length > 0)
      updateTracked(git, { paths: all, less: true, verbose: false, dry: false });
    refuseUnmerged(git, 'Committing');
    if (o.operands.length === 0 || o.has('include')) return undefined;
    if (this.merging.length > 0) throw new Fatal('cannot do a partial commit during a merge.');
    const only = new Index();
    const tree = this.head?.tree;
    for (const [path, file] of filesOf(repo.objects, tree)) {
      const known = repo.index.get(path);
      if (!all.matches(path))
        only.set(known && known.id === file.id ? known : { path, ...file, stage: 0, seen: { ...zeroSeen } });
    }
    for (const entry of repo.index.entries()) if (all.matches(entry.path)) only.set(entry);
    return only;
  }

  author(): Person {
    const { git, o } = this;
    const from = o.value('reuse-message') ?? o.value('reedit-message');
    const kept = from
      ? readCommit(git.repo.objects, needCommit(git, from)).author
      : this.amend
        ? this.head!.author
        : this.picked();
    let person = kept && !o.has('reset-author') ? kept : undefined;
    const named = o.value('author');
    const date = o.value('date');
    if (named !== undefined) {
      const match = /^(.*?)\s*<([^>]*)>/.exec(named);
      if (!match) throw new Fatal(`--author '${named}' is not 'Name <email>' and matches no existing author`);
      person = { ...(person ?? { ...nowOf(git), ...envDate(git) }), name: match[1]!, email: match[2]! };
    }
    person ??= identity(git, 'author');
    if (date === undefined) return person;
    const when = date === 'now' ? nowOf(git) : parseDate(git, date);
    if (!when) throw new Fatal(`invalid date format: ${date}`);
    return { ...person, ...when };
  }

  private picked(): Person | undefined {
    const id = this.git.repo.note('CHERRY_PICK_HEAD');
    return id ? readCommit(this.git.repo.objects, id).author : undefined;
  }

  /** Before it is edited; undefined: nothing was given. */
  given(): { text: string | undefined; edit: boolean } {
    const { git, o } = this;
    const list = o.values('message');
    const file = o.value('file');
    const from = o.value('reuse-message') ?? o.value('reedit-message');
    if (list.length > 0 && file !== undefined) throw new Fatal("options '-m' and '-F' cannot be used together");
    if (list.length > 0) return { text: `${list.join('\n\n')}\n`, edit: o.has('edit') };
    if (file !== undefined) return { text: this.fileText(file), edit: o.has('edit') };
    if (from !== undefined)
      return {
        text: readCommit(git.repo.objects, needCommit(git, from)).message,
        edit: o.has('reedit-message') || o.has('edit'),
      };
    const noted = git.repo.note('MERGE_MSG') ?? git.repo.note('SQUASH_MSG');
    if (this.amend) return { text: this.head!.message, edit: !o.off('edit') };
    const template = o.value('template') ?? git.config.get('commit.template');
    if (noted !== undefined) return { text: `${noted}\n`, edit: !o.off('edit') };
    return { text: template ? (readText(git.sys, template) ?? '') : undefined, edit: true };
  }

  private fileText(file: string): string {
    const text = file === '-' ? this.stdin : readText(this.git.sys, file);
    if (text === undefined) throw new Fatal(`could not read log file '${file}': No such file or directory`);
    return text;
  }
  stdin: string | undefined;

  /** The comment below the message in the editor. */
  private guide(status: string): string {
    const author = this.author();
    const committer = identity(this.git, 'committer');
    const lines = [
      'Please enter the commit message for your changes. Lines starting',
      "with '#' will be ignored, and an empty message aborts the commit.",
      '',
      ...(author.name !== committer.name || author.email !== committer.email
        ? [`Author:    ${author.name} <${author.email}>`]
        : []),
      ...(this.amend ? [`Date:      ${formatDate(this.git, author)}`] : []),
    ];
    if (lines.at(-1) !== '') lines.push('');
    if (this.merging.length > 0)
      lines.unshift(
        '',
        'It looks like you may be committing a merge.',
        'If this is not correct, please run',
        '\tgit update-ref -d MERGE_HEAD',
        'and try again.',
        '',
        '',
      );
    const all = [...lines, ...status.replace(/\n$/, '').split('\n')];
    return `${all.map((line) => (line === '' ? '#' : line.startsWith('\t') ? `#${line}` : `# ${line}`)).join('\n')}\n`;
  }

  async message(status: () => string): Promise<string> {
    const { git, o } = this;
    const { text, edit } = this.given();
    let message = text ?? '';
    if (o.has('signoff')) message = signed(message, identity(git, 'committer'));
    const wanted = o.value('cleanup') ?? git.config.get('commit.cleanup') ?? 'default';
    const mode = wanted === 'default' ? (edit ? 'strip' : 'whitespace') : wanted;
    if (!/^(strip|whitespace|verbatim|scissors)$/.test(mode)) throw new Fatal(`Invalid cleanup mode ${wanted}`);
    const path = `${git.repo.gitDir}/COMMIT_EDITMSG`;
    writeText(git.sys, path, edit ? '' : cleanMessage(message, 'verbatim'));
    if (edit) {
      const guide = o.off('status') ? '' : this.guide(status());
      message = await edited(
        git,
        'COMMIT_EDITMSG',
        `${message}${message === '' || !message.endsWith('\n') ? '\n' : ''}${message === '' ? '' : '\n'}${guide}`,
      );
    }
    if (!o.has('no-verify')) {
      writeText(git.sys, path, message);
      if ((await runHook(git, 'commit-msg', [path.replace(`${git.repo.workTree}/`, '')])) !== 0) throw new Quit(1);
      message = readText(git.sys, path) ?? message;
    }
    const clean = cleanMessage(message, mode as 'strip');
    if (clean.trim() === '' && !o.has('allow-empty-message')) {
      git.err(edit || text !== undefined ? 'Aborting commit due to empty commit message.\n' : '');
      throw new Quit(1);
    }
    return clean;
  }

  /** Nothing would change. */
  empty(tree: string): boolean {
    if (this.o.has('allow-empty') || this.merging.length > 0) return false;
    if (this.amend && this.parents.length !== 1) return false;
    return this.before === undefined ? indexFiles(this.git).size === 0 : this.before === tree;
  }
}

const zeroSeen = { ctimeSec: 0, ctimeNsec: 0, mtimeSec: 0, mtimeNsec: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };

const envDate = (git: Git) => (git.sys.env.GIT_AUTHOR_DATE ? parseDate(git, git.sys.env.GIT_AUTHOR_DATE) : undefined);

export function signed(message: string, { name, email }: Person): string {
  const line = `Signed-off-by: ${name} <${email}>`;
  if (message.trimEnd().endsWith(line)) return message;
  const last = message.trimEnd().split('\n').at(-1) ?? '';
  return `${message.trimEnd()}\n${/^[A-Za-z-]+: /.test(last) && message.trim().includes('\n\n') ? '' : '\n'}${line}\n`;
}

export async function commit(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, spec);
  for (const name of ['fixup', 'squash', 'trailer', 'interactive', 'patch', 'gpg-sign', 'short', 'porcelain'])
    if (o.has(name)) throw new Fatal(`drydock: git commit --${name} is not simulated`);
  const { repo } = git;
  repo.need();
  const work = new Committing(git, o);
  if (o.value('file') === '-') work.stdin = new TextDecoder().decode(await git.c.readAll(0));
  // A message that cannot be had ends it before anything is looked at.
  work.given();
  const kept = repo.index;
  const only = work.stage();
  if (!o.has('no-verify') && (await hookAround(git, only)) !== 0) return 1;
  const mode = untrackedMode(git, o.value('untracked-files'), o.has('untracked-files'));
  if (only) repo.saveIndex(only);
  const lettering = { hints: true, untracked: mode, color: true, amend: work.amend };
  const found = () => statusOf(git, { untracked: mode, amend: work.amend, against: work.parents[0] });
  const tree = writeIndexTree(git);
  if (work.empty(tree) || o.has('dry-run')) {
    git.out(longStatus(git, found(), lettering));
    if (work.amend && work.empty(tree)) git.err(emptyAmend);
    if (only) repo.saveIndex(kept);
    else if (!o.has('dry-run')) repo.saveIndex();
    return work.empty(tree) ? 1 : 0;
  }
  const author = work.author();
  const committer = identity(git, 'committer');
  let message: string;
  try {
    message = await work.message(() => longStatus(git, found(), { ...lettering, color: false, forEditor: true }));
  } catch (error) {
    if (only) repo.saveIndex(kept);
    throw error;
  }
  const parents = work.parents;
  const picked = repo.note('CHERRY_PICK_HEAD') !== undefined;
  const id = writeCommit(repo.objects, { tree, parents, author, committer, message });
  repo.saveIndex(kept);
  const kind = work.amend
    ? ' (amend)'
    : parents.length === 0
      ? ' (initial)'
      : parents.length > 1
        ? ' (merge)'
        : repo.note('CHERRY_PICK_HEAD')
          ? ' (cherry-pick)'
          : '';
  repo.refs.update('HEAD', id, `commit${kind}: ${subjectOf(message)}`);
  endOperation(git);
  await runHook(git, 'post-commit');
  if (!o.has('quiet'))
    announce(git, id, {
      date: work.amend || picked || o.has('date') || o.has('reuse-message') || o.has('reedit-message'),
    });
  return 0;
}

const emptyAmend = `You asked to amend the most recent commit, but doing so would make
it empty. You can repeat your command with --allow-empty, or you can
remove the commit entirely with "git reset HEAD^".
`;

/** pre-commit sees the index that will be committed. */
async function hookAround(git: Git, only: Index | undefined): Promise<number> {
  const kept = git.repo.index;
  git.repo.saveIndex(only ?? kept);
  const status = await runHook(git, 'pre-commit');
  if (only) git.repo.saveIndex(kept);
  return status;
}

/** `[main 1a2b3c4] subject`, and what changed. */
export function announce(git: Git, id: string, { date }: { date: boolean }): void {
  const { repo } = git;
  const one = readCommit(repo.objects, id);
  const head = repo.refs.head();
  const root = one.parents.length === 0 ? ' (root-commit)' : '';
  git.out(`[${head ? shortRef(head) : 'detached HEAD'}${root} ${shortId(git, id)}] ${subjectOf(one.message)}\n`);
  const { author, committer } = one;
  if (author.name !== committer.name || author.email !== committer.email)
    git.out(` Author: ${author.name} <${author.email}>\n`);
  if (date) git.out(` Date: ${formatDate(git, author)}\n`);
  if (isGuessed(git)) git.out(` Committer: ${committer.name} <${committer.email}>\n${guessAdvice}`);
  if (one.parents.length > 1) return;
  const changes = withRenames(treeChanges(git, one.parents[0] && treeOf(git, one.parents[0]), one.tree));
  if (changes.length === 0) return;
  git.c.raw(shortStat(changes.map((change) => count(change, undefined))));
  git.c.raw(summaryText(changes));
}

const guessAdvice = `Your name and email address were configured automatically based
on your username and hostname. Please check that they are accurate.
You can suppress this message by setting them explicitly. Run the
following command and follow the instructions in your editor to edit
your configuration file:

    git config --global --edit

After doing this, you may fix the identity used for this commit with:

    git commit --amend --reset-author

`;
