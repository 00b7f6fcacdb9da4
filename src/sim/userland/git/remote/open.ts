/** Another repository: on this machine, or behind plain HTTP. */
import { isErrno } from '../../../../spec/index.ts';
import { findProgram } from '../../core/find-program.ts';
import type { Git } from '../git.ts';
import { joinPath } from '../paths.ts';
import { Fatal } from '../problem.ts';
import { gitDirAt, isGitDir, type Repository } from '../repository.ts';
import { openHttp } from './http.ts';

export interface RemoteRefs {
  /** The branch its HEAD is on, in full. */
  head: string | undefined;
  /** Set also when HEAD is detached. */
  headId: string | undefined;
  refs: Map<string, string>;
}

export interface RemoteRepository {
  /** As it is shown: FETCH_HEAD, `From ...`. */
  url: string;
  refs(): RemoteRefs;
  /** Brings an object here when it is not. Undefined: not found. */
  read(id: string): Promise<{ type: 'commit' | 'tree' | 'blob' | 'tag'; bytes: Uint8Array } | undefined>;
  /** On this machine. */
  local: Repository | undefined;
  /** A path, not a file: URL: its files are linked. */
  linkable: boolean;
}

/** The directory of a repository that a path names: itself, or with .git after it or in it. */
export function repositoryAt(git: Git, path: string): string | undefined {
  const full = joinPath(git.sys.getcwd(), path);
  for (const one of [`${full}/.git`, full, `${full}.git`, `${full}.git/.git`]) {
    const dir = gitDirAt(git.sys, one);
    if (dir) return dir;
    if (isGitDir(git.sys, one)) return one;
  }
  return undefined;
}

export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
/** `user@host:path`. */
export const isSsh = (text: string): boolean => /^ssh:\/\//.test(text) || (!isUrl(text) && /^[^/:]+:/.test(text));

const noAccess =
  'Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.';

export async function openRemote(git: Git, url: string): Promise<RemoteRepository> {
  if (/^https?:\/\//i.test(url)) return openHttp(git, url);
  if (isSsh(url)) return noSsh(git);
  if (/^git:\/\//.test(url)) throw new Fatal('drydock: the git:// protocol is not simulated');
  if (isUrl(url) && !url.startsWith('file://'))
    throw new Fatal(`Unable to find remote helper for '${url.split(':')[0]}'`);
  const path = url.replace(/^file:\/\//, '');
  const dir = repositoryAt(git, path);
  if (!dir) {
    git.err(`fatal: '${path}' does not appear to be a git repository\n`);
    throw new Fatal(noAccess);
  }
  return localRemote(git, url, dir, path === url);
}

function noSsh(git: Git): never {
  try {
    findProgram(git.sys, 'ssh');
  } catch (error) {
    if (!isErrno(error)) throw error;
    git.error('cannot run ssh: No such file or directory');
    throw new Fatal('unable to fork');
  }
  git.err('drydock: ssh is not simulated\n');
  throw new Fatal(noAccess);
}

function localRemote(git: Git, url: string, dir: string, linkable: boolean): RemoteRepository {
  const workTree = dir.endsWith('/.git') ? dir.slice(0, -5) || '/' : undefined;
  let local: Repository;
  try {
    local = git.open({ gitDir: dir, workTree, prefix: '', shown: dir });
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    git.err(`fatal: ${error.message}\n`);
    throw new Fatal(noAccess);
  }
  const refs = (): RemoteRefs => {
    const list = new Map(local.refs.list().filter(([name]) => /^refs\/(heads|tags|remotes|notes|stash)/.test(name)));
    return { head: local.refs.head(), headId: local.refs.id('HEAD'), refs: list };
  };
  return { url, refs, read: async (id) => local.objects.read(id), local, linkable };
}
