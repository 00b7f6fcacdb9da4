import type { Tree } from '../port/index.ts';
import { isErrno, textContent } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';

/** Paths of the host as its tree wants them: relative to '/'. */
export const hostPath = (absolute: string): string => absolute.replace(/^\/+/, '').replace(/\/+$/, '');

/** mkdir -p, literally (no symlink is followed). Directories that are there stay as they are. */
export function makeDirs(tree: Tree, path: string, mode = 0o755): void {
  let at = '';
  for (const part of hostPath(path).split('/').filter(Boolean)) {
    at = at ? `${at}/${part}` : part;
    if (!tree.lstat(at)) tree.mkdir(at, mode);
  }
}

export function writeText(tree: Tree, path: string, text: string, mode = 0o644): void {
  const at = hostPath(path);
  const parent = at.slice(0, Math.max(0, at.lastIndexOf('/')));
  makeDirs(tree, parent);
  tree.writeFile(at, textContent(text));
  tree.chmod(at, mode);
}

export const containerDir = (id: string): string => `/var/lib/docker/containers/${id}`;
export const logPathOf = (id: string): string => `${containerDir(id)}/${id}-json.log`;

/** Whether a path of the host leads somewhere, through links too. */
export const hostExists = (daemon: Daemon, path: string): boolean => {
  const { hostTree } = daemon.ports;
  try {
    return hostTree.lstat(hostTree.resolve(path, true)) !== undefined;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
};
