import type { Git } from '../git.ts';
import { subjectOf } from '../log/pretty.ts';
import { isAncestor } from '../log/walk.ts';
import { type Options, parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { commitOf, fullRef, previousBranch, resolve, shortId } from '../revision.ts';
import { readCommit } from '../store/commit.ts';
import { isRefName } from '../store/refs.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { detachedText, trackingOf } from '../work/status.ts';
import { wildRegExp } from '../work/wildmatch.ts';
import { readConfigFile, setLocal, writeConfigFile } from './config.ts';
import { formatRef } from './for-each-ref.ts';

const spec =
  'v,verbose q,quiet t,track=? u,set-upstream-to= unset-upstream color=? r,remotes contains= no-contains= abbrev=? a,all d,delete D m,move M c,copy C l,list show-current create-reflog edit-description f,force merged=? no-merged=? column=? sort= points-at= i,ignore-case format= set-upstream';

export async function branch(git: Git, args: string[]): Promise<number> {
  const o = parse(git, positional(args), spec);
  const { operands } = o;
  if (o.has('color')) git.colorWish = o.value('color') !== 'never';
  if (o.off('color')) git.colorWish = false;
  void git.repo;
  if (o.has('show-current')) {
    const head = git.repo.refs.head();
    if (head) git.out(`${shortRef(head)}\n`);
    return 0;
  }
  for (const name of ['edit-description', 'copy', 'C'])
    if (o.has(name)) throw new Fatal(`drydock: git branch --${name} is not simulated`);
  if (o.has('delete', 'D')) return remove(git, o);
  if (o.has('move', 'M')) return rename(git, o);
  if (o.has('set-upstream-to')) return setUpstream(git, operands[0], o.value('set-upstream-to')!);
  if (o.has('unset-upstream')) return unsetUpstream(git, operands[0]);
  if (
    operands.length === 0 ||
    o.has('list', 'all', 'remotes', 'merged', 'no-merged', 'contains', 'no-contains', 'points-at', 'format', 'sort')
  )
    return list(git, o);
  if (operands.length > 2) throw new Fatal('too many arguments for a branch creation');
  createBranch(git, operands[0]!, operands[1] ?? 'HEAD', {
    force: o.has('force'),
    track: o.off('track') ? false : o.has('track') ? true : undefined,
    quiet: o.has('quiet'),
  });
  return 0;
}

/** `--merged COMMIT` takes the word after it. */
function positional(args: readonly string[]): string[] {
  const out = [...args];
  for (let i = 0; i < out.length; i++) {
    if (out[i] === '--') break;
    if (/^--(no-)?merged$/.test(out[i]!) && out[i + 1] && !out[i + 1]!.startsWith('-'))
      out.splice(i, 2, `${out[i]}=${out[i + 1]}`);
  }
  return out;
}

export function checkName(name: string): void {
  if (!isRefName(name) || name === 'HEAD') throw new Fatal(`'${name}' is not a valid branch name`);
}

export interface CreateRules {
  force?: boolean;
  /** Undefined: for a remote's branch, as branch.autoSetupMerge says. */
  track?: boolean | undefined;
  quiet?: boolean;
}

export function createBranch(git: Git, name: string, start: string, rules: CreateRules): void {
  const { refs } = git.repo;
  checkName(name);
  const exists = refs.id(`refs/heads/${name}`) !== undefined;
  if (exists && !rules.force) throw new Fatal(`a branch named '${name}' already exists`);
  if (exists && refs.head() === `refs/heads/${name}`)
    throw new Fatal(`cannot force update the branch '${name}' checked out at '${git.repo.workTree}'`);
  const id = resolve(git, start);
  const commit = id && commitOf(git, id);
  if (!commit)
    throw new Fatal(
      `not a valid ${id ? 'branch point' : 'object name'}: '${start === 'HEAD' && refs.head() ? shortRef(refs.head()!) : start}'`,
    );
  const shown = start === 'HEAD' && refs.head() ? shortRef(refs.head()!) : start;
  refs.update(
    `refs/heads/${name}`,
    commit,
    `branch: ${exists ? 'Reset to' : 'Created from'} ${shown === shortRef(refs.head() ?? '') && start === 'HEAD' ? shown : start}`,
  );
  track(git, name, start, rules);
}

/** Notes the upstream when a branch starts at a remote's branch, or when it is asked for. */
export function track(git: Git, name: string, start: string, { track, quiet }: CreateRules): void {
  const full = fullRef(git, start);
  const remote = full && /^refs\/remotes\/([^/]+)\/(.+)$/.exec(full);
  if (track === false || git.config.get('branch.autosetupmerge') === 'false') return;
  if (remote) configureUpstream(git, name, remote[1]!, `refs/heads/${remote[2]}`);
  else if (track && full?.startsWith('refs/heads/')) configureUpstream(git, name, '.', full);
  else {
    if (track) throw new Fatal(`cannot set up tracking information; starting point '${start}' is not a branch`);
    return;
  }
  if (!quiet) git.out(`branch '${name}' set up to track '${shortRef(full!)}'.\n`);
}

export function configureUpstream(git: Git, name: string, remote: string, merge: string): void {
  setLocal(git, `branch.${name}.remote`, remote);
  setLocal(git, `branch.${name}.merge`, merge);
  git.reread();
}

function currentOr(git: Git, name: string | undefined, to = ''): string {
  if (name !== undefined) return name;
  const head = git.repo.refs.head();
  if (!head) throw new Fatal(`could not set upstream of HEAD${to} when it does not point to any branch.`);
  return shortRef(head);
}

function setUpstream(git: Git, name: string | undefined, upstream: string): number {
  const own = currentOr(git, name, ` to ${upstream}`);
  if (!git.repo.refs.id(`refs/heads/${own}`)) throw new Fatal(`branch '${own}' does not exist`);
  const full = fullRef(git, upstream);
  if (!full) {
    git.error(`the requested upstream branch '${upstream}' does not exist`);
    git.hint(
      '\nIf you are planning on basing your work on an upstream\nbranch that already exists at the remote, you may need to\nrun "git fetch" to retrieve it.\n\nIf you are planning to push out a new local branch that\nwill track its remote counterpart, you may want to use\n"git push -u" to set the upstream config as you push.\nDisable this message with "git config advice.setUpstreamFailure false"',
    );
    throw new Quit(1);
  }
  track(git, own, upstream, { track: true });
  return 0;
}

function unsetUpstream(git: Git, name: string | undefined): number {
  const own = currentOr(git, name);
  if (!upstreamOf(git, own)) throw new Fatal(`branch '${own}' has no upstream information`);
  dropConfig(git, own, /\.(remote|merge)$/);
  return 0;
}

function dropConfig(git: Git, name: string, which = /./): void {
  const file = readConfigFile(git, `${git.repo.gitDir}/config`);
  const gone = file.entries.filter(
    ({ key }) =>
      key.startsWith(`branch.${name}.`) && !key.slice(`branch.${name}.`.length).includes('.') && which.test(key),
  );
  writeConfigFile(git, file.unset(gone));
  git.reread();
}

function remove(git: Git, o: Options): number {
  const { refs } = git.repo;
  const place = o.has('remotes') ? 'refs/remotes/' : 'refs/heads/';
  const kind = o.has('remotes') ? 'remote-tracking branch' : 'branch';
  if (o.operands.length === 0) throw new Fatal('branch name required');
  let status = 0;
  for (const typed of o.operands) {
    const name = typed === '-' ? (previousBranch(git, 1) ?? typed) : typed;
    const id = refs.id(place + name);
    if (place === 'refs/heads/' && refs.head() === place + name)
      status = git.error(`Cannot delete branch '${name}' checked out at '${git.repo.workTree}'`);
    else if (!id) status = git.error(`${kind} '${name}' not found.`);
    else if (!o.has('D', 'force', 'remotes') && !merged(git, name, id))
      status = git.error(
        `The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.`,
      );
    else {
      refs.delete(place + name);
      if (place === 'refs/heads/') dropConfig(git, name);
      if (!o.has('quiet')) git.out(`Deleted ${kind} ${name} (was ${shortId(git, id)}).\n`);
    }
  }
  return status;
}

/** Into its upstream, or into HEAD when it has none. */
function merged(git: Git, name: string, id: string): boolean {
  const { refs } = git.repo;
  const up = upstreamOf(git, name);
  const into = (up && refs.id(up.ref)) ?? refs.id('HEAD');
  const yes = into !== undefined && isAncestor(git, id, into);
  const head = refs.id('HEAD');
  if (yes && up && head && into !== head && !isAncestor(git, id, head))
    git.warn(`deleting branch '${name}' that has been merged to\n         '${up.ref}', but not yet merged to HEAD.`);
  return yes;
}

function rename(git: Git, o: Options): number {
  const { refs } = git.repo;
  const { operands } = o;
  if (operands.length === 0) throw new Fatal('branch name required');
  if (operands.length > 2) throw new Fatal('too many arguments for a rename operation');
  const head = refs.head();
  if (operands.length === 1 && !head) throw new Fatal('cannot rename the current branch while not on any.');
  const from = operands.length === 2 ? operands[0]! : shortRef(head!);
  const to = operands.at(-1)!;
  checkName(to);
  const id = refs.id(`refs/heads/${from}`);
  const current = head === `refs/heads/${from}`;
  if (!id && !current) throw new Fatal(`No branch named '${from}'.`);
  if (from !== to && refs.id(`refs/heads/${to}`) && !o.has('M', 'force'))
    throw new Fatal(`a branch named '${to}' already exists`);
  if (from === to) return 0;
  if (id) {
    const entries = refs.entries(`refs/heads/${from}`);
    refs.delete(`refs/heads/${from}`);
    refs.update(`refs/heads/${to}`, id, undefined);
    refs.setEntries(`refs/heads/${to}`, entries);
    const message = `Branch: renamed refs/heads/${from} to refs/heads/${to}`;
    refs.note(`refs/heads/${to}`, id, id, message);
    if (current) {
      refs.note('HEAD', id, '0'.repeat(40), message);
      refs.note('HEAD', '0'.repeat(40), id, message);
    }
  }
  if (current) refs.setSymbolic('HEAD', `refs/heads/${to}`);
  const file = readConfigFile(git, `${git.repo.gitDir}/config`);
  const moved = file.renameSection(`branch.${from}`, `branch.${to}`);
  if (moved) writeConfigFile(git, moved);
  return 0;
}

interface Line {
  ref: string;
  name: string;
  id: string;
  remote: boolean;
  current: boolean;
  to: string | undefined;
}

function list(git: Git, o: Options): number {
  const { refs } = git.repo;
  const head = refs.head();
  const places = [...(o.has('remotes') ? [] : ['refs/heads/']), ...(o.has('all', 'remotes') ? ['refs/remotes/'] : [])];
  const lines: Line[] = [];
  const detached = refs.id('HEAD');
  if (!head && detached && !o.has('remotes'))
    lines.push({
      ref: 'HEAD',
      name: `(${detachedText(git)})`,
      id: detached,
      remote: false,
      current: true,
      to: undefined,
    });
  for (const place of places) {
    for (const [ref, id] of refs.list(place)) {
      const raw = refs.raw(ref);
      const remote = place !== 'refs/heads/';
      const name = remote && o.has('all') && !o.has('remotes') ? ref.slice('refs/'.length) : shortRef(ref);
      lines.push({
        ref,
        name,
        id,
        remote,
        current: ref === head,
        to: raw && 'symbolic' in raw ? shortRef(raw.symbolic) : undefined,
      });
    }
  }
  const patterns = o.operands.map((text) => wildRegExp(text, true));
  const shown = sorted(git, lines, o.value('sort') ?? git.config.get('branch.sort')).filter(
    (one) =>
      (patterns.length === 0 || patterns.some((pattern) => pattern.test(shortRef(one.ref)))) && fits(git, o, one),
  );
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const format = o.value('format');
  for (const one of shown) {
    if (format !== undefined) git.out(`${formatRef(git, format, one.ref, one.id)}\n`);
    else git.out(`${lineText(git, one, o.count('verbose'), width)}\n`);
  }
  return 0;
}

function sorted(git: Git, lines: Line[], key: string | undefined): Line[] {
  if (!key) return lines;
  const down = key.startsWith('-');
  const name = key.replace(/^-/, '');
  if (!/^(refname|committerdate|authordate)$/.test(name)) throw new Fatal(`drydock: --sort=${key} is not simulated`);
  const of = (line: Line) =>
    name === 'refname'
      ? line.ref
      : readCommit(git.repo.objects, line.id)[name === 'committerdate' ? 'committer' : 'author'].sec;
  const order = (a: Line, b: Line) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0);
  return [...lines].sort((a, b) => (down ? -order(a, b) : order(a, b)));
}

function fits(git: Git, o: Options, { id }: Line): boolean {
  const at = (name: string): string | undefined => {
    if (!o.has(name)) return undefined;
    const text = o.value(name) ?? 'HEAD';
    const found = resolve(git, text);
    if (!found) throw new Fatal(`malformed object name ${text}`);
    return commitOf(git, found);
  };
  const [into, not, holds, lacks, exact] = ['merged', 'no-merged', 'contains', 'no-contains', 'points-at'].map(at);
  if (into && !isAncestor(git, id, into)) return false;
  if (not && isAncestor(git, id, not)) return false;
  if (holds && !isAncestor(git, holds, id)) return false;
  if (lacks && isAncestor(git, lacks, id)) return false;
  return !exact || exact === id;
}

function lineText(git: Git, one: Line, verbose: number, width: number): string {
  const slot = one.current ? 'branch.current' : one.remote ? 'branch.remote' : 'branch.local';
  const mark = one.current ? '* ' : '  ';
  const on = git.colored('branch');
  if (verbose === 0) return `${mark}${git.paint(slot, one.name, on)}${one.to ? ` -> ${one.to}` : ''}`;
  const name = git.paint(slot, one.name.padEnd(width), on);
  if (one.to) return `${mark}${name} -> ${one.to}`;
  const subject = subjectOf(readCommit(git.repo.objects, one.id).message);
  return `${mark}${name} ${shortId(git, one.id)}${one.remote || one.ref === 'HEAD' ? '' : trackText(git, shortRef(one.ref), verbose)} ${subject}`;
}

function trackText(git: Git, name: string, verbose: number): string {
  const found = trackingOf(git, name);
  if (!found) return '';
  const counts = [
    ...(found.ahead ? [`ahead ${found.ahead}`] : []),
    ...(found.behind ? [`behind ${found.behind}`] : []),
  ];
  const state = found.gone ? 'gone' : counts.join(', ');
  if (verbose < 2) return state ? ` [${state}]` : '';
  return ` [${git.paint('branch.upstream', found.name, git.colored('branch'))}${state ? `: ${state}` : ''}]`;
}
