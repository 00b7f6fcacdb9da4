/** The state of the work tree in words: `git status`, and what commit says when there is nothing to commit. */
import { type FileChange, stagedChanges, workChanges } from '../diff/changes.ts';
import { withRenames } from '../diff/renames.ts';
import type { Git } from '../git.ts';
import { ancestors } from '../log/walk.ts';
import { quotePath, relativeTo } from '../paths.ts';
import { commitOf, fullRef, shortId, treeOf } from '../revision.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import type { PathSet } from './pathspec.ts';
import { untracked } from './untracked.ts';

export type UntrackedMode = 'no' | 'normal' | 'all';

export interface Status {
  staged: FileChange[];
  /** Not staged. */
  changed: FileChange[];
  /** Path -> two letters as --short shows them. */
  unmerged: Map<string, string>;
  untracked: string[];
  ignored: string[];
  initial: boolean;
}

export interface StatusRules {
  untracked: UntrackedMode;
  ignored?: boolean;
  paths?: PathSet;
  /** Against which commit: HEAD, or its parent when it is amended. */
  against?: string | undefined;
  amend?: boolean;
}

const conflictLetters: Readonly<Record<string, string>> = {
  1: 'DD',
  2: 'AU',
  3: 'UA',
  12: 'UD',
  13: 'DU',
  23: 'AA',
  123: 'UU',
};

export function statusOf(git: Git, rules: StatusRules): Status {
  const { repo } = git;
  repo.need();
  const head = rules.amend ? rules.against : repo.refs.id('HEAD');
  const tree = head && treeOf(git, head);
  const renames = git.config.get('status.renames') !== 'false' && git.config.get('diff.renames') !== 'false';
  const found = (list: FileChange[]) => (renames ? withRenames(list) : list).filter(({ status }) => status !== 'U');
  const unmerged = new Map<string, string>();
  for (const [path, entries] of repo.index.conflicts()) {
    if (!rules.paths || rules.paths.matches(path))
      unmerged.set(path, conflictLetters[entries.map(({ stage }) => stage).join('')]!);
  }
  const walkRules = { collapse: rules.untracked !== 'all', ...(rules.paths && { paths: rules.paths }) };
  return {
    staged: found(stagedChanges(git, tree, rules.paths)),
    changed: found(workChanges(git, rules.paths)),
    unmerged,
    untracked: rules.untracked === 'no' ? [] : untracked(git, walkRules),
    ignored: rules.ignored ? untracked(git, { ...walkRules, ignored: true }) : [],
    initial: head === undefined,
  };
}

const changeLabels: Readonly<Record<string, string>> = {
  A: 'new file:',
  C: 'copied:',
  D: 'deleted:',
  M: 'modified:',
  R: 'renamed:',
  T: 'typechange:',
};

const conflictLabels: Readonly<Record<string, string>> = {
  DD: 'both deleted:',
  AU: 'added by us:',
  UD: 'deleted by them:',
  UA: 'added by them:',
  DU: 'deleted by us:',
  AA: 'both added:',
  UU: 'both modified:',
};

export interface Lettering {
  hints: boolean;
  untracked: UntrackedMode;
  /** A comment in an editor: every line after `#`. */
  color: boolean;
  amend?: boolean;
  /** What follows the lists (nothing to commit ...) is left out. */
  forEditor?: boolean;
}

/** Long, as git status prints it. */
export function longStatus(git: Git, status: Status, how: Lettering): string {
  return new Page(git, status, how).text();
}

class Page {
  private out = '';
  private readonly merging: boolean;

  constructor(
    private readonly git: Git,
    private readonly status: Status,
    private readonly how: Lettering,
  ) {
    const { repo } = git;
    this.merging = ['MERGE_HEAD', 'CHERRY_PICK_HEAD'].some((name) => repo.note(name) !== undefined);
  }

  text(): string {
    this.branch();
    this.progress();
    const { initial } = this.status;
    if (initial) this.line('', 'No commits yet', '');
    this.staged();
    this.unmerged();
    this.changed();
    this.others('Untracked files:', 'git add <file>...', 'include in what will be committed', this.status.untracked);
    this.others('Ignored files:', 'git add -f <file>...', 'include in what will be committed', this.status.ignored);
    if (this.how.untracked === 'no' && this.committable())
      this.line(`Untracked files not listed${this.how.hints ? ' (use -u option to show untracked files)' : ''}`);
    if (!this.how.forEditor) this.end();
    return this.out;
  }

  private line(...lines: string[]): void {
    for (const line of lines) this.out += `${line}\n`;
  }
  private hint(text: string): void {
    if (this.how.hints) this.line(`  (${text})`);
  }
  private paint(slot: string, text: string): string {
    return this.how.color ? this.git.paint(slot, text, this.git.colored('status')) : text;
  }

  private branch(): void {
    const { git } = this;
    const head = git.repo.refs.head();
    if (head) {
      this.line(`On branch ${this.paint('status.branch', shortRef(head))}`);
      const tracking = this.status.initial ? undefined : trackingText(git, shortRef(head), this.how.hints);
      if (tracking) this.line(tracking, '');
      return;
    }
    this.line(this.paint('status.nobranch', detachedText(git)));
  }

  private progress(): void {
    const { repo } = this.git;
    const open = this.status.unmerged.size > 0;
    const pick = repo.note('CHERRY_PICK_HEAD');
    const revert = repo.note('REVERT_HEAD');
    if (repo.note('MERGE_HEAD') !== undefined) {
      if (open) {
        this.line('You have unmerged paths.');
        this.hint('fix conflicts and run "git commit"');
        this.hint('use "git merge --abort" to abort the merge');
      } else {
        this.line('All conflicts fixed but you are still merging.');
        this.hint('use "git commit" to conclude merge');
      }
      this.line('');
    } else if (pick !== undefined || revert !== undefined) {
      const [verb, word] = pick !== undefined ? ['cherry-picking', 'cherry-pick'] : ['reverting', 'revert'];
      this.line(`You are currently ${verb} commit ${shortId(this.git, (pick ?? revert)!)}.`);
      this.hint(
        open ? `fix conflicts and run "git ${word} --continue"` : `all conflicts fixed: run "git ${word} --continue"`,
      );
      this.hint(`use "git ${word} --skip" to skip this patch`);
      this.hint(`use "git ${word} --abort" to cancel the ${word} operation`);
      this.line('');
    }
  }

  private path(path: string): string {
    return quotePath(relativeTo(this.git.repo.prefix, path));
  }

  private change(slot: string, one: FileChange): void {
    const name =
      one.status === 'R' ? `${this.path(one.old.path)} -> ${this.path(one.new.path)}` : this.path(one.new.path);
    this.line(`\t${this.paint(slot, changeLabels[one.status]!.padEnd(12) + name)}`);
  }

  private staged(): void {
    if (this.status.staged.length === 0) return;
    this.line('Changes to be committed:');
    if (this.how.amend) this.hint(`use "git restore --source=HEAD^1 --staged <file>..." to unstage`);
    else if (!this.merging)
      this.hint(
        this.status.initial
          ? 'use "git rm --cached <file>..." to unstage'
          : 'use "git restore --staged <file>..." to unstage',
      );
    for (const one of this.status.staged) this.change('status.added', one);
    this.line('');
  }

  private unmerged(): void {
    const list = [...this.status.unmerged];
    if (list.length === 0) return;
    this.line('Unmerged paths:');
    if (!this.merging && !this.status.initial) this.hint('use "git restore --staged <file>..." to unstage');
    const both = list.some(([, letters]) => letters === 'DD');
    const other = list.some(([, letters]) => !['DD', 'AA', 'UU'].includes(letters));
    const rest = list.some(([, letters]) => ['AA', 'UU'].includes(letters));
    if (other || (both && rest)) this.hint('use "git add/rm <file>..." as appropriate to mark resolution');
    else this.hint(both ? 'use "git rm <file>..." to mark resolution' : 'use "git add <file>..." to mark resolution');
    for (const [path, letters] of list)
      this.line(`\t${this.paint('status.unmerged', conflictLabels[letters]!.padEnd(17) + this.path(path))}`);
    this.line('');
  }

  private changed(): void {
    const { changed } = this.status;
    if (changed.length === 0) return;
    const gone = changed.some(({ status }) => status === 'D');
    this.line('Changes not staged for commit:');
    this.hint(`use "git add${gone ? '/rm' : ''} <file>..." to update what will be committed`);
    this.hint('use "git restore <file>..." to discard changes in working directory');
    for (const one of changed) this.change('status.changed', one);
    this.line('');
  }

  private others(title: string, command: string, aim: string, paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.line(title);
    this.hint(`use "${command}" to ${aim}`);
    for (const path of paths) this.line(`\t${this.paint('status.untracked', this.path(path))}`);
    this.line('');
  }

  private committable(): boolean {
    return (
      this.status.staged.length > 0 ||
      (this.git.repo.note('MERGE_HEAD') !== undefined && this.status.unmerged.size === 0)
    );
  }

  private end(): void {
    if (this.committable()) return;
    const { changed, unmerged, initial } = this.status;
    const hint = (text: string) => (this.how.hints ? ` (${text})` : '');
    if (this.how.amend) this.line('No changes');
    else if (changed.length > 0 || unmerged.size > 0)
      this.line(`no changes added to commit${hint('use "git add" and/or "git commit -a"')}`);
    else if (this.status.untracked.length > 0)
      this.line(`nothing added to commit but untracked files present${hint('use "git add" to track')}`);
    else if (initial) this.line(`nothing to commit${hint('create/copy files and use "git add" to track')}`);
    else if (this.how.untracked === 'no') this.line(`nothing to commit${hint('use -u to show untracked files')}`);
    else this.line('nothing to commit, working tree clean');
  }
}

/** `HEAD detached at v1`: where the last checkout went, if HEAD is still there. */
export function detachedText(git: Git): string {
  const { refs } = git.repo;
  const move = refs.entries('HEAD').findLast(({ message }) => message.startsWith('checkout: moving from '));
  if (!move) return 'Not currently on any branch.';
  const target = / to (\S+)$/.exec(move.message)?.[1] ?? '';
  // A branch, tag or remote branch keeps its name; what is relative to one does not.
  const named = fullRef(git, target);
  const shown =
    named && named !== 'HEAD' && commitOf(git, refs.id(named)!) === move.new ? shortRef(named) : shortId(git, move.new);
  return `HEAD detached ${refs.id('HEAD') === move.new ? 'at' : 'from'} ${shown}`;
}

export interface Tracking {
  /** origin/main */
  name: string;
  gone: boolean;
  ahead: number;
  behind: number;
}

export function trackingOf(git: Git, branch: string): Tracking | undefined {
  const up = upstreamOf(git, branch);
  if (!up) return undefined;
  const { refs } = git.repo;
  const [own, other] = [refs.id(`refs/heads/${branch}`), refs.id(up.ref)];
  const name = shortRef(up.ref);
  if (!other || !own) return { name, gone: !other, ahead: 0, behind: 0 };
  const [here, there] = [ancestors(git, [own]), ancestors(git, [other])];
  const only = (a: Set<string>, b: Set<string>) => [...a].filter((id) => !b.has(id)).length;
  return { name, gone: false, ahead: only(here, there), behind: only(there, here) };
}

const commits = (n: number): string => `${n} commit${n === 1 ? '' : 's'}`;

export function trackingText(git: Git, branch: string, hints = true): string | undefined {
  const found = trackingOf(git, branch);
  if (!found) return undefined;
  const { name, gone, ahead, behind } = found;
  const hint = (text: string) => (hints ? `\n  (${text})` : '');
  if (gone)
    return `Your branch is based on '${name}', but the upstream is gone.${hint('use "git branch --unset-upstream" to fixup')}`;
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${name}'.`;
  if (behind === 0)
    return `Your branch is ahead of '${name}' by ${commits(ahead)}.${hint('use "git push" to publish your local commits')}`;
  if (ahead === 0)
    return `Your branch is behind '${name}' by ${commits(behind)}, and can be fast-forwarded.${hint('use "git pull" to update your local branch')}`;
  return `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.${hint('use "git pull" to merge the remote branch into yours')}`;
}

/** Two letters and a path a line, as --short and --porcelain print. */
export function shortStatus(
  git: Git,
  status: Status,
  how: { zero: boolean; relative: boolean; branch: boolean; color: boolean },
): string {
  const letters = new Map<string, { x: string; y: string; from?: string }>();
  const at = (path: string) => letters.get(path) ?? letters.set(path, { x: ' ', y: ' ' }).get(path)!;
  for (const one of status.staged)
    Object.assign(at(one.new.path), { x: one.status, ...(one.status === 'R' && { from: one.old.path }) });
  for (const one of status.changed) at(one.new.path).y = one.status;
  for (const [path, two] of status.unmerged) letters.set(path, { x: two[0]!, y: two[1]! });
  const paint = (slot: string, text: string) =>
    how.color && text !== ' ' ? git.paint(slot, text, git.colored('status')) : text;
  const name = (path: string) =>
    how.zero ? path : quotePath(how.relative ? relativeTo(git.repo.prefix, path) : path, true);
  const end = how.zero ? '\0' : '\n';
  let out = how.branch ? `${branchLine(git, status, paint)}${end}` : '';
  for (const [path, { x, y, from }] of [...letters].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const both = status.unmerged.has(path);
    const pair = both ? paint('status.unmerged', x + y) : paint('status.added', x) + paint('status.changed', y);
    const text = from === undefined ? name(path) : how.zero ? `${path}\0${from}` : `${name(from)} -> ${name(path)}`;
    out += `${pair} ${text}${end}`;
  }
  for (const path of status.untracked) out += `${paint('status.untracked', '??')} ${name(path)}${end}`;
  for (const path of status.ignored) out += `${paint('status.untracked', '!!')} ${name(path)}${end}`;
  return out;
}

function branchLine(git: Git, status: Status, paint: (slot: string, text: string) => string): string {
  const head = git.repo.refs.head();
  if (!head) return `## ${paint('status.nobranch', 'HEAD (no branch)')}`;
  const branch = shortRef(head);
  const start = `## ${status.initial ? 'No commits yet on ' : ''}${paint('status.localbranch', branch)}`;
  const found = trackingOf(git, branch);
  if (!found) return start;
  const parts = [
    ...(found.ahead ? [`ahead ${paint('status.localbranch', String(found.ahead))}`] : []),
    ...(found.behind ? [`behind ${paint('status.remotebranch', String(found.behind))}`] : []),
  ];
  const rest = found.gone ? ['gone'] : parts;
  return `${start}...${paint('status.remotebranch', found.name)}${rest.length ? ` [${rest.join(', ')}]` : ''}`;
}
