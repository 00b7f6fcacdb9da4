/** Names of commits and other objects: gitrevisions(7). */
import { parseDate } from './date.ts';
import type { Git } from './git.ts';
import { parsePerson } from './ident.ts';
import { joinPath } from './paths.ts';
import { Fatal } from './problem.ts';
import { parseTree, peel, readCommit, readTag, treeMode } from './store/commit.ts';
import { noId } from './store/objects.ts';
import { upstreamOf } from './upstream.ts';

/** Where a short name may be found, in this order. */
const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];

/** The full name of a reference that is meant by a short one. */
export function fullRef(git: Git, name: string): string | undefined {
  const { refs } = git.repo;
  if (/\.\.|[\x00-\x20~^:?*[\\]/.test(name)) return undefined;
  const top = /^(HEAD|[A-Z_]+_HEAD|refs\/.*)$/;
  for (const place of places) {
    if (place === '' && !top.test(name)) continue;
    if (refs.id(place + name)) return place + name;
  }
  const head = `refs/remotes/${name}/HEAD`;
  return refs.id(head) ? head : undefined;
}

/** The object's id; undefined when nothing has that name. */
export function resolve(git: Git, text: string): string | undefined {
  const colon = /^([^:]*):(.*)$/s.exec(text);
  if (colon && !/\{[^}]*:[^}]*$/.test(colon[1]!))
    return colon[1] === '' ? fromIndex(git, colon[2]!) : fromTree(git, colon[1]!, colon[2]!);
  const suffix = /^(.*?)((?:~\d*|\^\d*|\^\{[^}]*\}|\^!|\^@)+)$/s.exec(text);
  if (suffix) return followed(git, suffix[1]!, suffix[2]!);
  return plain(git, text);
}

function plain(git: Git, text: string): string | undefined {
  if (text === '@') return git.repo.refs.id('HEAD');
  if (text === '-') return plain(git, '@{-1}');
  const at = /^(.*)@\{(.+)\}$/s.exec(text);
  if (at) return fromLog(git, at[1]!, at[2]!);
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  const ref = fullRef(git, text);
  if (ref) return git.repo.refs.id(ref);
  const described = /-g([0-9a-f]{4,40})$/.exec(text)?.[1];
  const short = /^[0-9a-f]{4,39}$/.test(text) ? text : described;
  return short ? unique(git, short) : undefined;
}

function unique(git: Git, prefix: string): string | undefined {
  const found = git.repo.objects.matching(prefix);
  if (found.length < 2) return found[0];
  const commits = found.filter((id) => git.repo.objects.read(id)?.type === 'commit');
  if (commits.length === 1) return commits[0];
  git.err(`error: short object ID ${prefix} is ambiguous\n`);
  git.hint('The candidates are:');
  for (const id of found) git.hint(`  ${id.slice(0, 7)} ${git.repo.objects.read(id)!.type}`);
  return undefined;
}

/** `@{N}`, `@{-N}`, `@{upstream}`, `@{date}`. */
function fromLog(git: Git, name: string, what: string): string | undefined {
  const { refs } = git.repo;
  if (/^(u|upstream|push)$/i.test(what)) return fromUpstream(git, name);
  const back = /^-(\d+)$/.exec(what);
  if (back) {
    const branch = previousBranch(git, Number(back[1]));
    return branch && (refs.id(`refs/heads/${branch}`) ?? resolve(git, branch));
  }
  const full = name === '' ? refs.target('HEAD') : fullRef(git, name);
  if (!full) return undefined;
  const entries = refs.entries(full);
  if (/^\d+$/.test(what)) {
    const at = entries.length - Number(what);
    if (Number(what) === 0) return refs.id(full);
    if (at >= 1) return entries[at - 1]!.new;
    if (at === 0 && entries[0] && entries[0].old !== noId) return entries[0].old;
    throw new Fatal(
      `log for '${name || refs.target('HEAD').replace('refs/heads/', '')}' only has ${entries.length} entries`,
    );
  }
  const when = parseDate(git, what);
  if (!when) return undefined;
  return entries.findLast(({ who }) => parsePerson(who).sec <= when.sec)?.new ?? entries[0]?.new;
}

function fromUpstream(git: Git, name: string): string | undefined {
  const { refs } = git.repo;
  const branch = name === '' || name === 'HEAD' ? refs.head() : `refs/heads/${name}`;
  if (!branch) throw new Fatal('HEAD does not point to a branch');
  if (!refs.id(branch)) throw new Fatal(`no such branch: '${name}'`);
  const up = upstreamOf(git, branch.slice('refs/heads/'.length));
  if (!up) throw new Fatal(`no upstream configured for branch '${branch.slice('refs/heads/'.length)}'`);
  const id = refs.id(up.ref);
  if (!id) throw new Fatal(`upstream branch '${up.merge}' not stored as a remote-tracking branch`);
  return id;
}

/** The branch (or commit) that was left N switches ago. */
export function previousBranch(git: Git, n: number): string | undefined {
  const moves = git.repo.refs
    .entries('HEAD')
    .flatMap(({ message }) => /^checkout: moving from (\S+) to /.exec(message)?.[1] ?? []);
  return moves.at(-n);
}

function fromIndex(git: Git, rest: string): string | undefined {
  const [, stage = '0', path = ''] = /^(?:([0-3]):)?(.*)$/s.exec(rest)!;
  return git.repo.index.get(treePath(git, path), Number(stage))?.id;
}

/** `./x` and `../x` are seen from the working directory. */
const treePath = (git: Git, path: string): string =>
  /^\.\.?(\/|$)/.test(path) ? joinPath(`/${git.repo.prefix}`, path).slice(1) : path;

function fromTree(git: Git, revision: string, path: string): string | undefined {
  const id = resolve(git, revision);
  const tree = id && treeOf(git, id);
  if (!tree) return undefined;
  return findInTree(git, tree, treePath(git, path))?.id;
}

export function findInTree(git: Git, tree: string, path: string): { id: string; mode: number } | undefined {
  let found = { id: tree, mode: treeMode };
  for (const name of path.split('/').filter(Boolean)) {
    if (found.mode !== treeMode) return undefined;
    const entry = parseTree(git.repo.objects.need(found.id)).find((one) => one.name === name);
    if (!entry) return undefined;
    found = entry;
  }
  return found;
}

export function treeOf(git: Git, id: string): string | undefined {
  const { objects } = git.repo;
  if (!objects.has(id)) return undefined;
  const top = peel(objects, id);
  return top.type === 'tree' ? top.id : top.type === 'commit' ? readCommit(objects, top.id).tree : undefined;
}

/** The commit an object comes down to. */
export function commitOf(git: Git, id: string): string | undefined {
  if (!git.repo.objects.has(id)) return undefined;
  const top = peel(git.repo.objects, id);
  return top.type === 'commit' ? top.id : undefined;
}

function followed(git: Git, name: string, steps: string): string | undefined {
  let id = name === '' ? undefined : resolve(git, name);
  for (const step of steps.match(/~\d*|\^\{[^}]*\}|\^!|\^@|\^\d*/g) ?? []) {
    if (id === undefined) return undefined;
    id = oneStep(git, id, step);
  }
  return id;
}

function oneStep(git: Git, id: string, step: string): string | undefined {
  const { objects } = git.repo;
  const kind = /^\^\{(.*)\}$/.exec(step)?.[1];
  if (kind !== undefined) return asKind(git, id, kind);
  const commit = commitOf(git, id);
  if (!commit) return undefined;
  const count = step.length > 1 ? Number(step.slice(1)) : 1;
  if (step[0] === '^') return count === 0 ? commit : readCommit(objects, commit).parents[count - 1];
  let at: string | undefined = commit;
  for (let i = 0; i < count && at; i++) at = readCommit(objects, at).parents[0];
  return at;
}

function asKind(git: Git, id: string, kind: string): string | undefined {
  const { objects } = git.repo;
  if (kind === 'tree') return treeOf(git, id);
  if (kind === 'commit') return commitOf(git, id);
  if (kind === '' || kind === 'object') return kind === '' ? peel(objects, id).id : id;
  let at = id;
  for (let found = objects.read(at); found; found = objects.read(at)) {
    if (found.type === kind) return at;
    if (found.type !== 'tag') return undefined;
    at = readTag(found.bytes).object;
  }
  return undefined;
}

/** As short as the id may be written here: core.abbrev or seven digits, more where they are not enough. */
export function shortId(git: Git, id: string, wanted?: number): string {
  const setting = git.config.get('core.abbrev');
  const least = wanted ?? (setting && /^\d+$/.test(setting) ? Math.max(4, Number(setting)) : defaultLength(git));
  for (let length = least; length < 40; length++) {
    if (git.repo.objects.matching(id.slice(0, length)).length < 2) return id.slice(0, length);
  }
  return id;
}

/** More digits with many packed objects, as find_unique_abbrev counts. */
function defaultLength(git: Git): number {
  const count = git.repo.objects.packFiles().reduce((sum, pack) => sum + pack.ids().length, 0);
  return Math.max(7, count === 0 ? 0 : Math.ceil((Math.floor(Math.log2(count)) + 1) / 2));
}

export const ambiguous = (text: string): string =>
  `ambiguous argument '${text}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`;

export function needCommit(git: Git, text: string): string {
  const id = resolve(git, text);
  const commit = id && commitOf(git, id);
  if (commit) return commit;
  throw new Fatal(id && git.repo.objects.has(id) ? `not a commit: ${text}` : ambiguous(text));
}
