import { isDirectory, listNames, makeDirectories } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { usageOf } from '../help.ts';
import { type Options, parse } from '../options.ts';
import { joinPath } from '../paths.ts';
import { Fatal } from '../problem.ts';
import { isSsh, isUrl, openRemote, type RemoteRefs, type RemoteRepository, repositoryAt } from '../remote/open.ts';
import { bring, linkObjects } from '../remote/transfer.ts';
import { commitOf, treeOf } from '../revision.ts';
import { lstat, removeTree } from '../work/files.ts';
import { treeFiles, unpack } from '../work/unpack.ts';
import { configureUpstream } from './branch.ts';
import { detachedNote } from './checkout.ts';
import { setLocal } from './config.ts';
import { firstBranch, makeRepository } from './init.ts';

const spec =
  'v,verbose q,quiet progress n,no-checkout bare mirror l,local no-hardlinks s,shared recurse-submodules=? recursive=? j,jobs= template= reference= reference-if-able= dissociate o,origin= b,branch= u,upload-pack= depth= shallow-since= shallow-exclude= single-branch tags separate-git-dir= c,config= server-option= 4,ipv4 6,ipv6 filter= also-filter-submodules remote-submodules sparse reject-shallow bundle-uri=';

/** The directory a clone goes to when none is named. */
export function humanish(url: string, bare: boolean): string {
  const path = url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/^[^/]*:(?!\/\/)/, '')
    .replace(/\/+$/, '')
    .replace(/\/\.git$/, '')
    .replace(/\/+$/, '');
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.git$/, '')
    .replace(/\.bundle$/, '')
    .replace(/[\x00-\x20]+/g, ' ')
    .trim();
  if (name === '')
    throw new Fatal(`No directory name could be guessed.\nPlease specify a directory on the command line`);
  return bare ? `${name}.git` : name;
}

export async function clone(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, spec);
  for (const name of [
    'mirror',
    'shared',
    'reference',
    'separate-git-dir',
    'filter',
    'sparse',
    'bundle-uri',
    'shallow-since',
    'template',
  ])
    if (o.has(name)) throw new Fatal(`drydock: git clone --${name} is not simulated`);
  const [url, given, more] = o.operands;
  if (url === undefined) {
    git.err('fatal: You must specify a repository to clone.\n\n');
    git.err(usageOf('clone'));
    return 129;
  }
  if (more !== undefined) {
    git.err(`fatal: Too many arguments.\n\n${usageOf('clone')}`);
    return 129;
  }
  const bare = o.has('bare');
  const shown = given ?? humanish(url, bare);
  const directory = joinPath(git.sys.getcwd(), shown);
  if (lstat(git.sys, directory) && (!isDirectory(git.sys, directory) || listNames(git.sys, directory).length > 0))
    throw new Fatal(`destination path '${shown}' already exists and is not an empty directory.`);
  const isPath = !isUrl(url) && !isSsh(url);
  if (isPath && !repositoryAt(git, url)) {
    throw new Fatal(`repository '${url}' does not exist`);
  }
  const existed = lstat(git.sys, directory) !== undefined;
  if (!o.has('quiet')) git.err(`Cloning into ${bare ? 'bare repository ' : ''}'${shown}'...\n`);
  if (isPath && o.has('depth')) git.warn('--depth is ignored in local clones; use file:// instead.');
  try {
    const source = isPath ? joinPath(git.sys.getcwd(), url) : url;
    await cloneInto(git, o, await openRemote(git, source), { url: source, directory, bare });
  } catch (error) {
    // What was begun goes again.
    if (!existed && lstat(git.sys, directory)) removeTree(git.sys, directory);
    throw error;
  }
  return 0;
}

interface Destination {
  url: string;
  directory: string;
  bare: boolean;
}

async function cloneInto(
  git: Git,
  o: Options,
  remote: RemoteRepository,
  { url, directory, bare }: Destination,
): Promise<void> {
  const { sys } = git;
  const there = remote.refs();
  if (!remote.linkable && o.has('depth')) throw new Fatal('drydock: git clone --depth is not simulated');
  const name = o.value('origin') ?? git.config.get('clone.defaultremotename') ?? 'origin';
  const gitDir = bare ? directory : `${directory}/.git`;
  const first = there.head?.slice('refs/heads/'.length) ?? firstBranch(git, true);
  makeDirectories(sys, directory, 0o777);
  makeRepository(git, { gitDir, bare, branch: first });
  sys.chdir(directory);
  git.reopen();
  setLocal(git, `remote.${name}.url`, url);
  const wanted = o.value('branch');
  const single = o.has('single-branch');
  const only = wanted ?? first;
  if (!bare)
    setLocal(
      git,
      `remote.${name}.fetch`,
      single ? `+refs/heads/${only}:refs/remotes/${name}/${only}` : `+refs/heads/*:refs/remotes/${name}/*`,
    );
  for (const pair of o.values('config')) setLocal(git, pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1));
  git.reread();
  if (remote.local && remote.linkable) linkObjects(git, `${remote.local.gitDir}/objects`, `${gitDir}/objects`);
  else await bring(git, remote, git.repo.objects, [...there.refs.values(), ...(there.headId ? [there.headId] : [])]);
  git.repo.objects.reload();
  keepRefs(git, there, { name, bare, only: single ? only : undefined, tags: !o.off('tags') });
  const chosen = chooseHead(git, there, wanted, name);
  const empty = there.refs.size === 0 && !there.headId;
  if (empty) git.warn('You appear to have cloned an empty repository.');
  if (!o.has('quiet') && remote.local && remote.linkable) git.err('done.\n');
  if (empty) {
    if (!bare) configureUpstream(git, first, name, `refs/heads/${first}`);
    return;
  }
  await land(git, o, chosen, { name, bare, url });
}

interface Kept {
  name: string;
  bare: boolean;
  /** --single-branch. */
  only: string | undefined;
  tags: boolean;
}

function keepRefs(git: Git, there: RemoteRefs, { name, bare, only, tags }: Kept): void {
  const list: [string, string][] = [];
  for (const [ref, id] of there.refs) {
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (branch && (only === undefined || branch === only))
      list.push([bare ? ref : `refs/remotes/${name}/${branch}`, id]);
    else if (ref.startsWith('refs/tags/') && tags && (only === undefined || git.repo.objects.has(id)))
      list.push([ref, id]);
  }
  if (list.length > 0) git.repo.refs.writePacked(list.sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Chosen {
  branch: string | undefined;
  id: string | undefined;
}

/** The branch HEAD is on; of a detached one, a branch that is where it is. */
function headBranch(git: Git, { head, headId, refs }: RemoteRefs): string | undefined {
  if (head || !headId) return head;
  const usual = [git.config.get('init.defaultbranch') ?? 'master', 'master'].map((name) => `refs/heads/${name}`);
  const all = [...usual, ...[...refs.keys()].filter((ref) => ref.startsWith('refs/heads/'))];
  return all.find((ref) => refs.get(ref) === headId);
}

function chooseHead(git: Git, there: RemoteRefs, wanted: string | undefined, name: string): Chosen {
  if (wanted === undefined) {
    const branch = headBranch(git, there)?.slice('refs/heads/'.length);
    return { branch, id: there.headId };
  }
  const id = there.refs.get(`refs/heads/${wanted}`);
  if (id) return { branch: wanted, id };
  const tag = there.refs.get(`refs/tags/${wanted}`);
  if (!tag) throw new Fatal(`Remote branch ${wanted} not found in upstream ${name}`);
  return { branch: undefined, id: commitOf(git, tag) };
}

async function land(
  git: Git,
  o: Options,
  { branch, id }: Chosen,
  { name, bare, url }: { name: string; bare: boolean; url: string },
): Promise<void> {
  const { refs } = git.repo;
  const message = `clone: from ${url}`;
  if (bare) {
    if (branch) refs.setSymbolic('HEAD', `refs/heads/${branch}`);
    return;
  }
  const remoteHead = branch && refs.id(`refs/remotes/${name}/${branch}`);
  if (remoteHead) refs.setSymbolic(`refs/remotes/${name}/HEAD`, `refs/remotes/${name}/${branch}`, message);
  if (!id) {
    git.warn('remote HEAD refers to nonexistent ref, unable to checkout');
    return;
  }
  if (branch) {
    refs.setSymbolic('HEAD', `refs/heads/${branch}`);
    refs.update('HEAD', id, message);
    configureUpstream(git, branch, name, `refs/heads/${branch}`);
  } else {
    refs.detach(id, message);
    if (!o.has('quiet') && git.config.bool('advice.detachedhead', true)) git.err(detachedNote(id));
  }
  if (o.has('no-checkout')) return;
  await unpack(git, treeFiles(git, undefined), treeFiles(git, treeOf(git, id)), { action: 'checkout' });
  if (lstat(git.sys, git.repo.file('.gitmodules')) && o.has('recurse-submodules', 'recursive'))
    git.err('drydock: submodules are not simulated\n');
}
